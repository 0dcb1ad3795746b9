"""What a key means at a line of a paper: a question, a change, a move, or a word why not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session

from annotation.adding import (
    Signed,
    Stated,
    accept,
    declare_read,
    delete_entity,
    delete_value,
    link,
    merge,
    restore_entity,
)
from annotation.citing import Citation
from annotation.screen.paper.asking import Asking, Chosen, Menu, Sure, Why, picker
from annotation.screen.paper.changes import adding, beginning, editing, making, setting
from annotation.screen.paper.desk import Change
from annotation.screen.paper.rows import (
    Row,
    evidence_of,
    gist,
    main_cell,
    named_cell,
    rows_of,
    standing,
    value_of,
)
from annotation.screen.paper.view import read_by, rest_cell
from annotation.session import undo
from annotation.values import show
from annotation.whole import WholeCell, WholeEntity, WholePaper
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId

Filling = Callable[[WholePaper, Mapping[str, Stated]], Change[EntityId | CellKey]]
"""The change that a form comes to, for the paper as it is when the form is sent."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Words at the foot."""

    words: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, and what the answer comes to."""

    asking: Asking
    then: Callable[[Chosen], Outcome] | None = None
    filling: Filling | None = None
    """For a form."""


@dataclass(frozen=True, slots=True)
class Go:
    """To a line."""

    id: EntityId
    field: str


@dataclass(frozen=True, slots=True)
class Do:
    """A change."""

    change: Change[Any]
    told: str
    """What to say when it is made; `{}` in it is what the change gives back."""
    reason: str = ""
    none: str = ""
    """What to say instead if there was nothing to change."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the paper to open."""

    paper: PaperId
    evidence: Evidence
    door: Literal["picture", "source"]


Outcome = Tell | Ask | Go | Do | Place
Act = Callable[[WholePaper, Row | None, Citation | None], Outcome]
"""What a key means for a paper, the line under the cursor, and what was cited last for its entity."""

_NONE = Tell("There is nothing under the cursor")
_WRONG = (
    "of other work",
    "of another model or run",
    "another quantity",
    "inference or data, not training",
    "misread: it prints something else",
    "only an example or a plan",
)
_NO_SUCH = (
    "there is none such",
    "of other work",
    "misread",
    "the same as another, whose values are complete",
)
_AGAIN = ("taken out by mistake", "they are two different ones")


# Values


def _edit(paper: WholePaper, row: Row | None, _last: Citation | None) -> Outcome:
    if row is None or row.is_gone:
        return _NONE
    cell = row.cell or named_cell(row.entity)
    if cell is None:
        return Tell("Put the cursor on one of its values; a adds one")
    if cell.field.links:
        return _link(paper, row, None)
    id = cell.key.entity
    return Ask(editing(paper, cell), filling=lambda now, stated: setting(now, id, stated))


def _add(paper: WholePaper, row: Row | None, last: Citation | None) -> Outcome:
    entity = row.entity if row is not None and not row.is_gone else None
    model = _model_at(paper, entity)
    new: list[tuple[str, Callable[[], Outcome]]] = []
    if entity is not None and entity.missing:
        new.append(
            (f"a value of this {entity.id.kind}, {entity.id.slug}", lambda: _value_of(paper, entity, last))
        )
    kinds: tuple[EntityKind, ...] = ("run", "result", "model")
    for kind in kinds:
        whose = f" of {model}" if model and kind != "model" else ""
        new.append((f"a new {kind}{whose}", lambda kind=kind: _begin(paper, kind, model, last)))  # type: ignore[misc]
    return Ask(
        Menu("add what is missing", tuple(words for words, _ in new)), lambda chosen: new[chosen.number][1]()
    )


def _value_of(paper: WholePaper, entity: WholeEntity, last: Citation | None) -> Outcome:
    id = entity.id
    return Ask(adding(paper, entity, last), filling=lambda now, stated: setting(now, id, stated))


