"""Rows of another table beside the papers of a release: both come in the order of papers, so that neither is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Generic, TypeVar

from db.dataset.following import Following
from extractors.facts.ids import PaperId

Item = TypeVar("Item")


class Alongside(Generic[Item]):
    """Groups of rows by paper, asked for in the order of papers.

    Args:
        rows: paper and row, in the order of papers.
    """

    def __init__(self, rows: Iterable[tuple[str, Item]]) -> None:
        self._groups = Following(
            (paper, [item for _, item in group]) for paper, group in groupby(rows, itemgetter(0))
        )

    def before(self, paper: PaperId | None) -> Iterator[tuple[PaperId, list[Item]]]:
        """The groups of papers before one, or all that are left; each is given once."""
        return ((PaperId(id), group) for id, group in self._groups.before(paper))

    def of(self, paper: PaperId) -> list[Item]:
        """The rows of a paper; those before it that were not asked for are passed over."""
        return self._groups.of(paper) or []
