"""Tables that print a row of another table again, as studies and appendices do: what one says of its numbers holds for both.

A table whose caption says only what is compared takes its benchmark, metric and split from one whose caption tells
them, where so many numbers of a row are the same that this is no accident.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from extractors.documents.model import Table
from extractors.tables.numbers import scores_in
from extractors.tables.rows import Row

_SAME = 3
"""So many different decimals of a row in another table's row are no accident."""
_ROUND = 1e-6
_Place = tuple[int, int]
"""A table and a row in it, by their positions."""


class Repeats:
    """Which tables of a paper print rows of which others."""

    def __init__(self, tables: Iterable[tuple[Table, Sequence[Row]]]) -> None:
        self._tables = tuple(tables)

    @cached_property
    def _rows(self) -> Mapping[_Place, frozenset[float]]:
        """The decimals of each row: read only where they are asked for, since most captions say what is measured."""
        return {
            (index, row.index): _decimals(row) for index, (_, rows) in enumerate(self._tables) for row in rows
        }

    @cached_property
    def _where(self) -> Mapping[float, Sequence[_Place]]:
        """The rows that print each decimal."""
        where: defaultdict[float, list[_Place]] = defaultdict(list)
        for place, numbers in self._rows.items():
            for number in numbers:
                where[number].append(place)
        return where

    def captions_of(self, table: Table) -> tuple[str, ...]:
        """The captions of the other tables that print a row of this one again, in reading order."""
        index = next(place for place, (other, _) in enumerate(self._tables) if other is table)
        shared = self._with_same_scores(index) | {
            other
            for place, numbers in self._rows.items()
            if place[0] == index
            for (other, _), count in self._beside(index, numbers).items()
            if count >= _SAME
        }
        captions = (self._tables[other][0].caption for other in sorted(shared))
        return tuple(caption.text for caption in captions if caption)

    def _with_same_scores(self, index: int) -> set[int]:
        """The other tables in which so many of its fine numbers stand, in whichever rows."""
        numbers = {
            n for place, known in self._rows.items() if place[0] == index for n in known if _is_fine(n)
        }
        found = Counter(other for n in numbers for other in {place[0] for place in self._where[n]} - {index})
        return {other for other, count in found.items() if count >= _SAME}

    def _beside(self, index: int, numbers: Iterable[float]) -> Counter[_Place]:
        """How many of the numbers stand in each row of the other tables."""
        return Counter(place for number in numbers for place in self._where[number] if place[0] != index)


def _is_fine(number: float) -> bool:
    """Whether a number has two digits before its point and two behind it, so that few share it by accident."""
    return 10 <= number < 100 and abs(number * 10 - round(number * 10)) > _ROUND


def _decimals(row: Row) -> frozenset[float]:
    """The numbers of a row that are no round ones, which many rows share."""
    found = (number.value for cell in row.cells if cell for number in scores_in(cell.text))
    return frozenset(value for value in found if value % 1)
