"""What is printed is read a second time, and a unit that slipped stands out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.dataset.gate.prints import FEWEST, Prints, is_as_printed
from db.events import Corrected
from extractors.facts.ids import CellKey
from extractors.facts.ontology import units
from extractors.facts.parsing import parse_duration
from extractors.facts.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from extractors.facts.evidence import Evidence
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
HOUR, DAY = 3600.0, 86_400.0


@pytest.mark.parametrize(
    ("field", "value", "printed"),
    [
        ("wall_time", 24 * HOUR, "24h"),
        ("wall_time", 4 * DAY, "3-5 days"),
        ("wall_time", 27 * HOUR, "1 day and 3 hours"),
        ("wall_time", 1.5 * HOUR, "1h30m"),
        ("wall_time", 12_015.0, "3:20:15 h"),
        ("wall_time", 2.5 * DAY, "two and a half days"),
        ("wall_time", HOUR, "an hour"),
        ("wall_time", 62.8 * HOUR, "62.8"),
        ("wall_time", 14 * HOUR, "70 minutes per epoch x 12 epochs"),
        ("epoch_time", 24.0, "100 epochs takes about 40 minutes"),
        ("device_time", 176 * DAY, "176 GPU/day"),
        ("device_time", 6700 * HOUR, "6.7k GPU hours"),
        ("device_time", 177_000 * HOUR, "177"),
        ("parameters", 25.6e6, "25.6M"),
        ("parameters", 25.6e6, "25,600,000"),
        ("parameters", 0.3e6, "0.3 million"),
        ("parameters", 31.9e6, "31.9"),
        ("parameters", 7.5e9, "7.5"),
        ("flops", 1.9e10, "1.90"),
        ("flops", 4.1e9, "4.1 GFLOPs"),
        ("flops", 3e10, "4.0e19 / 3.0e10"),
        ("multiply_adds", 5.35e8, "535M"),
        ("count", 8.0, "8"),
        ("count", 1.0, "a"),
        ("count", 1024.0, "256 nodes, each of 4 x MI250X GPUs"),
        ("count", 232.0, "64-400"),
        ("steps", 1.2e5, "120k"),
        ("steps", 5e4, "50"),
        ("batch_size", 65_536.0, "64k"),
        ("batch_size", 2048.0, "2,048"),
        ("epochs", 90.0, "90"),
        ("score", 76.3, "76.3"),
        ("score", 76.3, "0.763"),
        ("energy", 1.0, "three squirrels"),
        ("steps", 7.0, "as many as there are"),
    ],
)
def test_what_is_printed_is_right(field: str, value: float, printed: str) -> None:
    assert is_as_printed(field, Quantity.exact(value, "of the field", printed), "")


@pytest.mark.parametrize(
    ("field", "value", "printed"),
    [
        ("wall_time", 24 * DAY, "24h"),
        ("wall_time", 4 * HOUR, "3-5 days"),
        ("wall_time", 40.0, "40 days"),
        ("device_time", 6700 * DAY, "6.7k GPU hours"),
        ("parameters", 25.6e9, "25.6M"),
        ("parameters", 25.6, "25.6M"),
        ("multiply_adds", 5.35e11, "535M"),
        ("count", 8000.0, "8"),
        ("count", 48.0, "3 billion nodes with 16 K80 GPUs"),
        ("steps", 120.0, "120k"),
        ("batch_size", 256_000.0, "256"),
        ("epochs", 90_000.0, "90"),
        ("score", 0.763, "76.3"),
        ("score", 7630.0, "76.3"),
    ],
)
def test_a_unit_that_slipped_is_not(field: str, value: float, printed: str) -> None:
    assert not is_as_printed(field, Quantity.exact(value, "of the field", printed), "")


def test_devices_of_each_node_may_be_told_in_the_words_around() -> None:
    batch = Quantity.exact(64, "examples", "16 images per GPU")
    assert is_as_printed("batch_size", batch, "SGD on 4 GPUs with 16 images per GPU")
    assert not is_as_printed("batch_size", batch, "SGD with 16 images per GPU")


NAMES = sorted({name for unit in units().times for name in unit.names if len(name) > 1})


@given(st.integers(1, 999), st.sampled_from(NAMES), st.sampled_from([24.0, 60.0, 3600.0, 1e3]))
def test_a_time_in_any_unit_is_as_printed_and_no_other_unit_is(number: int, name: str, slip: float) -> None:
    value = parse_duration(f"{number} {name}")
    assert is_as_printed("wall_time", value, "")
    for factor in (slip, 1 / slip):
        wrong = replace(value, value=value.value * factor, low=value.low * factor, high=value.high * factor)
        assert not is_as_printed("wall_time", wrong, "")


@given(
    st.text(max_size=60), st.floats(0, 1e30), st.sampled_from(["wall_time", "parameters", "count", "score"])
)
def test_whatever_a_stranger_prints_is_judged(printed: str, value: float, field: str) -> None:
    assert is_as_printed(field, Quantity.exact(value, "of the field", printed), printed) in (True, False)


def test_a_print_without_end_is_judged_by_its_beginning() -> None:
    assert is_as_printed("wall_time", Quantity.exact(HOUR, "s", "1 h " * 100_000), "1 h " * 100_000)
    assert not is_as_printed("count", Quantity.exact(7.5, "devices", "1 " * 100_000), "2 " * 100_000)


def hours(number: int, value: float) -> Said:
    return ("run", f"net{number}.training", "wall_time", Quantity.exact(value, "s", f"{number + 2} hours"))


def outcomes(world: World) -> dict[str, str]:
    """What the checks that did not hold say."""
    prints = Prints()
    for part in world.parts():
        prints.add(part.cells)
    return {check.name: check.notes for check in prints.outcomes() if not check.success}


def test_one_is_told_by_name_and_refuses_nothing(world: World) -> None:
    world.read(PAPER, [hours(0, 2 * DAY), hours(1, 3 * HOUR)])
    assert outcomes(world) == {"printed": f"{PAPER}/run/net0.training#wall_time: 172800 s, printed '2 hours'"}


def test_many_refuse(world: World) -> None:
    world.read(PAPER, [hours(number, (number + 2) * DAY) for number in range(FEWEST)])
    assert set(outcomes(world)) == {"printed", "units"}


def test_what_a_person_typed_is_not_doubted(world: World, evidence_of: Callable[..., Evidence]) -> None:
    world.read(PAPER, [hours(0, 2 * DAY)])
    world.say(
        CellKey.parse(f"{PAPER}/run/net0.training#wall_time"),
        Corrected(
            Quantity.exact(2 * DAY, "s", "2 hours"),
            evidence_of(PAPER, "it took 2 hours, says the author 2 days"),
        ),
    )
    assert outcomes(world) == {}
