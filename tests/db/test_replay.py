"""A log replays to the same cells, twice as once, and two histories are never merged."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from db.cells import CellState, Judge
from db.dossier import load_dossier
from db.engine import open_database, session, snapshot
from db.events import (
    Accepted,
    ActorKind,
    Adjudicated,
    CellAdded,
    Corrected,
    DeclaredNotReported,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
    Entry,
    Envelope,
    Event,
    Flagged,
    Noted,
    Rejected,
    Skipped,
    Undone,
)
from db.log import append, history
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.queue import claim, counts
from db.readings import save
from db.refresh import doctor, options, state_of
from db.replay import Minted, Past, Replayed, replay
from db.tables import CellRow, EntityRow, EventRow, PaperRow, ReviewItemRow
from extractors.confidence import Linear
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
LATER = AT + timedelta(days=9)
PAPER, SHA = PaperId("2401.00001"), "a" * 64
ONE, TWO, MODEL = (
    EntityId(PAPER, "run", "one"),
    EntityId(PAPER, "run", "two"),
    EntityId(PAPER, "model", "net"),
)
NEW = EntityId(PAPER, "run", "new")
COUNT = CellKey(ONE, "count")
WORDS = Evidence(SHA, 1, None, "Training", "on 8 GPUs", "test.rule")
FAMILY = Linear(0.5)
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))

TWICE = Judge.of(JUDGE.model, JUDGE.promise, ReviewPolicy(second_share=1.0))


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def said(entity: EntityId, field: str, value: Value, *rivals: Value) -> Proposal:
    return Proposal(CellKey(entity, field), value, WORDS, tuple(Rival(item, WORDS) for item in rivals))


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


def fill(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=SHA, size=1, at=AT)
        save(opened, READING, JUDGE, AT)


@pytest.fixture(scope="module")
def templates(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A database with nothing, and one with a paper that was read."""
    read = tmp_path_factory.mktemp("read") / "burden.db"
    shutil.copy(sqlite_template, read)
    engine = open_database(f"sqlite:///{read}")
    fill(engine)
    engine.dispose()
    return sqlite_template, read


@contextmanager
def copied(template: Path) -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "burden.db"
        shutil.copy(template, path)
        engine = open_database(f"sqlite:///{path}")
        yield engine
        engine.dispose()


def past_of(engine: Engine) -> Past:
    with snapshot(engine) as opened:
        rows = opened.exec(select(EntityRow).order_by(EntityRow.entity_id)).all()
        minted = tuple(Minted(EntityId.parse(row.entity_id), row.minted_by, row.minted_at) for row in rows)
        return Past(PAPER, "A Net", AT, minted, tuple(reversed(history(opened))))


def replayed(engine: Engine, past: Past, judge: Judge = JUDGE) -> Replayed:
    with session(engine) as opened:
        done = replay(opened, past, judge, LATER)
        assert doctor(opened, judge) == ()
        return done


def states(engine: Engine) -> dict[CellKey, CellState]:
    """All cells, the number of each one's newest entry as its place in the log."""
    with snapshot(engine) as opened:
        numbers = sorted(row.seq or 0 for row in opened.exec(select(EventRow)))
        places = {seq: n for n, seq in enumerate(numbers, 1)}
        cells = map(state_of, opened.exec(select(CellRow)))
        return {
            cell.key: replace(cell, last_seq=places[cell.last_seq] if cell.last_seq else 0) for cell in cells
        }


def decided(engine: Engine) -> dict[CellKey, tuple[object, ...]]:
    """What people decided, without what the machine says of it."""
    return {
        key: (state.status, state.value, state.evidence, state.reviewers, state.decided_at)
        for key, state in states(engine).items()
        if state.decided_at is not None
    }


# Random logs: each step is a person who tries to say something; what the log refuses was not said.

CELLS = (CellKey(ONE, "count"), CellKey(TWO, "count"), CellKey(TWO, "wall_time"), CellKey(NEW, "count"))
STEPS = st.tuples(
    st.sampled_from(
        ["accept", "claim", "correct", "reject", "unreported", "skip", "flag", "note", "undo", "adjudicate"]
    )
    | st.sampled_from(["undo", "merge", "remove", "add"]),
    st.sampled_from(["ada", "bob", "sen"]),
    st.sampled_from(CELLS),
    st.integers(0, 30),
)


