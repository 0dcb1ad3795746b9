from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import ParseError
from extractors.facts.parsing import (
    COMPUTE_IN,
    DEVICE_TIME_IN,
    DURATION_IN,
    NUMBER_IN,
    parse_compute,
    parse_count,
    parse_data,
    parse_device_time,
    parse_duration,
    parse_emissions,
    parse_energy,
    parse_money,
    parse_number,
    parse_number_format,
    parse_percentage,
    parse_span,
)

HOUR, DAY = 3600.0, 86_400.0


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("8", 8),
        ("10,000", 10_000),
        ("10, 000", 10_000),
        ("340M", 340e6),
        ("1.2B", 1.2e9),
        ("0.3 million", 300_000),
        ("100k", 100_000),
        ("2 trillion", 2e12),
        ("1.2·10^19", 1.2e19),
        ("3 × 10^18", 3e18),
        ("2.3e19", 2.3e19),
        ("10^20", 1e20),
        ("4×10^−4", 4e-4),
        ("twenty-four", 24),
        ("Eight", 8),
        ("two hundred", 200),
        ("one and a half", 1.5),
        ("4 and a half", 4.5),
        ("half", 0.5),
        ("a single", 1),
        ("a hundred", 100),
        ("two million", 2e6),
        ("one and a half billion", 1.5e9),
    ],
)
def test_a_number_is_read_as_printed(printed: str, value: float) -> None:
    assert parse_number(printed) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "eight GPUs", "3-4", "1.2.3", "V100", "10^", "many", "10^999999999", "9e400"]
)
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_number(text)


def test_nearly_a_billion_is_no_number() -> None:
    assert re.search(NUMBER_IN, "nearly a billion parameters") is None


@given(st.integers(min_value=0, max_value=10**15))
def test_thousands_separators_do_not_change_a_number(number: int) -> None:
    assert parse_number(f"{number:,}") == number == parse_number(str(number))


@given(st.floats(min_value=1e-3, max_value=1e25, allow_nan=False))
def test_a_power_of_ten_reads_back(number: float) -> None:
    mantissa, exponent = f"{number:.3e}".split("e")
    expected = pytest.approx(float(f"{mantissa}e{exponent}"))
    assert parse_number(f"{mantissa}·10^{int(exponent)}") == expected
    assert parse_number(f"{mantissa} × 10^{int(exponent)}") == expected


@given(
    st.integers(1, 999),
    st.sampled_from([("k", 1e3), ("M", 1e6), ("B", 1e9), (" million", 1e6), (" billion", 1e9)]),
)
def test_a_magnitude_multiplies(number: int, magnitude: tuple[str, float]) -> None:
    assert parse_number(f"{number}{magnitude[0]}") == pytest.approx(number * magnitude[1])


def test_a_range_has_two_ends_and_a_number_one() -> None:
    assert parse_span("3-4") == (3, 4)
    assert parse_span("five to six") == (5, 6)
    assert parse_span("8") == (8, 8)


def test_a_range_that_falls_is_refused() -> None:
    with pytest.raises(ParseError, match="end is below"):
        parse_span("9-3")


def test_a_count_keeps_its_unit_and_print() -> None:
    count = parse_count("64", "chips")
    assert (count.value, count.unit, count.printed) == (64, "chips", "64")


@pytest.mark.parametrize(
    ("printed", "seconds"),
    [
        ("3.5 days", 3.5 * DAY),
        ("12h", 12 * HOUR),
        ("12 hrs", 12 * HOUR),
        ("30 min", 1800),
        ("24-hour", 24 * HOUR),
        ("two weeks", 14 * DAY),
        ("a week", 7 * DAY),
        ("half a day", 12 * HOUR),
        ("one and a half days", 36 * HOUR),
        ("a day and a half", 36 * HOUR),
        ("1 day and 3 hours", 27 * HOUR),
        ("2 days, 3 hours", 51 * HOUR),
        ("3d 12h", 84 * HOUR),
        ("3 months", 90 * DAY),
        ("0.4 seconds", 0.4),
        ("three and a half weeks", 24.5 * DAY),
        ("3 and a half days", 84 * HOUR),
        ("2d 14h", 62 * HOUR),
        ("1h30m", 1.5 * HOUR),
        ("1 h 5m", 3900),
        ("3:20:15 h", 12_015),
    ],
)
def test_a_duration_is_read_in_seconds(printed: str, seconds: float) -> None:
    value = parse_duration(printed)
    assert value.value == value.low == value.high == pytest.approx(seconds)
    assert (value.unit, value.printed) == ("s", printed)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("3-4 days", 3 * DAY, 4 * DAY),
        ("3–4 days", 3 * DAY, 4 * DAY),
        ("five to six days", 5 * DAY, 6 * DAY),
        ("16 and 19 minutes", 960, 1140),
        ("2 or 3 weeks", 14 * DAY, 21 * DAY),
    ],
)
def test_a_range_has_its_midpoint_as_value(printed: str, low: float, high: float) -> None:
    value = parse_duration(printed)
    assert (value.low, value.value, value.high) == (low, (low + high) / 2, high)


