from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Name, Quantity
from extractors.language import sentences_of
from extractors.rules.device_times import DEVICE_TIME, DeviceTime
from extractors.rules.durations import WALL_TIME, TrainingTime
from extractors.rules.findings import Rule

HOUR, DAY = 3600.0, 86_400.0


def read(rule: Rule, paragraph: Paragraph, path: str) -> list[float]:
    found = [finding.value(path) for sentence in sentences_of(paragraph) for finding in rule.read(sentence)]
    return [value.value for value in found if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("The search cost 450 GPU days.", [450 * DAY]),
        ("We spent 2,500 TPU core-hours.", [2500 * HOUR]),
        ("It took 24h for a total of 32 GPU/day.", [32 * DAY]),
        ("The search cost falls from 1,800 GPU days to 4 GPU days.", [4 * DAY]),
        ("Training took 96 GPUh.", [96 * HOUR]),
        ("Training requires 3,000 GPU·h.", [3000 * HOUR]),
        ("We spent 1.2M core-hours on the model.", [1.2e6 * HOUR]),
        ("Pre-training took 18 TPU-v3 core days.", [18 * DAY]),
        ("Training cost 6.4k A100 hours.", [6400 * HOUR]),
        ("Training used 300 A100-GPU-hours.", [300 * HOUR]),
        ("It was trained on a 300M image data set in 680 TPUv3-core-days.", [680 * DAY]),
        ("Training takes 41 GPU days (3 GPU years in total across all runs).", [41 * DAY]),
    ],
)
def test_processor_time_is_read_and_is_no_time_by_the_clock(
    text: str, seconds: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(DeviceTime(), paragraph(text), DEVICE_TIME) == seconds
    assert not set(read(TrainingTime(), paragraph(text), WALL_TIME)) & set(seconds)


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("Training cost 3,000 A100-hours.", "NVIDIA A100"),
        ("Training cost 3,000 A100 GPU hours.", "NVIDIA A100"),
        ("Training cost 80 RTX A6000 GPU-days.", "NVIDIA RTX A6000"),
        ("The search cost 450 GPU days.", "GPU"),
        ("Pre-training took 18 TPU-v3 core days.", "Google TPU v3"),
    ],
)
def test_processor_time_names_the_accelerator_or_its_kind(
    text: str, device: str, paragraph: Callable[..., Paragraph]
) -> None:
    (finding,) = DeviceTime().read(next(sentences_of(paragraph(text))))
    name = finding.value("run.accelerator")
    assert isinstance(name, Name) and name.id == device


def test_no_processor_time_is_none(paragraph: Callable[..., Paragraph]) -> None:
    assert read(DeviceTime(), paragraph("The search cost 0 GPU days."), DEVICE_TIME) == []


@pytest.mark.parametrize(
    "text",
    [
        "In total, all our experiments consumed 12,000 V100 GPU hours.",
        "The experiments reported here, including failed runs, amount to 800 GPU-days.",
    ],
)
def test_the_processor_time_of_all_experiments_is_no_runs(
    text: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(DeviceTime(), paragraph(text), DEVICE_TIME) == []


@pytest.mark.parametrize(
    "text", ["Compute costs $1.10 an A100-hour.", "We pay $2.50 GPU-hours for training."]
)
def test_an_hour_that_has_a_price_is_not_spent(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(DeviceTime(), paragraph(text), DEVICE_TIME) == []
