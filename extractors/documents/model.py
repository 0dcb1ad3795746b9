"""What a paper looks like to the rules: pages, words, paragraphs and tables in reading order, all with their places.

A `Document` is made by `documents.pdf.read_pdf` or `documents.html.read_html`, is never stored and never leaves the
process that read it. Text is composed from words once, here, so that a match in the text can always be
traced back to the words, their box and a verbatim quote. How words are found on a page is not here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from extractors.documents.characters import signs_of
from extractors.documents.labels import RowLabel, number_columns, row_labels
from extractors.documents.spelling import BREAKS, is_sign, lowered, noted, over_line, raised, spelt
from extractors.facts.evidence import QUOTE_LIMIT, Box, Evidence
from extractors.facts.ids import ArxivId

Script = Literal["normal", "super", "sub", "note"]
"""`note` is a superscript that marks a footnote: it belongs to no number."""
ParagraphKind = Literal["text", "title", "heading", "caption", "footnote", "list", "figure"]
"""`figure` is text inside of a picture: labels of axes, legends, words of a diagram."""
Region = Literal["front", "abstract", "body", "acknowledgements", "references", "appendix"]

_COLUMN_JUMP = 40.0
"""Points upwards from one word to the next that are a new column rather than a superscript."""
_THIN = 0.22
"""Gaps in type sizes up to which a blank within a number parts its thousands."""
NOWHERE = Box(1, 0, 0, 0, 0)
"""The box of words from HTML, which stand on no page."""


class Word(NamedTuple):
    """One word as printed; ligatures are spelt out, nothing else is changed."""

    text: str
    box: Box
    """Where it stands; empty (no width) for words from HTML, which have an `anchor` instead."""
    size: float
    """Font size in points."""
    font: str = ""
    bold: bool = False
    script: Script = "normal"
    line: int = 0
    """Number of the printed line within the page as its stream has them; lines of a paragraph's later pages count on."""
    glued: bool = False
    """Whether it stands against the word before it, without a space (a superscript on its base)."""
    anchor: str = ""
    """Id of the element that it stands in, for words from HTML."""

    @property
    def quoted(self) -> str:
        """The word in a quote. A sign that its file has as a letter is left out: no search of the page would find it."""
        return "\u2026" if signs_of(self.font) else self.text

    def further(self, lines: int) -> Word:
        """The word with its line counted on by as many."""
        return self._replace(line=self.line + lines)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that read on: a text paragraph (across columns and pages), a heading, a caption, a footnote."""

    kind: ParagraphKind
    region: Region
    section: str
    """Title of the section it stands under, or empty."""
    words: tuple[Word, ...]
    text: str
    """The words as running text: hyphenation mended, superscript numbers written with `^`."""
    starts: tuple[int, ...]
    """Offset in `text` at which each word begins."""
    label: str = ""
    """For a caption: `Table 3`, `Figure 2`."""

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.words[0].box.page

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes around its words, one for each stretch of words on one page that reads down one column."""
        stretches: list[list[Box]] = []
        for box in (word.box for word in self.words):
            last = stretches[-1][-1] if stretches else None
            if last and last.page == box.page and box.top > last.top - _COLUMN_JUMP:
                stretches[-1].append(box)
            else:
                stretches.append([box])
        return tuple(union_of(stretch) for stretch in stretches)

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that a slice of the text touches; at least one."""
        return self.words[slice(*self._touched(start, end))]

    def _touched(self, start: int, end: int) -> tuple[int, int]:
        first = max(bisect_right(self.starts, start) - 1, 0)
        return first, max(bisect_right(self.starts, end - 1), first + 1)

    def evidence(self, sha256: str, rule: str, start: int, end: int) -> Evidence:
        """The evidence for the slice `start:end`: its page, its box and the words around it, verbatim.

        The quote stays on the page of the slice's first word, holds the whole slice where the limit allows,
        and grows outwards evenly to at most `QUOTE_LIMIT` characters, without leaving the paragraph.
        """
        first, last = self._touched(start, end)
        page = self.words[first].box.page
        inside = [word for word in self.words[first:last] if word.box.page == page]
        quote = quote_around(self.words, first, first + len(inside))
        box, anchor = _place(inside, self.label or self.section)
        return Evidence(sha256, page, box, anchor, quote, rule)


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a grid; a cell that spans rows or columns is stored once, at its first."""

    text: str
    words: tuple[Word, ...]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    bold: bool = False

    @property
    def box(self) -> Box:
        """The box around the cell's words; only cells with words exist."""
        return union_of([word.box for word in self.words])

    @property
    def printed(self) -> str:
        """The words verbatim, for quotes."""
        return " ".join(word.quoted for word in self.words)


