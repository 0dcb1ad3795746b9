"""Characters as they were meant: accents, control codes, glyphs printed twice."""

import pytest

from extractors.documents.characters import Character, Characters
from extractors.documents.mending import mended


def character(
    text: str, x: float = 72.0, width: float = 5.0, baseline: float = 100.0, font: str = "Serif"
) -> Character:
    return Character(text, x, x + width, baseline, 10.0, font, 0.0)


def blank(text: str = " ") -> Character:
    return Character(text, 0, 0, 0, 0, "", 0, generated=True)


def mend(rows: list[Character]) -> str:
    return mended(Characters.of(rows)).text


@pytest.mark.parametrize(
    ("accent", "letter", "whole"),
    [
        ("\u00a8", "u", "\u00fc"),
        ("\u00b4", "e", "\u00e9"),
        ("\u02c7", "s", "\u0161"),
        ("\u00b8", "c", "\u00e7"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_accent_stands_on_its_letter(accent: str, letter: str, whole: str, first: bool) -> None:
    pair = [character(accent, 72.5, 4), character(letter)]
    assert mend(pair if first else pair[::-1]) == whole


def test_an_accent_is_found_at_the_end_of_its_line() -> None:
    line = [character(c, 72 + 5 * at) for at, c in enumerate("Dollar")]
    assert mend([*line, blank(), character("\u00b4", 93, 3)]) == "Doll\u00e1r "[:4] + "\u00e1r "


def test_the_accent_of_a_capital_stands_higher() -> None:
    assert mend([character("\u00b4", 72.5, 4, baseline=97.5), character("E")]) == "\u00c9"


@pytest.mark.parametrize(
    ("accent", "letter"),
    [
        (character("\u02c6", 72.5, 4), character("x", 72)),
        (character("\u00b4", 90, 4), character("e", 72)),
        (character("~", 72.5, 4, baseline=80), character("n", 72)),
        (character("~", 72.5, 4), character("5", 72)),
    ],
)
def test_what_makes_no_letter_is_left_alone(accent: Character, letter: Character) -> None:
    assert mend([letter, accent]) == letter.text + accent.text


@pytest.mark.parametrize(
    ("font", "code", "glyph"),
    [
        ("CMMI10", "\x0f", "\u03f5"),
        ("ABCDEF+CMSY8", "\x02", "\u00d7"),
        ("CMSY10", "\x06", "\u00b1"),
        ("CMBX10", "\x0c", "\ufffd"),
        ("CMR10", "\x0c", "fi"),
        ("CMR10", "\x02", "\x02"),
        ("MyriadPro-Regular", "\x1f", "\ufffd"),
    ],
)
def test_a_control_code_is_the_glyph_of_its_font(font: str, code: str, glyph: str) -> None:
    assert mend([character(code, font=font)]) == glyph


def test_line_ends_and_hyphens_stay() -> None:
    line = [character("a"), character("\x02", 77), blank("\r"), blank("\n")]
    assert mend(line) == "a\x02\r\n"


def test_a_glyph_printed_twice_comes_once() -> None:
    twice = [character(c, x + shift) for c, x in (("b", 72), ("o", 77)) for shift in (0, 0.2)]
    assert mend(twice) == "bo"


def test_the_letters_of_a_ligature_are_not_one() -> None:
    assert mend([character(c) for c in "ffi"]) == "ffi"


def test_a_letter_that_comes_twice_is_two() -> None:
    assert mend([character("l", 72, 3), character("l", 75, 3)]) == "ll"


def test_a_check_mark_of_a_font_of_signs_is_no_letter() -> None:
    row = [character("X", 72, font="ABCDEF+MSAM10"), character("X", 90, font="ABCDEF+NimbusRomNo9L-Regu")]
    assert mend(row) == "\u2713X"


@pytest.mark.parametrize(("code", "sign"), [("!", "\u2713"), ("%", "\u2717")])
def test_signs_are_told_by_their_font(code: str, sign: str) -> None:
    assert mend([character(code, font="bbding10")]) == sign
    assert mend([character(code, font="CMR10")]) == code
