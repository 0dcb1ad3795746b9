"""Each habit of writing the operations of a pass, by a sentence of its own."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.operations import Operations


@pytest.mark.parametrize(
    ("text", "path", "operations"),
    [
        ("The small net takes 4.1 GFLOPs.", "model.flops", 4.1e9),
        ("It needs 3.6 billion FLOPs for one image.", "model.flops", 3.6e9),
        ("One image costs 569M multiply-adds.", "model.multiply_adds", 569e6),
        ("The model runs at 300 MMACs.", "model.multiply_adds", 300e6),
        ("A forward pass is 2.2 TFLOPs.", "model.flops", 2.2e12),
        ("It needs 0.4 GFLOPs, less than any other.", "model.flops", 0.4e9),
        ("Its FLOPs are only 4.1 billion.", "model.flops", 4.1e9),
        ("It takes 0.6G multiply\u2013accumulate operations.", "model.multiply_adds", 0.6e9),
        ("It takes 300M Mul-Adds.", "model.multiply_adds", 300e6),
        ("The FLOPs of ZipNet-T is 1.1G.", "model.flops", 1.1e9),
        ("The multiply-adds for the small net are only 56M.", "model.multiply_adds", 56e6),
        ("It performs 0.55 billion fused multiply-adds (FMAs).", "model.multiply_adds", 0.55e9),
        ("A forward pass takes 7.4 billion operations.", "model.flops", 7.4e9),
        ("Pooling reduces the cost from 4.1 GFLOPs to 2.9 GFLOPs.", "model.flops", 2.9e9),
        ("Our 34-layer network has 3.6 billion FLOPs.", "model.flops", 3.6e9),
        ("We count 11.3 billion multiplications and additions.", "model.multiply_adds", 11.3e9),
    ],
)
def test_the_operations_of_a_pass_are_read(
    text: str, path: str, operations: float, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == {path: pytest.approx(operations)}


def test_a_list_of_operations_shares_its_unit(paragraph: Callable[..., Paragraph]) -> None:
    rule = Operations()
    (sentence,) = sentences_of(
        paragraph("The two nets take 15.3/19.6 billion FLOPs, the small ones 140 and 300 MFLOPs.")
    )
    values = [finding.facts[0].value for finding in rule.read(sentence)]
    assert [value.value for value in values if isinstance(value, Quantity)] == [15.3e9, 19.6e9, 140e6, 300e6]


@pytest.mark.parametrize(
    "text",
    [
        "Each device peaks at 125 TFLOPS.",
        "We reach 38 TFLOPs per second and device.",
        "The accelerator gives 14 TFLOPS in single precision.",
        "Training compute was 3 billion FLOPs.",
        "It needs 0.2 GFLOPs less than the baseline.",
        "The whole took 3e20 FLOPs.",
        "Pruning removes 1.2 GFLOPs from the network.",
        "The first convolution alone costs 118 MFLOPs.",
        "We search for networks of under 600M multiply-adds.",
        "The data set has 2 million operations in it.",
    ],
)
def test_rates_totals_and_differences_are_no_pass(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text)) == {}


def read(paragraph: Paragraph) -> dict[str, float]:
    rule = Operations()
    facts = [fact for s in sentences_of(paragraph) for finding in rule.read(s) for fact in finding.facts]
    return {fact.path: fact.value.value for fact in facts if isinstance(fact.value, Quantity)}
