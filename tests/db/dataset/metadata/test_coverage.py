"""How much is filled is told by field and by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.dataset.metadata.coverage import Share, coverage, spans
from db.dataset.statistics import Statistics
from db.events import Rejected
from extractors.facts.ids import CellKey

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World


def counted(world: World) -> Statistics:
    statistics = Statistics()
    for part in world.parts():
        statistics.add(part)
    return statistics


def test_a_column_is_filled_in_so_many_rows_of_so_many(world: World) -> None:
    world.read("2403.00042")
    world.read("2403.00043")
    world.say(CellKey.parse("2403.00043/run/sparsenet.training#count"), Rejected())
    statistics = counted(world)
    years = spans(statistics)
    assert [(span.title, span.papers) for span in years] == [("2026", 2)]
    (runs,) = (table for table in coverage(statistics, years) if table.name == "training_runs")
    fields = {field.name: field for field in runs.fields}
    assert fields["count"].filled == Share(1, 2) == fields["count"].by_span[0]
    assert fields["wall_time_s"].filled.text == "100%"
    assert "run_id" not in fields and "count_unit" not in fields


def test_a_paper_without_a_day_is_of_the_year_that_its_arxiv_id_tells(world: World) -> None:
    world.read("1706.03762", published=None)
    world.read("file:0123456789ab", published=None)
    assert [(span.title, span.papers) for span in spans(counted(world))] == [("2017", 1), ("undated", 1)]


def test_shares_are_not_rounded_to_all_or_nothing() -> None:
    assert [Share(part, 1000).text for part in (0, 1, 500, 999, 1000)] == ["0%", "<1%", "50%", "99%", "100%"]
    assert Share(0, 0).text == ""
