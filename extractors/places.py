"""Which part of a paper a paragraph stands in, as features: a fact is cited where a paper reports it in full.

Introductions and conclusions repeat what another section tells with its circumstances, and the abstract repeats both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from extractors.documents.model import Paragraph

_ASIDE = re.compile(
    r"\b(?:introduction|conclu\w+|discussion|related works?|background|overview|summary|limitations?|future)\b",
    re.IGNORECASE,
)
_DISTANCES = (("in_table", -1.0), ("in_abstract", 1.0), ("in_passing", 1.0))


def place_of(paragraph: Paragraph) -> dict[str, float]:
    """The features of a paragraph's place, each 0 or 1."""
    said = {
        "in_abstract": paragraph.region in ("front", "abstract"),
        "in_appendix": paragraph.region == "appendix",
        "in_caption": paragraph.kind == "caption",
        "in_footnote": paragraph.kind == "footnote",
        "in_passing": bool(_ASIDE.search(paragraph.section)),
        "in_table": False,
    }
    return {name: float(value) for name, value in said.items()}


def remoteness(features: Mapping[str, float]) -> tuple[float, ...]:
    """How far a place is from where a paper reports in full: a table is nearest, the abstract farthest."""
    return tuple(sign * features.get(name, 0.0) for name, sign in _DISTANCES)
