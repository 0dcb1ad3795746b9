"""The log takes what makes sense now, refuses the rest, and moves the cells with it."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from db.cells import CellState, Judge
from db.engine import open_database, session, snapshot
from db.events import (
    Accepted,
    ActorKind,
    Adjudicated,
    CellAdded,
    Corrected,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
    Envelope,
    Event,
    Flagged,
    Noted,
    ProposalKey,
    Rejected,
    Skipped,
    Undone,
)
from db.log import append, history, last_seq
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import cell_state, doctor, entity_cells, options
from extractors.confidence import Linear
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, SHA = PaperId("2401.00001"), "a" * 64
ONE, TWO, MODEL = (
    EntityId(PAPER, "run", "one"),
    EntityId(PAPER, "run", "two"),
    EntityId(PAPER, "model", "net"),
)
COUNT = CellKey(ONE, "count")
WORDS = Evidence(SHA, 1, None, "Training", "on 8 GPUs", "test.rule")
FAMILY = Linear(0.5)
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def said(entity: EntityId, field: str, value: Value, *rivals: Value) -> Proposal:
    words = replace(WORDS, quote=f"{entity.slug}: {field}")
    return Proposal(CellKey(entity, field), value, words, tuple(Rival(item, words) for item in rivals))


READING = Reading(
    SHA,
    "burden-1",
    PAPER,
    "A Net",
    9,
    (
        said(MODEL, "name", Name("Net", "Net")),
        said(ONE, "count", devices(8), devices(16)),
        said(TWO, "count", devices(8)),
        said(TWO, "wall_time", Quantity.exact(86_400, "s")),
    ),
)


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """A database with one paper, read once."""
    fill(engine)
    return engine


def fill(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=SHA, size=1, at=AT)
        save(opened, READING, JUDGE, AT)


def envelope(
    entity: EntityId, field: str | None, actor: str = "ada", kind: ActorKind = "annotator"
) -> Envelope:
    return Envelope(str(uuid4()), AT, actor, kind, entity, field)


def say(engine: Engine, event: Event, about: Envelope | None = None) -> int:
    with session(engine) as opened:
        seq = append(opened, about or envelope(ONE, "count"), event, JUDGE)
        assert doctor(opened, JUDGE) == ()
        return seq


def test_an_entry_about_an_entity_expects_what_its_author_saw_of_it_and_its_cells(stored: Engine) -> None:
    seen = say(stored, Corrected(devices(4), WORDS))
    say(stored, Noted("so"), envelope(TWO, "count"))
    for stale in (0, seen - 1, devices(4)):
        with pytest.raises(ConflictError, match="has changed"):
            say(stored, EntityRemoved(), replace(envelope(ONE, None), expect=stale))
    say(stored, EntityRemoved(), replace(envelope(ONE, None), expect=seen))


def cell(engine: Engine, key: CellKey = COUNT) -> CellState:
    with snapshot(engine) as opened:
        found = cell_state(opened, key)
        assert found is not None
        return found


def test_a_value_or_one_of_its_rivals_is_accepted(stored: Engine) -> None:
    with snapshot(stored) as opened:
        value, rival = options(opened, COUNT)
    assert rival.proposal
    assert (value.value, rival.value, rival.proposal.rank) == (devices(8), devices(16), 1)
    say(stored, Accepted(rival.proposal, rival.value, rival.evidence))
    assert (cell(stored).value, cell(stored).status, cell(stored).extractor) == (
        devices(16),
        "reviewed",
        "burden-1",
    )


def test_nothing_can_be_accepted_of_what_is_not_there(stored: Engine) -> None:
    with snapshot(stored) as opened, pytest.raises(UsageError, match="there is no 2401"):
        options(opened, CellKey(EntityId(PAPER, "run", "nobody"), "count"))


def test_a_value_that_is_not_proposed_cannot_be_accepted_at_the_screen(stored: Engine) -> None:
    elsewhere = Accepted(ProposalKey("c" * 64, "burden-0"), devices(2), WORDS)
    with pytest.raises(ConflictError, match="no longer proposed"):
        say(stored, elsewhere)
    say(stored, elsewhere, envelope(ONE, "count", kind="import"))
    assert cell(stored).value == devices(2)


def test_undo_brings_the_cell_back_as_it_was(stored: Engine) -> None:
    before = cell(stored)
    seq = say(stored, Corrected(devices(4), WORDS))
    undo = say(stored, Undone(seq))
    assert replace(cell(stored), last_seq=0) == before
    say(stored, Undone(undo))
    assert cell(stored).value == devices(4)


def test_only_its_author_or_a_senior_with_a_reason_undoes_an_entry(stored: Engine) -> None:
    seq = say(stored, Corrected(devices(4), WORDS))
    for actor, kind in (("bob", "annotator"), ("sue", "senior")):
        who = replace(envelope(ONE, "count", actor), actor_kind="senior" if kind == "senior" else "annotator")
        with pytest.raises(UsageError, match="Only they undo it, or a senior who gives a reason"):
            say(stored, Undone(seq), who)
    say(
        stored, Undone(seq), replace(envelope(ONE, "count", "sue", "senior"), reason="that is the batch size")
    )
    assert cell(stored).status == "queued"


def test_an_entry_sent_twice_is_stored_once(stored: Engine) -> None:
    about = envelope(ONE, "count")
    assert say(stored, Rejected(), about) == say(stored, Rejected(), about)
    with pytest.raises(ConflictError, match="says something else"):
        say(stored, Flagged(), about)
    with snapshot(stored) as opened:
        assert last_seq(opened) == 1


@pytest.mark.parametrize("expect", [7, devices(9)])
def test_an_entry_on_what_has_changed_is_refused(stored: Engine, expect: int | Value) -> None:
    with pytest.raises(ConflictError, match="has changed since it was looked at"):
        say(stored, Rejected(), replace(envelope(ONE, "count"), expect=expect))
    with snapshot(stored) as opened:
        assert last_seq(opened) == 0


@pytest.mark.parametrize("expect", [0, devices(8)])
def test_an_entry_on_what_is_there_is_taken(stored: Engine, expect: int | Value) -> None:
    say(stored, Rejected(), replace(envelope(ONE, "count"), expect=expect))
    with snapshot(stored) as opened:
        (entry,) = history(opened, actor="ada")
        assert entry.envelope.expect == expect


def test_of_two_who_saw_the_same_only_one_is_heard(stored: Engine) -> None:
    start, outcomes = Barrier(2), list[str]()

    def decide(who: str, number: float) -> None:
        start.wait()
        try:
            say(stored, Corrected(devices(number), WORDS), replace(envelope(ONE, "count", who), expect=0))
            outcomes.append("taken")
        except ConflictError:
            outcomes.append("refused")

    threads = [Thread(target=decide, args=("ada", 2.0)), Thread(target=decide, args=("bob", 4.0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "taken"]
    assert len(cell(stored).reviewers) == 1


@pytest.mark.parametrize(
    ("event", "about", "message"),
    [
        (Corrected(Name("8", "8"), WORDS), envelope(ONE, "count"), "not a value of run.count"),
        (Corrected(devices(-1), WORDS), envelope(ONE, "count"), "not a value of run.count"),
        (Corrected(Name("search", "x"), WORDS), envelope(ONE, "colour"), "no field run.colour"),
        (Corrected(Name("nowhere", "Nowhere"), WORDS), envelope(ONE, "model"), "to link to"),
        (Rejected(), envelope(ONE, None), "Rejected is not said of"),
        (EntityRemoved(), envelope(ONE, "count"), "EntityRemoved is not said of"),
        (Undone(9), envelope(ONE, "count"), "entry 9 is not about"),
        (EntityMerged(MODEL), envelope(ONE, None), "cannot be merged"),
        (EntityMerged(ONE), envelope(ONE, None), "itself merged or removed"),
        (Rejected(), envelope(EntityId(PAPER, "run", "three"), "count"), "there is no entity"),
    ],
)
def test_an_entry_that_makes_no_sense_is_one_clear_sentence(
    stored: Engine, event: Event, about: Envelope, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        say(stored, event, about)
    with snapshot(stored) as opened:
        assert last_seq(opened) == 0


def test_nobody_adjudicates_their_own_opinion(stored: Engine) -> None:
    say(stored, Corrected(devices(4), WORDS))
    with pytest.raises(ConflictError, match="ada decided"):
        say(stored, Adjudicated(devices(4), WORDS, (1,)))
    say(stored, Adjudicated(devices(8), WORDS, (1,)), envelope(ONE, "count", "sue", "senior"))
    assert (cell(stored).status, cell(stored).reviewers) == ("adjudicated", ("ada", "sue"))


def test_a_person_adds_what_the_machine_missed(stored: Engine) -> None:
    fresh = EntityId(PAPER, "run", "finetuning")
    say(stored, EntityAdded(), envelope(fresh, None))
    say(stored, CellAdded(devices(2), WORDS), envelope(fresh, "count"))
    say(stored, CellAdded(Name("net", "Net"), WORDS), envelope(fresh, "model"))
    with snapshot(stored) as opened:
        assert [(state.key.field, state.status) for state in entity_cells(opened, fresh)] == [
            ("count", "reviewed"),
            ("model", "reviewed"),
        ]
    with pytest.raises(ConflictError, match="already an entity"):
        say(stored, EntityAdded(), envelope(fresh, None))


def test_a_merged_entity_gives_what_it_has_to_the_one_that_remains(stored: Engine) -> None:
    say(stored, Corrected(Quantity.exact(3600, "s"), WORDS), envelope(TWO, "wall_time"))
    seq = say(stored, EntityMerged(ONE), envelope(TWO, None))
    assert cell(stored, CellKey(TWO, "wall_time")).status == "void"
    assert cell(stored, CellKey(ONE, "wall_time")).value == Quantity.exact(3600, "s")
    with pytest.raises(ConflictError, match="merged or removed meanwhile"):
        say(stored, Rejected(), envelope(TWO, "count"))
    with pytest.raises(UsageError, match="itself merged"):
        say(stored, EntityMerged(TWO), envelope(ONE, None))
    say(stored, Undone(seq), envelope(TWO, None))
    assert cell(stored, CellKey(TWO, "wall_time")).status == "reviewed"
    assert cell(stored, CellKey(ONE, "wall_time")).status == "void"


def test_a_removed_entity_takes_its_cells_along_and_stays_removed(stored: Engine) -> None:
    say(stored, EntityRemoved(), envelope(TWO, None))
    assert cell(stored, CellKey(TWO, "wall_time")).status == "void"
    with session(stored) as opened:
        save(opened, replace(READING, extractor="burden-2"), JUDGE, AT)
    assert cell(stored, CellKey(TWO, "wall_time")).status == "void"


def test_history_is_newest_first(stored: Engine) -> None:
    say(stored, Noted("see the appendix"))
    say(stored, Skipped(), envelope(TWO, "count", "bob"))
    say(stored, Rejected())
    with snapshot(stored) as opened:
        assert [entry.seq for entry in history(opened)] == [3, 2, 1]
        assert [entry.seq for entry in history(opened, key=COUNT)] == [3, 1]
        assert [entry.seq for entry in history(opened, actor="bob", limit=1)] == [2]


actions = st.lists(
    st.tuples(
        st.sampled_from([ONE, TWO]),
        st.one_of(
            st.integers(1, 3).map(lambda number: Corrected(devices(number), WORDS)),
            st.just(Rejected()),
            st.just(Flagged()),
            st.just(Skipped()),
            st.integers(1, 6).map(Undone),
            st.just(EntityRemoved()),
            st.just(EntityMerged(ONE)),
        ),
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(actions)
def test_a_replayed_log_gives_the_same_cells(
    sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory, said: list[tuple[EntityId, Event]]
) -> None:
    first, second = (fresh_copy(sqlite_engine, tmp_path_factory) for _ in range(2))
    for entity, event in said:
        field = None if isinstance(event, EntityRemoved | EntityMerged) else "count"
        try:
            with session(first) as opened:
                append(opened, envelope(entity, field), event, JUDGE)
        except (UsageError, ConflictError):
            continue
    with snapshot(first) as opened:
        entries = reversed(history(opened))
    with session(second) as opened:
        for entry in entries:
            append(opened, entry.envelope, entry.event, JUDGE)
        assert doctor(opened, JUDGE) == ()
    assert all_cells(first) == all_cells(second)
    first.dispose()
    second.dispose()


def all_cells(engine: Engine) -> list[CellState]:
    with snapshot(engine) as opened:
        return [state for entity in (ONE, TWO, MODEL) for state in entity_cells(opened, entity)]


def fresh_copy(template: Engine, folders: pytest.TempPathFactory) -> Engine:
    path = folders.mktemp("replay") / "burden.db"
    shutil.copy(str(template.url.database), path)
    engine = open_database(f"sqlite:///{path}")
    fill(engine)
    return engine
