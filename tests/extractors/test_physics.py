"""What a paper says of a run is compared with itself, and the outcome stands with the values that were compared."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.ontology import accelerator
from extractors.facts.records import Proposal
from extractors.facts.values import Name, Quantity, Value
from extractors.physics import FAILS, FITS, FITTING, checked, checks

PAPER = PaperId("2007.05558")
MODEL, RUN = EntityId(PAPER, "model", "net"), EntityId(PAPER, "run", "net.training")
WHERE = Evidence("0" * 64, 1, None, "Training", "words", "test.rule")
DAY = 86_400.0
V100 = accelerator("V100")
assert V100 is not None
FP32, TENSOR = V100.fp32_flop_per_second or 0.0, V100.tensor_flop_per_second or 0.0


def said(entity: EntityId, **values: Value) -> list[Proposal]:
    return [
        Proposal(CellKey(entity, field), value, WHERE, features={"points": 2.0}, reasons=("a doubt",))
        for field, value in values.items()
    ]


def number(value: float, unit: str) -> Quantity:
    return Quantity.exact(value, unit)


def run(**values: Value) -> list[Proposal]:
    return said(RUN, model=Name("net", "Net"), **values)


EIGHT_FOR_A_DAY: dict[str, Value] = {
    "accelerator": Name("NVIDIA Tesla V100", "V100"),
    "count": number(8, "devices"),
    "wall_time": number(DAY, "s"),
}
BURDEN = 8 * DAY


def outcome(proposals: list[Proposal]) -> list[tuple[bool, str]]:
    return [(check.fits, check.words) for check in checks(proposals)]


def test_a_utilisation_beyond_the_peak_is_doubted_in_words() -> None:
    found = outcome(run(**EIGHT_FOR_A_DAY, compute=number(1.4 * BURDEN * TENSOR, "FLOP")))
    assert found == [(False, "implied utilisation 140%")]


def test_words_have_no_exponents_that_nobody_would_write() -> None:
    (check,) = checks(run(**EIGHT_FOR_A_DAY, compute=number(45.2 * BURDEN * TENSOR, "FLOP")))
    assert check.words == "implied utilisation 4,520%"


def test_a_utilisation_that_can_be_bears_out_its_parts() -> None:
    marked = checked(run(**EIGHT_FOR_A_DAY, compute=number(0.3 * BURDEN * TENSOR, "FLOP")))
    by_field = {item.cell.field: item for item in marked}
    for field in ("accelerator", "count", "wall_time", "compute"):
        assert (by_field[field].features[FITS], by_field[field].features[FAILS]) == (1.0, 0.0)
        assert by_field[field].reasons == ("a doubt", FITTING + "implied utilisation 30%")
    assert FITS not in by_field["model"].features


def test_doubts_of_physics_come_before_others() -> None:
    marked = checked(run(**EIGHT_FOR_A_DAY, compute=number(1e25, "FLOP")))
    assert next(item for item in marked if item.cell.field == "count").reasons[1] == "a doubt"


def test_the_number_format_decides_which_peak_counts() -> None:
    done = {"compute": number(0.5 * BURDEN * TENSOR, "FLOP")}
    assert outcome(run(**EIGHT_FOR_A_DAY, **done)) == [(True, "implied utilisation 50%")]
    ((fits, words),) = outcome(run(**EIGHT_FOR_A_DAY, **done, number_format=Name("fp32", "fp32")))
    assert (fits, words) == (False, f"implied utilisation {50 * TENSOR / FP32:.3g}%")


def test_printed_processor_time_comes_before_time_and_count() -> None:
    time = {"device_time": number(BURDEN / 100, "device-s")}
    found = checks(run(**EIGHT_FOR_A_DAY, **time, compute=number(0.3 * BURDEN * TENSOR, "FLOP")))
    (check,) = found
    assert not check.fits
    assert "wall_time" not in {cell.field for cell in check.cells}


@pytest.mark.parametrize(
    "values",
    [
        {"compute": number(1e20, "FLOP")},
        EIGHT_FOR_A_DAY,
        {**EIGHT_FOR_A_DAY, "count": number(8, "nodes"), "compute": number(1e25, "FLOP")},
        {**EIGHT_FOR_A_DAY, "accelerator": Name("GPU", "GPU"), "compute": number(1e25, "FLOP")},
        {"steps": number(1e5, "steps"), "epochs": number(90, "epochs"), "batch_size": number(256, "examples")},
        {"steps": number(1e5, "steps"), "epochs": number(9, "epochs"), "training_set_size": number(1e6, "examples"),
         "batch_size": number(4096, "tokens")},
    ],
)  # fmt: skip
def test_nothing_is_said_where_one_side_is_missing(values: dict[str, Value]) -> None:
    proposals = run(**values)
    assert outcome(proposals) == []
    assert checked(proposals) == tuple(proposals)


def test_compute_is_compared_with_parameters_and_tokens() -> None:
    size = said(MODEL, parameters=number(1e9, "parameters"))
    tokens = {"training_set_size": number(20e9, "tokens")}
    assert outcome([*size, *run(**tokens, compute=number(1.3e20, "FLOP"))]) == [
        (True, "printed compute is 1.08 times 6 x parameters x tokens")
    ]
    assert outcome([*size, *run(**tokens, compute=number(1.2e21, "FLOP"))]) == [
        (False, "printed compute is 10 times 6 x parameters x tokens")
    ]


def test_tokens_are_those_of_all_updates_where_the_batch_counts_them() -> None:
    size = said(MODEL, parameters=number(1e9, "parameters"))
    shown = {
        "steps": number(1e5, "steps"),
        "batch_size": number(2e5, "tokens"),
        "training_set_size": number(1e9, "tokens"),
    }
    ((fits, _),) = outcome([*size, *run(**shown, compute=number(1.2e20, "FLOP"))])
    assert fits


def test_operations_that_nobody_printed_follow_from_what_was_shown() -> None:
    size = said(MODEL, flops=number(8e9, "FLOP"))
    shown = {"epochs": number(90, "epochs"), "training_set_size": number(1.28e6, "examples")}
    done = 8e9 * 3 * 90 * 1.28e6
    (check,) = checks([*size, *run(**EIGHT_FOR_A_DAY, **shown)])
    assert check.words == f"implied utilisation {100 * done / (BURDEN * TENSOR):.3g}%"
    assert {cell.field for cell in check.cells} == {
        "flops", "epochs", "training_set_size", "accelerator", "count", "wall_time"
    }  # fmt: skip


def test_a_run_without_a_model_is_of_the_only_own_one_and_of_none_of_several() -> None:
    baseline = said(
        EntityId(PAPER, "model", "old"), parameters=number(9e9, "parameters"), role=Name("baseline", "Old")
    )
    size = said(MODEL, parameters=number(1e9, "parameters"))
    shown = said(RUN, training_set_size=number(20e9, "tokens"), compute=number(1.2e20, "FLOP"))
    assert outcome([*baseline, *size, *shown]) == [
        (True, "printed compute is 1 times 6 x parameters x tokens")
    ]
    other = said(EntityId(PAPER, "model", "big"), parameters=number(5e9, "parameters"))
    assert outcome([*baseline, *size, *other, *shown]) == []


@given(
    epochs=st.floats(1, 1000), size=st.floats(1e3, 1e9), batch=st.floats(1, 1e4), wrong=st.floats(1.3, 1e3)
)
def test_steps_fit_their_epochs_and_no_other_number(
    epochs: float, size: float, batch: float, wrong: float
) -> None:
    def fits(steps: float) -> bool:
        shown = {"epochs": number(epochs, "epochs"), "training_set_size": number(size, "examples"),
                 "batch_size": number(batch, "examples"), "steps": number(steps, "steps")}  # fmt: skip
        ((answer, _),) = outcome(run(**shown))
        return answer

    right = epochs * size / batch
    assert fits(right)
    assert not fits(right * wrong)
    assert not fits(right / wrong)


@given(share=st.floats(1e-6, 1e3), count=st.integers(1, 10_000), seconds=st.floats(60, 1e7))
def test_a_utilisation_fits_if_and_only_if_some_peak_allows_it(
    share: float, count: int, seconds: float
) -> None:
    values = {**EIGHT_FOR_A_DAY, "count": number(count, "devices"), "wall_time": number(seconds, "s")}
    low, high = share, share * TENSOR / FP32
    if min(abs(math.log(low)), abs(math.log(high / 0.01))) < 1e-6:
        return
    ((fits, _),) = outcome(run(**values, compute=number(share * TENSOR * count * seconds, "FLOP")))
    assert fits == (low <= 1.0 and high >= 0.01)


@given(st.permutations(run(**EIGHT_FOR_A_DAY, compute=number(1e21, "FLOP"), energy=number(9, "kWh"))))
def test_values_evidence_and_order_are_never_changed(proposals: list[Proposal]) -> None:
    marked = checked(proposals)
    assert [(m.cell, m.value, m.evidence) for m in marked] == [
        (p.cell, p.value, p.evidence) for p in proposals
    ]
    assert [m for m in marked if m.cell.field == "energy"] == [
        p for p in proposals if p.cell.field == "energy"
    ]
