"""Croissant's own library reads every table by what a release says of itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from db.dataset.schema import TABLES

ROWS = {"papers": 2, "models": 2, "training_runs": 2, "results": 2, "evidence": 32}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what it is made with
def test_croissant_is_valid_and_gives_the_rows_of_every_table(release: Path) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert {record_set.id for record_set in dataset.metadata.record_sets} >= {table.name for table in TABLES}
    found = {name: list(dataset.records(name)) for name in ROWS}
    assert {name: len(rows) for name, rows in found.items()} == ROWS
    assert found["training_runs"][0]["training_runs/accelerator"] == b"NVIDIA Tesla V100"


def test_croissant_names_files_that_are_there_with_their_hashes(release: Path) -> None:
    listed = json.loads((release / "croissant.json").read_text("utf-8"))["distribution"]
    assert len(listed) > len(TABLES)
    for file in listed:
        assert hashlib.sha256((release / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]