@dataclass(frozen=True)
class Table:
    """A table as a grid of cells with its header rows told apart."""

    page: int
    box: Box
    label: str
    """`Table 3`, or empty where there is no caption."""
    caption: Paragraph | None
    header_rows: int
    rows: tuple[tuple[TableCell | None, ...], ...]
    """Rectangular; None where a cell is empty or covered by a span."""
    continued: tuple[Box, ...] = ()
    """Boxes of its parts on later pages."""
    turned: int = 0
    """Degrees (0, 90 or 270) by which it stands turned counter-clockwise on its page; boxes are those on the page."""

    def header(self, column: int) -> tuple[str, ...]:
        """Header texts over a column, top down; a spanning header counts for each column up to the next header."""
        texts = []
        for row in self.rows[: self.header_rows]:
            covering = [
                cell for cell in row if cell and cell.column <= column < cell.column + cell.column_span
            ]
            texts += [cell.text for cell in covering[-1:]]
        return tuple(texts)

    def body(self) -> Iterator[tuple[TableCell | None, ...]]:
        """The rows below the header."""
        yield from self.rows[self.header_rows :]

    def number_columns(self) -> tuple[int, ...]:
        """The columns whose cells below the header are mostly numbers."""
        return self._numeric

    @cached_property
    def _numeric(self) -> tuple[int, ...]:
        return number_columns(self._texts())

    @property
    def stub(self) -> int:
        """How many columns at the left name the rows: those before the first of numbers, at least one."""
        return max(next(iter(self.number_columns()), 1), 1)

    def row_labels(self) -> tuple[RowLabel, ...]:
        """The labels of the rows below the header, each with the title of its group; such titles have none."""
        spans = [row[0].row_span if row[0] else 1 for row in self.body()]
        return tuple(row_labels(self._texts(), self.header_rows, self.stub, spans))

    def _texts(self) -> list[list[str | None]]:
        return [[cell.text if cell else None for cell in row] for row in self.body()]

    def evidence(self, sha256: str, rule: str, cell: TableCell) -> Evidence:
        """The evidence for a cell: its box, and its row's label and text as quote, parts joined by ` | `."""
        row = [other for other in self.rows[cell.row] if other]
        box, anchor = _place(cell.words, self.label or "table without caption")
        return Evidence(sha256, cell.words[0].box.page, box, anchor, quote_of_row(row, cell), rule)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the file, upright."""

    number: int
    width: float
    height: float
    columns: tuple[Box, ...] = ()
    """Columns of running text in the order in which they are read; empty where the source has no geometry."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The line that arXiv prints up the side of the first page."""

    id: ArxivId | None
    """With its version; None for a `submit/` stamp, which is printed before a paper has an id."""
    submission: str
    """The number of a `submit/` stamp, else empty."""
    category: str
    date: str
    """As printed, `5 Dec 2017`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper, read."""

    sha256: str
    pages: tuple[Page, ...]
    title: str
    paragraphs: tuple[Paragraph, ...]
    """In reading order, captions and footnotes after the text of their page; without table cells and headers."""
    tables: tuple[Table, ...]
    stamp: Stamp | None = None
    problems: tuple[str, ...] = ()
    """What could not be read, in words, as `page 7: no text layer`."""

    def statements(self) -> Iterator[Paragraph]:
        """The paragraphs that are the paper's own statements: no references, no thanks, no words of pictures."""
        for paragraph in self.paragraphs:
            if paragraph.region not in ("references", "acknowledgements") and paragraph.kind != "figure":
                yield paragraph


