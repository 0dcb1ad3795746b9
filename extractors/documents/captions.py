"""Captions of a page, and the tables that they name.

A caption is a line that begins with a label, set apart from running text, with the lines that go on below it. Where a
table stands is decided in `documents.tables`; which table belongs to which caption, here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

from extractors.documents.characters import Bar, Rule
from extractors.documents.extents import Region
from extractors.documents.model import Paragraph, Table, compose, union_of
from extractors.documents.panels import around, has_labels, panels_apart, panels_beside
from extractors.documents.structure import CAPTION, label_of
from extractors.documents.tables import find_regions, make_table, regions_aside, side_of
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

_APART = 2.5
"""Type sizes between two pieces of one line of a caption at most."""
_CELL_WORDS = 4
"""Words of the cell at the beginning of a table's first row at most."""
_CELL_GAP = 60.0
"""Points between that cell and the next at most, where this stands beyond the caption."""
_FURTHER = 1.12
"""Distance from which a line stands further below than others, as a share of theirs."""
_LOOSE = 1.27
"""Type sizes between two lines from which they may be of two blocks."""
_ROOM = 0.6
"""Share of the type size between a cell's text and the lines around it at most."""


def table_side(pages: Sequence[RawPage], body: float) -> int:
    """Where most of a paper's tables stand: 1 below their captions, -1 above; 0 where it cannot be told."""
    votes = 0
    for page in pages:
        captions, rest = find_captions(page.segments, body, page.rules)
        boxes = [box_of(lines) for lines in captions]
        for index, lines in enumerate(captions):
            if label_of(lines[0].text).startswith("Table"):
                others = [box for other, box in enumerate(boxes) if other != index]
                sides = {
                    side_of(r, boxes[index])
                    for r in find_regions(boxes[index], others, rest, page.rules, bars=page.bars)
                }
                votes += sum(sides) if len(sides) == 1 else 0
    return (votes > 0) - (votes < 0)


def find_captions(
    kept: Sequence[Segment], body: float, rules: Sequence[Rule] = ()
) -> tuple[list[tuple[Segment, ...]], list[Segment]]:
    """Captions with all their lines, and the other segments.

    Args:
        kept: a page's segments.
        body: size of the paper's text.
        rules: the page's horizontal lines; a label between two of them is a table's cell.
    """
    captions: list[tuple[Segment, ...]] = []
    rest: list[Segment] = []
    lines: list[Segment] = []
    before: Segment | None = None
    for segment, behind in zip(kept, [*kept[1:], None], strict=False):
        if _begins_caption(segment, before, body) and not _is_ruled_in(segment, rules):
            if lines:
                captions.append(tuple(lines))
            lines = [segment]
        elif (
            lines
            and _goes_on(lines, segment)
            and not _is_ruled_off(lines[-1], segment, rules)
            and not (behind and _heads_row(lines, segment, behind))
        ):
            lines.append(segment)
        else:
            if lines:
                captions.append(tuple(lines))
                lines = []
            rest.append(segment)
        before = segment
    if lines:
        captions.append(tuple(lines))
    return captions, rest


def _begins_caption(segment: Segment, before: Segment | None, body: float) -> bool:
    """Whether a segment begins a caption, rather than a line of text that happens to begin with `Table 3`."""
    found = CAPTION.match(segment.text)
    if not found:
        return False
    ends = found.end() >= len(segment.text.strip()) and not (before is not None and _in_row(before, segment))
    set_apart = found["mark"] or segment.words[0].bold or ends or abs(segment.size - body) > 0.04 * body
    return bool(set_apart) and not (
        before is not None and _directly_below(before, segment) and not ends_sentence(before)
    )


def _is_ruled_in(segment: Segment, rules: Sequence[Rule]) -> bool:
    """Whether lines that reach beyond a segment run close above and close below it."""
    over = [r.y - segment.baseline for r in rules if r.x0 < segment.x0 - 4 and r.x1 > segment.x1 + 4]
    room = _ROOM * segment.size
    return any(-segment.size - room < y < -0.5 * segment.size for y in over) and any(
        0 < y < room for y in over
    )


