"""Alarms in invented seasons: how soon a silent failure is told, how often nothing was wrong, and what is too rare to be told soon.

Thresholds were chosen on seasons of the seeds `TUNED` and `TUNED_VOLUME`; what is reported is of others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from benchmarks.seasons import FIELDS, NIGHTS, RULES, WARM_UP, Failure, Season
from flows.watch.holidays import is_quiet
from flows.watch.judge import judge
from flows.watch.report import RunReport
from flows.watch.thresholds import USUAL, Thresholds

TUNED = range(100)
TUNED_VOLUME = range(3000, 3120)
"""Of volume, and of what is listed again."""
REPORTED = range(1000, 1100)
SOON = 2
"""Nights with papers within which a failure should be told."""
LATE = 11
"""Nights after which nobody waits any more."""
PAPERS = 400.0
"""Read on a usual working night, new and revised: about what the categories asked for by default bring."""


@dataclass(slots=True)
class Tally:
    """What came of the seasons."""

    nights: int = 0
    false: list[str] = field(default_factory=list)
    """Alarms on sound nights, each once as long as it lasts."""
    delays: dict[Failure, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Nights with papers from a failure to its alarm, season by season; `LATE` where there was none. For a source those that
    are no holidays, on which few papers mean nothing."""

    def add(self, other: Tally) -> None:
        self.nights += other.nights
        self.false += other.false
        for failure, delays in other.delays.items():
            self.delays[failure] += delays

    @property
    def false_per_100(self) -> float:
        """False alarms in a hundred nights."""
        return 100 * len(self.false) / self.nights

    def told(self, failures: Iterable[Failure], within: int = SOON) -> float:
        """Share of failures that were told in time."""
        delays = [delay for failure in failures for delay in self.delays[failure]]
        return sum(delay <= within for delay in delays) / len(delays)


def sound(season: Season, reports: Sequence[RunReport], by: Thresholds) -> Tally:
    """Judge every night of a season in which nothing is wrong."""
    tally, lasting = Tally(NIGHTS), frozenset[tuple[str, str]]()
    for n in range(WARM_UP, len(reports)):
        alarms = {(alarm.kind, alarm.subject) for alarm in judge(reports[:n], reports[n], by)}
        tally.false += [
            f"{season.seed} {reports[n].day} {kind}: {subject}" for kind, subject in sorted(alarms - lasting)
        ]
        lasting = frozenset(alarms)
    return tally


def broken(season: Season, reports: Sequence[RunReport], failure: Failure, by: Thresholds) -> Tally:
    """Let something break on a working night of the season, and judge until it is told."""
    rng = np.random.default_rng((season.seed, sum(map(ord, failure.name))))
    onset = int(rng.choice([n for n in range(WARM_UP, WARM_UP + 55) if reports[n].steps.read]))
    known, delay = list(reports[:onset]), 0
    for n in range(onset, len(season.days)):
        tonight = season.night(n, failure)
        delay += bool(tonight.steps.read) and not (failure in SOURCES and is_quiet(tonight.day))
        if delay >= LATE or any(_tells(a.kind, a.subject, failure) for a in judge(known, tonight, by)):
            break
        known.append(tonight)
    return Tally(delays=defaultdict(list, {failure: [delay]}))


def _tells(kind: str, subject: str, failure: Failure) -> bool:
    if failure in SOURCES:
        return kind in {"volume", "silence", "missing"}
    return (kind, subject) == (f"yield of {failure.what}", failure.name)


SOURCE, ARRIVALS = Failure("source"), Failure("arrivals")
SOURCES = (SOURCE, ARRIVALS)
RULE_FAILURES = tuple(Failure("rule", name) for name in RULES)
FIELD_FAILURES = tuple(Failure("field", name) for name in FIELDS)
FAILURES = (*SOURCES, *RULE_FAILURES, *FIELD_FAILURES)


def _season(job: tuple[int, float, Sequence[Failure], bool, Thresholds]) -> Tally:
    seed, papers, failures, is_sound, by = job
    season, tally = Season(seed, papers), Tally()
    reports = season.nights()
    if is_sound:
        tally.add(sound(season, reports, by))
    for failure in failures:
        tally.add(broken(season, reports, failure, by))
    return tally


def run(
    seeds: Iterable[int],
    *,
    papers: float = PAPERS,
    failures: Sequence[Failure] = FAILURES,
    is_sound: bool = True,
    by: Thresholds = USUAL,
    workers: int = 1,
) -> Tally:
    """Seasons of these seeds, judged."""
    jobs = [(seed, papers, failures, is_sound, by) for seed in seeds]
    tally = Tally()
    if workers == 1:
        for job in jobs:
            tally.add(_season(job))
        return tally
    with ProcessPoolExecutor(workers) as pool:
        for part in pool.map(_season, jobs):
            tally.add(part)
    return tally


def report(seeds: Sequence[int] = REPORTED, workers: int = 2) -> None:
    """Print what came of the seasons."""
    tally = run(seeds, workers=workers)
    print(f"{len(seeds)} seasons of {NIGHTS} nights, about {PAPERS:.0f} papers read on a working night")
    print(f"false alarms: {len(tally.false)} in {tally.nights:,} nights, {tally.false_per_100:.2f} in 100")
    for text in tally.false:
        print(f"  {text}")
    for what, group in (
        ("a source that lists half", [SOURCE]),
        ("a source that lists all that is known and half of what is new", [ARRIVALS]),
        ("rules that stop", RULE_FAILURES),
        ("fields that halve", FIELD_FAILURES),
    ):
        smallest = _smallest(tally, group)
        common = [failure for failure in group if _share(failure) >= smallest]
        told = f"{tally.told(common):.1%} told in {SOON} nights" if common else f"not told in {SOON} nights"
        print(f"{what}, in {smallest:.1%} of papers or more: {told}; all of them: {tally.told(group):.1%}")
    print(
        f"{'what breaks':<40} {'papers':>7} {'in 1':>6} {'in 2':>6} {'in 7':>6} {'in 10':>6}  median nights"
    )
    for failure in FAILURES:
        row = " ".join(f"{tally.told([failure], within):6.0%}" for within in (1, SOON, 7, LATE - 1))
        print(
            f"{failure.what + ' ' + failure.name:<40} {_share(failure):7.1%} {row}  {np.median(tally.delays[failure]):.0f}"
        )


def _share(failure: Failure) -> float:
    return (FIELDS | RULES)[failure.name][0] if failure.name else 1.0


def _smallest(tally: Tally, group: Sequence[Failure]) -> float:
    """The share of papers from which on every failure of a kind is told in time, in 95 of 100 seasons."""
    late = [_share(failure) for failure in group if tally.told([failure]) < 0.95]
    return min(
        (_share(failure) for failure in group if _share(failure) > max(late, default=0.0)), default=1.0
    )
