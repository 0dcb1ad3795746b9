"""Footnotes and their marks: raised digits are exponents unless a note of the page bears them."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Script, Word
from extractors.documents.notes import begins_note, marked, with_marks
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

Read = Callable[[str], Document]


def word(text: str, script: Script = "normal", size: float = 10) -> Word:
    return Word(text, Box(1, 72, 100, 90, 110), size, script=script, glued=script == "super")


def line(*words: Word, baseline: float = 300, size: float = 10) -> Segment:
    return Segment(words, baseline, size)


NOTE = line(word("3", "super", 6), word("Code", size=8), word("comes.", size=8), baseline=700, size=8)


def script_of(base: str, raised: str, *others: Segment) -> Script:
    text = line(word("We"), word(base), word(raised, "super", 7), word("say."))
    return with_marks([text, *others], 792, 10)[0].words[2].script


@pytest.mark.parametrize(
    ("base", "raised", "expected"),
    [
        ("GPUs", "3", "note"),
        ("64", "3", "note"),
        ("days.", "3", "note"),
        ("10", "3", "super"),
        ("2", "3", "super"),
        ("n", "3", "super"),
        ("GPUs", "4", "super"),
        ("GPUs", "∗", "note"),
        ("10", "∗", "super"),
        ("2", "nd", "super"),
    ],
)
def test_a_mark_is_one_where_a_note_of_the_page_bears_it(base: str, raised: str, expected: Script) -> None:
    assert script_of(base, raised, NOTE) == expected


def test_without_a_note_a_raised_digit_is_an_exponent() -> None:
    assert script_of("64", "3") == "super"


def test_the_mark_before_a_note_is_one() -> None:
    assert with_marks([NOTE], 792, 10)[0].words[0].script == "note"


@pytest.mark.parametrize(
    ("first", "baseline", "size", "expected"),
    [
        (word("1", "super"), 700, 8, True),
        (word("†"), 700, 8, True),
        (word("1", "super"), 700, 10, False),
        (word("1", "super"), 200, 8, False),
        (word("Small"), 700, 8, False),
    ],
)
def test_a_note_is_small_marked_and_low(first: Word, baseline: float, size: float, expected: bool) -> None:
    assert begins_note(line(first, word("Words."), baseline=baseline, size=size), 792, 10) is expected


@pytest.mark.parametrize(("text", "expected"), [("*", True), ("12", True), ("1.5", False), ("We", False)])
def test_marks_of_notes(text: str, expected: bool) -> None:
    assert marked(word(text)) is expected


def test_marks_in_typeset_text_become_no_digits(read: Read) -> None:
    document = read("We use 64#footnote[Or fewer.] GPUs#footnote[Of one kind.] for $10^5$ steps. #lorem(20)")
    (text,) = [p.text for p in document.paragraphs if p.kind == "text"]
    notes = [p.text for p in document.paragraphs if p.kind == "footnote"]
    assert text.startswith("We use 64¹ GPUs² for 10^5 steps.")
    assert notes == ["¹Or fewer.", "²Of one kind."]
