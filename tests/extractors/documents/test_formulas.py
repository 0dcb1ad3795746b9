"""Formulas set apart do not break the sentence that they stand in, and begin none that ended."""

from collections.abc import Callable

import pytest

from extractors.documents.formulas import begins_formula, beside
from extractors.documents.model import Document, Word
from extractors.facts.evidence import Box

Read = Callable[[str], Document]
SUM = "$ C = sum_(i=1)^n (6 N_i D_i) / (sqrt(u)), $"


def words(text: str, *, font: str = "NimbusRomNo9L-Regu", page: int = 1, top: float = 100) -> list[Word]:
    box = Box(page, 72, top, 90, top + 9)
    return [Word(part, box, 10.0, font) for part in text.split()]


def texts(read: Read, source: str) -> list[str]:
    return [p.text for p in read(source).paragraphs]


def test_a_sentence_goes_on_below_its_formula(read: Read) -> None:
    (found,) = texts(read, f"Training takes an amount of {SUM} where $N_i$ is the number of parameters.")
    assert found.startswith("Training takes an amount of")
    assert found.endswith("is the number of parameters.")
    assert found.index("=") < found.index("where")


def test_a_formula_after_a_colon_belongs_to_its_sentence(read: Read) -> None:
    (found,) = texts(read, f"The amount is the following: {SUM} and no more.")
    assert found.endswith("and no more.")


def test_a_sentence_below_a_formula_begins_a_paragraph(read: Read) -> None:
    found = texts(read, f"Training takes an amount of {SUM}\nWe count all of it. {'More of the text. ' * 9}")
    assert found[-1].startswith("We count all of it.")
    assert len(found) == 2


def test_a_formula_after_an_ended_sentence_stands_alone(read: Read) -> None:
    first, second = texts(read, f"This is what we count. {SUM} where $u$ is the use.")
    assert first == "This is what we count."
    assert second.endswith("is the use.")


def test_a_line_goes_on_behind_its_root(read: Read) -> None:
    (found,) = texts(read, "We divide by $sqrt(d)$ as others do, " * 12 + "and so on.")
    assert found.count("as others do") == 12


@pytest.mark.parametrize(
    ("font", "text", "expected"),
    [
        ("ABCDEF+CMMI10", "L", True),
        ("NewCMMath-Regular", "x y", True),
        ("Times", "= 3", True),
        ("Times", "Attention(Q, K) = softmax", True),
        ("Times", "We train it", False),
        ("CMSY10", "• Neck:", False),
        ("CMR10", "We train it", False),
        ("CMTI10", "We train it", False),
    ],
)
def test_what_begins_a_formula(font: str, text: str, expected: bool) -> None:
    assert begins_formula(words(text, font=font)) is expected


@pytest.mark.parametrize(
    ("page", "top", "expected"), [(1, 130, True), (1, 90, True), (1, 300, False), (2, 130, False)]
)
def test_pieces_of_a_formula_are_near_each_other(page: int, top: float, expected: bool) -> None:
    assert beside(words("a")[0], words("b", page=page, top=top)[0], 10) is expected
