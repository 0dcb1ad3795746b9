"""The format that training computes in is read; formats of weights, of single operations and of devices are not."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Paragraph
from extractors.facts.fields import FIELDS, NUMBER_FORMATS
from extractors.facts.ontology import units
from extractors.facts.values import Name
from extractors.language import sentences_of
from extractors.rules.number_formats import NUMBER_FORMAT, NumberFormat

Told = Callable[..., list[object]]


def read(paragraph: Paragraph) -> list[str]:
    values = [
        finding.value(NUMBER_FORMAT)
        for sentence in sentences_of(paragraph)
        for finding in NumberFormat().read(sentence)
    ]
    return [value.id for value in values if isinstance(value, Name)]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("We train all models with mixed precision.", "mixed"),
        ("Mixed-precision training halves the memory that our networks need.", "mixed"),
        ("Our models were trained in bfloat16.", "bf16"),
        ("All runs use BF16 precision.", "bf16"),
        ("We train using bf16 mixed precision throughout.", "bf16"),
        ("Training was performed in half precision.", "fp16"),
        ("We use FP16 training with dynamic loss scaling.", "fp16"),
        ("The nets are trained with mixed precision (fp16).", "fp16"),
        ("Pre-training uses float32 arithmetic.", "fp32"),
        ("We train in single precision.", "fp32"),
        ("All experiments use TF32 precision on our cluster.", "tf32"),
        ("We enable FP8 training for the linear layers.", "fp8"),
        ("Our networks are trained in INT8 arithmetic from the first step.", "int8"),
        (
            "Automatic mixed precision is used in all experiments, via mixed precision in the framework.",
            "mixed",
        ),
        ("Our net is trained with a batch size of 1024 and FP16.", "fp16"),
        ("Mixed precision was used for all of our runs.", "mixed"),
        ("We train in double precision, since the task is stiff.", "fp64"),
    ],
)
def test_the_format_of_a_training_is_read(
    text: str, format: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == [format]


@pytest.mark.parametrize(
    "text",
    [
        "The card has a peak of 312 TFLOPS in FP16.",
        "We keep master weights in fp32.",
        "The table gives the model size (fp16) before training.",
        "The softmax is computed in float32.",
        "Gradients are reduced in full precision.",
        "We were not able to reproduce the training in single precision.",
        "The optimizer states are stored in bf16.",
        "At inference the weights are quantized to int8.",
        "Our method is faster than fp32.",
        "We use bigger batches instead of float16.",
        "The accelerator supports bfloat16 training.",
        "Networks are commonly trained with 32-bit floating point.",
        "The audio is a 16-bit signal.",
        "Average precision rises by two points.",
        "Low-precision formats are left for future work with bf16.",
    ],
)
def test_other_formats_and_other_precision_are_none(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text)) == []


def test_of_several_formats_the_one_that_says_most_is_read_once(
    paragraph: Callable[..., Paragraph],
) -> None:
    text = "We train with mixed precision, using bf16 for the matrix products and float32 elsewhere."
    assert read(paragraph(text)) == ["bf16"]


def test_naming_a_format_is_not_using_it(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], told: Told
) -> None:
    assert told(NUMBER_FORMAT, "Mixed precision training needs care with small gradients.") == []
    assert told(NUMBER_FORMAT, "We train our model in bfloat16.") == ["bf16"]


def test_the_ontology_names_every_format_of_the_registry() -> None:
    assert tuple(units().number_formats) == NUMBER_FORMATS == FIELDS[NUMBER_FORMAT].allowed
