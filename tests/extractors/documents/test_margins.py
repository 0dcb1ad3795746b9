"""Margins: what returns, counts up or is a notice goes; what only stands there stays."""

from collections.abc import Callable, Sequence

import pytest

from extractors.documents.margins import Running, running, without_margins
from extractors.documents.model import Document, Word
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

Read = Callable[[str], Document]


def segment(text: str, baseline: float, *, x: float = 72, size: float = 10, page: int = 1) -> Segment:
    words, at = [], x
    for part in text.split():
        end = at + 0.5 * size * len(part)
        words.append(Word(part, Box(page, at, baseline - 7, end, baseline + 2), size))
        at = end + 0.25 * size
    return Segment(tuple(words), baseline, size)


def page_of(*found: Segment, number: int = 1) -> RawPage:
    return RawPage(number, 612, 792, found, ())


def kept(page: RawPage, repeated: frozenset[Running] = frozenset()) -> list[str]:
    return [s.text for s in without_margins(page, 10, repeated)]


def test_headers_that_return_are_running() -> None:
    pages = [
        page_of(segment(f"{n} A. Writer et al.", 40), segment("Text.", 400), number=n) for n in range(1, 5)
    ]
    assert running(pages) == {("# A. Writer et al.", 40)}
    assert kept(pages[1], running(pages)) == ["Text."]


def test_a_title_in_the_margin_of_a_later_page_is_a_header() -> None:
    first = page_of(segment("How to read a paper", 100, size=16), segment("Text.", 400))
    second = page_of(segment("How To Read a Paper", 40), segment("Text.", 400), number=2)
    assert kept(second, running([first, second])) == ["Text."]


def test_a_page_may_begin_with_words_of_the_first() -> None:
    first = page_of(segment("How to read a paper", 100), segment("Text.", 400))
    second = page_of(segment("How to read a paper", 60), segment("in one go.", 72), number=2)
    assert kept(second, running([first, second])) == ["How to read a paper", "in one go."]


def test_what_returns_at_other_heights_is_no_header() -> None:
    pages = [page_of(segment("Model", 30 + 9 * n), segment("Text.", 400), number=n) for n in range(1, 5)]
    assert running(pages) == frozenset()


def test_the_head_of_a_table_at_the_top_of_pages_stays() -> None:
    pages = [page_of(segment("Model", 60), segment(f"R{n}", 72), number=n) for n in range(1, 5)]
    assert kept(pages[2], running(pages)) == ["Model", "R3"]


def test_a_line_in_the_margin_that_does_not_return_stays() -> None:
    pages = [
        page_of(segment("Once only", 40), segment("Text.", 400)),
        page_of(segment("Text.", 400), number=2),
    ]
    assert running(pages) == frozenset()
    assert kept(pages[0]) == ["Once only", "Text."]


def test_a_number_alone_in_the_margin_is_the_page_s() -> None:
    page = page_of(segment("17", 760), segment("Text.", 400), segment("17", 450))
    assert kept(page) == ["Text.", "17"]


def test_the_title_stays_though_it_returns_as_header() -> None:
    page = page_of(segment("A Title", 50, size=16), segment("Text.", 400))
    assert kept(page, frozenset({("A Title", 50.0)})) == ["A Title", "Text."]


@pytest.mark.parametrize(
    "notice",
    [
        "Preprint. Under review.",
        "Published as a conference paper at ICLR 2018",
        "31st Conference on Reading (READ 2017), Long Beach, CA, USA.",
        "Copyright 2019 by the authors.",
    ],
)
def test_a_notice_at_the_foot_of_the_first_page_is_no_text(notice: str) -> None:
    lines = [segment("Text.", 400), segment(notice, 700, size=9), segment("and its next line", 710, size=9)]
    assert kept(page_of(*lines)) == ["Text."]


def test_a_sentence_that_begins_like_a_notice_stays() -> None:
    line = "Preprint servers changed how papers are read."
    assert kept(page_of(segment(line, 300), segment(line, 650))) == [line, line]


def test_what_stands_below_a_notice_in_other_type_stays() -> None:
    lines = [segment("Preprint.", 700, size=8), segment("Text of the right column.", 300, x=320)]
    assert kept(page_of(*lines)) == ["Text of the right column."]


def numbered(first: int, step: int, count: int, *, x: float, gap: float | None) -> Sequence[Segment]:
    """Lines with numbers beside them, as segments of their own (no gap) or within those of the lines."""
    found: list[Segment] = []
    for index in range(count):
        at = 100.0 + 12 * index * step
        line = segment("Text of a line that has words.", at)
        number = segment(str(first + step * index), at, x=x, size=7)
        if gap is None:
            found += [number, line]
        else:
            moved = number.words[0]._replace(box=Box(1, x, at - 7, 72 - gap, at + 2))
            found.append(Segment((moved, *line.words), at, 10))
    return found


@pytest.mark.parametrize("step", [1, 5])
def test_numbers_that_count_lines_go(step: int) -> None:
    found = kept(page_of(*numbered(1, step, 10, x=50, gap=None)))
    assert found == ["Text of a line that has words."] * 10


def test_numbers_before_their_lines_go() -> None:
    assert kept(page_of(*numbered(54, 1, 20, x=50, gap=6))) == ["Text of a line that has words."] * 20


def test_a_column_of_numbers_within_the_text_stays() -> None:
    lines = [segment("Left text", 100 + 12 * i, x=20) for i in range(14)]
    assert len(kept(page_of(*lines, *numbered(1, 1, 14, x=100, gap=None)))) == 42


def test_line_numbers_of_a_typeset_review_copy_go(read: Read) -> None:
    source = '#set par.line(numbering: "1")\n' + "and so it goes on " * 150
    (found,) = read(source).paragraphs
    assert not any(character.isdigit() for character in found.text)
