"""What makes a run doubtful where it is told, in words: several devices or times to choose from, or parts far apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.facts.ontology import GENERIC
from extractors.facts.values import Name
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.pairing import Part, times_of
from extractors.rules.statements import Statement, Told
from extractors.wording import in_words

_WORD = re.compile(r"\w+")
_FAR = 10
"""Words between a time and its hardware from which another may be meant."""


def doubts_of(run: Sequence[Part]) -> Iterator[str]:
    """What speaks against the parts of a run belonging together."""
    for statement in {id(part.statement): part.statement for part in run}.values():
        devices, times = len(_accelerators(statement)), len(_times(statement.times))
        if devices > 1:
            yield f"{in_words(devices)} accelerators in this sentence"
        if times > 1:
            yield f"{in_words(times)} times in this sentence"
    yield from _apart(run)


def _accelerators(statement: Statement) -> set[str]:
    """The ids of the accelerators that a sentence names; a bare `GPU` is none beside them."""
    values = [told.finding.value(ACCELERATOR) for told in statement.hardware]
    return {value.id for value in values if isinstance(value, Name)} - GENERIC


def _times(told: Sequence[Told]) -> set[object]:
    return {value for item in told if (value := item.finding.value(WALL_TIME))}


def _apart(run: Sequence[Part]) -> Iterator[str]:
    """That many words stand between a run's time and the nearest hardware in its sentence."""
    for time in times_of(run)[:1]:
        beside = [part for part in run if part.statement is time.statement and _is_hardware(part)]
        words = min((_words_between(part, time) for part in beside), default=0)
        if words >= _FAR:
            yield f"time and hardware are {in_words(words)} words apart"


def _is_hardware(part: Part) -> bool:
    return not part.told.finding.paths.isdisjoint((ACCELERATOR, COUNT))


def _words_between(a: Part, b: Part) -> int:
    first, last = sorted((a.told.finding.printed_at, b.told.finding.printed_at))
    sentence = a.statement.sentence
    between = sentence.text[max(0, first[1] - sentence.start) : max(0, last[0] - sentence.start)]
    return len(_WORD.findall(between))
