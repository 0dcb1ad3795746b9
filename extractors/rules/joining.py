"""Which facts of a paragraph are of one run: hardware and times of neighbouring sentences, schedules beside them.

`We use 8 V100 GPUs. Training takes 3 days.` is one run in two sentences; `takes 2 days on A and 5 on B` are two in
one; resources (number format, training set, energy) stay with the nearest run. What sentences state, filtered by what it is said of, comes from `rules.telling`; drafts are made of it in
`rules.training`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.facts.fields import FIELDS, same_value
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR
from extractors.rules.durations import WALL_TIME
from extractors.rules.findings import Fact
from extractors.rules.statements import Statement, Told
from extractors.rules.telling import REACH

_ALL = re.compile(
    r"^(?:each|all|both|every|these|the (?:pre-?)?training of (?:each|all|both))\b", re.IGNORECASE
)
"""Beginnings of a sentence that speaks of every run just named."""


@dataclass(frozen=True, slots=True)
class Part:
    """A finding as part of a run: where it stands and how far from the run's first part."""

    told: Told
    statement: Statement
    distance: int = 0


Parts = tuple[Part, ...]


def runs_of(statements: Sequence[Statement]) -> Iterator[Parts]:
    """The runs that a paragraph states, each as its parts; the first part leads."""
    runs = [run for index in range(len(statements)) for run in _runs(statements, index)]
    yield from _with_resources(tuple(_with_schedules(runs, statements)), statements)


def _runs(statements: Sequence[Statement], index: int) -> Iterator[Parts]:
    """The runs that a sentence states, each with the hardware of its own or a neighbouring sentence."""
    statement = statements[index]
    hardware = [Part(told, statement) for told in statement.hardware]
    times = list(_times(statement))
    if times:
        yield from _paired(_completed(hardware, statements, index), times)
    else:
        yield from ((part,) for part in hardware if ACCELERATOR in part.told.finding.paths)


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
    """The hardware of a time: its own sentence's, else a neighbour's; bare `32 workers` take a neighbour's name."""
    if not hardware:
        return [(part,) for part in _nearby(statements, index)]
    if any(ACCELERATOR in part.told.finding.paths for part in hardware):
        return [(part,) for part in hardware]
    names = [_name_of(part) for part in _nearby(statements, index) if ACCELERATOR in part.told.finding.paths]
    return [(part, *names[:1]) for part in hardware]


def _name_of(part: Part) -> Part:
    finding = part.told.finding
    names = tuple(fact for fact in finding.facts if fact.path == ACCELERATOR)
    return replace(part, told=replace(part.told, finding=replace(finding, facts=names)))


def _nearby(statements: Sequence[Statement], index: int) -> list[Part]:
    """Hardware of the nearest sentence that states some, looking back first; `each ... took` means all just named."""
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
    return []


def _paired(hardware: Sequence[Parts], times: Sequence[Parts]) -> Iterator[Parts]:
    """Which time belongs to which hardware: in order if there are as many of both, else every one with every one."""
    if not hardware:
        yield from times
    elif len(hardware) == len(times):
        yield from ((*item, *time) for item, time in zip(hardware, times, strict=True))
    elif len(times) == 1 or len(hardware) == 1:
        yield from ((*item, *time) for item in hardware for time in times)
    else:
        for time in times:
            start = time[0].told.finding.start
            nearest = min(hardware, key=lambda item: abs(item[0].told.finding.start - start))
            yield *nearest, *time


def _with_schedules(runs: Sequence[Parts], statements: Sequence[Statement]) -> Iterator[Parts]:
    """Epochs, steps and batch size go to the nearest run of the paragraph, or make one of their own."""
    parts = [Part(told, statement) for statement in statements for told in statement.schedules]
    if not runs:
        if parts:
            yield tuple(_first_of_each(parts))
        return
    for run, home in zip(runs, _homes(runs, parts), strict=True):
        yield *run, *_first_of_each(home)


def _with_resources(runs: Sequence[Parts], statements: Sequence[Statement]) -> Iterator[Parts]:
    """The runs with what their resources are; a second value of one kind is said of a run that is not told here."""
    rest = list(
        _distinct([Part(told, statement) for statement in statements for told in statement.resources])
    )
    for run, home in zip(runs, _homes(runs, rest), strict=True):
        kept = tuple(_first_of_each(home))
        rest = [part for part in rest if part not in kept]
        yield *run, *kept
    while rest:
        group = tuple(_first_of_each(rest))
        rest = [part for part in rest if part not in group]
        yield group


def _homes(runs: Sequence[Parts], parts: Sequence[Part]) -> list[list[Part]]:
    """The parts that stand nearest to each run; runs that stand in one place share theirs."""
    homes: list[list[Part]] = [[] for _ in runs]
    for part in parts if runs else ():
        gaps = [abs(run[0].told.finding.start - part.told.finding.start) for run in runs]
        least = min(gaps)
        for home, gap in zip(homes, gaps, strict=True):
            if gap == least:
                home.append(part)
    return homes


def _distinct(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts that say more than one in front of them."""
    kept: list[Part] = []
    for part in parts:
        if not any(all(_says(other, fact) for fact in part.told.finding.facts) for other in kept):
            kept.append(part)
            yield part


def _says(part: Part, fact: Fact) -> bool:
    value = part.told.finding.value(fact.path)
    return value is not None and same_value(FIELDS[fact.path], value, fact.value)


def _first_of_each(parts: Sequence[Part]) -> Iterator[Part]:
    seen = set[str]()
    for part in parts:
        if not part.told.finding.paths & seen:
            seen |= part.told.finding.paths
            yield part
