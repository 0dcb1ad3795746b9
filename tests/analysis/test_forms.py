import numpy as np
import pytest

from analysis.forms import FormComparison, compare_forms
from analysis.regressions import NoFit
from analysis.sample import Sample


def planted(seed: int, form: str, n: int = 30) -> Sample:
    random = np.random.default_rng(seed)
    logs = random.uniform(17.0, 25.0, n)
    if form == "polynomial":
        error = 10.0 ** -(-1.8 + 0.12 * logs) * 10.0 ** random.normal(0.0, 0.02, n)
    else:
        error = 1.0 / (-18.0 + 1.2 * logs + random.normal(0.0, 0.2, n))
    return Sample(10.0**logs, np.minimum(error, 1.0), tuple(map(str, range(n))), ("",) * n, logs * np.nan)


def compared(found: FormComparison | NoFit) -> FormComparison:
    assert isinstance(found, FormComparison), found
    return found


@pytest.mark.parametrize("form", ["polynomial", "exponential"])
def test_the_planted_form_is_preferred(form: str) -> None:
    found = [compared(compare_forms(planted(seed, form))).better for seed in range(15)]
    assert found.count(form) >= 14  # type: ignore[arg-type]


def test_the_comparison_is_a_sentence_and_rows() -> None:
    found = compared(compare_forms(planted(0, "polynomial"), convention="chips"))
    assert found.sentence.startswith("The polynomial form is much better: out of sample")
    rows = list(found.rows())
    assert [row["form"] for row in rows] == ["polynomial", "exponential"]
    assert {row["convention"] for row in rows} == {"chips"}


def test_information_is_of_the_density_of_errors() -> None:
    sample = planted(3, "polynomial", n=200)
    found = compared(compare_forms(sample))
    logs, response = sample.log_burden, -np.log10(sample.error)
    slope, intercept = np.polyfit(logs, response, 1)
    off = response - intercept - slope * logs
    scatter = np.sqrt(np.mean(off**2))
    density = (
        np.exp(-(off**2) / (2 * scatter**2)) / (scatter * np.sqrt(2 * np.pi)) / (sample.error * np.log(10))
    )
    assert found.scores[0].aic == pytest.approx(6.0 - 2.0 * np.log(density).sum())


def test_a_paper_with_many_points_is_left_out_whole() -> None:
    sample = planted(0, "polynomial", n=12)
    twice = Sample(
        np.tile(sample.burden, 2), np.tile(sample.error, 2), sample.papers * 2, sample.benchmarks * 2, np.tile(sample.year, 2)
    )  # fmt: skip
    once, both = compared(compare_forms(sample)), compared(compare_forms(twice))
    assert both.scores[0].left_out_rmse == pytest.approx(once.scores[0].left_out_rmse)


def test_points_that_carry_no_line_are_not_compared() -> None:
    assert isinstance(compare_forms(planted(0, "polynomial", n=5)), NoFit)
    sample = planted(0, "polynomial", n=10)
    one = Sample(sample.burden, sample.error, ("a", "b") * 5, sample.benchmarks, sample.year)
    assert compare_forms(one) == NoFit(10, "2 papers, of at least 3 to leave one out")
