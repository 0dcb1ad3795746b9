"""The database in numbers, for `burden status` and the summary of a night. Only counting and finding; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from db.harvests import is_beside
from db.screening_tables import ScreeningRow
from db.tables import CellRow, FileRow, PaperRow, ReadingRow, SourceStateRow


@dataclass(frozen=True, slots=True)
class Overview:
    """How much of everything there is."""

    papers: int
    screened: Mapping[str, int]
    """Papers by what was decided of their newest version by its listing; those that nobody decided about are in none."""
    files: int
    readings: int
    cells: Mapping[str, int]
    """By status."""
    watermarks: Mapping[str, datetime | None]
    """How far each source was harvested, by its name and set."""


def overview(session: Session) -> Overview:
    """The database in numbers."""
    decisions = (
        select(ScreeningRow.decision, func.count())
        .join(
            PaperRow,
            (col(PaperRow.paper_id) == ScreeningRow.paper_id)
            & (col(PaperRow.latest) == ScreeningRow.version),
        )
        .where(ScreeningRow.stage == "listing")
        .group_by(ScreeningRow.decision)
    )
    states = select(SourceStateRow).order_by(col(SourceStateRow.source), col(SourceStateRow.set_name))
    return Overview(
        papers=_number(session, PaperRow),
        screened=dict(session.exec(decisions.order_by(ScreeningRow.decision)).all()),
        files=_number(session, FileRow),
        readings=_number(session, ReadingRow),
        cells=cells_by_status(session),
        watermarks={
            f"{row.source}: {row.set_name}": row.watermark
            for row in session.exec(states)
            if not is_beside(row.source)
        },
    )


def cells_by_status(session: Session) -> dict[str, int]:
    """How many cells there are of each status, identity cells included."""
    found = select(CellRow.status, func.count()).group_by(CellRow.status).order_by(CellRow.status)
    return dict(session.exec(found).all())


def _number(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()
