"""One page from segments to blocks and tables: margins dropped, captions found, tables cut out, lines put together.

The order of the content stream is kept unless it contradicts the columns. A line belongs to the block above it if it
stands one line pitch below, in the same type, under the block's own width; whatever differs begins a new block.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.documents.captions import box_of, ends_sentence, find_captions, table_side, tables_of
from extractors.documents.columns import Columns, down, down_columns, find_columns, in_order, line_by_line
from extractors.documents.continued import part_at_top, unfinished
from extractors.documents.figures import body_fonts, with_figures
from extractors.documents.margins import Running, running, without_margins
from extractors.documents.model import ParagraphKind, Table
from extractors.documents.notes import NOTE_SIZE, begins_note, with_marks
from extractors.documents.structure import Block, is_heading, label_of
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

_PITCH = 1.75
"""Line pitches up to which a line belongs to the block above, in type sizes."""
_ITEM = re.compile(r"\d|[A-Z](?:\.\d+)*\.?\s")
"""The number of a title."""
_ENTRY = re.compile(r"\[\d{1,3}\]\s")
"""The number of an entry in a list of references."""
_APART = 1.15
"""Distance between two paragraphs without indents at least, as a share of that of lines."""
_BULLET = re.compile(r"(?:[•◦▪–—‣∙·*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])$")
"""What stands before an item of a list."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a paper's pages have in common."""

    body: float
    """Size of its text."""
    repeated: frozenset[Running] = frozenset()
    """Its running headers, as `running` gives them."""
    fonts: frozenset[str] = frozenset()
    """Fonts of its text, as `body_fonts` gives them."""
    side: int = 0
    """Where its tables stand, as `table_side` gives it."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A page's blocks in reading order, and its tables."""

    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    columns: tuple[Box, ...] = ()
    """Its columns of running text, in reading order."""
    grown: Table | None = None
    """The table with which the page before ended, with what goes on of it here."""
    ending: Table | None = None
    """The table, of its own or grown, with which the page ends and which may go on over it."""


def setting_of(pages: Sequence[RawPage]) -> Setting:
    """What the pages of a paper have in common."""
    body = body_size(pages)
    return Setting(body, running(pages), body_fonts(pages, body), table_side(pages, body))


