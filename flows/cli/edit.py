"""`burden edit`: what a person adds to a paper, changes and takes out, as plain commands for scripts and slow lines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Self, TypeVar
from uuid import uuid4

import typer

from flows.cli.paper import cell_object, paper_id
from flows.cli.queue import open_data

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine
    from sqlmodel import Session

    from annotation.adding import Signed
    from annotation.citing import Citation
    from annotation.session import Reviewer
    from annotation.whole import WholeCell, WholePaper
    from db.cells import CellState
    from extractors.facts.evidence import Evidence
    from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
    from extractors.facts.values import Value

app = typer.Typer(
    help="Add, change and take out models, runs, results and their values by hand, with page and quote.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

T = TypeVar("T")

Who = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who says it; by default you.")]
Page = Annotated[int | None, typer.Option(min=1, help="Page of the file that the quote stands on.")]
Quote = Annotated[
    str, typer.Option(help="The words as printed; cells of a table's row with ' | ' between them.")
]
Anchor = Annotated[str, typer.Option(metavar="ID", help="For HTML: the element that the quote stands in.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Expect = Annotated[
    int | None, typer.Option(metavar="SEQ", help="Refuse if `last_seq` is not this any more, as seen before.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
CellName = Annotated[str, typer.Argument(metavar="CELL", help="As 2007.05558/run/bert-large#count.")]
EntityName = Annotated[str, typer.Argument(metavar="ENTITY", help="As 2007.05558/run/bert-large.")]


@app.command()
def add(
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="The paper's id.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="model, run or result.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="A few words for its id; a model's own name.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="FIELD=TEXT", help="What it holds, as epochs=90 model=net-50."),
    ] = None,
    quote: Quote = "",
    page: Page = None,
    anchor: Anchor = "",
    who: Who = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Add a model, a run or a result that the machine missed; all its values stand in the one quote."""
    from annotation.adding import KINDS, Stated, add_entity
    from annotation.citing import Citation
    from extractors.facts.errors import UsageError

    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise UsageError(f"there is no kind {kind!r}", remedy=f"The kinds are {', '.join(KINDS)}")
    given = _named(known, name, values or [])
    id = paper_id(paper)
    with _Desk(who, reason) as desk:
        found = desk.cited(id, Citation(quote, page, anchor), list(given.values()))
        stated = {
            field: Stated(value, evidence)
            for (field, value), evidence in zip(given.items(), found, strict=True)
        }
        added = desk.change(lambda session, signed: add_entity(session, signed, id, known, name, stated))
        desk.tell(added, None, "added", as_json=as_json)


@app.command("set")
def set_(
    cell: CellName,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="The value as a person writes it: 3.5 d, 340M.")
    ],
    quote: Quote = "",
    page: Page = None,
    anchor: Anchor = "",
    same_place: Annotated[
        bool, typer.Option("--same-place", help="It stands in the words that are cited already.")
    ] = False,
    expect: Expect = None,
    who: Who = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Say what a cell holds, whether or not something was known."""
    from annotation.adding import Stated, set_value
    from annotation.citing import Citation
    from annotation.scale import scale_beside
    from annotation.typed import parse_typed
    from extractors.facts.fields import field_of
    from extractors.facts.ids import CellKey

    key = CellKey.parse(cell)
    with _Desk(who, reason) as desk:
        value = parse_typed(field_of(key), text, scale_beside(desk.states(key.entity)))
        if same_place:
            evidence = desk.same_place(key)
        else:
            (evidence,) = desk.cited(key.entity.paper, Citation(quote, page, anchor), [value])
        stated = Stated(value, evidence)
        desk.change(lambda session, signed: set_value(session, signed, key, stated, expect=expect))
        desk.tell(key.entity, key, "set", as_json=as_json)


@app.command()
def accept(
    cell: CellName,
    number: Annotated[int, typer.Argument(min=1, help="Which of the proposed values; 1 is the first.")] = 1,
    expect: Expect = None,
    who: Who = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Say that a proposed value is right, also one that was rejected."""
    from annotation.adding import accept as accept_option
    from db.refresh import options
    from extractors.facts.errors import UsageError
    from extractors.facts.ids import CellKey

    key = CellKey.parse(cell)

    def chosen(session: Session, signed: Signed) -> int:
        offered = options(session, key)
        if number > len(offered):
            raise UsageError(f"{key} has {len(offered)} proposed values", remedy="See burden paper")
        return accept_option(session, signed, key, offered[number - 1], expect=expect)

    with _Desk(who, reason) as desk:
        desk.change(chosen)
        desk.tell(key.entity, key, "accepted", as_json=as_json)


