"""Epochs, steps and batch sizes go along with the run of their paragraph that is in their phase, or stand alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.rules.training import training_drafts

Runs = Callable[[str], list[tuple[str, float | None, float | None]]]


@pytest.fixture
def runs(paragraph: Callable[..., Paragraph], document: Callable[..., Document]) -> Runs:
    """Phase, devices and epochs of each run that a paragraph tells of."""

    def read(text: str) -> list[tuple[str, float | None, float | None]]:
        paper = document(paragraph("We train every network with a learning rate of 0.1."), paragraph(text))
        return [_told(draft.candidates) for draft in training_drafts(context_of(paper))]

    return read


def _told(candidates: tuple[Candidate, ...]) -> tuple[str, float | None, float | None]:
    values = {candidate.path: candidate.value for candidate in reversed(candidates)}
    phase, *numbers = (values.get(f"run.{field}") for field in ("phase", "count", "epochs"))
    count, epochs = (number.value if isinstance(number, Quantity) else None for number in numbers)
    return phase.id if isinstance(phase, Name) else "", count, epochs


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "We train for 90 epochs on 8 V100 GPUs.",
            [("training", 8, 90)],
        ),
        (
            "We pre-train for 800 epochs and fine-tune for 100 epochs.",
            [("pretraining", None, 800), ("finetuning", None, 100)],
        ),
        (
            "Pre-training runs for 800 epochs on 8 V100 GPUs. Fine-tuning takes 50 epochs.",
            [("pretraining", 8, 800), ("finetuning", None, 50)],
        ),
        (
            "Fine-tuning takes 50 epochs. Pre-training runs for 800 epochs on 8 V100 GPUs.",
            [("pretraining", 8, 800), ("finetuning", None, 50)],
        ),
        (
            "We train for 90 epochs. On the small set we train for 30 epochs.",
            [("training", None, 90), ("training", None, 30)],
        ),
        (
            "The two nets are trained for 100 and 300 epochs on 8 V100 GPUs.",
            [("training", 8, 100), ("training", None, 300)],
        ),
        (
            "All small models are trained for 200 epochs on a single V100. Large models are trained for 90 epochs on 8 A100 GPUs.",
            [("training", 1, 200), ("training", 8, 90)],
        ),
    ],
)
def test_a_length_goes_to_the_run_of_its_phase(
    text: str, told: list[tuple[str, float | None, float | None]], runs: Runs
) -> None:
    assert runs(text) == told
