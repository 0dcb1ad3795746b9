"""Wrapped cells about the middle of their rows: put to them, and told from titles and from rows."""

import pytest

from extractors.documents.characters import Rule
from extractors.documents.grids.columns import Piece
from extractors.documents.grids.wrapped import PlacedLine, text_of, unwrapped
from extractors.documents.model import Word
from extractors.facts.evidence import Box


def line(baseline: float, cells: dict[int, str]) -> PlacedLine:
    pieces = [
        Piece((Word(text, Box(1, 60 * at, baseline - 7, 60 * at + 5 * len(text), baseline + 2), 10),), at, at)
        for at, text in cells.items()
    ]
    return PlacedLine(tuple(pieces), baseline)


def texts(lines: list[PlacedLine]) -> list[dict[int, str]]:
    return [{piece.first: text_of(piece.words) for piece in known.pieces} for known in lines]


VALUES = {1: "1.0", 2: "2.0"}


def test_numbers_are_told_by_column_but_for_the_labels() -> None:
    assert line(100, {0: "12", 1: "3.5", 2: "Adam"}).numbers == {1}


@pytest.mark.parametrize("pitch", [22, 26])
def test_labels_of_two_lines_as_tight_as_their_rows_are_shared_out(pitch: float) -> None:
    band = [
        found
        for at in range(3)
        for found in (
            line(100 + pitch * at - 5.5, {0: f"Net {at}"}),
            line(100 + pitch * at, VALUES),
            line(100 + pitch * at + 5.5, {0: "base"}),
        )
    ]
    assert texts(unwrapped(band, 10)) == [{0: f"Net {at} base", **VALUES} for at in range(3)]


def test_cells_of_one_two_and_three_lines_go_to_their_rows() -> None:
    band = [
        line(100, {0: "A", 1: "1.0", 2: "none"}),
        line(120, {2: "two"}),
        line(125.5, {0: "B", 1: "2.0"}),
        line(131, {2: "lines"}),
        line(151, {2: "and"}),
        line(162, {0: "C", 1: "3.0", 2: "then"}),
        line(173, {2: "three"}),
    ]
    assert texts(unwrapped(band, 10)) == [
        {0: "A", 1: "1.0", 2: "none"},
        {0: "B", 1: "2.0", 2: "two lines"},
        {0: "C", 1: "3.0", 2: "and then three"},
    ]


def test_what_a_ruling_line_parts_is_no_one_cell() -> None:
    band = [line(100, {1: "pool"}), line(111, {0: "A", 1: "conv", 2: "2.0"}), line(122, {1: "conv"})]
    edges = [(60.0 * at, 60.0 * at + 25) for at in range(3)]
    assert len(unwrapped(band, 10, edges)) == 1
    assert unwrapped(band, 10, edges, [Rule(50, 150, 104)]) == band
    assert len(unwrapped(band, 10, edges, [Rule(110, 150, 104)])) == 1


def test_titles_of_groups_are_no_wrapped_labels() -> None:
    band = [
        line(100, {0: "Ours"}),
        line(111, {0: "A", **VALUES}),
        line(122, {0: "Theirs"}),
        line(133, {0: "B", **VALUES}),
    ]
    assert unwrapped(band, 10) == band


def test_rows_of_text_between_rows_of_numbers_stay_rows() -> None:
    band = [
        line(100, {0: "Steps", 1: "400"}),
        line(111, {0: "Method", 1: "Adam"}),
        line(122, {0: "Rate", 1: "0.1"}),
    ]
    assert unwrapped(band, 10) == band


def test_labels_between_two_rows_stay_between_them() -> None:
    band = [line(100, VALUES), line(107, {0: "Small"}), line(114, VALUES)]
    assert unwrapped(band, 10) == band


def test_lines_without_numbers_stay_as_they_are() -> None:
    band = [line(100, {0: "A", 1: "b"}), line(111, {1: "c"})]
    assert unwrapped(band, 10) == band
