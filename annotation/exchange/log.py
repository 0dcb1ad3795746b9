"""The whole review log as JSON lines, and back: what everybody said, when, how long they looked, and what came of it.

A file begins with a line that says what it is. Then each paper has a line of its own, one for each of its entities, and
one for each entry, in order. Entries say the cell `before` and `after` them, as the fold showed it then; reading back does
not use that, as a fold gives it anew. Papers come in the order of their newest entry. How a paper's entries are replayed
is in `db.replay`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Literal, get_type_hints

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlmodel import Session, col, func, select

from annotation.exchange.files import parse_json
from db.cells import CellState, EntityState, Judge
from db.course import Step, course
from db.dossier import expect_from_json, load_dossier
from db.events import KINDS, ActorKind, Entry, Envelope, event_from_json, event_to_json
from db.replay import Minted, Past
from db.tables import EntityRow, EventRow, PaperRow
from extractors.facts.codec import value_to_json
from extractors.facts.errors import BurdenError, ParseError
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.values import Value

VERSION = 1
"""Of the format; another one is refused."""
Json = dict[str, object]


# Out


def write_log(session: Session, judge: Judge) -> Iterator[str]:
    """The review log as lines without line ends.

    Args:
        session: a reading transaction.
        judge: by which model what nobody decided is shown before and after.
    """
    yield _line({"line": "burden-log", "version": VERSION})
    newest = func.max(EventRow.seq)
    papers = select(EntityRow.paper_id).join(EventRow, col(EventRow.entity_id) == EntityRow.entity_id)
    for paper in session.exec(papers.group_by(EntityRow.paper_id).order_by(newest)).all():
        yield from _paper_lines(session, PaperId(paper), judge)


def _paper_lines(session: Session, paper: PaperId, judge: Judge) -> Iterator[str]:
    row = session.get_one(PaperRow, paper)
    published = row.published.isoformat() if row.published else None
    yield _line({"line": "paper", "paper": paper, "title": row.title, "published": published})
    entities = select(EntityRow).where(EntityRow.paper_id == paper).order_by(EntityRow.entity_id)
    for entity in session.exec(entities):
        minted = {"entity": entity.entity_id, "by": entity.minted_by, "at": entity.minted_at.isoformat()}
        yield _line({"line": "entity", **minted})
    dossier = load_dossier(session, paper)
    for step in course(dossier, judge):
        yield _line(entry_to_json(step.entry) | _around(step))


def entry_to_json(entry: Entry) -> Json:
    """An entry as the object of its line, without what was before and after."""
    envelope = entry.envelope
    kind, body = event_to_json(entry.event)
    return {
        "line": "entry",
        "seq": entry.seq,
        "uuid": envelope.uuid,
        "at": envelope.at.isoformat(),
        "actor": envelope.actor,
        "actor_kind": envelope.actor_kind,
        "entity": str(envelope.entity),
        "field": envelope.field,
        "slot": envelope.slot,
        "expect": _expect(envelope.expect),
        "extractor": envelope.extractor,
        "seconds": envelope.seconds,
        "reason": envelope.reason,
        "kind": kind,
        "event": body,
    }


def _expect(expect: int | Value | None) -> Json | None:
    if expect is None:
        return None
    return {"seq": expect} if isinstance(expect, int) else value_to_json(expect)


def _around(step: Step) -> Json:
    """The cell before and after an entry about it; of one about an entity, what was known of that."""
    if isinstance(step.after, EntityState):
        into = str(step.after.merged_into) if step.after.merged_into else None
        return {"after": {"merged_into": into, "removed": step.after.removed}}
    before = {"before": _state(step.before)} if step.before else {}
    return {**before, "after": _state(step.after)}


def _state(state: CellState) -> Json:
    return {
        "status": state.status,
        "value": value_to_json(state.value) if state.value is not None else None,
        "probability": state.probability,
        "look": state.look,
        "reviewers": list(state.reviewers),
    }


def _line(item: Json) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


# Back


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be read."""

    number: int
    """1 and up."""
    what: str


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log as it was read."""

    papers: tuple[Past, ...] = ()
    """In the order of their newest entry."""
    numbers: dict[int, int] = field(default_factory=dict)
    """The line of each entry, by the entry's number in that log."""
    wrong: tuple[Wrong, ...] = ()
    """If there is any, the papers are not to be replayed: nobody knows what is missing."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _PaperLine(_Strict):
    paper: str = Field(min_length=1)
    title: str = ""
    published: Annotated[AwareDatetime, Field(strict=False)] | None = None


class _EntityLine(_Strict):
    entity: str
    by: str
    at: Annotated[AwareDatetime, Field(strict=False)]


class _EntryLine(_Strict):
    seq: int = Field(ge=1, lt=2**63)
    uuid: str = Field(min_length=1, max_length=200)
    at: Annotated[AwareDatetime, Field(strict=False)]
    actor: str = Field(min_length=1, max_length=200)
    actor_kind: ActorKind
    entity: str
    field: str | None
    slot: int | None = Field(ge=1, lt=2**31)
    expect: Json | None
    extractor: str | None
    seconds: float | None = Field(ge=0, allow_inf_nan=False)
    reason: str
    kind: str
    event: Json

    def entry(self) -> Entry:
        """The entry itself."""
        entity = EntityId.parse(self.entity)
        envelope = Envelope(
            self.uuid,
            self.at,
            self.actor,
            self.actor_kind,
            entity,
            self.field,
            self.slot,
            expect_from_json(self.expect),
            self.extractor,
            self.seconds,
            self.reason,
        )
        event = event_from_json(self.kind, self.event)
        # a database only holds what was checked when it was said; a file holds anything
        for name, adapter in _parts(self.kind).items():
            adapter.validate_python(getattr(event, name), strict=True)
        return Entry(self.seq, envelope, event)


@lru_cache
def _parts(kind: str) -> dict[str, TypeAdapter[object]]:
    return {name: TypeAdapter(hint) for name, hint in get_type_hints(KINDS[kind]).items()}


class _Header(_Strict):
    line: Literal["burden-log"]
    version: int


@dataclass(slots=True)
class _Draft:
    paper: _PaperLine | None = None
    minted: list[Minted] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def past(self, paper: PaperId) -> Past:
        """What was said of the paper, in order."""
        told = self.paper or _PaperLine(paper=paper)
        entries = sorted(self.entries, key=lambda entry: entry.seq)
        return Past(paper, told.title, told.published, tuple(self.minted), tuple(entries))


@dataclass(slots=True)
class _Reader:
    drafts: defaultdict[PaperId, _Draft] = field(default_factory=lambda: defaultdict(_Draft))
    numbers: dict[int, int] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    uuids: set[str] = field(default_factory=set)

    def take(self, number: int, line: str) -> None:
        """Add what a line says, or why it says nothing."""
        try:
            item = parse_json(line)
            if number == 1:
                _check_header(item)
            elif isinstance(item, dict):
                self._add(number, item)
            else:
                raise ParseError("the line is not an object")
        except ValidationError as error:
            first = error.errors()[0]
            self.wrong.append(Wrong(number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"))
        except BurdenError as error:
            self.wrong.append(Wrong(number, str(error)))

    def _add(self, number: int, item: Json) -> None:
        match item.get("line"):
            case "paper":
                paper = _PaperLine.model_validate(item)
                self.drafts[PaperId(paper.paper)].paper = paper
            case "entity":
                told = _EntityLine.model_validate(item)
                minted = Minted(EntityId.parse(told.entity), told.by, told.at)
                self.drafts[minted.entity.paper].minted.append(minted)
            case "entry":
                self._add_entry(number, _EntryLine.model_validate(item).entry())
            case other:
                raise ParseError(f"a line of kind {other!r} is unknown")

    def _add_entry(self, number: int, entry: Entry) -> None:
        if entry.seq in self.numbers or entry.envelope.uuid in self.uuids:
            raise ParseError(f"entry {entry.seq} ({entry.envelope.uuid}) is in the file twice")
        self.numbers[entry.seq] = number
        self.uuids.add(entry.envelope.uuid)
        self.drafts[entry.envelope.entity.paper].entries.append(entry)

    def read(self) -> LogFile:
        """What all lines said."""
        pasts = [draft.past(paper) for paper, draft in self.drafts.items() if draft.entries]
        pasts.sort(key=lambda past: past.entries[-1].seq)
        return LogFile(tuple(pasts), self.numbers, tuple(self.wrong))


def read_log(text: str) -> LogFile:
    """A log from its lines; lines that cannot be read are told by number."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() or number == 1:
            reader.take(number, line)
    return reader.read()


def _check_header(item: object) -> None:
    try:
        version = _Header.model_validate(item).version
    except ValidationError:
        raise ParseError(
            "this is not a review log of burden", remedy="Take a file of burden export log"
        ) from None
    if version != VERSION:
        raise ParseError(f"this is a review log of version {version}, and {VERSION} is known here")
