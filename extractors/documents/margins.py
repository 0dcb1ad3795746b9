"""What stands around a page's text and is no part of it: running headers, page numbers, line numbers, notices.

Only what returns, counts up, or is worded as a publisher's notice is dropped; a line of the margin that is none of
these stays. The stamp of arXiv, which is turned, is read in `documents.stamp`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

_MARGIN = 0.09
"""Share of the page's height at its top and bottom where running headers and page numbers stand."""
_NOTICE = re.compile(
    r"(?:under review|preprint\b|published as an? |accepted (?:as|at|to|by|for) |to appear in |presented at |submitted to "
    r"|proceedings of the |copyright |©|\(c\) \d{4} |permission to make digital |work in progress\.?$|all rights reserved"
    r"|\d+(?:st|nd|rd|th) (?:international |annual )?(?:conference|workshop|symposium) |draft of |arxiv preprint"
    r"|do not distribute|confidential review copy)",
    re.IGNORECASE,
)
_NOTICE_PLACE = 0.72
"""Share of the page's height below which a first page's notice begins, where it is not in the margin."""
_STEADY = 3.0
"""Points by which a header may stand higher or lower from page to page."""
_CLOSE = 1.7
"""Distance to the line below, in type sizes, that is that of rows."""
_SHORT = (3, 6)
"""Pages of a short paper, on which headers of left and right pages return but once."""
_NAME = 3
"""Words of a title or of authors at least."""
_CELL = 4
"""Words of a table's head cell at most."""
_FEWEST_NUMBERS = 8
"""Numbers in the margin of one page from which they count its lines."""
_NUMBERED = 0.4
"""Share of the page's height that they reach down at least where they do not stand beside text; columns of tables are shorter."""
_NUMBER_ROOM = 0.4
"""Gap between a line's number and its text at least, in type sizes."""

Running = tuple[str, float]
"""A text with its digits made alike, and its baseline."""


def running(pages: Sequence[RawPage]) -> frozenset[Running]:
    """What returns from page to page in the margins at one height, with digits made alike, and titles and authors there."""
    places: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        for text, at in {(_alike(s.text), s.baseline) for s in _margin(page)}:
            places[text].append(at)
    fewest = max(2 if _SHORT[0] <= len(pages) <= _SHORT[1] else 3, 0.3 * len(pages))
    return _named(pages) | {
        (text, at)
        for text, found in places.items()
        for at in found
        if len(found) >= fewest and sum(abs(other - at) < _STEADY for other in found) >= fewest
    }


def _named(pages: Sequence[RawPage]) -> frozenset[Running]:
    """Lines of later pages' margins that say a line of the first page: the title or its authors."""
    outside = {id(s) for page in pages[:1] for s in _margin(page)}
    first = {s.text.casefold() for page in pages[:1] for s in page.segments if id(s) not in outside}
    return frozenset(
        (_alike(s.text), s.baseline)
        for page in pages[1:]
        for s in _margin(page)
        if len(s.words) >= _NAME and s.text.casefold() in first
        if not _close_above(s, page.segments)
    )


def without_margins(page: RawPage, body: float, repeated: AbstractSet[Running]) -> list[Segment]:
    """The segments of a page that are neither header, footer, page number, notice nor number of a line.

    Args:
        page: the page.
        body: size of the paper's text.
        repeated: running headers, as `running` gives them.
    """
    aside = {id(s) for s in _margin(page) if _is_running(s, page, body, repeated)}
    within = [s for s in page.segments if id(s) not in aside]
    kept = [s for s in page.segments if id(s) not in aside or _heads_rows(s, within)]
    return _without_notice(_without_numbers(kept, page.height), page, body)


def _heads_rows(segment: Segment, within: Sequence[Segment]) -> bool:
    """Whether a line that returns stands close above others, as the head of a table does; a header stands off."""
    if segment.text.isdecimal() or len(segment.words) > _CELL:
        return False
    return _close_above(segment, within)


def _close_above(segment: Segment, others: Sequence[Segment]) -> bool:
    return any(
        0.5 * segment.size < other.baseline - segment.baseline < _CLOSE * segment.size
        and other.x0 < segment.x1 + segment.size
        and other.x1 > segment.x0 - segment.size
        for other in others
    )


def _margin(page: RawPage) -> list[Segment]:
    """The segments at the top and bottom of a page."""
    top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
    return [s for s in page.segments if not top < s.baseline < bottom]