@app.command()
def delete(
    what: Annotated[str, typer.Argument(metavar="CELL|ENTITY", help="A value, or a model, run or result.")],
    reason: Reason = "",
    expect: Expect = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Say that a value is wrong and none is right, or that there is no such model, run or result."""
    from annotation.adding import delete_entity, delete_value
    from extractors.facts.ids import CellKey, EntityId

    with _Desk(who, reason) as desk:
        if "#" in what:
            key = CellKey.parse(what)
            desk.change(lambda session, signed: delete_value(session, signed, key, expect=expect))
            desk.tell(key.entity, key, "deleted", as_json=as_json)
        else:
            id = EntityId.parse(what)
            desk.change(lambda session, signed: delete_entity(session, signed, id, expect=expect))
            desk.tell(id, None, "deleted", as_json=as_json)


@app.command()
def merge(
    entity: EntityName,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The one that remains.")],
    expect: Expect = None,
    who: Who = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Say that two models, runs or results are the same."""
    from annotation.adding import merge as merge_into
    from extractors.facts.ids import EntityId

    id, remaining = EntityId.parse(entity), EntityId.parse(into)
    with _Desk(who, reason) as desk:
        desk.change(lambda session, signed: merge_into(session, signed, id, remaining, expect=expect))
        desk.tell(id, None, "merged", as_json=as_json)


@app.command()
def link(
    entity: EntityName,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model of the paper, by its id or slug.")],
    quote: Quote = "",
    page: Page = None,
    anchor: Anchor = "",
    expect: Expect = None,
    who: Who = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Say which model a run or result belongs to; without a quote, that stands where its other values do."""
    from annotation.adding import link as link_to
    from annotation.citing import Citation
    from extractors.facts.ids import CellKey, EntityId
    from extractors.facts.values import Name

    id = EntityId.parse(entity)
    target = EntityId.parse(model) if "/" in model else EntityId(id.paper, "model", model)
    with _Desk(who, reason) as desk:
        evidence = None
        if quote:
            name = Name(target.slug, target.slug)
            (evidence,) = desk.cited(id.paper, Citation(quote, page, anchor), [name])
        desk.change(
            lambda session, signed: link_to(session, signed, id, target, evidence=evidence, expect=expect)
        )
        desk.tell(id, CellKey(id, "model"), "linked", as_json=as_json)


@app.command()
def undo(
    seq: Annotated[
        int | None, typer.Argument(metavar="SEQ", help="Number of an entry; by default your last that holds.")
    ] = None,
    who: Who = None,
    reason: Annotated[str, typer.Option(help="Why; a senior who takes back another's must say.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take back a change: your last one, or the one with a number."""
    from annotation import session as reviewing
    from extractors.facts.errors import UsageError
    from extractors.facts.ids import CellKey

    def taken(session: Session, signed: Signed) -> CellKey | EntityId | None:
        who, at, uuid = signed.reviewer, signed.at, signed.uuid
        if seq is None:
            return reviewing.undo(session, who, at, uuid=uuid)
        return reviewing.take_back(session, seq, who, at, uuid=uuid, reason=signed.reason)

    with _Desk(who, reason) as desk:
        found = desk.change(taken)
        if found is None:
            raise UsageError("there is nothing of yours to take back")
        key = found if isinstance(found, CellKey) else None
        desk.tell(found.entity if isinstance(found, CellKey) else found, key, "taken back", as_json=as_json)


def _named(kind: EntityKind, name: str, given: Sequence[str]) -> dict[str, Value]:
    """The typed values of an addition by field; a model's name is its name."""
    from annotation.scale import scale_of
    from annotation.typed import parse_typed
    from extractors.facts.errors import UsageError
    from extractors.facts.fields import FIELDS

    texts = {"name": name} if kind == "model" else {}
    for item in given:
        field, mark, text = item.partition("=")
        if not mark or f"{kind}.{field}" not in FIELDS:
            known = ", ".join(one.name for one in FIELDS.values() if one.kind == kind)
            raise UsageError(
                f"{item!r} is not a value of a {kind}", remedy=f"Write FIELD=TEXT; fields are {known}"
            )
        texts[field] = text
    values: dict[str, Value] = {}
    for field in sorted(
        texts, key=lambda field: field == "score"
    ):  # read last: what it may be, its metric says
        values[field] = parse_typed(FIELDS[f"{kind}.{field}"], texts[field], scale_of(values))
    return values


class _Desk:
    """The database, the files and the person of one command."""

    def __init__(self, who: str | None, reason: str) -> None:
        from flows.settings import load_settings

        self._who, self._reason = who, reason
        self._settings = load_settings()
        self._engine: Engine = open_data()

    def __enter__(self) -> Self:
        self._signer = self._reviewer()  # an unknown name is refused before a file is opened for it
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def cited(self, paper: PaperId, citation: Citation, values: Sequence[Value]) -> tuple[Evidence, ...]:
        """Where the quote stands, for each of the values."""
        from db.store import open_store
        from flows.citing import located

        store = open_store(self._settings.store)
        return located(self._settings, store, self._whole(paper), [(citation, value) for value in values])

    def same_place(self, key: CellKey) -> Evidence:
        """Where the present value stands, as an annotator cites it."""
        from dataclasses import replace

        from annotation.session import RULE
        from extractors.facts.errors import UsageError

        cell = self._cell(key)
        known = (cell.state.evidence, *(option.evidence for option in cell.options)) if cell else ()
        place = next((one for one in known if one is not None), None)
        if place is None:
            raise UsageError(f"nothing is cited for {key} yet", remedy="Add --page and --quote")
        return replace(place, rule=RULE)

    def states(self, id: EntityId) -> tuple[CellState, ...]:
        """What is known of an entity."""
        entity = self._whole(id.paper).entity(id)
        return tuple(cell.state for cell in entity.cells) if entity else ()

    def change(self, make: Callable[[Session, Signed], T]) -> T:
        """Make a change in a transaction of its own."""
        from annotation.adding import Signed
        from db.engine import session
        from flows.clock import SystemClock

        with session(self._engine) as opened:
            return make(opened, Signed(self._signer, SystemClock().now(), str(uuid4()), self._reason))

    def tell(self, id: EntityId, key: CellKey | None, done: str, *, as_json: bool) -> None:
        """Say what is there now."""
        from annotation.safe_text import safe
        from annotation.values import show

        cell = self._cell(key) if key else None
        entity = self._whole(id.paper).entity(id)
        seq = entity.last_seq if entity else 0
        if as_json:
            said = {"done": done, "entity": str(id), "cell": cell_object(cell) if cell else None, "seq": seq}
            sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
            return
        now = f": {show(cell.state.value)} [{cell.state.status}]" if cell else ""
        sys.stdout.write(safe(f"{done} {key or id}{now} (entry {seq})") + "\n")

    def _cell(self, key: CellKey) -> WholeCell | None:
        entity = self._whole(key.entity.paper).entity(key.entity)
        return entity.cell(key.field) if entity else None

    def _whole(self, paper: PaperId) -> WholePaper:
        from annotation.whole import whole_paper
        from db.engine import snapshot

        with snapshot(self._engine) as opened:
            return whole_paper(opened, paper)

    def _reviewer(self) -> Reviewer:
        from annotation.session import Reviewer
        from db.engine import snapshot
        from db.models import judge_of
        from flows.identity import identify

        with snapshot(self._engine) as opened:
            someone = identify(opened, self._settings, self._who)
            judge = judge_of(opened, self._settings.promise, self._settings.policy)
        return Reviewer(someone.name, judge, someone.is_senior)