@pytest.mark.parametrize("before", ["takes less than ", "in under ", "at most ", "trained in < "])
def test_an_upper_bound_has_its_bound_as_value(before: str) -> None:
    value = parse_duration("two days", before)
    assert (value.low, value.value, value.high) == (0, 2 * DAY, 2 * DAY)


@pytest.mark.parametrize("text", ["3 GPUs", "3D", "20k Seconds of", "days", "4 H"])
def test_text_that_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_duration(text)


_UNITS = {
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86_400,
    "weeks": 604_800,
    "h": 3600,
    "d": 86_400,
}


@given(st.integers(1, 500), st.sampled_from(sorted(_UNITS)), st.sampled_from([" ", "", "-"]))
def test_a_formatted_duration_reads_back(amount: int, unit: str, gap: str) -> None:
    printed = f"{amount}{gap}{unit}"
    assert parse_duration(printed).value == amount * _UNITS[unit]
    assert re.search(DURATION_IN, f"It took {printed} in all.") is not None


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["-", "–", " to ", " - "]))
def test_a_formatted_range_reads_back(low: int, more: int, mark: str) -> None:
    value = parse_duration(f"{low}{mark}{low + more} hours")
    assert (value.low, value.high) == (low * HOUR, (low + more) * HOUR)


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("450 GPU days", 450 * DAY, "device-s"),
        ("0.5 GPU-days", 0.5 * DAY, "device-s"),
        ("32 GPU/day", 32 * DAY, "device-s"),
        ("2,500 TPU core-hours", 2500 * HOUR, "core-s"),
        ("96 TPU chip-days", 96 * DAY, "chip-s"),
        ("5.5k V100 hours", 5500 * HOUR, "device-s"),
        ("700 A100-hours", 700 * HOUR, "device-s"),
        ("300 A100-GPU-hours", 300 * HOUR, "device-s"),
        ("500 TPU v3 hours", 500 * HOUR, "device-s"),
        ("3-4 GPU-days", 3.5 * DAY, "device-s"),
        ("96 GPUh", 96 * HOUR, "device-s"),
        ("3,000 GPU·h", 3000 * HOUR, "device-s"),
        ("1.2M core-hours", 1.2e6 * HOUR, "core-s"),
        ("18 TPU-v3 core days", 18 * DAY, "core-s"),
    ],
)
def test_processor_time_is_devices_times_time(printed: str, value: float, unit: str) -> None:
    read = parse_device_time(printed)
    assert read.value == pytest.approx(value)
    assert read.unit == unit
    assert re.search(DEVICE_TIME_IN, f"a cost of {printed} overall") is not None


@pytest.mark.parametrize(
    ("printed", "flop"),
    [
        ("3.3 × 10^18 FLOPs", 3.3e18),
        ("6.4e19 FLOPs", 6.4e19),
        ("10^21 FLOP", 1e21),
        ("1.5 zettaFLOPs", 1.5e21),
        ("20 exaFLOPs", 2e19),
        ("2 petaflop/s-days", 1.728e20),
        ("0.8 PF-days", 6.912e19),
        ("4 PFLOPs-days", 3.456e20),
        ("3.1·10^23 floating point operations", 3.1e23),
        ("5 TFLOPs", 5e12),
    ],
)
def test_total_operations_are_read_in_flop(printed: str, flop: float) -> None:
    assert parse_compute(printed).value == pytest.approx(flop)
    assert re.search(COMPUTE_IN, f"training used {printed} in total") is not None


