"""Lines read backwards: the burdens that planted lines reach errors at, and the intervals about them."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimators import Covariance, Estimate, regress
from analysis.inverse import FAR, Reach, burden_to_reach, fieller, reach
from analysis.regressions import FORMS, Form, NoFit
from analysis.sample import Sample, sample_of
from extractors.facts.errors import UsageError

SLOPE, INTERCEPT = 0.06, -0.5


def planted(
    seed: int, n: int = 30, noise: float = 0.05, *, slope: float = SLOPE, uneven: bool = False
) -> Sample:
    """Papers about a line; uneven scatter grows fourfold along it."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(17.0, 23.0, n)
    scatter = noise * (0.4 + 0.2 * (x - 17.0)) if uneven else noise
    y = INTERCEPT + SLOPE * 20.0 + slope * (x - 20.0) + rng.normal(0.0, 1.0, n) * scatter
    return sample_of(
        [{"burden": 10.0**a, "error": 10.0**-b, "paper": f"p{at}"} for at, (a, b) in enumerate(zip(x, y, strict=True))]
    )  # fmt: skip


def error_at(power: float) -> float:
    """The error of the planted line at a burden."""
    return float(10.0 ** -(INTERCEPT + SLOPE * power))


def fitted(sample: Sample, **way: str | float) -> Estimate:
    fit = regress(sample, **way)  # type: ignore[arg-type]
    assert isinstance(fit, Estimate)
    return fit


def found(sample: Sample, power: float, **way: str | float) -> Reach:
    reached = reach(fitted(sample, **way), error_at(power), sample)
    assert isinstance(reached, Reach)
    return reached


def holds(reached: Reach, power: float) -> bool:
    return (reached.low is None or reached.low <= power) and (reached.high is None or power <= reached.high)


@pytest.mark.parametrize(("form", "response"), [(FORMS[0], 1.0), (FORMS[1], 10.0)])
def test_a_line_read_backwards_gives_the_burden_it_was_made_of(form: Form, response: float) -> None:
    intercept, slope = response - 0.5 * 20.0, 0.5
    assert burden_to_reach(form, intercept, slope, 0.1) == pytest.approx(20.0)


@pytest.mark.parametrize("error", [0.0, 1.0, -0.1, float("nan")])
def test_what_is_no_error_is_no_target(error: float) -> None:
    with pytest.raises(UsageError, match="is no target"):
        burden_to_reach(FORMS[0], -1.0, 0.1, error)


def test_a_level_line_reaches_nothing() -> None:
    with pytest.raises(UsageError, match="level line"):
        burden_to_reach(FORMS[0], -1.0, 0.0, 0.1)


@pytest.mark.parametrize("power", [20.0, 26.0, 35.0])
@pytest.mark.parametrize(
    "way",
    [{"errors": "classical"}, {"errors": "hc3"}, {"errors": "clustered"}, {"estimator": "theil-sen"}],
    ids=lambda way: "".join(way.values()),
)
def test_intervals_hold_the_planted_burden_in_nine_of_ten_seeds(
    power: float, way: dict[str, str | float]
) -> None:
    held = [holds(found(planted(seed), power, **way), power) for seed in range(100)]
    assert np.mean(held) >= 0.9


def test_the_bootstrap_holds_the_planted_burden_of_the_median_line_in_nine_of_ten_seeds() -> None:
    way: dict[str, str | float] = {"estimator": "quantile", "q": 0.5, "draws": 40}
    held = [holds(found(planted(seed, 40), 26.0, **way), 26.0) for seed in range(20)]
    assert np.mean(held) >= 0.9


def test_hc3_holds_the_planted_burden_where_scatter_grows_along_the_line() -> None:
    held = [holds(found(planted(seed, 40, uneven=True), 26.0, errors="hc3"), 26.0) for seed in range(100)]
    assert np.mean(held) >= 0.9


def test_intervals_shrink_as_the_root_of_the_number_of_points() -> None:
    def width(n: int) -> float:
        reached = [found(planted(seed, n, 0.03), 26.0) for seed in range(30)]
        return float(np.median([item.high - item.low for item in reached if item.high and item.low]))

    assert width(50) / width(200) == pytest.approx(2.0, rel=0.2)


