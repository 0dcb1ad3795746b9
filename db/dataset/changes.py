"""What changed since the last release, cell by cell, found as the rows are written.

The database remembers of every release which cells changed and what they said then (`published`). Both that and the rows that are
written come in the order of papers, so that they are laid side by side paper by paper, and no release of any size is held in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, NamedTuple, Self

from sqlalchemy import Row as SqlRow
from sqlalchemy import select as sql_select
from sqlmodel import Session, select

from db.dataset.following import Following
from db.dataset.part import Part
from db.dataset.schema import EVIDENCE, Row
from db.dataset.source import AT_ONCE, in_order
from db.dataset.versions import Version
from db.tables import PublishedRow, ReleaseRow
from extractors.facts.ids import PaperId

ChangeKind = Literal["added", "removed", "changed"]
PaperFate = Literal["came", "went", "stayed"]
"""Whether its paper is in the release before, in this one, or in both."""
REASONS_AT_ONCE = 500
"""Changes whose reasons are looked up together: about as many rows as a query may name."""
_json = json.JSONEncoder(ensure_ascii=False).encode
"""As `json.dumps`, which makes an encoder anew each time."""
_compared = itemgetter("table_name", "column_name", "value", "low", "high", "unit")
"""What a reader computes with; print, place and probability do not count."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A cell as a release has it."""

    hash: str
    """Of what it publishes."""
    value: str | None = None
    """As its table shows it; None where the release is from before this was kept."""
    status: str | None = None


Cause = Literal["person", "paper", "row", "machine", "unknown"]
"""What made a change: somebody said something of the cell; its paper came or left; its row came or went with its other cells; it was read or
judged anew; or nothing that is known."""


class Reason(NamedTuple):
    """Why a cell changed."""

    sentence: str
    cause: Cause = "unknown"

    @property
    def by_person(self) -> bool:
        """Whether somebody said something of the cell, rather than a machine reading or judging it."""
        return self.cause == "person"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is otherwise than in the release before."""

    paper: PaperId
    entity: str
    field: str
    kind: ChangeKind
    before: Standing | None
    after: Standing | None
    fate: PaperFate = "stayed"
    """What became of its paper."""
    reason: Reason | None = None
    """None in a first release, and until it was looked up."""

    @property
    def cell(self) -> str:
        """The key of the cell, as the evidence has it."""
        return f"{self.entity}#{self.field}"


_NEVER = Version(-1, 0, 0)
Cell = tuple[str, str]
"""Entity and field."""
_Page = tuple[PaperId, Mapping[Cell, Standing]]
"""A paper's cells in a release."""


@dataclass(slots=True)
class Changes:
    """Finds the changes as parts come, and keeps them in a file until they are asked for."""

    before: Iterator[_Page]
    """The cells of the last release, in the order of papers."""
    kept: Path
    """The file; written within a `with`, read after it."""
    counts: Counter[ChangeKind] = field(default_factory=Counter)
    rows: bool = False
    """Whether rows came or went."""
    _standing: Following[Mapping[Cell, Standing]] = field(init=False)
    _file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._file = self.kept.open("w", encoding="utf-8")
        self._standing = Following(self.before)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with self._file:
                if error is None:
                    self._gone_before(None)
            self._file = None

    def add(self, part: Part) -> None:
        """Compare the next paper, after those before it that are gone."""
        if part.paper is None:
            return
        self._gone_before(part.paper)
        known = self._standing.of(part.paper) or {}
        self._compare(part.paper, known, standing_of(part.tables[EVIDENCE.name]))

    def __iter__(self) -> Iterator[Change]:
        """All changes in the order of papers."""
        with self.kept.open(encoding="utf-8") as lines:
            for line in lines:
                for paper, entity, name, kind, was, now, fate, why in json.loads(line):
                    before, after = Standing(*was) if was else None, Standing(*now) if now else None
                    yield Change(
                        paper, entity, name, kind, before, after, fate, Reason(*why) if why else None
                    )

    def explain(self, why: Callable[[Sequence[Change]], Sequence[Reason]]) -> None:
        """Add the reasons, which are asked for of many changes at once."""
        told, changes = self.kept.with_suffix(".told"), iter(self)
        with told.open("w", encoding="utf-8") as self._file:
            while some := list(islice(changes, REASONS_AT_ONCE)):
                reasons = zip(some, why(some), strict=True)
                self._keep([replace(change, reason=reason) for change, reason in reasons])
        self._file = None
        told.replace(self.kept)

    def _gone_before(self, paper: PaperId | None) -> None:
        for gone, cells in self._standing.before(paper):
            self._compare(PaperId(gone), cells, {})

    def _compare(
        self, paper: PaperId, before: Mapping[Cell, Standing], after: Mapping[Cell, Standing]
    ) -> None:
        fate: PaperFate = "stayed" if before and after else "went" if before else "came"
        self.rows = self.rows or {entity for entity, _ in before} != {entity for entity, _ in after}
        found = []
        for cell in sorted(before.keys() | after.keys()):
            was, now = before.get(cell), after.get(cell)
            if was is not None and now is not None and was.hash == now.hash:
                continue
            kind: ChangeKind = "added" if was is None else "removed" if now is None else "changed"
            self.counts[kind] += 1
            found.append(Change(paper, *cell, kind, was, now, fate))
        self._keep(found)

    def _keep(self, changes: Sequence[Change]) -> None:
        if self._file is None:
            raise RuntimeError("changes are found within a `with` only")
        if changes:
            self._file.write(_json(list(map(_parts, changes))) + "\n")


