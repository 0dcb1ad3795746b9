"""From run reports to alarms: what is said of tonight, after what recent nights were like. A pure function.

Five kinds of things are watched. *Silence*: nothing came, known papers are not listed again, the watermark stays behind, the nights themselves fail. *Volume*:
far fewer new papers than on the same days of the week before. *Yield*: far fewer facts of a field, or by a rule, in the
papers read. *Errors*: far more files or papers that fail. *Room* on the disk. Papers are counted by the day, so that a second
run of the same day is no silence; days on which arXiv announces nothing are in `flows.watch.holidays`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from flows.watch.bands import (
    Rate,
    amount_of,
    below,
    bound_for,
    few_facts,
    few_papers,
    many_papers,
    rate_of,
    spread_below,
)
from flows.watch.holidays import is_quiet
from flows.watch.report import Found, RunReport
from flows.watch.thresholds import USUAL, Thresholds


@dataclass(frozen=True, slots=True)
class Alarm:
    """A sign that something is wrong."""

    kind: str
    subject: str
    """What it is about; with the kind, what makes it the same alarm as that of another night."""
    message: str
    """What was seen and what was expected, as sentences."""


Judgement = Iterator[Alarm]


def judge(history: Sequence[RunReport], today: RunReport, by: Thresholds = USUAL) -> tuple[Alarm, ...]:
    """The alarms of tonight.

    Args:
        history: earlier reports, in any order; those of other kinds, sources or selections are passed over.
        today: tonight's.
        by: the thresholds.
    """
    alike = (report for report in history if _series(report) == _series(today) and report.key != today.key)
    current = (report for report in alike if _is_current(report))
    known = [*sorted(current, key=lambda report: report.started_at), today]
    parts: tuple[Callable[[Sequence[RunReport], Thresholds], Judgement], ...] = (
        _silence, _missing, _volume, _yields, _errors, _room,
    )  # fmt: skip
    return tuple(alarm for part in parts for alarm in part(known, by))


def _series(report: RunReport) -> tuple[str, str, str]:
    return report.kind, report.source, report.selection


def _is_current(report: RunReport) -> bool:
    """Whether it asked for what was new on its day: an older or a long window says nothing of usual nights."""
    began = report.started_at
    return report.until >= began - timedelta(days=2) and report.since >= began - timedelta(days=31)


# Silence


_FRESH = timedelta(days=2)
"""Age of a watermark up to which the feeds of a source are taken to be at one: what each looks back at begins on the same day."""
_PASSING = frozenset({"RateLimitedError", "UnreachableError"})
"""Errors of a feed that are usually over by the next night."""


def _silence(known: Sequence[RunReport], by: Thresholds) -> Judgement:
    today = known[-1]
    failed = 0
    while failed < len(known) and (known[-1 - failed].outcome == "failed" or known[-1 - failed].feed_error):
        failed += 1
    if today.error == "SilentSourceError":
        yield Alarm(
            "silence", "listings", f"The source listed nothing from {today.since:%Y-%m-%d} on. {today.note}"
        )
    elif today.feed_error and (today.feed_error not in _PASSING or failed >= by.nights_failed):
        yield Alarm("feed", "listings", f"The source did not list all that it has. {today.note}")
    elif failed >= by.nights_failed:
        yield Alarm("failed", "nights", f"{failed} nights in a row have failed, the last with: {today.note}")
    if today.watermark is not None and not today.is_chosen:
        age = (today.ended_at - today.watermark) / timedelta(days=1)
        if age > by.watermark_days:
            since = f"{today.watermark:%Y-%m-%d %H:%M}"
            yield Alarm(
                "watermark",
                "watermark",
                f"The source is harvested until {since} UTC only, {age:.1f} days ago.",
            )


def _missing(known: Sequence[RunReport], by: Thresholds) -> Judgement:
    """Known papers that tonight's window holds and that were not listed again: who lists half of what is new lists half of these too."""
    judged = [one for one in _listed_again(known) if one.due >= by.listed_least]
    before, tonight = judged[:-1][-by.reference :], judged[-1:]
    if len(before) < by.least_nights or tonight[0].key != known[-1].key:
        return
    usual = median(one.share for one in before)
    spread = max(spread_below([math.log((one.share + 0.01) / usual) for one in before]), 0.05)
    (now,) = tonight
    if (
        now.share <= by.listed_again * usual
        and below(-math.log((now.share + 0.01) / usual) / spread) < by.volume
    ):
        yield Alarm(
            "missing",
            "listings",
            f"{now.came:,} papers that were known were listed again; about {usual * now.due:,.0f} were expected "
            f"of what the nights before brought since {known[-1].since:%Y-%m-%d}.",
        )


