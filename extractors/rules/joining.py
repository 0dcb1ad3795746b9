"""Which facts of a paragraph are of one run: hardware with its times, then schedules and resources beside them.

Hardware and times are paired in `rules.pairing`; epochs, number format, training set and energy stay with the nearest run of
their phase. What sentences state, filtered by what it is said of, comes from `rules.statements`; drafts are made of it in
`rules.training`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.facts.fields import FIELDS, Phase, may_be_one_phase, same_value
from extractors.rules.findings import Fact
from extractors.rules.lengths import EPOCHS
from extractors.rules.pairing import Part, Parts, model_said_with, speaks_of_all, stated_runs, times_of
from extractors.rules.phases import phase_of
from extractors.rules.statements import Statement


def runs_of(statements: Sequence[Statement]) -> Iterator[Parts]:
    """The runs that a paragraph states, each as its parts; the first part leads."""
    runs = [run for index in range(len(statements)) for run in stated_runs(statements, index)]
    schedules = [Part(told, statement) for statement in statements for told in statement.schedules]
    resources = [Part(told, statement) for statement in statements for told in statement.resources]
    yield from _with_resources(list(_with_schedules(runs, schedules)), resources)


def _with_schedules(runs: Sequence[Parts], told: Sequence[Part]) -> Iterator[Parts]:
    """The runs with epochs, steps and batch size; of several steps the first, for the others are stages of a schedule.

    Further epochs, and what is said of another phase or model, are of runs that nothing else is told of.
    """
    homes = _homes(runs, told)
    kept = [tuple(_first_of_each(home)) for home in homes]
    yield from ((*run, *beside) for run, beside in zip(runs, kept, strict=True))
    placed = [part for home in homes for part in home]
    alone = [part for part in told if part not in placed]
    while alone:
        together = [part for part in alone if may_be_one_phase(_phase(alone[0]), _phase(part))]
        kept.append(tuple(_first_of_each(together)))
        yield kept[-1]
        alone = [part for part in alone if part not in together]
    taken = [part for beside in kept for part in beside]
    more = [part for part in told if EPOCHS in part.told.finding.paths or _is_of_another(part, taken)]
    yield from _groups([part for part in _distinct([*taken, *more]) if part not in taken])


def _is_of_another(part: Part, taken: Sequence[Part]) -> bool:
    """Whether a sentence names a model of which no run takes anything."""
    named = model_said_with(part)
    return named is not None and named not in map(model_said_with, taken)


def _with_resources(runs: Sequence[Parts], told: Sequence[Part]) -> Iterator[Parts]:
    """The runs with what their resources are; a second value of one kind is said of a run that is not told here."""
    rest = list(_distinct(told))
    for run, home in zip(runs, _homes(runs, rest), strict=True):
        kept = tuple(_first_of_each(home))
        rest = [part for part in rest if part not in kept]
        yield *run, *kept
    yield from _groups(rest)


def _groups(rest: Sequence[Part]) -> Iterator[Parts]:
    """Runs of parts that no run takes, each with one value of a kind."""
    while rest:
        group = tuple(_first_of_each(rest))
        yield group
        rest = [part for part in rest if part not in group]


def _homes(runs: Sequence[Parts], parts: Sequence[Part]) -> list[list[Part]]:
    """The parts that stand nearest to each run and of its phase; runs that stand in one place share theirs.

    What a sentence says of `both` is of all that say nothing else in their own sentence. A part in the sentence of one run's time is not of others that only share its hardware. As many parts of a kind as the
    sentence has times go with these in order: `for 90 and 120 epochs, which takes 10 and 14 hours`.
    """
    homes: list[list[Part]] = [[] for _ in runs]
    for part in parts:
        fitting = [i for i, run in enumerate(runs) if may_be_one_phase(_phase(run[0]), _phase(part))]
        timed = [i for i in fitting if any(part.statement is time.statement for time in times_of(runs[i]))]
        alike = [other for other in parts if _are_alike(part, other)]
        if len(timed) == len(alike) > 1:
            homes[timed[alike.index(part)]].append(part)
            continue
        if speaks_of_all(part.statement):
            for index in fitting:
                if not _is_said_of_one(runs[index], part, parts):
                    homes[index].append(part)
            continue
        gaps = {i: abs(runs[i][0].told.finding.start - part.told.finding.start) for i in timed or fitting}
        for index, gap in gaps.items():
            if gap == min(gaps.values()):
                homes[index].append(part)
    return homes


def _is_said_of_one(run: Parts, part: Part, parts: Sequence[Part]) -> bool:
    """Whether another sentence, which states a run, has a part of the same kind for it."""
    own = [other for other in parts if any(other.statement is stated.statement for stated in run)]
    return any(
        other.statement is not part.statement and other.told.finding.paths & part.told.finding.paths
        for other in own
    )


def _are_alike(one: Part, other: Part) -> bool:
    """Whether two parts of one sentence give the same fields."""
    return one.statement is other.statement and one.told.finding.paths == other.told.finding.paths


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
