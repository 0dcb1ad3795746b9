"""The document model: text composed once, evidence that is verbatim, short and on one page."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.model import (
    NOWHERE,
    Document,
    Page,
    Paragraph,
    Region,
    Table,
    TableCell,
    Word,
    compose,
    quote_of_row,
    union_of,
)
from extractors.facts.evidence import QUOTE_LIMIT, Box

LETTERS = st.text(st.sampled_from("abcXYZ019.,-%()\u2212\ufb01\u00e9"), min_size=1, max_size=14)
NOTE_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
SHA = "0" * 64


def word(text: str, **given: object) -> Word:
    box = given.pop("box", Box(1, 10, 10, 20, 20))
    return Word(text, box, 10.0, **given)  # type: ignore[arg-type]


def paragraph(words: Sequence[Word], region: Region = "body") -> Paragraph:
    text, starts = compose(words)
    return Paragraph("text", region, "Training", tuple(words), text, starts)


@st.composite
def word_lists(draw: st.DrawFn) -> list[Word]:
    """Words on rising lines and pages, some of them raised, some of them glued."""
    words, line, page = [], 0, 1
    for text in draw(st.lists(LETTERS, min_size=1, max_size=60)):
        line += draw(st.sampled_from([0, 0, 0, 1]))
        page += draw(st.sampled_from([0] * 12 + [1]))
        script = draw(st.sampled_from(["normal", "normal", "super", "sub"]))
        glued = draw(st.booleans()) and script != "normal"
        words.append(word(text, line=line, script=script, glued=glued, box=Box(page, 10, line, 20, line + 9)))
    return words


@given(word_lists())
def test_every_word_begins_where_it_is_said_to(words: list[Word]) -> None:
    text, starts = compose(words)
    assert list(starts) == sorted(set(starts))
    for begin, end, printed in zip(starts, [*starts[1:], len(text)], words, strict=True):
        normal = printed.text.replace("\ufb01", "fi")
        written = text[begin:end].strip(" ^").translate(NOTE_DIGITS)
        assert written in (normal, normal.removesuffix("-"))


@given(word_lists())
def test_running_text_has_single_blanks(words: list[Word]) -> None:
    text = compose(words)[0]
    assert "  " not in text
    assert text == text.strip()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("regular-", "isation", "regularisation"),
        ("self-", "Attention", "self-Attention"),
        ("2-", "fold", "2-fold"),
        ("GPU-", "hours", "GPU-hours"),
        ("fine-", "tuning", "fine-tuning"),
        ("pre-", "and", "pre- and"),
        ("soft\u00ad", "max", "softmax"),
    ],
)
def test_a_hyphen_is_mended_where_a_word_goes_on(first: str, second: str, expected: str) -> None:
    assert compose([word(first, line=0), word(second, line=1)], {"fine-tuning"})[0] == expected


def test_a_hyphen_within_a_line_stays() -> None:
    assert compose([word("pre-", line=0), word("and", line=0)])[0] == "pre- and"


@pytest.mark.parametrize(
    ("base", "raised", "expected"),
    [
        ("10", "18", "10^18"),
        ("10", "\u22124", "10^\u22124"),
        ("2.3·10", "19", "2.3·10^19"),
        ("224", "2", "224^2"),
        ("n", "2", "n^2"),
        ("GPUs", "3", "GPUs³"),
        ("76.3", "2", "76.3²"),
        ("ResNet-50", "3", "ResNet-50³"),
        ("days.", "12", "days.¹²"),
        ("2", "nd", "2nd"),
        ("Tesla", "TM", "Tesla"),
    ],
)
def test_an_exponent_stands_on_a_whole_number_or_a_letter(base: str, raised: str, expected: str) -> None:
    assert compose([word(base), word(raised, script="super", glued=True)])[0] == expected


def test_the_mark_of_a_note_belongs_to_no_number() -> None:
    assert compose([word("8"), word("2", script="note", glued=True), word("GPUs")])[0] == "8² GPUs"
    assert compose([word("Attention-452"), word("†", script="note", glued=True)])[0] == "Attention-452†"


def test_a_sign_that_is_no_word_leaves_nothing() -> None:
    text, starts = compose([word("NVIDIA"), word("®", glued=True), word("Tesla"), word("™"), word("V100")])
    assert text == "NVIDIA Tesla V100"
    assert [text[start:].split(" ")[0] for start in (starts[0], starts[2], starts[4])] == [
        "NVIDIA",
        "Tesla",
        "V100",
    ]


@pytest.mark.parametrize(("gap", "expected"), [(1.7, "1000000 steps"), (2.8, "1 000 000 steps")])
def test_thin_blanks_part_thousands(gap: float, expected: str) -> None:
    words, at = [], 10.0
    for text in ("1", "000", "000", "steps"):
        end = at + 5 * len(text)
        words.append(word(text, box=Box(1, at, 10, end, 20)))
        at = end + gap
    assert compose(words)[0] == expected


def test_ligatures_are_spelt_out() -> None:
    assert compose([word("\ufb01ne")])[0] == "fine"


def test_no_words_make_no_text() -> None:
    assert compose([]) == ("", ())


@given(word_lists(), st.data())
def test_a_quote_is_verbatim_short_and_on_one_page(words: list[Word], data: st.DataObject) -> None:
    found = paragraph(words)
    start = data.draw(st.integers(0, len(found.text) - 1))
    end = data.draw(st.integers(start + 1, len(found.text)))
    first = found.between(start, end)[0]
    evidence = found.evidence(SHA, "a-rule", start, end)
    printed = [" ".join(w.text for w in words if w.box.page == page) for page in {w.box.page for w in words}]
    assert len(evidence.quote) <= QUOTE_LIMIT
    assert first.text in evidence.quote
    assert any(evidence.quote in page for page in printed)
    assert evidence.page == first.box.page
    assert evidence.box is not None and evidence.box.page == evidence.page


def test_a_quote_grows_evenly_around_its_words() -> None:
    found = paragraph([word(f"w{index:02}") for index in range(90)])
    start = found.starts[45]
    quote = found.evidence(SHA, "a-rule", start, start + 3).quote
    assert quote.split()[0] < "w30" and quote.split()[-1] > "w60"
    assert QUOTE_LIMIT - 8 < len(quote) <= QUOTE_LIMIT


def test_words_of_a_page_without_geometry_are_found_by_their_element() -> None:
    anchors = {0: "S1.p1", 5: "S1.p2"}
    printed = ["the", "cat", "saw", "the", "dog", "and", "the", "bird"]
    words = [word(text, box=NOWHERE, anchor=anchors.get(at, "S1.p9")) for at, text in enumerate(printed)]
    second = paragraph(words).text.index("and")
    found = paragraph(words).evidence(SHA, "rule", second, second + 3)
    assert (found.page, found.box, found.anchor) == (1, None, "S1.p2")


def test_of_equal_words_the_quote_is_around_those_meant() -> None:
    words = [word(text, box=NOWHERE) for text in ["same"] * 100 + ["end"]]
    text = paragraph(words).text
    quote = paragraph(words).evidence(SHA, "rule", len(text) - 8, len(text)).quote
    assert quote.endswith("same end")


def test_a_cell_of_a_page_without_geometry_is_found_by_its_element() -> None:
    words = (word("12", box=NOWHERE, anchor="S3.T2"),)
    cell = TableCell("12", words, 0, 0)
    table = Table(1, NOWHERE, "Table 2", None, 0, ((cell,),))
    found = table.evidence(SHA, "rule", cell)
    assert (found.box, found.anchor, found.quote) == (None, "S3.T2", "12")


def test_a_slice_touches_the_words_it_lies_on() -> None:
    found = paragraph([word("We"), word("train"), word("for"), word("90"), word("epochs.")])
    start = found.text.index("90 ep")
    assert [w.text for w in found.between(start, start + 5)] == ["90", "epochs."]
    assert found.page == 1


def row_of(texts: Sequence[str]) -> list[TableCell]:
    return [
        TableCell(text, (word(text, box=Box(1, 50 * i, 10, 50 * i + 40, 20)),), 1, i)
        for i, text in enumerate(texts)
    ]


@given(st.lists(LETTERS.filter(lambda t: t.strip(" |") == t), min_size=1, max_size=40), st.data())
def test_the_quote_of_a_row_keeps_its_label_and_the_cell(texts: list[str], data: st.DataObject) -> None:
    row = row_of(texts)
    cell = data.draw(st.sampled_from(row))
    quote = quote_of_row(row, cell)
    parts = quote.split(" | ")
    assert len(quote) <= QUOTE_LIMIT
    assert parts[0] == texts[0]
    assert cell.printed in parts
    remaining = iter(texts)
    assert all(part in remaining for part in parts)


def test_a_cell_quotes_its_row() -> None:
    row = row_of(["ResNet", "76.3", "4.1"])
    found = Table(1, Box(1, 0, 0, 200, 90), "Table 1", None, 1, ((None,) * 3, tuple(row)))
    evidence = found.evidence(SHA, "a-rule", row[1])
    assert (evidence.quote, evidence.anchor, evidence.box) == ("ResNet | 76.3 | 4.1", "Table 1", row[1].box)


def test_a_spanning_header_counts_for_the_columns_it_covers() -> None:
    span = TableCell("ImageNet", (word("ImageNet"),), 0, 1, 1, 2)
    top: tuple[TableCell | None, ...] = (None, span, None, TableCell("Cost", (word("Cost"),), 0, 3))
    below = tuple(row_of(["Model", "top-1", "top-5", "GFLOPs"]))
    found = Table(1, Box(1, 0, 0, 200, 90), "", None, 2, (top, below, tuple(row_of(["A", "1", "2", "3"]))))
    assert [found.header(column) for column in range(4)] == [
        ("Model",),
        ("ImageNet", "top-1"),
        ("ImageNet", "top-5"),
        ("Cost", "GFLOPs"),
    ]
    assert [[cell and cell.text for cell in row] for row in found.body()] == [["A", "1", "2", "3"]]


def test_the_columns_before_the_first_of_numbers_name_the_rows() -> None:
    texts = [["Net", "Data", "Top-1"], ["Ours"], ["A", "web", "70.1"], ["B", "web", "71.2"]]
    rows = tuple(tuple([*row_of(row), None, None][:3]) for row in texts)
    found = Table(1, Box(1, 0, 0, 200, 90), "", None, 1, rows)
    assert (found.stub, found.number_columns()) == (2, (2,))
    assert [(label.row, label.texts, label.group) for label in found.row_labels()] == [
        (2, ("A", "web"), "Ours"),
        (3, ("B", "web"), "Ours"),
    ]
    assert Table(1, Box(1, 0, 0, 200, 90), "", None, 0, ()).stub == 1


def test_a_table_without_caption_says_so_in_its_evidence() -> None:
    row = row_of(["A", "1"])
    found = Table(1, Box(1, 0, 0, 200, 90), "", None, 1, ((None, None), tuple(row)))
    assert found.evidence(SHA, "a-rule", row[1]).anchor == "table without caption"


def test_statements_leave_out_references_and_thanks() -> None:
    regions: list[Region] = ["abstract", "body", "acknowledgements", "references", "appendix"]
    parts = tuple(paragraph([word(region)], region) for region in regions)
    stated = Document(SHA, (Page(1, 612, 792),), "A paper", parts, ()).statements()
    assert [part.region for part in stated] == ["abstract", "body", "appendix"]


def test_the_union_of_boxes_holds_them_all() -> None:
    assert union_of([Box(1, 5, 6, 7, 8), Box(1, 1, 7, 2, 9)]) == Box(1, 1, 6, 7, 9)


def test_a_sign_that_its_file_has_as_a_letter_is_left_out_of_quotes() -> None:
    cells = [
        TableCell(text, (word(text, font=font),), 1, column)
        for column, (text, font) in enumerate([("Ours", "Serif"), ("\u2713", "MSAM10"), ("71.2", "Serif")])
    ]
    assert quote_of_row(cells, cells[2]) == "Ours | \u2026 | 71.2"
    assert (
        quote_of_row([replace(cells[0], words=(word("\u2713", font="Dingbats"),)), *cells[2:]], cells[2])
        == "\u2713 | 71.2"
    )