def _alike(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _is_running(segment: Segment, page: RawPage, body: float, repeated: AbstractSet[Running]) -> bool:
    """Whether a line of the margin is a header or a page number; the title stands in large type and returns as header."""
    if page.number == 1 and segment.size > 1.15 * body:
        return False
    text, at = _alike(segment.text), segment.baseline
    returns = any(text == other and abs(at - place) < _STEADY for other, place in repeated)
    if returns or re.fullmatch(r"\W*\d{1,3}\W*", segment.text):
        return True
    return bool(_NOTICE.match(segment.text)) and segment.size < 1.05 * body


def _without_notice(segments: list[Segment], page: RawPage, body: float) -> list[Segment]:
    """Segments without the notice at the foot of a first page, all of its lines."""
    if page.number != 1:
        return segments
    kept: list[Segment] = []
    last: Segment | None = None
    for segment in segments:
        low = segment.baseline > _NOTICE_PLACE * page.height and segment.size < 0.97 * body
        begins = low and bool(_NOTICE.match(segment.text))
        if begins or (last is not None and _next_line(last, segment)):
            last = segment
        else:
            last = None
            kept.append(segment)
    return kept


def _next_line(last: Segment, segment: Segment) -> bool:
    drop = segment.baseline - last.baseline
    same = abs(segment.size - last.size) < 0.04 * last.size and segment.words[0].script == "normal"
    return (
        same
        and -0.1 <= drop < 1.5 * last.size
        and segment.x0 < last.x1 + 2 * last.size
        and segment.x1 > last.x0
    )


def _without_numbers(segments: list[Segment], height: float) -> list[Segment]:
    """Segments without the numbers that count a review copy's lines, alone or before (behind) a line's text."""
    for end in (0, -1):
        counting = _counting(segments, end, height)
        if counting:
            segments = [kept for s in segments if (kept := _cut(s, end, counting))]
    return segments


def _counting(segments: Sequence[Segment], end: int, height: float) -> frozenset[int]:
    """Identities of the segments that begin (end) with a number of a column of rising numbers at the text's side."""
    numbered = [s for s in segments if _set_off(s, end)]
    if len(numbered) < _FEWEST_NUMBERS:
        return frozenset()
    column = max((_flush(numbered, end, side) for side in (0, 1)), key=len)
    column.sort(key=lambda s: s.baseline)
    values = [int(s.words[end].text) for s in column]
    steps = Counter(after - before for before, after in pairwise(values))
    step, times = steps.most_common(1)[0] if steps else (0, 0)
    rising = len(column) >= _FEWEST_NUMBERS and step in (1, 5) and times >= 0.9 * len(column) - 1
    tall = column[-1].baseline - column[0].baseline > _NUMBERED * height
    outside = (
        rising and (tall or _beside_text(column, segments)) and _outside(segments, column[0].words[end].box)
    )
    return frozenset(id(s) for s in column) if outside else frozenset()


def _beside_text(column: Sequence[Segment], segments: Sequence[Segment]) -> bool:
    """Whether most numbers stand beside lines of text rather than beside cells."""
    lines = [s.baseline for s in segments if len(s.words) > _CELL]
    beside = sum(any(abs(y - number.baseline) < 0.6 * number.size for y in lines) for number in column)
    return 2 * beside > len(column)


def _flush(numbered: Sequence[Segment], end: int, side: int) -> list[Segment]:
    """Those of numbers whose left (right) edges stand below each other."""
    edges = [(s.words[end].box.x0, s.words[end].box.x1)[side] for s in numbered]
    most = Counter(round(edge) for edge in edges).most_common(1)[0][0]
    return [s for s, edge in zip(numbered, edges, strict=True) if abs(edge - most) < 1.5]


def _set_off(segment: Segment, end: int) -> bool:
    words = segment.words
    if not (words[end].text.isdecimal() and len(words[end].text) <= 4):
        return False
    if len(words) == 1:
        return True
    gap = words[1].box.x0 - words[0].box.x1 if end == 0 else words[-1].box.x0 - words[-2].box.x1
    return gap > _NUMBER_ROOM * segment.size


def _outside(segments: Sequence[Segment], number: Box) -> bool:
    """Whether no text stands on both sides of a column of numbers: tables and plots have such within."""
    left = sum(s.x0 < number.x0 - 12 for s in segments)
    right = sum(s.x1 > number.x1 + 12 for s in segments)
    return min(left, right) <= 0.03 * len(segments)


def _cut(segment: Segment, end: int, counting: frozenset[int]) -> Segment | None:
    if id(segment) not in counting:
        return segment
    words = segment.words[1:] if end == 0 else segment.words[:-1]
    return Segment(words, segment.baseline, max(word.size for word in words)) if words else None
