"""Where words of one reading of a paper stand in another: a quote from HTML on the pages of the PDF.

Both print the same words, but not the same characters: lines are broken and hyphenated, dashes and ligatures differ, a
formula is set otherwise. So text is compared without blanks, dashes and quotation marks, and a quote may differ in a
small share of its characters. Rows of tables are compared cell for cell.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from extractors.documents.model import Document, TableCell, Word, quote_of_row, union_of
from extractors.facts.evidence import QUOTE_LIMIT, Box

_IGNORED = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212'\"\u2018-\u201f^|]+")
_ALIKE = str.maketrans({"×": "x", "∼": "~", "∗": "*", "⋅": "·", "µ": "μ"})
_LEAST = 0.88
"""Share of a quote's characters that must be found in order."""
_ROW_SHARE = 0.75
"""Share of a row's cells that must be found."""
_SEED = 9
"""Characters that must be the same somewhere, for an approximate search to begin there."""
_TELLING = 14
"""Shorter quotes are found only where they occur once."""
_PART = 0.6
"""Share of a quote that is looked for where the whole is not found."""
_TRIES = 4
"""Places at which an approximate search looks closely."""
_SEED_PLACES = 40
"""Places of one seed that are looked at; what occurs more often tells nothing."""
_JOINT = " | "
_GOES_ON_BEFORE = re.compile(r"(?:\w|\d[.,])$")
_GOES_ON_BEHIND = re.compile(r"\w|[.,]\d")
"""A word or a number that a span would cut."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quote, found."""

    words: tuple[Word, ...]
    """The words that it covers on one page, in reading order."""
    row: tuple[TableCell, ...] = ()
    """The cells of its row, for the quote of a row."""

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.words[0].box.page

    @property
    def box(self) -> Box:
        """The box around it."""
        return union_of([word.box for word in self.words])

    def narrowed(self, printed: str) -> tuple[Box, str]:
        """Box and quote of a value within it: of its words where they can be told, else of all.

        Of equal words of a text those nearest to the middle are meant, as quotes grow evenly to both sides; among
        equal cells of a row none can be preferred.
        """
        wanted = folded(printed)
        if self.row:
            cells = [cell for cell in self.row if wanted and wanted in folded(cell.text)]
            same = [cell for cell in cells if folded(cell.text) == wanted] or cells
            cell = same[0] if len(same) == 1 else self.row[-1]
            return (cell.box if len(same) == 1 else self.box), quote_of_row(self.row, cell)
        quote = " ".join(word.quoted for word in self.words)[:QUOTE_LIMIT].strip()
        inside = _middle(self.words, wanted)
        return (union_of([word.box for word in inside]) if inside else self.box), quote


def locate(quote: str, document: Document) -> tuple[int, Box] | None:
    """Page and box of a verbatim quote in a document, or None where it is not found.

    Args:
        quote: words as another reading of the same paper prints them; cells of a row joined by ` | `.
        document: where to look; a reading with geometry.
    """
    found = Places(document).find(quote)
    return (found.page, found.box) if found else None


