"""Invented seasons of nights: run reports with weekends, holidays, growth, deadlines and themes, sound or with a silent failure.

How many papers hold what, and how unevenly, is what this software reads from the 84 labelled papers. How nights differ is a
guess on the cautious side: papers of a night are more alike than chance (a theme that lasts some nights, and each field's own
wandering), volumes vary by an eighth beside weekdays, some weeks are thin for reasons that no calendar here knows, and one
or two conferences a season bring half as much again, of other kinds of papers. The source lists again what changed in the last seven
days, and beside it known papers that changed without a new version: a few each night, now and then very many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from flows.watch.report import Backlog, Disk, Found, RunReport, Steps

WARM_UP = 70
"""Nights before those that are judged."""
NIGHTS = 90
_LOOKS_BACK = 7
"""Nights whose papers are listed again."""
THEME, WANDERING = 0.09, 0.10
"""By how much the log odds of a field move from night to night, all together and each for itself: beside chance, a share of a half
differs between nights by 0.04 then."""
_WEEKDAYS = (1.0, 1.15, 1.05, 1.0, 0.95, 0.0, 0.0)
_RUSH = (1.1, 1.3, 1.5, 1.45, 1.35, 1.25, 1.1)
"""How many more papers come in the week of a conference's deadline, day by day."""
_CLOSED = frozenset(
    date.fromisoformat(f"{year}-{day}")
    for year, days in (
        (2023, "12-25"),
        (2024, "01-01 01-15 05-27 06-19 07-04 09-02 11-28 11-29 12-24 12-25"),
        (2025, "01-01 01-20 05-26 06-19 07-04 09-01 11-27 11-28 12-24 12-25"),
        (2026, "01-01 01-19 05-25 06-19 07-03 09-07 11-26 11-27 12-24 12-25"),
    )
    for day in days.split()
)
"""Days without announcements."""
_THIN_WEEKS = (
    (date(2026, 2, 16), 0.75),
    (date(2026, 10, 1), 0.8),
    (date(2026, 8, 10), 0.85),
    (date(2026, 12, 23), 0.45),
)

