"""What burden read of one paper, for its authors, and what they answer.

Each value has a code that follows from its cell and the value itself. An answer names the code, so that a page can be
answered after months, by mail, in any order: if burden holds something else by then, no value has that code any more and the
answer is told instead of taken. The page itself is in `authors_html`, the same as a mail in `authors_text`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from annotation.exchange.answers import IMPORTS, Answers
from annotation.exchange.questions import accepting, tidy
from annotation.page import link
from annotation.scale import scale_beside
from annotation.session import Reviewer
from annotation.typed import parse_typed
from annotation.values import show
from db.cells import CellState
from db.dossier import lock_paper
from db.events import Corrected, Decision, DeclaredNotReported, Envelope, Noted, Rejected
from db.log import append
from db.refresh import entity_cells, options, state_of
from db.tables import CellRow, EventRow, PaperRow
from extractors.facts.codec import value_to_json
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS, field_of
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, NotReported, Quantity, Value

RULE = "author"
"""The rule that an author's value names as its evidence."""
CODE_LENGTH = 8
_UNSAID = frozenset({"unspecified"})
_TIMES = {"s": "", "device-s": "device-", "chip-s": "chip-", "core-s": "core-"}
"""What stands before days and hours of times in these units."""
_NOT_THERE = frozenset({"not reported", "not in the paper", "not stated"})
"""What authors may write instead of a value."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One value as its authors see it."""

    state: CellState
    value: Value
    evidence: Evidence

    @property
    def key(self) -> CellKey:
        """Its cell."""
        return self.state.key

    @property
    def meaning(self) -> str:
        """What the value is."""
        return field_of(self.key).meaning

    @property
    def printed(self) -> str:
        """The value as the paper prints it, harmless."""
        return tidy(getattr(self.value, "printed", ""))

    @property
    def words(self) -> str:
        """The value in words, harmless."""
        return tidy(_in_words(self.value))

    @property
    def where(self) -> str:
        """Page and part of the paper, harmless."""
        return tidy(", ".join(filter(None, [f"page {self.evidence.page}", self.evidence.anchor])), 100)

    @property
    def quote(self) -> str:
        """The words, harmless."""
        return tidy(self.evidence.quote)

    @property
    def code(self) -> str:
        """Eight letters and digits, the same as long as the cell holds this value."""
        said = json.dumps([str(self.key), value_to_json(self.value)], sort_keys=True)
        digest = hashlib.sha256(said.encode()).digest()
        return base64.b32encode(digest)[:CODE_LENGTH].decode().lower()


@dataclass(frozen=True, slots=True)
class Group:
    """A model, a training run or a result with its values."""

    heading: str
    values: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """What burden read of a paper."""

    paper: PaperId
    title: str
    groups: tuple[Group, ...]

    @property
    def link(self) -> str:
        """Where the paper is; empty for one known only by its bytes."""
        return tidy(link(self.paper))

    @property
    def values(self) -> Iterator[Listed]:
        """All values in order."""
        return (listed for group in self.groups for listed in group.values)


def papers_with_values(session: Session) -> tuple[PaperId, ...]:
    """The papers that there is something to ask about, in order."""
    found = select(CellRow.paper_id).where(col(CellRow.status).not_in(["void", "rejected"]))
    return tuple(map(PaperId, session.exec(found.distinct().order_by(CellRow.paper_id)).all()))


def author_page(session: Session, paper: PaperId) -> AuthorPage:
    """What burden read of a paper: what it reports of its own models, training and results.

    Raises:
        UsageError: there is no such paper.
    """
    row = session.get(PaperRow, paper)
    if row is None:
        raise UsageError(f"there is no paper {paper}", remedy="burden queue lists some that wait")
    cells: dict[EntityId, dict[str, CellState]] = {}
    query = select(CellRow).where(CellRow.paper_id == paper, col(CellRow.status).not_in(["void", "rejected"]))
    for state in map(state_of, session.exec(query.order_by(CellRow.entity_id))):
        cells.setdefault(state.key.entity, {})[state.key.field] = state
    kinds = ("model", "run", "result")
    known = sorted((id for id in cells if id.kind in kinds), key=lambda id: (kinds.index(id.kind), id))
    groups = (_group(id, cells) for id in known if _name(cells, id, "role") != "baseline")
    return AuthorPage(paper, tidy(row.title), tuple(group for group in groups if group.values))


def _group(id: EntityId, cells: Mapping[EntityId, Mapping[str, CellState]]) -> Group:
    model = _name(cells, id, "model")
    if model:
        model = _name(cells, EntityId(id.paper, "model", model), "name", printed=True) or model
    said = {name: _name(cells, id, name) for name in ("phase", "benchmark", "metric", "split", "setting")}
    parts: tuple[str, ...]
    match id.kind:
        case "model":
            parts = ("Model", _name(cells, id, "name", printed=True) or id.slug)
        case "run":
            parts = ("Training", model or id.slug, said["phase"])
        case _:
            parts = (
                "Result",
                said["benchmark"],
                said["metric"],
                said["split"],
                model or id.slug,
                said["setting"],
            )
    heading = ", ".join(part for part in parts if part and part not in _UNSAID)
    return Group(tidy(heading.replace("_", " "), 150), tuple(_listed(id, cells[id])))


