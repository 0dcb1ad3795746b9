"""What a reviewer types is read by the parsers that read papers, and refused with an example of what would do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.safe_text import safe
from annotation.scale import Scale, scale_of
from annotation.typed import parse_typed
from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.values import Name, Quantity


@pytest.mark.parametrize(
    ("path", "typed", "value", "unit"),
    [
        ("run.wall_time", "3.5 d", 302_400, "s"),
        ("run.wall_time", "12h", 43_200, "s"),
        ("run.device_time", "450 GPU days", 38_880_000, "device-s"),
        ("run.count", "8", 8, "devices"),
        ("run.count", "64 chips", 64, "chips"),
        ("model.parameters", "340M", 340e6, "parameters"),
        ("model.flops", "4.1e9", 4.1e9, "FLOP"),
        ("run.compute", "3.3e18 FLOPs", 3.3e18, "FLOP"),
        ("run.epochs", "90", 90, "epochs"),
        ("run.batch_size", "1,024", 1024, "examples"),
        ("run.training_set_size", "118k images", 118e3, "examples"),
        ("run.training_set_size", "1.4T tokens", 1.4e12, "tokens"),
        ("run.training_set_size", "960 hours", 3_456_000, "s"),
        ("run.device_batch_size", "4,096 tokens", 4096, "tokens"),
        ("run.step_time", "350 ms", 0.35, "s"),
        ("run.utilisation", "46.2%", 46.2, "percent"),
        ("run.energy", "239 MWh", 239e3, "kWh"),
        ("run.emissions", "25 tCO2eq", 25e3, "kg"),
        ("run.cost", "$4.6M", 4.6e6, "USD"),
        ("run.device_price", "$2 per chip-hour", 2, "USD/chip-h"),
        ("run.device_price", "$0.74/h", 0.74, "USD/device-h"),
        ("run.device_price", "2.5", 2.5, "USD/device-h"),
        ("result.score", "76.3", 76.3, "percent"),
        ("result.score", "76.3%", 76.3, "percent"),
        ("result.score", "0.7%", 0.7, "percent"),
        ("run.compute", "4×10^20", 4e20, "FLOP"),
        ("run.count", "3-4", 3.5, "devices"),
        ("model.parameters", "4.35M", 4_350_000, "parameters"),
    ],
)
def test_a_typed_quantity_is_read(path: str, typed: str, value: float, unit: str) -> None:
    found = parse_typed(FIELDS[path], typed)
    assert isinstance(found, Quantity)
    assert found.value == pytest.approx(value)
    assert (found.unit, found.printed) == (unit, typed)


@pytest.mark.parametrize(
    ("path", "typed", "id"),
    [
        ("run.accelerator", "v100", "NVIDIA Tesla V100"),
        ("run.phase", "search", "search"),
        ("run.number_format", "bfloat16", "bf16"),
        ("run.training_set", "pebbles-2m", "pebbles-2m"),
        ("result.benchmark", "imagenet-1k", "imagenet-1k"),
        ("model.name", "ZipNet-50", "ZipNet-50"),
        ("result.split", "ILSVRC-2012 val", "val"),
        ("result.split", "dev", "dev"),
        ("result.split", "newstest 2014", "newstest2014"),
        ("result.setting", "Ensemble", "ensemble"),
    ],
)
def test_a_typed_name_is_known(path: str, typed: str, id: str) -> None:
    assert parse_typed(FIELDS[path], typed) == Name(id, typed)


@pytest.mark.parametrize(
    ("path", "typed", "advice"),
    [
        ("run.wall_time", "banana", "3.5 days"),
        ("run.wall_time", "", "3.5 days"),
        ("run.count", "-3", "a number of devices"),
        ("run.count", "8 bananas", "a number of devices"),
        ("run.accelerator", "banana", "V100"),
        ("run.phase", "lunch", "pretraining"),
        ("run.number_format", "fp17", "mixed precision"),
        ("run.energy", "239 MW", "239 MWh"),
        ("run.emissions", "25 t", "25 tCO2eq"),
        ("run.cost", "much", r"\$1,500"),
        ("run.device_price", "$2 per week", "chip-hour"),
        ("result.benchmark", "lunch", "one of .*imagenet-1k"),
        ("result.split", "lunch", "one of callhome, dev, .*newstest2014.* test, .* val"),
        ("result.split", "validation", "one of callhome"),
        ("result.setting", "lunch", "is no result.setting. It is one of single, ensemble"),
        ("result.standing", "lunch", "best, other"),
        ("model.role", "lunch", "headline, own, baseline"),
        ("model.parameters", "3", "340M"),
        ("result.score", "99999", "76.3"),
        ("result.score", "0.763", r"Type 76.3, or 0.763%"),
        ("run.utilisation", "0.4", r"Type 40, or 0.4%"),
        ("run.count", "1.024", "no whole number of devices"),
        ("run.batch_size", "1.024", "1,024"),
        ("run.batch_size", "3,5", "1,024"),
        ("run.steps", "8.5", "no whole number"),
        ("model.parameters", "340.5", "no whole number"),
        ("run.compute", "1e" + "9" * 5000, "too long"),
        ("run.compute", "1e99999", "FLOPs"),
        ("model.name", "x" * 10_000, "too long"),
        ("result.metric", "lunch", "top1_accuracy"),
        ("model.name", "\u202e\x1b", "as the paper prints it"),
    ],
)
def test_what_the_field_does_not_admit_is_refused_with_advice(path: str, typed: str, advice: str) -> None:
    with pytest.raises(ParseError, match=advice):
        parse_typed(FIELDS[path], typed)


TOP1 = scale_of({"metric": Name("top1_accuracy", ""), "benchmark": Name("imagenet-1k", "")})
BLEU = scale_of({"metric": Name("bleu", "")})


@pytest.mark.parametrize(
    ("scale", "typed", "value", "unit"),
    [
        (TOP1, "76.3", 76.3, "percent"),
        (TOP1, "76.3 %", 76.3, "percent"),
        (TOP1, "12.5%", 12.5, "percent"),
        (BLEU, "28.4", 28.4, "points"),
        (BLEU, "9.1 points", 9.1, "points"),
        (None, "28.4", 28.4, "percent"),
    ],
)
def test_a_score_has_the_unit_of_its_metric(scale: Scale | None, typed: str, value: float, unit: str) -> None:
    found = parse_typed(FIELDS["result.score"], typed, scale)
    assert isinstance(found, Quantity)
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("scale", "typed", "advice"),
    [
        (TOP1, "7.63", r"top-1 accuracy on ImageNet.* is usually 20 to 93 percent.*type 7.63%"),
        (TOP1, "763%", "more than all"),
        (TOP1, "banana", "a percentage: top-1 accuracy"),
        (BLEU, "284", r"usually 10 to 47 points.*type 284 points"),
        (BLEU, "28.4%", "a number of points: BLEU"),
    ],
)
def test_what_a_metric_hardly_ever_has_is_asked_for_again(
    scale: Scale | None, typed: str, advice: str
) -> None:
    with pytest.raises(ParseError, match=advice):
        parse_typed(FIELDS["result.score"], typed, scale)


def test_names_of_metrics_and_benchmarks_are_known_too() -> None:
    assert parse_typed(FIELDS["result.metric"], "Top-1 accuracy") == Name("top1_accuracy", "Top-1 accuracy")


def test_what_cannot_be_shown_is_not_kept() -> None:
    assert parse_typed(FIELDS["model.name"], "Zip\x1b[2JNet\u202e") == Name("Zip [2JNet", "Zip [2JNet")


@given(
    st.sampled_from(sorted(FIELDS)),
    st.text() | st.from_regex(r"[\d.,eE×^%kM -]+"),
    st.sampled_from([None, TOP1, BLEU]),
)
def test_whatever_is_typed_is_a_value_of_the_field_or_is_refused(
    path: str, typed: str, scale: Scale | None
) -> None:
    try:
        found = parse_typed(FIELDS[path], typed, scale)
    except ParseError:
        return
    assert FIELDS[path].admits(found)
    assert isinstance(found, Quantity | Name)
    assert found.printed == safe(typed, None).strip()
