"""The report on what people really decided in a database is the same, to the last digit, on either engine."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from annotation.agreement.report import Report, Wanted, as_json, report_of
from annotation.session import Answer, Reviewer, accepted, corrected, decide, next_item, undo
from db.agreement.agreed import agreed_json
from db.audit import audit_answers, audited
from db.cells import Judge
from db.dataset.quality import Quality
from db.dataset.release import build_release
from db.engine import session, snapshot
from db.events import Flagged, Rejected, Skipped
from db.log import history
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.readings import save
from db.tables import SlotRole
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPERS = 12
JUDGE = Judge.of(
    model_of({"training": Linear(0.0, {"sure": 9.0})}),
    Promise(0.9, 0.1, 1.0),
    ReviewPolicy(second_fields=("run.count", "run.accelerator")),
)
"""Two fields are decided twice, and all that is published unseen is audited."""


def read(engine: Engine) -> None:
    """Papers of which each reports a number of devices, their name and, surely, a time."""
    for number in range(PAPERS):
        paper, sha256 = PaperId(f"2401.{number:05}"), f"{number:064x}"
        run = EntityId(paper, "run", "net")
        words = Evidence(sha256, 1, None, "Training", "on eight V100s for a day", "test.rule")
        facts = (
            Proposal(
                CellKey(run, "count"),
                Quantity.exact(8, "devices"),
                words,
                (Rival(Quantity.exact(4, "devices"), words),),
            ),
            Proposal(CellKey(run, "accelerator"), Name("NVIDIA Tesla V100", "V100"), words),
            Proposal(CellKey(run, "wall_time"), Quantity.exact(86_400, "s"), words, features={"sure": 1.0}),
        )
        with session(engine) as opened:
            record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
            record_file(opened, paper, 1, sha256=sha256, size=1, at=AT)
            save(opened, Reading(sha256, "burden-1", paper, "A Net", 9, facts), JUDGE, AT)


def decide_all(engine: Engine) -> None:
    """Ann, Bob and Cyd decide what they get; they differ now and then, skip, flag, take back, and settle."""
    turn = count(1)
    names = ("ann", "bob", "cyd")
    idle = 0
    while idle < 2 * len(names):
        number = next(turn)
        role: SlotRole = "adjudication" if number % 5 == 0 else "opinion"
        who = Reviewer(names[number % 3], JUDGE, senior=number % 3 == 2, role=role)
        idle = 0 if step(engine, who, number) else idle + 1


def step(engine: Engine, who: Reviewer, number: int) -> bool:
    """One look of a person, and now and then second thoughts; whether anything waited for them."""
    at = AT + timedelta(minutes=number)
    with session(engine) as opened:
        item = next_item(opened, who, at)
    if item is None:
        return False
    answer: Answer = accepted(item, min(number % 7 == 0, len(item.options) - 1))
    if number % 11 == 0:
        answer = Rejected()
    elif number % 13 == 0 and item.field.name == "count":
        answer = corrected(item, Quantity.exact(16, "devices"))
    said = Skipped() if number % 17 == 0 else Flagged() if number == 19 else answer
    with session(engine) as opened:
        decide(opened, item, said, who, at, uuid=f"u{number}", reason=f"look {number}", seconds=number * 0.7)
        if number % 23 == 0:
            undo(opened, who, at, uuid=f"back {number}")
    return True


def told(engine: Engine) -> Report:
    """What `burden agreement` tells."""
    with snapshot(engine) as opened:
        return report_of(history(opened), audit_answers(opened), Wanted())


def reports(*engines: Engine) -> Iterator[Report]:
    for engine in engines:
        read(engine)
        decide_all(engine)
        yield told(engine)


def test_the_same_decisions_give_the_same_report_on_either_engine(
    sqlite_engine: Engine,
    postgresql_engine: Engine,
) -> None:
    one, other = reports(sqlite_engine, postgresql_engine)
    assert json.dumps(as_json(one)) == json.dumps(as_json(other))
    assert one.people == ("ann", "bob", "cyd")
    overall = next(item.found for item in one.agreed if (item.place, item.pair) == ("all", None))
    assert overall.items == 2 * PAPERS
    assert overall.percent.value is not None and 0 < overall.percent.value < 1
    assert one.rulings
    assert {share.source for share in one.precision if share.place == "all"} == {"audit", "queue"}


def test_a_release_shows_the_same_figures_and_keeps_them(sqlite_engine: Engine, tmp_path: Path) -> None:
    (report,) = reports(sqlite_engine)
    built = build_release(sqlite_engine, tmp_path / "one", accepted={"audits": "half of them are wrong here"})
    kept = (built.folder / "review.json").read_bytes()
    with snapshot(sqlite_engine) as opened:
        audits = audited(opened)
    shown = Quality.parse(json.loads(kept))
    assert [agreed_json(item) for item in shown.agreement] == [
        agreed_json(item)
        for item in report.agreed
        if item.place == "all" or (item.pair is None and item.place not in FIELDS)
    ]
    assert [(one.family, one.decided, one.right) for one in shown.audits] == [
        (family, found.decided, found.kept) for family, found in audits.items()
    ]
    again = build_release(sqlite_engine, tmp_path / "two")
    assert not again.new
    assert (again.folder / "review.json").read_bytes() == kept
