"""Rows of another table beside the papers of a release: both come in the order of papers, so that neither is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Generic, TypeVar

from extractors.facts.ids import PaperId

Item = TypeVar("Item")


class Alongside(Generic[Item]):
    """Groups of rows by paper, asked for in the order of papers.

    Args:
        rows: paper and row, in the order of papers.
    """

    def __init__(self, rows: Iterable[tuple[str, Item]]) -> None:
        self._groups = (
            (PaperId(paper), [item for _, item in group]) for paper, group in groupby(rows, itemgetter(0))
        )
        self._next = next(self._groups, None)

    def before(self, paper: PaperId | None) -> Iterator[tuple[PaperId, list[Item]]]:
        """The groups of papers before one, or all that are left; each is given once."""
        while self._next is not None and (paper is None or self._next[0] < paper):
            yield self._next
            self._next = next(self._groups, None)

    def of(self, paper: PaperId) -> list[Item]:
        """The rows of a paper; those before it that were not asked for are passed over."""
        for _ in self.before(paper):
            pass
        if self._next is None or self._next[0] != paper:
            return []
        found, self._next = self._next[1], next(self._groups, None)
        return found