def test_the_ends_are_where_the_confidence_band_of_the_line_holds_the_error() -> None:
    sample = planted(1, 20)
    reached = found(sample, 26.0)
    x, y = sample.log_burden, -np.log10(sample.error)
    line = stats.linregress(x, y)
    scatter = np.sqrt(np.sum((y - line.intercept - line.slope * x) ** 2) / (len(x) - 2))
    for end in (reached.low, reached.high):
        assert end is not None
        about = scatter * np.sqrt(1.0 / len(x) + (end - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2))
        off = abs(line.intercept + line.slope * end + np.log10(error_at(26.0)))
        assert off == pytest.approx(stats.t.ppf(0.975, len(x) - 2) * about)


def test_a_slope_that_may_be_zero_leaves_the_interval_without_an_upper_end_and_says_so() -> None:
    sample = next(
        sample
        for sample in (planted(seed, 10, 0.1, slope=0.01) for seed in range(50))
        if fitted(sample).slope.value > 0.0 > (fitted(sample).slope.low or 0.0)
    )
    reached = reach(fitted(sample), error_at(200.0), sample)
    assert isinstance(reached, Reach)
    assert reached.high is None
    assert "the slope" in reached.how and (
        "no upper end" in reached.how or "no end on either side" in reached.how
    )


def test_of_two_rays_the_one_with_the_estimate_is_given() -> None:
    vague = Covariance(intercept=0.01, both=0.0, slope=1.0, quantile=2.0)
    low, high = fieller(0.0, 1.0, vague, 10.0)
    assert low is not None and 0.0 < low < 10.0 and high is None
    low, high = fieller(0.0, 1.0, vague, -10.0)
    assert high is not None and -10.0 < high < 0.0 and low is None
    assert fieller(0.0, 1.0, vague, 0.1) == (None, None)


def test_a_line_that_falls_gives_a_reason_and_no_burden() -> None:
    sample = planted(0, slope=-0.05)
    assert (
        reach(fitted(sample), 0.05, sample) == "the line does not rise: by it, no burden makes errors smaller"
    )


def test_draws_whose_line_falls_never_get_there() -> None:
    fits = (
        (sample, fitted(sample, estimator="quantile", q=0.5, draws=40))
        for sample in (planted(seed, 12, 0.15, slope=0.01) for seed in range(50))
    )
    sample, fit = next((sample, fit) for sample, fit in fits if fit.slope.value > 0.0)
    assert fit.lines is not None and 0.1 < np.mean(fit.lines[:, 1] <= 0.0) < 0.9
    reached = reach(fit, error_at(60.0), sample)
    assert isinstance(reached, Reach)
    assert reached.low is not None and reached.high is None
    assert "no upper end" in reached.how


def test_far_is_said_of_more_than_two_powers_of_ten_beyond_the_points_on_either_side() -> None:
    sample = planted(0, 40, 0.001)
    for power, far in ((20.0, False), (24.5, False), (25.5, True), (14.0, True)):
        assert found(sample, power).far is far
    assert found(sample, 20.0).beyond == 0.0
    assert FAR == 2.0


def test_the_same_seed_gives_the_same_interval() -> None:
    sample = planted(5)
    way: dict[str, str | float] = {"estimator": "quantile", "q": 0.9, "draws": 50, "seed": 7}
    assert found(sample, 26.0, **way) == found(sample, 26.0, **way)


def test_a_line_with_a_year_term_is_refused() -> None:
    rows = [
        {"burden": 10.0 ** (17 + at), "error": 0.5 / (at + 1), "published": str(2012 + at * at % 7)}
        for at in range(9)
    ]
    fit = regress(rows, year=True)
    assert isinstance(fit, Estimate)
    with pytest.raises(UsageError, match="year term"):
        reach(fit, 0.01, sample_of(rows))


def test_too_few_points_have_no_line_to_read() -> None:
    assert isinstance(regress(planted(0, 7)), NoFit)
