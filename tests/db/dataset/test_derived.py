"""What follows from a row's cells, under the authors' convention and under others beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extractors.facts.values import Name, Quantity

if TYPE_CHECKING:
    from db.dataset.schema import Row
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
DEVICES, SECONDS = 8, 345_600


def run_of(world: World, said: tuple[Said, ...], *more: Said) -> Row:
    replaced = {(kind, field) for kind, _, field, _ in more}
    world.read(PAPER, [*(one for one in said if (one[0], one[2]) not in replaced), *more])
    (row,) = world.whole().tables["training_runs"]
    return row


def of_run(field: str, value: Name | Quantity) -> Said:
    return ("run", "sparsenet.training", field, value)


def test_a_burden_is_counted_at_each_peak_rate(world: World, sparsenet: tuple[Said, ...]) -> None:
    run = run_of(world, sparsenet)
    time = DEVICES * SECONDS
    assert run["hardware_burden_flop"] == run["burden_stated_flop"] == pytest.approx(time * 15.7e12, rel=0.15)
    assert run["burden_tensor_flop"] == pytest.approx(time * 125e12, rel=0.15)
    assert run["burden_chip_flop"] == run["hardware_burden_flop"]
    assert "fp32 peak rates" in str(run["convention"])


def test_a_number_format_that_is_stated_has_its_own_rate(world: World, sparsenet: tuple[Said, ...]) -> None:
    run = run_of(world, sparsenet, of_run("number_format", Name("fp16", "half precision")))
    assert run["burden_stated_flop"] == run["burden_tensor_flop"]


def test_a_tpu_is_a_board_or_a_chip(world: World, sparsenet: tuple[Said, ...]) -> None:
    run = run_of(world, sparsenet, of_run("accelerator", Name("Google TPU v3", "TPUv3")))
    assert run["hardware_burden_flop"] == pytest.approx(DEVICES * SECONDS * 420e12, rel=0.2)
    assert run["hardware_burden_flop"] == pytest.approx(4 * run["burden_chip_flop"])  # type: ignore[operator]
    assert run["burden_tensor_flop"] == run["hardware_burden_flop"]


def test_without_a_processor_there_is_no_burden_of_any_kind(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    run = run_of(world, tuple(one for one in sparsenet if one[2] != "accelerator"))
    burdens = [run[name] for name in run if name.startswith("burden_") or name == "hardware_burden_flop"]
    assert burdens == [None] * 4
    assert run["convention"] is None


def test_operations_follow_from_the_pass_and_what_was_shown(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    run = run_of(world, sparsenet)
    assert run["network_operations_flop"] == pytest.approx(2 * 2e9 * 3 * 1000 * 256)
    assert run["operations_6nd_flop"] is None


def test_operations_of_transformers_follow_from_parameters_and_tokens(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    run = run_of(world, sparsenet, of_run("batch_size", Quantity.exact(4e6, "tokens")))
    assert run["network_operations_flop"] is None
    assert run["operations_6nd_flop"] == pytest.approx(6 * 25.6e6 * 1000 * 4e6)
