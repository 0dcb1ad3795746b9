"""Characters to runs: what stands together, what a blank is, and what is printed twice."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.characters import Character, Characters
from extractors.documents.runs import Run, joined, runs_of


def spelt(text: str, x: float = 72.0, baseline: float = 100.0, size: float = 10.0) -> list[Character]:
    """Characters of half an em each, side by side."""
    width = 0.5 * size
    return [
        Character(c, x + width * at, x + width * (at + 1), baseline, size, "Serif", 0.0)
        for at, c in enumerate(text)
    ]


def runs(*pieces: list[Character]) -> list[Run]:
    return list(runs_of(Characters.of(character for piece in pieces for character in piece)))


@given(st.text(st.sampled_from("ab1 \n"), max_size=40))
def test_blanks_part_runs_and_nothing_is_lost(text: str) -> None:
    found = runs(spelt(text))
    assert [run.text for run in found] == text.split()
    assert [text[run.start : run.end] for run in found] == text.split()


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 2.5, 9.0, -4.0, -6.0]), min_size=1, max_size=20))
def test_a_gap_or_a_step_back_parts_runs(gaps: list[float]) -> None:
    """A gap beyond 2.2 points, in type of 10 points, or a step back beyond 5."""
    x, characters = 500.0, []
    for letter, gap in zip("abcdefghijklmnopqrst", gaps, strict=False):
        characters += spelt(letter, x + gap)
        x += gap + 5
    near = "".join("," if -5 < gap < 2.2 else " " for gap in gaps[1:])
    assert [len(run.text) for run in runs(characters)] == [
        len(piece) for piece in "".join(f"{mark}x" for mark in f" {near}").replace(",", "").split()
    ]


def test_a_run_knows_its_ends_and_its_type() -> None:
    (run,) = runs(spelt("word", 72, 100, 10))
    assert (run.x0, run.x1, run.left, run.right) == (72, 92, 72, 92)
    assert (run.baseline, run.size, run.last_size, run.largest) == (100, 10, 10, 10)
    assert run.even
    assert not run.bold
    assert run.font == "Serif"


def test_a_step_of_the_baseline_parts_runs() -> None:
    found = runs(spelt("10"), spelt("18", 82, 96, 7))
    assert [(run.text, run.spaced) for run in found] == [("10", True), ("18", False)]


def test_a_line_end_is_no_blank_of_its_own() -> None:
    found = runs(spelt("a"), spelt("\r\n", 77), spelt("b", 87), spelt(" ", 92), spelt("c", 97))
    assert [(run.text, run.spaced) for run in found] == [("a", True), ("b", False), ("c", True)]


def test_small_capitals_make_a_run_that_is_not_even() -> None:
    (run,) = runs(spelt("I", 72), spelt("MAGE", 77, size=7.5))
    assert (run.text, run.even, run.size, run.last_size, run.largest) == ("IMAGE", False, 10, 7.5, 10)


def test_what_is_printed_twice_in_one_place_comes_once() -> None:
    assert [run.text for run in runs(spelt("bold", 72), spelt(" ", 92), spelt("bold", 72.2))] == ["bold"]
    assert [run.text for run in runs(spelt("so", 72), spelt(" ", 82), spelt("so", 87))] == ["so", "so"]


@given(st.floats(70, 75), st.floats(98, 102), st.floats(-0.29, 0.29), st.floats(-0.29, 0.29))
def test_two_prints_of_one_word_are_one_wherever_on_the_page(
    x: float, baseline: float, right: float, down: float
) -> None:
    twice = runs(spelt("word", x, baseline), spelt(" ", 300), spelt("word", x + right, baseline + down))
    assert [run.text for run in twice] == ["word"]


def test_thin_blanks_between_thousands_part_nothing() -> None:
    thin = "\u2009"
    assert [run.text for run in runs(spelt(f"1{thin}281{thin}167 of 8{thin}GPUs"))] == [
        f"1{thin}281{thin}167", "of", "8", "GPUs"
    ]  # fmt: skip


def test_letters_are_joined_to_one_run() -> None:
    found = joined(runs(*(spelt(letter, 72 + 9 * at) for at, letter in enumerate("ABC"))))
    assert (found.text, found.x0, found.x1, found.left, found.right) == ("ABC", 72, 95, 72, 95)


def test_no_characters_make_no_runs() -> None:
    assert runs() == []
