"""Blocks of text become paragraphs: captions, headings, footnotes, sections and regions; paragraphs read on over pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain
from statistics import median

from extractors.documents.formulas import begins_formula, beside
from extractors.documents.model import Paragraph, ParagraphKind, Region, Word, compose
from extractors.documents.regions import KNOWN, NUMBERED, Outline
from extractors.documents.spelling import compounds_in
from extractors.documents.words import Segment

CAPTION = re.compile(
    r"(?P<kind>Table|TABLE|Tab\.|Figure|FIGURE|Fig\.|FIG\.|Algorithm|Listing)\s?(?P<number>[A-Z]?\.?\d+(?:\.\d+)?|[IVX]+|[A-Z]\d*)\s?(?P<mark>[.:|\u2013\u2014-])?"
)
_CLOSING = '"”’)]'
"""What may stand behind the end of a sentence."""
_OPEN = re.compile(r"[\w,;(\u2010-]")
"""The last sign of a paragraph that was broken off."""
_LONGEST_HEADING = 100
_LONGEST_TITLE = 300
_TITLE = 1.1
"""Size of a title at least, as a share of that of the text."""
_ABSTRACT = 50
"""Words that an abstract has at least, where nothing names it."""
_SMALL_CAPITALS = 0.78
_RUN_IN = 10
"""Words of a title within a paragraph at most."""
_ITALIC = re.compile(r"ital|obli|slant|-It\b|CMTI|CMSL", re.IGNORECASE)
"""Names of fonts in italics."""
_ITALIC_TITLE = re.compile(r"(?:\d{1,2}\W\s?)?[A-Z][A-Za-z]{2}")
_PIECES = 40
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
        return tuple(chain.from_iterable([segment.words for segment in self.segments]))

    @property
    def first(self) -> Word:
        """Its first word."""
        return self.segments[0].words[0]

    @property
    def page(self) -> int:
        """The page on which it stands."""
        return self.first.box.page

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
    if not 3 <= len(text) <= _LONGEST_HEADING or text.endswith((",", ";")):
        return False
    large = size > 1.07 * body
    set_apart = bold or large or text.isupper()
    if not set_apart:
        return size >= 0.97 * body and bool(KNOWN.fullmatch(text))
    if not re.search(r"[A-Za-z]{3}", text):
        return False
    return bool((large and len(text) < 70) or NUMBERED.match(text) or KNOWN.fullmatch(text))


def paragraphs(blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """Paragraphs with their sections and regions, those that go on over a float, column or page joined."""
    found: list[list[Paragraph]] = []
    outline = Outline()
    main: int | None = None
    known = compounds_in([line.text for block in blocks for line in block.segments])
    for block in _with_title(blocks):
        words = block.words
        text, starts = compose(words, known)
        goes_on = main is not None and not _ended(found[main][-1].text)
        region, section = _home(block, text, run_in(words, goes_on=goes_on), outline)
        paragraph = Paragraph(block.kind, region, section, words, text, starts, block.label)
        if block.kind in ("text", "list") and main is not None and _reads_on(found[main], paragraph):
            found[main].append(paragraph)
            continue
        if block.kind in ("text", "list"):
            main = len(found)
        elif block.kind == "heading":
            main = None
        found.append([paragraph])
    return _with_abstract([_merged(pieces, known) if len(pieces) > 1 else pieces[0] for pieces in found])


def _with_abstract(found: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The paragraphs; where none is the abstract, the first long one in front is, and what follows there is body."""
    front = [p for p in found if p.kind == "text" and p.region == "front" and len(p.words) >= _ABSTRACT]
    if len(found) < 2 or not front or any(p.region == "abstract" for p in found):
        return tuple(found)
    at = next(index for index, paragraph in enumerate(found) if paragraph is front[0])
    return (
        *found[:at],
        replace(front[0], region="abstract", section="Abstract"),
        *(replace(p, region="body") if p.region == "front" else p for p in found[at + 1 :]),
    )


def _home(block: Block, text: str, title: str, outline: Outline) -> tuple[Region, str]:
    """Region and section of a block, which the outline takes in if it is part of the running text."""
    listed = outline.region == "references" and block.first.script == "normal"
    if block.kind == "title":
        return "front", ""
    if block.kind in ("caption", "figure") or (block.kind == "footnote" and not listed):
        return outline.beside()
    if block.kind == "heading":
        outline.heading(text)
    else:
        outline.text(text, title)
    return outline.region, outline.section