def test_rates_are_not_amounts() -> None:
    with pytest.raises(ParseError):
        parse_compute("125 TFLOP/s")


def test_a_percentage_is_in_percent() -> None:
    assert parse_percentage("76.3%").value == 76.3
    assert parse_percentage("76.3 percent").unit == "percent"
    with pytest.raises(ParseError):
        parse_percentage("76.3")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (DURATION_IN, "it took 3 days² in all", "3 days"),
        (DURATION_IN, "it took 12h² in all", "12h"),
        (COMPUTE_IN, "at 3e18 FLOPs³", "3e18 FLOPs"),
        (DEVICE_TIME_IN, "for 450 GPU-days¹", "450 GPU-days"),
    ],
)
def test_the_mark_of_a_note_is_no_part_of_an_amount(pattern: str, text: str, found: str) -> None:
    match = re.search(pattern, text)
    assert match is not None and match[0] == found


@pytest.mark.parametrize(
    ("printed", "kwh"),
    [
        ("239 MWh", 239e3),
        ("1,200 kWh", 1_200),
        ("3.6 MJ", 1),
        ("36 GJ", 10_000),
        ("0.5-0.7 kWh", 0.6),
        ("12 kilowatt-hours", 12),
    ],
)
def test_energy_is_in_kilowatt_hours(printed: str, kwh: float) -> None:
    value = parse_energy(printed)
    assert value.value == pytest.approx(kwh)
    assert (value.unit, value.printed) == ("kWh", printed)


@given(st.integers(min_value=1, max_value=10**6), st.sampled_from(["kWh", "MWh", "GWh", "GJ"]))
def test_the_print_of_energy_and_its_blank_do_not_change_it(number: int, unit: str) -> None:
    assert parse_energy(f"{number} {unit}").value == parse_energy(f"{number:,}{unit}").value


@pytest.mark.parametrize(
    ("printed", "kg"),
    [
        ("25 tCO2eq", 25e3),
        ("539 tonnes of CO2e", 539e3),
        ("12.3 kg of carbon", 12.3),
        ("100 lbs of CO2", 45.359237),
        ("1.5 kgCO2e", 1.5),
        ("11.4 tons of CO_2 equivalent", 11.4e3),
        ("2.1 tons of carbon dioxide", 2.1e3),
        ("900 g CO₂", 0.9),
    ],
)
def test_carbon_dioxide_is_in_kilograms(printed: str, kg: float) -> None:
    value = parse_emissions(printed)
    assert value.value == pytest.approx(kg)
    assert value.unit == "kg"


@pytest.mark.parametrize(
    ("printed", "dollars"),
    [
        ("$4.6M", 4.6e6),
        ("1,500 USD", 1_500),
        ("4.6 million dollars", 4.6e6),
        ("US$ 2 million", 2e6),
        ("USD 300", 300),
        ("$40-50", 45),
    ],
)
def test_money_is_in_dollars(printed: str, dollars: float) -> None:
    value = parse_money(printed)
    assert value.value == pytest.approx(dollars)
    assert value.unit == "USD"


@pytest.mark.parametrize(
    ("printed", "amount", "unit"),
    [
        ("118k images", 118e3, "examples"),
        ("36M sentence pairs", 36e6, "examples"),
        ("1.4T tokens", 1.4e12, "tokens"),
        ("800M words", 8e8, "words"),
        ("960 hours", 3_456_000, "s"),
        ("3 million labelled photographs", 3e6, "examples"),
        ("2 million queries", 2e6, "examples"),
    ],
)
def test_training_data_is_counted_in_what_it_is(printed: str, amount: float, unit: str) -> None:
    value = parse_data(printed)
    assert value.value == pytest.approx(amount)
    assert value.unit == unit


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("FP16", "fp16"),
        ("fp-16", "fp16"),
        ("bfloat 16", "bf16"),
        ("Mixed-precision", "mixed"),
        ("single precision", "fp32"),
    ],
)
def test_a_number_format_is_known_by_each_of_its_names(printed: str, id: str) -> None:
    assert parse_number_format(printed) == id


@pytest.mark.parametrize(
    "parse", [parse_energy, parse_emissions, parse_money, parse_data, parse_number_format]
)
@pytest.mark.parametrize("text", ["", "12", "many", "12 apples", "5 W"])
def test_text_that_is_no_resource_is_refused(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(ParseError):
        parse(text)
