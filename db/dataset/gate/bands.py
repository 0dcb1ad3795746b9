"""Whether a release has about as much as recent ones: rows of each table, and how often each column is filled.

A single number for all would cry wolf or see nothing: the band of each is made of what recent releases differed by, of chance, and of a
tenth. Only a fall refuses; a rise is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from sqlmodel import Session, col, select

from db.dataset.checks import Check
from db.dataset.gate.tally import Tally
from db.dataset.schema import ENTITY_TABLES, PAPERS
from db.dataset.statistics import Statistics
from db.dataset.versions import Version
from db.tables import ReleaseRow

RECENT = 8
"""Releases that the band is made of."""
_LEAST = 0.1
"""Share that any release may have less."""
_TIMES = 4.0
"""Standard deviations, of chance or between releases, that are no sign."""
_FEW = 5
"""Cells of a column that are no sign, however few rows there are."""
_DEVIATION = 1.4826
"""From a median distance to a standard deviation."""
Summary = Mapping[str, Any]


def recent_summaries(opened: Session) -> list[Summary]:
    """What the database remembers of the newest releases that were not yanked, the newest first."""
    query = select(ReleaseRow).where(col(ReleaseRow.yanked_at).is_(None))
    rows = [row for row in opened.exec(query) if row.summary]
    rows.sort(key=lambda row: Version.parse(row.version), reverse=True)
    return [row.summary for row in rows[:RECENT] if row.summary]


def bands(statistics: Statistics, recent: Sequence[Summary]) -> tuple[Check, ...]:
    """The checks against recent releases; all hold where there are none.

    Args:
        statistics: of the release.
        recent: summaries of recent ones, the newest first.
    """
    rows = Tally("rows", "No table has far fewer rows than recent releases.", acceptable=True)
    coverage = Tally(
        "coverage", "No column is filled far less often than in recent releases.", acceptable=True
    )
    surges = Tally("surges", "No table or column has far more than recent releases.", required=False)
    now = statistics.summary()
    if recent:
        for table in (PAPERS, *ENTITY_TABLES.values()):
            _judge(table.name, now["tables"].get(table.name, 0), _rows(recent, table.name), rows, surges)
        known = {name for summary in recent for name in summary["cells"]}
        for name in sorted(known):
            _judge_share(name, now, recent, coverage, surges)
    return rows.check(), coverage.check(), surges.check()


def _rows(recent: Sequence[Summary], table: str) -> list[int]:
    return [summary["tables"].get(table, 0) for summary in recent]


def _judge(what: str, now: int, before: Sequence[int], fell: Tally, rose: Tally) -> None:
    """Rows grow, so that the newest release counts, and only how much they differ is learnt of all."""
    last = before[0]
    steps = [abs(math.log((one + 1) / (other + 1))) for one, other in pairwise(before)]
    usual = _DEVIATION * median(steps) if steps else 0.0
    room = max(_LEAST * last, _TIMES * math.sqrt(last), last * (1 - math.exp(-_TIMES * usual)))
    if now < last - room:
        fell.note(f"{what}: {now:,} instead of {last:,}, at least {math.ceil(last - room):,}")
    if last and now > 2 * last + room:
        rose.note(f"{what}: {now:,} instead of {last:,}")


def _judge_share(name: str, now: Summary, recent: Sequence[Summary], fell: Tally, rose: Tally) -> None:
    table = name.partition(".")[0]
    rows = now["tables"].get(table, 0)
    before = [s["cells"].get(name, 0) / s["tables"][table] for s in recent if s["tables"].get(table)]
    if not rows or not before:
        return
    share, usual = now["cells"].get(name, 0) / rows, median(before)
    spread = _DEVIATION * median(abs(one - usual) for one in before)
    chance = math.sqrt(max(usual * (1 - usual), 0.0) / rows)
    room = max(_LEAST * usual, _TIMES * spread, _TIMES * chance, _FEW / rows)
    said = f"{name}: {100 * share:.1f}% of rows instead of {100 * usual:.1f}%"
    if share < usual - room:
        fell.note(f"{said}, at least {100 * (usual - room):.1f}%")
    if share > usual + room:
        rose.note(said)