@dataclass(frozen=True, slots=True)
class _ListedAgain:
    key: str
    came: int
    due: int
    """Papers and versions that nights before brought and whose days are all in the window."""

    @property
    def share(self) -> float:
        return self.came / self.due


def _listed_again(known: Sequence[RunReport]) -> Iterator[_ListedAgain]:
    """Of the nights that heard the whole of a window which begins where the night before says."""
    for at, report in enumerate(known):
        mark = report.watermark_before
        is_whole = not (report.error or report.feed_error or report.is_chosen or report.is_resumed)
        if is_whole and mark is not None and report.started_at - mark <= _FRESH and _is_current(report):
            inside = (
                one for one in known[:at] if one.watermark_before and one.watermark_before >= report.since
            )
            due = sum(one.steps.arrived for one in inside)
            yield _ListedAgain(report.key, max(report.steps.identified - report.steps.new, 0), due)


# Volume


def _volume(known: Sequence[RunReport], by: Thresholds) -> Judgement:
    """Versions that arrive, one day and two, against the same weekday of the weeks before: as it was, and at the level of the last days."""
    today = known[-1]
    if today.error or today.feed_error or today.is_chosen or not _is_current(today):
        return
    days = [day for day in _arrivals(known) if not is_quiet(day[0])]
    for falls, is_levelled in ((by.level_falls, True), (by.usual_falls, False)):
        distances = [d for d in _distances(days, by, is_levelled=is_levelled) if d.expected >= 1]
        if not distances or distances[-1].day != today.day:
            return
        usual = max(spread_below([distance.log for distance in distances[:-2]]), 0.1)
        for number, fall in enumerate(falls, 1):
            window = distances[-number:]
            log = sum(distance.log for distance in window)
            spread = math.sqrt(sum(usual**2 + 1 / distance.expected for distance in window))
            if log <= len(window) * math.log(fall) and below(-log / spread) < by.volume / 4:  # of four tests
                yield _fewer(window)
                return


def _fewer(window: Sequence[_Distance]) -> Alarm:
    came, expected = sum(day.came for day in window), sum(day.expected for day in window)
    span = " and ".join(str(day.day) for day in window)
    return Alarm(
        "volume",
        "papers",
        f"{came:,} papers and versions arrived on {span}; about {expected:,.0f} were expected.",
    )


@dataclass(frozen=True, slots=True)
class _Distance:
    day: date
    came: int
    expected: float
    log: float
    """Of what came over what was expected."""


def _arrivals(known: Sequence[RunReport]) -> list[tuple[date, int]]:
    """What arrived, by day, of the days with a run that did not fail and heard the source out."""
    days: dict[date, int] = {}
    for report in known:
        if not report.error and not report.feed_error:
            days[report.day] = days.get(report.day, 0) + report.steps.arrived
    return sorted(days.items())


