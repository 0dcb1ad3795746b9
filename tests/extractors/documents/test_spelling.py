"""Words as running text: signs dropped, exponents and note marks told apart, broken words mended."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.spelling import compounds_in, is_power, lowered, noted, over_line, raised, spelt


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Tesla™", "Tesla"),
        ("NVIDIA®", "NVIDIA"),
        ("©", ""),
        ("1½", "1.5"),
        ("½", "0.5"),
        ("10²", "10^2"),
        ("10⁻⁴", "10^\u22124"),
        ("m²", "m^2"),
        ("GPUs²", "GPUs²"),
        ("76.3²", "76.3²"),
        ("\ufb01ne", "fine"),
        ("\uff11\uff12", "12"),
        ("wait…", "wait..."),
    ],
)
def test_words_are_spelt_out(printed: str, expected: str) -> None:
    assert spelt(printed) == expected


@given(st.text(max_size=20))
def test_any_text_can_be_spelt(text: str) -> None:
    assert spelt(text).translate(str.maketrans("", "", "®™℠©")) == spelt(text)


@given(st.from_regex(r"[0-9]{1,3}", fullmatch=True))
def test_no_pattern_reads_a_note_as_a_number(mark: str) -> None:
    assert not re.search(r"\d", noted(mark))


@pytest.mark.parametrize(
    ("text", "expected"), [("10", True), ("2.3·10", True), ("2", True), ("64", False), ("1.2", False)]
)
def test_ten_and_two_carry_exponents(text: str, expected: bool) -> None:
    assert is_power(text) is expected


def test_a_sign_of_an_exponent_may_stand_alone() -> None:
    text = "10" + raised("10", "\u2212")
    assert text + raised(text, "4") == "10^\u22124"


def test_compounds_of_a_text_are_those_with_a_hyphen() -> None:
    text = "State-of-the-art self-attention, -1 and 3-4"
    assert compounds_in([text]) == {"state-of-the-art", "self-attention"}


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("of state-of-", "the-art", "of state-of-"),
        ("a trans-", "former", "a trans"),
        ("an A100-", "based", "an A100-"),
        ("short-", "or", None),
        ("OPTICAL CHAR-", "ACTER", "OPTICAL CHAR"),
        ("a GPU-", "hour", "a GPU-"),
        ("pages 1–", "30", "pages 1–"),
        ("it is – so –", "30", None),
        ("at \u2212-", "x", None),
        ("whole", "word", None),
    ],
)
def test_a_word_broken_at_the_end_of_a_line(text: str, printed: str, expected: str | None) -> None:
    assert over_line(text, printed, {"state-of-the-art"}) == expected


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("a BERT", "BASE", "-BASE"),
        ("GAIN-Net", "large", "-large"),
        ("the loss L", "BASE", "BASE"),
        ("H", "2", "2"),
        ("Net", "IN", "IN"),
        ("x", "i", "i"),
    ],
)
def test_a_word_below_a_name_is_parted_from_it(text: str, printed: str, expected: str) -> None:
    assert lowered(text, printed) == expected
