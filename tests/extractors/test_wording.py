"""Numbers and choices as sentences have them."""

import pytest

from extractors.wording import either, in_words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "no"), (1, "one"), (12, "twelve"), (13, "13"), (1_200, "1,200")]
)
def test_small_numbers_are_words(count: int, words: str) -> None:
    assert in_words(count) == words


@pytest.mark.parametrize(
    ("prints", "words"),
    [(["76.8"], "76.8"), (["76.8", "76.9"], "76.8 or 76.9"), (["30", "90", "300"], "30, 90 or 300")],
)
def test_choices_are_listed(prints: list[str], words: str) -> None:
    assert either(prints) == words
