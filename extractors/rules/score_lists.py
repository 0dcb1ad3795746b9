"""Which number of a list belongs to which name of another: `2.1 and 4.8 WER on test-clean and test-other, respectively`.

Sentences print several scores in one breath, `94.7, 93.2 and 87.5 on Easy, Medium and Hard`, `2.1/4.8 on the clean/other
sets`. The first number belongs to the first name, and so on. What the names mean is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors.phrases import Hit

_BETWEEN_NUMBERS = re.compile(r"\s?(?:[/|]|,(?:\s(?:and|or))?|\s(?:and|or|&))\s?(?:about\s|~)?")
_BETWEEN_NAMES = re.compile(
    r"(?:\s?\w{1,12})?\s?(?:[/|]|,(?:\s(?:and|or))?|\s(?:and|or|&))\s?(?:(?:on|for|in)\s)?(?:the\s)?"
)
_BEFORE_IS_FARTHER = 1.5
"""Names mostly follow their numbers; those before them count as so many times farther away."""
_UPON = re.compile(r"\s?(?:(?:on|for|in)\s(?:the\s)?)?")
_REACH = 120
"""Characters between a list of numbers and one of names, at most."""
_ON = re.compile(r"(?:(?!\band\b)[^,;]){0,50}\b(?:on|in|for)\s+(?:the\s+)?(?:[\w-]+\s+)?")
_NEXT = re.compile(r",\s(?:and|while|whereas|but)\s(?:an?|the|our)\s")
"""Where the next clause begins, with a subject of its own."""


def number_lists(text: str, numbers: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Numbers in lists, those that stand alone in lists of one."""
    found: list[list[re.Match[str]]] = []
    for number in numbers:
        if found and _BETWEEN_NUMBERS.fullmatch(text, found[-1][-1].end(), number.start()):
            found[-1].append(number)
        else:
            found.append([number])
    return found


def names_of(
    text: str,
    numbers: Sequence[re.Match[str]],
    all_numbers: Sequence[re.Match[str]],
    kinds: Iterable[Sequence[Hit]],
) -> tuple[Hit, ...]:
    """The names that belong to the numbers of a list, one each; none where no list of as many names is near.

    Args:
        text: the sentence.
        numbers: the numbers of one list.
        all_numbers: all numbers of the sentence; another one between numbers and names parts them.
        kinds: what may be such names, each kind from left to right.
    """
    lists = [found for hits in kinds for found in _name_lists(text, hits) if len(found) == len(numbers)]
    far = [(_distance(numbers, names, all_numbers), names) for names in lists]
    near = [(distance, names) for distance, names in far if distance is not None and distance <= _REACH]
    return tuple(min(near, key=lambda pair: pair[0])[1]) if near else ()


def has_part(text: str, end: int, splits: Iterable[Sequence[Hit]]) -> bool:
    """Whether a number in brackets that ends at `end` is on a part of the data: `55.8 (58.1 on the validation set)`."""
    closed = text.find(")", end)
    return any(
        end <= hit.start < closed and _UPON.fullmatch(text, end, hit.start) for hits in splits for hit in hits
    )


def _name_lists(text: str, hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    found: list[Hit] = []
    for hit in hits:
        if found and not _BETWEEN_NAMES.fullmatch(text, found[-1].end, hit.start):
            yield found
            found = []
        found.append(hit)
    yield found


def _distance(
    numbers: Sequence[re.Match[str]], names: Sequence[Hit], all_numbers: Sequence[re.Match[str]]
) -> float | None:
    """How far names are from numbers; None where they overlap or another number stands between."""
    first, last = numbers[0].start(), numbers[-1].end()
    start, end = (last, names[0].start) if names[0].start >= last else (names[-1].end, first)
    if end < start or any(start <= other.start() < end for other in all_numbers if other not in numbers):
        return None
    return (end - start) * (1.0 if start == last else _BEFORE_IS_FARTHER)


def remoteness(text: str, number: tuple[int, int], hit: Hit) -> float:
    """How far a data set's name is from a number; one behind the next comma or of an earlier clause is farther."""
    start, end = number
    if hit.start >= end:
        between = text[end : hit.start]
        if _ON.fullmatch(between):
            return 0.0
        return len(between) + (60.0 if re.search(r",|;|\band\b", between) else 0.0)
    between = text[hit.end : start]
    return 1.2 * len(between) + (60.0 if _NEXT.search(between) else 0.0)
