"""Shares of the peak rate are read; how full memory is, how busy a device and how right a model are something else."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.utilisation import UTILISATION, Utilisation


def read(paragraph: Paragraph) -> list[float]:
    values = [
        finding.value(UTILISATION)
        for sentence in sentences_of(paragraph)
        for finding in Utilisation().read(sentence)
    ]
    return [value.value for value in values if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("We reach an MFU of 46.2% in training.", [46.2]),
        ("Training sustains 52% of peak.", [52]),
        ("Our runs achieve 44% of the theoretical peak throughput.", [44]),
        ("Model FLOPs utilization is 57.8%.", [57.8]),
        ("Our training reaches 38% MFU on 512 devices.", [38]),
        ("We observe 41.5% model flops utilisation.", [41.5]),
        ("The run keeps 30 percent of its peak FLOP/s.", [30]),
        ("The hardware FLOPs utilization was around 60%.", [60]),
        ("It trains at 46.2% MFU and 57.8% HFU.", [46.2, 57.8]),
        ("It trains at 57.8% HFU (46.2% MFU).", [46.2, 57.8]),
        ("Training runs at 35-40% MFU.", [37.5]),
        ("FLOPS utilization: 48% over the whole run.", [48]),
        ("Training attains 49% of peak half-precision throughput.", [49]),
    ],
)
def test_shares_of_the_peak_are_read_the_models_first(
    text: str, shares: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == [pytest.approx(share) for share in shares]


@pytest.mark.parametrize(
    "text",
    [
        "GPU memory utilization is 95%.",
        "Writing checkpoints reaches 40% of peak write bandwidth.",
        "The model reaches 76.3% accuracy.",
        "We warm up over 5% of training to the peak learning rate.",
        "At inference we reach 40% MFU.",
        "Decoding runs at 5% of peak.",
        "It draws 80% of peak power.",
        "CPU utilization stays below 20%.",
        "The rate falls to 10% of its peak memory.",
        "MFU is a useful measure.",
        "A peak of 312 TFLOPS is 100 times more.",
        "90% of the peaks are found.",
    ],
)
def test_other_shares_are_none(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text)) == []


def test_a_share_of_the_peak_needs_no_word_for_training_but_is_not_taken_from_others(
    told: Callable[..., list[object]],
) -> None:
    assert told(UTILISATION, "We sustain a throughput of 52% of peak.") == [52]
    assert told(UTILISATION, "[12] reaches 52% of peak.") == []
