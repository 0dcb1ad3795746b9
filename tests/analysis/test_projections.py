"""Projections of planted points and of a study."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.conventions import Options
from analysis.inverse import Reach
from analysis.load import load_release
from analysis.prices import stated
from analysis.projections import UNNAMED, project
from analysis.study import study
from analysis.tabulated import release_of_tables
from analysis.targets import GIVEN, HALF, PUBLISHED, Target
from extractors.facts.errors import UsageError
from extractors.facts.measures import AUTHORS, Convention

Rows = list[dict[str, Any]]


def planted(n: int = 30, benchmark: str = "imagenet-1k", *, slope: float = 0.06, noise: float = 0.02) -> Rows:
    rng = np.random.default_rng(1)
    x = rng.uniform(17.0, 23.0, n)
    y = 0.7 + slope * (x - 20.0) + rng.normal(0.0, noise, n)
    return [
        {"burden": 10.0**a, "error": 10.0**-b, "paper": f"p{at}", "benchmark": benchmark}
        for at, (a, b) in enumerate(zip(x, y, strict=True))
    ]


def test_every_target_is_projected_by_both_forms_and_every_estimator() -> None:
    frame = project(planted(), [Target("imagenet", 0.08)], draws=20).as_frame()
    assert len(frame) == 5 * 2 * 6
    assert set(frame["target_is"]) == {HALF, PUBLISHED, GIVEN}
    assert set(frame["form"]) == {"polynomial", "exponential"}
    assert set(frame["estimator"]) == {"ols", "theil-sen", "quantile", "frontier"}


def test_a_row_names_its_inputs_its_convention_and_how_far_it_is_from_the_points() -> None:
    target = 10.0 ** -(-0.5 + 0.06 * 27.0)
    row = next(row for row in project(planted(), [target], draws=20).rows() if row["target_is"] == GIVEN)
    costs = stated().under()
    assert row["log10_flop"] == pytest.approx(27.0, abs=1.5)
    for name, cost in (("usd", costs.usd), ("kwh", costs.kwh), ("kg_co2", costs.kg_co2)):
        for end in ("", "_low", "_high"):
            power = row[f"log10_flop{end}"]
            assert isinstance(power, float)
            assert row[f"log10_{name}{end}"] == pytest.approx(cost(power))
    assert row["extrapolation"] == "far outside the data"
    assert row["beyond"] == pytest.approx(4.0, abs=1.5)
    assert (row["inputs"], row["convention"]) == (costs.words, AUTHORS.name)
    assert isinstance(row["affordable_year_low"], float) and isinstance(row["affordable_year_high"], float)
    assert row["affordable_year_low"] < row["affordable_year"] < row["affordable_year_high"]  # type: ignore[operator]


def test_every_row_has_the_same_columns_but_those_without_a_projection() -> None:
    rows = list(project(planted(), draws=20).rows())
    assert {len(row) for row in rows if not row["no_projection"]} == {35}
    assert all({"no_projection", "inputs", "convention", "target"} <= set(row) for row in rows)


def test_what_has_no_line_is_a_row_with_the_reason() -> None:
    found = project([*planted(), *planted(5, "mpii")], draws=20)
    reasons = [row["no_projection"] for row in found.rows() if row["benchmark"] == "mpii"]
    assert reasons == ["5 points, of at least 8: a line would be decided by one of them"] * 2
    assert any(sentence.startswith("mpii, error") and "5 points" in sentence for sentence in found.sentences)


def test_a_line_that_falls_is_a_row_with_the_reason() -> None:
    rows = [row for row in project(planted(slope=-0.06), draws=20).rows() if row["estimator"] == "ols"]
    assert {row["no_projection"] for row in rows} == {
        "the line does not rise: by it, no burden makes errors smaller"
    }


def test_an_estimator_without_a_line_is_named_beside_its_reason() -> None:
    few = planted(9)
    few[0]["error"] = 0.9 * min(row["error"] for row in few)
    few[0]["burden"] = 1e16
    rows = [row for row in project(few, draws=20).rows() if row["estimator"] == "frontier"]
    assert rows and all("on the frontier, of at least 8" in str(row["no_projection"]) for row in rows)


def test_amounts_with_more_digits_than_a_float_are_projected_all_the_same() -> None:
    rows = list(project(planted(noise=0.1), [1e-4], draws=20).rows())
    powers = [row["log10_flop"] for row in rows if row["form"] == "exponential" and row["target"] == 1e-4]
    assert all(isinstance(power, float) and power > 308.0 for power in powers)


def test_points_without_a_benchmark_are_of_one() -> None:
    rows = [{key: cell for key, cell in row.items() if key != "benchmark"} for row in planted()]
    found = project(rows, [0.1], draws=20)
    assert {row["benchmark"] for row in found.rows()} == {UNNAMED}
    assert {row["target"] for row in found.rows() if row["target_is"] == GIVEN} == {0.1}


def test_the_same_seed_gives_the_same_rows() -> None:
    first, second = (list(project(planted(), draws=20, seed=3).rows()) for _ in range(2))
    assert first == second


def test_a_sentence_says_what_it_takes_how_far_that_is_and_what_it_is_like() -> None:
    sentence = project(planted(), draws=20).sentences[0]
    assert sentence.startswith("imagenet-1k, error 0.0")
    for words in ("(half the smallest error), polynomial form: 10^", " FLOP (10^", "far outside the data", "powers of ten beyond the points", "US dollars, about", "kWh, about", "kg of CO2, about", "1,000,000 US dollars or less from about 20", " on (20", "as they did from 2006 to 2021"):  # fmt: skip
        assert words in sentence


def test_a_sentence_of_what_is_affordable_already_says_so_and_one_of_never_gives_no_year() -> None:
    near, far = (project(planted(), [error], draws=20).headlines for error in (0.16, 1e-4))
    assert next(item.affordable for item in near if item.target.why == GIVEN).endswith("or less already.")
    assert "or less not before 2200 (" in next(item.affordable for item in far if item.target.why == GIVEN)


def test_a_sentence_of_a_budget_keeps_both_ends_of_the_interval_in_sight() -> None:
    vague = planted(8, noise=0.15, slope=0.02)
    found = [item for item in project(vague, [0.12], draws=20).headlines if isinstance(item.found, Reach)]
    open_ended = [item for item in found if isinstance(item.found, Reach) and item.found.high is None]
    assert open_ended
    assert all("if ever" in item.affordable or "interval never" in item.affordable for item in open_ended)


def test_targets_that_are_reached_say_by_how_many() -> None:
    row = next(row for row in project(planted(), [0.16], draws=20).rows() if row["target_is"] == GIVEN)
    assert row["reached"] == sum(item["error"] <= 0.16 for item in planted()) > 0
    assert any(
        f"{row['reached']} of 30 points are there" in words
        for words in project(planted(), [0.16], draws=20).sentences
    )


@pytest.mark.corpus
def test_the_points_of_2020_give_the_published_powers_of_ten(shared: Path) -> None:
    folder = shared / "reference" / "thompson2020"
    with (folder / "projections.csv").open(encoding="utf-8") as file:
        theirs = sorted(int(row["log10_gflop"]) for row in csv.DictReader(file))
    rows = project(study([release_of_tables(folder)], Options()), draws=20).rows()
    ours = sorted(
        math.floor(row["log10_flop"] - 9.0)  # type: ignore[operator]
        for row in rows
        if row["target_is"] == PUBLISHED and row["errors"] == "classical"
    )
    assert len(ours) == len(theirs) == 30
    assert sum(one == other for one, other in zip(ours, theirs, strict=True)) >= 29


def test_a_study_is_projected_by_its_own_convention_and_no_other(
    write_release: Callable[..., Path], tables: dict[str, list[dict[str, object]]]
) -> None:
    done = study([load_release(write_release(tables))], Options())
    found = project(done, draws=20)
    assert {row["benchmark"] for row in found.rows()} == {"imagenet-1k"}
    assert found.convention == done.convention
    with pytest.raises(UsageError, match="Give the convention of the study"):
        project(done, convention=Convention(rate="tensor"), draws=20)


@pytest.mark.parametrize(
    ("targets", "budget", "words"),
    [
        ([Target("mnist", 0.1)], 1e6, "no points of 'mnist'"),
        ([], 0.0, "buys nothing"),
        ([1.5], 1e6, "no target"),
    ],
)
def test_what_cannot_be_asked_is_refused(targets: list[Target | float], budget: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        project(planted(), targets, budget=budget, draws=20)
