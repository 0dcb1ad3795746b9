"""The pace of review: decisions are real ones, each timed from the key to the next item."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.pace import fill, sit, summary, watch
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
CLOCK = PlayedClock(datetime(2026, 11, 23, 9, tzinfo=UTC))


def paper(values: int) -> Reading:
    said = []
    for number in range(1, values + 1):
        key = CellKey(EntityId(PAPER, "run", f"net-{number}"), "count")
        place = Evidence("a" * 64, 1, None, "Training", f"{number} GPUs", "test.rule")
        said.append(Proposal(key, Quantity.exact(number, "devices"), place))
    return Reading("a" * 64, "test", PAPER, "A Net", 9, tuple(said))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with six values that wait."""
    opened = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    fill(opened, [paper(6)], model_of({"training": Linear(0.5, {})}), CLOCK)
    yield opened
    opened.dispose()


def decided(engine: Engine) -> int:
    with snapshot(engine) as opened:
        return last_seq(opened)


def test_each_step_decides_one_value_and_takes_the_next_until_so_many_are_decided(engine: Engine) -> None:
    assert len(sit(engine, CLOCK, 4)) == 4
    assert len(sit(engine, CLOCK, 4)) == 2
    assert decided(engine) == 6


def test_each_key_on_the_screen_is_timed_until_the_next_item_is_there(engine: Engine) -> None:
    assert len(watch(engine, CLOCK, 4, 0.0)) == 4
    assert decided(engine) == 4


def test_the_summary_gives_medians_and_tenths_and_items_an_hour() -> None:
    lines = summary({"written": [0.030, 0.040, 0.100], "shown": [0.010, 0.020, 0.030]})
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "written median 40.0 ms, p90 100.0 ms, of 3",
        "shown median 20.0 ms, p90 30.0 ms, of 3",
        "90,000 items an hour if nobody thought; 714 at 5 s a look",
    ]
