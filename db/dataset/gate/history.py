"""Whether what the last release said is still said, or has a reason not to be; `db.dataset.reasons` tells which.

What nothing explains is taken for lost: a cell that a person decided never may be, of the others a few may (`Bounds.unexplained`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from db.cells import PUBLISHED
from db.dataset.changes import Cause, Change, Changes
from db.dataset.checks import Check
from db.dataset.gate.bounds import Bounds
from db.dataset.gate.tally import Tally
from db.dataset.source import Source
from db.tables import PaperRow, ReleaseRow
from extractors.facts.ids import PaperId

_TIME = "%Y-%m-%d %H:%M:%S"


_BY_PEOPLE = PUBLISHED - {"automatic"}
_NO_LOSS: frozenset[Cause] = frozenset({"person", "paper", "row"})
"""What may take away what a person decided: a machine never does."""


def history(
    source: Source, changes: Changes, last: ReleaseRow | None, cells: int, bounds: Bounds
) -> tuple[Check, ...]:
    """The checks against the last release.

    Args:
        source: what the release is made of.
        changes: against the last release, with their reasons.
        last: that one; None of the first.
        cells: that the release has.
        bounds: how much may be gone.
    """
    lost = Tally(
        "lost", "No cell that people decided is gone or other than published, unless people said so."
    )
    gone = Tally("shrinkage", "Cells of the last release are gone for a reason only.", acceptable=True)
    counts = changes.counts
    before = cells - counts["added"] + counts["removed"]
    if last is not None and counts["removed"] + counts["changed"]:
        _look(changes, lost, gone)
    return lost.check(), gone.check(int(bounds.unexplained * before)), _clock(source, last)


def _look(changes: Iterable[Change], lost: Tally, gone: Tally) -> None:
    for change in changes:
        cause = change.reason.cause if change.reason else "unknown"
        if change.before is None or cause in _NO_LOSS:
            continue
        if change.before.status in _BY_PEOPLE:
            if change.after is None or change.after.value != change.before.value:
                lost.note(f"{change.cell}: {change.before.value}")
        elif change.after is None and cause == "unknown":
            gone.note(f"{change.cell}: {change.before.value}")


def _clock(source: Source, last: ReleaseRow | None) -> Check:
    """A state is dated by what happened last, which may be a withdrawal that was taken back since."""
    clock = Tally("clock", "The state is not of before that of the last release.", acceptable=True)
    as_of = source.as_of
    tables = (last.summary or {}).get("tables") if last is not None else None
    withdrawn = tables.get("withdrawn", 0) if isinstance(tables, dict) else 0
    if as_of and last and as_of < last.built_at and withdrawn <= len(source.withdrawn):
        clock.note(f"the state is of {as_of:{_TIME}}, that of {last.version} of {last.built_at:{_TIME}}")
    return clock.check()


def still_there(opened: Session, published: Iterable[PaperId], source: Source) -> Check:
    """No paper is published that was withdrawn or is the same file as another."""
    tally = Tally("gone", "No paper is published that was withdrawn, or that is the same file as another.")
    withdrawn = opened.exec(select(PaperRow.paper_id).where(col(PaperRow.withdrawn_at).is_not(None)))
    left = {**dict.fromkeys(map(PaperId, withdrawn), "it was withdrawn"), **source.gone}
    tally.note_all(f"{paper}: {left[paper]}" for paper in sorted(set(published) & left.keys()))
    return tally.check()
