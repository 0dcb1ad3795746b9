"""Pages without structure: the rules get through them, and still find what a page in front of them says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.costs import cost_drafts
from extractors.documents.model import Document, Paragraph
from extractors.facts.values import Quantity
from extractors.language import split_sentences, tokens_of
from extractors.rules.training import training_drafts
from extractors.scores import score_drafts
from extractors.tables.citations import cited_names

LENGTH = 30_000


@pytest.mark.parametrize(
    "piece",
    ["8 V100 GPUs ", "TPU v3-32 ", "8 nodes with 8 GPUs each ", "trained for 8 hours on 8 V100 ",
     "2 images per GPU ", "training set of 8k images ", "trained on 8 ", "emissions of 8 t CO2 ", "$8 per GPU-hour ", "mixed precision ", "8% MFU ",
     "8 MWh of energy ", "1e19 FLOPs ", "8 epochs ", "[12] ", "larger than we ", "A ", "Abc-", "A", ","],
)  # fmt: skip
def test_the_rules_get_through_pages_of_nonsense_and_find_what_stands_before_them(
    piece: str, paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    sense = paragraph("We train our network for 3 days on 8 P100 GPUs.")
    context = context_of(document(sense, paragraph(piece * (LENGTH // len(piece)))))
    first = training_drafts(context)[0]
    numbers = [c.value.value for c in first.candidates if isinstance(c.value, Quantity)]
    assert {8.0, 3 * 86_400.0} <= set(numbers)
    cost_drafts(context)
    score_drafts(context)


def test_what_is_too_long_for_a_sentence_is_cut_at_blanks() -> None:
    text = "word " * 1_000 + "end."
    pieces = [text[start:end] for start, end in split_sentences(text)]
    assert " ".join(pieces) == text
    assert all(len(piece) <= 2_000 for piece in pieces)


def test_a_run_of_marks_without_a_blank_is_one_token() -> None:
    assert [token.text for token in tokens_of("," * LENGTH)] == ["," * LENGTH]


def test_a_cited_name_is_found_behind_any_amount_of_capitals() -> None:
    assert cited_names(["A-" * LENGTH + ". OldNet v2 [12]"]) == {"oldnetv2"}
