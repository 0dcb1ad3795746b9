"""How long releases of a large database take, and how much memory: 100,000 invented papers of 20 published cells each.

The first has all cells; before the next, one paper in a hundred is read anew by a later extractor, and its scores are others.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.dataset.release import build_release
from db.engine import migrate, open_database
from extractors.facts.codec import evidence_to_json, value_to_json
from extractors.facts.evidence import Box, Evidence
from extractors.facts.values import Name, Quantity, Value

SIZES = (25_000, 50_000, 100_000)
"""Papers."""
SECONDS, BYTES = 300, 2 * 1024**3
"""What the largest may take."""
_AT = "2026-11-20 03:00:00.000000"
_LATER = "2026-11-21 03:00:00.000000"
_AT_ONCE = 2_000
_BENCHMARKS = (("imagenet-1k", "top1_accuracy"), ("coco-detection", "box_ap"))
_SAID: dict[tuple[str, str], tuple[tuple[str, Value], ...]] = {
    ("model", "net"): (
        ("name", Name("net", "Net")),
        ("role", Name("headline", "ours")),
        ("parameters", Quantity.exact(25.6e6, "parameters", "25.6M")),
        ("multiply_adds", Quantity.exact(4.1e9, "multiply-add", "4.1G")),
    ),
    ("run", "net.training"): (
        ("model", Name("net", "Net")),
        ("phase", Name("training", "trained")),
        ("accelerator", Name("NVIDIA Tesla V100", "V100")),
        ("count", Quantity.exact(8, "devices", "8")),
        ("wall_time", Quantity(345_600, 259_200, 432_000, "s", "3-5 days")),
        ("epochs", Quantity.exact(90, "epochs", "90")),
    ),
    **{
        ("result", f"net.{benchmark}"): (
            ("model", Name("net", "Net")),
            ("benchmark", Name(benchmark, benchmark)),
            ("metric", Name(metric, metric)),
            ("split", Name("val", "val")),
            ("score", Quantity.exact(61.3, "percent", "61.3")),
        )
        for benchmark, metric in _BENCHMARKS
    },
}  # fmt: skip


_READ_ANEW = (
    """INSERT INTO reading (sha256, extractor, paper_id, version, title, pages, problems, read_at)
       SELECT sha256, 'burden-2', paper_id, version, title, pages, problems, :at FROM reading WHERE paper_id LIKE '%00'""",
    """INSERT INTO proposal (sha256, extractor, paper_id, entity_id, field, rank, value, evidence, features, reasons)
       SELECT sha256, 'burden-2', paper_id, entity_id, field, rank, CASE field WHEN 'score' THEN :score ELSE value END, evidence,
           features, reasons FROM proposal WHERE paper_id LIKE '%00'""",
    """UPDATE cell SET extractor = 'burden-2', value = CASE field WHEN 'score' THEN :score ELSE value END
       WHERE paper_id LIKE '%00'""",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What building a release of a size took."""

    papers: int
    cells: int
    seconds: float
    again: float
    """Seconds for the next release, of a state in which one paper in a hundred is otherwise."""
    changed: int
    """Cells that are otherwise in it."""
    peak: int
    """Most memory of the process and of the one beside it that writes files, in bytes, added up."""
    size: int
    """Of the first release, in bytes."""

    def __str__(self) -> str:
        return (
            f"{self.papers:,} papers, {self.cells:,} cells: {self.seconds:.0f} s, {1e6 * self.seconds / self.cells:.0f} us a cell, "
            f"{self.size / 1024**2:.0f} MB; the next release, with {self.changed:,} cells changed: {self.again:.0f} s; "
            f"{self.peak / 1024**2:.0f} MB of memory at most"
        )


def report() -> None:
    """Print what each size takes; ends with 1 where the largest takes more than it may."""
    found: list[Outcome] = []
    for size in SIZES:
        found.append(measure(size))
        print(found[-1], flush=True)
    if max(found[-1].seconds, found[-1].again) > SECONDS or found[-1].peak > BYTES:
        raise SystemExit(1)


