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

from extractors.documents.captions import box_of, ends_sentence, find_captions, tables_of
from extractors.documents.continued import part_at_top, unfinished
from extractors.documents.model import ParagraphKind, Table, Word
from extractors.documents.structure import Block, is_heading, label_of
from extractors.documents.words import RawPage, Segment

_PITCH = 1.75
"""Line pitches up to which a line belongs to the block above, in type sizes."""
_MARGIN = 0.085
"""Share of the page's height at its top and bottom where running headers and page numbers stand."""
_FOOTNOTE_SIZE = 0.93


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A page's blocks in reading order, and its tables."""

    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    grown: Table | None = None
    """The table with which the page before ended, with what goes on of it here."""
    ending: Table | None = None
    """The table, of its own or grown, with which the page ends and which may go on over it."""


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


def lay_out(
    page: RawPage, body: float, repeated: frozenset[str], side: int = 0, before: Table | None = None
) -> LaidOut:
    """The blocks and tables of a page.

    Args:
        page: the page.
        body: size of the paper's text.
        repeated: texts of running headers, as `running` gives them.
        side: where the paper's tables stand, as `table_side` gives it.
        before: the table with which the page before ended, if one did.
    """
    kept = [s for s in page.segments if not (_in_margin(s, page) and _is_running(s, page, body, repeated))]
    captions, rest = find_captions(kept, body)
    part = part_at_top(before, page, rest, [box_of(lines) for lines in captions]) if before else None
    rest = [s for s in rest if part is None or id(s) not in part.claimed]
    tables, claimed = tables_of(page, captions, rest, side)
    free = [s for s in rest if id(s) not in claimed]
    blocks = _blocks(free, page, body)
    marked = [Block(lines, "caption", page.height, label_of(lines[0].text)) for lines in captions]
    grown = part.table if part else None
    ending = unfinished([*tables, *([grown] if grown else [])], blocks, page)
    return LaidOut((*blocks, *marked), tables, grown, ending)


def _is_running(segment: Segment, page: RawPage, body: float, repeated: frozenset[str]) -> bool:
    """Whether a line of the margin is a header or a page number; the title stands in large type and returns as header."""
    if page.number == 1 and segment.size > 1.15 * body:
        return False
    return _alike(segment.text) in repeated or bool(re.fullmatch(r"\W*\d{1,3}\W*", segment.text))


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
    return not (indented and ends_sentence(last))


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