def take_step(opened: Session, step: tuple[str, str, CellKey, int], n: int) -> None:
    word, actor, key, number = step
    if opened.get(EntityRow, str(key.entity)) is None and word != "add":
        return
    at, slot = AT + timedelta(minutes=n + 1), None
    if word == "claim":
        held = claim(opened, actor, at, timedelta(minutes=9), only=key)
        slot = held.slot if held else None
    event, field = event_of(opened, word, key, number)
    kind: ActorKind = "senior" if actor == "sen" else "annotator"
    envelope = Envelope(
        f"u{n}", at, actor, kind, key.entity, field, slot, seconds=number / 2, reason="because"
    )
    nested = opened.begin_nested()
    try:
        append(opened, envelope, event, JUDGE)
    except (ConflictError, UsageError):
        nested.rollback()


def event_of(opened: Session, word: str, key: CellKey, number: int) -> tuple[Event, str | None]:
    """What somebody tries to say, and of which field."""
    found, earlier = options(opened, key) if word != "add" else (), history(opened)
    chosen = found[min(number, len(found) - 1)] if found else None
    value = devices(number + 1) if key.field == "count" else Quantity.exact(number + 1, "s")
    target = earlier[number % len(earlier)] if earlier else None
    of_cells: dict[str, Event] = {
        "accept": Accepted(chosen.proposal, chosen.value, chosen.evidence)
        if chosen and chosen.proposal
        else Rejected(),
        "correct": (CellAdded if key.entity == NEW else Corrected)(value, WORDS),
        "adjudicate": Adjudicated(None, None, tuple(sorted(e.seq for e in history(opened, key=key)))),
        "reject": Rejected(),
        "unreported": DeclaredNotReported(WORDS),
        "skip": Skipped(),
        "flag": Flagged(),
        "note": Noted("a remark"),
    }
    of_entities: dict[str, Event] = {
        "merge": EntityMerged(TWO),
        "remove": EntityRemoved(),
        "add": EntityAdded(),
    }
    if word == "undo":
        return Undone(target.seq if target else 1), target.envelope.field if target else None
    if word in of_entities:
        return of_entities[word], None
    return of_cells.get(word, of_cells["accept"]), key.field


@given(steps=st.lists(STEPS, max_size=20))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_log_replays_to_the_same_cells(
    templates: tuple[Path, Path], steps: list[tuple[str, str, CellKey, int]]
) -> None:
    empty, read = templates
    with copied(read) as original, copied(read) as same, copied(empty) as bare:
        with session(original) as opened:
            for n, step in enumerate(steps):
                take_step(opened, step, n)
        past = past_of(original)
        first = replayed(same, past)
        assert (first.new, first.clashes) == (len(past.entries), ())
        assert states(same) == states(original)
        assert replayed(same, past) == Replayed(0, len(past.entries))
        assert states(same) == states(original)
        if past.entries:
            replayed(bare, past)
        assert decided(bare) == decided(original)


def test_a_log_replays_on_every_engine(engine: Engine, templates: tuple[Path, Path]) -> None:
    fill(engine)
    with copied(templates[1]) as there:
        decide(there, "u1", Corrected(devices(4), WORDS))
        decide(there, "u2", Flagged(), CellKey(TWO, "wall_time"))
        with session(there) as opened:
            append(opened, Envelope("u3", AT, "ada", "annotator", ONE, "count"), Undone(1), JUDGE)
            append(opened, Envelope("u4", AT, "ada", "annotator", ONE, None), EntityMerged(TWO), JUDGE)
        past = past_of(there)
        assert replayed(engine, past) == Replayed(4)
        assert replayed(engine, past) == Replayed(0, 4)
        assert states(engine) == states(there)


# What stands in the way


