"""Text of strangers cannot steer a terminal, break its lines, or run in a spreadsheet."""

import csv
import io
import unicodedata
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text
from textual.content import Content

from annotation.safe_text import (
    LONGEST,
    MARKS,
    cut,
    safe,
    spreadsheet_plain,
    spreadsheet_safe,
    wrapped,
)

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
HOSTILE = st.text(
    st.one_of(
        st.characters(),  # surrogates too
        st.sampled_from("\x1b\x9b\u202e\u2066\u200b\u200d\ufe0f\u0301\u0489\u20dd\t\r\n\u2028大한👩🏽🇩 "),
    )
)


def run_of_marks(text: str) -> int:
    kinds = groupby(text, key=lambda char: unicodedata.category(char).startswith("M"))
    return max((len(list(run)) for is_mark, run in kinds if is_mark), default=0)


@given(HOSTILE)
def test_what_steers_hides_or_is_unknown_is_gone(text: str) -> None:
    shown = safe(text)
    assert not UNSAFE & {unicodedata.category(char) for char in shown}
    assert not set("\u034f\u115f\u1160\u3164\ufe0f\uffa0\U000e0100\U0001f3fd") & set(shown)
    shown.encode()  # no surrogate is left, or this fails


@given(HOSTILE)
def test_marks_do_not_pile_up_and_stand_on_a_letter(text: str) -> None:
    shown = safe(text)
    assert run_of_marks(shown) <= MARKS
    assert not unicodedata.category(shown[:1] or " ").startswith("M")


@given(HOSTILE)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe(safe(text)) == safe(text)
    assert len(safe(text)) <= len(text)


@given(
    st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0"))
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\u202e", " [31mred "),
        ("\x1b]0;title\x07 \x9b2J", " ]0;title   2J"),
        ("a\tb\r\nc\u2028d\u0085e", "a b  c d e"),
        ("1\u200b000 \u2066x\u2069", "1 000  x "),
        ("lone \ud800 surrogate", "lone   surrogate"),
        ("3\ue0005", "3\ufffd5"),
        ("e\u0301\u0302\u0303\u0304\u0305!", "e\u0301\u0302\u0303!"),
        ("\u0301on what stood before", "on what stood before"),
        ("Schrödinger, Nguyễn, 大規模, \u0928\u093f", "Schrödinger, Nguyễn, 大規模, \u0928\u093f"),
    ],
)
def test_a_text_is_disarmed(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_an_overlong_text_ends_in_an_ellipsis_unless_all_of_it_was_asked_for() -> None:
    endless = "a" * (LONGEST + 1)
    assert safe(endless) == "a" * (LONGEST - 1) + "…"
    assert safe(endless[1:]) == endless[1:]
    assert safe(endless, longest=None) == endless
    assert safe("abcdef", longest=3) == "ab…"


@given(HOSTILE, st.integers(1, 90))
def test_a_cut_text_fits(text: str, width: int) -> None:
    shown = cut(text, width)
    assert cell_len(shown) <= width
    if cell_len(safe(text)) <= width:
        assert shown == safe(text)
    else:
        assert shown.endswith("…")


def test_a_letter_is_cut_with_its_marks_and_a_wide_one_whole() -> None:
    assert cut("ae\u0301e\u0301e\u0301", 3) == "ae\u0301…"
    assert cut("大規模", 4) == "大…"


@given(HOSTILE, st.integers(4, 90), st.sampled_from(["", "  "]))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int, indent: str) -> None:
    lines = wrapped(text, width, indent=indent)
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.startswith(indent) for line in lines)
    assert "".join("".join(lines).split()) == "".join(safe(text).split())


@given(HOSTILE, st.integers(4, 90), st.integers(1, 3))
def test_no_more_lines_than_wanted_and_the_last_says_that_it_is_not_all(
    text: str, width: int, most: int
) -> None:
    every, lines = wrapped(text, width), wrapped(text, width, most=most)
    assert lines == every if len(every) <= most else (len(lines) == most and lines[-1].endswith("…"))
    assert all(cell_len(line) <= width for line in lines)


def test_lines_break_at_blanks_where_there_are_any() -> None:
    assert wrapped("two words 大規模 and-one-that-is-long", 10) == [
        "two words",
        "大規模",
        "and-one-th",
        "at-is-long",
    ]


@pytest.mark.parametrize(
    "text", ["[bold red]x[/]", "[@click=app.quit]x[/]", "[link=file:///x]y[/link]", "[/]"]
)
def test_markup_is_literal_where_it_is_shown_as_the_docstring_says(text: str) -> None:
    assert safe(text) == text
    assert Text(safe(text)).plain == text
    assert Content(safe(text)).plain == text
    assert not Content(safe(text)).spans


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+A1",
        "-A1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n",
        " =1",
        "=cmd|'/c calc'!A0",
        "＝1+1",
        "-2+3+cmd|' /C'!A0",
        "\ufeff=1",
    ],
)
def test_a_formula_is_no_formula_to_a_spreadsheet(text: str) -> None:
    assert spreadsheet_safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-0.5", "+3", "-1e-3", "-12,000.5", "8x V100", "a=b", "'quoted'", "300 M-FLOP", "-5%"]
)
def test_numbers_and_plain_texts_stay_as_they_are_in_a_spreadsheet(text: str) -> None:
    assert spreadsheet_safe(text) == text
    assert spreadsheet_plain(text) == text


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("'=+-@\t 1"))))
def test_what_went_to_a_spreadsheet_comes_back(text: str) -> None:
    assert spreadsheet_plain(spreadsheet_safe(text)) == text
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([spreadsheet_safe(text), "end"])
    stream.seek(0)
    assert spreadsheet_plain(next(csv.reader(stream))[0]) == text
