"""What people add, change and take out by hand: it stands at once, can be taken back, and replays."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from annotation.adding import (
    Signed,
    Stated,
    accept,
    add_entity,
    delete_entity,
    delete_value,
    link,
    merge,
    set_value,
)
from annotation.citing import Citation, cite
from annotation.session import Reviewer, take_back, undo
from annotation.typed import parse_typed
from annotation.whole import WholePaper, whole_paper
from db.cells import CellState, Judge
from db.dataset.rows import build
from db.dataset.source import load_source, papers_of
from db.engine import open_database, session, snapshot
from db.log import history
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import cell_state, doctor
from db.replay import Past, Replayed, replay
from extractors.confidence import default_model
from extractors.documents.media import read_document
from extractors.documents.model import Document
from extractors.facts.errors import BurdenError, ConflictError, ParseError, UsageError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Reading
from extractors.facts.values import Name
from extractors.paper import read_paper
from extractors.promise import Promise
from flows.demo.catalogue import catalogue, pdf_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2403.99101")
JUDGE = Judge.of(default_model(), Promise(1.0))
"""Nothing is published unseen, whatever the packaged model proves."""
ADA, BOB = Reviewer("ada", JUDGE), Reviewer("bob", JUDGE)
SENIOR = Reviewer("sen", JUDGE, senior=True)
SMALL = EntityId(PAPER, "model", "larkspur-26")
TUNED = "Fine-tuning lasts for 40 epochs with a batch of 128"
NUMBERS = count()


@cache
def sample() -> tuple[bytes, Document, Reading]:
    data = pdf_of(catalogue()[0])
    return data, read_document(data), read_paper(data)


def fill(engine: Engine) -> None:
    data, document, reading = sample()
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "Larkspur", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=document.sha256, size=len(data), at=AT)
        save(opened, reading, JUDGE, AT)


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with one sample paper, read."""
    path = tmp_path_factory.mktemp("filled") / "burden.db"
    shutil.copy(sqlite_template, path)
    engine = open_database(f"sqlite:///{path}")
    fill(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A copy of it for each test."""
    copy = copied(filled, tmp_path_factory)
    yield copy
    copy.dispose()


def copied(path: Path, folders: pytest.TempPathFactory) -> Engine:
    copy = folders.mktemp("copy") / "burden.db"
    shutil.copy(path, copy)
    return open_database(f"sqlite:///{copy}")


def stated(path: str, text: str, quote: str = TUNED, page: int = 3) -> Stated:
    value = parse_typed(FIELDS[path], text)
    return Stated(value, cite(sample()[1], Citation(quote, page), value))


def signed(who: Reviewer = ADA, reason: str = "") -> Signed:
    number = next(NUMBERS)
    return Signed(who, AT + timedelta(seconds=number), f"change-{number}", reason)


def view(engine: Engine) -> WholePaper:
    with snapshot(engine) as opened:
        return whole_paper(opened, PAPER)


def added(engine: Engine, kind: EntityKind = "run", who: Reviewer = ADA, name: str = "tuned") -> EntityId:
    values = {
        "run": {
            "epochs": stated("run.epochs", "40"),
            "phase": stated("run.phase", "finetuning"),
            "model": Stated(Name("larkspur-26", "Larkspur-26"), stated("run.epochs", "40").evidence),
        },
        "model": {"name": stated("model.name", "Larkspur-26")},
        "result": {
            "benchmark": stated(
                "result.benchmark", "imagenet-1k", "accuracy increases from 88.0% to 89.9%", 2
            ),
            "metric": stated("result.metric", "top1_accuracy", "accuracy increases from 88.0% to 89.9%", 2),
            "score": stated("result.score", "89.9", "accuracy increases from 88.0% to 89.9%", 2),
        },
    }[kind]
    with session(engine) as opened:
        return add_entity(opened, signed(who), PAPER, kind, name, values)


def held(engine: Engine, key: CellKey) -> CellState:
    with snapshot(engine) as opened:
        found = cell_state(opened, key)
    assert found is not None
    return found


# Adding


def test_a_run_that_the_machine_missed_is_added_with_its_evidence(engine: Engine) -> None:
    id = added(engine, name="Larkspur 26, tuned")
    assert str(id) == "2403.99101/run/larkspur-26-tuned"
    run = view(engine).entity(id)
    assert run is not None
    assert (run.added_by, [cell.key.field for cell in run.cells]) == ("ada", ["model", "phase", "epochs"])
    assert {(cell.state.status, cell.state.reviewers, cell.waits) for cell in run.cells} == {
        ("reviewed", ("ada",), None)
    }
    epochs = run.cell("epochs")
    assert epochs is not None and epochs.state.evidence is not None
    assert (epochs.state.evidence.page, epochs.state.evidence.quote) == (3, TUNED)
    model = view(engine).model_of(run)
    assert model is not None and model.id == SMALL


def test_what_was_added_is_in_the_dataset_with_its_place(engine: Engine) -> None:
    id = added(engine)
    with snapshot(engine) as opened:
        (made,) = map(build, papers_of(opened, load_source(opened)))
    (row,) = (row for row in made.tables["training_runs"] if row["run_id"] == str(id))
    assert (row["epochs"], row["phase"], row["model_id"]) == (40, "finetuning", str(SMALL))
    (proof,) = (row for row in made.tables["evidence"] if row["cell"] == f"{id}#epochs")
    assert (proof["status"], proof["reviewers"], proof["page"], proof["quote"]) == (
        "reviewed",
        "ada",
        3,
        TUNED,
    )
    assert proof["paper_version"] == 1 and proof["x0"] is not None


def test_two_additions_of_one_name_get_ids_of_their_own(engine: Engine) -> None:
    assert [added(engine).slug, added(engine).slug] == ["tuned", "tuned-2"]


def test_a_slug_is_not_given_again_after_its_owner_was_deleted(engine: Engine) -> None:
    first = added(engine)
    with session(engine) as opened:
        delete_entity(opened, signed(reason="none such"), first, expect=None)
    assert added(engine).slug == "tuned-2"


def test_the_same_addition_sent_twice_is_made_once(engine: Engine) -> None:
    change, values = signed(), {"epochs": stated("run.epochs", "40"), "phase": stated("run.phase", "search")}
    with session(engine) as opened:
        first = add_entity(opened, change, PAPER, "run", "tuned", values)
    with session(engine) as opened:
        assert add_entity(opened, change, PAPER, "run", "tuned", values) == first
        assert len(history(opened)) == 3


@pytest.mark.parametrize(
    ("kind", "values", "match"),
    [
        ("run", {}, "at least one value"),
        ("model", {"parameters": ("model.parameters", "5M")}, "needs its name"),
        ("result", {"benchmark": ("result.benchmark", "imagenet-1k")}, "needs its metric"),
        ("run", {"score": ("result.score", "5")}, "a run has no score"),
        ("paper", {"rest": ("run.epochs", "5")}, "cannot be added"),
    ],
)
def test_an_addition_that_says_too_little_is_refused(
    kind: EntityKind, values: dict[str, tuple[str, str]], match: str, engine: Engine
) -> None:
    given = {field: stated(*said) for field, said in values.items()}
    with pytest.raises(UsageError, match=match), session(engine) as opened:
        add_entity(opened, signed(), PAPER, kind, "x", given)
    assert not view(engine).gone


def test_a_failed_addition_leaves_nothing_behind(engine: Engine) -> None:
    before = view(engine)
    lost = Stated(Name("no-such", "No such"), stated("run.epochs", "40").evidence)
    values = {"epochs": stated("run.epochs", "40"), "model": lost}
    with pytest.raises(UsageError, match="no model 'no-such'"), session(engine) as opened:
        add_entity(opened, signed(), PAPER, "run", "tuned", values)
    assert view(engine) == before


def test_a_paper_that_is_not_there_takes_no_additions(engine: Engine) -> None:
    with pytest.raises(ConflictError, match="no paper"), session(engine) as opened:
        add_entity(
            opened, signed(), PaperId("1999.00001"), "run", "x", {"epochs": stated("run.epochs", "40")}
        )
    with pytest.raises(UsageError, match="burden add"), snapshot(engine) as opened:
        whole_paper(opened, PaperId("1999.00001"))


# Values


def test_a_value_is_added_where_nobody_had_one(engine: Engine) -> None:
    key = CellKey(SMALL, "multiply_adds")
    with session(engine) as opened:
        set_value(
            opened,
            signed(),
            key,
            stated("model.multiply_adds", "2.3e9", "Larkspur-26 (ours) | 14.2 | 2.3", 2),
            expect=None,
        )
        assert [type(entry.event).__name__ for entry in history(opened, key=key)] == ["CellAdded"]
    assert (held(engine, key).status, held(engine, key).reviewers) == ("reviewed", ("ada",))


def test_a_value_is_corrected_and_its_item_is_done(engine: Engine) -> None:
    key = CellKey(SMALL, "flops")
    seen = view(engine).entity(SMALL)
    assert seen is not None
    cell = seen.cell("flops")
    assert cell is not None and cell.waits == "uncertain"
    new = stated("model.flops", "2.3e9", "Larkspur-26 (ours) | 14.2 | 2.3", 2)
    with session(engine) as opened:
        set_value(opened, signed(), key, new, expect=cell.state.last_seq)
        assert [type(entry.event).__name__ for entry in history(opened, key=key)] == ["Corrected"]
    after = view(engine).entity(SMALL)
    assert after is not None
    done = after.cell("flops")
    assert done is not None and (done.waits, done.state.status) == (None, "reviewed")


def test_a_change_of_what_somebody_else_changed_is_refused(engine: Engine) -> None:
    key, new = CellKey(SMALL, "flops"), stated("model.flops", "2.3e9", "Larkspur-26 (ours) | 14.2 | 2.3", 2)
    with session(engine) as opened:
        set_value(opened, signed(ADA), key, new, expect=0)
    with pytest.raises(ConflictError, match="has changed"), session(engine) as opened:
        delete_value(opened, signed(BOB, "wrong"), key, expect=0)


def test_a_deletion_of_what_somebody_else_completed_is_refused(engine: Engine) -> None:
    id, other = added(engine), added(engine)
    seen = view(engine).entity(id)
    assert seen is not None
    with session(engine) as opened:
        set_value(
            opened, signed(BOB), CellKey(id, "batch_size"), stated("run.batch_size", "128"), expect=None
        )
    with pytest.raises(ConflictError, match="has changed"), session(engine) as opened:
        delete_entity(opened, signed(ADA, "wrong"), id, expect=seen.last_seq)
    with pytest.raises(ConflictError, match="has changed"), session(engine) as opened:
        merge(opened, signed(ADA), id, other, expect=seen.last_seq)


def test_what_was_deleted_is_restored(engine: Engine) -> None:
    key = CellKey(SMALL, "flops")
    with session(engine) as opened:
        delete_value(opened, signed(reason="of another net"), key, expect=0)
    seen = view(engine).entity(SMALL)
    assert seen is not None
    cell = seen.cell("flops")
    assert cell is not None and cell.is_rejected
    assert cell.notes == ("ada: of another net",)
    with session(engine) as opened:
        accept(opened, signed(BOB), key, cell.options[0], expect=cell.state.last_seq)
    assert held(engine, key).value == cell.options[0].value


def test_deleting_needs_a_reason_and_something_to_delete(engine: Engine) -> None:
    with pytest.raises(UsageError, match="needs a reason"), session(engine) as opened:
        delete_value(opened, signed(), CellKey(SMALL, "flops"), expect=None)
    with pytest.raises(UsageError, match="holds nothing"), session(engine) as opened:
        delete_value(opened, signed(reason="x"), CellKey(SMALL, "multiply_adds"), expect=None)
    with session(engine) as opened:
        delete_value(opened, signed(reason="x"), CellKey(SMALL, "flops"), expect=None)
    with pytest.raises(UsageError, match="rejected already, by ada"), session(engine) as opened:
        delete_value(opened, signed(reason="x"), CellKey(SMALL, "flops"), expect=None)


def test_typed_text_that_is_no_value_of_the_field_never_reaches_the_log() -> None:
    with pytest.raises(ParseError):
        stated("run.epochs", "forty-ish")


# Entities


def test_a_model_to_which_runs_belong_is_not_deleted(engine: Engine) -> None:
    id = added(engine)
    with pytest.raises(UsageError, match="belong to"), session(engine) as opened:
        delete_entity(opened, signed(reason="no"), SMALL, expect=None)
    with session(engine) as opened:
        delete_entity(opened, signed(reason="no"), id, expect=None)
    assert id in {entity.id for entity in view(engine).gone}
    with pytest.raises(ConflictError, match="was removed"), session(engine) as opened:
        delete_entity(opened, signed(reason="no"), id, expect=None)


def test_a_merged_model_gives_its_runs_to_the_one_that_remains(engine: Engine) -> None:
    id = added(engine)
    double = added(engine, "model", name="larkspur-26")
    assert double.slug == "larkspur-26-2"
    with session(engine) as opened:
        merge(opened, signed(), SMALL, double, expect=None)
    paper = view(engine)
    run, remaining = paper.entity(id), paper.entity(double)
    assert run and remaining
    owner = paper.model_of(run)
    assert owner is not None and owner.id == double
    assert remaining.merged == (SMALL,)
    assert remaining.cell("parameters") is not None
    with session(engine) as opened:
        relinked = link(opened, signed(), id, SMALL, expect=None)
        assert relinked
    assert held(engine, CellKey(id, "model")).value == Name("larkspur-26-2", "Larkspur-26")
    for pair in ((SMALL, double), (double, SMALL), (double, double), (double, id)):
        with pytest.raises((UsageError, ConflictError)), session(engine) as opened:
            merge(opened, signed(), *pair, expect=None)


def test_a_run_is_linked_to_another_model(engine: Engine) -> None:
    id = added(engine)
    other = EntityId(PAPER, "model", "larkspur-50")
    with session(engine) as opened:
        link(opened, signed(), id, other, expect=held(engine, CellKey(id, "model")).last_seq)
    state = held(engine, CellKey(id, "model"))
    assert state.value == Name("larkspur-50", "Larkspur-50")
    assert state.evidence is not None and state.evidence.quote == TUNED
    with pytest.raises(UsageError, match="cannot be linked"), session(engine) as opened:
        link(opened, signed(), SMALL, other, expect=None)
    lunch = EntityId(PAPER, "model", "lunch")
    there = ", ".join(one.id.slug for one in view(engine).entities if one.id.kind == "model")
    with pytest.raises(UsageError, match=f"'lunch' .*There is {there};"), session(engine) as opened:
        link(opened, signed(), id, lunch, expect=None)


# Taking back


def test_an_addition_is_taken_back_as_a_whole_and_then_what_came_before(engine: Engine) -> None:
    with session(engine) as opened:
        delete_value(opened, signed(reason="x"), CellKey(SMALL, "flops"), expect=None)
    id = added(engine)
    taken = []
    for _ in range(3):
        with session(engine) as opened:
            taken.append(undo(opened, ADA, AT, uuid=signed().uuid))
    assert taken == [id, CellKey(SMALL, "flops"), None]
    gone = view(engine).entity(id)
    assert gone is not None and gone.removed and not gone.cells
    assert held(engine, CellKey(SMALL, "flops")).status == "queued"


def test_deletions_and_merges_are_taken_back(engine: Engine) -> None:
    id, other = added(engine), added(engine)
    with session(engine) as opened:
        merge(opened, signed(), other, id, expect=None)
        delete_entity(opened, signed(reason="x"), id, expect=None)
    for expected in (id, other):
        with session(engine) as opened:
            assert undo(opened, ADA, AT, uuid=signed().uuid) == expected
    assert {id, other} <= {entity.id for entity in view(engine).entities}


def test_only_a_senior_with_a_reason_takes_back_what_another_said(engine: Engine) -> None:
    key = CellKey(SMALL, "flops")
    with session(engine) as opened:
        seq = delete_value(opened, signed(reason="x"), key, expect=None)
    for who, reason in ((BOB, "no"), (SENIOR, "")):
        with pytest.raises(UsageError, match="is ada's"), session(engine) as opened:
            take_back(opened, seq, who, AT, uuid=signed().uuid, reason=reason)
    with session(engine) as opened:
        assert take_back(opened, seq, SENIOR, AT, uuid=signed().uuid, reason="it is right") == key
    with pytest.raises(ConflictError, match="no longer holds"), session(engine) as opened:
        take_back(opened, seq, ADA, AT, uuid=signed().uuid)
    with pytest.raises(UsageError, match="nothing that can be taken back"), session(engine) as opened:
        take_back(opened, 99, ADA, AT, uuid=signed().uuid)


# Any sequence replays

STEP = st.tuples(
    st.sampled_from(["add", "set", "delete", "accept", "remove", "merge", "link", "undo"]),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from([ADA, BOB]),
)


def do(engine: Engine, step: tuple[str, int, int, Reviewer]) -> None:
    """One step that a person might take, whether or not it makes sense there."""
    what, one, two, who = step
    with session(engine) as opened:
        paper = whole_paper(opened, PAPER)
        ids = [entity.id for entity in (*paper.entities, *paper.gone)]
        first, second = ids[one % len(ids)], ids[two % len(ids)]
        entity = paper.entities[one % len(paper.entities)]
        cell = entity.cells[two % len(entity.cells)] if entity.cells else None
        change = signed(who, "why")
        match what:
            case "add":
                values = {"epochs": stated("run.epochs", "40")}
                add_entity(opened, change, PAPER, "run", "again", values)
            case "set" if first.kind == "run":
                text = str(40 + two)
                set_value(opened, change, CellKey(first, "epochs"), stated("run.epochs", text), expect=None)
            case "delete" if cell:
                delete_value(opened, change, cell.key, expect=cell.state.last_seq)
            case "accept" if cell and cell.options:
                accept(opened, change, cell.key, cell.options[0], expect=cell.state.last_seq)
            case "remove":
                delete_entity(opened, change, first, expect=None)
            case "merge":
                merge(opened, change, first, second, expect=None)
            case "link":
                link(opened, change, first, second, expect=None)
            case "undo":
                undo(opened, who, change.at, uuid=change.uuid)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=12))
def test_any_sequence_of_changes_replays_to_the_same_paper(
    filled: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, Reviewer]]
) -> None:
    first, second = (copied(filled, tmp_path_factory) for _ in range(2))
    for step in steps:
        try:
            do(first, step)
        except BurdenError:
            continue
    with snapshot(first) as opened:
        past = Past(PAPER, "Larkspur", AT, (), history(opened)[::-1])
    with session(second) as opened:
        assert replay(opened, past, JUDGE, AT) == Replayed(len(past.entries))
        assert doctor(opened, JUDGE) == ()
    assert view(first) == view(second)
    first.dispose()
    second.dispose()


def test_on_postgresql_changes_replay_as_well(postgresql_engine: Engine) -> None:
    fill(postgresql_engine)
    id, other = added(postgresql_engine), added(postgresql_engine)
    key = CellKey(id, "epochs")
    with session(postgresql_engine) as opened:
        set_value(opened, signed(), key, stated("run.epochs", "41"), expect=None)
        merge(opened, signed(BOB), other, id, expect=None)
        delete_value(opened, signed(BOB, "wrong"), key, expect=None)
    with session(postgresql_engine) as opened:
        undo(opened, BOB, AT, uuid=signed().uuid)
    run = view(postgresql_engine).entity(id)
    assert run is not None and run.merged == (other,)
    assert held(postgresql_engine, key).value == parse_typed(FIELDS["run.epochs"], "41")
