"""Captions: told from text that names a table, taken with all their lines, given the tables that they name."""

from extractors.documents.captions import ends_sentence, find_captions, table_side, tables_of
from extractors.documents.characters import Rule
from extractors.documents.model import Word
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box


def segment(text: str, baseline: float, *, x: float = 72, size: float = 10) -> Segment:
    words, at = [], x
    for part in text.split():
        end = at + 0.5 * size * len(part)
        words.append(Word(part, Box(1, at, baseline - 0.7 * size, end, baseline + 0.2 * size), size))
        at = end + 0.25 * size
    return Segment(tuple(words), baseline, size)


def row(baseline: float, *cells: str) -> list[Segment]:
    return [segment(text, baseline, x=72 + 80 * index) for index, text in enumerate(cells)]


def rows(top: float) -> list[Segment]:
    texts = [
        ("Model", "Size", "Error"),
        ("One", "12M", "4.2"),
        ("Two", "25M", "3.9"),
        ("Three", "60M", "3.3"),
    ]
    return [cell for index, cells in enumerate(texts) for cell in row(top + 12 * index, *cells)]


def texts(found: list[tuple[Segment, ...]]) -> list[str]:
    return [" ".join(segment.text for segment in lines) for lines in found]


def test_a_caption_has_all_its_lines() -> None:
    lines = [
        segment("Table 1: Results of all models on", 100),
        segment("the test set.", 112),
        segment("We see", 140),
    ]
    captions, rest = find_captions(lines, 10)
    assert texts(captions) == ["Table 1: Results of all models on the test set."]
    assert rest == lines[2:]


def test_captions_that_follow_each_other_are_two() -> None:
    found = find_captions([segment("Table 1: One.", 100), segment("Table 2: Two.", 112)], 10)[0]
    assert texts(found) == ["Table 1: One.", "Table 2: Two."]


def test_a_sentence_that_begins_with_a_label_is_no_caption() -> None:
    lines = [segment("Table 3 shows that it works", 100)]
    assert find_captions(lines, 10) == ([], lines)


def test_a_label_in_a_ruled_cell_is_no_caption() -> None:
    cell = segment("Figure 2", 100, x=200)
    lines = [Rule(72, 400, 90), Rule(72, 400, 103)]
    assert find_captions([cell], 10, lines) == ([], [cell])
    assert find_captions([cell], 10, lines[:1]) == ([(cell,)], [])


def test_a_caption_ends_at_the_table_s_first_line() -> None:
    lines = [segment("Table 1: Results of all models.", 100), segment("Small model, set close", 112, x=80)]
    assert texts(find_captions(lines, 10)[0]) == ["Table 1: Results of all models. Small model, set close"]
    assert find_captions(lines, 10, [Rule(72, 400, 103)]) == ([(lines[0],)], [lines[1]])


def test_the_first_cell_of_a_row_is_no_line_of_the_caption_above_it() -> None:
    lines = [segment("Table 1: Results of all models that", 100), segment("we train.", 112)]
    cells = row(124, "Model", "Size", "Error")
    assert find_captions([*lines, *cells], 10) == ([tuple(lines)], cells)


def test_what_stands_further_below_than_a_caption_s_lines_is_none_of_them() -> None:
    lines = [segment("Table 1: Results of all models that", 100), segment("we train without labels.", 112)]
    text = segment("We see in all of these that", 126)
    assert find_captions([*lines, text], 10) == ([tuple(lines)], [text])


def test_a_line_on_which_the_next_word_had_room_is_a_caption_s_last_where_more_stands_off() -> None:
    line, text = (
        segment("Table 1: Results of all models.", 100),
        "We see in all of these that it works for most of them",
    )
    assert find_captions([line, segment(text, 114)], 10)[0] == [(line,)]
    assert texts(find_captions([line, segment(text, 112)], 10)[0]) == [f"{line.text} {text}"]
    label = segment("TABLE I", 100)
    assert texts(find_captions([label, segment(text, 114)], 10)[0]) == [f"TABLE I {text}"]


def test_a_sentence_ends_with_its_mark() -> None:
    assert [ends_sentence(segment(text, 100)) for text in ("It works.", "It works", "Does it?")] == [
        True,
        False,
        True,
    ]


def test_the_tables_of_a_page_know_their_captions_and_segments() -> None:
    page = RawPage(
        1, 612, 792, (segment("Table 1: Sizes and errors of all our models.", 100), *rows(120)), ()
    )
    captions, rest = find_captions(page.segments, 10)
    (table,), claimed = tables_of(page, captions, rest, 0)
    assert (table.label, len(table.rows)) == ("Table 1", 4)
    assert claimed == {id(cell) for cell in rest}


def test_the_side_of_a_paper_s_tables_is_that_of_most() -> None:
    below = RawPage(
        1, 612, 792, (segment("Table 1: Sizes and errors of all our models.", 100), *rows(120)), ()
    )
    above = RawPage(
        2, 612, 792, (*rows(120), segment("Table 2: Sizes and errors of all our models.", 180)), ()
    )
    assert [table_side(pages, 10) for pages in ([below], [above], [below, above], [])] == [1, -1, 0, 0]