def decide(engine: Engine, uuid: str, event: Event, key: CellKey = COUNT, actor: str = "ada") -> None:
    with session(engine) as opened:
        append(opened, Envelope(uuid, AT, actor, "annotator", key.entity, key.field), event, JUDGE)


@pytest.fixture
def pair(templates: tuple[Path, Path]) -> Iterator[tuple[Engine, Engine]]:
    """Two databases in which the same paper was read."""
    with copied(templates[1]) as there, copied(templates[1]) as here:
        yield there, here


def test_a_cell_of_which_something_else_was_said_here_is_not_merged(pair: tuple[Engine, Engine]) -> None:
    there, here = pair
    decide(there, "u1", Corrected(devices(4), WORDS))
    decide(there, "u2", Rejected(), CellKey(TWO, "wall_time"))
    decide(here, "v1", Corrected(devices(2), WORDS), actor="bob")
    before = states(here)
    done = replayed(here, past_of(there))
    assert [(clash.seq, clash.what) for clash in done.clashes] == [
        (1, "something else was said here of 2401.00001/run/one#count")
    ]
    assert (done.new, states(here)) == (0, before)  # the other cell is not half applied


def test_a_log_that_grew_goes_on_where_it_was(pair: tuple[Engine, Engine]) -> None:
    there, here = pair
    decide(there, "u1", Corrected(devices(4), WORDS))
    replayed(here, past_of(there))
    decide(there, "u2", Rejected())
    done = replayed(here, past_of(there))
    assert (done.new, done.known, done.clashes) == (1, 1, ())
    assert states(here) == states(there)


def test_numbers_that_entries_speak_of_are_those_of_the_log_they_are_in(pair: tuple[Engine, Engine]) -> None:
    there, here = pair
    decide(here, "v1", Noted("first here"), CellKey(TWO, "wall_time"))
    decide(there, "u1", Corrected(devices(4), WORDS))
    with session(there) as opened:
        envelope = Envelope("u2", AT, "ada", "annotator", ONE, "count", expect=1)
        append(opened, envelope, Undone(1), JUDGE)
    assert replayed(here, past_of(there)).new == 2
    with snapshot(here) as opened:
        newest, *_ = history(opened)
    assert (newest.event, newest.envelope.expect) == (Undone(2), 2)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (lambda e: replace(e, event=Rejected()), "is here already and says something else"),
        (lambda e: replace(e, event=Undone(77)), "speaks of an entry that is not in this log"),
    ],
)
def test_an_entry_that_is_here_says_the_same_or_is_told(
    pair: tuple[Engine, Engine], changed: Callable[[Entry], Entry], what: str
) -> None:
    there, here = pair
    decide(there, "u1", Corrected(devices(4), WORDS))
    past = past_of(there)
    replayed(here, past)
    (clash,) = replayed(here, replace(past, entries=tuple(map(changed, past.entries)))).clashes
    assert what in clash.what


def about(entity: EntityId, field: str | None, event: Event) -> Entry:
    return Entry(1, Envelope("u1", AT, "ada", "annotator", entity, field), event)


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (about(ONE, "count", Corrected(devices(-1), WORDS)), "is not a value of run.count"),
        (about(ONE, "colour", Rejected()), "no field run.colour"),
        (about(NEW, "count", Rejected()), "there is no entity 2401.00001/run/new"),
        (about(ONE, "model", Corrected(Name("other", "Other"), WORDS)), "no 2401.00001/model/other to link"),
        (about(ONE, None, EntityMerged(NEW)), "there is no entity 2401.00001/run/new"),
        (about(ONE, None, EntityAdded()), "there is already an entity"),
        (about(ONE, None, Rejected()), "Rejected is not said of 2401.00001/run/one"),
        (about(ONE, "count", EntityRemoved()), "EntityRemoved is not said of"),
        (about(ONE, "count", Undone(1)), "an entry that is not in this log"),
    ],
)
def test_an_entry_without_sense_is_told(pair: tuple[Engine, Engine], entry: Entry, what: str) -> None:
    (clash,) = replayed(pair[1], Past(PAPER, "A Net", AT, (), (entry,))).clashes
    assert what in clash.what