def _parts(change: Change) -> tuple[object, ...]:
    was, now = (side and (side.hash, side.value, side.status) for side in (change.before, change.after))
    return (
        change.paper, change.entity, change.field, change.kind, was, now, change.fate, change.reason,
    )  # fmt: skip


def standing_of(evidence: Iterable[Row]) -> dict[Cell, Standing]:
    """The cells that rows of evidence publish."""
    return {
        _cell(str(row["cell"])): Standing(_hash(_compared(row)), str(row["value"]), str(row["status"]))
        for row in evidence
    }


def last_standing(session: Session) -> Iterator[_Page]:
    """The cells of the last release, paper by paper in the order of their ids."""
    row = PublishedRow
    query = (
        select(row.paper_id, row.entity_id, row.field, row.version, row.value_hash, row.value, row.status)  # type: ignore[call-overload]  # SQLModel types selects of at most four columns
        .order_by(*(in_order(session, getattr(row, name)) for name in ("paper_id", "entity_id", "field")))
        .execution_options(yield_per=AT_ONCE)
    )
    for paper, rows in groupby(session.connection().execute(query), lambda row: row.paper_id):
        found = {
            cell: newest
            for cell, said in groupby(rows, lambda row: (row.entity_id, row.field))
            if (newest := _newest(said)) is not None
        }
        if found:
            yield PaperId(paper), found


def changes_of(session: Session, version: Version) -> Iterator[Change]:
    """What changed with a release that was recorded, in the order of papers; nothing of the first, with which all came.

    Args:
        session: a reading transaction.
        version: of the release.
    """
    known = {text: Version.parse(text) for text in session.exec(select(ReleaseRow.version))}
    earlier = {text for text, number in known.items() if number < version}
    if not earlier:
        return
    now, then = PublishedRow.__table__, PublishedRow.__table__.alias()  # type: ignore[attr-defined]
    query = (
        sql_select(now, then.c.version.label("v"), then.c.value_hash.label("h"), then.c.value.label("w"))
        .join_from(
            now,
            then,
            (now.c.entity_id == then.c.entity_id)
            & (now.c.field == then.c.field)
            & then.c.version.in_(earlier),
            isouter=True,
        )
        .where(now.c.version == str(version))
        .order_by(*(in_order(session, now.c[name]) for name in ("paper_id", "entity_id", "field")))
        .execution_options(yield_per=AT_ONCE)
    )
    for _, rows in groupby(session.connection().execute(query), lambda row: (row.entity_id, row.field)):
        row = max(rows, key=lambda row: known[row.v] if row.v else _NEVER)
        before = Standing(row.h, row.w) if row.h is not None else None
        after = Standing(row.value_hash, row.value, row.status) if row.value_hash is not None else None
        kind: ChangeKind = "added" if before is None else "removed" if after is None else "changed"
        reason = Reason(row.reason) if row.reason else None
        yield Change(row.paper_id, row.entity_id, row.field, kind, before, after, reason=reason)


def keep_changes(session: Session, version: str, changes: Iterable[Change]) -> None:
    """Note what changed with a release.

    Args:
        session: a writing transaction.
        version: of the release, which is recorded there already.
        changes: against the one before; of a first release all its cells, which may be millions.
    """
    connection = session.connection()
    compiled = PublishedRow.__table__.insert().compile(dialect=connection.dialect)  # type: ignore[attr-defined]
    rows = (_published(version, change) for change in changes)
    while some := list(islice(rows, AT_ONCE)):
        # Straight to the driver, for there is nothing to convert in texts: everybody else who writes to SQLite waits meanwhile.
        places = compiled.positiontup
        connection.exec_driver_sql(
            str(compiled), [tuple(map(row.__getitem__, places)) for row in some] if places else some
        )


def _published(version: str, change: Change) -> dict[str, str | None]:
    after = change.after
    return {
        "version": version,
        "paper_id": change.paper,
        "entity_id": change.entity,
        "field": change.field,
        "value_hash": after.hash if after else None,
        "value": after.value if after else None,
        "status": after.status if after else None,
        "reason": change.reason.sentence if change.reason else None,
    }


def _newest(said: Iterable[SqlRow[Any]]) -> Standing | None:
    """What the newest release that changed a cell says of it; None if it is gone."""
    row = max(said, key=lambda row: Version.parse(row.version))
    return Standing(row.value_hash, row.value, row.status) if row.value_hash is not None else None


def _cell(key: str) -> Cell:
    entity, _, name = key.rpartition("#")
    return entity, name


def _hash(parts: object) -> str:
    return hashlib.sha256(_json(parts).encode()).hexdigest()
