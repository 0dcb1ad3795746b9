"""Each estimator on points with a planted line: whether its intervals hold it as often as they say."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analysis.estimators import Estimate, on_frontier, regress
from analysis.regressions import NoFit
from analysis.sample import Sample
from extractors.facts.errors import UsageError

SLOPE, INTERCEPT = 0.06, -0.8
Noise = Callable[[np.random.Generator, int], np.ndarray]


def normal(random: np.random.Generator, n: int) -> np.ndarray:
    return random.normal(0.0, 0.05, n)


def heavy(random: np.random.Generator, n: int) -> np.ndarray:
    return np.clip(0.02 * random.standard_t(2.0, n), -0.3, 0.3)


def contaminated(random: np.random.Generator, n: int) -> np.ndarray:
    wrong = random.uniform(size=n) < 0.15
    return normal(random, n) + np.where(wrong, 0.6, 0.0)


def planted(seed: int, n: int = 40, noise: Noise = normal) -> Sample:
    random = np.random.default_rng(seed)
    logs = random.uniform(18.0, 24.0, n)
    performance = INTERCEPT + SLOPE * logs + noise(random, n)
    names = tuple(f"paper {row}" for row in range(n))
    years = 2012.0 + random.uniform(0.0, 10.0, n)
    return Sample(10.0**logs, np.minimum(10.0**-performance, 1.0), names, ("",) * n, years)


def clustered(seed: int, papers: int = 25, each: int = 4) -> Sample:
    """Papers whose points share most of their burden and of their luck."""
    random = np.random.default_rng(seed)
    logs = np.repeat(random.uniform(18.0, 24.0, papers), each) + random.normal(0.0, 0.2, papers * each)
    luck = np.repeat(random.normal(0.0, 0.05, papers), each) + random.normal(0.0, 0.01, papers * each)
    names = tuple(f"paper {row // each}" for row in range(papers * each))
    return Sample(
        10.0**logs, 10.0 ** -(INTERCEPT + SLOPE * logs + luck), names, ("",) * len(names), logs * np.nan
    )


def fitted(found: Estimate | NoFit) -> Estimate:
    assert isinstance(found, Estimate), found
    return found


def holds(found: Estimate | NoFit, slope: float = SLOPE) -> bool:
    term = fitted(found).slope
    assert term.low is not None and term.high is not None
    return term.low <= slope <= term.high


def width(found: Estimate | NoFit) -> float:
    term = fitted(found).slope
    assert term.low is not None and term.high is not None
    return term.high - term.low


@pytest.mark.parametrize("errors", ["classical", "hc3", "clustered"])
def test_intervals_of_least_squares_hold_the_planted_slope(errors: str) -> None:
    assert sum(holds(regress(planted(seed), errors=errors)) for seed in range(400)) >= 360  # type: ignore[arg-type]


@pytest.mark.parametrize("noise", [normal, heavy])
def test_theil_sen_holds_the_planted_slope_under_heavy_tails_too(noise: Noise) -> None:
    assert (
        sum(holds(regress(planted(seed, noise=noise), estimator="theil-sen")) for seed in range(400)) >= 360
    )


def test_theil_sen_stays_where_wrong_points_carry_least_squares_away() -> None:
    far = {"ols": 0.0, "theil-sen": 0.0}
    for seed in range(100):
        sample = planted(seed, n=60)
        error = sample.error.copy()
        error[np.argsort(sample.burden)[-8:]] = 0.9
        wrong = Sample(sample.burden, error, sample.papers, sample.benchmarks, sample.year)
        for name in far:
            far[name] += abs(fitted(regress(wrong, estimator=name)).slope.value - SLOPE) / 100.0  # type: ignore[arg-type]
    assert far["theil-sen"] < far["ols"] / 2.0


def test_theil_sen_holds_the_slope_among_contaminated_points() -> None:
    found = [regress(planted(seed, noise=contaminated), estimator="theil-sen") for seed in range(100)]
    assert sum(map(holds, found)) >= 90


def test_clusters_need_clustered_errors() -> None:
    seeds = range(100)
    naive = sum(holds(regress(clustered(seed))) for seed in seeds)
    right = sum(holds(regress(clustered(seed), errors="clustered")) for seed in seeds)
    assert naive < 80
    assert right >= 90


def test_the_bootstrapped_quantile_holds_the_planted_slope() -> None:
    seeds = range(100)
    found = [regress(planted(seed), estimator="quantile", q=0.75, draws=20, seed=seed) for seed in seeds]
    assert sum(map(holds, found)) >= 90


@pytest.mark.parametrize(("estimator", "errors"), [("ols", "classical"), ("ols", "hc3"), ("ols", "clustered"), ("theil-sen", "classical")])  # fmt: skip
def test_intervals_shrink_as_the_root_of_the_number_of_points(estimator: str, errors: str) -> None:
    few, many = (
        np.mean([width(regress(planted(seed, n), estimator=estimator, errors=errors)) for seed in range(10)])  # type: ignore[arg-type]
        for n in (50, 800)
    )
    assert few / many == pytest.approx(4.0, rel=0.15)


def test_the_quantile_shrinks_too() -> None:
    few, many = (
        np.mean(
            [width(regress(planted(seed, n), estimator="quantile", q=0.5, draws=40)) for seed in range(3)]
        )
        for n in (100, 900)
    )
    assert few / many == pytest.approx(3.0, rel=0.35)


def test_least_squares_has_the_numbers_of_another_library() -> None:
    sample = planted(1)
    other = stats.linregress(sample.log_burden, -np.log10(sample.error))
    found = fitted(regress(sample))
    assert [found.slope.value, found.slope.se, found.intercept.value] == pytest.approx(
        [other.slope, other.stderr, other.intercept]
    )
    assert found.r2 == pytest.approx(other.rvalue**2)


def test_the_same_seed_draws_the_same_interval_and_another_one_not() -> None:
    def draw(seed: int) -> Estimate | NoFit:
        return regress(planted(0), estimator="quantile", draws=20, seed=seed)

    assert draw(3) == draw(3)
    assert draw(3) != draw(4)


def test_the_year_is_a_term_of_its_own() -> None:
    sample = planted(2, n=80)
    better = sample.error * 10.0 ** (-0.02 * (sample.year - 2012.0))
    found = fitted(
        regress(Sample(sample.burden, better, sample.papers, sample.benchmarks, sample.year), year=True)
    )
    assert found.formula == "log10(1/error) ~ log10(burden) + (year - 2012)"
    assert [found.slope.value, found.terms[2].value] == pytest.approx([SLOPE, 0.02], abs=0.01)


def test_points_of_unknown_days_are_not_in_a_fit_with_years() -> None:
    assert regress(clustered(0), year=True) == NoFit(
        0, "0 points, of at least 8: a line would be decided by one of them"
    )


def test_the_frontier_are_points_that_none_beats_with_as_little() -> None:
    burden = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    error = np.array([0.5, 0.4, 0.3, 0.3, 0.1])
    sample = Sample(burden, error, tuple("abcde"), ("",) * 5, burden)
    assert list(on_frontier(sample)) == [0, 2, 4]


def test_a_short_frontier_is_no_line() -> None:
    found = regress(planted(0, n=10), estimator="frontier")
    assert isinstance(found, NoFit)
    assert "points are on the frontier, of at least 8" in found.reason


def test_a_long_frontier_is_a_line_with_an_interval() -> None:
    sample = planted(0, n=300, noise=lambda random, n: random.normal(0.0, 0.02, n))
    found = fitted(regress(sample, estimator="frontier", draws=50))
    assert found.n == 300
    assert found.errors.endswith("points on the frontier; bootstrap of 50 draws of papers")
    assert width(found) > 0.0


@pytest.mark.parametrize("estimator", ["ols", "theil-sen", "quantile", "frontier"])
def test_fewer_than_eight_points_are_no_line(estimator: str) -> None:
    found = regress(planted(0, n=7), estimator=estimator)  # type: ignore[arg-type]
    assert found == NoFit(7, "7 points, of at least 8: a line would be decided by one of them")


def test_few_papers_are_no_clusters() -> None:
    found = regress(clustered(0, papers=5), errors="clustered")
    assert found == NoFit(20, "5 papers to cluster by, of at least 8")


def test_too_many_points_for_theil_sen_say_so() -> None:
    assert isinstance(found := regress(planted(0, n=2001), estimator="theil-sen"), NoFit)
    assert "at most 2000" in found.reason


def test_rows_of_a_fit_are_tidy_and_name_the_convention() -> None:
    frame = fitted(regress(planted(0), errors="hc3", convention="chips")).as_frame()
    assert list(frame["term"]) == ["intercept", "log10(burden)"]
    assert set(frame["convention"]) == {"chips"}
    assert set(frame["errors"]) == {"HC3"}
    assert {"value", "low", "high", "se", "p", "n", "papers", "r2", "formula", "level"} <= set(frame.columns)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"estimator": "lasso"}, "'lasso' is no choice of estimator"),
        ({"errors": "hc9"}, "'hc9' is no choice of errors"),
        ({"form": "cubic"}, "'cubic' is no choice of form"),
        ({"level": 1.0}, "a level of 1 cannot be"),
        ({"q": 0.0}, "a quantile of 0 cannot be"),
        ({"draws": 0}, "0 draws cannot be"),
        ({"estimator": "theil-sen", "year": True}, "theil-sen has no year term"),
    ],
)
def test_what_is_no_choice_is_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        regress(planted(0), **arguments)  # type: ignore[arg-type]