def test_a_paper_that_is_not_here_waits_for_its_source(sqlite_engine: Engine) -> None:
    entries = (
        about(NEW, None, EntityAdded()),
        replace(
            about(NEW, "count", CellAdded(devices(4), WORDS)),
            seq=2,
            envelope=Envelope("u2", AT, "ada", "annotator", NEW, "count"),
        ),
    )
    assert replayed(sqlite_engine, Past(PAPER, "A Net", AT, (), entries)).new == 2
    listing = Listing(PAPER, 1, "A Better Title", "", (), (), AT, AT, b"")
    with session(sqlite_engine) as opened:
        record_listings(opened, "test", [listing], AT)
        paper = opened.get_one(PaperRow, PAPER)
        assert (paper.title, paper.latest) == ("A Better Title", 1)


def ada_answers_first(there: Engine, here: Engine) -> None:
    """A paper that two are asked about is here and there, and there the first of them has answered."""
    for engine in (there, here):
        with session(engine) as opened:
            record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
            record_file(opened, PAPER, 1, sha256=SHA, size=1, at=AT)
            save(opened, READING, TWICE, AT)
    with session(there) as opened:
        held = claim(opened, "ada", AT, timedelta(minutes=9), only=COUNT)
        assert held is not None
        envelope = Envelope("u1", AT, "ada", "annotator", ONE, "count", held.slot)
        append(opened, envelope, Corrected(devices(4), WORDS), TWICE)


def test_a_second_opinion_is_still_asked_after_a_replay(templates: tuple[Path, Path]) -> None:
    with copied(templates[0]) as there, copied(templates[0]) as here:
        ada_answers_first(there, here)
        replayed(here, past_of(there), TWICE)
        for engine in (there, here):
            with session(engine) as opened:
                assert claim(opened, "ada", LATER, timedelta(minutes=9), only=COUNT) is None
                second = claim(opened, "bob", LATER, timedelta(minutes=9), only=COUNT)
            assert second is not None


def test_an_opinion_that_was_taken_back_elsewhere_is_asked_for_here_again(
    templates: tuple[Path, Path],
) -> None:
    with copied(templates[0]) as there, copied(templates[0]) as here:
        ada_answers_first(there, here)
        replayed(here, past_of(there), TWICE)
        with session(there) as opened:
            append(opened, Envelope("u2", AT, "ada", "annotator", ONE, "count"), Undone(1), TWICE)
        replayed(here, past_of(there), TWICE)
        with session(here) as opened:
            who = [claim(opened, name, LATER, timedelta(hours=1), only=COUNT) for name in ("ada", "bob")]
        assert all(who), "both are asked"
        with session(there) as opened:
            append(opened, Envelope("u3", AT, "ada", "annotator", ONE, "count"), Undone(2), TWICE)
        replayed(here, past_of(there), TWICE)
        with session(here) as opened:
            assert claim(opened, "ada", LATER, timedelta(hours=1), only=COUNT) is None, (
                "she said it after all"
            )


def test_what_was_passed_over_goes_behind_here_too(pair: tuple[Engine, Engine]) -> None:
    there, here = pair
    decide(there, "u1", Skipped())
    replayed(here, past_of(there))
    with snapshot(here) as opened:
        skips = {
            (item.entity_id, item.field): item.skips
            for item in opened.exec(select(ReviewItemRow))
            if item.skips
        }
        assert counts(opened, LATER).open == 3
        assert load_dossier(opened, PAPER).entities
    assert skips == {(str(ONE), "count"): 1}


def test_two_who_bring_a_paper_that_is_not_here_do_so_once(
    postgresql_engine: Engine, templates: tuple[Path, Path]
) -> None:
    with copied(templates[1]) as there:
        decide(there, "u1", DeclaredNotReported())
        past = past_of(there)
    with ThreadPoolExecutor() as threads:
        with session(postgresql_engine) as first:
            assert replay(first, past, JUDGE, LATER).new == 1
            second = threads.submit(replayed, postgresql_engine, past)
            with pytest.raises(TimeoutError):
                second.result(timeout=1)
        assert second.result() == Replayed(known=1)
