"""Values that cannot be beside each other are told, and those of papers that are merely large are not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from db.dataset.gate.proportions import disproportions
from db.events import Corrected
from extractors.facts.ids import CellKey
from extractors.facts.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from extractors.facts.evidence import Evidence
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
RUN = "sparsenet.training"


def told(world: World, said: list[Said]) -> list[str]:
    world.read(PAPER, said)
    return [words for part in world.parts() for words in disproportions(part.cells)]


def model(name: str, parameters: float, multiply_adds: float) -> list[Said]:
    return [
        ("model", name, "parameters", Quantity.exact(parameters, "parameters")),
        ("model", name, "multiply_adds", Quantity.exact(multiply_adds, "multiply-add")),
    ]


def with_run(said: tuple[Said, ...], field: str, value: float, unit: str) -> list[Said]:
    kept = [one for one in said if (one[1], one[2]) != (RUN, field)]
    return [*kept, ("run", RUN, field, Quantity.exact(value, unit))]


def test_the_usual_paper_has_its_proportions(world: World, sparsenet: tuple[Said, ...]) -> None:
    assert told(world, list(sparsenet)) == []


@pytest.mark.parametrize(
    ("parameters", "multiply_adds"),
    [(25.6e9, 2e9), (25.6e6, 2e6), (25.6e6, 2e12)],
)
def test_operations_that_are_a_thousand_times_too_many_or_few_for_the_parameters_are_told(
    world: World, parameters: float, multiply_adds: float
) -> None:
    (words,) = told(world, model("net", parameters, multiply_adds))
    assert words.startswith(f"{PAPER}/model/net: ")


@pytest.mark.parametrize(("parameters", "multiply_adds"), [(1.6e12, 445e9), (209e6, 3045e9)])
def test_experts_and_large_pictures_are_not(world: World, parameters: float, multiply_adds: float) -> None:
    assert told(world, model("net", parameters, multiply_adds)) == []


def test_a_model_that_is_unlike_the_others_of_its_paper_is_told(world: World) -> None:
    said = [*model("a", 4e6, 2.5e9), *model("b", 7e6, 6e9), *model("c", 8e9, 11e9)]
    (words,) = told(world, said)
    assert words.startswith(f"{PAPER}/model/c: 2.75 FLOP")
    assert words.endswith("of its paper's other models none nearer than 1.25e+03")


def test_experts_beside_dense_models_are_not(world: World) -> None:
    said = [*model("dense", 11e9, 3.15e12), *model("some", 395e9, 3.15e12), *model("many", 1.57e12, 445e9)]
    assert told(world, said) == []


def test_of_two_models_nobody_knows_which_is_unlike_the_other(world: World) -> None:
    assert told(world, [*model("a", 4e6, 2.5e9), *model("b", 7e9, 6e9)]) == []


@pytest.mark.parametrize(
    ("field", "value", "unit"),
    [("count", 8000, "devices"), ("batch_size", 256_000, "examples")],
)
def test_a_batch_that_is_too_small_or_large_for_its_devices_is_told(
    world: World, sparsenet: tuple[Said, ...], field: str, value: float, unit: str
) -> None:
    (words,) = told(world, with_run(sparsenet, field, value, unit))
    assert words.startswith(f"{PAPER}/run/{RUN}#batch_size: ")


@pytest.mark.parametrize(
    ("field", "value", "unit"),
    [("count", 2048, "devices"), ("batch_size", 4096, "examples"), ("batch_size", 3.2e6, "tokens")],
)
def test_large_machines_large_batches_and_tokens_are_not(
    world: World, sparsenet: tuple[Said, ...], field: str, value: float, unit: str
) -> None:
    assert told(world, with_run(sparsenet, field, value, unit)) == []


def test_no_devices_share_nothing(world: World, sparsenet: tuple[Said, ...]) -> None:
    """A count that somebody made 0 in the database is for other checks to refuse; this one divided by it."""
    world.read(PAPER, sparsenet)
    key, none = CellKey.parse(f"{PAPER}/run/{RUN}#count"), Quantity.exact(0, "devices")
    part = next(part for part in world.parts() if key in part.cells)
    assert list(disproportions({**part.cells, key: replace(part.cells[key], value=none)})) == []


def test_a_batch_above_its_training_set_is_told(world: World, sparsenet: tuple[Said, ...]) -> None:
    (words,) = told(world, with_run(sparsenet, "training_set_size", 200, "examples"))
    assert words.endswith("256, more than the training set of 200")


def test_what_people_decided_all_of_is_not(
    world: World, sparsenet: tuple[Said, ...], evidence_of: Callable[..., Evidence]
) -> None:
    world.read(PAPER, with_run(sparsenet, "count", 8000, "devices"))
    for field, value, unit in (("count", 8000, "devices"), ("batch_size", 256, "examples")):
        key = CellKey.parse(f"{PAPER}/run/{RUN}#{field}")
        world.say(key, Corrected(Quantity.exact(value, unit), evidence_of(PAPER, "as printed")))
    assert [words for part in world.parts() for words in disproportions(part.cells)] == []
