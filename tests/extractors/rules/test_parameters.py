"""Each habit of writing the number of parameters, by a sentence of its own."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.parameters import LEAST, PARAMETERS, Parameters, parameters_of


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("The network has 60 million parameters.", [60e6]),
        ("Our larger variant (12 layers, Total Parameters=340M) is slower.", [340e6]),
        ("A 1.7B-parameter model needs two nodes.", [1.7e9]),
        ("It has 27.4M trainable parameters and 12 stages.", [27.4e6]),
        ("With 25,557,032 parameters it is of medium size.", [25_557_032]),
        ("The number of parameters is 5.3M.", [5.3e6]),
        ("We compare 110M parameters with 340M parameters.", [110e6, 340e6]),
        ("We train models with 125M, 350M and 1.3B parameters.", [125e6, 350e6, 1.3e9]),
        ("We release 1, 3 and 7 billion parameter models.", [1e9, 3e9, 7e9]),
        ("There are models from 7B to 70B parameters.", [7e9, 70e9]),
        ("The 17B/400B parameter variants share code.", [17e9, 400e9]),
        ("An image of 224 and 25M parameters are given.", [25e6]),
        ("It has 5M parameters, 8x fewer than OldNet.", [5e6]),
        ("We use a model size of 7B.", [7e9]),
        ("This follows from the small size (8B) of our model.", [8e9]),
        ("It has 12 layers, 16 heads and 110M parameters.", [110e6]),
        (
            "The trainable parameters of S, M and L are 0.24B, 0.37B and 0.99B, respectively.",
            [24e7, 37e7, 99e7],
        ),
        ("It takes 21 million multiply-adds and 0.9 million parameters.", [0.9e6]),
        ("Our 34-layer network has 22M parameters.", [22e6]),
        ("Sharing reduces the size from 9M parameters to 4M parameters.", [4e6]),
        ("The total number of parameters in ZipNet is about 7.2 million.", [7.2e6]),
        ("The number of parameters is 3.1, 5.4 and 9.8 million.", [3.1e6, 5.4e6, 9.8e6]),
        ("We pre-train a 1.5B model on 16 GPUs.", [1.5e9]),
        ("We train the 160M, 410M and 1.4B models on the same data.", [160e6, 410e6, 1.4e9]),
        ("Training the 3B model takes 4 days, and the 9B model requires 11 days.", [3e9, 9e9]),
        ("Both 70M variants were trained for a week.", [70e6]),
    ],
)
def test_a_number_of_parameters_is_read(
    text: str, counts: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == pytest.approx(counts)


@pytest.mark.parametrize(
    "text",
    [
        "The gates add 0.3M parameters.",
        "It has 12M fewer parameters than before.",
        "We tune three hyper-parameters.",
        "The dataset has a size of 3M.",
        "The size (3M) of the vocabulary is large.",
        "Servers can hold a 16 - 20B parameter model.",
        "The model has few parameters.",
        "A layer of 512 parameters is enough.",
        "A fully connected layer with 2,048 inputs and 16K outputs has over 30M parameters.",
        "The batch holds 32 examples.",
        "We train on 5M images with two models.",
        "The 7B model is well known.",
        "The classification head alone accounts for 38M parameters.",
        "The parameters of the optimizer are 0.9 and 0.999.",
    ],
)
def test_what_counts_a_part_or_a_difference_is_left_alone(
    text: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == []


@pytest.mark.parametrize(
    ("text", "attributive"),
    [
        ("We run the 8B-parameter model.", 1.0),
        ("It has 8B parameters.", 0.0),
        ("Its size is 8B parameters.", 0.0),
    ],
)
def test_a_count_may_only_tell_which_model_is_meant(
    text: str, attributive: float, paragraph: Callable[..., Paragraph]
) -> None:
    (sentence,) = sentences_of(paragraph(text))
    (finding,) = Parameters().read(sentence)
    assert finding.features["attributive"] == attributive


@given(st.floats(LEAST, 1e14))
def test_a_printed_count_is_read_back(count: float) -> None:
    found = parameters_of(f"{count:.0f}")
    assert found is not None
    assert found.value == pytest.approx(count, rel=1e-4)


def test_what_is_no_number_is_no_count() -> None:
    assert parameters_of("many") is None


def read(paragraph: Paragraph) -> list[float]:
    rule = Parameters()
    found = [item.value(PARAMETERS) for sentence in sentences_of(paragraph) for item in rule.read(sentence)]
    return [value.value for value in found if isinstance(value, Quantity)]
