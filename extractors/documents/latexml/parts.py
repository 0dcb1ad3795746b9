"""The parts of a LaTeXML article: which elements are sections, floats and paragraphs, and where in the paper they stand.

How the article is walked through is in `documents.latexml.article`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from bs4.element import Tag

from extractors.documents.latexml.text import Style, classes_of
from extractors.documents.model import Paragraph, ParagraphKind, Region

SECTIONS = {
    "ltx_part", "ltx_chapter", "ltx_section", "ltx_subsection", "ltx_subsubsection", "ltx_paragraph",
    "ltx_subparagraph", "ltx_appendix", "ltx_bibliography", "ltx_acknowledgements", "ltx_abstract",
}  # fmt: skip
FLOATS = {"ltx_figure", "ltx_table", "ltx_float"}
_LEAVES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "figcaption"}
_LEAF_CLASSES = {
    "ltx_p",
    "ltx_caption",
    "ltx_tabular",
    "ltx_title",
    "ltx_bibitem",
    "ltx_listing",
    "ltx_item",
    "ltx_para",
    "ltx_tag_item",
}
"""Elements that are paragraphs, or hold some: what holds one of them is walked through, all else is running text."""
_HELD = _LEAF_CLASSES | FLOATS | SECTIONS
_LINES = {"div", "p"}
"""Elements that are lines within a paragraph, and paragraphs elsewhere."""
_ENDING = {
    "address",
    "article",
    "blockquote",
    "dd",
    "dl",
    "dt",
    "li",
    "ol",
    "section",
    "ul",
    *_LEAVES,
    *_LINES,
}
_ENDING_CLASSES = {
    "ltx_description",
    "ltx_enumerate",
    "ltx_item",
    "ltx_itemize",
    "ltx_para",
    "ltx_td",
    "ltx_th",
}
_PICTURES = {"img", "svg"}
_CONTENTS = {"ltx_tabular", "ltx_listing", "ltx_graphics"}
_CLOSED = FLOATS | SECTIONS | {"ltx_document"}
_CAPTIONS, _NEAR, _NODES = 1_000, 20, 500
"""Captions that are looked at, nodes beside one, and nodes within these; strangers wrote the page."""
_STEPS = 3
"""Elements around a caption within which its table is looked for."""
THANKS = re.compile(r"\W*(?:[\dIVX.]+\s+)?acknowledge?ments?\b", re.IGNORECASE)
_REFERENCES = re.compile(r"(?:[\dIVX.]+\s+)?(?:references|bibliography|literature cited)\W*", re.IGNORECASE)
_APPENDIX = re.compile(r"(?:[\dIVX.]+\s+)?(?:appendi|supplement)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the article an element stands."""

    style: Style = field(default_factory=Style)
    region: Region = "front"
    section: str = ""
    kind: ParagraphKind = "text"
    paragraph: bool = False
    """Whether it is within a paragraph, whose lines do not stand alone."""
    floats: int = 0
    """Floats around it."""
    caption: Paragraph | None = None
    """The caption of the float around it."""


def surveyed(article: Tag) -> tuple[frozenset[int], Counter[str]]:
    """The elements that hold a paragraph, a table and the like, and what the conversion to HTML left out."""
    holders: set[int] = set()
    missing: Counter[str] = Counter()
    for tag in article.descendants:
        if not isinstance(tag, Tag):
            continue
        classes = classes_of(tag)
        if "ltx_ERROR" in classes:
            missing[tag.get_text()[:40].strip() or "something"] += 1
        elif classes & {"ltx_missing_citation", "ltx_missing_label"}:
            missing["a reference"] += 1
        if tag.name in _LEAVES or classes & _HELD:
            for parent in tag.parents:
                if id(parent) in holders:
                    break
                holders.add(id(parent))
    return frozenset(holders), missing


def ends_paragraph(tag: Tag, classes: frozenset[str], place: Place) -> bool:
    """Whether a paragraph ends where an element begins and ends; one goes on over its own lines and formulas."""
    if place.paragraph and "ltx_para" not in classes and not classes & _ENDING_CLASSES:
        return tag.name in _ENDING - _LINES
    return tag.name in _ENDING or bool(classes & (_ENDING_CLASSES | {"ltx_p"}))


def float_of(tag: Tag) -> Tag | None:
    """The float around an element."""
    return next((parent for parent in tag.parents if classes_of(parent) & FLOATS), None)


def lone_captions(article: Tag) -> dict[int, Tag]:
    """Captions of tables that stand beside their table instead of in one float with it, by the table's id."""
    found: dict[int, Tag] = {}
    captions = article.find_all(class_="ltx_caption", limit=_CAPTIONS)
    for caption in captions:
        float_ = float_of(caption)
        if float_ is not None and "ltx_table" in classes_of(float_) and _is_bare(float_):
            table = _beside(float_)
            if table is not None:
                found.setdefault(id(table), caption)
    return found


def _is_bare(float_: Tag) -> bool:
    """Whether a float holds no more than a caption."""
    nodes = [*islice(float_.descendants, _NODES + 1)]
    tags = (node for node in nodes if isinstance(node, Tag))
    return len(nodes) <= _NODES and not any(
        tag.name in _PICTURES or classes_of(tag) & _CONTENTS for tag in tags
    )


def _beside(float_: Tag) -> Tag | None:
    """The table behind or before a float, or what it stands in, within the same float."""
    around = float_of(float_)
    node: Tag | None = float_
    for _ in range(_STEPS):
        if node is None or (node is not float_ and classes_of(node) & _CLOSED):
            return None
        for siblings in (node.next_siblings, node.previous_siblings):
            tags = (tag for tag in islice(siblings, _NEAR) if isinstance(tag, Tag))
            sibling = next((tag for tag in tags if _shows(tag)), None)
            table = _first_table(sibling) if sibling is not None else None
            if table is not None and float_of(table) is around:
                return table
        node = node.parent
    return None


def _shows(tag: Tag) -> bool:
    """Whether an element shows anything."""
    nodes = (tag, *islice(tag.descendants, _NODES))
    return any(str(node).strip() if not isinstance(node, Tag) else node.name in _PICTURES for node in nodes)


def _first_table(tag: Tag) -> Tag | None:
    nodes = (tag, *islice(tag.descendants, _NODES))
    return next((node for node in nodes if isinstance(node, Tag) and "ltx_tabular" in classes_of(node)), None)


def region_of(classes: frozenset[str], title: str, around: Region) -> Region:
    """The region of a section with a title, in a region."""
    if "ltx_abstract" in classes:
        return "abstract"
    if "ltx_bibliography" in classes or _REFERENCES.fullmatch(title):
        return "references"
    if "ltx_acknowledgements" in classes or THANKS.match(title[:80]):
        return "acknowledgements"
    if "ltx_appendix" in classes or _APPENDIX.match(title) or around == "appendix":
        return "appendix"
    return "body" if around == "front" else around
