"""One slot, one person: what waits, in which order, and who holds it."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import col, select

from db.cells import Judge
from db.engine import session, snapshot
from db.events import Adjudicated, Corrected, Envelope, Event, Flagged, Rejected, Skipped, Undone
from db.log import append
from db.order import is_open, put_in_order
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.queue import Claim, claim, counts, fullest, release, renew, waiting
from db.readings import save
from db.tables import ReviewItemRow
from extractors.confidence import Linear
from extractors.facts.errors import ConflictError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
LEASE = timedelta(minutes=10)
LATER = AT + timedelta(hours=1)
FAMILY = Linear(0.0, {"mood": 1.0})
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))
TWICE = replace(JUDGE, policy=ReviewPolicy(second_share=1.0))
FIELDS = {"count": "devices", "wall_time": "s", "epochs": "epochs"}


def add_paper(engine: Engine, number: int, moods: dict[str, float], by: Judge = JUDGE) -> PaperId:
    """A paper with one run whose facts all wait."""
    paper, sha256 = PaperId(f"2401.{number:05}"), f"{number:064x}"
    run = EntityId(paper, "run", "net")
    facts = tuple(
        Proposal(
            CellKey(run, field),
            Quantity.exact(8, FIELDS[field]),
            Evidence(sha256, 1, None, "Training", f"the {field}", "test.rule"),
            features={"mood": mood},
        )
        for field, mood in moods.items()
    )
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, paper, 1, sha256=sha256, size=1, at=AT)
        save(opened, Reading(sha256, "burden-1", paper, "A Net", 9, facts), by, AT)
    return paper


def take(engine: Engine, who: str, at: datetime = AT, **wishes: object) -> Claim | None:
    with session(engine) as opened:
        return claim(opened, who, at, LEASE, **wishes)  # type: ignore[arg-type]  # the wishes of each test


def say(engine: Engine, held: Claim, event: Event, *, slot: bool = True) -> int:
    about = Envelope(
        str(uuid4()),
        AT,
        held.holder,
        "annotator",
        held.key.entity,
        held.key.field,
        held.slot if slot else None,
    )
    with session(engine) as opened:
        return append(opened, about, event, JUDGE)


def taken(engine: Engine, who: str, at: datetime = AT, **wishes: object) -> Claim:
    found = take(engine, who, at, **wishes)
    assert found is not None
    return found


def correction(number: float) -> Corrected:
    return Corrected(
        Quantity.exact(number, "devices"), Evidence("0" * 64, 1, None, "Training", "on GPUs", "person")
    )


def test_an_empty_queue_gives_nothing(engine: Engine) -> None:
    assert take(engine, "ada") is None
    with snapshot(engine) as opened:
        found = counts(opened, AT)
    assert (found.open, found.held, found.papers, found.by_why, found.by_field) == (0, 0, 0, {}, {})


def test_papers_are_counted_fullest_first(engine: Engine) -> None:
    one, two = add_paper(engine, 1, {"count": 0.0}), add_paper(engine, 2, {"count": 0.0, "epochs": 0.0})
    with snapshot(engine) as opened:
        assert list(fullest(opened).items()) == [(two, 2), (one, 1)]
        assert list(fullest(opened, limit=1)) == [two]


def test_what_matters_most_comes_first_and_then_what_is_most_likely_right(engine: Engine) -> None:
    add_paper(engine, 1, {"epochs": 1.0, "count": -1.0, "wall_time": 1.0})
    with snapshot(engine) as opened:
        assert [item.key.field for item in waiting(opened)] == ["wall_time", "count", "epochs"]
        assert len(waiting(opened, limit=2)) == 2
    assert taken(engine, "ada").key.field == "wall_time"


def test_the_paper_one_is_at_comes_first(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0})
    here = add_paper(engine, 2, {"epochs": -1.0})
    assert taken(engine, "ada", near=here).key.entity.paper == here


def test_two_people_never_hold_one_slot(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0, "epochs": 1.0})
    held = [taken(engine, "ada"), taken(engine, "bob")]
    assert len({item.item_id for item in held}) == 2
    assert take(engine, "cyd") is None
    with snapshot(engine) as opened:
        found = counts(opened, AT)
    assert (found.open, found.held, found.by_field) == (2, 2, {"run.count": 1, "run.epochs": 1})


def test_who_holds_a_slot_gets_it_again(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0, "epochs": 1.0})
    assert taken(engine, "ada").item_id == taken(engine, "ada", AT + LEASE / 2).item_id


def test_a_lease_runs_out_and_may_be_renewed_or_given_back(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0})
    held = taken(engine, "ada")
    with session(engine) as opened:
        renew(opened, held, LATER, LEASE)
    assert take(engine, "bob", LATER) is None
    with session(engine) as opened:
        release(opened, held)
    assert taken(engine, "bob", LATER).item_id == held.item_id
    assert taken(engine, "cyd", LATER + LEASE).item_id == held.item_id
    with pytest.raises(ConflictError, match="ada no longer holds slot 1"), session(engine) as opened:
        renew(opened, held, LATER, LEASE)
    with session(engine) as opened:
        release(opened, held)
    assert take(engine, "ada", LATER + LEASE) is None


def test_a_decision_closes_the_item_and_needs_the_slot(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0})
    held = taken(engine, "ada")
    with pytest.raises(ConflictError, match="bob no longer holds"):
        say(engine, replace(held, holder="bob"), Rejected())
    say(engine, held, Rejected())
    assert take(engine, "bob") is None
    with pytest.raises(ConflictError, match="no longer waits"):
        say(engine, held, Rejected())


def test_a_decision_from_elsewhere_closes_the_item_under_its_holder(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0})
    held = taken(engine, "ada")
    say(engine, replace(held, holder="bob"), correction(4), slot=False)
    with pytest.raises(ConflictError, match="no longer waits"):
        say(engine, held, Rejected())


def test_undo_gives_the_same_item_back(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0, "epochs": 1.0})
    held = taken(engine, "ada")
    seq = say(engine, held, Rejected())
    say(engine, held, Undone(seq))
    again = taken(engine, "ada")
    assert (again.item_id, again.key) == (held.item_id, held.key)
    say(engine, again, Rejected())


def test_a_skipped_item_comes_back_after_the_others(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0, "epochs": 1.0})
    held = taken(engine, "ada")
    say(engine, held, Skipped())
    other = taken(engine, "ada")
    assert other.item_id != held.item_id
    say(engine, other, Skipped())
    assert taken(engine, "ada").item_id == held.item_id
    assert take(engine, "bob", avoid=[held.item_id, other.item_id]) is None


def test_a_flagged_item_is_for_seniors(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0})
    held = taken(engine, "ada")
    say(engine, held, Flagged())
    assert take(engine, "bob") is None
    found = taken(engine, "sue", senior=True)
    assert (found.item_id, found.why) == (held.item_id, "flagged")


def test_one_cell_can_be_asked_for(engine: Engine) -> None:
    paper = add_paper(engine, 1, {"count": 1.0, "epochs": 1.0})
    key = CellKey(EntityId(paper, "run", "net"), "epochs")
    assert taken(engine, "ada", only=key).key == key
    assert take(engine, "bob", only=key) is None


def test_a_second_opinion_is_another_persons(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0}, TWICE)
    first = taken(engine, "ada")
    say(engine, first, correction(4))
    assert take(engine, "ada") is None
    second = taken(engine, "bob")
    assert (second.item_id, second.slot) == (first.item_id, 2)
    say(engine, second, correction(4))
    assert take(engine, "cyd") is None


def test_opinions_that_differ_go_to_somebody_who_gave_none(engine: Engine) -> None:
    add_paper(engine, 1, {"count": 1.0}, TWICE)
    for who, number in (("ada", 4), ("bob", 8)):
        say(engine, taken(engine, who), correction(number))
    assert take(engine, "ada") is None
    assert take(engine, "bob") is None
    assert take(engine, "sue") is None
    assert take(engine, "ada", role="adjudication") is None
    found = taken(engine, "sue", role="adjudication")
    assert (found.role, found.why) == ("adjudication", "reviewers-disagree")
    words = correction(8)
    say(engine, found, Adjudicated(words.value, words.evidence, (1, 2)))
    with snapshot(engine) as opened:
        assert waiting(opened) == ()


def test_a_flag_goes_before_every_doubt_and_papers_come_together(engine: Engine) -> None:
    full = add_paper(engine, 1, {"count": 1.0, "wall_time": 1.0})
    poor = add_paper(engine, 2, {"epochs": 1.0, "count": -1.0})
    flagged = taken(engine, "ada", only=CellKey(EntityId(poor, "run", "net"), "epochs"))
    say(engine, flagged, Flagged())
    with snapshot(engine) as opened:
        order = [(item.key.entity.paper, item.key.field) for item in waiting(opened)]
    assert order == [(poor, "epochs"), (full, "count"), (full, "wall_time"), (poor, "count")]


def test_what_is_known_of_a_model_moves_its_run_in_the_queue(engine: Engine) -> None:
    net, run = EntityId(PaperId("2401.00001"), "model", "net"), EntityId(PaperId("2401.00001"), "run", "net")
    said: dict[CellKey, Value] = {
        CellKey(net, "role"): Name("baseline", "baseline"),
        CellKey(run, "model"): Name("net", "Net"),
        CellKey(run, "count"): Quantity.exact(8, "devices"),
    }
    words = Evidence("1" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(net.paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, net.paper, 1, sha256="1" * 64, size=1, at=AT)
        facts = tuple(Proposal(key, value, words) for key, value in said.items())
        save(opened, Reading("1" * 64, "burden-1", net.paper, "A Net", 9, facts), JUDGE, AT)
    better = add_paper(engine, 2, {"count": -1.0})
    with snapshot(engine) as opened:
        assert [item.key.entity.paper for item in waiting(opened)] == [better, net.paper]
    ours = Corrected(Name("headline", "ours"), words)
    with session(engine) as opened:
        append(opened, Envelope("u1", AT, "ada", "annotator", net, "role"), ours, JUDGE)
    with snapshot(engine) as opened:
        assert [item.key.entity.paper for item in waiting(opened)] == [net.paper, better]


@pytest.mark.parametrize("event", [Rejected(), Skipped(), Flagged()])
def test_after_a_decision_the_rest_of_a_paper_stands_where_a_fresh_look_at_all_of_it_puts_it(
    event: Event, engine: Engine
) -> None:
    paper = add_paper(engine, 1, {"count": 1.0, "wall_time": 0.5, "epochs": -0.5})
    say(engine, taken(engine, "ada"), event)
    with session(engine) as opened:
        query = select(ReviewItemRow.id, ReviewItemRow.paper_rank, ReviewItemRow.rank)
        stands = opened.exec(query.order_by(col(ReviewItemRow.id)).where(is_open())).all()
        put_in_order(opened, paper)
        assert opened.exec(query.order_by(col(ReviewItemRow.id)).where(is_open())).all() == stands
        assert len({rank for _, _, rank in stands}) == len(stands)


def test_who_passed_over_an_item_stays_at_its_paper_for_the_others(engine: Engine) -> None:
    here = add_paper(engine, 1, {"count": 1.0, "epochs": 1.0})
    there = add_paper(engine, 2, {"count": 1.0, "wall_time": 1.0})
    say(engine, taken(engine, "ada", near=here), Skipped())
    assert taken(engine, "ada", near=here).key.entity.paper == here
    say(engine, taken(engine, "ada", near=here), Skipped())
    assert taken(engine, "ada", near=here).key.entity.paper == there


def test_a_claim_reads_the_queue_from_its_head_and_sorts_nothing(sqlite_engine: Engine) -> None:
    """With 100,000 open items, sorting them takes a quarter of a second of each claim, under SQLite's only write lock."""
    plans: list[list[str]] = []

    def explain(
        connection: Connection, _cursor: object, statement: str, given: tuple[object, ...], *_: object
    ) -> None:
        if "UPDATE review_slot" in statement:
            rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", given)
            plans.append([row[3] for row in rows])

    event.listen(sqlite_engine, "before_cursor_execute", explain)
    assert take(sqlite_engine, "ada") is None
    mine, anybodys = plans
    assert any("ix_review_slot_unfilled (holder=?)" in step for step in mine)
    assert any("ix_review_item_order" in step for step in anybodys)
    assert not any("ORDER BY" in step for step in anybodys)


