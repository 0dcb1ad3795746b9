"""Lines fit their width, and say as much as there is room for."""

from hypothesis import given
from hypothesis import strategies as st

from annotation.screen.paint import broken, text, wrapped

LONG = "faster-r-cnn-resnet-101-multi-scale-testing.coco-detection.box-ap.val.multi-scale"


def plain(words: str, width: int, limit: int) -> list[str]:
    return [line.plain for line in wrapped(text(words), width, limit)]


def test_a_paragraph_that_is_cut_ends_at_a_word() -> None:
    assert plain("All networks were trained with the same schedule", 24, 1) == ["All networks were …"]


def test_a_long_word_at_the_end_is_cut_rather_than_a_line_left_empty() -> None:
    assert plain(f"decided: {LONG} score 7.5", 40, 1) == ["decided: faster-r-cnn-resnet-101-multi-…"]


def test_an_id_that_is_longer_than_a_line_goes_on_in_the_next_behind_a_point_or_a_hyphen() -> None:
    lines = [line.plain for line in broken(text(f"result {LONG}  (uncertain)"), 60, 2)]
    assert lines == [
        "result faster-r-cnn-resnet-101-multi-scale-testing.coco-",
        "detection.box-ap.val.multi-scale  (uncertain)",
    ]


def test_a_number_is_not_broken_at_its_point_where_there_is_a_blank() -> None:
    lines = [line.plain for line in broken(text("result a.b  (uncertain, probability 0.77)"), 39, 2)]
    assert lines == ["result a.b  (uncertain, probability", "0.77)"]


@given(st.text(alphabet="ab-. ", max_size=300), st.integers(4, 90), st.integers(1, 4))
def test_no_line_is_longer_than_the_width_and_there_are_no_more_than_asked(
    words: str, width: int, limit: int
) -> None:
    for lines in (wrapped(text(words), width, limit), broken(text(words), width, limit)):
        assert len(lines) <= limit
        assert all(line.cell_length <= width for line in lines)
