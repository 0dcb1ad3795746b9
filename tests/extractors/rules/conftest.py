"""What a paper of one paragraph is told to have used, by all rules together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph
from extractors.facts.values import Name, Quantity
from extractors.language import sentences_of
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.findings import Rule
from extractors.rules.training import training_drafts

Devices = tuple[str | None, float | None, str | None]

SETTING = "We train every network with a learning rate of 0.1."


@pytest.fixture
def told(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> Callable[..., list[object]]:
    """The values of one field, numbers and ids, that a paragraph tells of the paper's own training."""

    def read(path: str, text: str, section: str = "") -> list[object]:
        paper = document(paragraph(SETTING), paragraph(text, section))
        values = [
            candidate.value
            for draft in training_drafts(context_of(paper))
            for candidate in draft.candidates
            if candidate.path == path
        ]
        return [
            value.value if isinstance(value, Quantity) else value.id
            for value in values
            if isinstance(value, Quantity | Name)
        ]

    return read


@pytest.fixture
def hardware(paragraph: Callable[..., Paragraph]) -> Callable[..., list[Devices]]:
    """Accelerator, count and unit of all that one rule of hardware reads in a text; None where no count is read."""

    def read(rule: Rule, text: str) -> list[Devices]:
        found: list[Devices] = []
        for sentence in sentences_of(paragraph(text)):
            for finding in rule.read(sentence):
                name, count = finding.value(ACCELERATOR), finding.value(COUNT)
                part = name.id if isinstance(name, Name) else None
                number = (count.value, count.unit) if isinstance(count, Quantity) else (None, None)
                found.append((part, *number))
        return found

    return read
