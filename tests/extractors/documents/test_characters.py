"""Characters in columns, and ruling lines among drawn shapes; where they come from is tested with their readers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.characters import Bar, Character, Characters, Rule, is_bold, lines_of

places = st.floats(0, 800, allow_nan=False)
rows = st.builds(
    Character,
    st.characters(),
    places,
    places,
    places,
    st.floats(1, 40),
    st.sampled_from(["Serif", "Serif-Bold", ""]),
    st.floats(-3, 3),
    st.booleans(),
)


@given(st.lists(rows))
def test_columns_hold_what_the_rows_do(characters: list[Character]) -> None:
    found = Characters.of(characters)
    assert list(found) == characters
    assert found.text == "".join(c.text for c in characters)
    assert found.bold.tolist() == [c.font == "Serif-Bold" for c in characters]


@given(st.lists(st.tuples(rows, st.booleans())))
def test_some_of_them_are_chosen_in_their_order(chosen: list[tuple[Character, bool]]) -> None:
    found = Characters.of(character for character, _ in chosen)
    kept = found.where(np.array([keep for _, keep in chosen], bool))
    assert list(kept) == [character for character, keep in chosen if keep]


def test_a_ligature_is_as_many_characters_as_letters() -> None:
    assert [(c.text, c.x0, c.x1) for c in Characters.of([Character("ffi", 5, 9, 0, 10, "F", 0)])] == [
        (letter, 5, 9) for letter in "ffi"
    ]


def test_halves_of_letters_beyond_the_basic_plane_are_kept() -> None:
    pair = [Character(half, 0, 5, 0, 10, "F", 0) for half in "\ud835\udc00"]
    assert Characters.of(pair).text == "\ud835\udc00"


@pytest.mark.parametrize(
    ("font", "bold"),
    [
        ("NimbusRomNo9L-Medi", True),
        ("CMBX10", True),
        ("Arial,Bold", True),
        ("CMR10", False),
        ("Times", False),
    ],
)
def test_names_of_bold_fonts(font: str, bold: bool) -> None:
    assert is_bold(font) is bold


def test_pieces_of_one_line_are_one_line() -> None:
    flat = [(100, 50, 150, 50.4), (50, 49.8, 100, 50.2), (151.5, 50, 200, 50), (50, 70, 150, 70)]
    rules, bars = lines_of(flat)
    assert rules == [Rule(50, 150, 50), Rule(151.5, 200, 50), Rule(50, 150, 70)]
    assert bars == []
    rules, bars = lines_of((top, x0, bottom, x1) for x0, top, x1, bottom in flat)
    assert bars == [Bar(50, 50, 200), Bar(70, 50, 150)]
    assert rules == []


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (200, 0.4, "rule"),
        (200, 2, "rule"),
        (200, 9, ""),
        (8, 0.4, ""),
        (0.4, 8, "bar"),
        (0.4, 3, ""),
        (9, 9, ""),
    ],
)
def test_a_line_is_long_and_thin(width: float, height: float, expected: str) -> None:
    rules, bars = lines_of([(10, 10, 10 + width, 10 + height)])
    assert ("rule" * len(rules)) + ("bar" * len(bars)) == expected
