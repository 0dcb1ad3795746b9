"""The line that arXiv prints up the side of a paper's first page: which paper, version, category and day it is."""

from __future__ import annotations

import re

from extractors.documents.characters import Characters
from extractors.documents.model import Stamp
from extractors.facts.ids import ArxivId

_STAMP = re.compile(
    r"arXiv:(?:(?P<id>(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})v\d+)|submit/(?P<submission>\d+))"
    r"\s*\[(?P<category>[\w.-]+)\]\s*(?P<date>\d{1,2}\s*\w{3}\s*\d{4})"
)


def stamp_in(turned: Characters) -> Stamp | None:
    """The stamp in the turned text of a first page."""
    found = _STAMP.search(turned.text)
    if not found:
        return None
    id_ = ArxivId.parse(found["id"]) if found["id"] else None
    return Stamp(id_, found["submission"] or "", found["category"], found["date"])


def is_stamp(text: str) -> bool:
    """Whether a line is such a stamp, and so no text of the paper."""
    return bool(_STAMP.search(text))
