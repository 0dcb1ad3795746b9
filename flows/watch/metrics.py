"""The last run as figures for Prometheus, in a file that its node exporter's textfile collector reads.

Names carry base units; label values are escaped as the format asks (https://prometheus.io/docs/instrumenting/exposition_formats/).
The file is replaced whole, so that nobody reads half of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from db.tables import OUTCOMES
from extractors.facts.errors import StoreError
from flows.watch.report import RunReport

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure, or several that differ in their labels."""

    name: str
    meaning: str
    samples: tuple[tuple[Labels, float], ...] = field(default=())


def gauges(report: RunReport, alarms: Mapping[str, int], failures: int) -> Iterator[Gauge]:
    """What is told of the last run.

    Args:
        report: the run's.
        alarms: open ones, by kind.
        failures: open ones.
    """
    steps, backlog, disk = report.steps, report.backlog, report.disk
    taken = (report.ended_at - report.started_at).total_seconds()
    yield _one("burden_run_end_timestamp_seconds", "When the last run ended.", report.ended_at.timestamp())
    yield _one("burden_run_duration_seconds", "How long it took.", taken)
    yield _several(
        "burden_run_outcome",
        "1 at how it ended.",
        "outcome",
        {name: float(name == report.outcome) for name in OUTCOMES if name != "running"},
    )
    yield _several("burden_phase_duration_seconds", "How long each phase took.", "phase", report.seconds)
    stations = {
        "identified": steps.identified, "new": steps.new, "revised": steps.revised, "screened": steps.screened,
        "excluded": sum(steps.excluded.values()), "chosen": steps.chosen, "fetched": steps.fetched,
        "unfetched": steps.unfetched, "read": steps.read, "unreadable": steps.unreadable, "with_facts": steps.with_facts,
    }  # fmt: skip
    yield _several("burden_run_papers", "Papers of the last run, by step.", "step", stations)
    if report.whole is not None:
        came: dict[str, float] = {station.step: float(station.entered) for station in report.whole.stations}
        yield _several("burden_papers", "Papers of the database that came to each step.", "step", came)
    for what, found in (("field", report.fields), ("rule", report.rules)):
        facts = {name: float(number.facts) for name, number in found.items()}
        papers = {name: float(number.papers) for name, number in found.items()}
        yield _several(
            f"burden_run_{what}_facts", f"Facts in the papers of the last run, by {what}.", what, facts
        )
        yield _several(
            f"burden_run_{what}_papers", f"Papers of the last run with facts, by {what}.", what, papers
        )
    if report.watermark is not None:
        reached = report.watermark.timestamp()
        yield _one("burden_watermark_timestamp_seconds", "How far the source was harvested.", reached)
    waiting = {"fetch": backlog.to_fetch, "read": backlog.to_read}
    yield _several("burden_backlog_papers", "Papers that wait, by what for.", "waiting_for", waiting)
    yield _one("burden_review_queue_values", "Values that wait for a person.", backlog.queue)
    yield _one("burden_disk_free_bytes", "Room where the data folder is.", disk.free)
    yield _one("burden_store_bytes", "What the papers' files take.", disk.stored)
    yield _several("burden_alarms_open", "Alarms that nobody has seen.", "kind", alarms)
    yield _one("burden_failures_open", "Failures that nobody has seen and nothing has mended.", failures)


def _one(name: str, meaning: str, value: float) -> Gauge:
    return Gauge(name, meaning, (({}, value),))


def _several(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Gauge:
    return Gauge(name, meaning, tuple(({label: key}, value) for key, value in sorted(values.items())))


def render(found: Iterator[Gauge]) -> str:
    """The figures in Prometheus' text format."""
    lines = []
    for gauge in found:
        lines += [
            f"# HELP {gauge.name} {_escaped(gauge.meaning, quotes=False)}",
            f"# TYPE {gauge.name} gauge",
        ]
        lines += [f"{gauge.name}{_labels(labels)} {_number(value)}" for labels, value in gauge.samples]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Labels) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str, *, quotes: bool = True) -> str:
    clean = text.replace("\\", r"\\").replace("\n", r"\n")
    return clean.replace('"', r"\"") if quotes else clean


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def replace_file(file: Path, text: str) -> None:
    """Put a file in the place of another, whole; the name in between ends otherwise, so that no collector takes it.

    Raises:
        StoreError: it cannot be written.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise StoreError(f"the file cannot be written: {error.strerror}", where=str(file)) from error