def _begin(paper: WholePaper, kind: EntityKind, model: str, last: Citation | None) -> Outcome:
    return Ask(beginning(paper, kind, model, last), filling=lambda now, stated: making(now, kind, stated))


def _model_at(paper: WholePaper, entity: WholeEntity | None) -> str:
    """The model at the cursor; if the paper has only one, that."""
    if entity is not None:
        owner = entity if entity.id.kind == "model" else paper.model_of(entity)
        if owner is not None:
            return owner.id.slug
    models = [one.id.slug for one in paper.entities if one.id.kind == "model"]
    return models[0] if len(models) == 1 else ""


def _delete(paper: WholePaper, row: Row | None, _last: Citation | None) -> Outcome:
    if row is None or row.is_gone:
        return _NONE
    if row.cell is None:
        return _delete_entity(paper, row.entity)
    cell = row.cell
    if cell.is_rejected:
        return Tell(f"It is {standing(cell)} already; r restores it")
    key, expect = cell.key, cell.state.last_seq

    def change(session: Session, signed: Signed) -> None:
        delete_value(session, signed, key, expect=expect)

    title = f"delete {cell.key.field} {value_of(cell)} of {key.entity.slug}: why?"
    return Ask(
        Why(title, _WRONG),
        lambda said: Do(change, f"Rejected: {key}; x shows it, u takes it back", said.reason),
    )


def _delete_entity(paper: WholePaper, entity: WholeEntity) -> Outcome:
    id, expect = entity.id, entity.last_seq
    owned = paper.belonging_to(id)
    if owned:
        return Tell(
            f"{len(owned)} runs and results belong to {id.slug}: link them to another model (l), or merge it (m)"
        )

    def change(session: Session, signed: Signed) -> None:
        delete_entity(session, signed, id, expect=expect)

    def sure(said: Chosen) -> Outcome:
        words = f"{id.slug} and its {len(entity.cells)} values go, because: {said.reason}"
        done = Do(change, f"Removed: {id}; x shows it, u takes it back", said.reason)
        return Ask(Sure(f"remove this {id.kind}?", words), lambda _: done)

    return Ask(Why(f"remove {id.kind} {id.slug}: why?", _NO_SUCH), sure)


def _restore(_paper: WholePaper, row: Row | None, _last: Citation | None) -> Outcome:
    if row is None:
        return _NONE
    if row.is_gone:
        return _restore_entity(row.entity.id)
    cell = row.cell
    if cell is None or not cell.is_rejected:
        return Tell("Only what was rejected or taken out can be restored; x shows it")
    if not cell.options:
        return Tell("No reading proposes it: u takes back your own rejection, e types it anew")
    if len(cell.options) == 1:
        return _accepting(cell, 0)
    picks = tuple(show(option.value) for option in cell.options[:9])
    return Ask(Menu("which value is right?", picks), lambda chosen: _accepting(cell, chosen.number))


def _accepting(cell: WholeCell, number: int) -> Outcome:
    key, expect, option = cell.key, cell.state.last_seq, cell.options[number]

    def change(session: Session, signed: Signed) -> CellKey:
        accept(session, signed, key, option, expect=expect)
        return key

    return Do(change, "Restored: {}")


def _restore_entity(id: EntityId) -> Outcome:
    def change(session: Session, signed: Signed) -> EntityId:
        restore_entity(session, signed, id)
        return id

    return Ask(
        Why(f"restore {id.kind} {id.slug}: why?", _AGAIN),
        lambda said: Do(change, "Restored: {}", said.reason),
    )


# Entities


def _merge(paper: WholePaper, row: Row | None, _last: Citation | None) -> Outcome:
    if row is None or row.is_gone:
        return _NONE
    id, expect = row.entity.id, row.entity.last_seq
    others = [one for one in paper.entities if one.id.kind == id.kind and one.id != id]
    if not others:
        return Tell(f"There is no other {id.kind} in this paper")

    def sure(chosen: Chosen) -> Outcome:
        into = others[chosen.number].id

        def change(session: Session, signed: Signed) -> EntityId:
            merge(session, signed, id, into, expect=expect)
            return into

        words = f"{id.slug} is the same as {into.slug}, which then has the values of both."
        return Ask(
            Sure(f"merge two {id.kind}s?", words), lambda _: Do(change, "Merged into {}; u takes it back")
        )

    return Ask(picker(f"{id.slug} is the same as", map(_named, others)), sure)


