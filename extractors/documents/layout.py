"""One page from segments to blocks and tables: margins dropped, captions found, tables cut out, lines put together.

The order of the content stream is kept. A line belongs to the block above it if it stands one line pitch below, in the
same type, under the block's own width; whatever differs begins a new block.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.documents.characters import Bar, Rule
from extractors.documents.model import Paragraph, ParagraphKind, Table, Word, compose, union_of
from extractors.documents.structure import CAPTION, Block, is_heading, label_of
from extractors.documents.tables import Region, find_regions, make_table, side_of
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

_PITCH = 1.75
"""Line pitches up to which a line belongs to the block above, in type sizes."""
_MARGIN = 0.085
"""Share of the page's height at its top and bottom where running headers and page numbers stand."""
_FOOTNOTE_SIZE = 0.93


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it was read."""

    number: int
    width: float
    height: float
    segments: tuple[Segment, ...]
    rules: tuple[Rule, ...]
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A page's blocks in reading order, and its tables."""

    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]


def body_size(pages: Iterable[RawPage]) -> float:
    """The size of most of the text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for segment in page.segments:
            sizes[round(segment.size, 1)] += len(segment.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def running(pages: Sequence[RawPage]) -> frozenset[str]:
    """Texts of the margins that return from page to page, with digits made alike."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_alike(s.text) for s in page.segments if _in_margin(s, page)})
    return frozenset(text for text, count in seen.items() if count >= max(3, 0.3 * len(pages)))


def _in_margin(segment: Segment, page: RawPage) -> bool:
    return not _MARGIN * page.height < segment.baseline < (1 - _MARGIN) * page.height


def _alike(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def table_side(pages: Sequence[RawPage], body: float) -> int:
    """Where most of a paper's tables stand: 1 below their captions, -1 above; 0 where it cannot be told."""
    votes = 0
    for page in pages:
        captions, rest = _captions(page.segments, body)
        boxes = [_box(lines) for lines in captions]
        for index, lines in enumerate(captions):
            if label_of(lines[0].text).startswith("Table"):
                others = [box for other, box in enumerate(boxes) if other != index]
                sides = {
                    side_of(r, boxes[index]) for r in find_regions(boxes[index], others, rest, page.rules)
                }
                votes += sum(sides) if len(sides) == 1 else 0
    return (votes > 0) - (votes < 0)


def lay_out(page: RawPage, body: float, repeated: frozenset[str], side: int = 0) -> LaidOut:
    """The blocks and tables of a page.

    Args:
        page: the page.
        body: size of the paper's text.
        repeated: texts of running headers, as `running` gives them.
        side: where the paper's tables stand, as `table_side` gives it.
    """
    kept = [s for s in page.segments if not (_in_margin(s, page) and _is_running(s, page, body, repeated))]
    captions, rest = _captions(kept, body)
    tables, claimed = _tables(page, captions, rest, side)
    free = [s for s in rest if id(s) not in claimed]
    blocks = _blocks(free, page, body)
    marked = [Block(lines, "caption", page.height, label_of(lines[0].text)) for lines in captions]
    return LaidOut((*blocks, *marked), tables)


def _is_running(segment: Segment, page: RawPage, body: float, repeated: frozenset[str]) -> bool:
    """Whether a line of the margin is a header or a page number; the title stands in large type and returns as header."""
    if page.number == 1 and segment.size > 1.15 * body:
        return False
    return _alike(segment.text) in repeated or bool(re.fullmatch(r"\W*\d{1,3}\W*", segment.text))


def _captions(kept: Sequence[Segment], body: float) -> tuple[list[tuple[Segment, ...]], list[Segment]]:
    """Captions with all their lines, and the other segments."""
    captions: list[tuple[Segment, ...]] = []
    rest: list[Segment] = []
    lines: list[Segment] = []
    before: Segment | None = None
    for segment in kept:
        if _begins_caption(segment, before, body):
            if lines:
                captions.append(tuple(lines))
            lines = [segment]
        elif lines and _goes_on(lines, segment):
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
        before is not None and _directly_below(before, segment) and not _stops(before)
    )


def _in_row(before: Segment, segment: Segment) -> bool:
    """Whether a segment stands to the right of the one before it, as a cell that names another table does."""
    return abs(before.baseline - segment.baseline) < 0.3 * segment.size and before.x1 < segment.x0


