"""The measures, by hand-made arithmetic and by the authors' own tables."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.measures import (
    AUTHORS,
    AUTHORS_CONVERSION,
    Convention,
    CountUnit,
    Exposure,
    Processor,
    Work,
    error,
    hardware_burden,
    network_operations,
    operations_per_pass,
    transformer_operations,
    work,
)

GPU = Processor("GPU", fp32=10e12, tensor=80e12)
TPU = Processor("TPU", fp32=3e12, tensor=45e12, chips_per_board=4, cores_per_chip=2)
PHASES = ("training", "pretraining", "finetuning")
HEADINGS = 3
numbers = st.floats(1e-3, 1e12)


def test_hardware_burden_is_time_times_devices_times_rate() -> None:
    assert hardware_burden([Work(10e12, wall_time=3600.0, count=8)]) == 10e12 * 3600 * 8


def test_hardware_burden_is_the_sum_over_phases_and_processors() -> None:
    parts = [
        Work(1e12, "pretraining", 10.0, 2),
        Work(2e12, "training", 5.0, 1),
        Work(1e9, "training", 5.0, 4),
    ]
    assert hardware_burden(parts) == 20e12 + 10e12 + 20e9


@pytest.mark.parametrize(
    "hole", [Work(None, wall_time=1.0, count=1), Work(1e12, wall_time=1.0), Work(1e12, count=1)]
)
def test_a_part_that_lacks_a_number_leaves_no_burden(hole: Work) -> None:
    assert hardware_burden([Work(1e12, wall_time=1.0, count=1), hole]) is None


def test_nothing_reported_is_no_burden_rather_than_zero() -> None:
    assert hardware_burden([]) is None
    assert hardware_burden([Work(1e12, "search", 1.0, 1)], Convention(search="exclude")) is None


def test_device_time_needs_no_count() -> None:
    assert hardware_burden([work(GPU, AUTHORS, device_time=86400.0)]) == 10e12 * 86400


@pytest.mark.parametrize(
    ("unit", "tpu", "chips"),
    [
        ("devices", "board", 4), ("devices", "chip", 1), ("chips", "board", 1), ("chips", "chip", 1),
        ("cores", "board", 0.5), ("cores", "chip", 0.5), ("boards", "chip", 4),
    ],
)  # fmt: skip
def test_a_tpu_is_rated_by_what_the_paper_counts(unit: CountUnit, tpu: str, chips: float) -> None:
    convention = Convention(tpu="chip" if tpu == "chip" else "board")
    assert TPU.counted_rate(unit, convention) == 45e12 * chips


def test_nodes_have_no_rate_because_nobody_printed_their_size() -> None:
    assert hardware_burden([work(GPU, AUTHORS, wall_time=1.0, count=2, count_unit="nodes")]) is None


def test_core_seconds_are_rated_by_the_core() -> None:
    made = work(TPU, AUTHORS, device_time=100.0, device_time_unit="core-s")
    assert hardware_burden([made]) == pytest.approx(45e12 / 2 * 100)


def test_device_time_in_an_unknown_unit_is_refused() -> None:
    with pytest.raises(DatasetError, match="no unit of device time"):
        work(GPU, AUTHORS, device_time=1.0, device_time_unit="fortnight")


def test_rates_follow_the_convention() -> None:
    assert GPU.rate(Convention()) == 10e12
    assert GPU.rate(Convention(rate="tensor")) == 80e12
    assert GPU.rate(Convention(rate="stated"), "bf16") == 80e12
    assert GPU.rate(Convention(rate="stated")) == 10e12
    assert TPU.rate(Convention()) == 45e12


def test_utilisation_scales_the_burden() -> None:
    assert hardware_burden([Work(1e12, wall_time=10.0, count=1)], Convention(utilisation=0.3)) == 3e12


def test_search_time_counts_unless_excluded() -> None:
    parts = [Work(1e12, "search", 10.0, 1), Work(1e12, "training", 1.0, 1)]
    assert hardware_burden(parts) == 11e12
    assert hardware_burden(parts, Convention(search="exclude")) == 1e12


@pytest.mark.parametrize("number", [-1.0, math.inf, math.nan])
def test_an_impossible_time_is_refused(number: float) -> None:
    with pytest.raises(DatasetError, match="wall time"):
        hardware_burden([Work(1e12, wall_time=number, count=1)])


def test_every_convention_has_a_name_of_its_own() -> None:
    made = [
        Convention(), Convention(rate="tensor"), Convention(tpu="chip"), Convention(utilisation=0.3),
        Convention(search="exclude"), Convention(method="6nd"),
    ]  # fmt: skip
    assert len({item.name for item in made}) == len(made)


def test_a_convention_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="utilisation"):
        Convention(utilisation=1.2)
    with pytest.raises(UsageError, match="Choose from fp32, tensor, stated"):
        Convention(rate="fp64")  # type: ignore[arg-type]


def test_network_operations_are_three_passes_an_example() -> None:
    assert network_operations(4e9, [Exposure(epochs=90, examples=1.28e6)]) == 4e9 * 3 * 90 * 1.28e6


def test_network_operations_take_updates_where_epochs_are_missing() -> None:
    assert network_operations(1e9, [Exposure(steps=1000, batch_size=256)]) == 1e9 * 3 * 256e3


def test_a_phase_without_numbers_leaves_no_network_operations() -> None:
    assert network_operations(1e9, [Exposure(epochs=1, examples=10), Exposure(epochs=3)]) is None
    assert network_operations(None, [Exposure(epochs=1, examples=10)]) is None
    assert network_operations(1e9, []) is None


def test_a_multiply_add_is_two_operations() -> None:
    assert operations_per_pass(None, 2e9) == 4e9
    assert operations_per_pass(3e9, 2e9) == 3e9
    assert operations_per_pass(None, None) is None


def test_transformers_take_six_operations_a_parameter_and_token() -> None:
    assert transformer_operations(1e9, 2e10) == 1.2e20
    assert transformer_operations(1e9, None) is None


def test_error_follows_the_metric() -> None:
    assert error(76.5, "complement") == pytest.approx(0.235)
    assert error(23.5, "value") == pytest.approx(0.235)
    assert error(3.2, "none") is None


def test_the_conversion_is_a_line_on_log_scales() -> None:
    assert math.log10(AUTHORS_CONVERSION.burden(1e18)) == pytest.approx(3.1337 + 0.8716 * 18)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=5), st.floats(0.01, 1.0))
def test_burden_adds_up_and_scales(parts: list[tuple[float, float, float]], share: float) -> None:
    works = [Work(rate, "training", time, count) for rate, time, count in parts]
    whole = hardware_burden(works, Convention(utilisation=share))
    assert whole is not None
    assert whole == pytest.approx(share * sum(hardware_burden([item]) or 0.0 for item in works))


def _rows(shared: Path) -> Iterator[dict[str, float | str | None]]:
    for path in sorted((shared / "reference" / "thompson2022").glob("*-on-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (dict(row) for row in list(csv.DictReader(file))[HEADINGS:])


def _number(row: dict[str, float | str | None], column: str) -> float | None:
    return float(text) if (text := row[column]) else None


def _works(row: dict[str, float | str | None]) -> list[Work]:
    made = []
    for phase in PHASES:
        time = _number(row, f"{phase}_time_total_sec")
        for kind in ("gpu", "tpu", "cpu"):
            count, rate = _number(row, f"{phase}_{kind}_amount"), _number(row, f"{phase}_{kind}_ptp_gflops")
            if time and count and rate:
                made.append(Work(rate * 1e9, "training", time, count))
    return made


@pytest.mark.corpus
def test_hardware_burden_recomputes_on_every_row_of_the_authors(shared: Path) -> None:
    deviations = [
        abs((hardware_burden(_works(row)) or 0.0) / theirs - 1.0)
        for row in _rows(shared)
        if (theirs := _number(row, "hardware_burden"))
    ]
    assert len(deviations) == 99
    assert max(deviations) < 0.0310


@pytest.mark.corpus
def test_network_operations_recompute_on_all_rows_of_the_authors_but_one(shared: Path) -> None:
    wrong = []
    checked = 0
    for row in _rows(shared):
        theirs = _number(row, "network_operations")
        per_pass = operations_per_pass(_number(row, "flops"), _number(row, "multiadds"))
        phases = [(_number(row, f"{phase}_epochs"), _number(row, f"{phase}_set_size")) for phase in PHASES]
        ours = network_operations(per_pass, [Exposure(*phase) for phase in phases if all(phase)])
        if theirs and ours:
            checked += 1
            wrong += [row["name"]] if abs(ours / theirs - 1.0) > 0.05 else []
    assert (checked, len(wrong)) == (83, 1)


@pytest.mark.parametrize(("score", "wrong"), [(71.4, 0.286), (96.43, 0.0357), (85.8, 0.142), (100.0, 0.0)])
def test_an_error_has_no_more_digits_than_its_score(score: float, wrong: float) -> None:
    assert error(score, "complement") == wrong
    assert error(100.0 - wrong * 100.0, "value") == round(1.0 - wrong, 12)
