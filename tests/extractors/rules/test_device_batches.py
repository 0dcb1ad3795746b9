"""A device's share of a batch is read; the total follows from it only where the paper says how many devices."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.batches import BATCH_SIZE
from extractors.rules.device_batches import DEVICE_BATCH, DeviceBatchSize

Told = Callable[..., list[object]]


def read(paragraph: Paragraph) -> list[tuple[float, str]]:
    values = [
        finding.value(DEVICE_BATCH)
        for sentence in sentences_of(paragraph)
        for finding in DeviceBatchSize().read(sentence)
    ]
    return [(value.value, value.unit) for value in values if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "share", "unit"),
    [
        ("We train with 2 images per GPU.", 2, "examples"),
        ("A mini-batch has 16 samples per device.", 16, "examples"),
        ("The batch size is 32 per worker.", 32, "examples"),
        ("We use a per-GPU batch size of 8.", 8, "examples"),
        ("Training uses a micro-batch of 4,096 tokens per GPU.", 4096, "tokens"),
        ("Each GPU processes 4 sequences.", 4, "examples"),
        ("We set the batch size to 64 on each GPU.", 64, "examples"),
        ("Each device holds a batch of 12 examples.", 12, "examples"),
        ("A batch of 8 (i.e., 1 per GPU) is used.", 1, "examples"),
        ("There are 256 images per TPU core.", 256, "examples"),
        ("The local batch size is 128/GPU.", 128, "examples"),
        ("Every step sees 2k tokens per accelerator.", 2000, "tokens"),
        ("We take 24 video clips on each card.", 24, "examples"),
    ],
)
def test_a_devices_share_is_read(
    text: str, share: float, unit: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == [(share, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "The batch size is 256 on 8 GPUs.",
        "We train on 8 GPUs.",
        "Training processes 300 images per GPU per second.",
        "Each GPU has 32 GB of memory.",
        "At inference we use a batch size of 1 per GPU.",
        "There are 8 GPUs per node.",
        "Training takes 16 hours per GPU.",
        "Each GPU has 5,120 cores.",
        "The batch is split over 4 devices.",
        "The model has 7 billion weights per device.",
        "We measure 50 images/s per GPU.",
        "With 2 layers per device the memory suffices.",
    ],
)
def test_totals_speeds_and_memory_are_no_share(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text)) == []


def test_share_and_count_give_the_total(told: Told) -> None:
    text = "We train on 8 V100 GPUs with 4 images per GPU."
    assert told(DEVICE_BATCH, text) == [4]
    assert told(BATCH_SIZE, text) == [32]


@pytest.mark.parametrize(
    ("text", "totals"),
    [
        ("We train with 4 images per GPU.", []),
        ("We train on 8 V100 GPUs with 4 images per GPU, a batch size of 64 in all.", [64]),
        ("We train on 8 V100 GPUs with 4 images per GPU and accumulate gradients over 2 steps.", []),
        ("We train on 8 nodes of V100 GPUs with 4 images per GPU.", []),
    ],
)
def test_the_total_is_not_guessed(text: str, totals: list[float], told: Told) -> None:
    assert told(BATCH_SIZE, text) == totals


def test_a_share_needs_no_word_for_training_but_is_not_taken_from_others(told: Told) -> None:
    assert told(DEVICE_BATCH, "The batch size is 32 per worker.") == [32]
    assert told(DEVICE_BATCH, "[12] used 32 images per GPU.") == []
