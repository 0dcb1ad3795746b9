import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.points import Point
from analysis.sample import FEWEST_POINTS, sample_of
from extractors.facts.errors import DatasetError

ROWS = [{"burden": 1e18, "error": 0.3, "paper": "a"}, {"burden": 1e20, "error": 0.2, "paper": "b"}]


def changed(**cells: object) -> list[dict[str, object]]:
    return [ROWS[0], ROWS[1] | cells]


def test_points_rows_and_frames_make_the_same_sample() -> None:
    points = [
        Point(benchmark="", paper_id=str(row["paper"]), published="2019-07-02", burden=float(str(row["burden"])), error=float(str(row["error"])))
        for row in ROWS
    ]  # fmt: skip
    rows = [row | {"published": date(2019, 7, 2)} for row in ROWS]
    found = [sample_of(points), sample_of(rows), sample_of(pd.DataFrame(rows))]
    assert len({sample.papers for sample in found}) == 1
    for sample in found:
        assert list(sample.log_burden) == [18.0, 20.0]
        assert sample.year == pytest.approx([2019.5, 2019.5], abs=0.01)


@pytest.mark.parametrize(("printed", "year"), [("2019", 2019.0), ("2019-07", 2019.5), (2020, 2020.0)])
def test_a_year_alone_is_a_date(printed: object, year: float) -> None:
    assert sample_of(changed(published=printed)).year[1] == pytest.approx(year)


def test_an_unknown_day_is_no_year() -> None:
    assert math.isnan(sample_of(changed(published="")).year[1])


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"error": 0.0}, r"an error of 0 cannot be \(row 2, column error\)"),
        ({"error": 1.2}, r"an error of 1.2 cannot be \(row 2, column error\)"),
        ({"error": float("nan")}, r"nan cannot be \(row 2, column error\)"),
        ({"error": None}, r"None cannot be \(row 2, column error\)"),
        ({"burden": 0.0}, r"a burden of 0 cannot be \(row 2, column burden\)"),
        ({"burden": -1e18}, r"a burden of -1e\+18 cannot be \(row 2, column burden\)"),
        ({"burden": math.inf}, r"inf cannot be \(row 2, column burden\)"),
        ({"burden": "much"}, r"'much' cannot be \(row 2, column burden\)"),
        ({"published": "last May"}, r"'last May' as a date cannot be \(row 2, column published\)"),
        ({"published": "2019-13-01"}, r"'2019-13-01' as a date cannot be \(row 2, column published\)"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_row_and_column(cells: dict[str, object], sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        sample_of(changed(**cells))


def test_a_missing_column_is_named_and_may_have_another_name() -> None:
    rows = [{"flop": 1e18, "error": 0.3}]
    with pytest.raises(DatasetError, match=r"no column 'burden' \(row 1\)"):
        sample_of(rows)
    assert list(sample_of(rows, {"burden": "flop"}).burden) == [1e18]


def test_points_that_carry_no_line_say_why() -> None:
    one = sample_of(ROWS[:1])
    assert one.no_line() == "1 point, of at least 8: a line would be decided by one of them"
    many = [ROWS[0] | {"error": 0.1 + row / 100.0} for row in range(FEWEST_POINTS)]
    assert sample_of(many).no_line() == "all points have the same burden (column burden, rows 1 to 8)"
    level = [ROWS[0] | {"burden": 10.0**row} for row in range(FEWEST_POINTS)]
    assert sample_of(level).no_line() == "all points have the same error (column error, rows 1 to 8)"
    assert not sample_of([row | {"burden": 1e18 * (at + 1)} for at, row in enumerate(many)]).no_line()


def test_a_sample_of_rows_keeps_papers_with_their_points() -> None:
    sample = sample_of([*ROWS, *ROWS]).take(np.array([1, 3]))
    assert sample.papers == ("b", "b")
    assert list(sample.paper_codes) == [0, 0]