def _directly_below(before: Segment, segment: Segment) -> bool:
    drop = segment.baseline - before.baseline
    alike = abs(before.size - segment.size) < 0.03 * before.size
    return alike and 0 < drop < 1.6 * segment.size and abs(before.x0 - segment.x0) < 2.5 * segment.size


def _stops(segment: Segment) -> bool:
    return segment.text.rstrip().endswith((".", ":", "!", "?"))


def _goes_on(lines: Sequence[Segment], segment: Segment) -> bool:
    """Whether a segment is the next line of a caption, or the next piece of its line."""
    last, first = lines[-1], lines[0]
    if abs(segment.size - first.size) > 0.05 * first.size:
        return False
    drop = segment.baseline - last.baseline
    if abs(drop) < 0.3 * last.size:
        return -0.5 * last.size < segment.x0 - last.x1 < 2.5 * last.size
    within = segment.x0 < max(s.x1 for s in lines) and segment.x1 > min(s.x0 for s in lines)
    near = 0 < drop < 1.5 * last.size
    alone = len(segment.words) > 3 or last.x1 - last.x0 > 0.8 * (
        max(s.x1 for s in lines) - min(s.x0 for s in lines)
    )
    return near and within and alone


def _tables(
    page: RawPage, captions: Sequence[tuple[Segment, ...]], rest: Sequence[Segment], side: int
) -> tuple[tuple[Table, ...], set[int]]:
    """The tables of a page's table captions, and the identities of the segments that stand in them."""
    boxes = [_box(lines) for lines in captions]
    found: list[Table] = []
    claimed: set[int] = set()
    for index, lines in enumerate(captions):
        if not label_of(lines[0].text).startswith("Table"):
            continue
        free = [s for s in rest if id(s) not in claimed]
        others = [box for other, box in enumerate(boxes) if other != index]
        for region in find_regions(boxes[index], others, free, page.rules, side):
            if table := _table(lines, boxes[index], region, free):
                found.append(table)
                claimed |= {id(s) for s in free if region.holds(s)}
                break
    return tuple(found), claimed


def _box(lines: Sequence[Segment]) -> Box:
    return union_of([word.box for line in lines for word in line.words])


def _table(lines: tuple[Segment, ...], box: Box, region: Region, free: Sequence[Segment]) -> Table | None:
    words = tuple(word for line in lines for word in line.words)
    text, starts = compose(words)
    caption = Paragraph("caption", "body", "", words, text, starts, label_of(lines[0].text))
    return make_table(caption, box, region, [s for s in free if region.holds(s)])


def _blocks(free: Sequence[Segment], page: RawPage, body: float) -> list[Block]:
    """Lines put together to blocks, in stream order."""
    groups: list[list[Segment]] = []
    for segment in free:
        heading = is_heading(segment.text, segment.size, body, bold=segment.bold)
        if groups and _belongs(groups[-1], segment, body, heading=heading):
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return [Block(tuple(g), _kind(g, page, body), page.height) for g in groups]


def _belongs(group: Sequence[Segment], segment: Segment, body: float, *, heading: bool) -> bool:
    last = group[-1]
    drop = segment.baseline - last.baseline
    if abs(drop) < 0.35 * last.size and 0 <= segment.x0 - last.x1 + 1 < 6 * last.size:
        return True
    if abs(segment.size - last.size) > 0.07 * last.size or not 0 < drop < _PITCH * segment.size:
        return False
    was_heading = is_heading(group[0].text, group[0].size, body, bold=group[0].bold)
    if heading or was_heading:
        return heading and was_heading and not re.match(r"\d|[A-Z]\.?\s", segment.text)
    left, right = min(s.x0 for s in group), max(s.x1 for s in group)
    if segment.x0 > right or segment.x1 < left:
        return False
    indented = segment.x0 > left + 0.8 * segment.size and len(group) > 1
    return not (indented and _stops(last))


def _kind(group: Sequence[Segment], page: RawPage, body: float) -> ParagraphKind:
    first = group[0]
    if len(group) <= 2 and is_heading(_text(group), first.size, body, bold=all(s.bold for s in group)):
        return "heading"
    low = first.baseline > 0.55 * page.height
    small = median(s.size for s in group) < _FOOTNOTE_SIZE * body
    return "footnote" if low and small and _marked(first.words[0]) else "text"


def _marked(word: Word) -> bool:
    return word.script == "super" or bool(re.match(r"[*†‡§\d]", word.text))


def _text(group: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in group)
