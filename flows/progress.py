"""What a person sees of a run: one bar for the phase at work, one line for each phase that is done, on standard error.

Where there is no terminal to draw a bar on, a long phase says every few minutes in a line how far it is.
Phases are timed here and nowhere else. What is worth telling is said by the steps; nothing is decided here, and
standard output stays free for results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from flows.clock import Clock, SystemClock

_NAME_WIDTH = 10
_LINE_EVERY_SECONDS = 300.0
"""Off a terminal."""
_ENOUGH = 0.01
"""Share of a phase that has to be done before its end is guessed."""


@dataclass(slots=True)
class Phase:
    """A phase at work."""

    name: str
    total: int | None
    """How many things it has to do, where that is known."""
    on_step: Callable[[], None]
    done: int = 0
    """How many of them are done."""
    result: str = ""
    """What it brought, in a few words; said when it is done."""
    seconds: float = 0.0
    unit: str = ""
    """What it counts, as people say it."""
    begun_with: int = 0
    """How many were done before it began, which says nothing of its pace."""

    def step(self) -> None:
        """One thing is done."""
        self.done += 1
        self.on_step()

    def reach(self, done: int, total: int) -> None:
        """So many of so many are done; the first time says with how many it began, where it goes on in the middle."""
        if self.total is None:
            self.begun_with = done
        self.total, self.done = total, max(done, self.done)
        self.on_step()


@dataclass(slots=True)
class Telling:
    """The phases of a run, told on a console as they happen."""

    console: Console
    clock: Clock = field(default_factory=SystemClock)
    phases: list[Phase] = field(default_factory=list)
    """All that are done, in order."""

    @contextmanager
    def phase(self, name: str, total: int | None = None) -> Iterator[Phase]:
        """A phase from its beginning to its end; its line is written also when it fails."""
        bar = _bar(self.console)
        task = bar.add_task(name, total=total)
        began = self.clock.monotonic()
        lines = _Lines(self.console, self.clock, began, began)

        def on_step() -> None:
            if phase.total != bar.tasks[task].total:  # its pace is counted from here
                bar.reset(task, total=phase.total, completed=phase.begun_with)
            bar.update(task, completed=phase.done)
            lines.step(phase)

        phase = Phase(name, total, on_step)
        try:
            with bar:
                yield phase
        finally:
            phase.seconds = self.clock.monotonic() - began
            self.phases.append(phase)
            line = f"{name:<{_NAME_WIDTH}} {phase.seconds:6.1f} s  {phase.result}"
            self.console.print(escape(line.rstrip()), highlight=False, soft_wrap=True)

    def table(self, title: str, rows: Mapping[str, object]) -> None:
        """A short table of words and numbers."""
        shown = Table(show_header=False, box=None, pad_edge=False)
        shown.add_column()
        shown.add_column(justify="right")
        for name, number in rows.items():
            shown.add_row(escape(name), escape(str(number)))
        self.note(title)
        self.console.print(shown)

    def note(self, text: str) -> None:
        """Something a person should know, beside the phases."""
        self.console.print(escape(text), highlight=False, soft_wrap=True)


@dataclass(slots=True)
class _Lines:
    """What a phase says now and then where no bar can be drawn."""

    console: Console
    clock: Clock
    began: float
    last: float

    def step(self, phase: Phase) -> None:
        """Says how far the phase is, if nothing was said for long."""
        now = self.clock.monotonic()
        if self.console.is_terminal or now - self.last < _LINE_EVERY_SECONDS:
            return
        self.last = now
        much = f"{phase.done:,} of {phase.total:,}" if phase.total else f"{phase.done:,}"
        much += f" {phase.unit}" if phase.unit else ""
        left = remaining(phase.done, phase.total, now - self.began, phase.begun_with)
        line = f"{phase.name:<{_NAME_WIDTH}} {much}{f', about {spoken(left)} left' if left else ''}  {phase.result}"
        self.console.print(escape(line.rstrip()), highlight=False, soft_wrap=True)


def remaining(done: int, total: int | None, seconds: float, begun_with: int = 0) -> float | None:
    """How many seconds are left at the pace so far; None where that cannot be told yet."""
    own = done - begun_with
    if not total or own < max(total * _ENOUGH, 1):
        return None
    return seconds / own * max(total - done, 0)


def spoken(seconds: float) -> str:
    """A span of time as people say it: `40 s`, `12 min`, `3.5 h`, `4 days`."""
    minutes = seconds / 60
    if minutes < 1.5:
        return f"{seconds:.0f} s"
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 60 / 24:.0f} days"


def on_terminal() -> Telling:
    """Telling on standard error."""
    return Telling(Console(stderr=True))


def in_silence() -> Telling:
    """Telling nobody; the phases are still timed."""
    return Telling(Console(quiet=True))


def _bar(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
