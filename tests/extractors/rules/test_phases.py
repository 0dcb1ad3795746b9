"""Which phase of training the words at a fact speak of, by its sentence, those before it, and its section."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.language import sentences_of
from extractors.rules.phases import phase_in, phase_of

MakeParagraph = Callable[..., Paragraph]


@pytest.mark.parametrize(
    ("text", "fact", "phase", "words"),
    [
        ("Pre-training took 3 days.", "3 days", "pretraining", "Pre-training"),
        ("We fine tuned it for 2 hours.", "2 hours", "finetuning", "fine tuned"),
        ("The search took 4 GPU days.", "4 GPU days", "search", "search took"),
        ("The supernet is trained for 50 epochs.", "50", "search", "supernet"),
        ("Training took 3 days.", "3 days", "training", "Training"),
        ("We pretrain for 9 days and fine-tune for 1 hour.", "9 days", "pretraining", "pretrain"),
        ("We pretrain for 9 days and fine-tune for 1 hour.", "1 hour", "finetuning", "fine-tune"),
        ("It took 3 days.", "3 days", "unspecified", ""),
    ],
)
def test_the_nearest_words_in_front_name_the_phase(
    text: str, fact: str, phase: str, words: str, paragraph: MakeParagraph
) -> None:
    (sentence,) = sentences_of(paragraph(text))
    assert phase_of(sentence, text.index(fact), ()) == (phase, words)


def test_a_sentence_without_words_of_its_own_goes_on_with_the_one_before(paragraph: MakeParagraph) -> None:
    first, second = sentences_of(paragraph("Pre-training used 8 GPUs. It took 3 days."))
    assert phase_of(second, second.start, (first,))[0] == "pretraining"


def test_labels_are_asked_in_turn() -> None:
    assert phase_in(("Hours", "Fine-tuning", "Pre-training")) == ("finetuning", "Fine-tuning")
