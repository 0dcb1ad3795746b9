"""A small sound database with a release, for faults to be made in: invented papers, decisions of people, and news since the release."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from db.cells import Judge
from db.dataset.release import build_release
from db.engine import migrate, open_database, session
from db.events import Corrected, Envelope
from db.log import append
from db.models import choose
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.screenings import record_screening
from extractors.confidence import Linear, Model, Proof
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise

PAPERS = 24
AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
LATER = AT + timedelta(days=3)
Said = tuple[EntityKind, str, str, Value]
SURE = Linear(9.0)
MODEL = Model(
    "faults",
    {"training": SURE, "costs": SURE, "scores": SURE, "resources": SURE},
    pools=dict.fromkeys(("training", "costs", "scores", "resources"), (Proof(0.5, 100, 50, 0.99, 0.99),)),
)
PROMISE = Promise(0.9, 0.1, 0.0)
JUDGE = Judge.of(MODEL, PROMISE)
SAID: tuple[Said, ...] = (
    ("model", "net", "name", Name("net", "Net")),
    ("model", "net", "role", Name("headline", "ours")),
    ("model", "net", "parameters", Quantity.exact(25.6e6, "parameters", "25.6M")),
    ("run", "net.training", "model", Name("net", "Net")),
    ("run", "net.training", "phase", Name("training", "trained")),
    ("run", "net.training", "accelerator", Name("NVIDIA Tesla V100", "V100")),
    ("run", "net.training", "count", Quantity.exact(8, "devices", "8")),
    ("run", "net.training", "wall_time", Quantity(345_600, 259_200, 432_000, "s", "3-5 days")),
    ("result", "net.top1", "model", Name("net", "Net")),
    ("result", "net.top1", "benchmark", Name("imagenet-1k", "ImageNet")),
    ("result", "net.top1", "metric", Name("top1_accuracy", "top-1")),
    ("result", "net.top1", "score", Quantity.exact(76.3, "percent", "76.3")),
)


def paper_of(number: int) -> PaperId:
    """The id of an invented paper, from 0."""
    return PaperId(f"2403.{number + 1:05}")


def sha256_of(number: int) -> str:
    """The hash of its file."""
    return f"{number + 1:064x}"


def cell_of(number: int, field: str, entity: str = "run/net.training") -> CellKey:
    """A cell of an invented paper."""
    return CellKey.parse(f"{paper_of(number)}/{entity}#{field}")


REVIEWED = cell_of(0, "count")
"""What a person decided, before the release."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with a release of it, and what may be done to them."""

    folder: Path
    engine: Engine

    @property
    def out(self) -> Path:
        """Where releases are built."""
        return self.folder / "releases"

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "burden.sqlite"

    def sql(self, *statements: str, **given: object) -> None:
        """Change the database behind the back of the program, whatever its constraints say."""
        with closing(sqlite3.connect(self.database)) as opened:
            opened.execute("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                opened.execute(statement, given)
            opened.commit()

    def set(self, key: CellKey, column: str, to: object) -> None:
        """Write something into a column of a cell."""
        self.sql(
            f"UPDATE cell SET {column} = :to WHERE entity_id = :entity AND field = :field",
            to=to, entity=str(key.entity), field=key.field,
        )  # fmt: skip

    def change(self, key: CellKey, column: str, **to: object) -> None:
        """Change what a cell's JSON says."""
        with closing(sqlite3.connect(self.database)) as opened:
            (text,) = opened.execute(
                f"SELECT {column} FROM cell WHERE entity_id = ? AND field = ?", (str(key.entity), key.field)
            ).fetchone()
        self.set(key, column, json.dumps({**json.loads(text), **to}))

    def number(self, key: CellKey, value: float) -> None:
        """Change the number of a cell, as a slip does."""
        self.change(key, "value", value=value, low=value, high=value)

    def unlocked(self, *statements: str) -> None:
        """Change the review log, which refuses it."""
        with closing(sqlite3.connect(self.database)) as opened:
            triggers = opened.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'event_no_%'"
            ).fetchall()
            for name, _ in triggers:
                opened.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                opened.execute(statement)
            for _, made in triggers:
                opened.execute(made)
            opened.commit()

    def read(
        self,
        number: int,
        said: Iterable[Said] = SAID,
        *,
        sha256: str | None = None,
        extractor: str = "burden-0.1.0",
        at: datetime = LATER,
    ) -> None:
        """A paper is listed, screened, fetched and read."""
        paper, sha256 = paper_of(number), sha256 or sha256_of(number)
        proposals = tuple(
            Proposal(
                CellKey(EntityId(paper, kind, slug), field),
                value,
                Evidence(
                    sha256, 5, Box(5, 72, 310.5, 290, 334), "4 Training", f"the {field} of {slug}", "invented"
                ),
            )
            for kind, slug, field, value in said
        )
        with session(self.engine) as opened:
            listing = Listing(paper, 1, f"Network {number}", "", (), ("cs.LG",), AT, AT, b"")
            record_listings(opened, "arxiv", [listing], AT)
            record_screening(
                opened, paper, 1, stage="listing", decision="relevant", domains=("vision",), reason="ImageNet", at=AT,
            )  # fmt: skip
            record_file(opened, paper, 1, sha256=sha256, size=1, at=AT)
            save(opened, Reading(sha256, extractor, paper, "", 9, proposals), JUDGE, at, version=1)

    def visible(self) -> tuple[object, ...]:
        """All that a reader or the next build can see of releases, and what is left half."""
        with closing(sqlite3.connect(self.database)) as opened:
            try:
                recorded = opened.execute("SELECT count(*) FROM release").fetchone()
            except sqlite3.DatabaseError:
                recorded = None
        left = sorted(path.name for path in self.out.iterdir() if path.name != "refused.json")
        return recorded, left


def make_template(folder: Path) -> None:
    """A database with a release and without news, to be copied."""
    folder.mkdir(parents=True)
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    migrate(engine)
    ground = Ground(folder, engine)
    with session(engine) as opened:
        choose(opened, MODEL, AT)
    for number in range(PAPERS):
        ground.read(number, at=AT)
    evidence = Evidence(sha256_of(0), 5, None, "4 Training", "two nodes of 8", "typed")
    said = Corrected(Quantity.exact(16, "devices", "16"), evidence)
    with session(engine) as opened:
        envelope = Envelope(
            "ada-1", AT + timedelta(days=1), "ada", "annotator", REVIEWED.entity, REVIEWED.field
        )
        append(opened, envelope, said, JUDGE)
    build_release(engine, ground.out)
    with closing(sqlite3.connect(ground.database)) as opened_file:
        opened_file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@contextmanager
def ground_of(template: Path, folder: Path, *, news: bool = True) -> Iterator[Ground]:
    """A copy of the template, with one more paper read since unless there is to be no news."""
    shutil.copytree(template, folder)
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    ground = Ground(folder, engine)
    try:
        if news:
            ground.read(PAPERS)
        yield ground
    finally:
        engine.dispose()
