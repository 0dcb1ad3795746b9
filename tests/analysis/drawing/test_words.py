import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.drawing.words import cut, plain, power, scientific, short, width, wrapped


def test_text_that_turns_lines_round_or_hides_is_made_plain() -> None:
    assert plain("\u202egnp.exe\u202c\ta\nb\x00") == "gnp.exe a b"


@given(st.text(), st.floats(10.0, 300.0))
def test_what_is_cut_has_room(text: str, room: float) -> None:
    assert width(cut(text, room, 10.0), 10.0) <= max(room, width("…", 10.0))


@given(st.text(), st.floats(10.0, 300.0))
def test_as_much_as_has_room_is_kept(text: str, room: float) -> None:
    kept = [text[:end].rstrip() + "…" for end in range(len(text)) if width(text[:end] + "…", 10.0) <= room]
    assert cut(text, room, 10.0) == (text if width(text, 10.0) <= room else [*["…"], *kept][-1])


@given(st.text(), st.floats(40.0, 300.0))
def test_lines_have_room_and_no_short_word_is_lost(text: str, room: float) -> None:
    lines = list(wrapped(text, room, 10.0))
    assert all(width(line, 10.0) <= room for line in lines)
    fitting = [word for word in text.split() if width(word, 10.0) <= room]
    assert set(fitting) <= set(" ".join(lines).split())


def test_a_name_loses_its_brackets_before_its_letters() -> None:
    assert short("CvT-W24 (384 res, ImageNet-22k)", 80.0, 10.0) == "CvT-W24"
    assert short("Net (small)", 80.0, 10.0) == "Net (small)"


def test_letters_of_other_scripts_are_counted_wide() -> None:
    assert width("日本", 10.0) > width("ab", 10.0)
    assert width("e\u0301", 10.0) == width("e", 10.0)


@pytest.mark.parametrize(("number", "said"), [(1e20, "10²⁰"), (4.72e19, "4.72×10¹⁹"), (0.5, "5×10⁻¹")])
def test_large_numbers_are_powers_of_ten(number: float, said: str) -> None:
    assert scientific(number) == said
    assert power(-3) == "10⁻³"
