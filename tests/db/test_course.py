"""Each entry of a paper's log with the cell before and after it: the same as a fold of all that was known then, in time that grows with the log."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.cells import CellState, EntityState, Judge, resolve, resolve_entity
from db.course import course
from db.dossier import Dossier, merged_of
from db.events import (
    Accepted,
    Corrected,
    DeclaredNotReported,
    EntityMerged,
    EntityRemoved,
    Entry,
    Envelope,
    Event,
    Flagged,
    ProposalKey,
    Rejected,
    Skipped,
    Undone,
)
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAPER = PaperId("2401.00001")
ONE, TWO = (EntityId(PAPER, "run", name) for name in ("one", "two"))
WHOLE = EntityId(PAPER, "paper", "whole")
OLD, NEW = ("a" * 64, "burden-1"), ("a" * 64, "burden-2")
WORDS = Evidence("a" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")
JUDGE = Judge.of(model_of({"training": Linear(0.0)}), Promise(0.9, 0.1))
CELLS = (
    CellKey(ONE, "count"),
    CellKey(ONE, "epochs"),
    CellKey(TWO, "count"),
    CellKey(TWO, "phase"),
    CellKey(WHOLE, "rest"),
)
ABOUT: tuple[CellKey | EntityId, ...] = (*CELLS, ONE, TWO)


def known(entries: Sequence[Entry], runs: Sequence[EntityId] = (ONE, TWO)) -> Dossier:
    """Two readings of some runs, the second after ten minutes, and a log."""
    entities = (*runs, WHOLE)
    states = {
        id: resolve_entity(e for e in entries if e.envelope.entity == id and e.envelope.field is None)
        for id in entities
    }
    proposals = {
        id: {
            key: (Proposal(CellKey(id, "count"), Quantity.exact(number, "devices"), WORDS),)
            for number, key in enumerate((OLD, NEW), 8)
        }
        for id in runs
    }
    said = {id: tuple(entry for entry in entries if entry.envelope.entity == id) for id in entities}
    times = {OLD: AT, NEW: AT + 10 * MINUTE}
    return Dossier(PAPER, states, merged_of(states), (OLD, NEW), times, proposals, said)


def entry(seq: int, about: CellKey | EntityId, event: Event, slot: int | None = 1) -> Entry:
    entity, field = (about.entity, about.field) if isinstance(about, CellKey) else (about, None)
    envelope = Envelope(f"u{seq}", AT + seq * MINUTE, f"p{seq % 3}", "annotator", entity, field, slot)
    return Entry(seq, envelope, event)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """What anybody may have said, undone and said again."""
    said: list[Entry] = []
    for seq in range(1, draw(st.integers(0, 25)) + 1):
        about = draw(st.sampled_from(ABOUT))
        earlier = [
            e.seq
            for e in said
            if about in (e.envelope.cell, e.envelope.entity if not e.envelope.field else None)
        ]
        events: list[Event] = [Undone(draw(st.sampled_from(earlier)))] if earlier else []
        if isinstance(about, EntityId):
            events += [EntityRemoved(), EntityMerged(TWO if about == ONE else ONE)]
        else:
            number = Quantity.exact(draw(st.sampled_from((4, 8))), "devices")
            events += [Corrected(number, WORDS), Accepted(ProposalKey(*OLD), number, WORDS)]
            events += [Rejected(), DeclaredNotReported(), Skipped(), Flagged()]
        said.append(entry(seq, about, draw(st.sampled_from(events)), draw(st.sampled_from((None, 1, 2)))))
    return said


def folded(then: Dossier, key: CellKey) -> CellState:
    return resolve(key, then.offers(key), then.entries_about(key), JUDGE, void=then.is_void(key.entity))


def without(then: Dossier, last: Entry) -> Dossier:
    return replace(
        then, entries={id: tuple(e for e in said if e != last) for id, said in then.entries.items()}
    )


@given(logs())
def test_it_is_what_a_fold_of_all_that_was_known_then_gives(said: list[Entry]) -> None:
    dossier = known(said)
    steps = list(course(dossier, JUDGE))
    assert [step.entry for step in steps] == said
    for step in steps:
        then, key = dossier.as_of(step.entry), step.entry.envelope.cell
        if key is None:
            assert (step.before, step.after) == (None, then.entities[step.entry.envelope.entity])
        else:
            assert step.after == folded(then, key)
            assert step.before == folded(without(then, step.entry), key)


def test_an_entity_is_what_was_said_of_it_up_to_then() -> None:
    said = [entry(1, ONE, EntityMerged(TWO)), entry(2, ONE, Undone(1)), entry(3, ONE, EntityRemoved())]
    assert [step.after for step in course(known(said), JUDGE)] == [
        EntityState(merged_into=TWO),
        EntityState(),
        EntityState(removed=True),
    ]


def calls_for(number: int) -> int:
    """How many functions are called for a log of so many entries about a paper's runs, four of each."""
    runs = [EntityId(PAPER, "run", f"run-{n}") for n in range(number // 4)]
    said = [
        entry(n + 1, CellKey(runs[n % len(runs)], "count"), Corrected(Quantity.exact(n, "devices"), WORDS))
        for n in range(number)
    ]
    dossier, calls = known(said, runs), 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        assert sum(1 for _ in course(dossier, JUDGE)) == number
    finally:
        sys.setprofile(None)
    return calls


def steps_for(number: int, *, undone: bool) -> int:
    """How many lines of `db` are run for so many entries about one cell, every other of which may take back the one before."""
    cell, steps = CellKey(ONE, "count"), 0
    said = [
        entry(
            n,
            cell,
            Undone(n - 1) if undone and n % 2 == 0 else Corrected(Quantity.exact(n, "devices"), WORDS),
        )
        for n in range(1, number + 1)
    ]
    dossier = known(said)

    def count(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return count if "/db/" in frame.f_code.co_filename else None

    sys.settrace(count)
    try:
        assert sum(1 for _ in course(dossier, JUDGE)) == number
    finally:
        sys.settrace(None)
    return steps


def test_twice_the_entries_are_twice_the_work() -> None:
    assert calls_for(400) < 2.1 * calls_for(200)


@pytest.mark.parametrize("undone", [False, True], ids=["decided", "decided and taken back"])
def test_twice_the_entries_about_one_cell_are_twice_the_steps(undone: bool) -> None:
    assert steps_for(400, undone=undone) < 2.1 * steps_for(200, undone=undone)
