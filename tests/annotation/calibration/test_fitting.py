"""A model learns what tells right from wrong, field by field, and proves it by papers it had not seen."""

from dataclasses import replace

import numpy as np
import pytest

from annotation.calibration.fitting import ALONE, RARE, fit, folds_of
from extractors.confidence import ASIDE, model_from_json, model_to_json, probability_of
from extractors.facts.errors import UsageError
from extractors.judgements import Judgement
from extractors.promise import Promise, threshold
from tests.annotation.calibration.conftest import judgements


def test_what_tells_is_weighed_and_what_does_not_hardly() -> None:
    model = fit(judgements(), "test")
    weights = model.fields["run.count"].weights
    assert weights["telling"] == pytest.approx(2.0, abs=0.6)
    assert abs(weights.get("noise", 0.0)) < 0.3


def test_probabilities_come_out_as_often_as_they_say() -> None:
    model, fresh = fit(judgements(80), "test"), judgements(200, seed=7)
    said = np.array([model.fields["run.count"].probability(row.inputs) for row in fresh])
    right = np.array([row.right for row in fresh])
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.0)):
        inside = (said >= low) & (said < high)
        assert said[inside].mean() == pytest.approx(right[inside].mean(), abs=0.08)


def test_the_same_judgements_give_the_same_model_whose_json_reads_back() -> None:
    model = fit(judgements(20), "test")
    assert fit(judgements(20), "test").sha256 == model.sha256
    assert model_from_json(model_to_json(model)) == model


def test_a_field_differs_from_its_family_where_its_judgements_say_so() -> None:
    count = judgements(60, path="run.count", signal=2.5)
    time = judgements(60, path="run.wall_time", signal=-2.5, seed=1)
    model = fit([*count, *time], "test")
    assert model.fields["run.count"].weights["telling"] > 0.5
    assert model.fields["run.wall_time"].weights["telling"] < -0.5


def test_a_field_that_nobody_judged_is_judged_by_its_family() -> None:
    model = fit(judgements(), "test")
    assert model.linear("run.steps") == model.families["training"]
    assert model.linear("result.score") is None


def test_a_field_with_enough_judgements_proves_itself_alone() -> None:
    each = 2 * int(ALONE) // 40
    few, many = judgements(30, each=1), judgements(40, each=each, path="run.wall_time", seed=1)
    model = fit([*few, *many], "test")
    assert set(model.pools) == {"training", "run.wall_time"}
    assert model.proofs("run.count") == model.pools["training"]


def test_a_feature_of_few_papers_is_no_habit_and_is_left_out() -> None:
    rows = judgements()
    strange = sorted({row.paper for row in rows})[: RARE - 1]
    marked = [
        replace(row, inputs={**row.inputs, "strange": 1.0}) if row.paper in strange else row for row in rows
    ]
    assert "strange" not in fit(marked, "test").fields["run.count"].weights


def test_the_order_of_judgements_does_not_matter() -> None:
    rows = judgements(20)
    assert fit(rows[::-1], "test").fields["run.count"].weights["telling"] == pytest.approx(
        fit(rows, "test").fields["run.count"].weights["telling"], abs=2e-3
    )


def test_sure_values_of_a_good_model_are_proven_and_those_of_a_bad_one_are_not() -> None:
    good, bad = fit(judgements(120, signal=5.0), "good"), fit(judgements(120, signal=0.0), "bad")
    assert threshold("run.count", good, Promise(0.9)) is not None
    assert threshold("run.count", bad, Promise(0.9)) is None


@pytest.mark.parametrize("papers", [0, 3])
def test_too_few_papers_are_refused_in_words(papers: int) -> None:
    with pytest.raises(UsageError, match="too few to fit"):
        fit(judgements(papers), "test")


def test_a_family_that_is_always_right_is_not_fitted_but_others_are() -> None:
    always = [replace(row, right=True) for row in judgements(20, path="model.parameters")]
    assert set(fit([*judgements(20), *always], "test").families) == {"training"}


def set_aside(*, right: float) -> list[Judgement]:
    """Judged values that rules set aside, of which this share is right."""
    rows = [replace(row, inputs={**row.inputs, ASIDE: 1.0}) for row in judgements(60, seed=5)]
    return [replace(row, right=index % 100 < 100 * right) for index, row in enumerate(rows)]


def test_what_rules_set_aside_is_judged_apart_and_changes_nothing_for_what_they_keep() -> None:
    kept = judgements(60)
    alone, both = fit(kept, "test"), fit([*kept, *set_aside(right=0.05)], "test")
    assert (both.fields, both.pools) == (alone.fields, alone.pools)
    assert both.linear("run.count", aside=True) == both.families["asides"]
    told = [probability_of("run.count", row.inputs, both) for row in set_aside(right=0.05)]
    assert np.mean(told) == pytest.approx(0.05, abs=0.03)


def test_nothing_that_was_set_aside_is_published_unseen_even_if_most_of_it_is_right() -> None:
    model = fit([*judgements(120, signal=5.0), *set_aside(right=1.0), *set_aside(right=0.9)], "test")
    least = threshold("run.count", model, Promise(0.9))
    assert least is not None
    assert all(probability_of("run.count", row.inputs, model) < least for row in set_aside(right=1.0))


def test_folds_part_papers_not_values_and_differ_by_one_at_most() -> None:
    papers = [str(paper) for paper in range(23)] * 2
    fold = folds_of(papers, 5)
    sizes = [list(fold.values()).count(index) for index in range(5)]
    assert sum(sizes) == 23 and max(sizes) - min(sizes) == 1
    assert folds_of(papers[::-1], 5) == fold
