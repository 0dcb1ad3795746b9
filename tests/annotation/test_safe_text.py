"""Text of strangers cannot steer the terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from annotation.safe_text import safe


@given(st.text())
def test_no_control_or_direction_mark_is_left(text: str) -> None:
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in safe(text)}


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_an_escape_sequence_is_disarmed() -> None:
    assert safe("\x1b[31mred\u202e") == " [31mred "
