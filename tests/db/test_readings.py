"""Readings are stored once, on the entities that exist, and never over what people decided."""

import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from db.cells import CellState, Judge
from db.dossier import extractor_order
from db.engine import session, snapshot
from db.events import Corrected, Envelope, Event, Rejected, Reopened
from db.log import append, history
from db.papers import Listing, record_file, record_listings
from db.queue import waiting
from db.readings import Saved, preview, save
from db.refresh import cell_state, doctor, refresh
from db.tables import CellRow, EntityRow, PaperRow, ProposalRow, ReadingRow
from extractors.confidence import Linear
from extractors.facts.errors import ConflictError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, TWIN = PaperId("2401.00001"), PaperId("2401.00002")
FIRST, SECOND = "a" * 64, "b" * 64
SURE = {"sure": 1.0}
FAMILY = Linear(0.0, {"sure": 9.0, "unsure": 0.5})
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))
MODEL, RUN = EntityId(PAPER, "model", "net"), EntityId(PAPER, "run", "net.training")
COUNT, PHASE, TIME = CellKey(RUN, "count"), CellKey(RUN, "phase"), CellKey(RUN, "wall_time")


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def said(
    kind: EntityKind, slug: str, field: str, value: Value, mood: str = "unsure", *rivals: Value
) -> Proposal:
    evidence = Evidence(FIRST, 1, None, "Training", f"the {field}", "test.rule")
    others = tuple(Rival(item, evidence) for item in rivals)
    return Proposal(CellKey(EntityId(PAPER, kind, slug), field), value, evidence, others, {mood: 1.0})


def reading(*proposals: Proposal, sha256: str = FIRST, extractor: str = "burden-1") -> Reading:
    here = tuple(replace(item, evidence=replace(item.evidence, sha256=sha256)) for item in proposals)
    return Reading(sha256, extractor, PAPER, "A Net", 9, here)


def paper_of(count: float, slug: str = "net", model_name: str = "Net") -> tuple[Proposal, ...]:
    return (
        said("model", slug, "name", Name(model_name, model_name)),
        said("run", f"{slug}.training", "model", Name(slug, model_name)),
        said("run", f"{slug}.training", "phase", Name("training", "trained")),
        said("run", f"{slug}.training", "count", devices(count), "unsure", devices(count + 1)),
        said("run", f"{slug}.training", "wall_time", Quantity.exact(86_400, "s"), "sure"),
    )


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """A database with a paper of two versions, and another of the same bytes."""
    base = Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")
    with session(engine) as opened:
        record_listings(opened, "test", [base, replace(base, version=2), replace(base, paper_id=TWIN)], AT)
        record_file(opened, PAPER, 1, sha256=FIRST, size=1, at=AT)
        record_file(opened, PAPER, 2, sha256=SECOND, size=1, at=AT)
    return engine


def store(engine: Engine, found: Reading, version: int = 1) -> Saved:
    with session(engine) as opened:
        saved = save(opened, found, JUDGE, AT, version=version)
        assert doctor(opened, JUDGE) == ()
        return saved


def say(engine: Engine, key: CellKey, event: Event, actor: str = "ada") -> int:
    with session(engine) as opened:
        return append(
            opened, Envelope(str(uuid4()), AT, actor, "annotator", key.entity, key.field), event, JUDGE
        )


def cell(engine: Engine, key: CellKey) -> CellState:
    with snapshot(engine) as opened:
        found = cell_state(opened, key)
        assert found is not None
        return found


def number_of(opened: Session, table: type) -> int:
    return int(opened.exec(select(func.count()).select_from(table)).one())


def test_a_first_reading_mints_entities_and_fills_cells(stored: Engine) -> None:
    saved = store(stored, reading(*paper_of(8)))
    assert (saved.new, saved.minted, saved.matched) == (True, (MODEL, RUN), ())
    assert {change.after.key for change in saved.changes} == {p.cell for p in paper_of(8)}
    assert (cell(stored, COUNT).status, cell(stored, TIME).status) == ("queued", "automatic")
    with snapshot(stored) as opened:
        assert [item.key for item in waiting(opened)] == [COUNT]
        ranks = opened.exec(
            select(ProposalRow.rank).where(ProposalRow.field == "count").order_by(col(ProposalRow.rank))
        )
        assert list(ranks) == [0, 1]


