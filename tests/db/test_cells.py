"""A cell is the fold of readings and decisions: machines propose, people decide, undo restores."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.cells import CellState, EntityState, Judge, Offer, resolve, resolve_entity
from db.events import (
    Accepted,
    ActorKind,
    Adjudicated,
    Corrected,
    Decision,
    DeclaredNotReported,
    EntityAdded,
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
from db.tables import Look, Status
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal
from extractors.facts.values import Name, NotReported, Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
RUN = EntityId(PaperId("2401.00001"), "run", "net")
KEY = CellKey(RUN, "count")
WORDS = Evidence("a" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")
JUDGE = Judge.of(
    model_of({"training": Linear(0.0, {"sure": 9.0, "unsure": 0.5, "hopeless": -9.0})}),
    Promise(0.9, 0.1),
)


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def offer(number: float, mood: str = "unsure", *, counts: bool = True, extractor: str = "burden-1") -> Offer:
    return Offer("a" * 64, extractor, counts, Proposal(KEY, devices(number), WORDS, features={mood: 1.0}))


def accepted(number: float, extractor: str = "burden-1") -> Accepted:
    return Accepted(ProposalKey("a" * 64, extractor), devices(number), WORDS)


def corrected(number: float) -> Corrected:
    return Corrected(devices(number), WORDS)


def reopened(number: float) -> Reopened:
    return Reopened(ProposalKey("b" * 64, "burden-2"), devices(number), WORDS)


def log(*said: tuple[str, Event] | tuple[str, Event, int | None]) -> tuple[Entry, ...]:
    """Entries by who said what, and in which slot (1 unless given)."""
    entries = []
    for seq, (actor, event, *slot) in enumerate(said, 1):
        at = AT + timedelta(minutes=seq)
        kind: ActorKind = "machine" if isinstance(event, Reopened) else "annotator"
        envelope = Envelope(f"u{seq}", at, actor, kind, RUN, "count", slot[0] if slot else 1)
        entries.append(Entry(seq, envelope, event))
    return tuple(entries)


def state(offers: Sequence[Offer], entries: Sequence[Entry] = (), *, void: bool = False) -> CellState:
    return resolve(KEY, offers, entries, JUDGE, void=void)


# Without people


@pytest.mark.parametrize(
    ("mood", "status", "look"),
    [("sure", "automatic", None), ("unsure", "queued", "uncertain"), ("hopeless", "rejected", None)],
)
def test_the_probability_says_where_a_value_goes(mood: str, status: Status, look: Look | None) -> None:
    found = state([offer(8, mood)])
    assert (found.status, found.look, found.value) == (status, look, devices(8))
    assert (found.extractor, found.model_sha) == ("burden-1", JUDGE.sha256)


def test_only_the_reading_that_counts_is_heard() -> None:
    assert state([offer(4, "sure", counts=False), offer(8)]).value == devices(8)


def test_a_cell_that_is_no_longer_read_is_void() -> None:
    found = state([offer(8, "sure", counts=False)])
    assert (found.status, found.value, found.look) == ("void", None, None)


def test_merged_entities_that_disagree_are_looked_at() -> None:
    assert state([offer(8, "sure"), offer(4, "sure")]).status == "queued"
    assert state([offer(8, "sure"), offer(8, "unsure")]).status == "automatic"


def test_identity_is_published_with_its_entity_and_never_queued_alone() -> None:
    key = CellKey(RUN, "phase")
    proposal = Proposal(key, Name("training", "trained"), WORDS, features={"unsure": 1.0})
    found = resolve(key, [Offer("a" * 64, "burden-1", True, proposal)], (), JUDGE)
    assert (found.status, found.look) == ("automatic", None)


# With people


def test_a_decision_stands_whatever_the_machine_says_later() -> None:
    entries = log(("ada", corrected(4)))
    found = state([offer(8, "sure", extractor="burden-2")], entries)
    assert (found.status, found.value, found.reviewers) == ("reviewed", devices(4), ("ada",))
    assert (found.probability, found.extractor, found.look) == (None, None, None)
    assert (found.decided_at, found.last_seq) == (entries[0].envelope.at, 1)


def test_an_accepted_value_keeps_its_extractor_and_its_probability() -> None:
    found = state([offer(8)], log(("ada", accepted(8))))
    assert (found.status, found.extractor) == ("reviewed", "burden-1")
    assert found.probability == pytest.approx(0.6224593)


def test_a_rejected_cell_holds_nothing_and_does_not_come_back() -> None:
    found = state([offer(8, "sure")], log(("ada", Rejected())))
    assert (found.status, found.value, found.look, found.reviewers) == ("rejected", None, None, ("ada",))


def test_not_reported_is_a_value() -> None:
    found = state([offer(8)], log(("ada", DeclaredNotReported())))
    assert (found.status, found.value, found.published) == ("reviewed", NotReported(), True)


def test_a_reopened_cell_keeps_its_value_and_asks_for_a_look_until_somebody_decides() -> None:
    entries = log(("ada", accepted(8)), ("burden-2", reopened(16)))
    found = state([offer(16, "sure", extractor="burden-2")], entries)
    assert (found.status, found.value, found.look) == ("reviewed", devices(8), "machine-disagrees")
    again = log(("ada", accepted(8)), ("burden-2", reopened(16)), ("bob", accepted(16, "burden-2")))
    found = state([offer(16, "sure", extractor="burden-2")], again)
    assert (found.status, found.value, found.look, found.reviewers) == (
        "reviewed",
        devices(16),
        None,
        ("bob",),
    )


def test_skipping_and_noting_decide_nothing() -> None:
    found = state([offer(8)], log(("ada", Skipped()), ("ada", Noted("see the appendix"))))
    assert (found.status, found.look, found.reviewers, found.last_seq) == ("queued", "uncertain", (), 2)


def test_a_flag_asks_for_a_senior_until_somebody_decides() -> None:
    assert state([offer(8, "sure")], log(("ada", Flagged()))).look == "flagged"
    assert state([offer(8)], log(("ada", accepted(8)), ("ada", Flagged()))).look == "flagged"
    assert state([offer(8)], log(("ada", Flagged()), ("sue", accepted(8)))).look is None


def test_two_opinions_that_agree_are_a_double_review() -> None:
    found = state([offer(8)], log(("ada", accepted(8), 1), ("bob", corrected(8), 2)))
    assert (found.status, found.reviewers) == ("double-reviewed", ("ada", "bob"))


def test_two_opinions_that_differ_are_not_published_until_a_third_person_decides() -> None:
    opinions = (("ada", accepted(8), 1), ("bob", corrected(4), 2))
    found = state([offer(8)], log(*opinions))
    assert (found.status, found.look, found.published) == ("queued", "reviewers-disagree", False)
    found = state([offer(8)], log(*opinions, ("sue", Adjudicated(devices(4), WORDS, (1, 2)), 3)))
    assert (found.status, found.value, found.reviewers) == ("adjudicated", devices(4), ("ada", "bob", "sue"))


def test_a_decision_outside_the_queue_replaces_all_before() -> None:
    found = state(
        [offer(8)], log(("ada", accepted(8), 1), ("bob", corrected(4), 2), ("sue", corrected(2), None))
    )
    assert (found.status, found.value, found.reviewers) == ("reviewed", devices(2), ("sue",))


def test_a_cell_of_a_merged_or_removed_entity_is_void_whatever_was_decided() -> None:
    found = state([offer(8, "sure")], log(("ada", accepted(8))), void=True)
    assert (found.status, found.value, found.last_seq) == ("void", None, 1)


# Undo, order, replay

decisions: st.SearchStrategy[Decision] = st.one_of(
    st.integers(1, 3).map(accepted),
    st.integers(1, 3).map(corrected),
    st.just(Rejected()),
    st.just(DeclaredNotReported()),
)
said: st.SearchStrategy[tuple[str, Event, int | None]] = st.tuples(
    st.sampled_from(["ada", "bob", "sue"]),
    st.one_of(
        decisions,
        st.just(Flagged()),
        st.just(Skipped()),
        st.just(Noted("?")),
        st.integers(1, 3).map(reopened),
        st.integers(1, 3).map(lambda number: Adjudicated(devices(number), WORDS, (1, 2))),
        st.integers(1, 6).map(Undone),
    ),
    st.sampled_from([None, 1, 2]),
)
logs = st.lists(said, max_size=7).map(lambda items: log(*items))
offers = st.lists(
    st.builds(offer, st.integers(1, 3), st.sampled_from(["sure", "unsure", "hopeless"])), max_size=2
)


@given(offers, logs, st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_log_and_not_of_its_arrival(
    offers: list[Offer], entries: tuple[Entry, ...], random: Random
) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert state(offers, shuffled) == state(offers, entries)


@given(offers, logs, st.data())
def test_undo_restores_exactly_what_was_before(
    offers: list[Offer], entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    actor, event, slot = data.draw(said.filter(lambda item: not isinstance(item[1], Undone)))
    before = [(e.envelope.actor, e.event, e.envelope.slot) for e in entries]
    undone = log(*before, (actor, event, slot), (actor, Undone(len(before) + 1), slot))
    redone = log(
        *before, (actor, event, slot), (actor, Undone(len(before) + 1)), (actor, Undone(len(before) + 2))
    )
    assert _meaning(state(offers, undone)) == _meaning(state(offers, entries))
    assert _meaning(state(offers, redone)) == _meaning(state(offers, log(*before, (actor, event, slot))))


def _meaning(found: CellState) -> tuple[object, ...]:
    return (
        found.status,
        found.value,
        found.evidence,
        found.look,
        found.reviewers,
        found.decided_at,
        found.extractor,
    )


@given(logs, offers, offers)
def test_no_reading_changes_what_a_person_decided(
    entries: tuple[Entry, ...], before: list[Offer], after: list[Offer]
) -> None:
    one, two = state(before, entries), state(after, entries)
    assert bool(one.reviewers) == bool(two.reviewers)
    if one.reviewers:
        assert _meaning(one) == _meaning(two)


@given(offers, logs)
def test_nothing_is_published_without_evidence_or_with_an_open_disagreement(
    offers: list[Offer], entries: tuple[Entry, ...]
) -> None:
    found = state(offers, entries)
    if found.published:
        assert found.value is not None
        assert found.evidence is not None or isinstance(found.value, NotReported)
        assert found.look != "reviewers-disagree"
    if found.status == "queued":
        assert found.look is not None


# Entities


def about_entity(*events: Event) -> tuple[Entry, ...]:
    return tuple(
        Entry(seq, Envelope(f"u{seq}", AT, "ada", "annotator", RUN), event)
        for seq, event in enumerate(events, 1)
    )


OTHER = EntityId(RUN.paper, "run", "other")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), EntityState()),
        ((EntityAdded(),), EntityState()),
        ((EntityAdded(), Undone(1)), EntityState(removed=True)),
        ((EntityMerged(OTHER),), EntityState(merged_into=OTHER)),
        ((EntityMerged(OTHER), Undone(1)), EntityState()),
        ((EntityRemoved(),), EntityState(removed=True)),
        ((EntityRemoved(), Undone(1), Undone(2)), EntityState(removed=True)),
    ],
)
def test_what_people_said_of_an_entity_holds_until_it_is_undone(
    events: tuple[Event, ...], expected: EntityState
) -> None:
    assert resolve_entity(about_entity(*events)) == expected
