"""Each habit of printing the operations of a whole training, by a sentence of its own; those of one pass are none."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.compute import COMPUTE, TrainingCompute

DAY = 8.64e19
"""Operations of a petaflop/s-day."""


def read(paragraph: Paragraph) -> list[float]:
    return [
        fact.value.value
        for sentence in sentences_of(paragraph)
        for finding in TrainingCompute().read(sentence)
        for fact in finding.facts
        if fact.path == COMPUTE and isinstance(fact.value, Quantity)
    ]


@pytest.mark.parametrize(
    ("text", "flop"),
    [
        ("Training took 3.1e23 FLOPs.", 3.1e23),
        ("Training took 3.1 x 10^23 FLOPs in total.", 3.1e23),
        ("We spent 2.4 × 10^19 FLOP on training.", 2.4e19),
        ("The whole training needs about 6·10^20 floating point operations.", 6e20),
        ("It was trained with 2 petaflop/s-days of compute.", 2 * DAY),
        ("We pre-trained for 150 petaflop/s-days.", 150 * DAY),
        ("The run amounts to about 40 petaflop/s-days.", 40 * DAY),
        ("Pre-training consumed 3640 PF-days.", 3640 * DAY),
        ("Training used 1.5 PFLOP/s-days.", 1.5 * DAY),
        ("Training used 12 petaFLOPS-days.", 12 * DAY),
        ("The training run amounts to 22 zettaFLOPs.", 22e21),
        ("Training costs 430 ZFLOPs.", 430e21),
        ("The model was trained for 40 exaFLOPs.", 40e18),
        ("The total compute of the run is 10^21 FLOPs.", 1e21),
        ("A training budget of 5e18 FLOPs gives the small model.", 5e18),
        ("Training the large model takes 2.5e22 operations.", 2.5e22),
        ("Our fine-tuning adds 7.1e19 FLOPs.", 7.1e19),
        ("The compute budget was 1.2e21 floating-point operations.", 1.2e21),
        ("With 9.3 ⋅ 10^18 training FLOPs it is the cheapest.", 9.3e18),
        ("We estimate the training compute at 8.0e20 FLOPs.", 8e20),
        ("Total training FLOPs: 3.3e19.", 3.3e19),
        ("Training required roughly 1.1e20 FLOPs, and inference is cheap.", 1.1e20),
        ("The search cost 4.0e20 FLOPs.", 4e20),
    ],
)
def test_the_operations_of_a_training_are_read(
    text: str, flop: float, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == [pytest.approx(flop)]


@pytest.mark.parametrize(
    "text",
    [
        "The network takes 4.1 GFLOPs per image.",
        "A forward pass of the model that we train costs 3e15 FLOPs.",
        "Training runs at 120 teraFLOP/s per device.",
        "The machine reaches 1.2 exaFLOP/s during training.",
        "We train for 3e5 steps.",
        "Inference takes 2e16 FLOPs per token.",
    ],
)
def test_passes_rates_and_other_numbers_are_no_training_compute(
    text: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == []
