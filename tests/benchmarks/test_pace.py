"""The pace of review: decisions are real ones, each timed from the key to the next item."""

from datetime import UTC, datetime
from pathlib import Path

from benchmarks.pace import Step, fill, sit, summary
from db.engine import open_database, snapshot
from db.log import last_seq
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from flows.clock import PlayedClock
from tests.models import model_of

PAPER = PaperId("2401.00001")


def paper(values: int) -> Reading:
    said = []
    for number in range(1, values + 1):
        key = CellKey(EntityId(PAPER, "run", f"net-{number}"), "count")
        place = Evidence("a" * 64, 1, None, "Training", f"{number} GPUs", "test.rule")
        said.append(Proposal(key, Quantity.exact(number, "devices"), place))
    return Reading("a" * 64, "test", PAPER, "A Net", 9, tuple(said))


def test_each_step_decides_one_value_and_takes_the_next_until_so_many_are_decided(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    clock = PlayedClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    fill(engine, [paper(6)], model_of({"training": Linear(0.5, {})}), clock)
    assert len(sit(engine, clock, 4)) == 4
    assert len(sit(engine, clock, 4)) == 2
    with snapshot(engine) as opened:
        assert last_seq(opened) == 6
    engine.dispose()


def test_the_summary_gives_medians_and_tenths_and_items_an_hour() -> None:
    lines = summary([Step(0.010, 0.020), Step(0.010, 0.030), Step(0.040, 0.060)])
    assert lines[1:] == [
        "answer             median   10.0 ms, p90   40.0 ms",
        "next               median   30.0 ms, p90   60.0 ms",
        "key to next item   median   40.0 ms, p90  100.0 ms",
        "90,000 items an hour if nobody thought; 714 at 5 s a look",
    ]
