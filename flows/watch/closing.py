"""What happens when a run has ended, well or not: its report, alarms from it, and everybody told.

The night is over by now and what it did is committed, so nothing that fails here ends it: what cannot be written or delivered
becomes a failure, which stays red as any other, or a note.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from db.alarms import Sign, note_delivery, open_alarms, raise_alarms, undelivered
from db.engine import session, snapshot
from db.runs import NIGHTLY, open_failures, record_failure, report_run, reports_before, resolve_failure
from extractors.facts.errors import DatasetError, StoreError
from flows.watch.delivery import News, channels, tell
from flows.watch.gather import gather
from flows.watch.metrics import gauges, render, replace_file
from flows.watch.report import RunReport, line, report_from_json, summary

if TYPE_CHECKING:
    from flows.night import Night

REPORTS_KNOWN = 150
"""Earlier reports that a night is judged by."""
DELIVER = "deliver"
"""Stage of failures to tell people."""
WRITE = "write"
"""Stage of failures to write what others read."""


def close(night: Night) -> None:
    """Report a run that has ended, judge it, and tell people.

    Raises:
        StoreError: the database cannot be read or written.
    """
    report = gather(night)
    night.report = report
    with session(night.engine) as opened:
        report_run(opened, night.key, report.as_json())
    if night.kind == NIGHTLY:
        _judge(night, report)
    night.telling.note(summary(report) if report.outcome != "failed" else line(report))
    _attempt(night, WRITE, "report", lambda: _write_report(night, report))
    if night.settings.metrics_file and night.kind == NIGHTLY:
        _attempt(night, WRITE, "metrics", lambda: _write_metrics(night, report))
    _deliver(night, report)


def _judge(night: Night, report: RunReport) -> None:
    from flows.watch.judge import judge  # brings SciPy, which others that know nights do without

    with snapshot(night.engine) as opened:
        history = known_reports(reports_before(opened, NIGHTLY, report.started_at, REPORTS_KNOWN))
    signs = [
        Sign(alarm.kind, alarm.subject, alarm.message)
        for alarm in judge(history, report, night.settings.thresholds)
    ]
    with session(night.engine) as opened:
        raise_alarms(opened, report.source, signs, night.clock.now(), night.key)
    for sign in signs:
        night.telling.note(f"Alarm, {sign.kind}: {sign.message}")


def known_reports(plain: Sequence[Mapping[str, object]]) -> list[RunReport]:
    """The reports that this version understands; those of another layout say nothing to it."""
    found = []
    for one in plain:
        try:
            found.append(report_from_json(one))
        except DatasetError:
            continue
    return found


def _write_report(night: Night, report: RunReport) -> None:
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", report.key)
    replace_file(night.settings.logs / f"{name}.json", json.dumps(report.as_json(), indent=2) + "\n")


def _write_metrics(night: Night, report: RunReport) -> None:
    with snapshot(night.engine) as opened:
        alarms = Counter(alarm.kind for alarm in open_alarms(opened))
        failures = len(open_failures(opened))
    if night.settings.metrics_file:
        replace_file(night.settings.metrics_file, render(gauges(report, alarms, failures)))


def _deliver(night: Night, report: RunReport) -> None:
    """Tell of what nobody was told yet; it counts as told when every way that the settings name has worked."""
    ways = channels(night.settings, night.clock)
    with snapshot(night.engine) as opened:
        due = undelivered(opened)
    if not ways or not due:
        return
    outcomes = tell(ways, News(night.key, line(report), due))
    now = night.clock.now()
    with session(night.engine) as opened:
        for name, error in outcomes.items():
            if error is None:
                resolve_failure(opened, DELIVER, name, now)
            else:
                record_failure(opened, DELIVER, name, error, now, night.key)
        if not any(outcomes.values()):
            note_delivery(opened, (alarm.id for alarm in due), now)
    for name, error in outcomes.items():
        told = f"Told by {name}: {len(due)} {'alarm' if len(due) == 1 else 'alarms'}."
        night.telling.note(f"Not told by {name}: {error}" if error else told)


def _attempt(night: Night, stage: str, subject: str, what: Callable[[], None]) -> None:
    try:
        what()
    except StoreError as error:
        with session(night.engine) as opened:
            record_failure(opened, stage, subject, error, night.clock.now(), night.key)
        night.telling.note(str(error))
    else:
        with session(night.engine) as opened:
            resolve_failure(opened, stage, subject, night.clock.now())
