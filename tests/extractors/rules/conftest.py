"""What a paper of one paragraph is told to have used, by all rules together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph
from extractors.facts.values import Name, Quantity
from extractors.rules.training import training_drafts

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
