"""A model that is worse than the present one is refused; both are asked on equal terms."""

from dataclasses import replace

import pytest

from annotation.calibration.calibrating import Calibration, calibrate
from annotation.calibration.comparing import Compared, compare
from annotation.calibration.fitting import FOLDS, fit
from annotation.calibration.trial import accepted, figures, groups, try_out
from extractors.confidence import Linear, Model
from extractors.promise import Promise
from tests.annotation.calibration.conftest import judgements


@pytest.fixture(scope="module")
def done() -> Calibration:
    """A calibration with a present model that guesses."""
    return calibrate(judgements(), Model("guess", {"training": Linear(0.0)}), Promise(), "new")


def test_a_better_model_may_be_installed(done: Calibration) -> None:
    assert done.refused == ()
    assert done.comparison.unseen
    assert done.comparison.whole.gain > 0.05


def test_a_model_carries_the_figures_of_its_trial(done: Calibration) -> None:
    assert done.model.report["training.judged"] == len(done.trial)
    assert done.model.report["run.count.skill"] == round(figures(done.trial).skill, 4)


def test_a_difference_that_chance_makes_is_no_objection(done: Calibration) -> None:
    by_chance = Compared(values=100, new=0.101, present=0.1, error=0.002)
    assert replace(done.comparison, whole=by_chance, families={}).objections == ()
    assert replace(done.comparison, whole=replace(by_chance, error=0.0005), families={}).objections


def test_a_worse_model_is_refused_with_its_figures() -> None:
    noise = [replace(row, inputs={"noise": row.inputs["noise"]}) for row in judgements()]
    new = fit(noise, "new")
    trial = try_out(noise, Promise())
    told = [replace(o, judgement=told) for o, told in zip(trial, _as_tried(trial), strict=True)]
    present = Model("present", {"training": Linear(1.5, {"telling": 2.0})})
    (first, *_) = compare(told, new, present).objections
    assert "Brier score over all values" in first


def _as_tried(trial: list) -> list:  # type: ignore[type-arg]
    whole = {(row.paper, row.inputs["noise"]): row for row in judgements()}
    return [whole[o.judgement.paper, o.judgement.inputs["noise"]] for o in trial]


def test_papers_that_both_were_fitted_to_decide_where_new_ones_are_too_few(done: Calibration) -> None:
    again = compare(done.trial, done.model, replace(done.model, version="present"))
    assert not again.unseen
    assert again.whole.gain == 0
    assert again.objections == ()


def test_a_family_that_is_clearly_worse_is_refused_though_all_together_are_better() -> None:
    rows = judgements(30)
    others = judgements(30, path="model.parameters", seed=3)
    present = Model("present", {"training": Linear(-4.0), "costs": Linear(1.5, {"telling": 2.0})})
    blind = [replace(row, inputs={"noise": row.inputs["noise"]}) for row in others]
    new, trial = fit([*rows, *blind], "new"), try_out([*rows, *blind], Promise())
    whole = {(row.paper, row.inputs["noise"]): row for row in others}
    told = [
        replace(o, judgement=whole[o.judgement.paper, o.judgement.inputs["noise"]])
        if o.judgement.path == "model.parameters"
        else o
        for o in trial
    ]
    found = compare(told, new, present)
    assert found.whole.gain > 0
    assert [words.split(":")[0] for words in found.objections] == ["it is clearly worse for costs"]


def test_a_trial_judges_every_value_once(done: Calibration) -> None:
    told = [(row.paper, row.inputs["noise"]) for row in judgements()]
    assert sorted(told) == sorted((o.judgement.paper, o.judgement.inputs["noise"]) for o in done.trial)
    assert 0.1 < figures(done.trial).skill < 0.6
    assert set(groups(done.trial)) == {"training", "run.count"}


def test_what_is_accepted_keeps_the_promise_on_papers_that_proved_nothing() -> None:
    trial = try_out(judgements(150, signal=4.0), Promise(0.9))
    kept = accepted(trial)
    assert kept.values > 100
    assert kept.bound <= kept.precision and kept.precision > 0.9
    assert 0 < kept.recall < 1


def test_where_nothing_is_accepted_nothing_is_claimed() -> None:
    kept = accepted(try_out(judgements(30, signal=0.0), Promise(0.99)))
    assert (kept.values, kept.precision, kept.recall) == (0, 0.0, 0.0)


def test_as_few_papers_as_can_be_fitted_to_can_be_tried_too() -> None:
    done = calibrate(judgements(FOLDS), Model("guess"), Promise(), "new")
    assert len(done.trial) == len(judgements(FOLDS))
