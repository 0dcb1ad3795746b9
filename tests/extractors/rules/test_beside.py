"""Words of a cue stand beside a number with nothing but signs between, in front of it also with a vague word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.language import sentences_of
from extractors.rules.beside import behind, in_front
from extractors.rules.heard import Heard


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("We save it every 30 epochs.", True),
        ("We save it every ~30 epochs.", True),
        ("We save it after about 30 epochs.", True),
        ("We save it every day for 30 epochs.", False),
        ("We train for at most 30 epochs.", False),
    ],
)
def test_words_stand_in_front(text: str, stands: bool, paragraph: Callable[..., Paragraph]) -> None:
    heard = Heard(next(sentences_of(paragraph(text))))
    start = text.index("30")
    assert in_front(heard, "point", (start, start + 2)) is stands


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("We train for 30 epochs per round.", True),
        ("We train for 30 epochs, ten per round.", False),
    ],
)
def test_words_stand_behind(text: str, stands: bool, paragraph: Callable[..., Paragraph]) -> None:
    heard = Heard(next(sentences_of(paragraph(text))))
    end = text.index("epochs") + len("epochs")
    assert behind(heard, "repeated", (0, end)) is stands
