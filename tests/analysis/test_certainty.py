import math
from typing import Any

import pytest

from analysis.certainty import cells_of, keys_of, known_evidence, uncertain
from analysis.load import Evidence
from analysis.points import LeftOut, Point
from analysis.uncertainty import sd_of_range

HOUR = 3600.0
POINT = Point(
    benchmark="imagenet-1k", paper_id="p", error=0.2, burden=1e20, result_id="x", model_id="m", runs=("r1", "r2"), operations=1e19
)  # fmt: skip


def cell(row: str, column: str, value: float | str = 1.0, **more: Any) -> Evidence:
    """A cell that reads as one number exactly, looked at by nobody."""
    number = value if isinstance(value, float) else None
    known: dict[str, Any] = {
        "cell": f"{row}#{column}", "row_id": row, "column_name": column, "paper_id": "p", "paper_version": 1,
        "value": str(value), "low": number, "high": number, "printed": None, "page": 3, "quote": "words",
        "rule": "rule", "probability": 0.9, "status": "automatic",
    }  # fmt: skip
    return Evidence(**known | more)


def by_row(*cells: Evidence) -> dict[str, tuple[Evidence, ...]]:
    return {
        row: tuple(item for item in cells if item.row_id == row) for row in {item.row_id for item in cells}
    }


def test_a_burden_is_right_if_all_its_cells_are() -> None:
    found = by_row(
        cell("r1", "accelerator", "V100"), cell("r1", "count", 8.0), cell("r1", "wall_time_s", HOUR)
    )
    assert uncertain(POINT, found, "hardware").probability == pytest.approx(0.9**3)


def test_what_people_decided_is_right() -> None:
    found = by_row(cell("r1", "count", 8.0, status="reviewed"), cell("r1", "wall_time_s", HOUR))
    assert uncertain(POINT, found, "hardware").probability == pytest.approx(0.9)


def test_cells_that_make_no_burden_do_not_matter() -> None:
    found = by_row(cell("r1", "epochs", 90.0), cell("m", "flops", 1e9), cell("x", "score", 80.0))
    assert uncertain(POINT, found, "hardware").probability == 1.0
    assert uncertain(POINT, found, "operations").probability == pytest.approx(0.81)


def test_device_time_is_taken_before_devices_and_time() -> None:
    found = by_row(
        cell("r1", "count", 8.0), cell("r1", "wall_time_s", HOUR), cell("r1", "device_time_s", HOUR)
    )
    assert [item.column_name for item in cells_of(POINT, found, "hardware")] == ["device_time_s"]


def test_ranges_of_factors_add_and_the_vaguest_run_stands_for_all() -> None:
    found = by_row(
        cell("r1", "wall_time_s", low=2 * HOUR, high=4 * HOUR), cell("r1", "count", low=4.0, high=8.0),
        cell("r2", "wall_time_s", low=2 * HOUR, high=3 * HOUR),
    )  # fmt: skip
    assert uncertain(POINT, found, "hardware").log_burden_sd == pytest.approx(
        math.sqrt(2) * sd_of_range(1.0, 2.0)
    )


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("4 days", 3.5, 4.5),
        ("4.0 days", 3.95, 4.05),
        ("1,200 hours", 1199.5, 1200.5),
        ("some days", 1.0, 1.0),
    ],
)
def test_a_time_is_as_exact_as_its_last_digit(printed: str, low: float, high: float) -> None:
    found = by_row(cell("r1", "wall_time_s", HOUR, printed=printed))
    assert uncertain(POINT, found, "hardware").log_burden_sd == pytest.approx(sd_of_range(low, high))


def test_counts_are_exact() -> None:
    assert uncertain(POINT, by_row(cell("r1", "count", 8.0, printed="8")), "hardware").log_burden_sd == 0.0


def test_a_time_that_is_only_bounded_is_within_a_power_of_ten() -> None:
    found = by_row(cell("r1", "wall_time_s", low=0.0, high=4 * HOUR))
    assert uncertain(POINT, found, "hardware").log_burden_sd == pytest.approx(sd_of_range(1.0, 10.0))


@pytest.mark.parametrize(("low", "high"), [(5.0, 1.0), (-1.0, 1.0), (0.0, 0.0), (None, None)])
def test_a_range_that_is_none_adds_nothing(low: float | None, high: float | None) -> None:
    found = by_row(cell("r1", "wall_time_s", low=low, high=high))
    assert uncertain(POINT, found, "hardware").log_burden_sd == 0.0


def test_a_range_of_scores_is_one_of_the_error() -> None:
    found = by_row(cell("x", "score", low=79.0, high=81.0))
    assert uncertain(POINT, found, "hardware").error_sd == pytest.approx(0.02 / math.sqrt(12.0))


def test_without_evidence_a_point_is_exact() -> None:
    found = uncertain(POINT, {}, "hardware")
    assert (found.burden, found.log_burden_sd, found.error_sd, found.probability) == (1e20, 0.0, 0.0, 1.0)


def test_a_converted_burden_and_one_that_is_missing_are_drawn_from_operations() -> None:
    converted = Point(benchmark="b", paper_id="p", error=0.2, burden=1e20, basis="converted", operations=1e19)
    left = LeftOut(benchmark="b", paper_id="p", error=0.2, operations=1e19, reason="no time")
    for item in (converted, left):
        found = uncertain(item, {}, "hardware")
        assert (found.burden, found.operations) == (None, 1e19)


def test_points_lead_to_their_rows() -> None:
    assert keys_of([POINT]) == {"x", "m", "r1", "r2"}


def test_of_a_row_in_two_releases_the_evidence_of_the_first_counts() -> None:
    first, second = by_row(cell("x", "score", 80.0)), by_row(cell("x", "score", 70.0), cell("m", "flops"))
    assert known_evidence([first, second]) == {"x": first["x"], "m": second["m"]}
