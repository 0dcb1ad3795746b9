"""The fast reader against pdfplumber: the same characters and words in the same places, exceptions named.

The sample is one page of every second paper, about forty; `python -m benchmarks agreement` takes all papers.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.agreement import EXCEPTIONS, Agreement, agreement, sample
from benchmarks.corpus import Corpus

Typeset = Callable[[str], bytes]
PAGE = """
= Training
We train on 8 GPUs#super[3] for 90 epochs, which takes $10^18$ operations and an efficient two and a half days.
#lorem(200)
#rotate(-90deg)[Sideways]
"""


@pytest.fixture(scope="module")
def found(shared: Path) -> Agreement:
    total = Agreement()
    for path, number in sample(Corpus(shared / "corpus")):
        total += agreement(path, number)
    return total


@pytest.mark.corpus
def test_the_characters_are_the_same(found: Agreement) -> None:
    assert found.characters.total() > 100_000
    assert found.character_share >= 0.995


@pytest.mark.corpus
def test_the_words_are_the_same(found: Agreement) -> None:
    assert found.words.total() > 20_000
    assert found.word_share >= 0.98


@pytest.mark.corpus
def test_exceptions_are_few_and_have_names(found: Agreement) -> None:
    assert set(found.characters) | set(found.words) <= {"same", "missing", *EXCEPTIONS}
    assert sum(found.characters[name] for name in EXCEPTIONS) < 0.015 * found.characters.total()
    assert sum(found.words[name] for name in EXCEPTIONS) < 0.08 * found.words.total()


def test_a_typeset_page_agrees(typeset: Typeset, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(typeset(PAGE))
    page = agreement(path, 1)
    assert page.character_share > 0.999
    assert page.words["missing"] == 0
    assert page.characters["turned"] == len("Sideways")
    assert page.words["script"] == 2
    assert page.odd == ()


@pytest.mark.parametrize("box", ["[90 80 702 872]", "[82.5 -90 512.5 712]"])
def test_a_page_whose_box_does_not_begin_at_the_corner_agrees(
    box: str, hand_made: Callable[..., bytes], tmp_path: Path
) -> None:
    path = tmp_path / "page.pdf"
    line = "BT /F1 12 Tf 172 600 Td (Words that stand beside the corner) Tj ET"
    path.write_bytes(hand_made([line]).replace(b"[0 0 612 792]", box.encode()))
    page = agreement(path, 1)
    assert page.characters == {"same": 29}
    assert page.words == {"same": 6}


def test_nothing_agrees_with_nothing() -> None:
    assert Agreement().character_share == Agreement().word_share == 0
