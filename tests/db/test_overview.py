"""The database in numbers, on both engines."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from db.cells import Judge
from db.engine import session, snapshot
from db.harvests import move_watermark
from db.overview import overview
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.screenings import record_screening
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00001")
FILE = "a" * 64
RUN = EntityId(PAPER, "run", "net.training")


JUDGE = Judge.of(model_of({"training": Linear(0.0)}), Promise(0.9, 0.1))


def said(field: str, value: Value) -> Proposal:
    return Proposal(
        CellKey(RUN, field), value, Evidence(FILE, 1, None, "Training", f"the {field}", "test.rule")
    )


@pytest.fixture
def one_paper(engine: Engine) -> Engine:
    """A paper with a name for its phase and a count, judged even."""
    with session(engine) as opened:
        listing = Listing(PAPER, 1, "A Net", "We train.", ("A",), ("cs.LG",), AT, AT, b"raw", "https://x/1")
        record_listings(opened, "atom", [listing], AT)
        move_watermark(opened, "atom", "cs.LG", AT, AT)
        record_screening(
            opened, PAPER, 1, stage="listing", decision="relevant", domains=(), reason="It says so.", at=AT
        )
        record_file(opened, PAPER, 1, sha256=FILE, size=3, at=AT)
        read = (said("phase", Name("training", "training")), said("count", Quantity.exact(8, "devices")))
        save(opened, Reading(FILE, "burden-1", PAPER, "A Net", 9, read), JUDGE, AT)
    return engine


def test_everything_is_counted(one_paper: Engine) -> None:
    with snapshot(one_paper) as opened:
        found = overview(opened)
    assert (found.papers, found.files, found.readings) == (1, 1, 1)
    assert found.screened == {"relevant": 1}
    assert found.cells == {"automatic": 1, "queued": 1}
    assert found.watermarks == {"atom: cs.LG": AT}


def test_an_empty_database_is_all_noughts(engine: Engine) -> None:
    with snapshot(engine) as opened:
        found = overview(opened)
    assert (found.papers, found.files, found.readings) == (0, 0, 0)
    assert (found.screened, found.cells, found.watermarks) == ({}, {}, {})


def test_screenings_are_counted_by_paper_and_not_by_version(one_paper: Engine) -> None:
    with session(one_paper) as opened:
        newer = Listing(PAPER, 2, "A Net", "We sort.", ("A",), ("cs.DS",), AT, AT, b"raw", "https://x/2")
        record_listings(opened, "atom", [newer], AT)
        record_screening(
            opened, PAPER, 2, stage="listing", decision="irrelevant", domains=(), reason="It sorts.", at=AT
        )
    with snapshot(one_paper) as opened:
        assert overview(opened).screened == {"irrelevant": 1}
