"""Words on lines: baselines, chunks, numbers kept whole."""

import pytest

from extractors.documents.characters import Bar
from extractors.documents.grids.lines import Chunk, is_number, is_value, lines_of, phrases, span_of, units
from extractors.documents.model import Script, Word
from extractors.facts.evidence import Box


def word(text: str, x: float, baseline: float = 100, *, script: Script = "normal", font: str = "") -> Word:
    return Word(text, Box(1, x, baseline - 7, x + 5 * len(text), baseline + 2), 10, font, script=script)


def chunk(text: str, gap: float = 2.5) -> Chunk:
    words, at = [], 0.0
    for part in text.split():
        words.append(word(part, at))
        at = words[-1].box.x1 + gap
    return Chunk(tuple(words))


def test_words_on_a_baseline_are_a_line_and_wide_gaps_part_it() -> None:
    found = lines_of([word("b", 80), word("a", 0), word("c", 88), word("d", 0, 112)])
    assert [[chunk.text for chunk in line.chunks] for line in found] == [["a", "b c"], ["d"]]


def test_a_superscript_stands_on_the_line_below_it() -> None:
    found = lines_of([word("10", 0), word("18", 10, 96, script="super"), word("x", 0, 112)])
    assert len(found) == 2 and len(found[0].chunks[0].words) == 2


def test_a_vertical_line_parts_what_stands_close() -> None:
    words = [word("1.5", 0), word("2.5", 17)]
    assert len(lines_of(words)[0].chunks) == 1
    assert len(lines_of(words, [Bar(16, 90, 120)])[0].chunks) == 2
    assert len(lines_of(words, [Bar(16, 190, 220)])[0].chunks) == 1


def test_pieces_of_drawn_brackets_are_no_words() -> None:
    words = [word("\u23a1", 0), word("3x3", 8), word("2", 30, font="ABCDEF+CMEX10")]
    assert [[chunk.text for chunk in line.chunks] for line in lines_of(words)] == [["3x3"]]
    assert lines_of(words[:1]) == []


def test_a_gain_in_brackets_stands_with_its_number_across_a_wider_gap() -> None:
    found = lines_of([word("81.6", 0), word("(+0.2)", 27), word("37.0", 80), word("(ours)", 107)])
    assert [chunk.text for chunk in found[0].chunks] == ["81.6 (+0.2)", "37.0", "(ours)"]


def test_the_number_of_a_source_stands_with_what_it_is_the_source_of() -> None:
    found = lines_of([word("46.0", 0), word("[38]", 27), word("[0.1,", 80), word("0.2]", 112)])
    assert [chunk.text for chunk in found[0].chunks] == ["46.0 [38]", "[0.1,", "0.2]"]


def test_a_label_that_reads_up_its_rows_is_a_line_in_their_middle() -> None:
    side = Word("Ours", Box(1, 0, 93, 8, 126), 10)
    rows = [word("A", 20, 100), word("B", 20, 112), word("C", 20, 124)]
    found = lines_of([side, *rows])
    assert [(line.chunks[0].text, line.turned) for line in found if line.turned] == [("Ours", True)]
    assert [line.baseline for line in found if line.turned] == [114]


def test_headers_that_run_up_are_put_to_the_lowest_line_beside_them() -> None:
    found = lines_of([word("A", 0, 124), Word("Time", Box(1, 20, 93, 28, 126), 10), word("B", 0, 136)])
    assert [[chunk.text for chunk in line.chunks] for line in found] == [["A", "Time"], ["B"]]


@pytest.mark.parametrize(
    "text",
    [
        *("12", "-0.5", "76.3 ± 0.2", "25M", "1,024", "3.5 hours", "–", "N/A", "✓", "92.1*", "57.6²"),
        *("38.5 (+0.4)", "25 (56.0)", "3.0E-05", "10^18", "1.6 ⋅ 10^19", "224×224", "16 × 256 × 256"),
    ],
)
def test_values(text: str) -> None:
    assert is_value(text)


@pytest.mark.parametrize("text", ["ResNet-50", "top-1", "Params (M)", "a", "2fc"])
def test_what_is_no_value(text: str) -> None:
    assert not is_value(text)


def test_bare_numbers() -> None:
    assert [is_number(text) for text in ("12.5", "25M", "-", "BERT", "(0.4)")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.4 ± 0.3", ["12.4 ± 0.3"]),
        ("38.5 (+0.4)", ["38.5 (+0.4)"]),
        ("12.4 38.5", ["12.4", "38.5"]),
        ("1000 x 600", ["1000 x 600"]),
        ("our model", ["our model"]),
        ("Mask-RCNN [22]", ["Mask-RCNN [22]"]),
        ("0.2, 0.6, 0.8", ["0.2, 0.6, 0.8"]),
        ("7 × 7, 64, stride 2", ["7 × 7, 64, stride 2"]),
    ],
)
def test_units_of_a_chunk(text: str, expected: list[str]) -> None:
    assert [" ".join(w.text for w in unit) for unit in units(chunk(text))] == expected


def test_a_source_in_brackets_stands_with_its_label_across_a_wider_gap() -> None:
    assert len(units(chunk("Mask-RCNN [22]", 4.0))) == 1
    assert len(units(chunk("Mask-RCNN base", 4.0))) == 2


def test_phrases_part_at_gaps_wider_than_a_blank() -> None:
    assert [len(phrases(chunk("Train time", gap))) for gap in (2.5, 4.0)] == [1, 2]


def test_a_span_is_from_the_first_to_the_furthest_end() -> None:
    assert span_of([word("ab", 3), word("c", 20)]) == (3, 25)
    made = chunk("ab cd")
    assert (made.x0, made.x1, made.middle) == (0, 22.5, 11.25)


def test_an_exponent_stays_with_its_number() -> None:
    power = [
        word("3.6", 0),
        word("·", 17),
        word("10", 24),
        word("18", 34, script="super")._replace(glued=True),
    ]
    assert [[w.text for w in unit] for unit in units(Chunk(tuple(power)))] == [["3.6", "·", "10", "18"]]