def body_size(pages: Iterable[RawPage]) -> float:
    """The size of most of the text; fonts stretched to fill lines differ a little in theirs."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for segment in page.segments:
            sizes[round(segment.size, 1)] += len(segment.text)
    if not sizes:
        return 10.0
    near = {size: sum(n for other, n in sizes.items() if abs(other - size) < 0.02 * size) for size in sizes}
    return max(sizes, key=lambda size: (near[size], sizes[size]))


def lay_out(page: RawPage, setting: Setting, before: Table | None = None) -> LaidOut:
    """The blocks and tables of a page.

    Args:
        page: the page.
        setting: what it has in common with the paper's other pages.
        before: the table with which the page before ended, if one did.
    """
    body = setting.body
    kept = with_marks(without_margins(page, body, setting.repeated), page.height, body)
    captions, rest = find_captions(kept, body, page.rules)
    part = part_at_top(before, page, rest, [box_of(lines) for lines in captions]) if before else None
    rest = [s for s in rest if part is None or id(s) not in part.claimed]
    tables, claimed = tables_of(page, captions, rest, setting.side)
    free = [s for s in rest if id(s) not in claimed]
    columns = find_columns(free, [line for lines in captions for line in lines], body, page.width)
    marked = [Block(lines, "caption", page.height, label_of(lines[0].text)) for lines in captions]
    blocks = with_figures(_blocks(free, page, body, columns), marked, body, setting.fonts)
    grown = part.table if part else None
    ending = unfinished([*tables, *([grown] if grown else [])], blocks, page)
    return LaidOut(tuple(_read(blocks, marked, columns)), tables, columns.boxes, grown, ending)


def _read(blocks: Sequence[Block], captions: Sequence[Block], columns: Columns) -> Iterator[Block]:
    """Running text in the order of its columns, then what stands apart from it: captions, pictures, notes."""
    aside = ("figure", "footnote")
    yield from in_order([block for block in blocks if block.kind not in aside], columns)
    yield from captions
    yield from (block for block in blocks if block.kind == "figure")
    yield from down([block for block in blocks if block.kind == "footnote"], columns)


class _Group:
    """Lines that stand together so far, with what the next line is held against."""

    __slots__ = ("first", "hanging", "heading", "left", "lines", "right")

    def __init__(self, line: Segment, *, heading: bool) -> None:
        self.first, self.lines, self.heading = line, [line], heading
        self.hanging = begins_item(line)
        self.left = line.words[1].box.x0 if self.hanging else line.x0
        self.right = line.x1

    def add(self, line: Segment) -> None:
        """Take a line in; the text of an item is flush with its own beginning."""
        self.lines.append(line)
        self.right = max(self.right, line.x1)
        if not self.hanging:
            self.left = min(self.left, line.x0)

    def block(self, page: RawPage, body: float) -> Block:
        """The lines as a block."""
        return Block(tuple(self.lines), self._kind(page, body), page.height)

    def _kind(self, page: RawPage, body: float) -> ParagraphKind:
        if self._is_heading(body):
            return "heading"
        sizes = (line.size for line in self.lines)
        if begins_note(self.first, page.height, body) and median(sizes) < NOTE_SIZE * body:
            return "footnote"
        return "list" if self.hanging else "text"

    def _is_heading(self, body: float) -> bool:
        if len(self.lines) != 2:
            return self.heading and len(self.lines) == 1
        text, bold = " ".join(line.text for line in self.lines), all(line.bold for line in self.lines)
        return is_heading(text, self.first.size, body, bold=bold)


def _blocks(free: Sequence[Segment], page: RawPage, body: float, columns: Columns) -> list[Block]:
    """Lines put together to blocks, in stream order or, where that goes across the columns, down these."""
    groups: list[_Group] = []
    for segment in down_columns(free, columns) if line_by_line(free, columns) else free:
        heading = is_heading(segment.text, segment.size, body, bold=segment.bold)
        if groups and _belongs(groups[-1], segment, body, columns, heading=heading):
            groups[-1].add(segment)
        else:
            groups.append(_Group(segment, heading=heading))
    return [group.block(page, body) for group in groups]


def _belongs(group: _Group, segment: Segment, body: float, columns: Columns, *, heading: bool) -> bool:
    last = group.lines[-1]
    drop = segment.baseline - last.baseline
    if abs(drop) < 0.35 * last.size and 0 <= segment.x0 - last.x1 + 1 < 6 * last.size:
        return not columns.part(last.x1, segment.x0, segment.baseline)
    if segment.words[0].script == "note" and segment.size < NOTE_SIZE * body:
        return False
    if abs(segment.size - last.size) > 0.07 * last.size or not 0 < drop < _PITCH * segment.size:
        return False
    if heading or group.heading:
        return heading and group.heading and not _ITEM.match(segment.text)
    if segment.x0 > group.right or segment.x1 < min(group.left, group.first.x0):
        return False
    return not _begins_anew(group, segment, drop)


def _begins_anew(group: _Group, segment: Segment, drop: float) -> bool:
    """Whether a line below a group begins a paragraph: an item, an entry, further below, or indented after an end."""
    if _ENTRY.match(segment.text) and _ENTRY.match(group.first.text):
        return True
    if not ends_sentence(group.lines[-1]):
        return False
    indented = segment.x0 > group.left + 0.8 * segment.size and len(group.lines) > 1
    return indented or begins_item(segment) or _set_apart(group.lines, drop)


def _set_apart(lines: Sequence[Segment], drop: float) -> bool:
    """Whether a line stands further below others than these below each other."""
    steps = [after.baseline - before.baseline for before, after in pairwise(lines[-4:])]
    usual = min((step for step in steps if step > 0.5 * lines[0].size), default=drop)
    return drop > _APART * usual


def begins_item(segment: Segment) -> bool:
    """Whether a line begins an item of a list."""
    return len(segment.words) > 2 and bool(_BULLET.match(segment.words[0].text))
