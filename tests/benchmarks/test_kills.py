"""Where a kill struck is told by what is in the database. Kills themselves take minutes: `python -m benchmarks kills`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from benchmarks.kills import at_work
from db.engine import migrate, open_database, session
from db.harvests import Unfinished, move_watermark, note_unfinished
from db.papers import Listing, record_file, record_listings
from db.runs import NIGHTLY, begin_run, end_run
from db.screenings import record_screening
from extractors.facts.ids import PaperId

AT = datetime(2024, 3, 6, 2, 30, tzinfo=UTC)
PAPER = PaperId("2403.00001")
LISTING = Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"", pdf_url="https://arxiv.org/pdf/2403.00001v1")


def _harvested(opened: Session) -> None:
    record_listings(opened, "oai", [LISTING], AT)
    move_watermark(opened, "oai", "cs", AT, AT + timedelta(seconds=1))


def test_each_phase_of_a_night_is_told_from_the_database(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    told = [at_work(engine)]
    migrate(engine)
    told.append(at_work(engine))
    steps: tuple[Callable[[Session], object], ...] = (
        lambda s: begin_run(s, "a", NIGHTLY, AT),
        lambda s: note_unfinished(s, "oai", "cs", Unfinished("token", AT, None, AT), AT),
        _harvested,
        lambda s: record_screening(
            s, PAPER, 1, stage="listing", decision="relevant", domains=(), reason="", at=AT
        ),
        lambda s: record_file(s, PAPER, 1, sha256="0" * 64, size=1, at=AT),
        lambda s: end_run(s, "a", "done", {}, AT),
    )
    for step in steps:
        with session(engine) as opened:
            step(opened)
        told.append(at_work(engine))
    engine.dispose()
    assert told == [
        "before the database was made",
        "before the night's row",
        "before the first page",
        "between pages",
        "before screening",
        "fetching",
        "reading",
        "reporting",
    ]
