"""How much was trained on is read with its unit; batches, lengths and test sets are not."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.training_sets import TRAINING_SET
from extractors.rules.training_sizes import TRAINING_SET_SIZE, TrainingSetSize

HOUR = 3600.0


def sizes(paragraph: Paragraph) -> list[tuple[object, str]]:
    values = [
        finding.value(TRAINING_SET_SIZE)
        for sentence in sentences_of(paragraph)
        for finding in TrainingSetSize().read(sentence)
    ]
    return [(value.value, value.unit) for value in values if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "size", "unit"),
    [
        ("We train on 118k images.", 118e3, "examples"),
        ("The corpus has 1.28 million training images in 1000 classes.", 1.28e6, "examples"),
        ("It consists of 50k training images and 10k test images.", 50e3, "examples"),
        ("The training set contains 3,053 documents.", 3053, "examples"),
        ("We use the full training set of 36M sentence pairs.", 36e6, "examples"),
        ("This leaves 2.8M sentence pairs for training.", 2.8e6, "examples"),
        ("About 7.5 billion sentences are used for training.", 7.5e9, "examples"),
        ("The data has 20K training, 2K validation and 3K test images.", 20e3, "examples"),
        ("We train on the train set (2,975 images) and test elsewhere.", 2975, "examples"),
        ("The model was trained on 300 billion tokens.", 300e9, "tokens"),
        ("Our models are pre-trained on roughly 1.4T tokens of text.", 1.4e12, "tokens"),
        ("The training set is about 103 million tokens of prose.", 103e6, "tokens"),
        ("We pre-train on the Tales corpus (800M words) and more.", 800e6, "words"),
        ("We train on 960 hours of speech.", 960 * HOUR, "s"),
        ("The recogniser is trained on 10k hours of transcribed audio.", 10e3 * HOUR, "s"),
        ("We fine-tune on 15k labelled examples.", 15e3, "examples"),
        ("We use the 16,551 ‘trainval’ images for training.", 16_551, "examples"),
        ("We use the 80k images on the train set.", 80e3, "examples"),
        ("For the first stage of training, we use 9M parallel sentences.", 9e6, "examples"),
        ("Training ran for 40 epochs over the 3.3 billion word corpus.", 3.3e9, "words"),
    ],
)  # fmt: skip
def test_the_size_of_a_training_set_is_read(
    text: str, size: float, unit: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert sizes(paragraph(text)) == [(pytest.approx(size), unit)]


@pytest.mark.parametrize(
    "text",
    [
        "We train with a batch size of 256 images.",
        "We train with 256 images per batch.",
        "The net was trained on 512 tokens and tested on longer texts.",
        "We evaluate on 5k images that were not used in training.",
        "Training is evaluated every 1000 steps (or 4B tokens).",
        "The training data has 16 images per class.",
        "After 64M images the rate of training decays.",
        "We train on 8 images.",
        "There are 50k validation images beside the training set.",
        "Training takes 12 hours of computing.",
        "The test set of our training benchmark has 10,000 pairs.",
        "The corpus has 3 million photos.",
        "Training processes 3,000 images per second.",
    ],
)
def test_batches_lengths_and_other_sets_are_no_size(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert sizes(paragraph(text)) == []


def test_the_citation_of_a_data_set_is_not_that_of_a_training(told: Callable[..., list[object]]) -> None:
    assert told(TRAINING_SET_SIZE, "Pebbles has 14,200 training images [12].") == [14_200]
    assert told(TRAINING_SET_SIZE, "[12] was trained on 400 billion tokens.") == []


def test_two_sets_of_a_paragraph_are_two_runs(told: Callable[..., list[object]]) -> None:
    text = "MNIST has 60,000 training images. CIFAR-10 has 50,000 training images. We also train on MNIST."
    assert told(TRAINING_SET_SIZE, text) == [60_000, 50_000]
    assert told(TRAINING_SET, text) == ["mnist", "cifar-10"]
