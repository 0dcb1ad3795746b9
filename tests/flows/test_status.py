"""What `burden status` says: of the last night, and by which model and promise values are published unseen."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.cells import Judge
from db.engine import open_database, session
from db.events import Accepted, Envelope, ProposalKey
from db.log import append
from db.models import choose
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.runs import NIGHTLY, begin_run
from extractors.confidence import Linear, Proof, default_model
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from flows.lock import locked
from flows.settings import Settings
from flows.status import render, status_of
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, FILE = PaperId("2401.00001"), "a" * 64
RUN = EntityId(PAPER, "run", "net")
JUDGE = Judge.of(model_of({"training": Linear(3.0)}), Promise(0.9, 0.1, audit_share=1.0))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder whose database has two audits, one of them decided."""
    found = Settings(data_dir=tmp_path)
    engine = open_database(found.database)
    migrated(engine)
    words = Evidence(FILE, 1, None, "Training", "on 8 GPUs for a day", "test.rule")
    values = {"count": Quantity.exact(8, "devices"), "wall_time": Quantity.exact(86_400, "s")}
    facts = tuple(Proposal(CellKey(RUN, name), value, words) for name, value in values.items())
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=FILE, size=1, at=AT)
        save(opened, Reading(FILE, "burden-1", PAPER, "A Net", 9, facts), JUDGE, AT)
        right = Accepted(ProposalKey(FILE, "burden-1"), values["count"], words)
        append(opened, Envelope("u1", AT, "ada", "annotator", RUN, "count"), right, JUDGE)
    engine.dispose()
    return found


def test_the_precision_that_audits_found_is_told(settings: Settings) -> None:
    status = status_of(settings)
    assert json.loads(json.dumps(status.as_json()))["audits"] == {
        "training": {"due": 1, "decided": 1, "kept": 1, "precision": 1.0, "bound": pytest.approx(0.1)}
    }
    assert "training: 1 of 1 right (100.0%, at least 10.0%), 1 due" in render(status)


def test_the_model_the_promise_and_its_borders_are_told(settings: Settings) -> None:
    packaged = status_of(settings)
    assert (packaged.confidence.sha256, packaged.confidence.chosen_at) == (default_model().sha256, None)
    assert "packaged" in render(packaged)
    few = Proof(0.8, values=50, papers=40, precision=1.0, bound=0.94, effective=40.0)
    pools = {**JUDGE.model.pools, "costs": (few,), "run.count": (replace(few, precision=0.9),)}
    model = replace(JUDGE.model, pools=pools)
    engine = open_database(settings.database)
    with session(engine) as opened:
        choose(opened, model, AT)
    engine.dispose()
    status = status_of(settings)
    assert status.as_json()["confidence"] == {
        "version": "test",
        "sha256": model.sha256,
        "chosen_at": "2026-11-23T00:00:00Z",
        "promised_precision": 0.95,
        "borders": {
            "costs": {"lowest": None, "reviews_needed": 7},
            "training": {"lowest": 0.95, "reviews_needed": 0},
            "run.count": {"lowest": None, "reviews_needed": None},
            "resources": {"lowest": None, "reviews_needed": None},
            "scores": {"lowest": None, "reviews_needed": None},
        },
    }
    shown = " ".join(render(status).split())
    for part in (
        f"model test ({model.sha256[:8]}, chosen 2026-11-23 00:00)",
        "unseen if proven to be 95% right",
        "training: from a probability of 0.95",
        "costs: nothing is proven: 7 more reviews needed",
        "scores: nothing is proven, and how many reviews would prove it cannot be told",
    ):
        assert part in shown


def test_bounds_are_told_without_all_of_scipy(settings: Settings) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom flows.settings import Settings\nfrom flows.status import status_of\n"
        f"status_of(Settings(data_dir=Path({str(settings.data_dir)!r})))\n"
        "print([name for name in ('scipy.stats', 'annotation.calibration.proofs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def begin(settings: Settings) -> None:
    engine = open_database(settings.database)
    with session(engine) as opened:
        begin_run(opened, "nightly test", NIGHTLY, AT)
    engine.dispose()


def test_a_night_that_was_killed_is_told_as_interrupted_and_one_at_work_as_running(
    settings: Settings,
) -> None:
    """It was said to be running until another night came."""
    begin(settings)
    with locked(settings.data_dir, "crawl"):
        running = status_of(settings).last_night
    killed = status_of(settings)
    assert running is not None and killed.last_night is not None
    assert (running.outcome, killed.last_night.outcome) == ("running", "interrupted")
    assert "interrupted; it began on 2026-11-23 00:00 UTC" in render(killed)
    assert "the next night goes on from there" in " ".join(render(killed).split())


def test_looking_whether_a_night_is_at_work_keeps_none_from_beginning(settings: Settings) -> None:
    begin(settings)
    status_of(settings)
    with locked(settings.data_dir, "crawl"):
        pass


def test_every_line_fits_the_width_that_there_is(settings: Settings) -> None:
    """At 80 columns the terminal broke its lines in the middle of words."""
    begin(settings)
    shown = render(status_of(settings), 80)
    assert max(map(len, shown.splitlines())) <= 80
    assert str(settings.data_dir / "burden.sqlite") in "".join(shown.split()), "told whole"