def _listed(id: EntityId, states: Mapping[str, CellState]) -> Iterator[Listed]:
    """An entity's facts, in the order of the registry."""
    for field in FIELDS.values():
        state = states.get(field.name)
        if field.kind != id.kind or field.use != "fact" or state is None:
            continue
        if (
            state.value is not None
            and state.evidence is not None
            and not isinstance(state.value, NotReported)
        ):
            yield Listed(state, state.value, state.evidence)


def _name(
    cells: Mapping[EntityId, Mapping[str, CellState]], id: EntityId, field: str, *, printed: bool = False
) -> str:
    state = cells.get(id, {}).get(field)
    value = state.value if state is not None else None
    return (value.printed if printed else value.id) if isinstance(value, Name) else ""


def _in_words(value: Value) -> str:
    """A value for people who did not define the units: no powers of ten below a trillion, long times in days or hours."""
    if not isinstance(value, Quantity):
        return show(value)
    words = f"{value.value:,.12g} {value.unit}"
    for name, seconds in (("days", 86_400), ("hours", 3_600)):
        if value.unit in _TIMES and value.value >= seconds:
            words = f"{value.value / seconds:,.4g} {_TIMES[value.unit]}{name} ({words})"
            break
    return words if not value.printed or value.printed in words else f"{words}, printed “{value.printed}”"


# Answers


@dataclass(frozen=True, slots=True)
class AuthorAnswer:
    """What an author says of one value."""

    place: str
    code: str
    right: bool
    value: str = ""
    """What it is instead; empty where they only say that it is wrong."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class AuthorAnswers:
    """What came back from an author."""

    paper: PaperId
    name: str
    """As they sign; empty if they do not."""
    given: tuple[AuthorAnswer, ...]
    answers: Answers
    """What could not be taken, and how many values were left blank."""
    remarks: str = ""
    """For people to read."""


def give_author_answer(
    session: Session, said: AuthorAnswers, answer: AuthorAnswer, reviewer: Reviewer, at: datetime
) -> bool:
    """Write an author's answer to the log; as `answers.give`.

    What people decided already and an author confirms stays as it is, with a note; on what people disagree about, the author is heard
    too. What several people decide or decided is never replaced by it: the two stand beside each other for somebody to settle.

    Args:
        session: a writing transaction; to be rolled back if an error is raised.
        said: all that came back.
        answer: one of it.
        reviewer: who imports it.
        at: now.

    Raises:
        ConflictError: the value is another one by now.
        ParseError, UsageError: the right value cannot be read, or there is no such paper.
    """
    lock_paper(session, said.paper)
    actor = f"author {said.name}" if said.name else f"author of {said.paper}"
    gist = [actor, said.paper, answer.code, str(answer.right), answer.value, answer.comment]
    name = str(uuid.uuid5(IMPORTS, "\n".join(["authors", *gist])))
    if session.exec(select(EventRow.seq).where(EventRow.uuid == name)).first() is not None:
        return False
    values = {listed.code: listed for listed in author_page(session, said.paper).values}
    listed = values.get(answer.code)
    if listed is None:
        raise ConflictError(
            f"no value of {said.paper} has the code {tidy(answer.code, 20)} now: it has changed since it was asked about",
            remedy="Export the page again, and ask again",
        )
    envelope = Envelope(
        uuid=name,
        at=at,
        actor=actor,
        actor_kind="author",
        entity=listed.key.entity,
        field=listed.key.field,
        expect=listed.value,
        extractor=listed.state.extractor,
        reason=". ".join(filter(None, [answer.comment, f"imported by {reviewer.name}"])),
    )
    append(session, envelope, _event(session, listed, answer), reviewer.judge)
    return True


def _event(session: Session, listed: Listed, answer: AuthorAnswer) -> Decision | Noted:
    if answer.right:
        return _confirmed(session, listed)
    if not answer.value:
        return Rejected()
    cited = replace(listed.evidence, rule=RULE)
    if answer.value.lower().strip(" .") in _NOT_THERE:
        return DeclaredNotReported(cited)
    scale = scale_beside(entity_cells(session, listed.key.entity))
    return Corrected(parse_typed(field_of(listed.key), answer.value, scale), cited)


def _confirmed(session: Session, listed: Listed) -> Decision | Noted:
    if listed.state.look == "reviewers-disagree":
        return Corrected(listed.value, replace(listed.evidence, rule=RULE))
    offered = options(session, listed.key) if listed.state.decided_at is None else ()
    for option in offered:
        if (option.value, option.evidence) == (listed.value, listed.evidence):
            return accepting(option)
    return Noted("the authors confirm this value")
