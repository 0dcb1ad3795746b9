"""Which facts of a paragraph are of one run: hardware with its times, then schedules and resources beside them.

Hardware and times are paired in `rules.pairing`; epochs, number format, training set and energy stay with the nearest run of
their phase. What sentences state, filtered by what it is said of, comes from `rules.statements`; drafts are made of it in
`rules.training`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.facts.fields import FIELDS, Phase, may_be_one_phase, same_value
from extractors.rules.findings import Fact
from extractors.rules.pairing import Part, Parts, stated_runs
from extractors.rules.phases import phase_of
from extractors.rules.schedules import EPOCHS
from extractors.rules.statements import Statement


def runs_of(statements: Sequence[Statement]) -> Iterator[Parts]:
    """The runs that a paragraph states, each as its parts; the first part leads."""
    runs = [run for index in range(len(statements)) for run in stated_runs(statements, index)]
    yield from _with_resources(tuple(_with_schedules(runs, statements)), statements)


def _with_schedules(runs: Sequence[Parts], statements: Sequence[Statement]) -> Iterator[Parts]:
    """Epochs, steps and batch size go to the nearest run of the paragraph that is of their phase, or make one of their own.

    Epochs that no run takes are those of a run that nothing else is told of.
    """
    parts = [Part(told, statement) for statement in statements for told in statement.schedules]
    kept, homes = list[Part](), _homes(runs, parts)
    for run, home in zip(runs, homes, strict=True):
        kept += _first_of_each(home)
        yield *run, *_first_of_each(home)
    alone = tuple(_first_of_each([part for part in parts if not any(part in home for home in homes)]))
    if alone:
        yield alone
    lengths = [part for part in (*kept, *alone, *parts) if EPOCHS in part.told.finding.paths]
    yield from ((part,) for part in _distinct(lengths) if part not in kept and part not in alone)


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
    """The parts that stand nearest to each run and of its phase; runs that stand in one place share theirs."""
    homes: list[list[Part]] = [[] for _ in runs]
    for part in parts:
        gaps = {
            index: abs(run[0].told.finding.start - part.told.finding.start)
            for index, run in enumerate(runs)
            if may_be_one_phase(_phase(run[0]), _phase(part))
        }
        for index, gap in gaps.items():
            if gap == min(gaps.values()):
                homes[index].append(part)
    return homes


def _phase(part: Part) -> Phase:
    statement = part.statement
    return phase_of(statement.sentence, part.told.finding.start, statement.before)[0]


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
