import numpy as np
import pytest

from analysis.regressions import NoFit
from analysis.uncertainty import Imputed, UncertainPoint, impute, sd_of_range
from extractors.facts.errors import DatasetError, UsageError

SLOPE = 0.06


def planted(
    seed: int, n: int = 40, blur: float = 0.0, missing: float = 0.0, wrong: float = 0.0
) -> list[UncertainPoint]:
    """Papers on a line, whose burdens are printed vaguely, or only their operations, or wrongly."""
    random = np.random.default_rng(seed)
    logs = random.normal(21.0, 1.0, n)
    performance = -0.8 + SLOPE * logs + random.normal(0.0, 0.05, n)
    operations = (logs - 3.0) / 0.87 + random.normal(0.0, 0.3, n)
    printed = logs + random.normal(0.0, blur, n) if blur else logs
    off = random.uniform(size=n) < wrong
    printed = np.where(off, random.normal(21.0, 1.0, n), printed)
    lost = random.uniform(size=n) < missing
    return [
        UncertainPoint(
            error=min(1.0, float(10.0 ** -performance[row])), burden=None if lost[row] else float(10.0 ** printed[row]),
            operations=float(10.0 ** operations[row]), log_burden_sd=blur, probability=1.0 - wrong,
        )
        for row in range(n)
    ]  # fmt: skip


def imputed(found: Imputed | NoFit) -> Imputed:
    assert isinstance(found, Imputed), found
    return found


@pytest.mark.parametrize("blemish", [{"blur": 0.6}, {"blur": 0.4, "missing": 0.3}], ids=str)
def test_intervals_hold_the_planted_slope(blemish: dict[str, float]) -> None:
    found = [imputed(impute(planted(seed, 40, **blemish), draws=15, seed=seed)) for seed in range(100)]
    assert sum(item.low <= SLOPE <= item.high for item in found) >= 90
    assert np.mean([item.slope for item in found]) == pytest.approx(SLOPE, abs=0.005)


def test_vague_burdens_taken_as_exact_understate_the_slope() -> None:
    found = [imputed(impute(planted(seed, n=100, blur=0.7), draws=15)) for seed in range(15)]
    ignoring = np.mean([item.ignoring for item in found if item.ignoring])
    assert ignoring < 0.8 * SLOPE
    assert np.mean([item.slope for item in found]) == pytest.approx(SLOPE, abs=0.008)


def test_intervals_shrink_as_the_root_of_the_number_of_points() -> None:
    few, many = (
        np.mean([
            item.high - item.low
            for item in (imputed(impute(planted(seed, n, missing=0.3), draws=25)) for seed in range(6))
        ])
        for n in (60, 960)
    )  # fmt: skip
    assert few / many == pytest.approx(4.0, rel=0.25)


def test_exact_burdens_give_the_line_of_least_squares() -> None:
    found = imputed(impute(planted(0), draws=5))
    assert found.slope == pytest.approx(found.ignoring)
    assert found.imputed == 0
    assert found.missing_information == pytest.approx(0.0, abs=1e-12)


def test_what_is_doubted_widens_the_interval() -> None:
    points = planted(1, missing=0.0)
    doubted = [
        UncertainPoint(point.error, point.burden, point.operations, probability=0.7) for point in points
    ]
    sure, unsure = imputed(impute(points, draws=60)), imputed(impute(doubted, draws=60))
    assert unsure.high - unsure.low > sure.high - sure.low
    assert unsure.missing_information > 0.05


def test_missing_burdens_are_points_where_operations_tell() -> None:
    points = planted(0, n=30, missing=0.5)
    reported = sum(point.burden is not None for point in points)
    found = imputed(impute(points, draws=5, convention="chips"))
    assert (found.n, found.imputed) == (30, 30 - reported)
    assert [row["convention"] for row in found.rows()] == ["chips"]


def test_errors_printed_vaguely_are_imputed_too() -> None:
    points = [UncertainPoint(point.error, point.burden, error_sd=0.02) for point in planted(3)]
    assert imputed(impute(points, draws=30)).missing_information > 0.0


def test_the_same_seed_gives_the_same_numbers_and_another_one_not() -> None:
    points = planted(0, blur=0.3)
    assert impute(points, draws=5, seed=1) == impute(points, draws=5, seed=1)
    assert impute(points, draws=5, seed=1) != impute(points, draws=5, seed=2)


def test_a_range_is_a_standard_deviation_of_its_logarithm() -> None:
    assert sd_of_range(1.0, 10.0) == pytest.approx(1.0 / np.sqrt(12.0))
    assert sd_of_range(3.0, 3.0) == 0.0
    with pytest.raises(DatasetError, match="a range from 5 to 3 cannot be"):
        sd_of_range(5.0, 3.0)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (planted(0, n=7), "7 points, of at least 8"),
        (planted(0, n=12, missing=1.0), "0 points, of at least 8"),
        ([UncertainPoint(0.1 + row / 100.0, 1e20) for row in range(9)], "all points have the same burden"),
        ([UncertainPoint(0.1, 10.0**row) for row in range(9)], "all points have the same error"),
    ],
)
def test_points_that_carry_no_line_say_why(points: list[UncertainPoint], reason: str) -> None:
    found = impute(points, draws=5)
    assert isinstance(found, NoFit)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"error": 0.0}, "error"), ({"error": 1.1}, "error"), ({"burden": -1.0}, "burden"), ({"probability": 2.0}, "probability"), ({"log_burden_sd": -1.0}, "log_burden_sd")],
)  # fmt: skip
def test_a_number_that_cannot_be_is_named(cells: dict[str, float], column: str) -> None:
    with pytest.raises(DatasetError, match=rf"cannot be \(row net, column {column}\)"):
        UncertainPoint(**{"error": 0.1, "burden": 1e20, "name": "net", **cells})  # type: ignore[arg-type]


def test_one_draw_cannot_be_combined() -> None:
    with pytest.raises(UsageError, match="1 draws cannot be combined"):
        impute(planted(0), draws=1)