def test_a_paper_that_no_source_named_takes_the_title_that_was_read(stored: Engine) -> None:
    other = PaperId("file:0123456789ab")
    with session(stored) as opened:
        record_listings(opened, "folder", [Listing(other, 1, "", "", (), (), None, None, b"")], AT)
        record_file(opened, other, 1, sha256="c" * 64, size=1, at=AT)
        save(opened, replace(reading(sha256="c" * 64), paper=other), JUDGE, AT)
        assert opened.get_one(PaperRow, other).title == "A Net"
        assert opened.get_one(PaperRow, PAPER).title == "A Net"


def test_reading_the_same_again_changes_nothing(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    with snapshot(stored) as opened:
        before = number_of(opened, ProposalRow)
    assert store(stored, reading(*paper_of(9))) == Saved(new=False)
    with snapshot(stored) as opened:
        assert number_of(opened, ProposalRow) == before
    assert cell(stored, COUNT).value == devices(8)


def test_a_newer_extractor_changes_values_and_not_ids(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    saved = store(stored, reading(*paper_of(16, "better-net", "Better Net"), extractor="burden-2"))
    assert (saved.matched, saved.minted, saved.vanished) == ((MODEL, RUN), (), ())
    assert {change.after.key for change in saved.changes if change.visible} == {
        COUNT,
        CellKey(MODEL, "name"),
    }
    assert cell(stored, COUNT).value == devices(16)
    assert cell(stored, CellKey(RUN, "model")).value == Name("net", "Better Net")


def test_an_older_extractor_changes_nothing_that_a_newer_one_said(stored: Engine) -> None:
    store(stored, reading(*paper_of(16), extractor="burden-0.10"))
    saved = store(stored, reading(*paper_of(8), extractor="burden-0.9"))
    assert saved.new
    assert saved.changes == ()
    assert cell(stored, COUNT).value == devices(16)


def test_the_newest_version_of_the_paper_counts(stored: Engine) -> None:
    store(stored, reading(*paper_of(16), sha256=SECOND), version=2)
    store(stored, reading(*paper_of(8), sha256=FIRST, extractor="burden-2"), version=1)
    found = cell(stored, COUNT)
    assert (found.value, found.evidence and found.evidence.sha256) == (devices(16), SECOND)


def test_what_is_no_longer_read_is_void_and_its_item_closed(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    saved = store(stored, reading(said("model", "net", "name", Name("Net", "Net")), extractor="burden-2"))
    assert saved.vanished == (RUN,)
    assert (cell(stored, COUNT).status, cell(stored, TIME).status) == ("void", "void")
    with snapshot(stored) as opened:
        assert waiting(opened) == ()
        assert number_of(opened, EntityRow) == 2


def test_a_reading_never_changes_what_a_person_decided(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    say(stored, COUNT, Corrected(devices(4), Evidence(FIRST, 2, None, "Appendix", "4 GPUs", "person")))
    saved = store(stored, reading(*paper_of(16), extractor="burden-2"))
    found = cell(stored, COUNT)
    assert (found.value, found.status, found.look) == (devices(4), "reviewed", "machine-disagrees")
    assert saved.reopened == (COUNT,)
    with snapshot(stored) as opened:
        assert [item.why for item in waiting(opened)] == ["machine-disagrees"]
        (newest, *_) = history(opened, key=COUNT)
        assert isinstance(newest.event, Reopened)
        assert (newest.envelope.actor, newest.envelope.actor_kind) == ("burden-2", "machine")


@pytest.mark.parametrize("number", [4, 8, 9])
def test_a_reading_that_says_nothing_new_asks_nobody(stored: Engine, number: float) -> None:
    store(stored, reading(*paper_of(8)))
    say(stored, COUNT, Corrected(devices(4), Evidence(FIRST, 2, None, "Appendix", "4 GPUs", "person")))
    saved = store(stored, reading(*paper_of(number), extractor="burden-2"))
    assert saved.reopened == ()
    assert cell(stored, COUNT).look is None


def test_a_rejected_cell_is_asked_about_only_for_a_value_nobody_saw(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    say(stored, COUNT, Rejected())
    assert store(stored, reading(*paper_of(8), extractor="burden-2")).reopened == ()
    assert store(stored, reading(*paper_of(64), extractor="burden-3")).reopened == (COUNT,)
    assert cell(stored, COUNT).value is None


def test_a_reviewed_run_that_is_no_longer_read_keeps_its_value_and_its_identity(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    say(stored, COUNT, Corrected(devices(4), Evidence(FIRST, 2, None, "Appendix", "4 GPUs", "person")))
    store(stored, reading(said("model", "net", "name", Name("Net", "Net")), extractor="burden-2"))
    assert (cell(stored, COUNT).status, cell(stored, COUNT).value) == ("reviewed", devices(4))
    assert (cell(stored, PHASE).status, cell(stored, TIME).status) == ("automatic", "void")


def test_a_preview_tells_what_a_reading_would_do(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    with snapshot(stored) as opened:
        done = preview(opened, reading(*paper_of(8, "new"), extractor="burden-2"))
        assert (done.matched, done.minted) == ((MODEL, RUN), ())
        assert number_of(opened, ReadingRow) == 1


def test_equal_bytes_can_be_read_as_two_papers_one_after_the_other(stored: Engine) -> None:
    """As where the first was withdrawn: the second used to be refused for ever."""
    store(stored, reading(*paper_of(8)))
    assert store(stored, replace(reading(), paper=TWIN)).new
    with snapshot(stored) as opened:
        assert sorted(opened.exec(select(ReadingRow.paper_id))) == [PAPER, TWIN]
    assert cell(stored, COUNT).value == devices(8), "what is known of the first stays"


def test_a_paper_must_be_known_before_it_is_read(stored: Engine) -> None:
    with pytest.raises(ConflictError, match="there is no paper 9999"):
        store(stored, replace(reading(), paper=PaperId("9999.00001")))


def test_a_reading_that_fails_halfway_leaves_nothing(stored: Engine) -> None:
    broken = said("run", "net.training", "count", devices(8))
    object.__setattr__(broken, "features", {"sure": {1, 2}})  # what JSON cannot hold
    with pytest.raises(Exception, match="JSON serializable"):
        store(stored, reading(*paper_of(8)[:3], broken))
    with snapshot(stored) as opened:
        assert [number_of(opened, table) for table in (ReadingRow, EntityRow, ProposalRow, CellRow)] == [
            0,
            0,
            0,
            0,
        ]


KILLED = """
import pickle, sys, time
from datetime import UTC, datetime
from db.engine import open_database, session
from db.readings import save
reading, judge = pickle.loads(bytes.fromhex(sys.stdin.readline()))
with session(open_database(sys.argv[1])) as opened:
    save(opened, reading, judge, datetime(2026, 11, 23, tzinfo=UTC))
    print("saved", flush=True)
    time.sleep(600)
"""


def test_a_process_killed_before_its_commit_leaves_nothing_and_blocks_nobody(stored: Engine) -> None:
    url = stored.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        process.stdin.write(pickle.dumps((reading(*paper_of(8)), JUDGE)).hex() + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "saved\n"
        process.kill()
    with snapshot(stored) as opened:
        assert [number_of(opened, table) for table in (ReadingRow, EntityRow, ProposalRow, CellRow)] == [
            0,
            0,
            0,
            0,
        ]
    assert store(stored, reading(*paper_of(8))).new


def test_the_doctor_finds_a_cell_that_is_not_what_it_should_be_and_refresh_mends_it(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    with session(stored) as opened:
        row = opened.get_one(CellRow, (str(RUN), "count"))
        row.status = "automatic"
        opened.add(row)
        opened.flush()
        (wrong,) = doctor(opened, JUDGE)
        assert (wrong.before and wrong.before.status, wrong.after.status) == ("automatic", "queued")
        refresh(opened, PAPER, JUDGE, AT)
        assert doctor(opened, JUDGE) == ()


def test_another_promise_moves_cells_without_reading_again(stored: Engine) -> None:
    store(stored, reading(*paper_of(8)))
    bold = Judge.of(JUDGE.model, Promise(0.6, 0.1))
    with session(stored) as opened:
        changes = refresh(opened, PAPER, bold, AT + timedelta(days=1))
        assert [(change.after.key, change.after.status) for change in changes] == [(COUNT, "automatic")]
        assert waiting(opened) == ()


def test_extractors_are_ordered_by_their_numbers() -> None:
    assert extractor_order("burden-0.10.0") > extractor_order("burden-0.9.1")