def measure(papers: int) -> Outcome:
    """Build two releases of so many invented papers in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="releases-") as folder:
        database = Path(folder) / "burden.sqlite"
        fill(database, papers)
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            return pool.apply(_build, (papers, database, Path(folder) / "releases"))


def _build(papers: int, database: Path, out: Path) -> Outcome:
    engine = open_database(f"sqlite:///{database}")
    began = time.perf_counter()
    first = build_release(engine, out)
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in first.folder.rglob("*") if path.is_file())
    read_anew(database)
    began = time.perf_counter()
    then = build_release(engine, out)
    again = time.perf_counter() - began
    engine.dispose()
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Outcome(papers, sum(first.statuses.values()), seconds, again, then.changed, peak * 1024, size)


def read_anew(path: Path) -> None:
    """Have a later extractor read one paper in a hundred, and find other scores."""
    said = {"score": json.dumps(value_to_json(Quantity.exact(61.4, "percent", "61.4"))), "at": _LATER}
    with closing(sqlite3.connect(path)) as database:
        for statement in _READ_ANEW:
            database.execute(statement, said)
        database.commit()


def fill(path: Path, papers: int) -> None:
    """An SQLite database with so many papers whose every cell is published."""
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for start in range(0, papers, _AT_ONCE):
            for table, rows in _rows(range(start, min(papers, start + _AT_ONCE))).items():
                names = ", ".join(rows[0])
                marks = ", ".join(f":{name}" for name in rows[0])
                database.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", rows
                )  # names of our own
            database.commit()


def _rows(numbers: range) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for number in numbers:
        for table, row in _paper(number):
            found.setdefault(table, []).append(row)
    return found


def _paper(number: int) -> Iterator[tuple[str, dict[str, Any]]]:

    month, within = divmod(number, 10_000)
    id, sha256 = f"{2001 + month}.{within:05}", f"{number:064x}"
    words = f"We train network {number} for 3-5 days on 8 V100 GPUs and reach 61.3 at the end"
    place = json.dumps(
        evidence_to_json(
            Evidence(sha256, 5, Box(5, 72, 310.5, 290, 334), "4 Training", words, "training.sentence")
        )
    )
    yield (
        "paper",
        {
            "paper_id": id,
            "source": "arxiv",
            "title": f"Network {number}",
            "latest": 1,
            "published": _AT,
            "first_seen": _AT,
        },
    )
    yield "paper_version", {
        "paper_id": id, "version": 1, "title": f"Network {number}", "abstract": "", "authors": "[]", "categories": "[]",
        "updated": _AT, "raw": b"", "seen_at": _AT,
    }  # fmt: skip
    yield "blob", {"sha256": sha256, "size": 1, "stored_at": _AT}
    yield "file", {"paper_id": id, "version": 1, "media": "pdf", "sha256": sha256, "fetched_at": _AT}
    yield "reading", {
        "sha256": sha256, "extractor": "burden-1", "paper_id": id, "version": 1, "title": "", "pages": 9,
        "problems": "[]", "read_at": _AT,
    }  # fmt: skip
    for (kind, slug), said in _SAID.items():
        entity = f"{id}/{kind}/{slug}"
        yield "entity", {
            "entity_id": entity, "paper_id": id, "kind": kind, "slug": slug, "minted_by": "burden-1", "minted_at": _AT, "removed": False,
        }  # fmt: skip
        for name, value in said:
            coded = value_to_json(value)
            yield "cell", {
                "entity_id": entity, "field": name, "paper_id": id, "status": "automatic", "value_kind": coded["kind"],
                "value": json.dumps(coded), "evidence": place, "extractor": "burden-1", "probability": 0.97,
                "reviewers": "[]", "last_seq": 0,
            }  # fmt: skip
            yield "proposal", {
                "sha256": sha256, "extractor": "burden-1", "paper_id": id, "entity_id": entity, "field": name, "rank": 0,
                "value": json.dumps(coded), "evidence": place, "features": "{}", "reasons": "[]",
            }  # fmt: skip
