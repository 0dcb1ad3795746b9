"""Which hardware goes with which time: the runs that one sentence states, with what its neighbours say.

`We use 8 V100 GPUs. Training takes 3 days.` is one run in two sentences; `takes 2 days on A and 5 on B` are two in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.models import excepted, model_in
from extractors.rules.naming import name_lent, name_only
from extractors.rules.phases import clause_at, is_parted, phase_in
from extractors.rules.references import refers_to_hardware
from extractors.rules.statements import Statement, Told
from extractors.rules.telling import REACH
from extractors.tables.citations import key

_ALL = re.compile(
    r"^(?:each|all|both|every|these|the (?:pre-?)?training of (?:each|all|both))\b", re.IGNORECASE
)
"""Beginnings of a sentence that speaks of every run just named."""

_ALL_MODELS = re.compile(
    r"^(?:(?:both|all)(?: (?:of (?:them|these)|(?:the |our |these )?(?:\w+ )?(?:models|networks|variants|sizes|versions)))?|(?:each|every) (?:model|network|variant))"
    r" (?:is|are|was|were|uses?|used|trains?|shares?)\b",
    re.IGNORECASE,
)
"""Beginnings of a sentence that says something of every model."""


@dataclass(frozen=True, slots=True)
class Part:
    """A finding as part of a run: where it stands and how far from the run's first part."""

    told: Told
    statement: Statement
    distance: int = 0


Parts = tuple[Part, ...]


def stated_runs(statements: Sequence[Statement], index: int) -> Iterator[Parts]:
    """The runs that a sentence states, each with the hardware of its own or a neighbouring sentence."""
    statement = statements[index]
    hardware = [Part(told, statement) for told in statement.hardware]
    times = list(_times(statement))
    if times and not hardware:
        near = _nearby(statements, index)
        if _have_their_times(near) and all(WALL_TIME not in part.told.finding.paths for part, *_ in times):
            yield from times
            return
        for group in _by_exception(near, times):
            yield from _paired(*group)
    elif times:
        yield from _paired(_completed(hardware, statements, index), times)
    else:
        completed = [(part, *_lent(part, statements, index)) for part in hardware]
        yield from (
            parts for parts in completed if any(ACCELERATOR in part.told.finding.paths for part in parts)
        )


def _lent(part: Part, statements: Sequence[Statement], index: int) -> Iterator[Part]:
    """The name that a neighbour lends to bare `8 GPUs`, or to `16 of them`."""
    lent = name_lent(part.told, statements, index)
    if lent:
        yield Part(lent[0], statements[lent[1]], abs(lent[1] - index))


def times_of(run: Sequence[Part]) -> Parts:
    """The parts of a run that say how long it took."""
    return tuple(part for part in run if {WALL_TIME, DEVICE_TIME} & part.told.finding.paths)


def speaks_of_all(statement: Statement) -> bool:
    """Whether a sentence says what all models have in common, as `Both are trained for 40 epochs` does."""
    return bool(_ALL_MODELS.search(statement.sentence.text))


def model_said_with(part: Part) -> str | None:
    """The model that the sentence of a part names for it, or its size."""
    return model_in(part.statement.sentence.text, _place(part), ())


def _times(statement: Statement) -> Iterator[Parts]:
    """The times of a sentence; a wall-clock and a processor time side by side are of one run."""
    parts = [Part(told, statement) for told in statement.times]
    clock = [part for part in parts if WALL_TIME in part.told.finding.paths]
    device = [part for part in parts if DEVICE_TIME in part.told.finding.paths]
    if len(clock) == len(device):
        yield from zip(clock, device, strict=True)
    else:
        yield from ((part,) for part in (*clock, *device))


def _completed(hardware: Sequence[Part], statements: Sequence[Statement], index: int) -> list[Parts]:
    """The hardware of a time's own sentence; bare `32 workers` take a neighbour's name."""
    lent = [(part, *_lent(part, statements, index)) for part in hardware]
    named = any(ACCELERATOR in part.told.finding.paths for parts in lent for part in parts)
    near = () if named else _nearby(statements, index)
    names = [
        replace(part, told=name_only(part.told)) for part in near if ACCELERATOR in part.told.finding.paths
    ]
    return [(*parts, *names[:1]) for parts in lent]


