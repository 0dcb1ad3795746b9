"""Numbers of a list share their unit, and the names of another list have them in order."""

import pytest

from extractors.rules.lists import names_respectively, numbers_before, numbers_behind


def test_numbers_before_share_the_unit_behind_the_last() -> None:
    text = "We release 1, 3 and 7 billion"
    found = numbers_before(text, text.index("7"), "7 billion")
    assert [printed for _, printed in found] == ["1 billion", "3 billion", "7 billion"]
    assert [text[place] for place, _ in found] == ["1", "3", "7"]


@pytest.mark.parametrize(
    ("text", "prints"),
    [
        ("0.2B, 0.4B and 0.9B, respectively", ["0.2B", "0.4B", "0.9B"]),
        ("3.1, 5.4, and 9.8 million", ["3.1 million", "5.4 million", "9.8 million"]),
        ("7M and the rest", ["7M"]),
        ("7M, 12 layers", ["7M", "12"]),
    ],
)
def test_numbers_behind_go_on_as_far_as_the_list(text: str, prints: list[str]) -> None:
    first = text.split(",", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    assert [printed for _, printed in numbers_behind(text, 0, first)] == prints


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("S, M and L have 1M, 2M and 3M, respectively", ["S", "M", "L"]),
        ("The small, medium and large models have 1M, 2M and 3M, respectively", ["small", "medium", "large"]),
        ("They have 1M, 2M and 3M for A-1, A-2 and A-3, respectively", ["A-1", "A-2", "A-3"]),
        ("S and M have 1M, 2M and 3M, respectively", []),
        ("S, M and L have 1M, 2M and 3M", []),
    ],
)
def test_names_belong_to_numbers_where_the_sentence_says_so(text: str, names: list[str]) -> None:
    places = [text.index(number) for number in ("1M", "2M", "3M")]
    assert [found[0] for found in names_respectively(text, places)] == names