def folded(text: str) -> str:
    """Text as it is compared: without blanks, dashes and quotation marks, in lower case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_ALIKE)


class Places:
    """The words of a document, prepared for searching.

    Args:
        document: where to search.
        within: which words count, as those of a page; by default all.
    """

    def __init__(self, document: Document, within: Callable[[Word], bool] | None = None) -> None:
        cells = [cell for table in document.tables for row in table.rows for cell in row if cell]
        streams = chain(
            (paragraph.words for paragraph in document.paragraphs), (cell.words for cell in cells)
        )
        self._words = [word for words in streams for word in words if within is None or within(word)]
        self._texts = [folded(word.text) for word in self._words]
        self._starts = list(_offsets(self._texts))
        self._text = "".join(self._texts)
        rows = (tuple(filter(None, row)) for table in document.tables for row in table.rows)
        kept = (row for row in rows if row and (within is None or within(row[0].words[0])))
        self._rows = [(row, [folded(cell.text) for cell in row]) for row in kept]

    def find(self, quote: str) -> Found | None:
        """Where a quote stands: exactly, or nearly."""
        if _JOINT in quote and (row := self._row(quote.split(_JOINT))):
            return row
        wanted = folded(quote)
        if not wanted:
            return None
        spans = map(self._span, _parts(wanted))
        span = next((span for span in spans if span), None)
        return self._found(*span) if span else None

    def exactly(self, quote: str) -> tuple[Found, ...]:
        """All places where a quote stands letter for letter, in whole words and numbers; none for a quote of signs alone."""
        wanted = folded(quote)
        if not wanted:
            return ()
        if _JOINT in quote and (rows := self._same_rows(quote.split(_JOINT))):
            return rows
        spans = ((m.start(), m.start() + len(wanted)) for m in re.finditer(re.escape(wanted), self._text))
        return tuple(self._found(*span) for span in spans if self._is_whole(*span))

    def nearest(self, quote: str) -> tuple[float, Found] | None:
        """As many words as a quote has that are most like it, and how like from 0 to 1; None where there is nothing."""
        wanted, number = folded(quote), len(quote.split())
        if not wanted:
            return None
        compared = SequenceMatcher(None, "", wanted, autojunk=False)
        best, at = 0.0, -1
        for first in range(len(self._words) - number + 1):
            compared.set_seq1("".join(self._texts[first : first + number]))
            if compared.real_quick_ratio() <= best or compared.quick_ratio() <= best:
                continue
            if (share := compared.ratio()) > best:
                best, at = share, first
        if at < 0:
            return None
        page = self._words[at].box.page
        return best, Found(tuple(word for word in self._words[at : at + number] if word.box.page == page))

    def _same_rows(self, printed: Sequence[str]) -> tuple[Found, ...]:
        """The rows that hold all of the cells, in their order."""
        parts = [part for part in map(folded, printed) if part]
        same = [row for row, texts in self._rows if _matched(parts, texts) == len(parts)]
        return tuple(Found(tuple(word for cell in row for word in cell.words), row) for row in same)

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether a span begins and ends where words or numbers do, and not within `128` or `3.5`."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        before = self._text[self._starts[first] : start]
        behind = self._text[end : self._starts[last] + len(self._texts[last])]
        return not (_GOES_ON_BEFORE.search(before) or _GOES_ON_BEHIND.match(behind))

    def _span(self, wanted: str) -> tuple[int, int] | None:
        """Where text stands, exactly or nearly; short text only where it occurs once."""
        start = self._text.find(wanted)
        if start < 0:
            return self._nearly(wanted)
        if len(wanted) < _TELLING and self._text.find(wanted, start + 1) >= 0:
            return None
        return start, start + len(wanted)

    def _row(self, printed: Sequence[str]) -> Found | None:
        """The row that holds most of the cells, in their order."""
        parts = [part for part in map(folded, printed) if part]
        best, texts = max(self._rows, key=lambda row: _matched(parts, row[1]), default=((), []))
        if not parts or _matched(parts, texts) < _ROW_SHARE * len(parts):
            return None
        return Found(tuple(word for cell in best for word in cell.words), best)

    def _nearly(self, wanted: str) -> tuple[int, int] | None:
        """The span of text that is most like what is wanted, if it is like it at all."""
        spans = [self._compared(wanted, start) for start in self._candidates(wanted)]
        score, start, end = max(spans, default=(0.0, 0, 0))
        return (start, end) if score >= _LEAST else None

    def _candidates(self, wanted: str) -> list[int]:
        """Where it may begin: the places on which most of its pieces agree."""
        votes: Counter[int] = Counter()
        for offset in range(0, len(wanted) - _SEED + 1, _SEED):
            for place in _places(self._text, wanted[offset : offset + _SEED]):
                votes[max(place - offset, 0) // _SEED] += 1
        return [bucket * _SEED for bucket, _ in votes.most_common(_TRIES)]

    def _compared(self, wanted: str, start: int) -> tuple[float, int, int]:
        """How much of what is wanted stands around a place, and from where to where."""
        slack = len(wanted) // 8 + 2 * _SEED
        first = max(start - slack, 0)
        window = self._text[first : start + len(wanted) + slack]
        blocks = [
            block
            for block in SequenceMatcher(None, wanted, window, autojunk=False).get_matching_blocks()
            if block.size > 2
        ]
        if not blocks:
            return 0.0, 0, 0
        begin, end = blocks[0].b, blocks[-1].b + blocks[-1].size
        share = sum(block.size for block in blocks) / max(len(wanted), end - begin)
        return share, first + begin, first + end

    def _found(self, start: int, end: int) -> Found:
        """The words of a span, on the page that holds most of them."""
        first = bisect_right(self._starts, start) - 1
        words = self._words[first : bisect_right(self._starts, end - 1)]
        page = Counter(word.box.page for word in words).most_common(1)[0][0]
        return Found(tuple(word for word in words if word.box.page == page))


def _parts(wanted: str) -> Iterator[str]:
    """A quote, and its parts that hold its middle: on pages a float or a note may stand in between."""
    yield wanted
    part = round(_PART * len(wanted))
    if part >= 2 * _TELLING:
        yield wanted[:part]
        yield wanted[-part:]


def _offsets(texts: Iterable[str]) -> Iterator[int]:
    """Where each text begins when all stand one after the other."""
    length = 0
    for text in texts:
        yield length
        length += len(text)


def _places(text: str, piece: str) -> Iterator[int]:
    """Where a piece occurs, unless it occurs too often to tell anything."""
    found = [
        match.start()
        for match, _ in zip(re.finditer(re.escape(piece), text), range(_SEED_PLACES + 1), strict=False)
    ]
    yield from found if len(found) <= _SEED_PLACES else ()


def _matched(parts: Sequence[str], texts: Sequence[str]) -> float:
    """How many of the parts are cells of a row in this order; half for one within a cell."""
    count, column = 0.0, 0
    for part in parts:
        same = next((at for at in range(column, len(texts)) if texts[at] == part), None)
        within = next((at for at in range(column, len(texts)) if len(part) > 1 and part in texts[at]), None)
        if same is not None:
            count, column = count + 1, same + 1
        elif within is not None:
            count, column = count + 0.5, within
    return count


def _middle(words: Sequence[Word], wanted: str) -> tuple[Word, ...]:
    """The words that hold what is wanted, nearest to the middle; none where they do not."""
    texts = [folded(word.text) for word in words]
    starts, text = list(_offsets(texts)), "".join(texts)
    if not wanted or wanted not in text:
        return ()
    places = [match.start() for match in re.finditer(re.escape(wanted), text)]
    start = min(places, key=lambda place: abs(2 * place + len(wanted) - len(text)))
    return tuple(words[bisect_right(starts, start) - 1 : bisect_right(starts, start + len(wanted) - 1)])