def compose(words: Sequence[Word], compounds: AbstractSet[str] = frozenset()) -> tuple[str, tuple[int, ...]]:
    """Running text of words, and the offset of each word in it.

    A word broken at the end of a line is mended, an exponent is written `10^18`, the mark of a note as a superscript
    (`GPUs³`), and trademark signs are left out; other superscripts and glued words follow without a space.

    Args:
        words: in the order in which they are read.
        compounds: words known to be written with a hyphen, in lower case.
    """
    text, starts = "", []
    before: Word | None = None
    for word in words:
        printed = word.text
        if before is not None and text and _is_plain(text, before, word):
            text += " "
        else:
            text, printed = _behind(text, before, word, compounds)
        starts.append(len(text))
        text += printed
        before = word
    return text, tuple(starts)


def _is_plain(text: str, before: Word, word: Word) -> bool:
    """Whether a word surely stands behind the one before it as printed and with a space, as most words do."""
    return (
        not word.glued
        and word.script == "normal"
        and word.text.isascii()
        and not word.text[:1].isdecimal()
        and word.text != ""
        and (word.line == before.line or not text.endswith(BREAKS))
    )


def _behind(text: str, before: Word | None, word: Word, compounds: AbstractSet[str]) -> tuple[str, str]:
    """A text ready for a word, and the word as it is written there."""
    printed = spelt(word.text)
    if word.script != "normal":
        printed = _raised(text, word, printed)
    if before is not None and text and printed:
        text = _joined(text, before, word, printed, compounds)
    return text, printed


def _joined(text: str, before: Word, word: Word, printed: str, compounds: AbstractSet[str]) -> str:
    if before.line != word.line and (len(before.text) > 1 or before.glued):
        broken = over_line(text, printed, compounds)
        if broken is not None:
            return broken
    return text if word.glued or _in_number(text, before, word, printed) else text + " "


def _in_number(text: str, before: Word, word: Word, printed: str) -> bool:
    """Whether a word is three further digits of a number whose thousands are parted by thin blanks."""
    if not ("0" <= printed[0] <= "9" and text[-1].isdecimal()) or before.line != word.line:
        return False
    digits = re.match(r"(?:\d{3})+(?!\d)", printed) and re.fullmatch(r"\d{1,3}", before.text)
    return bool(digits) and 0 <= word.box.x0 - before.box.x1 < _THIN * word.size


def _raised(text: str, word: Word, printed: str) -> str:
    """What is raised or lowered on a text, as it is written behind it."""
    if word.script == "note":
        return noted(printed)
    if word.script == "sub" and word.glued:
        return lowered(text, printed)
    if word.script != "super" or not printed:
        return printed
    return "" if word.glued and is_sign(printed) else raised(text, printed)


def _place(words: Sequence[Word], part: str) -> tuple[Box | None, str]:
    """Box and anchor of words: that of the part they stand in, or no box and their element for words from HTML."""
    box = union_of([word.box for word in words])
    return (None, words[0].anchor or part) if box == NOWHERE else (box, part)


def union_of(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes of one page."""
    return Box.around(boxes)


def quote_around(words: Sequence[Word], first: int, last: int) -> str:
    """Verbatim words `first:last` with as many neighbours as the quote limit allows, of the same page and unbroken lines."""
    length = sum(len(word.text) + 1 for word in words[first:last])
    grown = True
    while grown:
        grown = False
        for step, edge in ((-1, first), (1, last - 1)):
            index = edge + step
            if not 0 <= index < len(words) or not _adjoin(words[edge], words[index]):
                continue
            if length + len(words[index].text) + 1 <= QUOTE_LIMIT:
                length += len(words[index].text) + 1
                first, last = (index, last) if step < 0 else (first, last + 1)
                grown = True
    return " ".join(word.quoted for word in words[first:last])[:QUOTE_LIMIT].strip()


def _adjoin(word: Word, other: Word) -> bool:
    """Whether words stand on one line or on two that follow each other, so that a search of the page finds both."""
    return word.box.page == other.box.page and abs(word.line - other.line) <= 1


def quote_of_row(row: Sequence[TableCell], cell: TableCell) -> str:
    """A row as ` | `-joined cells, the row's label and the cell itself kept where not all fit."""
    texts = {other.column: other.printed for other in row}
    kept = [row[0].column] if row[0].column == cell.column else [row[0].column, cell.column]
    for column in sorted(texts, key=lambda c: abs(c - cell.column)):
        if column not in kept and len(" | ".join(texts[c] for c in (*kept, column))) <= QUOTE_LIMIT:
            kept.append(column)
    return " | ".join(texts[column] for column in sorted(kept))[:QUOTE_LIMIT].strip(" |")
