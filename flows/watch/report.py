"""The report of one run: everything that alarms, status and people need of it, as one value with one JSON layout.

What a report says is gathered in `flows.watch.gather`; what it means is judged in `flows.watch.judge`. Nothing here
touches the database or the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from db.prisma import Flow, in_lines
from db.tables import Outcome
from extractors.facts.errors import DatasetError

LAYOUT = 1
"""Version of the JSON; raised when a key changes its meaning or goes. A new key with a default needs no new version."""


@dataclass(frozen=True, slots=True)
class Found:
    """How much of one field, or by one rule, was found in the papers of a run."""

    papers: int
    """Papers with at least one."""
    facts: int
    squares: int
    """Sum over papers of the square of each one's facts: from it follows how unevenly papers hold them."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What was done, step by step; what became of the papers is in the report's `flow`."""

    identified: int = 0
    """Papers that the source listed."""
    new: int = 0
    """Of these, papers that were not known."""
    revised: int = 0
    """Of these, new versions of known papers."""
    screened: int = 0
    chosen: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    fetched: int = 0
    unfetched: int = 0
    """Files that failed to come."""
    read: int = 0
    unreadable: int = 0
    with_facts: int = 0
    """Of the papers read, those in which at least one fact was found."""

    @property
    def arrived(self) -> int:
        """Versions that were not known before."""
        return self.new + self.revised


@dataclass(frozen=True, slots=True)
class Backlog:
    """What was left when the run ended."""

    to_fetch: int = 0
    to_read: int = 0
    queue: int = 0
    """Values that wait for a person."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Room where the data folder is, in bytes."""

    free: int
    total: int
    stored: int
    """What the papers' files take."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """How one run went."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    key: str
    kind: str
    source: str
    selection: str
    """What of the source is asked for: categories, or a folder."""
    is_chosen: bool
    """Whether a person chose these very papers, so that their number says nothing."""
    extractor: str
    since: datetime
    until: datetime
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    steps: Steps
    disk: Disk
    backlog: Backlog = Backlog()
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each phase took."""
    fields: Mapping[str, Found] = field(default_factory=dict)
    """Facts in the papers read, by path of their field."""
    rules: Mapping[str, Found] = field(default_factory=dict)
    """The same by the rule that read them."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """What failed, by stage and type of error."""
    watermark_before: datetime | None = None
    watermark: datetime | None = None
    """How far the source was harvested when the run ended."""
    error: str = ""
    """Type of the error that ended the run as a whole."""
    feed_error: str = ""
    """Type of the error that ended the harvest alone, if one did, so that not all was listed."""
    note: str = ""
    layout: int = LAYOUT
    is_resumed: bool = False
    """Whether its harvest went on where another was left, so that it listed only the rest."""
    flow: Flow | None = None
    """What became of the versions that it worked on, as PRISMA counts them; None in reports of before."""
    whole: Flow | None = None
    """What had become of all papers of the database when it ended."""

    @property
    def day(self) -> date:
        """The day on which it began, in UTC."""
        return self.started_at.date()

    def as_json(self) -> dict[str, object]:
        """As plain JSON."""
        plain: dict[str, object] = _REPORT.dump_python(self, mode="json")
        return plain


_REPORT = TypeAdapter(RunReport)


def report_from_json(plain: Mapping[str, object]) -> RunReport:
    """The report of its JSON; keys that a later version added are passed over.

    Raises:
        DatasetError: it is of another layout, or not a report.
    """
    if plain.get("layout") != LAYOUT:
        raise DatasetError(
            f"a run report of layout {plain.get('layout')}, not {LAYOUT}", where=str(plain.get("key"))
        )
    try:
        return _REPORT.validate_python(plain, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DatasetError(
            f"not a run report: {place}: {first['msg']}", where=str(plain.get("key"))
        ) from error


def line(report: RunReport) -> str:
    """The run in one line for a person."""
    return f"{summary(report)} {report.note}".rstrip()


def summary(report: RunReport) -> str:
    """The same without what else was to be said."""
    took = _duration((report.ended_at - report.started_at).total_seconds())
    return f"{report.kind} {report.day}: {report.outcome} in {took}. {figures(report)}."


def figures(report: RunReport) -> str:
    """How many papers it took how far."""
    steps, excluded = report.steps, sum(report.steps.excluded.values())
    parts = [
        f"{steps.identified:,} listed ({steps.new:,} new, {steps.revised:,} revised)",
        f"{steps.screened:,} screened ({excluded:,} left out)",
        f"{steps.fetched:,} fetched",
        f"{steps.read:,} read ({steps.with_facts:,} with facts)",
    ]
    lost = [(steps.unfetched, "not fetched"), (steps.unreadable, "unreadable")]
    parts += [f"{number:,} {what}" for number, what in lost if number]
    return ", ".join([*parts, f"{report.backlog.queue:,} values waiting"])


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def as_markdown(report: RunReport) -> str:
    """The run as a page, for people who look into Prefect."""
    steps = report.steps
    rows = [
        ("listed", steps.identified),
        ("new", steps.new),
        ("revised", steps.revised),
        ("screened", steps.screened),
        *((f"left out: {reason}", number) for reason, number in steps.excluded.items()),
        ("fetched", steps.fetched),
        ("not fetched", steps.unfetched),
        ("unreadable", steps.unreadable),
        ("read", steps.read),
        ("with facts", steps.with_facts),
    ]
    parts = [
        f"{line(report)}\n",
        _table(("papers", ""), rows),
        _table(("this run", "versions"), in_lines(report.flow) if report.flow else ()),
        _table(("whole database", "papers"), in_lines(report.whole) if report.whole else ()),
        _table(("field", "papers", "facts"), [(k, f.papers, f.facts) for k, f in report.fields.items()]),
        _table(("rule", "papers", "facts"), [(k, f.papers, f.facts) for k, f in report.rules.items()]),
        _table(("phase", "seconds"), report.seconds.items()),
        _table(("failed", ""), report.failures.items()),
    ]
    return "\n".join(part for part in parts if part)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; nothing where it has no rows."""
    lines = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    rule = "|" + " --- |" * len(head)
    return "\n".join([f"| {' | '.join(head)} |", rule, *lines, ""]) if lines else ""


def _cell(value: object) -> str:
    """A value that cannot end its cell or become markup."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(str(value).split()))