def _distances(days: Sequence[tuple[date, int]], by: Thresholds, *, is_levelled: bool) -> list[_Distance]:
    """Each day against the middle of the same weekday's last eight, perhaps raised or lowered to the level of the last five days."""
    found: list[_Distance] = []
    ratios: list[float] = []
    for at, (day, came) in enumerate(days):
        before = [n for d, n in days[max(at - by.reference, 0) : at] if d.weekday() == day.weekday()][-8:]
        if len(before) >= by.least_days:
            usual = sorted(before)[(len(before) - 1) // 2]
            level = max(median(ratios[-5:]), by.least_level) if ratios else 1.0
            level = level if is_levelled else min(level, 1.0)
            expected = usual * level
            found.append(_Distance(day, came, expected, math.log((came + 0.5) / (expected + 0.5))))
            ratios.append((came + 0.5) / (usual + 0.5))
    return found


# Yield


def _yields(known: Sequence[RunReport], by: Thresholds) -> Judgement:
    """Facts of each field, and by each rule, over the last nights with papers, against the nights before those."""
    if not known[-1].steps.read or not _is_current(known[-1]):
        return
    nights = [report for report in known if report.steps.read][-by.reference - max(by.windows) :]
    tests = [
        test
        for window in by.windows
        if len(nights) - window >= by.least_nights
        for test in _tests(nights[-by.reference - window : -window], nights[-window:])
    ]
    bound = bound_for([test.attainable for test in tests], by.yields)
    told: set[tuple[str, str]] = set()
    for test in tests:
        if test.kind_and_name not in told and test.ratio <= by.yield_fall and test.probability() < bound:
            told.add(test.kind_and_name)
            yield test.alarm()


@dataclass(frozen=True, slots=True)
class _Test:
    """One question: were there too few?"""

    kind: str
    name: str
    seen: int
    expected: float
    what: str
    nights: int
    papers: int
    attainable: float
    """The probability if nothing were found at all."""
    probability: Callable[[], float]

    @property
    def kind_and_name(self) -> tuple[str, str]:
        return self.kind, self.name

    @property
    def ratio(self) -> float:
        return self.seen / self.expected if self.expected else 1.0

    def alarm(self) -> Alarm:
        span = f"the {self.papers:,} papers of the last {self.nights} nights with papers"
        seen = f"{self.seen:,} {self.what}" if self.seen else f"no {self.what}"
        told = f"{self.kind.removeprefix('yield of ')} {self.name}: {seen} in {span}"
        return Alarm(
            self.kind, self.name, f"{told}; the nights before would make it about {self.expected:,.0f}."
        )


def _tests(before: Sequence[RunReport], window: Sequence[RunReport]) -> Iterator[_Test]:
    for kind, pick in (("yield of field", _fields), ("yield of rule", _rules)):
        for name in sorted({name for report in before for name in pick(report)}):
            yield from _tests_of(kind, name, before, window, pick)


def _fields(report: RunReport) -> Mapping[str, Found]:
    return report.fields


def _rules(report: RunReport) -> Mapping[str, Found]:
    return report.rules


_NOTHING = Found(0, 0, 0)


def _tests_of(
    kind: str,
    name: str,
    before: Sequence[RunReport],
    window: Sequence[RunReport],
    pick: Callable[[RunReport], Mapping[str, Found]],
) -> Iterator[_Test]:
    """Papers that have such facts, and where a paper has several, the facts: a paper seldom loses all of many."""
    found = [pick(report).get(name, _NOTHING) for report in before]
    now = [pick(report).get(name, _NOTHING) for report in window]
    read, papers, nights = [r.steps.read for r in before], sum(r.steps.read for r in window), len(window)
    rate = rate_of([f.papers for f in found], read)
    hits, facts = sum(f.papers for f in now), sum(f.facts for f in now)
    common = _Test(
        kind,
        name,
        hits,
        rate.share * papers,
        "papers with it",
        nights,
        papers,
        few_papers(0, papers, nights, rate),
        lambda: few_papers(hits, papers, nights, rate),
    )
    yield common
    if sum(f.facts for f in found) > 1.25 * sum(f.papers for f in found):
        amount = amount_of([f.facts for f in found], [f.squares for f in found], read)
        yield replace(
            common,
            seen=facts,
            expected=amount.mean * papers,
            what="facts",
            attainable=few_facts(0, papers, nights, amount),
            probability=lambda: few_facts(facts, papers, nights, amount),
        )


# Errors


def _errors(known: Sequence[RunReport], by: Thresholds) -> Judgement:
    """Files that do not come and papers that cannot be read, over the last two nights that tried any."""
    nights = [report.steps for report in known]
    for subject, counted in (
        ("fetching", [(night.unfetched, night.unfetched + night.fetched) for night in nights]),
        ("reading", [(night.unreadable, night.unreadable + night.read) for night in nights]),
    ):
        if not counted[-1][0]:
            continue
        tried = [pair for pair in counted if pair[1]]
        before, recent = tried[:-2][-by.reference :], tried[-2:]
        lost, all_ = sum(pair[0] for pair in recent), sum(pair[1] for pair in recent)
        if lost < by.failed_least:
            continue
        usual = (
            rate_of([n for n, _ in before], [n for _, n in before])
            if len(before) >= by.least_nights
            else None
        )
        if lost >= by.failed_share * all_ or (usual and _is_much(lost, all_, len(recent), usual, by)):
            before_that = f"; before, {usual.share:.1%} did" if usual else ""
            yield Alarm(
                "errors",
                subject,
                f"{subject} failed for {lost:,} of {all_:,} in the last nights{before_that}.",
            )


def _is_much(lost: int, tried: int, nights: int, usual: Rate, by: Thresholds) -> bool:
    is_large = lost >= max(by.failed_noted, 2 * usual.share) * tried
    return is_large and many_papers(lost, tried, nights, usual) < by.errors / 2


# Room


def _room(known: Sequence[RunReport], by: Thresholds) -> Judgement:
    today, recent = known[-1], known[-15:]
    free = today.disk.free
    a_night = max(today.disk.stored - recent[0].disk.stored, 0) / max(len(recent) - 1, 1)
    if free < by.free_bytes or (a_night and free < by.free_nights * a_night):
        lasts = f", enough for about {free / a_night:.0f} nights" if a_night else ""
        yield Alarm("disk", "data folder", f"{free / 1e9:.1f} GB are free{lasts}.")
