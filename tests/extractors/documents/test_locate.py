"""Quotes found again on typeset pages: broken, hyphenated and set otherwise, and rows cell for cell."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.documents.locate import Places, folded, locate
from extractors.documents.model import Document, Page, Paragraph, Table, TableCell, Word, compose
from extractors.facts.evidence import Box

Read = Callable[[str], Document]

NARROW = """#set page(width: 180pt, height: 200pt, margin: 20pt)
#set text(hyphenate: true)
The extraordinarily efficient configuration was trained for three days on eight accelerators, with a learning rate of
$3 dot 10^(-4)$ -- five times higher than the office's own "recommendation" -- and 1.2 × 10#super[18] FLOPs in total.

#pagebreak()
Thereafter the same configuration was evaluated on a held-out collection of difficult photographs."""

TABLE = """#figure(caption: [Costs.], table(columns: 3, stroke: none, table.hline(),
  [Model], [Params (M)], [Hours], table.hline(), [Small (ours)], [4.2], [12], [Large (ours)], [7.9], [4.2], table.hline()))"""


@pytest.mark.parametrize(
    ("quote", "page"),
    [
        ("efficient configuration was trained for three days on eight accelerators", 1),
        ("extraordinarily e\ufb03cient con\ufb01guration was trained", 1),
        ("rate of 3 · 10 −4 – five times higher than the office’s own “recommendation” – and", 1),
        ("and 1.2 × 10 18 FLOPs in total", 1),
        ("the same configuration was evaluated on a held-out collection", 2),
        ("the same configuration was rated on a held-out collection of difficult photos", 2),
    ],
)
def test_a_quote_is_found_however_it_is_set(quote: str, page: int, read: Read) -> None:
    found = Places(read(NARROW)).find(quote)
    assert found is not None and found.page == page
    first, last = folded(quote.split(maxsplit=1)[0]), folded(quote.rsplit(maxsplit=1)[-1])
    words = folded("".join(word.text for word in found.words))
    assert words.startswith(first[:3])
    assert last in words or page == 2


@pytest.mark.parametrize(
    "quote", ["", " – ", "a sentence that is not there, whatever one may think of it", "configuration"]
)
def test_what_is_not_there_or_stands_at_several_places_is_not_found(quote: str, read: Read) -> None:
    assert locate(quote, read(NARROW)) is None


@pytest.mark.parametrize(
    ("quote", "times"),
    [
        ("trained for three days", 1),
        ("configuration", 2),
        ("three day", 0),
        ("10 18 FLOPs", 1),
        ("0 18 FLOPs", 0),
        ("2 × 10 18", 0),
        ("", 0),
        (" – ", 0),
    ],
)
def test_exactly_the_words_are_found_wherever_they_stand(quote: str, times: int, read: Read) -> None:
    assert len(Places(read(NARROW)).exactly(quote)) == times


def test_only_the_words_that_count_are_searched(read: Read) -> None:
    second = Places(read(NARROW), lambda word: word.box.page == 2)
    assert [found.page for found in second.exactly("configuration")] == [2]


def test_rows_that_hold_all_cells_are_found_exactly(read: Read) -> None:
    places = Places(read(TABLE))
    assert [found.row[0].text for found in places.exactly("Small (ours) | 12")] == ["Small (ours)"]
    assert places.exactly("Small (ours) | 7.9") == ()


def test_the_nearest_words_are_as_many_as_were_asked_for(read: Read) -> None:
    share, found = Places(read(NARROW)).nearest("trained for thirty days") or (0.0, None)
    assert found is not None and " ".join(word.text for word in found.words) == "trained for three days"
    assert 0.8 < share < 1
    assert Places(read(NARROW)).nearest("") is None


def test_the_box_is_around_the_words(read: Read) -> None:
    page, box = locate("trained for three days", read(NARROW)) or (0, None)
    assert page == 1 and box is not None
    every = [
        word.box for paragraph in read(NARROW).paragraphs for word in paragraph.words if word.box.page == 1
    ]
    assert box.bottom < max(other.bottom for other in every)


def test_a_row_is_found_by_its_cells(read: Read) -> None:
    found = Places(read(TABLE)).find("Large (ours) | 7.9 | 4.2")
    assert found is not None
    assert [cell.text for cell in found.row] == ["Large (ours)", "7.9", "4.2"]
    box, quote = found.narrowed("7.9")
    assert quote == "Large (ours) | 7.9 | 4.2"
    assert found.row[1].box == box


def test_a_row_with_a_cell_otherwise_is_still_found(read: Read) -> None:
    found = Places(read(TABLE)).find("Small (ours) | 4.2 | 12 | x")
    assert found is not None and found.row[0].text == "Small (ours)"


def test_a_row_that_is_not_there_is_not_found(read: Read) -> None:
    assert locate("Other (theirs) | 1.1 | 2.2", read(TABLE)) is None


def cell(text: str, column: int) -> TableCell:
    words = (Word(text, Box(1, 100 * column, 10, 100 * column + 50, 20), 10),)
    return TableCell(text, words, 0, column)


def test_among_equal_cells_none_is_preferred() -> None:
    row = (cell("A", 0), cell("4.2", 1), cell("4.2", 2))
    table = Table(1, Box(1, 0, 0, 300, 20), "", None, 0, (row,))
    found = Places(Document("0" * 64, (Page(1, 612, 792),), "", (), (table,))).find("A | 4.2 | 4.2")
    assert found is not None
    assert found.narrowed("4.2")[0] == Box(1, 0, 10, 250, 20)
    assert found.narrowed("A")[0] == row[0].box


def text_of(words: tuple[Word, ...]) -> Document:
    paragraph = Paragraph("text", "body", "", words, *compose(words))
    return Document("0" * 64, (Page(1, 612, 792),), "", (paragraph,), ())


def test_of_equal_words_those_in_the_middle_are_meant() -> None:
    printed = ["8", "cards", "of", "8", "GB", "in", "each", "of", "8", "racks"]
    words = tuple(Word(text, Box(1, 10 * at, 0, 10 * at + 9, 9), 10) for at, text in enumerate(printed))
    found = Places(text_of(words)).find("8 cards of 8 GB in each of 8 racks")
    assert found is not None
    assert found.narrowed("8")[0] == words[3].box


def test_text_that_goes_on_behind_something_else_is_found_in_part() -> None:
    before = [
        "the",
        "models",
        "of",
        "this",
        "family",
        "were",
        "trained",
        "for",
        "three",
        "days",
        "on",
        "eight",
    ]
    between, after = (
        ["Figure", "1:", "A", "long", "caption", "that", "stands", "between"],
        ["large", "cards", "only"],
    )
    words = tuple(
        Word(text, Box(1, 10 * at, 0, 10 * at + 9, 9), 10)
        for at, text in enumerate([*before, *between, *after])
    )
    found = Places(text_of(words)).find(" ".join([*before, *after]))
    assert found is not None
    assert "trained" in [word.text for word in found.words]
    assert "Figure" not in [word.text for word in found.words]


@settings(max_examples=60)
@given(st.data())
def test_every_stretch_of_words_is_found_where_it_stands(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(0, 400), min_size=12, max_size=60, unique=True))
    words = tuple(
        Word(f"w{number}z-", Box(1 + at // 20, at % 20, at, at % 20 + 1, at + 1), 10)
        for at, number in enumerate(lengths)
    )
    first = data.draw(st.integers(0, len(words) - 8))
    wanted = words[first : first + data.draw(st.integers(6, 8))]
    found = Places(text_of(words)).find(" ".join(word.text for word in wanted))
    assert found is not None
    assert set(found.words) <= set(wanted)
    assert 2 * len(found.words) >= len(wanted)
