"""A paper whole: what holds, what waits, what was rejected and what people took out."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine, delete

from annotation.session import Reviewer, accepted, decide, next_item
from annotation.whole import WholeEntity, whole_paper
from db.engine import session, snapshot
from db.events import EntityRemoved, Envelope, Rejected
from db.log import append
from db.papers import Listing, record_listings
from db.policy import ReviewPolicy
from db.refresh import refresh
from db.screenings import record_screening
from db.tables import CellRow, ReviewItemRow, ReviewSlotRow
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Quantity

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")


def run_of(engine: Engine) -> WholeEntity:
    with snapshot(engine) as opened:
        found = whole_paper(opened, PAPER).entity(RUN)
    assert found is not None
    return found


def test_what_the_machine_found_waits_with_all_that_it_offers(engine: Engine) -> None:
    run = run_of(engine)
    assert [cell.key.field for cell in run.cells] == ["accelerator", "count", "wall_time"]
    assert {cell.waits for cell in run.cells} == {"uncertain"}
    count = run.cell("count")
    assert count is not None
    assert [option.value for option in count.options] == [
        Quantity.exact(8, "devices", "eight"),
        Quantity.exact(4, "devices"),
    ]
    assert (run.added_by, run.is_gone, run.last_seq) == (None, False, 0)
    assert "epochs" in {field.name for field in run.missing}
    assert "count" not in {field.name for field in run.missing}


def test_what_a_second_person_is_to_decide_blind_is_not_told(engine: Engine, reviewer: Reviewer) -> None:
    twice = replace(reviewer, judge=replace(reviewer.judge, policy=ReviewPolicy(second_share=1.0)))
    with session(engine) as opened:
        for table in (ReviewSlotRow, ReviewItemRow, CellRow):
            opened.exec(delete(table))
        refresh(opened, PAPER, twice.judge, AT)
        item = next_item(opened, twice, AT, only=CellKey(RUN, "count"))
        assert item is not None
        seq = decide(opened, item, accepted(item, 1), twice, AT, uuid="1", reason="page 4")
    count = run_of(engine).cell("count")
    assert count is not None
    assert (count.waits, count.notes) == ("uncertain", ())
    assert count.state.value == Quantity.exact(8, "devices", "eight")
    assert (count.state.status, count.state.reviewers, count.state.last_seq) == ("queued", (), seq)


def test_what_was_decided_says_by_whom_and_why(engine: Engine, reviewer: Reviewer) -> None:
    with session(engine) as opened:
        item = next_item(opened, reviewer, AT, only=CellKey(RUN, "count"))
        assert item is not None
        decide(opened, item, accepted(item), reviewer, AT, uuid="1", reason="page 4")
        item = next_item(opened, reviewer, AT, only=CellKey(RUN, "wall_time"))
        assert item is not None
        seq = decide(opened, item, Rejected(), reviewer, AT, uuid="2", reason="of inference")
    run = run_of(engine)
    count, time = run.cell("count"), run.cell("wall_time")
    assert count is not None and time is not None
    assert (count.waits, count.state.status, count.state.reviewers) == (None, "reviewed", ("ann",))
    assert (count.notes, time.notes) == (("ann: page 4",), ("ann: of inference",))
    assert (time.is_rejected, time.state.value) == (True, None)
    assert time.options[0].value == Quantity.exact(86_400, "s", "one day")
    assert run.last_seq == seq


def test_what_people_removed_is_kept_apart(engine: Engine, reviewer: Reviewer) -> None:
    with session(engine) as opened:
        append(opened, Envelope("1", AT, "ann", "annotator", RUN), EntityRemoved(), reviewer.judge)
        paper = whole_paper(opened, PAPER)
    assert RUN not in {entity.id for entity in paper.entities}
    (gone,) = paper.gone
    assert (gone.id, gone.removed, gone.cells) == (RUN, True, ())


def test_a_paper_that_was_screened_out_says_why_and_has_no_file(engine: Engine) -> None:
    other = PaperId("2401.00002")
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(other, 1, "On Rivers", "", (), (), AT, AT, b"")], AT)
        record_screening(
            opened, other, 1, stage="listing", decision="irrelevant", domains=(), reason="no model", at=AT
        )
        paper = whole_paper(opened, other)
    assert (paper.screening, paper.files) == (("irrelevant", "no model"), ())


def test_the_files_that_can_be_cited_are_those_of_the_newest_version(engine: Engine) -> None:
    with snapshot(engine) as opened:
        (file,) = whole_paper(opened, PAPER).files
    assert (file.sha256, file.version, file.media) == ("1" * 64, 1, "pdf")
