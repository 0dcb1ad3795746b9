"""The evidence on the screen: what must be told apart is, and nothing is cut in a word."""

import pytest

from annotation.passage import InTable, InText
from annotation.screen.evidence import evidence_lines
from extractors.facts.evidence import Evidence

PLACE = Evidence("a" * 64, 6, None, "Table 2", "It was trained on 64 devices for long.", "test.rule")
NAMES = ("Network with a very long name, small", "Network with a very long name, large")


def test_rows_whose_names_begin_alike_are_told_apart_where_there_is_room() -> None:
    rows = (("network", "score"), (NAMES[0], "70.1"), (NAMES[1], "70.2"))
    lines = [line.plain for line in evidence_lines(PLACE, "70.2", InTable("", rows, 1, 2, 1), 80, 9)]
    assert [name for name in NAMES if any(name in line for line in lines)] == list(NAMES)
    assert any("▸" in line and NAMES[1] in line and "[[70.2]]" in line for line in lines)


@pytest.mark.parametrize("height", [3, 4, 5])
def test_lines_left_out_are_told_and_no_word_is_cut_for_it(height: int) -> None:
    words = [f"word{number}" for number in range(200)]
    text = " ".join(words)
    start = text.index("word100")
    passage = InText(text, (start, start + 7), (start, start + 7))
    lines = [line.plain for line in evidence_lines(PLACE, "word100", passage, 60, height)]
    assert len(lines) == height
    assert max(map(len, lines)) <= 60
    assert lines[0].startswith("… ")
    assert lines[-1].endswith(" …")
    shown = " ".join(lines).replace("[[", "").replace("]]", "").replace("…", "").split()
    assert " ".join(shown) in text
    assert set(shown) <= set(words)