# Many at once, on real databases

ITEMS = 24


def work(engine: Engine, who: str, done: list[int]) -> None:
    while (held := take(engine, who)) is not None:
        say(engine, held, Rejected())
        done.append(held.item_id)


def test_many_annotators_decide_each_item_once(engine: Engine) -> None:
    for number in range(ITEMS // 3):
        add_paper(engine, number, {"count": 1.0, "epochs": 0.0, "wall_time": -1.0})
    done: list[int] = []
    threads = [Thread(target=work, args=(engine, f"annotator-{n}", done)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(done) == dict.fromkeys(range(1, ITEMS + 1), 1)


SCRIPT = """
import sys
from datetime import UTC, datetime, timedelta
from db.engine import open_database, session
from db.queue import claim
engine = open_database(sys.argv[1])
for _ in range(8):
    with session(engine) as opened:
        held = claim(opened, sys.argv[2] + str(_), datetime(2026, 11, 23, tzinfo=UTC), timedelta(minutes=10))
    print(held.item_id if held else "")
"""


def test_many_processes_claim_each_item_once(engine: Engine) -> None:
    for number in range(ITEMS // 3):
        add_paper(engine, number, {"count": 1.0, "epochs": 0.0, "wall_time": -1.0})
    url = engine.url.render_as_string(hide_password=False)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, url, f"annotator-{n}-"], stdout=subprocess.PIPE, text=True
        )
        for n in range(ITEMS // 8)
    ]
    claimed = [word for run in runs for word in run.communicate(timeout=120)[0].split()]
    assert [run.returncode for run in runs] == [0] * len(runs)
    assert Counter(claimed) == {str(number): 1 for number in range(1, ITEMS + 1)}