FIELDS: dict[str, tuple[float, float]] = {
    "run.accelerator": (0.69, 4.0), "run.count": (0.58, 3.6), "run.training_set_size": (0.57, 2.2),
    "run.training_set": (0.54, 2.0), "run.batch_size": (0.50, 2.1), "run.wall_time": (0.45, 4.1),
    "result.score": (0.45, 41.0), "model.parameters": (0.42, 13.8), "run.steps": (0.35, 2.8), "run.epochs": (0.33, 2.7),
    "model.flops": (0.11, 11.0), "run.device_batch_size": (0.095, 1.1), "run.number_format": (0.095, 1.8),
    "model.multiply_adds": (0.07, 13.5), "run.device_time": (0.036, 4.0), "run.utilisation": (0.024, 5.0),
    "run.epoch_time": (0.012, 7.0), "run.energy": (0.012, 3.0), "run.emissions": (0.012, 2.0), "run.compute": (0.012, 15.0),
}  # fmt: skip
"""Share of papers with the field, and facts in those that have it."""
RULES: dict[str, tuple[float, float]] = {
    "training.accelerator-count": (0.68, 5.8), "resources.training-set-size": (0.57, 2.9), "training.run-length": (0.52, 3.3),
    "training.batch-size": (0.48, 2.1), "resources.training-set": (0.45, 1.5), "scores.table": (0.45, 40.0),
    "training.wall-time": (0.40, 2.3), "costs.table": (0.32, 21.6), "scores.sentence": (0.21, 2.4),
    "costs.parameters": (0.19, 4.4), "training.table-cell": (0.155, 14.8), "resources.device-batch-size": (0.095, 1.6),
    "resources.number-format": (0.095, 1.8), "costs.operations": (0.036, 3.7), "training.worker-count": (0.036, 1.0),
    "resources.utilisation": (0.024, 1.5), "training.device-time": (0.024, 4.0), "resources.pace": (0.012, 1.0),
    "training.tpu-slice": (0.012, 6.0), "resources.emissions": (0.012, 1.0), "resources.energy": (0.012, 1.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that breaks silently on a night and stays broken."""

    what: str
    """`rule`, `field`, `source` or `arrivals`."""
    name: str = ""

    def keeps(self, what: str, name: str) -> float:
        """The share of what is found that is still found: a rule stops, a field loses half.

        A source that fails lists half of all that it has; where `arrivals` fail, half of what is new never comes, and all that is
        known is listed as ever, which is harder to tell.
        """
        if (what, name) != (self.what, self.name):
            return 1.0
        return 0.0 if what == "rule" else 0.5


NOTHING = Failure("none")


class Season:
    """Nights to come, drawn by a seed."""

    def __init__(self, seed: int, papers: float) -> None:
        """Draw what the nights will be like.

        Args:
            seed: of all that is random in it.
            papers: read on a usual working night.
        """
        rng = np.random.default_rng(seed)
        self.seed, self.papers = seed, papers
        first = date(2024, 1, 1) + timedelta(days=int(rng.integers(0, 700)))
        self.days = [first + timedelta(days=n) for n in range(WARM_UP + NIGHTS)]
        self._volumes, deadline = _volumes(self.days, rng)
        self._contents = _Contents(rng, len(self.days), deadline)

    def nights(self) -> tuple[RunReport, ...]:
        """The reports of its nights, with nothing wrong."""
        return tuple(map(self.night, range(len(self.days))))

    def night(self, n: int, failure: Failure = NOTHING) -> RunReport:
        """The report of one night, in which something may be broken; all else is as without."""
        rng, lost = (np.random.default_rng((self.seed, n, part)) for part in range(2))
        day, volume = self.days[n], self._volumes[n]
        new, revised = self._arriving(rng, volume)
        again = self._listed_again(n)
        if failure.what in {"source", "arrivals"}:
            new, revised = int(lost.binomial(new, 0.5)), int(lost.binomial(revised, 0.5))
        if failure.what == "source":
            again = int(lost.binomial(again, 0.5))
        chosen = int(rng.binomial(new + revised, 0.32))
        unfetched = int(rng.binomial(chosen, rng.beta(0.01 * 40, 0.99 * 40)))
        unreadable = int(rng.binomial(chosen - unfetched, rng.beta(0.015 * 40, 0.985 * 40)))
        read = chosen - unfetched - unreadable
        found = {
            what: {
                name: _found(
                    rng, lost, read, self._contents.share(what, name, n), facts, failure.keeps(what, name)
                )
                for name, (_, facts) in table.items()
            }
            for what, table in (("field", FIELDS), ("rule", RULES))
        }
        began = datetime.combine(day, time(3, 30), UTC)
        steps = Steps(new + revised + again, new, revised, new + revised, chosen, {"other": new + revised - chosen},
                      chosen - unfetched, unfetched, read, unreadable, read)  # fmt: skip
        return RunReport(
            f"nightly {day}", "nightly", "simulated", "", False, "burden-1", began - timedelta(days=8), began, began,
            began + timedelta(hours=1), "done", steps, Disk(10**12, 2 * 10**12, n * 10**8), Backlog(), {},
            {k: f for k, f in found["field"].items() if f.papers}, {k: f for k, f in found["rule"].items() if f.papers},
            {}, began - timedelta(days=1), began,
        )  # fmt: skip

    def _arriving(self, rng: np.random.Generator, volume: float) -> tuple[int, int]:
        return int(rng.poisson(volume * self.papers * 2)), int(rng.poisson(volume * self.papers * 1.2))

    def _listed_again(self, n: int) -> int:
        """Known papers in the seven days that a night looks back at; one in twenty changed twice and is listed once."""
        rng = np.random.default_rng((self.seed, n, 2))
        nights = range(max(n - _LOOKS_BACK, 0), n)
        known = sum(
            sum(self._arriving(np.random.default_rng((self.seed, night, 0)), self._volumes[night]))
            for night in nights
        )
        touched = (
            self.papers * math.exp(rng.normal(0, 0.4)) * (rng.uniform(5, 30) if rng.random() < 0.02 else 1)
        )
        return int(rng.binomial(known, 0.95)) + int(rng.poisson(touched))


def _found(
    rng: np.random.Generator, lost: np.random.Generator, read: int, share: float, facts: float, kept: float
) -> Found:
    """Facts in each of the papers: many have one, some have dozens."""
    holding = int(rng.binomial(read, share))
    more = rng.poisson(rng.gamma(0.6, (facts - 1) / 0.6, holding)) if facts > 1 else np.zeros(holding, int)
    each = lost.binomial(1 + more, kept)
    return Found(int((each > 0).sum()), int(each.sum()), int((each**2).sum()))


def _volumes(days: Sequence[date], rng: np.random.Generator) -> tuple[list[float], list[bool]]:
    """Papers of each day, as shares of a usual working day's, and whether it is of a conference's deadline."""
    deadlines = rng.choice(len(days), int(rng.integers(2, 4)), replace=False)
    wave, held, volumes, is_deadline = 0.0, 0.0, [], []
    for n, day in enumerate(days):
        wave = 0.4 * wave + rng.normal(0, 0.11)
        since = [n - begin for begin in deadlines if 0 <= n - begin < len(_RUSH)]
        thin = next((f for at, f in _THIN_WEEKS if 0 <= (day - at.replace(year=day.year)).days < 7), 1.0)
        thin *= 0.65 if rng.random() < 0.01 else 1.0
        usual = 1.3 ** (n / 365) * math.exp(wave) * (_RUSH[min(since)] if since else 1.0) * thin
        closed = day in _CLOSED
        volumes.append(0.0 if closed else usual * (_WEEKDAYS[day.weekday()] + held))
        held = 0.5 if closed else held if day.weekday() >= 5 else 0.0
        is_deadline.append(bool(since))
    return volumes, is_deadline


class _Contents:
    """What share of each night's papers holds what."""

    def __init__(self, rng: np.random.Generator, nights: int, deadline: Sequence[bool]) -> None:
        theme, self._themes = 0.0, []
        for _ in range(nights):
            theme = 0.6 * theme + rng.normal(0, THEME)
            self._themes.append(theme)
        self._deadline = deadline
        self._own = {
            (what, name): (
                rng.normal(0, WANDERING, nights),
                rng.normal(0, 1),
                rng.normal(0, 0.2),
                rng.normal(0, 0.2),
            )
            for what, table in (("field", FIELDS), ("rule", RULES))
            for name in table
        }

    def share(self, what: str, name: str, night: int) -> float:
        """Of the papers of a night that hold a field, or something that a rule reads."""
        wandering, loading, drift, rush = self._own[what, name]
        usual = (FIELDS if what == "field" else RULES)[name][0]
        shift = (
            wandering[night]
            + loading * self._themes[night]
            + drift * night / 365
            + rush * self._deadline[night]
        )
        return 1 / (1 + (1 / usual - 1) * math.exp(-shift))
