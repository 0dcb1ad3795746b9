"""Decisions judge what the machine had on offer when they were made, as long as they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from db.cells import EntityState, Judge, Offer, resolve
from db.dossier import Dossier
from db.engine import session, snapshot
from db.events import (
    Accepted,
    ActorKind,
    Adjudicated,
    CellAdded,
    Corrected,
    DeclaredNotReported,
    EntityMerged,
    EntityRemoved,
    Entry,
    Envelope,
    Event,
    Flagged,
    Noted,
    ProposalKey,
    Rejected,
    Reopened,
    Skipped,
    Undone,
)
from db.judgements import Asked, judged, judgements
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.queue import claim
from db.readings import save
from extractors.confidence import Linear, Model
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.judgements import Judgement
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAPER, OLD, NEW = PaperId("2401.00001"), ("a" * 64, "burden-1"), ("a" * 64, "burden-2")
ONE, TWO = EntityId(PAPER, "run", "one"), EntityId(PAPER, "run", "two")
WORDS = Evidence("a" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")
JUDGE = Judge.of(Model("test", {"training": Linear(0.0)}), Promise(0.95, 0.1))
SHARE = 0.05


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def offered(number: float, entity: EntityId = ONE, *rivals: float, **features: float) -> Proposal:
    others = tuple(Rival(devices(rival), WORDS) for rival in rivals)
    return Proposal(CellKey(entity, "count"), devices(number), WORDS, others, features)


def accepted(number: float) -> Accepted:
    return Accepted(ProposalKey(*OLD), devices(number), WORDS)


def corrected(number: float) -> Corrected:
    return Corrected(devices(number), WORDS)


def adjudicated(number: float | None) -> Adjudicated:
    return Adjudicated(None if number is None else devices(number), WORDS, (1, 2))


Said = tuple[str, Event] | tuple[str, Event, int | None]


def log(*said: Said, entity: EntityId = ONE, field: str | None = "count") -> tuple[Entry, ...]:
    """Entries a minute apart, by who said what in which slot (1 unless given)."""
    entries = []
    for seq, (actor, event, *slot) in enumerate(said, 1):
        kind: ActorKind = "machine" if isinstance(event, Reopened) else "annotator"
        at, n = AT + seq * MINUTE, slot[0] if slot else 1
        entries.append(Entry(seq, Envelope(f"u{seq}", at, actor, kind, entity, field, n), event))
    return tuple(entries)


def dossier(
    entries: Sequence[Entry],
    readings: Mapping[tuple[str, str], tuple[datetime, Sequence[Proposal]]],
    states: Mapping[EntityId, EntityState] | None = None,
) -> Dossier:
    states = states or {ONE: EntityState(), TWO: EntityState()}
    return Dossier(
        PAPER,
        states,
        tuple(id for id, state in states.items() if state.merged_into),
        tuple(readings),
        {key: at for key, (at, _) in readings.items()},
        {
            id: {
                key: found
                for key, (_, said) in readings.items()
                if (found := tuple(p for p in said if p.cell.entity == id))
            }
            for id in states
        },
        {id: tuple(e for e in entries if e.envelope.entity == id) for id in states},
    )


def said_of(
    *said: Said, proposal: Proposal | None = None, asked: Sequence[Asked] = ()
) -> tuple[Judgement, ...]:
    """Judgements from a log about one cell that was read once before."""
    known = dossier(log(*said), {OLD: (AT, [proposal or offered(8, ONE, 16)])})
    return tuple(judged(known, {CellKey(ONE, "count"): asked}, SHARE))


def verdicts(*said: Said) -> list[bool]:
    return [found.right for found in said_of(*said)]


# What is kept is right


@pytest.mark.parametrize(
    ("event", "right"),
    [
        (accepted(8), True),
        (accepted(16), False),
        (corrected(8), True),
        (corrected(4), False),
        (CellAdded(devices(4), WORDS), False),
        (Rejected(), False),
        (DeclaredNotReported(), False),
    ],
)
def test_a_proposal_is_right_if_the_person_kept_its_value(event: Event, right: bool) -> None:
    assert verdicts(("ada", event)) == [right]


def test_a_judgement_has_the_stored_features_and_counts_once() -> None:
    (found,) = said_of(("ada", accepted(8)), proposal=offered(8, ONE, 16, distance=3.0))
    assert (found.paper, found.path, found.weight, found.origin) == (PAPER, "run.count", 1.0, "review")
    assert found.inputs == {"distance": 3.0, "field:count": 1.0, "rule:test.rule": 1.0, "rivals": 1.0}


@pytest.mark.parametrize("event", [Skipped(), Flagged(), Noted("?")])
def test_what_decides_nothing_is_no_judgement(event: Event) -> None:
    assert verdicts(("ada", event)) == []


def test_an_undone_decision_is_no_judgement_and_the_newest_is_the_one() -> None:
    assert verdicts(("ada", accepted(8)), ("ada", Undone(1))) == []
    assert verdicts(("ada", accepted(8), None), ("bob", corrected(4), None)) == [False]
    assert verdicts(("ada", accepted(8), None), ("bob", corrected(4), None), ("bob", Undone(2))) == [True]


def test_a_decision_that_a_senior_is_to_look_at_does_not_count_yet() -> None:
    assert verdicts(("ada", accepted(8)), ("bob", Flagged())) == []
    assert verdicts(("ada", accepted(8)), ("bob", Flagged()), ("sue", accepted(8))) == [True]


def test_of_a_double_review_what_is_agreed_counts() -> None:
    assert verdicts(("ada", accepted(8), 1), ("bob", corrected(8), 2)) == [True]
    opinions: tuple[Said, Said] = ("ada", accepted(8), 1), ("bob", corrected(4), 2)
    assert verdicts(*opinions) == []
    assert verdicts(*opinions, ("sue", adjudicated(8), 3)) == [True]
    assert verdicts(*opinions, ("sue", adjudicated(None), 3)) == [False]


def test_what_nothing_was_proposed_for_is_no_judgement() -> None:
    known = dossier(log(("ada", CellAdded(devices(8), WORDS))), {OLD: (AT, [offered(8, TWO)])})
    assert list(judged(known, {}, SHARE)) == []


def test_identities_are_no_judgements() -> None:
    phase = Proposal(CellKey(ONE, "phase"), Name("training", "trained"), WORDS)
    entries = log(("ada", Corrected(Name("search", "search"), WORDS)), field="phase")
    assert list(judged(dossier(entries, {OLD: (AT, [phase])}), {}, SHARE)) == []


# What was on offer at the time


def test_a_later_reading_is_not_judged_by_an_earlier_decision() -> None:
    readings = {OLD: (AT, [offered(8, age=1)]), NEW: (AT + 2 * MINUTE, [offered(4, age=2)])}
    (before,) = judged(dossier(log(("ada", accepted(8))), readings), {}, SHARE)
    assert (before.inputs["age"], before.right) == (1, True)
    entries = log(("ada", accepted(8)), ("m", Reopened(ProposalKey(*NEW), devices(4), WORDS)))
    (stands,) = judged(dossier(entries, readings), {}, SHARE)
    assert (stands.inputs["age"], stands.right) == (1, True)
    entries = log(*((e.envelope.actor, e.event) for e in entries), ("bob", corrected(4)))
    (after,) = judged(dossier(entries, readings), {}, SHARE)
    assert (after.inputs["age"], after.right) == (2, True)


def test_a_value_that_was_no_longer_read_is_not_judged() -> None:
    readings: Mapping[tuple[str, str], tuple[datetime, Sequence[Proposal]]] = {
        OLD: (AT, [offered(8)]),
        NEW: (AT, [offered(8, TWO)]),
    }
    assert list(judged(dossier(log(("ada", Rejected())), readings), {}, SHARE)) == []


def test_a_decision_on_an_entity_that_was_merged_later_judges_what_was_read_of_it() -> None:
    decision = log(("ada", accepted(8)), entity=TWO)
    merging = replace(
        log(("ada", EntityMerged(ONE)), entity=TWO, field=None)[0], seq=2, envelope=_envelope(TWO, None, 2)
    )
    states = {ONE: EntityState(), TWO: EntityState(merged_into=ONE)}
    readings = {OLD: (AT, [offered(16, ONE, mine=0), offered(8, TWO, mine=1)])}
    (found,) = judged(dossier([*decision, merging], readings, states), {}, SHARE)
    assert (found.inputs["mine"], found.right) == (1, True)


def test_a_decision_on_merged_entities_judges_what_was_read_of_either() -> None:
    merging = log(("ada", EntityMerged(ONE)), entity=TWO, field=None)[0]
    decision = replace(log(("ada", accepted(8)))[0], seq=2, envelope=_envelope(ONE, "count", 2))
    states = {ONE: EntityState(), TWO: EntityState(merged_into=ONE)}
    readings = {OLD: (AT, [offered(16, ONE, mine=0), offered(8, TWO, mine=1)])}
    found = judged(dossier([merging, decision], readings, states), {}, SHARE)
    assert {item.inputs["mine"]: item.right for item in found} == {0: False, 1: True}


def test_nothing_that_was_read_of_a_thing_that_is_none_is_right() -> None:
    time = Proposal(CellKey(ONE, "wall_time"), Quantity.exact(60, "s"), WORDS)
    decision, removal = log(("ada", accepted(8)))[0], EntityRemoved()
    entries = [decision, Entry(2, _envelope(ONE, None, 2), removal)]
    states = {ONE: EntityState(removed=True), TWO: EntityState()}
    known = dossier(entries, {OLD: (AT, [offered(8), time, offered(8, TWO)])}, states)
    found = judged(known, {}, SHARE)
    assert [(item.path, item.right) for item in found] == [("run.count", False), ("run.wall_time", False)]


def _envelope(entity: EntityId, field: str | None, seq: int) -> Envelope:
    return Envelope(f"u{seq}", AT + seq * MINUTE, "ada", "annotator", entity, field)


# Audits


def test_an_audited_value_stands_for_all_that_the_lot_left_out() -> None:
    (found,) = said_of(("ada", accepted(8)), asked=[Asked(AT, audit=True)])
    assert (found.origin, found.weight, found.right) == ("audit", 1 / SHARE, True)


def test_a_decision_answers_what_was_last_asked_before_it() -> None:
    later, decision = AT + 5 * MINUTE, ("ada", accepted(8))
    doubt, audit = Asked(AT, audit=False), Asked(AT, audit=True)
    (found,) = said_of(decision, asked=[doubt, audit, Asked(later, audit=False)])
    assert found.origin == "audit"
    (found,) = said_of(decision, asked=[audit, doubt])
    assert (found.origin, found.weight) == ("review", 1.0)
    (found,) = said_of(decision, asked=[Asked(later, audit=True)])
    assert found.origin == "review"


def test_audits_from_before_audits_were_given_up_count_once() -> None:
    known = dossier(log(("ada", accepted(8))), {OLD: (AT, [offered(8)])})
    (found,) = judged(known, {CellKey(ONE, "count"): [Asked(AT, audit=True)]}, 0.0)
    assert (found.origin, found.weight) == ("audit", 1.0)


# Properties

events: st.SearchStrategy[Said] = st.tuples(
    st.sampled_from(["ada", "bob", "sue"]),
    st.one_of(
        st.integers(1, 3).map(accepted),
        st.integers(1, 3).map(corrected),
        st.sampled_from([None, 1, 2, 3]).map(adjudicated),
        st.sampled_from([Rejected(), DeclaredNotReported(), Flagged(), Skipped(), Noted("?")]),
        st.integers(1, 3).map(lambda number: Reopened(ProposalKey(*NEW), devices(number), WORDS)),
        st.integers(1, 6).map(Undone),
    ),
    st.sampled_from([None, 1, 2]),
)


@given(st.lists(events, max_size=7), st.integers(1, 3))
def test_judgements_say_what_the_cells_say(said: list[Said], number: int) -> None:
    proposal = offered(number)
    found = said_of(*said, proposal=proposal)
    cell = resolve(proposal.cell, [Offer(*OLD, True, proposal)], log(*said), JUDGE)
    settled = bool(cell.reviewers) and cell.look not in ("flagged", "reviewers-disagree")
    assert [item.right for item in found] == ([cell.value == devices(number)] if settled else [])


@given(st.lists(events, max_size=6), events.filter(lambda item: not isinstance(item[1], Undone)))
def test_undoing_restores_the_judgements(said: list[Said], last: Said) -> None:
    assert said_of(*said, last, (last[0], Undone(len(said) + 1))) == said_of(*said)


# In real databases


def fill(
    engine: Engine, *proposals: Proposal, extractor: str = OLD[1], at: datetime = AT, judge: Judge = JUDGE
) -> None:
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=OLD[0], size=1, at=AT)
        save(opened, Reading(OLD[0], extractor, PAPER, "A Net", 9, proposals), judge, at)


def say(
    engine: Engine, event: Event, minute: int, entity: EntityId = ONE, field: str | None = "count"
) -> int:
    about = Envelope(str(uuid4()), AT + minute * MINUTE, "ada", "annotator", entity, field)
    with session(engine) as opened:
        return append(opened, about, event, JUDGE)


def found_in(engine: Engine) -> list[tuple[str, float, bool]]:
    with snapshot(engine) as opened:
        return [(item.path, item.inputs["age"], item.right) for item in judgements(opened, SHARE)]


def test_a_database_without_decisions_has_no_judgements(engine: Engine) -> None:
    fill(engine, offered(8, age=1))
    assert found_in(engine) == []


def test_decisions_are_found_with_what_was_stored_when_they_were_made(engine: Engine) -> None:
    time: Value = Quantity.exact(86_400, "s")
    hours = Proposal(CellKey(ONE, "wall_time"), time, WORDS, features={"age": 1})
    fill(engine, offered(8, ONE, 16, age=1), hours)
    say(engine, accepted(8), 1)
    say(engine, Rejected(), 1, field="wall_time")
    fill(engine, offered(4, age=2), hours, extractor=NEW[1], at=AT + 2 * MINUTE)
    assert found_in(engine) == [("run.count", 1, True), ("run.wall_time", 1, False)]
    seq = say(engine, corrected(4), 3)
    assert found_in(engine) == [("run.count", 2, True), ("run.wall_time", 1, False)]
    say(engine, Undone(seq), 4)
    assert found_in(engine) == [("run.count", 1, True), ("run.wall_time", 1, False)]


def test_a_slot_that_was_filled_is_a_review(engine: Engine) -> None:
    fill(engine, offered(8, age=1))
    with session(engine) as opened:
        held = claim(opened, "ada", AT, timedelta(minutes=10))
        assert held is not None
        about = Envelope(str(uuid4()), AT, "ada", "annotator", ONE, "count", held.slot)
        append(opened, about, accepted(8), JUDGE)
    with snapshot(engine) as opened:
        assert [(item.origin, item.weight) for item in judgements(opened, SHARE)] == [("review", 1.0)]


def test_an_audit_that_somebody_flagged_is_one(engine: Engine) -> None:
    audits = Judge.of(model_of({"training": Linear(3.0)}), Promise(0.9, 0.1, audit_share=1.0))
    fill(engine, offered(8, age=1), judge=audits)
    said: tuple[Event, ...] = (Flagged(), accepted(8))
    for minute, event in enumerate(said, 1):
        about = Envelope(str(uuid4()), AT + minute * MINUTE, "ada", "annotator", ONE, "count")
        with session(engine) as opened:
            append(opened, about, event, audits)
    with snapshot(engine) as opened:
        found = [(item.origin, item.weight, item.right) for item in judgements(opened, SHARE)]
    assert found == [("audit", 1 / SHARE, True)]


def test_what_was_read_of_removed_and_merged_entities_is_judged(engine: Engine) -> None:
    fill(engine, offered(8, age=1), offered(4, TWO, age=2))
    say(engine, corrected(16), 1, TWO)
    say(engine, EntityMerged(ONE), 2, TWO, None)
    assert found_in(engine) == [("run.count", 2, False)]
    say(engine, EntityRemoved(), 3, ONE, None)
    assert found_in(engine) == [("run.count", 1, False), ("run.count", 2, False)]
