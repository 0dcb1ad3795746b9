"""Two releases laid side by side, paper by paper: which cells came, went and changed, and why as far as they tell.

Both have their evidence in the order of papers, so that no more than one paper of each is in memory; differences wait in a temporary
file until they are asked for, because their sums come first.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from db.dataset.changes import ChangeKind, PaperFate
from db.dataset.diff.folders import Folder, Listed, Said
from db.dataset.following import Following
from extractors.facts.errors import DatasetError, ParseError
from extractors.facts.ids import CellKey

UNKNOWN = "The releases do not tell why."
_Of = TypeVar("_Of")


@dataclass(frozen=True, slots=True)
class Side:
    """A cell in one of two releases."""

    value: str
    unit: str
    low: float | None
    high: float | None
    status: str
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that two releases have differently."""

    paper: str
    cell: str
    kind: ChangeKind
    before: Side | None
    after: Side | None
    reason: str


@dataclass(slots=True)
class Differences:
    """Finds what a newer release says otherwise than an older one; used in a `with`."""

    old: Folder
    new: Folder
    counts: Counter[ChangeKind] = field(default_factory=Counter)
    papers: Counter[PaperFate] = field(default_factory=Counter)
    fields: Counter[tuple[str, ChangeKind]] = field(default_factory=Counter)
    """Cells by kind of entity and field."""
    same: int = 0
    """Cells that both say."""
    _open: ExitStack = field(default_factory=ExitStack)
    _file: IO[str] = field(init=False)

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._file = opened.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            self._find()
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[Difference]:
        """All of them, in the order of papers and cells."""
        self._file.seek(0)
        for line in self._file:
            paper, cell, kind, reason, *sides = json.loads(line)
            before, after = (Side(*side) if side else None for side in sides)
            yield Difference(paper, cell, kind, before, after, reason)

    @property
    def columns(self) -> tuple[Sequence[str], Sequence[str]]:
        """Columns, as table.column, that only the newer release has, and that only the older one has."""
        old, new = (
            {f"{table}.{name}" for table, names in folder.columns.items() for name in names}
            for folder in (self.old, self.new)
        )
        return sorted(new - old), sorted(old - new)

    def _find(self) -> None:
        withdrawn, listed = self.new.withdrawn(), Following(self.new.listed())
        for paper, before, after in side_by_side(self.old.papers(), self.new.papers()):
            fate: PaperFate = "came" if before is None else "went" if after is None else "stayed"
            self.papers[fate] += 1
            if before == after:
                self.same += len(before or ())
                continue
            told = listed.of(paper) or {}
            was, now = (_by_cell(cells or ()) for cells in (before, after))
            for cell in sorted(was.keys() | now.keys()):
                self._compare(was.get(cell), now.get(cell), told.get(cell), fate, withdrawn)

    def _compare(
        self,
        before: Said | None,
        after: Said | None,
        listed: Listed | None,
        fate: PaperFate,
        withdrawn: Mapping[str, str],
    ) -> None:
        if before is not None and after is not None and before.told == after.told:
            self.same += 1
            return
        said = after or before
        if said is None:
            return
        kind: ChangeKind = "added" if before is None else "removed" if after is None else "changed"
        reason = _listed(before, after, listed) or _why(before, after, fate, withdrawn)
        self.counts[kind] += 1
        self.fields[_field(said.cell), kind] += 1
        sides = [_side(before), _side(after)]
        line = json.dumps([said.paper_id, said.cell, kind, reason, *sides], ensure_ascii=False)
        self._file.write(f"{line}\n")


def side_by_side(
    one: Iterator[tuple[str, _Of]], other: Iterator[tuple[str, _Of]]
) -> Iterator[tuple[str, _Of | None, _Of | None]]:
    """Two streams, each in the order of its keys, merged by key; None where one has no such key."""
    left, right = next(one, None), next(other, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            if left is not None:
                yield left[0], left[1], None
            left = next(one, None)
        elif left is None or right[0] < left[0]:
            yield right[0], None, right[1]
            right = next(other, None)
        else:
            yield left[0], left[1], right[1]
            left, right = next(one, None), next(other, None)


def _by_cell(cells: Sequence[Said]) -> dict[str, Said]:
    found = {said.cell: said for said in cells}
    if len(found) != len(cells):
        raise DatasetError("a cell has two rows of evidence", where=cells[0].paper_id)
    return found


def _field(cell: str) -> str:
    try:
        key = CellKey.parse(cell)
    except ParseError as error:
        raise DatasetError("a row of evidence names no cell", where=cell) from error
    return f"{key.entity.kind}.{key.field}"


def _side(said: Said | None) -> list[Any] | None:
    if said is None:
        return None
    return [
        said.value or "",
        said.unit or "",
        _finite(said.low),
        _finite(said.high),
        said.status or "",
        said.page,
        said.quote or "",
    ]


def _finite(number: float | None) -> float | None:
    """A number as JSON has it."""
    return number if number is not None and math.isfinite(number) else None


# Why


def _listed(before: Said | None, after: Said | None, listed: Listed | None) -> str:
    """The reason that the newer release itself gives, where its list tells of this very change."""
    if listed is None:
        return ""
    sides = tuple((said.value or "") if said else "" for said in (before, after))
    return listed.reason if sides == (listed.before, listed.after) else ""


def _why(before: Said | None, after: Said | None, fate: PaperFate, withdrawn: Mapping[str, str]) -> str:
    if after is None:
        if before is not None and before.paper_id in withdrawn:
            return f"The paper was withdrawn: {withdrawn[before.paper_id]}"
        gone = "The paper is not in the newer release." if fate == "went" else "It is published no more."
        return f"{gone} {UNKNOWN}"
    if before is None and fate == "came":
        return "The paper is new."
    if after.decided_at is not None and (before is None or after.decided_at != before.decided_at):
        return f"{after.reviewers or 'Somebody'} decided it on {after.decided_at:%Y-%m-%d}."
    if before is None:
        return f"It is published now, as {after.status or 'said'}; {after.extractor or 'a person'} read it."
    return _read(before, after) or UNKNOWN


def _read(before: Said, after: Said) -> str:
    if after.paper_version != before.paper_version:
        return f"Version {after.paper_version} of the paper was read after version {before.paper_version}."
    if after.extractor != before.extractor:
        return f"{after.extractor or 'A person'} read it after {before.extractor or 'a person'}."
    if after.rule != before.rule:
        return f"The rule {after.rule} read it after {before.rule}."
    if after.status != before.status:
        return f"It is {after.status} after {before.status}."
    return ""
