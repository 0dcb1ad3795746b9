"""Blocks of text become paragraphs: captions, headings, footnotes, sections and regions; paragraphs read on over pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.documents.model import Paragraph, ParagraphKind, Region, Word, compose
from extractors.documents.words import Segment

CAPTION = re.compile(
    r"(?P<kind>Table|TABLE|Tab\.|Figure|FIGURE|Fig\.|FIG\.|Algorithm|Listing)\s?(?P<number>[A-Z]?\.?\d+(?:\.\d+)?|[IVX]+|[A-Z]\d*)\s?(?P<mark>[.:|\u2013\u2014-])?"
)
_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[A-H](?:\.\d{1,2}){0,2}\.?|[IVX]{1,4}\.|Appendix [A-Z]\.?)\s+[A-Z]"
)
_KNOWN = re.compile(
    r"(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:abstract|introduction|related works?|background|methods?|approach|experiments?|results?|discussion|conclusions?"
    r"|references|bibliography|acknowledge?ments?|appendix|appendices|supplementary materials?|implementation details|training details|experimental setup)\.?:?",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references|bibliography|literature cited)\.?:?", re.IGNORECASE
)
_THANKS = re.compile(r"(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?acknowledge?ments?\b.{0,20}", re.IGNORECASE)
_APPENDIX = re.compile(r"(?:appendix|appendices|supplement|[A-H](?:\.\d+)*\.?\s+[A-Z])", re.IGNORECASE)
_ABSTRACT = re.compile(r"abstract\b[.:\u2014-]?", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:][\"”’)\]]*$")
_LONGEST_HEADING = 100
_PIECES = 20
"""Of which a paragraph is made at most; text that never ends is parted, since what reads it would not end either."""


@dataclass(frozen=True, slots=True)
class Block:
    """Segments that stand together on a page, before it is known what they are."""

    segments: tuple[Segment, ...]
    kind: ParagraphKind
    page_height: float
    label: str = ""

    @property
    def words(self) -> tuple[Word, ...]:
        """All its words."""
        return tuple(word for segment in self.segments for word in segment.words)

    @property
    def text(self) -> str:
        """Its running text."""
        return compose(self.words)[0]

    @property
    def size(self) -> float:
        """Type size of its first line."""
        return self.segments[0].size


def label_of(text: str) -> str:
    """The label of a caption as `Table 3` or `Figure 2`; empty where the text begins with none."""
    found = CAPTION.match(text)
    if not found:
        return ""
    kind = found["kind"].lower()
    name = "Table" if kind.startswith("tab") else "Figure" if kind.startswith("fig") else found["kind"]
    return f"{name} {found['number']}"


def is_heading(segment_text: str, size: float, body: float, *, bold: bool) -> bool:
    """Whether a line by itself is the title of a section."""
    text = segment_text.strip()
    if (
        not 3 <= len(text) <= _LONGEST_HEADING
        or text.endswith((",", ";"))
        or not re.search(r"[A-Za-z]{3}", text)
    ):
        return False
    set_apart = bold or size > 1.07 * body or text.isupper()
    if _KNOWN.fullmatch(text):
        return set_apart or size >= 0.97 * body
    return set_apart and bool(_NUMBERED.match(text) or (size > 1.07 * body and len(text) < 70))


def paragraphs(blocks: Iterable[Block]) -> tuple[Paragraph, ...]:
    """Paragraphs with their sections and regions, those that go on over a float, column or page joined."""
    found: list[list[Paragraph]] = []
    region: Region = "front"
    section, main = "", None
    for block in blocks:
        if block.kind == "heading":
            region, section = _region_after(block.text, region), block.text.strip()
        elif region == "front" and _ABSTRACT.match(block.text):
            region, section = "abstract", "Abstract"
        paragraph = _paragraph(block, *_home(block, region, section))
        if block.kind == "text" and main is not None and _reads_on(found[main], paragraph):
            found[main].append(paragraph)
            continue
        if block.kind == "text":
            main = len(found)
        elif block.kind == "heading":
            main = None
        found.append([paragraph])
    return tuple(_merged(pieces) if len(pieces) > 1 else pieces[0] for pieces in found)


def _region_after(heading: str, region: Region) -> Region:
    text = heading.strip()
    if _REFERENCES.fullmatch(text):
        return "references"
    if _THANKS.fullmatch(text):
        return "acknowledgements"
    if region in ("references", "appendix"):
        return "appendix" if region == "appendix" or _APPENDIX.match(text) else region
    if _ABSTRACT.fullmatch(text):
        return "abstract"
    if re.match(r"appendix|appendices|supplementary", text, re.IGNORECASE):
        return "appendix"
    return (
        "front" if region == "front" and not _NUMBERED.match(text) and not _KNOWN.fullmatch(text) else "body"
    )


def _home(block: Block, region: Region, section: str) -> tuple[Region, str]:
    """Region and section of a block; a float on the page where the references begin is none of them."""
    floats = block.kind == "caption" and region in ("references", "acknowledgements")
    return ("body", "") if floats else (region, section)


def _paragraph(block: Block, region: Region, section: str) -> Paragraph:
    text, starts = compose(block.words)
    return Paragraph(block.kind, region, section, block.words, text, starts, block.label)


def _reads_on(pieces: Sequence[Paragraph], after: Paragraph) -> bool:
    """Whether a paragraph goes on in another: it did not end, and the other begins in the middle of a sentence."""
    before = pieces[-1]
    if before.region != after.region or before.section != after.section or len(pieces) == _PIECES:
        return False
    same_type = abs(before.words[-1].size - after.words[0].size) < 0.06 * before.words[-1].size
    return same_type and not _ENDS.search(before.text) and bool(re.match(r"[a-z(\[]|\d", after.text))


def _merged(pieces: Sequence[Paragraph]) -> Paragraph:
    """One paragraph of pieces that read on, the lines of each numbered after those of the piece before."""
    words: list[Word] = []
    for piece in pieces:
        shift = words[-1].line + 1 if words else 0
        words += (replace(word, line=word.line + shift) for word in piece.words)
    text, starts = compose(words)
    return replace(pieces[0], words=tuple(words), text=text, starts=starts)


def title_of(blocks: Sequence[Block]) -> str:
    """The title: the largest type on the upper half of the first page."""
    first = [b for b in blocks if b.words[0].box.page == 1 and b.words[0].box.top < 0.5 * b.page_height]
    sizes = [s.size for b in first for s in b.segments if len(s.text) > 3]
    if not sizes:
        return ""
    top = max(sizes)
    lines = [s for b in first for s in b.segments if s.size > 0.96 * top]
    return compose([word for line in lines for word in line.words])[0][:300]
