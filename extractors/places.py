"""Which part of a paper a paragraph stands in, as features: a fact is cited where a paper reports it in full.

Introductions and conclusions repeat what another section tells with its circumstances, and the abstract repeats both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from extractors.documents.model import Document, Paragraph, Table

_ASIDE = re.compile(
    r"\b(?:introduction|conclu\w+|discussion|related works?|background|overview|summary|limitations?|future)\b",
    re.IGNORECASE,
)
_ASIDES = ("in_abstract", "in_passing", "in_appendix")
"""From what is farthest from a full report."""


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


def place_of_table(document: Document, table: Table) -> dict[str, float]:
    """The features of a table's place, told by the text on its page: a float has no section of its own."""
    around = [place_of(paragraph) for paragraph in document.paragraphs if _is_text_on(table.page, paragraph)]
    aside = bool(around) and all(place["in_abstract"] or place["in_passing"] for place in around)
    behind = bool(around) and all(place["in_appendix"] for place in around)
    return {"in_passing": float(aside), "in_appendix": float(behind), "in_table": 1.0}


def _is_text_on(page: int, paragraph: Paragraph) -> bool:
    words = paragraph.words
    return paragraph.kind == "text" and words[0].box.page <= page <= words[-1].box.page


def remoteness(features: Mapping[str, float]) -> tuple[float, ...]:
    """How far a place is from where a paper reports in full.

    A table of the main part is nearest, whatever repeats it. Then come text, the appendix, what announces or repeats,
    and the abstract; in each of them a table says more than text, telling a value more than telling models apart by it, and a row that is marked as the paper's own more than others.
    """
    in_table = features.get("in_table", 0.0)
    aside = max(features.get("in_passing", 0.0), features.get("in_appendix", 0.0))
    place = (-in_table * (1.0 - aside), *(features.get(name, 0.0) for name in _ASIDES), -in_table)
    return (*place, features.get("attributive", 0.0), -features.get("owner_certain", 0.0))
