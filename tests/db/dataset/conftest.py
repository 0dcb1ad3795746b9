"""A real database with papers that were read and reviewed, from which releases are built."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import Engine

from db.cells import Judge
from db.dataset.part import Part
from db.dataset.rows import build, common
from db.dataset.schema import TABLES
from db.dataset.source import load_source, papers_of
from db.engine import open_database, session, snapshot
from db.events import Envelope, Event
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import cell_state
from db.screenings import record_screening
from extractors.confidence import Linear
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
DECIDED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FAMILY = Linear(0.0, {"sure": 9.0, "unsure": 0.5})
JUDGE = Judge.of(
    model_of({"training": FAMILY, "resources": FAMILY, "costs": FAMILY, "scores": FAMILY}),
    Promise(0.9, 0.1),
)

Said = tuple[EntityKind, str, str, Value]


def sha256_of(paper: str, version: int = 1) -> str:
    return f"{paper.replace('.', '')}{version}".ljust(64, "f")


def evidence(paper: str, quote: str, version: int = 1) -> Evidence:
    return Evidence(
        sha256_of(paper, version), 5, Box(5, 72, 310.5, 290, 334), "4 Training", quote, "test.rule"
    )


SPARSENET: tuple[Said, ...] = (
    ("model", "sparsenet", "name", Name("sparsenet", "SparseNet")),
    ("model", "sparsenet", "role", Name("headline", "ours")),
    ("model", "sparsenet", "parameters", Quantity.exact(25.6e6, "parameters", "25.6M")),
    ("model", "sparsenet", "multiply_adds", Quantity.exact(2e9, "multiply-add", "2G")),
    ("run", "sparsenet.training", "model", Name("sparsenet", "SparseNet")),
    ("run", "sparsenet.training", "phase", Name("training", "trained")),
    ("run", "sparsenet.training", "accelerator", Name("NVIDIA Tesla V100", "V100")),
    ("run", "sparsenet.training", "count", Quantity.exact(8, "devices", "8")),
    ("run", "sparsenet.training", "wall_time", Quantity(345_600, 259_200, 432_000, "s", "3-5 days")),
    ("run", "sparsenet.training", "steps", Quantity.exact(1000, "steps")),
    ("run", "sparsenet.training", "batch_size", Quantity.exact(256, "examples")),
    ("result", "sparsenet.top1", "model", Name("sparsenet", "SparseNet")),
    ("result", "sparsenet.top1", "benchmark", Name("imagenet-1k", "ImageNet")),
    ("result", "sparsenet.top1", "metric", Name("top1_accuracy", "top-1")),
    ("result", "sparsenet.top1", "setting", Name("single", "")),
    ("result", "sparsenet.top1", "score", Quantity.exact(76.3, "percent", "76.3")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """A database, and the few things that happen to it."""

    engine: Engine
    judge: Judge = JUDGE

    def read(
        self,
        paper: str,
        said: Iterable[Said] = SPARSENET,
        *,
        version: int = 1,
        extractor: str = "burden-0.1.0",
        unsure: Iterable[str] = (),
        title: str = "Sparse Networks",
        at: datetime = AT,
        published: datetime | None = AT,
        judge: Judge = JUDGE,
    ) -> None:
        """A paper is listed, screened, fetched and read."""
        id, sha256 = PaperId(paper), sha256_of(paper, version)
        listing = Listing(id, version, title, "", (), ("cs.LG",), published, AT, b"")
        proposals = tuple(
            Proposal(
                CellKey(EntityId(id, kind, slug), field),
                value,
                evidence(paper, f"the {field} of {slug}", version),
                features={"unsure" if field in unsure else "sure": 1.0},
            )
            for kind, slug, field, value in said
        )
        with session(self.engine) as opened:
            record_listings(opened, "arxiv", [listing], at)
            record_screening(
                opened,
                id,
                version,
                stage="listing",
                decision="relevant",
                domains=("vision",),
                reason="ImageNet",
                at=at,
            )
            record_file(opened, id, version, sha256=sha256, size=1, at=at)
            save(opened, Reading(sha256, extractor, id, title, 9, proposals), judge, at, version=version)

    def say(self, cell: CellKey | EntityId, event: Event, actor: str = "ada", *, reason: str = "") -> None:
        """A person says something of a cell or an entity."""
        entity, field = (cell.entity, cell.field) if isinstance(cell, CellKey) else (cell, None)
        uuid = str(uuid5(NAMESPACE_URL, f"{cell} {event} {actor}"))
        with session(self.engine) as opened:
            envelope = Envelope(uuid, DECIDED, actor, "annotator", entity, field, reason=reason)
            append(opened, envelope, event, JUDGE)

    def parts(self) -> list[Part]:
        """What a release would be made of: the rows of each paper, then those of what no single paper says."""
        with snapshot(self.engine) as opened:
            source = load_source(opened)
            papers = [build(facts) for facts in papers_of(opened, source)]
        return [
            *papers,
            common(source, [part.paper for part in papers if part.paper and part.tables["papers"]]),
        ]

    def whole(self) -> Part:
        """The parts as one."""
        parts = self.parts()
        return Part(
            None,
            {
                table.name: tuple(row for part in parts for row in part.tables.get(table.name, ()))
                for table in TABLES
            },
            {key: state for part in parts for key, state in part.cells.items()},
            tuple(key for part in parts for key in part.dangling),
        )

    def status(self, cell: CellKey) -> str:
        """The cell's status in the database."""
        with snapshot(self.engine) as opened:
            state = cell_state(opened, cell)
        return state.status if state else "unknown"


@pytest.fixture
def world(sqlite_engine: Engine) -> World:
    """An empty database."""
    return World(sqlite_engine)


Make = Callable[[World, Path], object]
"""Lets things happen to an empty database, and lays files in its folder."""
Begin = Callable[[Make], World]


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Make], Path]:
    """Folders of databases to which something has happened, each made once, to be copied."""

    @cache
    def made(make: Make) -> Path:
        folder = tmp_path_factory.mktemp("beginning")
        engine = open_database(f"sqlite:///{folder / 'burden.db'}")
        migrated(engine)
        make(World(engine), folder)
        engine.dispose()
        return folder

    return made


@pytest.fixture
def begin(world: World, beginnings: Callable[[Make], Path], tmp_path: Path) -> Begin:
    """Let the database, and the test's folder, be as something that happens left them: it happens once for all tests."""

    def begun(make: Make) -> World:
        world.engine.dispose()
        shutil.copytree(beginnings(make), tmp_path, dirs_exist_ok=True)
        return world

    return begun


@pytest.fixture(name="sparsenet")
def what_the_usual_paper_says() -> tuple[Said, ...]:
    """What a paper says whose every cell is sure."""
    return SPARSENET


@pytest.fixture(name="evidence_of")
def makes_evidence() -> Callable[..., Evidence]:
    """Makes evidence for what a person types: paper, quote, version."""
    return evidence
