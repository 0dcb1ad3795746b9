"""What `burden status` tells: papers, cells, the queue, the last run and what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from io import StringIO

from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from db.alarms import KeptAlarm, open_alarms
from db.audit import Audited, audited
from db.duplicates import Duplicate, duplicates
from db.engine import migrate, open_database, refuse_missing, snapshot
from db.models import chosen_at, current
from db.overview import Overview, overview
from db.prisma import Flow, fates, in_lines, released_papers
from db.queue import Counts, counts
from db.runs import NIGHTLY, last_run, open_failures, unfinished_backfills
from db.tables import RunRow
from db.whole import Recall, read_completely, recall
from db.yields import stored_bytes
from extractors.facts.fields import Family
from extractors.promise import Promise, borders, reviews_needed
from flows.clock import SystemClock
from flows.lock import is_at_work
from flows.settings import Settings
from flows.watch.gather import disk_of
from flows.watch.report import Backlog, Disk, RunReport, figures, report_from_json

_SHOWN_FAILURES = 10
_SHOWN_DUPLICATES = 3


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that began last."""

    key: str
    outcome: str
    """`interrupted` where it did not say how it ended and nobody is at work on it any more, as after a crash."""
    started_at: datetime
    ended_at: datetime | None
    counts: dict[str, int]
    note: str
    brought: str = ""
    """How many papers it took how far, in words; empty where it could not say."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not work and that nobody has seen to yet."""

    id: int
    stage: str
    subject: str
    reason: str
    tries: int


@dataclass(frozen=True, slots=True)
class Border:
    """From where values are published unseen, or what it takes to prove that any may be."""

    lowest: float | None
    """Probability; None where nothing is proven."""
    reviews_needed: int | None
    """Further decisions that would prove the promise, if they come out as those so far; None: no number would, or there are none."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """By what values are published unseen."""

    version: str
    """Of the confidence model."""
    sha256: str
    chosen_at: datetime | None
    """None where nobody chose it, as it is the packaged one."""
    promised_precision: float
    borders: Mapping[str, Border]
    """By family, and by path of fields that prove it alone."""


@dataclass(frozen=True, slots=True)
class Status:
    """The service at one moment."""

    database: str
    holds: Overview
    flow: Flow
    """What became of all papers."""
    queue: Counts
    confidence: Confidence
    audits: Mapping[Family, Audited]
    """What audits found of the values published unseen."""
    read_completely: int
    """Papers that people read as wholes."""
    recall: Mapping[Family, Recall]
    """What the machine finds in these."""
    last_night: LastRun | None
    backlog: Backlog | None
    """What the last night left; None where it was killed before it could say."""
    backfills: tuple[str, ...]
    """Backfills that are at work or were left in the middle."""
    watermark_days: Mapping[str, float]
    """How old each source's watermark is."""
    disk: Disk | None
    """None where the data folder is not there to be asked."""
    alarms: tuple[KeptAlarm, ...]
    """Those that nobody has seen."""
    failures: tuple[Failure, ...]
    duplicates: tuple[Duplicate, ...] = ()
    """Papers that are the same file as another."""
    at: datetime | None = None
    """When this was so."""

    def as_json(self) -> dict[str, object]:
        """As plain JSON."""
        audits = {
            family: {**asdict(found), "precision": found.precision, "bound": found.bound}
            for family, found in self.audits.items()
        }
        recalls = {
            family: {**asdict(found), "share": found.share, "bound": found.bound}
            for family, found in self.recall.items()
        }
        more = {"audits": audits, "recall": recalls}
        plain: dict[str, object] = _JSON.dump_python({**asdict(self), **more}, mode="json")
        return plain


_JSON = TypeAdapter(dict[str, object])


def status_of(settings: Settings) -> Status:
    """The service's present state.

    Raises:
        UsageError: there is no database yet.
        StoreError: the database cannot be read.
    """
    engine = open_database(settings.database)
    try:
        refuse_missing(engine)
        migrate(engine)
        now = SystemClock().now()
        with snapshot(engine) as opened:
            run = last_run(opened, NIGHTLY)
            report = report_from_json(run.report) if run and run.report else None
            failures = open_failures(opened)
            holds, queue = overview(opened), counts(opened, now)
            flow = fates(opened).flow(released_papers(opened))
            return Status(
                engine.url.render_as_string(hide_password=True),
                holds,
                flow,
                queue,
                _confidence(opened, settings.promise),
                audited(opened),
                len(read_completely(opened)),
                recall(opened),
                _last_night(run, report, is_at_work=is_at_work(settings.data_dir, engine, "crawl"))
                if run
                else None,
                report.backlog if report else None,
                tuple(opened.exec(unfinished_backfills()).all()),
                {
                    name: round((now - reached) / timedelta(days=1), 2)
                    for name, reached in holds.watermarks.items()
                    if reached
                },
                disk_of(settings.data_dir, stored_bytes(opened)) if settings.data_dir.is_dir() else None,
                open_alarms(opened),
                tuple(Failure(f.id or 0, f.stage, f.subject, f.reason, f.tries) for f in failures),
                duplicates(opened),
                now,
            )
    finally:
        engine.dispose()


def _last_night(run: RunRow, report: RunReport | None, *, is_at_work: bool) -> LastRun:
    outcome, note = run.outcome, run.note
    if outcome == "running" and not is_at_work:
        outcome, note = (
            "interrupted",
            "It was killed, or its machine went down; the next night goes on from there.",
        )
    brought = f"{figures(report)}." if report else ""
    return LastRun(run.run_key, outcome, run.started_at, run.ended_at, run.counts, note, brought)


