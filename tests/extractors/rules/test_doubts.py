"""Several devices or times in one sentence, and a time far from its hardware, are doubts that a person can read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph
from extractors.rules.training import training_drafts


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("We train our model on 8 V100 GPUs for 3 days.", set()),
        (
            "We train the small model on 4 V100 GPUs and the large model on 8 A100 GPUs.",
            {"two accelerators in this sentence"},
        ),
        ("We train on 8 V100 GPUs, one GPU for each task.", set()),
        (
            "On 8 V100 GPUs, training takes 2 days for the small model and 5 days for the large model.",
            {"two times in this sentence"},
        ),
        (
            "We train on 8 V100 GPUs with the optimizer and the learning rate of that section for 3 days.",
            {"time and hardware are eleven words apart"},
        ),
    ],
)
def test_what_is_hard_to_pair_is_said(
    text: str,
    doubts: set[str],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
) -> None:
    drafts = training_drafts(context_of(document(paragraph(text))))
    assert drafts
    assert {reason for draft in drafts for reason in draft.reasons} == doubts
