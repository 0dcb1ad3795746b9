"""What cannot be is found, and what merely is unusual is not taken for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from db.dataset.checks import Check
from db.dataset.gate.world import World as Checked
from db.events import Corrected
from extractors.facts.ids import CellKey
from extractors.facts.values import Name, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from extractors.facts.evidence import Evidence
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
RUN = f"{PAPER}/run/sparsenet.training"


def failed(world: World) -> dict[str, Check]:
    checked = Checked()
    for part in world.parts():
        checked.add(part)
    return {check.name: check for check in checked.outcomes() if not check.success}


def of_run(field: str, value: float, unit: str) -> Said:
    return ("run", "sparsenet.training", field, Quantity.exact(value, unit))


def test_the_usual_paper_is_possible(world: World) -> None:
    world.read(PAPER)
    assert not any(check.required for check in failed(world).values())


def test_more_than_the_devices_can_do_refuses(world: World, sparsenet: tuple[Said, ...]) -> None:
    world.read(PAPER, [*sparsenet, of_run("compute", 1e24, "FLOP")])
    assert failed(world)["physics"].required
    assert "implied utilisation" in failed(world)["physics"].notes


def test_somewhat_more_than_they_can_do_is_told(world: World, sparsenet: tuple[Said, ...]) -> None:
    """At 16-bit matrix rates the run has 3.5e20 FLOP."""
    world.read(PAPER, [*sparsenet, of_run("compute", 5e20, "FLOP")])
    assert set(failed(world)) == {"doubts"}


def test_what_people_decided_all_of_is_told_only(
    world: World, sparsenet: tuple[Said, ...], evidence_of: Callable[..., Evidence]
) -> None:
    world.read(PAPER, [*sparsenet, of_run("compute", 1e24, "FLOP")])
    for name, value in (
        ("compute", Quantity.exact(1e24, "FLOP")),
        ("count", Quantity.exact(8, "devices")),
        ("wall_time", Quantity.exact(345_600, "s")),
        ("accelerator", Name("NVIDIA Tesla V100", "V100")),
    ):
        world.say(CellKey.parse(f"{RUN}#{name}"), Corrected(value, evidence_of(PAPER, "as printed")))
    assert set(failed(world)) == {"doubts"}


@pytest.mark.parametrize("slip", [1000, 3600, 1 / 3600, 60, 24, 1 / 24])
def test_device_time_that_is_a_unit_off_its_product_is_a_slip(
    world: World, sparsenet: tuple[Said, ...], slip: float
) -> None:
    world.read(PAPER, [*sparsenet, of_run("device_time", 8 * 345_600 * slip, "device-s")])
    assert "count x wall_time is 2.7648e+06" in failed(world)["slips"].notes


@pytest.mark.parametrize("ratio", [1.0, 1.3, 8.0, 500.0])
def test_other_ratios_are_no_slip(world: World, sparsenet: tuple[Said, ...], ratio: float) -> None:
    world.read(PAPER, [*sparsenet, of_run("device_time", 8 * 345_600 * ratio, "device-s")])
    assert "slips" not in failed(world)


def with_second_model(said: tuple[Said, ...], parameters: float) -> list[Said]:
    return [*said, ("model", "other", "parameters", Quantity.exact(parameters, "parameters"))]


def test_a_thousand_times_another_of_the_paper_is_a_slip_only_where_it_is_unusual(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    world.read(PAPER, with_second_model(sparsenet, 25.6e9))
    assert "slips" not in failed(world)
    world.read("2403.00043", with_second_model(sparsenet, 25.6e12))
    assert {"slips", "unusual"} <= set(failed(world))
    assert failed(world)["slips"].notes == "2403.00043/model/other#parameters: 2.56e+13"


def test_an_accuracy_above_the_whole_refuses(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = [s if s[2] != "score" else (*s[:3], Quantity.exact(140, "percent")) for s in sparsenet]
    world.read(PAPER, said)
    assert failed(world)["shares"].notes == f"{PAPER}/result/sparsenet.top1: 140.0 top1_accuracy"
