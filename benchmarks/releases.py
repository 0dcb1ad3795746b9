"""How long a release of a large database takes, and how much memory: 100,000 invented papers of 20 published cells each."""

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What building a release of a size took."""

    papers: int
    cells: int
    seconds: float
    peak: int
    """Most memory of the process, in bytes."""
    size: int
    """Of the release, in bytes."""


def report() -> None:
    """Print what each size takes; ends with 1 where the largest takes more than it may."""
    found = [measure(size) for size in SIZES]
    for one in found:
        print(
            f"{one.papers:,} papers, {one.cells:,} cells: {one.seconds:.0f} s, {one.peak / 1024**2:.0f} MB at most, "
            f"{1e6 * one.seconds / one.cells:.0f} us a cell; the release has {one.size / 1024**2:.0f} MB"
        )
    if found[-1].seconds > SECONDS or found[-1].peak > BYTES:
        raise SystemExit(1)


def measure(papers: int) -> Outcome:
    """Build a release of so many invented papers in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="releases-") as folder:
        database = Path(folder) / "burden.sqlite"
        fill(database, papers)
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            cells, seconds, peak = pool.apply(_build, (database, Path(folder) / "releases"))
        size = sum(path.stat().st_size for path in Path(folder, "releases").rglob("*") if path.is_file())
    return Outcome(papers, cells, seconds, peak, size)


def _build(database: Path, out: Path) -> tuple[int, float, int]:
    engine = open_database(f"sqlite:///{database}")
    began = time.perf_counter()
    built = build_release(engine, out)
    seconds = time.perf_counter() - began
    engine.dispose()
    return sum(built.statuses.values()), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


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
