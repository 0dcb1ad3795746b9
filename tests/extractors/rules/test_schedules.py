from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.compute import COMPUTE, TrainingCompute
from extractors.rules.findings import Rule
from extractors.rules.schedules import BATCH_SIZE, EPOCHS, STEPS, BatchSize, RunLength


def read(rule: Rule, paragraph: Paragraph, path: str) -> list[tuple[float, str]]:
    found = [finding.value(path) for sentence in sentences_of(paragraph) for finding in rule.read(sentence)]
    return [(value.value, value.unit) for value in found if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("We train for 90 epochs.", EPOCHS, 90),
        ("All nets are trained with 300 epochs in total.", EPOCHS, 300),
        ("The model is trained for 1M steps.", STEPS, 1e6),
        ("Training ran for 500,000 iterations.", STEPS, 500_000),
        ("We perform 40k gradient updates.", STEPS, 40_000),
        ("The training lasts 100 epochs.", EPOCHS, 100),
        ("We adopt a 36-epoch schedule.", EPOCHS, 36),
        ("Our 300 epochs training uses cosine decay.", EPOCHS, 300),
        ("The number of epochs is set to 50.", EPOCHS, 50),
        ("The number of training steps was 20k.", STEPS, 20_000),
        ("Epochs: 30, batch size 64.", EPOCHS, 30),
        ("We use early stopping and train for at most 40 epochs.", EPOCHS, 40),
        ("Training is stopped after 50 epochs.", EPOCHS, 50),
        ("It was trained for roughly 90 passes over the training set.", EPOCHS, 90),
        ("We ran 12 cycles through the whole training data.", EPOCHS, 12),
    ],
)
def test_the_length_of_a_run_is_read(
    text: str, path: str, value: float, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(RunLength(), paragraph(text), path) == [(value, path.removeprefix("run."))]


@pytest.mark.parametrize(
    ("text", "path", "values"),
    [
        ("The two stages last 15 and 45 epochs, respectively.", EPOCHS, [15, 45]),
        ("We train for 160, 80, and 20 epochs on the three sets.", EPOCHS, [160, 80, 20]),
        ("The teacher and the student need 70 epochs and 35 epochs, respectively.", EPOCHS, [70, 35]),
        ("The small and the large net are trained for 200k and 400k steps.", STEPS, [200_000, 400_000]),
        ("We train with a batch size of 64 and 30 epochs.", EPOCHS, [30]),
        ("The clip length is 16 and 30 epochs are run in total.", EPOCHS, [30]),
    ],
)
def test_numbers_of_a_list_share_its_unit(
    text: str, path: str, values: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert [value for value, _ in read(RunLength(), paragraph(text), path)] == values


@pytest.mark.parametrize(
    "text",
    [
        "The rate is decayed every 30 epochs.",
        "After 60 epochs we divide it by ten.",
        "We use 5 epochs of linear warm-up.",
        "We use the first batches (here 5 epochs) to warm up.",
        "It converges for 20 epochs faster.",
        "The rate is dropped at 60 and 80 epochs.",
        "The rate falls at 4.5 epochs for the head and 6.5 epochs otherwise.",
        "We average the weights of its last 10 epochs.",
        "We lower the rate at epochs: 30, 60.",
        "We wait with a patience of 10 epochs.",
        "Training goes on unless the loss does not improve for 5 epochs.",
        "The stopping criterion is 3 epochs without change.",
        "The generator is frozen for 2 epochs.",
        "Ours is fewer compared to 50 epochs in theirs.",
        "We warm up over 4,000 steps of warmup.",
    ],
)
def test_points_of_a_schedule_are_no_length(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(RunLength(), paragraph(text), EPOCHS) == []
    assert read(RunLength(), paragraph(text), STEPS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use a mini-batch size of 256.", [(256, "examples")]),
        ("The batch size is set to 1,024.", [(1024, "examples")]),
        ("We train in batches of 4,096 tokens.", [(4096, "tokens")]),
        ("There are 64 images per batch.", [(64, "examples")]),
        ("The batch size is 32 per GPU.", []),
    ],
)
def test_the_batch_size_is_read_but_not_a_devices_share(
    text: str, expected: list[tuple[float, str]], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(BatchSize(), paragraph(text), BATCH_SIZE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Training used 3.1e23 FLOPs.", [(3.1e23, "FLOP")]),
        ("We pre-trained with 2 petaflop/s-days of compute.", [(1.728e20, "FLOP")]),
        ("The network needs 4.1 GFLOPs.", []),
        ("The trained network needs 4.1 GFLOPs.", []),
        ("The trained model needs 3e15 FLOPs per image.", []),
    ],
)
def test_total_compute_is_told_apart_from_a_forward_pass(
    text: str, expected: list[tuple[float, str]], paragraph: Callable[..., Paragraph]
) -> None:
    found = read(TrainingCompute(), paragraph(text), COMPUTE)
    assert [value for value, _ in found] == pytest.approx([value for value, _ in expected])
    assert [unit for _, unit in found] == [unit for _, unit in expected]