def _by_exception(near: Sequence[Part], times: Sequence[Parts]) -> Iterator[tuple[list[Parts], list[Parts]]]:
    """A neighbour's hardware with the times it can be of; what it says of one model alone is of no other, and for that all."""
    alone = {id(part): name for part in near if (name := _of_one(part))}
    if not alone:
        yield [(part,) for part in near], list(times)
        return
    for time in times:
        said = model_said_with(time[0])
        own = [part for part in near if said and key(alone.get(id(part), "")) == key(said)]
        yield [(part,) for part in own or [part for part in near if id(part) not in alone]], [time]


def _have_their_times(near: Sequence[Part]) -> bool:
    """Whether each of several devices has a time in its own sentence: processor time behind that is of all together."""
    return len(near) > 1 and all(len(part.statement.times) >= len(near) for part in near)


def _of_one(part: Part) -> str | None:
    sentence = part.statement.sentence
    return excepted(sentence.text, part.told.finding.start - sentence.start)


def _nearby(statements: Sequence[Statement], index: int) -> list[Part]:
    """Hardware of the nearest sentence that states some, looking back first; `each ... took` means all just named.

    A sentence that refers to hardware (`on this setup`) means what was named last, however far back.
    """
    if _ALL.search(statements[index].sentence.text):
        return [
            Part(told, statements[index - distance], distance)
            for distance in range(min(REACH, index), 0, -1)
            for told in statements[index - distance].hardware
        ]
    for distance in range(1, REACH + 1):
        for other in (index - distance, index + distance):
            if 0 <= other < len(statements) and statements[other].hardware:
                near = statements[other]
                return [Part(told, near, distance) for told in near.hardware]
    if refers_to_hardware(statements[index].sentence.text):
        for distance in range(REACH + 1, index + 1):
            near = statements[index - distance]
            if near.hardware:
                return [Part(told, near, distance) for told in near.hardware]
    return []


def _paired(hardware: Sequence[Parts], times: Sequence[Parts]) -> Iterator[Parts]:
    """Which time belongs to which hardware: in order if there are as many of both, else what stands in one clause or nearest.

    Hardware that no time is said of is a run of its own.
    """
    if not hardware:
        yield from times
    elif len(hardware) == len(times):
        yield from ((*item, *time) for item, time in zip(hardware, times, strict=True))
    elif len(times) == 1:
        beside = _in_one_clause(hardware, times[0])
        yield from ((*item, *times[0]) if item in beside else item for item in hardware)
    elif len(hardware) == 1:
        yield from ((*hardware[0], *time) for time in times)
    else:
        nearest = [min(hardware, key=lambda item: abs(_start(item) - _start(time))) for time in times]
        yield from ((*item, *time) for item, time in zip(nearest, times, strict=True))
        yield from (item for item in hardware if item not in nearest and _is_said_apart(item))


def _in_one_clause(hardware: Sequence[Parts], time: Parts) -> Sequence[Parts]:
    """The hardware that stands in the clause of a time, or in one that tells of no training itself; all of it where none does."""
    own = [item for item in hardware if not _is_parted(item[0], time[0])]
    return [item for item in hardware if item in own or not _tells_of_training(item[0])] if own else hardware


def _is_parted(one: Part, other: Part) -> bool:
    here, there = _place(one), _place(other)
    return one.statement is other.statement and is_parted(one.statement.sentence.text, here, there)


def _tells_of_training(part: Part) -> bool:
    """Whether the clause of a part does: `played on 50 CPUs while the network was trained on 8 GPUs` is one training."""
    return phase_in((clause_at(part.statement.sentence.text, _place(part)),))[0] != "unspecified"


def _place(part: Part) -> int:
    return part.told.finding.start - part.statement.sentence.start


def _is_said_apart(item: Parts) -> bool:
    """Whether hardware is counted in so many words: a name that stands between two times is of one of their runs."""
    return any(COUNT in part.told.finding.paths for part in item)


def _start(item: Parts) -> int:
    return item[0].told.finding.start
