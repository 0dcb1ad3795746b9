"""A run's time follows from its pace and its length only where both are stated, and no time is."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.ids import PaperId
from extractors.facts.records import Candidate, Proposal
from extractors.facts.values import Name, Quantity, Value
from extractors.linking import link
from extractors.ownership import Ownership

V100: dict[str, Value] = {
    "run.accelerator": Name("NVIDIA Tesla V100", "V100"),
    "run.count": Quantity.exact(8, "devices"),
}


def pace(seconds: float, printed: str = "45 minutes", unit: str = "epoch") -> dict[str, Value]:
    return {f"run.{unit}_time": Quantity.exact(seconds, "s", printed)}


def count(value: float, unit: str = "epochs") -> dict[str, Value]:
    return {f"run.{unit}": Quantity.exact(value, unit)}


def phase(name: str) -> dict[str, Value]:
    return {"run.phase": Name(name, name)}


def draft(values: Mapping[str, Value], page: int = 1) -> Draft:
    evidence = Evidence("0" * 64, page, None, f"Section {page}", f"words on page {page}", "test.rule")
    return Draft("run", None, tuple(Candidate(path, value, evidence) for path, value in values.items()))


def times(*drafts: Draft) -> list[Proposal]:
    proposals = link(PaperId("2007.05558"), drafts, Ownership())
    return [item for item in proposals if item.cell.field == "wall_time"]


def test_pace_and_epochs_give_the_time_with_the_words_of_the_pace() -> None:
    (time,) = times(draft({**V100, **count(90)}), draft(pace(2700), 4))
    assert time.value == Quantity.exact(243000, "s", "45 minutes per epoch x 90 epochs")
    assert time.evidence.quote == "words on page 4"
    assert time.features["computed"] == 1.0
    assert time.reasons == ("computed from 45 minutes per epoch and 90 epochs",)


def test_pace_and_steps_give_the_time_and_a_range_stays_one() -> None:
    span: dict[str, Value] = {"run.step_time": Quantity(0.5, 0.4, 0.6, "s", "0.4-0.6 s")}
    (time,) = times(draft({**V100, **count(1000, "steps"), **span}))
    assert time.value == Quantity(500, 400, 600, "s", "0.4-0.6 s per step x 1000 steps")


def test_a_pace_that_was_told_of_many_steps_is_quoted_as_it_was_told() -> None:
    stated = draft({**V100, **count(200_000, "steps"), **pace(0.3, "5 minutes per 1k iterations", "step")})
    of_many = [replace(c, features={"of_many": 1.0}) for c in stated.candidates]
    (time,) = times(replace(stated, candidates=tuple(of_many)))
    assert time.value == Quantity.exact(60_000, "s", "5 minutes per 1k iterations x 200000 steps")


def test_a_time_that_follows_takes_the_only_hardware_of_the_paper() -> None:
    drafts = [draft(V100), draft({**count(90), **pace(2700)}, 5)]
    proposals = link(PaperId("2007.05558"), drafts, Ownership())
    entities = {item.cell.entity for item in proposals if item.cell.field in ("wall_time", "count")}
    assert len(entities) == 1


@pytest.mark.parametrize(
    "drafts",
    [
        [draft({**V100, **pace(2700)})],
        [draft({**V100, **count(90)})],
        [draft({**V100, **pace(2700), **count(5000, "steps")})],
        [draft({**V100, **pace(0.4, "0.4 s", "step"), **count(90)})],
        [draft({**V100, **count(90), **phase("pretraining")}), draft({**pace(60), **phase("finetuning")}, 4)],
        [draft({**V100, **count(90)}), draft({**V100, **count(300)}, 2), draft(pace(2700), 4)],
    ],
    ids=["no count", "no pace", "steps, not epochs", "epochs, not steps", "another phase", "two lengths"],
)
def test_nothing_is_computed_from_one_side_or_from_several(drafts: list[Draft]) -> None:
    assert times(*drafts) == []


def test_a_stated_time_stands_alone() -> None:
    stated: dict[str, Value] = {"run.wall_time": Quantity.exact(260000, "s", "three days")}
    (time,) = times(draft({**V100, **stated, **count(90), **pace(2700)}))
    assert time.value == stated["run.wall_time"]
    assert time.rivals == ()


def test_nothing_is_computed_from_one_of_several_paces_told_together() -> None:
    (told,) = draft(pace(2700)).candidates
    one = Draft("run", None, (replace(told, features={"several_paces": 1.0}),))
    assert times(draft({**V100, **count(90)}), one) == []
