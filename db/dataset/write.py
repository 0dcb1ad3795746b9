"""What describes the rows of a release, beside the files that hold them (`db.dataset.rowfiles`), and then the checksums.

The same dataset, version and date give the same bytes: rows are sorted, and nothing reads the clock. Files are written into a
folder that nobody reads yet; `db.dataset.release` shows it to the world in one step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from db.dataset.edition import Edition
from db.dataset.metadata.card import CARD, card
from db.dataset.metadata.citation import citation_file, deposit
from db.dataset.metadata.croissant import croissant
from db.dataset.metadata.datasette import datasette
from db.dataset.metadata.dictionary import dictionary
from db.dataset.metadata.package import package
from db.dataset.metadata.readme import readme
from db.dataset.metadata.review import REVIEW
from db.dataset.schema import TABLES
from db.dataset.seals import SEALS

PACKAGE = "datapackage.json"


def describe(edition: Edition, folder: Path) -> str:
    """Write what describes a release beside the files with its rows, the checksums last.

    Returns:
        The sha256 of the checksums, which seals all of it.
    """
    described: Mapping[str, str] = {
        PACKAGE: as_json(package(edition)),
        "checks.json": as_json([check.as_json() for check in edition.checks]),
        REVIEW: as_json(edition.quality.as_json()),
        "data-dictionary.md": dictionary(),
        "README.md": readme(edition),
        "croissant.json": as_json(croissant(edition)),
        "datasette.json": as_json(datasette(edition)),
        "CITATION.cff": citation_file(edition),
        CARD: card(edition),
        ".zenodo.json": as_json(deposit(edition)),
    }
    sums = {name: stored.sha256 for name, stored in edition.files.items()}
    for name, content in described.items():
        (folder / name).write_bytes(content.encode())
        sums[name] = _sha256(content)
    seals = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (folder / SEALS).write_bytes(seals.encode())
    return _sha256(seals)


def schema_sha256() -> str:
    """A hash of what a reader must know to read the columns: names, types, units and closed lists."""
    known = {
        table.name: [[column.name, column.type, column.unit, column.allowed] for column in table.columns]
        for table in TABLES
    }
    return _sha256(as_json(known))


def as_json(data: object) -> str:
    """JSON as the files of a release have it."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