def _is_ruled_off(before: Segment, segment: Segment, rules: Sequence[Rule]) -> bool:
    """Whether a line runs between two segments and over all of the second, as above the first row of a table."""
    return any(
        before.baseline < r.y < segment.baseline - 0.5 * segment.size
        and r.x0 < segment.x0 + 4
        and r.x1 > segment.x1 - 4
        for r in rules
    )


def _in_row(before: Segment, segment: Segment) -> bool:
    """Whether a segment stands to the right of the one before it, as a cell that names another table does."""
    return abs(before.baseline - segment.baseline) < 0.3 * segment.size and before.x1 < segment.x0


def _directly_below(before: Segment, segment: Segment) -> bool:
    drop = segment.baseline - before.baseline
    alike = abs(before.size - segment.size) < 0.03 * before.size
    return alike and 0 < drop < 1.6 * segment.size and abs(before.x0 - segment.x0) < 2.5 * segment.size


def ends_sentence(segment: Segment) -> bool:
    """Whether a line ends as a sentence does."""
    return segment.text.rstrip().endswith((".", ":", "!", "?"))


def _heads_row(lines: Sequence[Segment], segment: Segment, behind: Segment) -> bool:
    """Whether a short piece of text below a caption's lines is a row's first cell: another stands behind it."""
    left, right = min(s.x0 for s in lines), max(s.x1 for s in lines)
    short = len(segment.words) <= _CELL_WORDS and segment.x1 - segment.x0 < 0.5 * (right - left)
    beside = abs(behind.baseline - segment.baseline) < 0.3 * segment.size
    gap = behind.x0 - segment.x1
    cell = _APART * segment.size < gap and (gap < _CELL_GAP or behind.x1 < right)
    return short and beside and cell and segment.baseline > lines[-1].baseline + 0.3 * segment.size


def _goes_on(lines: Sequence[Segment], segment: Segment) -> bool:
    """Whether a segment is the next line of a caption, or the next piece of its line."""
    last, first = lines[-1], lines[0]
    if abs(segment.size - first.size) > 0.05 * first.size:
        return False
    drop = segment.baseline - last.baseline
    if abs(drop) < 0.3 * last.size:
        return -0.5 * last.size < segment.x0 - last.x1 < _APART * last.size
    within = segment.x0 < max(s.x1 for s in lines) and segment.x1 > min(s.x0 for s in lines)
    near = 0 < drop < 1.5 * last.size
    alone = len(segment.words) > 3 or last.x1 - last.x0 > 0.8 * (
        max(s.x1 for s in lines) - min(s.x0 for s in lines)
    )
    return near and within and alone and not _ended(lines, segment, drop)


def _ended(lines: Sequence[Segment], segment: Segment, drop: float) -> bool:
    """Whether a caption ended with its last line: what follows stands further below than its lines below each other.

    Of one line nothing tells how far these stand; then it is its end where the next word had room on it.
    """
    steps = [b.baseline - a.baseline for a, b in pairwise(lines) if b.baseline - a.baseline > 0.5 * b.size]
    if steps:
        return drop > _FURTHER * max(steps)
    last, word = lines[-1], segment.words[0].box
    room = last.x1 + (word.x1 - word.x0) + 0.3 * last.size < segment.x1
    label = CAPTION.match(last.text)
    alone = label is not None and label.end() >= len(last.text.strip())
    return drop > _LOOSE * last.size and room and not alone


def tables_of(
    page: RawPage, captions: Sequence[tuple[Segment, ...]], rest: Sequence[Segment], side: int
) -> tuple[tuple[Table, ...], set[int]]:
    """The tables of a page's table captions, and the identities of the segments that stand in them.

    Each caption takes what stands above or below it, then those without a table what stands at their sides; panels with
    lines of their own are given out last, when it is known what belongs to other captions.
    """
    found = _Found(page, captions, rest)
    for look in (partial(find_regions, side=side), regions_aside):
        for at in found.without_table():
            found.take(at, look)
    for at in tuple(found.tables):
        found.take_panels(at)
    return found.all(), found.claimed


