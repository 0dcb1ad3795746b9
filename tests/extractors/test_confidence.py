"""A confidence model is a value; a probability routes a proposal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.confidence import (
    ASIDE,
    Linear,
    Model,
    default_model,
    inputs,
    model_from_json,
    model_to_json,
    probability_of,
    score,
)
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Rival
from extractors.facts.values import Quantity
from extractors.promise import Promise

EVIDENCE = Evidence("0" * 64, 1, None, "Training", "We used 8 GPUs.", "training.count")
CELL = CellKey(EntityId(PaperId("2007.05558"), "run", "all"), "count")
weights = st.dictionaries(
    st.sampled_from(["near", "rivals", "field:count", "rule:training.count"]), st.floats(-9, 9)
)


def proposal(**features: float) -> Proposal:
    return Proposal(CELL, Quantity.exact(8, "devices"), EVIDENCE, features=features)


def model(intercept: float, weights: dict[str, float]) -> Model:
    return Model("test", {"training": Linear(intercept, weights)})


@given(st.floats(-1e6, 1e6), weights)
def test_a_score_is_a_probability(intercept: float, weights: dict[str, float]) -> None:
    assert 0 <= score(proposal(near=1.0), model(intercept, weights)) <= 1


def test_a_feature_moves_the_score_the_way_of_its_weight() -> None:
    weighed = model(0.0, {"near": 2.0})
    assert score(proposal(near=1.0), weighed) > score(proposal(near=0.0), weighed) == 0.5


def test_the_field_the_rule_and_the_number_of_rivals_are_weighed_too() -> None:
    rival = Rival(Quantity.exact(4, "devices"), EVIDENCE)
    found = inputs(Proposal(CELL, Quantity.exact(8, "devices"), EVIDENCE, (rival,)))
    assert found == {"field:count": 1.0, "rule:training.count": 1.0, "rivals": 1.0}


def test_a_family_the_model_does_not_know_is_a_coin_toss() -> None:
    assert score(proposal(), Model("empty", {})) == 0.5


@given(st.floats(-9, 9), weights)
def test_a_model_reads_back_what_it_wrote_and_keeps_its_hash(
    intercept: float, weights: dict[str, float]
) -> None:
    written = model(intercept, weights)
    again = model_from_json(model_to_json(written))
    assert (again, again.sha256) == (written, written.sha256)


def test_the_packaged_model_knows_every_family() -> None:
    assert set(default_model().families) == {"training", "costs", "scores", "asides"}


def test_a_model_that_knows_nothing_of_what_was_set_aside_rejects_it() -> None:
    sure = Model("test", {"training": Linear(9.0)})
    assert probability_of("run.count", {ASIDE: 1.0}, sure) < Promise().reject_below
    assert probability_of("run.count", {}, sure) > 0.99


def test_what_is_not_a_model_is_refused_with_its_place() -> None:
    with pytest.raises(UsageError, match=r"families\.training"):
        model_from_json('{"version": "1", "families": {"training": {"intercept": "high"}}}')