def _confidence(opened: Session, promise: Promise) -> Confidence:
    model = current(opened)
    found = {
        name: Border(
            lowest, 0 if lowest is not None else reviews_needed(model.pools.get(name, ()), promise.precision)
        )
        for name, lowest in borders(model, promise).items()
    }
    return Confidence(model.version, model.sha256, chosen_at(opened), promise.precision, found)


def render(status: Status, width: int = 100) -> str:
    """The state as text for a person.

    Args:
        status: the state.
        width: of a line, in characters.
    """
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # a long path is told whole
    for name, text in _lines(status):
        table.add_row(escape(name), escape(text))
    out = StringIO()
    Console(file=out, width=width, highlight=False).print(table)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _lines(status: Status) -> list[tuple[str, str]]:
    holds, queue, run = status.holds, status.queue, status.last_night
    lines = [
        ("database", status.database),
        (
            "papers",
            f"{holds.papers:,}; by the screening of their newest version: {_listed(holds.screened)}",
        ),
        (
            "",
            f"{holds.files:,} files and {holds.readings:,} readings, of all versions and by all extractors",
        ),
        *_flow(status.flow),
        *_doubles(status.duplicates),
        ("cells", _listed(holds.cells)),
        (
            "queue",
            f"{queue.open:,} open in {queue.papers:,} papers, {queue.held:,} held: {_listed(queue.by_field)}",
        ),
    ]
    lines += _judged(status.confidence)
    lines.append(("audits", "; ".join(_audit(*item) for item in status.audits.items()) or "none"))
    lines.append(("recall", _recalled(status)))
    lines += [
        ("harvested", f"{source} until {to:%Y-%m-%d %H:%M}, {status.watermark_days[source]:.1f} days ago")
        for source, to in holds.watermarks.items()
        if to
    ]
    if status.backlog:
        left = f"{status.backlog.to_fetch:,} to fetch, {status.backlog.to_read:,} to read"
        lines.append(("backlog", f"{left} after the last night"))
    lines += [("unfinished", f"{key}; the same command goes on") for key in status.backfills]
    if status.disk:
        lines.append(
            ("disk", f"{status.disk.free / 1e9:,.1f} GB free, papers take {_size(status.disk.stored)}")
        )
    lines += _of_night(run, status.at)
    seen = "burden alarms acknowledge ID --as NAME says that you have seen one"
    lines.append(("alarms", f"{len(status.alarms):,}; {seen}" if status.alarms else "none"))
    lines += [("", f"{a.id}: {a.kind}, {a.message}{_over(a)}") for a in status.alarms[:_SHOWN_FAILURES]]
    more = "; burden failures lists them all" if len(status.failures) > _SHOWN_FAILURES else ""
    lines.append(("failures", f"{len(status.failures):,}{more}" if status.failures else "none"))
    lines += [("", f"{f.subject}, {f.stage}: {f.reason}") for f in status.failures[:_SHOWN_FAILURES]]
    return lines


def _over(alarm: KeptAlarm) -> str:
    return f" (over since {alarm.ended_at:%Y-%m-%d})" if alarm.ended_at else ""


def _of_night(run: LastRun | None, now: datetime | None) -> list[tuple[str, str]]:
    if run is None:
        return [("last night", "none yet")]
    ago = f", {(now - run.started_at) / timedelta(days=1):.1f} days ago" if now else ""
    begun = f"{run.outcome}; it began on {run.started_at:%Y-%m-%d %H:%M} UTC{ago}"
    return [("last night", begun), *(("", text) for text in (run.brought, run.note) if text)]


def _flow(found: Flow) -> list[tuple[str, str]]:
    steps = [f"{step} {told}" for step, told in in_lines(found)]
    whole = (
        "every paper once, by the furthest that any of its versions came; listed older versions beside them"
    )
    return [("flow", whole), *(("", text) for text in steps)] if steps else []


def _doubles(found: Sequence[Duplicate]) -> list[tuple[str, str]]:
    if not found:
        return []
    shown = [f"{one.paper} is {one.original}" for one in found[:_SHOWN_DUPLICATES]]
    more = [f"and {len(found) - len(shown):,} more"] if len(found) > len(shown) else []
    return [("duplicates", f"{len(found):,}, the same file under two ids: {', '.join(shown + more)}")]


def _judged(by: Confidence) -> list[tuple[str, str]]:
    whence = f"chosen {by.chosen_at:%Y-%m-%d %H:%M}" if by.chosen_at else "packaged"
    return [
        ("confidence", f"model {by.version} ({by.sha256[:8]}, {whence})"),
        ("published", f"unseen if proven to be {by.promised_precision:.0%} right:"),
        *(("", f"{name}: {_border(border)}") for name, border in by.borders.items()),
    ]


def _border(border: Border) -> str:
    if border.lowest is not None:
        return f"from a probability of {border.lowest:.2f}"
    if border.reviews_needed is None:
        return "nothing is proven, and how many reviews would prove it cannot be told"
    return f"nothing is proven: {border.reviews_needed:,} more reviews needed"


def _audit(family: Family, found: Audited) -> str:
    if found.precision is None:
        return f"{family}: {found.due:,} due"
    right = f"{found.kept:,} of {found.decided:,} right ({found.precision:.1%}, at least {found.bound:.1%})"
    return f"{family}: {right}, {found.due:,} due"


def _recalled(status: Status) -> str:
    found = [
        f"{family}: {of.found:,} of {of.values:,} values ({of.share:.1%}, at least {of.bound:.1%})"
        for family, of in status.recall.items()
    ]
    return "; ".join([f"{status.read_completely:,} papers read completely", *found])


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counted.items()) or "none"