def _link(paper: WholePaper, row: Row | None, _last: Citation | None) -> Outcome:
    if row is None or row.is_gone:
        return _NONE
    id = row.entity.id
    models = [one for one in paper.entities if one.id.kind == "model"]
    if id.kind not in ("run", "result") or not models:
        return Tell(
            "A run or a result is linked to a model; there is none"
            if not models
            else "Only a run or a result is linked"
        )
    cell = row.entity.cell("model")
    expect = cell.state.last_seq if cell else None

    def done(chosen: Chosen) -> Outcome:
        model = models[chosen.number].id

        def change(session: Session, signed: Signed) -> EntityId:
            link(session, signed, id, model, expect=expect)
            return id

        return Do(change, f"Linked to {model.slug}: {{}}")

    return Ask(picker(f"{id.kind} {id.slug} belongs to", map(_named, models)), done)


def _named(entity: WholeEntity) -> str:
    return f"{entity.id.slug}  {gist(Row(entity, None, 0, is_folded=True))}"


# The paper


def _read_all(paper: WholePaper, _row: Row | None, _last: Citation | None) -> Outcome:
    rest = rest_cell(paper)
    if rest is not None and rest.state.decided_at is not None:
        return Tell(f"It was {read_by(paper)}")
    expect = rest.state.last_seq if rest else None
    waiting = sum(
        cell.waits is not None
        for entity in paper.entities
        for cell in entity.cells
        if cell.field.use == "fact"
    )

    def change(session: Session, signed: Signed) -> None:
        declare_read(session, signed, paper.id, expect=expect)

    left = f" {waiting} of these values still wait for a look." if waiting else ""
    words = (
        f"You have read all of it, and what is listed here is all that it reports of its own models.{left}"
    )
    return Ask(Sure("read completely?", words), lambda _: Do(change, "Read completely; u takes it back"))


def _undo(paper: WholePaper, _row: Row | None, _last: Citation | None) -> Outcome:
    def change(session: Session, signed: Signed) -> CellKey | EntityId | None:
        return undo(session, signed.reviewer, signed.at, uuid=signed.uuid, paper=paper.id)

    return Do(change, "Taken back: {}", none="There is nothing of yours to take back in this paper")


def _find(paper: WholePaper, _row: Row | None, _last: Citation | None) -> Outcome:
    rows = rows_of(paper, frozenset(), with_rejected=True)

    def shown(row: Row) -> str:
        if row.cell is None:
            return f"{row.entity.id.kind} {row.entity.id.slug}  {gist(row)}"
        return f"{row.entity.id.slug} {row.cell.key.field}  {value_of(row.cell)}  {standing(row.cell)}"

    return Ask(picker("find", map(shown, rows)), lambda chosen: Go(*rows[chosen.number].about))


def _open(door: Literal["picture", "source"]) -> Act:
    def act(paper: WholePaper, row: Row | None, _last: Citation | None) -> Outcome:
        cells = [row.cell or main_cell(row.entity)] if row else []
        cells += list(row.entity.cells) if row else []
        places = (evidence_of(cell) for cell in cells if cell is not None)
        place = next((one for one in places if one is not None), None)
        return Place(paper.id, place, door) if place else Tell("No place in the paper is known for this line")

    return act


ACTS: Mapping[str, Act] = {
    "e": _edit, "a": _add, "d": _delete, "r": _restore, "m": _merge, "l": _link, "w": _read_all, "u": _undo, "/": _find,
    "v": _open("picture"), "o": _open("source"),
}  # fmt: skip
"""What each key means."""
