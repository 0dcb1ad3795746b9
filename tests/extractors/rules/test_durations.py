from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Name, Quantity
from extractors.language import sentences_of
from extractors.rules.durations import DEVICE_TIME, WALL_TIME, DeviceTime, TrainingTime
from extractors.rules.findings import Rule

HOUR, DAY = 3600.0, 86_400.0


def read(rule: Rule, paragraph: Paragraph, path: str) -> list[float]:
    found = [finding.value(path) for sentence in sentences_of(paragraph) for finding in rule.read(sentence)]
    return [value.value for value in found if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Training took 3.5 days on 8 GPUs.", [3.5 * DAY]),
        ("The run finished in two weeks.", [14 * DAY]),
        ("Training time: 14h.", [14 * HOUR]),
        ("We trained for 3-4 days.", [3.5 * DAY]),
        ("It converges within 90 minutes.", [1.5 * HOUR]),
        ("The small net needs 12 hours and the large one 2 days.", [12 * HOUR, 2 * DAY]),
        ("A batch takes 0.9s per mini-batch and 10 days in total.", [10 * DAY]),
        ("Training ran for 100k steps or 12 hours.", [12 * HOUR]),
        ("The model converges after 1.5 days.", [1.5 * DAY]),
        ("Training time falls from 84 hours to 9.5.", [9.5 * HOUR]),
    ],
)
def test_a_time_by_the_clock_is_read(
    text: str, seconds: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(TrainingTime(), paragraph(text), WALL_TIME) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "Each step takes 0.4 seconds.",
        "Training takes 20 minutes per epoch.",
        "One epoch takes 2 hours.",
        "Decoding needs 90 seconds / image.",
        "We train on 960 hours of transcribed speech.",
        "The clean 100-hour subset is used for training.",
        "In the last 12 months training became cheaper.",
        "Checkpoints are saved every 2 hours.",
        "In recent years, 5 years of training data appeared.",
    ],
)
def test_times_of_steps_amounts_of_data_and_dates_are_no_run(
    text: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(TrainingTime(), paragraph(text), WALL_TIME) == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("The search cost 450 GPU days.", [450 * DAY]),
        ("We spent 2,500 TPU core-hours.", [2500 * HOUR]),
        ("It took 24h for a total of 32 GPU/day.", [32 * DAY]),
    ],
)
def test_processor_time_is_read_and_is_no_time_by_the_clock(
    text: str, seconds: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(DeviceTime(), paragraph(text), DEVICE_TIME) == seconds
    assert not set(read(TrainingTime(), paragraph(text), WALL_TIME)) & set(seconds)


def test_processor_time_can_name_the_accelerator(paragraph: Callable[..., Paragraph]) -> None:
    (finding,) = DeviceTime().read(next(sentences_of(paragraph("Training cost 3,000 A100-hours."))))
    name = finding.value("run.accelerator")
    assert isinstance(name, Name) and name.id == "NVIDIA A100"
