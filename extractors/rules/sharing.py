"""Names and numbers that several mentions of devices share: `8 GPUs (Tesla V100)` are one, `a 1080 Ti or 2080 Ti` two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from extractors.rules.devices import Devices, is_vague

_MARKS = "(:,–—- "
_NAMELY = frozenset(
    {"", "of", "of type", "each", "all", "i.e.", "i.e.,", "namely", "specifically", "model", "being"}
)
"""Between a number of some devices and their name, behind a mark or not."""
_APPOSED = frozenset(
    {", each", ", all", ", namely", ", i.e.", ", i.e.,", ", specifically", ", all of them", ", each of them"}
)
_OR = frozenset({"or", "/", "and/or"})


def joined(tokens: Doc, mentions: Sequence[Devices]) -> list[Devices]:
    """`8 GPUs (Tesla V100)`, `8 GPUs of NVIDIA M40`: a generic count and the name beside it become one."""
    found = list[Devices]()
    for mention in mentions:
        last = found[-1] if found else None
        if last and _says_which(tokens, last, mention):
            found[-1] = Devices(mention.named, last.count or mention.count, last.start, mention.end)
        elif last and _says_how_many(tokens, last, mention):
            found[-1] = Devices(last.named, mention.count, last.start, mention.end)
        else:
            found.append(mention)
    return found


def told_once(mentions: Sequence[Devices]) -> list[Devices]:
    """Without bare kinds that count the same devices again: `64 A100s (8 nodes with 8 GPUs each)`, or their sum."""
    return [one for one in mentions if not (one.named.generic and _number(one) in _numbers(one, mentions))]


def _number(devices: Devices) -> tuple[float, str] | None:
    return (devices.count.value, devices.count.unit) if devices.count else None


def _numbers(bare: Devices, mentions: Sequence[Devices]) -> set[tuple[float, str]]:
    """What the named devices of a kind count, each and in all."""
    named = [one for one in mentions if not one.named.generic and one.named.part.kind == bare.named.part.kind]
    numbers = [number for one in named if (number := _number(one))]
    unit = bare.count.unit if bare.count else ""
    return {*numbers, (sum(value for value, one in numbers if one == unit), unit)}


def shared(tokens: Doc, mentions: Sequence[Devices]) -> list[Devices]:
    """`a 1080 Ti or 2080 Ti`: the count before the first holds for the second too."""
    found = list[Devices]()
    for mention in mentions:
        last = found[-1] if found else None
        either = last is not None and tokens[last.end : mention.start].text.strip() in _OR
        if last and either and mention.count is None:
            found.append(replace(mention, count=last.count))
        else:
            found.append(mention)
    return found


def _says_which(tokens: Doc, first: Devices, second: Devices) -> bool:
    """Whether the second is the name of the first, and both do not count."""
    if not first.named.generic or second.named.generic or first.named.part.kind != second.named.part.kind:
        return False
    gap = tokens[first.end : second.start].text.lower()
    namely = gap.lstrip(_MARKS).strip() in _NAMELY or gap.strip() in _APPOSED
    return namely and (second.count is None or first.count is None or second.count.value == 1)


def _says_how_many(tokens: Doc, first: Devices, second: Devices) -> bool:
    """Whether the second is the number of the first in brackets: `NVIDIA H100 (64 GPUs)`."""
    if first.named.generic or not second.named.generic or first.named.part.kind != second.named.part.kind:
        return False
    counts = first.count is None and second.count is not None and not is_vague(second.count)
    return counts and tokens[first.end : second.start].text == "("