Look = Callable[..., Iterable[Region]]
"""A way of looking for regions, as `find_regions` and `regions_aside` are."""


class _Found:
    """The tables of a page by the position of their captions, while they are being given out."""

    def __init__(
        self, page: RawPage, captions: Sequence[tuple[Segment, ...]], rest: Sequence[Segment]
    ) -> None:
        self._page, self._captions, self._rest = page, captions, rest
        self._boxes = [box_of(lines) for lines in captions]
        self._regions: dict[int, list[Region]] = {}
        self.tables: dict[int, list[Table]] = {}
        self.claimed: set[int] = set()

    def without_table(self) -> list[int]:
        """The captions of tables that have none yet."""
        named = (at for at, lines in enumerate(self._captions) if label_of(lines[0].text).startswith("Table"))
        return [at for at in named if at not in self.tables]

    def all(self) -> tuple[Table, ...]:
        """All tables in the order of their captions, panels in the order in which they are read."""
        return tuple(
            table
            for _, tables in sorted(self.tables.items())
            for table in sorted(tables, key=lambda table: (round(table.box.top), table.box.x0))
        )

    def take(self, at: int, look: Look) -> None:
        """Give a caption the table in the first region that has one, with the panels beside it."""
        free, others, box = self._free(), self._others(at), self._boxes[at]
        read = self._reader(at, free)
        for region in look(box, others, free, self._page.rules, bars=self._page.bars):
            if table := read(region):
                panels = panels_beside(region, box, others, self._page.rules)
                self._claim(at, _of_panels(table, region, panels, read), [region, *panels])
                return

    def take_panels(self, at: int) -> None:
        """Give a caption the panels near its table that have lines of their own."""
        taken = [region for regions in self._regions.values() for region in regions]
        free = self._free()
        read = self._reader(at, free)
        panels = panels_apart(self._regions[at], self._boxes[at], self._others(at), free, self._page, taken)
        for panel in panels:
            if table := read(panel):
                self._claim(at, [table], [panel])

    def _free(self) -> list[Segment]:
        return [s for s in self._rest if id(s) not in self.claimed]

    def _others(self, at: int) -> list[Box]:
        return [box for other, box in enumerate(self._boxes) if other != at]

    def _reader(self, at: int, free: Sequence[Segment]) -> Callable[[Region], Table | None]:
        words = [*free, *self._page.labels]
        return partial(_table, self._captions[at], self._boxes[at], free=words, bars=self._page.bars)

    def _claim(self, at: int, tables: Sequence[Table], regions: Sequence[Region]) -> None:
        self.tables.setdefault(at, []).extend(tables)
        self._regions.setdefault(at, []).extend(regions)
        self.claimed |= {id(s) for s in self._free() if any(region.holds(s) for region in regions)}


def _of_panels(
    table: Table, region: Region, panels: Sequence[Region], read: Callable[[Region], Table | None]
) -> list[Table]:
    """A table with its panels: as one where none but the first names its rows, else each by itself."""
    if not panels:
        return [table]
    ordered = sorted([region, *panels], key=lambda panel: panel.x0)
    tables = [found for panel in ordered if (found := table if panel is region else read(panel))]
    if any(has_labels(panel, tables[0]) for panel in tables[1:]):
        return tables
    whole = read(around(ordered))
    return [whole] if whole else tables


def box_of(lines: Sequence[Segment]) -> Box:
    """The box around all words of some lines."""
    return union_of([word.box for line in lines for word in line.words])


def _table(
    lines: tuple[Segment, ...], box: Box, region: Region, free: Sequence[Segment], bars: Sequence[Bar]
) -> Table | None:
    words = tuple(word for line in lines for word in line.words)
    text, starts = compose(words)
    caption = Paragraph("caption", "body", "", words, text, starts, label_of(lines[0].text))
    return make_table(caption, box, region, [s for s in free if region.holds(s)], bars)
