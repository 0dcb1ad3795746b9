"""A data folder with releases: a sample paper that was read, released, corrected and released again."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from db.cells import Judge
from db.dataset.release import build_release
from db.engine import open_database, session
from db.events import Corrected, Envelope, Event
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.store import open_store
from extractors.confidence import Linear
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
DECIDED = datetime(2026, 11, 24, tzinfo=UTC)
PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")
COUNT, STEPS = CellKey(RUN, "count"), CellKey(RUN, "steps")
PDF = Path(__file__).resolve().parents[1] / "flows/demo/papers/2403.99101v1.pdf"
FAMILY = Linear(0.0, {"sure": 9.0})
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))


@dataclass(frozen=True, slots=True)
class Releases:
    """The folder, and what happens to it."""

    data: Path
    place: Evidence

    @classmethod
    def made(cls, data: Path) -> Releases:
        """Two releases: 0.1.0, and 0.1.1 in which the count is a person's; made once in each process, and copied."""
        made = _once()
        shutil.copytree(made.data, data)
        return replace(made, data=data)

    @classmethod
    def _made(cls, data: Path) -> Releases:
        sha256 = open_store(data / "store").put(PDF.read_bytes())
        place = Evidence(sha256, 1, Box(1, 100, 100, 200, 110), "Training", "Eight devices", "test.rule")
        found = cls(data, place)
        found._read()
        found.build()
        sixteen = Corrected(Quantity.exact(16, "devices", "16"), place)
        found.say(COUNT, sixteen, "two \x1b[31mnodes")
        found.build()
        return found

    def build(self) -> Path:
        """The next release."""
        engine = open_database(f"sqlite:///{self.data / 'burden.sqlite'}")
        built = build_release(engine, self.data / "releases")
        engine.dispose()
        return built.folder

    def say(self, cell: CellKey, event: Event, reason: str) -> None:
        """A person says something of a cell."""
        engine = open_database(f"sqlite:///{self.data / 'burden.sqlite'}")
        with session(engine) as opened:
            envelope = Envelope(
                f"{cell} {event}", DECIDED, "ada", "annotator", cell.entity, cell.field, reason=reason
            )
            append(opened, envelope, event, JUDGE)
        engine.dispose()

    def _read(self) -> None:
        facts = tuple(
            Proposal(CellKey(RUN, field), value, self.place, features={"sure": sure})
            for field, value, sure in (
                ("count", Quantity.exact(8, "devices", "Eight"), 1.0),
                ("epochs", Quantity.exact(90, "epochs", "90"), 1.0),
                ("steps", Quantity.exact(100, "steps", "100"), 0.0),
            )
        )
        engine = open_database(f"sqlite:///{self.data / 'burden.sqlite'}")
        migrated(engine)
        with session(engine) as opened:
            record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
            record_file(opened, PAPER, 1, sha256=self.place.sha256, size=1, at=AT)
            save(opened, Reading(self.place.sha256, "burden-0.1.0", PAPER, "A Net", 9, facts), JUDGE, AT)
        engine.dispose()


@cache
def _once() -> Releases:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    return Releases._made(folder / "data")