def run_in(words: Sequence[Word], *, goes_on: bool = False) -> str:
    """The title with which a paragraph begins on its own first line, or empty.

    It is bold and ends with a stop or a gap; or in italics and ends with a stop, where no sentence goes on there.
    """
    bold = words[0].bold
    count = next((at for at, word in enumerate(words) if not (word.bold if bold else _slanted(word))), 0)
    if not 0 < count <= _RUN_IN:
        return ""
    title = compose(words[:count])[0]
    stops = title.endswith((".", ":", "?"))
    if bold:
        gap = words[count].box.x0 - words[count - 1].box.x1
        named = title[:1].isalnum() and (stops or (not words[count].glued and gap > 0.8 * words[0].size))
    else:
        named = stops and not goes_on and bool(_ITALIC_TITLE.match(title))
    return title.rstrip(".:") if named else ""


def _slanted(word: Word) -> bool:
    return bool(_ITALIC.search(word.font))


def _reads_on(pieces: Sequence[Paragraph], after: Paragraph) -> bool:
    """Whether a paragraph goes on in another: it did not end, and the other begins in the middle of a sentence.

    At the top of another column or page what begins with a capital may go on too, as a name does. A formula goes on
    with the text above it, and the text below may go on with it.
    """
    before = pieces[-1]
    if before.region != after.region or before.section != after.section or after.kind == "list":
        return False
    if len(pieces) == _PIECES:
        return False
    last, first = before.words[-1], after.words[0]
    ended = _ended(before.text)
    near = beside(last, first, pieces[0].words[0].size)
    if near and (not ended or before.text.endswith(":")) and begins_formula(after.words):
        return True
    if ended or not _of_one_size(pieces, after):
        return False
    if re.match(r"[a-z(\[]|\d", after.text):
        return True
    elsewhere = last.box.page != first.box.page or first.box.top < last.box.top - 2 * last.size
    return elsewhere and bool(_OPEN.match(before.text[-1:])) and len(after.words) > _RUN_IN


def _of_one_size(pieces: Sequence[Paragraph], after: Paragraph) -> bool:
    """Whether a paragraph begins in the type with which another ends, or has the main type of its beginning."""
    last, first = pieces[-1].words[-1].size, after.words[0].size
    if abs(last - first) <= 0.06 * last:
        return True
    main, own = (median([word.size for word in p.words]) for p in (pieces[0], after))
    return abs(main - own) <= 0.06 * main


def _ended(text: str) -> bool:
    """Whether a text ends with a sentence."""
    return text.rstrip(_CLOSING).endswith((".", "!", "?", ":"))


def _merged(pieces: Sequence[Paragraph], known: AbstractSet[str]) -> Paragraph:
    """One paragraph of pieces that read on, the lines of each numbered after those of the piece before."""
    words = list(pieces[0].words)
    for piece in pieces[1:]:
        shift = words[-1].line + 1
        words += [word.further(shift) for word in piece.words]
    text, starts = compose(words, known)
    return replace(pieces[0], words=tuple(words), text=text, starts=starts)


def title_of(blocks: Sequence[Block]) -> str:
    """The title: the largest type on the upper half of the first page, as far as its lines stand together."""
    words = [word for line in _title_lines(blocks) for word in line.words]
    while len(words) > 1 and words[-1].script in ("super", "note"):
        words.pop()
    known = compounds_in([line.text for block in blocks if block.page == 1 for line in block.segments])
    return compose(words, known)[0].rstrip("*∗†‡ ")[:_LONGEST_TITLE]


def _title_lines(blocks: Sequence[Block]) -> list[Segment]:
    first = [b for b in blocks if b.page == 1 and b.words[0].box.top < 0.5 * b.page_height]
    lines = [s for b in first if b.kind not in ("figure", "footnote") for s in b.segments if _wordy(s.text)]
    if not lines:
        return []
    top = max(line.size for line in lines)
    start = next(index for index, line in enumerate(lines) if line.size > 0.96 * top)
    together = lines[start : start + 1]
    for line in lines[start + 1 :]:
        if not _same_title(together, line):
            break
        together.append(line)
    return together


def _with_title(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those of the title as such where it is set in larger type than the text below it."""
    lines = _title_lines(blocks)
    own = {id(line) for line in lines}
    texts = [block.size for block in blocks if block.kind == "text" and id(block.segments[0]) not in own]
    if not texts or not lines or lines[0].size <= _TITLE * median(texts) or re.match(r"\d", lines[0].text):
        return list(blocks)
    return [replace(block, kind="title") if id(block.segments[0]) in own else block for block in blocks]


def _wordy(text: str) -> bool:
    return len(text) > 3


def _same_title(lines: Sequence[Segment], line: Segment) -> bool:
    """Whether a line goes on with a title: near, and as bold; authors may stand below in the same size."""
    first, last = lines[0], lines[-1]
    drop = line.baseline - last.baseline
    capitals = last.text.isupper() and line.text.isupper() and line.size > _SMALL_CAPITALS * first.size
    same = line.size > 0.96 * first.size or capitals
    return same and -0.1 * last.size < drop < 1.8 * last.size and line.bold == last.bold
