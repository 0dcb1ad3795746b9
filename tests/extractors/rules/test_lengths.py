from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.lengths import EPOCHS, STEPS, RunLength


def read(paragraph: Paragraph, path: str) -> list[float]:
    found = [
        finding.value(path) for sentence in sentences_of(paragraph) for finding in RunLength().read(sentence)
    ]
    return [value.value for value in found if isinstance(value, Quantity)]


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
        ("The learning rate follows a cosine decay over 800 epochs.", EPOCHS, 800),
        ("The maximum epoch number is set to 70.", EPOCHS, 70),
        ("The total training epochs are set as 45.", EPOCHS, 45),
        ("We pretrained 40 epochs on the large set.", EPOCHS, 40),
        ("The student was trained 25 epoches.", EPOCHS, 25),
        ("The number of training steps was 20k.", STEPS, 20_000),
        ("Epochs: 30, batch size 64.", EPOCHS, 30),
        ("We use early stopping and train for at most 40 epochs.", EPOCHS, 40),
        ("Training is stopped after 50 epochs.", EPOCHS, 50),
        ("It was trained for roughly 90 passes over the training set.", EPOCHS, 90),
        ("We ran 12 cycles through the whole training data.", EPOCHS, 12),
        ("We use a 300-epoch schedule with cosine decay.", EPOCHS, 300),
        ("Models are trained for 12 epochs (90k iterations).", EPOCHS, 12),
        ("Models are trained for 12 epochs (90k iterations).", STEPS, 90_000),
        ("We train for 100 epochs and warm up for 5 epochs.", EPOCHS, 100),
        ("We train for 100 epochs with decay at epochs 60 and 80.", EPOCHS, 100),
        ("We train for 90 epochs; the rate is divided by 10 at 30, 60 and 80 epochs.", EPOCHS, 90),
        ("It was trained for a single epoch.", EPOCHS, 1),
        ("Training is performed for two million updates.", STEPS, 2e6),
    ],
)
def test_the_length_of_a_run_is_read(
    text: str, path: str, value: float, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text), path) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "The rate is decayed every 30 epochs.",
        "After 60 epochs we divide it by ten.",
        "We use 5 epochs of linear warm-up.",
        "We use the first batches (here 5 epochs) to warm up.",
        "The rate falls at 4.5 epochs for the head and 6.5 epochs otherwise.",
        "We average the weights of its last 10 epochs.",
        "Fine-tuning for 2 or 3 epochs was tried.",
        "It converges for 20 epochs faster.",
        "The rate is dropped at 60 and 80 epochs.",
        "We lower the rate at epochs: 30, 60.",
        "The rate is divided by 10 at 200k, 400k, 500k iterations.",
        "We wait with a patience of 10 epochs.",
        "Training goes on unless the loss does not improve for 5 epochs.",
        "The stopping criterion is 3 epochs without change.",
        "The generator is frozen for 2 epochs.",
        "Ours is fewer compared to 50 epochs in theirs.",
        "We warm up over 4,000 steps of warmup.",
        "We warm up the learning rate over 4,000 steps.",
        "We apply early stopping after 10 epochs.",
        "Training stops when the validation loss has not decreased for 20 epochs.",
        "Training continues for 40k steps at a lower rate.",
        "We use 10 warm-up epochs.",
        "Each client trains for 3 local epochs.",
        "We train for 10 epochs in each iteration of the game.",
        "We train for 2 epochs per task.",
        "A linear classifier on its features is trained for 100 epochs.",
        "An epoch is a pass over 4 million frames.",
        "For epoch = 1 to K we draw batches.",
        "Number of epochs: 2, 3, 4.",
        "We train with the 3x schedule.",
    ],
)
def test_points_of_a_schedule_are_no_length(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text), EPOCHS) == []
    assert read(paragraph(text), STEPS) == []


@pytest.mark.parametrize(
    ("text", "path", "values"),
    [
        ("The two nets are trained for 100 and 300 epochs, respectively.", EPOCHS, [100, 300]),
        ("Models are trained for 300/600 epochs.", EPOCHS, [300, 600]),
        ("For the three sets we run 10k, 20k, and 40k iterations.", STEPS, [10_000, 20_000, 40_000]),
        ("We train ablations for 100 epochs and main models for 300.", EPOCHS, [100, 300]),
        ("We train for 200 epochs (the widest net for 1,800).", EPOCHS, [200, 1800]),
        ("The two stages last 15 and 45 epochs, respectively.", EPOCHS, [15, 45]),
        ("We train for 160, 80, and 20 epochs on the three sets.", EPOCHS, [160, 80, 20]),
        ("The teacher and the student need 70 epochs and 35 epochs, respectively.", EPOCHS, [70, 35]),
        ("The small and the large net are trained for 200k and 400k steps.", STEPS, [200_000, 400_000]),
        ("We train with a batch size of 64 and 30 epochs.", EPOCHS, [30]),
        ("The clip length is 16 and 30 epochs are run in total.", EPOCHS, [30]),
        ("The rate of 10 −4 and 40k iterations are used.", STEPS, [40_000]),
    ],
)
def test_several_lengths_of_a_sentence_are_read_each(
    text: str, path: str, values: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text), path) == values


def test_numbers_of_a_list_may_say_what_they_are_for(paragraph: Callable[..., Paragraph]) -> None:
    said = paragraph("Networks are trained for 240 (images) and 60 (video) epochs.")
    assert read(said, EPOCHS) == [240, 60]


@pytest.mark.parametrize("text", ["We train for 50+10 epochs.", "We train for 50 + 10 epochs."])
def test_a_sum_is_none_of_its_parts(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text), EPOCHS) == []
