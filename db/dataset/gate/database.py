"""Whether the database that a release is made of is whole: values are what a reading proposes, rows lead somewhere, the log is all there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import text
from sqlmodel import Session, select

from db.cells import Judge
from db.dataset.checks import Check
from db.dataset.gate.tally import Tally
from db.dossier import load_dossier
from db.models import chosen_at, current
from db.refresh import cell_state, fold
from db.tables import EntityRow, ReleaseRow
from extractors.facts.errors import BurdenError, ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.promise import Promise

_UNBACKED = text(
    "SELECT c.paper_id, c.entity_id, c.field FROM cell c WHERE c.status = 'automatic' AND NOT EXISTS ("
    "SELECT 1 FROM proposal p WHERE p.entity_id = c.entity_id AND p.field = c.field AND p.rank = 0"
    " AND p.extractor = c.extractor AND p.value = c.value AND p.evidence = c.evidence) ORDER BY 1, 2, 3"
)
_STALE = "FROM cell WHERE status = 'automatic' AND model_sha IS NOT NULL AND model_sha <> :model"


def backed(opened: Session, gone: Iterable[PaperId]) -> Check:
    """Whether every value that nobody looked at is the one that the newest reading proposes.

    A query finds those that may not be, and their papers alone are folded again: of merged entities the value is another's.
    """
    tally = Tally("backed", "Every value that nobody looked at is what the newest reading proposes.")
    left_out = set(gone)
    judge = Judge.of(current(opened), Promise())
    for paper, rows in groupby(opened.connection().execute(_UNBACKED).all(), lambda row: PaperId(row[0])):
        if paper not in left_out:
            keys = {CellKey(EntityId.parse(entity), name) for _, entity, name in rows}
            tally.note_all(_otherwise(opened, paper, keys, judge))
    return tally.check()


def _otherwise(opened: Session, paper: PaperId, keys: set[CellKey], judge: Judge) -> Iterator[str]:
    try:
        dossier = load_dossier(opened, paper)
        known = {key for key in keys if key.entity in dossier.entities and _path(key) in FIELDS}
        known = known if dossier.readings else set()
        states = {state.key: state for state in fold(dossier, judge, also=known)} if known else {}
    except BurdenError:  # a proposal or an entry of the log that is none, so that nothing backs anything
        known, states = set(), {}
    yield from map(str, sorted(keys - known))
    for key in sorted(known):
        try:
            cached = cell_state(opened, key)
        except ParseError:
            cached = None
        if cached is None or (cached.value, cached.evidence) != (states[key].value, states[key].evidence):
            yield str(key)


def _path(key: CellKey) -> str:
    return f"{key.entity.kind}.{key.field}"


def stale(opened: Session) -> Check:
    """Whether the model that judges now is the one that judged what is published unseen.

    It refuses where people chose the model; where it changed with the program, the next night judges anew, and it is told only.
    """
    tally = Tally(
        "stale",
        "Every value that nobody looked at was judged by the confidence model that is chosen.",
        required=chosen_at(opened) is not None,
        acceptable=True,
    )
    model = {"model": current(opened).sha256}
    tally.found = opened.connection().execute(text(f"SELECT count(*) {_STALE}"), model).scalar_one()
    if tally.found:
        first = text(f"SELECT entity_id, field {_STALE} ORDER BY entity_id, field LIMIT 5")
        tally.first = [f"{entity}#{name}" for entity, name in opened.connection().execute(first, model)]
    return tally.check()


def whole(opened: Session, last: ReleaseRow | None) -> tuple[Check, ...]:
    """Whether rows lead to rows that are there, and the review log has lost nothing and can lose nothing."""
    rows = Tally("rows-lead", "Every row of cells, entities and the log names rows that are there.")
    log = Tally("log", "The review log refuses to be changed, and its newest entries are there.")
    if opened.get_bind().dialect.name == "sqlite":
        for table in ("cell", "entity", "event"):
            for child, number, parent, _ in opened.connection().execute(
                text(f"PRAGMA foreign_key_check({table})")
            ):
                rows.note(f"{child} row {number} names no {parent}")
        log.note_all(_of_sqlite(opened))
    else:
        on = "SELECT count(*) FROM pg_trigger WHERE tgname = 'event_append_only' AND tgenabled = 'O'"
        if not opened.connection().execute(text(on)).scalar_one():
            log.note("its trigger is gone")
    newest = opened.connection().execute(text("SELECT coalesce(max(seq), 0) FROM event")).scalar_one()
    if last is not None and newest < last.last_seq:
        log.note(f"release {last.version} knows of entry {last.last_seq}, and the newest is {newest}")
    return rows.check(), log.check()


def _of_sqlite(opened: Session) -> Iterator[str]:
    triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    there = set(opened.connection().execute(triggers).scalars())
    yield from (
        f"its trigger {name} is gone" for name in ("event_no_update", "event_no_delete") if name not in there
    )
    given = opened.connection().execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'event'")).scalar()
    newest = opened.connection().execute(text("SELECT max(seq) FROM event")).scalar()
    if given and given != newest:
        yield f"entry {given} was written, and the newest is {newest}"


def known(opened: Session, empty: Iterable[str]) -> Check:
    """Whether models that have a row because something links to them alone are models that the database has."""
    tally = Tally("known", "Every row is of an entity that the database has.")
    tally.note_all(id for id in empty if opened.get(EntityRow, id) is None)
    return tally.check()


def last_row(opened: Session, version: str | None) -> ReleaseRow | None:
    """The row of the release that is compared with."""
    return opened.exec(select(ReleaseRow).where(ReleaseRow.version == version)).first()
