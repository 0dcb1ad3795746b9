from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.systems import systems
from extractors.facts.values import Name, Quantity
from extractors.language import sentences_of
from extractors.rules.counts import AcceleratorCount
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.systems import SystemCount

V100, A100 = "NVIDIA Tesla V100", "NVIDIA A100"
MakeParagraph = Callable[..., Paragraph]


def read(paragraph: Paragraph) -> list[tuple[str, float | None]]:
    found: list[tuple[str, float | None]] = []
    for sentence in sentences_of(paragraph):
        for finding in SystemCount().read(sentence):
            name, count = finding.value(ACCELERATOR), finding.value(COUNT)
            assert isinstance(name, Name)
            found.append((name.id, count.value if isinstance(count, Quantity) else None))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on two DGX-2 nodes.", (V100, 32)),
        ("All runs share an NVIDIA DGX-1.", ("GPU", 8)),
        ("It takes a day on a p3.16xlarge instance.", (V100, 8)),
        ("All fit on a single p3.16xlarge instance.", (V100, 8)),
        ("We rent 4 AWS p4d.24xlarge instances.", (A100, 32)),
        ("Training ran on a DGX A100 for a week.", (A100, 8)),
        ("Training ran on DGX-2 machines.", (V100, None)),
        ("Four Bow-2000 machines are enough.", ("Graphcore Bow IPU", 16)),
    ],
)
def test_a_machine_is_read_as_what_is_in_it(
    text: str, expected: tuple[str, float | None], paragraph: MakeParagraph
) -> None:
    assert read(paragraph(text)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "We train on a DGX-2 with 12 V100 GPUs.",
        "We train on 16 DGX A100 GPUs.",
        "Each DGX-1 has 8 GPUs.",
        "We used DGX for the plots.",
        "We keep 2 boxes.",
    ],
)
def test_a_sentence_that_names_its_accelerators_is_left_to_other_rules(
    text: str, paragraph: MakeParagraph
) -> None:
    assert read(paragraph(text)) == []


def test_the_part_in_a_machines_name_is_not_read_twice(paragraph: MakeParagraph) -> None:
    (sentence,) = sentences_of(paragraph("We train on two DGX A100 nodes."))
    assert list(AcceleratorCount().read(sentence)) == []


def test_every_name_of_a_machine_is_found(paragraph: MakeParagraph) -> None:
    wrong = [
        (system.id, name)
        for system in systems()
        for name in system.names
        if read(paragraph(f"We train on 2 {name} machines.")) != [(system.part.id, 2 * system.count)]
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on a DGX A100 with 8 GPUs.", A100),
        ("We train on a DGX-2 with 16 GPUs.", V100),
        ("We train on a DGX-1 with 8 GPUs.", "GPU"),
    ],
)
def test_gpus_beside_a_machine_are_those_in_it(text: str, expected: str, paragraph: MakeParagraph) -> None:
    (finding,) = AcceleratorCount().read(next(sentences_of(paragraph(text))))
    name = finding.value(ACCELERATOR)
    assert isinstance(name, Name) and name.id == expected
