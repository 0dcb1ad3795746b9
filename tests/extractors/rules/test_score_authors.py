"""Whose scores a sentence tells."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.language import sentences_of
from extractors.ownership import Ownership
from extractors.rules.score_authors import speaks_of_nobody, speaks_of_us

OWNER = Ownership(("ZipNet",))


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("We reach 3%.", True),
        ("The full model reaches 3%.", True),
        ("ZipNet reaches 3%. It is small. It is fast.", True),
        ("ZipNet is small. OldNet [3] reaches 3%.", False),
        ("OldNet reaches 3%.", False),
        ("ZipNet reaches 3%. OldNet-18 has 2.8% with less.", False),
        ("ZipNet reaches 3%. WER is 2.8% with more.", True),
    ],
)
def test_what_goes_on_from_a_sentence_of_ours_is_ours(
    text: str, ours: bool, paragraph: Callable[..., Paragraph]
) -> None:
    *before, last = sentences_of(paragraph(text))
    assert speaks_of_us(last, before[::-1], OWNER) is ours


@pytest.mark.parametrize(
    ("text", "section", "nobody"),
    [
        ("With two stacks, the mean PCKh is 90.6.", "3.2 Ablation", True),
        ("With two stacks, the mean PCKh is 90.6.", "2 Method", False),
        ("Others have a PCKh of 90.6.", "3 Results", False),
        ("OldNet has a PCKh of 90.6.", "3 Results", False),
        ("It has a PCKh of 90.6 [3].", "3 Results", False),
    ],
)
def test_a_sentence_of_the_results_without_names_speaks_of_nobody(
    text: str, section: str, nobody: bool, paragraph: Callable[..., Paragraph]
) -> None:
    (sentence,) = sentences_of(paragraph(text, section))
    assert speaks_of_nobody(sentence) is nobody
