"""Files say what the rows say, to people's tools and to spreadsheets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

from db.dataset.checks import run_checks
from db.dataset.rows import Dataset, build
from db.dataset.schema import TABLES, Table
from db.dataset.source import load_source
from db.dataset.write import Edition, content_sha256, csv_files, schema_sha256, write_release
from db.engine import snapshot

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World


@pytest.fixture
def edition(world: World) -> Edition:
    world.read("2403.00042", title="=SUM(A1), or sums")
    with snapshot(world.engine) as opened:
        source = load_source(opened)
    assert source.as_of
    dataset = build(source)
    return Edition("0.1.0", source.as_of, dataset, run_checks(dataset))


@pytest.fixture
def folder(edition: Edition, tmp_path: Path) -> Path:
    (tmp_path / "0.1.0").mkdir()
    write_release(edition, tmp_path / "0.1.0")
    return tmp_path / "0.1.0"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_holds_the_rows_as_they_are(edition: Edition, folder: Path, table: Table) -> None:
    assert pq.read_table(folder / f"{table.name}.parquet").to_pylist() == list(
        edition.dataset.tables[table.name]
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_csv_says_the_same_as_parquet(folder: Path, table: Table) -> None:
    parquet = pq.read_table(folder / f"{table.name}.parquet").to_pandas()
    text = [column.name for column in table.columns if column.type == "string"]
    numbers = [column.name for column in table.columns if column.type in ("number", "integer")]
    csv = pd.read_csv(folder / f"{table.name}.csv", dtype=dict.fromkeys(text, "object"))
    assert list(csv) == list(parquet)
    for name in numbers:
        assert list(csv[name].dropna()) == pytest.approx(list(parquet[name].dropna()))
    for name in text:
        assert [cell.removeprefix("'") for cell in csv[name].dropna()] == list(parquet[name].dropna())


def test_a_spreadsheet_finds_no_formula(folder: Path) -> None:
    assert pd.read_csv(folder / "papers.csv")["title"][0] == "'=SUM(A1), or sums"
    assert pd.read_parquet(folder / "papers.parquet")["title"][0] == "=SUM(A1), or sums"


def test_the_package_describes_every_column_and_seals_every_file(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    assert (package["version"], package["licenses"][0]["name"]) == ("0.1.0", "CC-BY-4.0")
    for table, resource in zip(TABLES, package["resources"], strict=True):
        path = folder / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        assert [field["name"] for field in resource["schema"]["fields"]] == list(pd.read_csv(path, nrows=0))
        assert resource["schema"]["primaryKey"] == list(table.key)


def test_what_the_package_demands_holds_of_the_csv(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        rows = pd.read_csv(folder / resource["path"], dtype={"released": "object"})
        assert not rows.duplicated(resource["schema"]["primaryKey"]).any()
        for field in resource["schema"]["fields"]:
            demanded, cells = field["constraints"], rows[field["name"]]
            assert not (demanded.get("required") and cells.isna().any()), field
            assert set(cells.dropna()) <= set(demanded.get("enum", cells.dropna()))
            assert all(cell >= demanded["minimum"] for cell in cells.dropna() if "minimum" in demanded)
        for link in resource["schema"]["foreignKeys"]:
            target = pd.read_csv(folder / f"{link['reference']['resource']}.csv")
            assert set(rows[link["fields"]].dropna()) <= set(target[link["reference"]["fields"]])


def test_quotes_are_short(folder: Path) -> None:
    assert pd.read_parquet(folder / "evidence.parquet")["quote"].str.len().max() <= 160


def test_the_content_has_one_hash_whatever_the_version(edition: Edition) -> None:
    later = replace(edition, version="0.2.0")
    assert content_sha256(later.dataset) == content_sha256(edition.dataset)
    other = Dataset({**edition.dataset.tables, "papers": ()}, edition.dataset.cells, ())
    assert content_sha256(other) != content_sha256(edition.dataset)
    assert len(schema_sha256()) == 64


def test_dates_are_written_as_iso(edition: Edition) -> None:
    assert edition.dataset.tables["papers"][0]["published"] == date(2026, 11, 20)
    assert b",2026-11-20," in csv_files(edition.dataset)["papers"]
