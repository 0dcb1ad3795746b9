"""Files say what the rows say, to people's tools and to spreadsheets."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

from db.dataset.checks import Checking
from db.dataset.edition import Edition
from db.dataset.formats import parquet_tables
from db.dataset.formats.csv_tables import csv_text, without_apostrophe
from db.dataset.part import Part
from db.dataset.quality import Quality
from db.dataset.rowfiles import RowFiles
from db.dataset.schema import ENTITY_TABLES, TABLES, Table
from db.dataset.statistics import Statistics
from db.dataset.write import describe, schema_sha256
from db.engine import open_database
from tests.db.dataset.conftest import World

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Make

AS_OF = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def parts(beginnings: Callable[[Make], Path]) -> list[Part]:
    engine = open_database(f"sqlite:///{beginnings(_read) / 'burden.db'}")
    found = World(engine).parts()
    engine.dispose()
    return found


def _read(world: World, folder: Path) -> None:
    world.read("2403.00042", title="=SUM(A1), or sums")
    world.read("2403.00043")


def written(parts: list[Part], folder: Path) -> str:
    """Write a release of these parts; the hash of its rows."""
    folder.mkdir()
    statistics, checking = Statistics(), Checking()
    with RowFiles(folder) as files:
        for part in parts:
            for consumer in (files, statistics, checking):
                consumer.add(part)
        files.end()
        rows = files.written()
    describe(
        Edition("0.1.0", AS_OF, statistics, parts[-1], checking.outcomes(), rows.files, Quality()), folder
    )
    return rows.content_sha256


@pytest.fixture(scope="module")
def folder(parts: list[Part], tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("written") / "0.1.0"
    written(parts, found)
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_holds_the_rows_as_they_are(parts: list[Part], folder: Path, table: Table) -> None:
    assert pq.read_table(folder / f"{table.name}.parquet").to_pylist() == [
        row for part in parts for row in part.tables.get(table.name, ())
    ]


def test_row_groups_do_not_depend_on_how_rows_came(
    parts: list[Part], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_tables, "ROWS_AT_ONCE", 5)
    written(parts, tmp_path / "one")
    together = {
        name: tuple(row for part in parts for row in part.tables.get(name, ())) for name in parts[0].tables
    }
    written([replace(parts[0], tables=together), parts[-1]], tmp_path / "other")
    file = pq.ParquetFile(tmp_path / "one" / "evidence.parquet")
    groups = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert groups == [5, 5, 5, 5, 5, 5, 2]
    for table in TABLES:
        name = f"{table.name}.parquet"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_sqlite_says_the_same_as_parquet(folder: Path, table: Table) -> None:
    with closing(sqlite3.connect(folder / "burden.sqlite")) as database:
        names = [str(name) for _, name, *_ in database.execute(f"PRAGMA table_info({table.name})")]
        found = pd.read_sql_query(f"SELECT * FROM {table.name}", database)[names]  # a name of our own
    parquet = pd.read_parquet(folder / f"{table.name}.parquet")
    assert list(found) == list(parquet)
    for column in table.columns:
        cells, same = found[column.name].dropna(), parquet[column.name].dropna()
        if column.type in ("number", "integer"):
            assert list(cells) == list(same)
        elif column.type == "string":
            assert list(cells.astype(str)) == list(same)
        else:
            assert len(cells) == len(same)


def test_in_sqlite_every_key_leads_somewhere_and_the_file_is_sound(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "burden.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA page_size").fetchall() == [(4096,)]
        joined = database.execute(
            "SELECT m.name FROM training_runs JOIN models m USING (model_id)"
        ).fetchall()
    assert joined == [("SparseNet",), ("SparseNet",)]


def test_in_sqlite_a_row_leads_to_its_evidence(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "burden.sqlite")) as database:
        for table in ENTITY_TABLES.values():
            (key,) = table.key
            joined = f"SELECT count(*) FROM {table.name} JOIN evidence USING ({key}) WHERE row_id = {key}"  # names of our own
            found = f"SELECT count(*) FROM evidence WHERE table_name = '{table.name}'"
            assert database.execute(joined).fetchone() == database.execute(found).fetchone() != (0,)
            plan = database.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM evidence WHERE {key} = 'a'").fetchone()
            assert f"evidence_{key}" in plan[3]


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


def test_what_a_spreadsheet_would_run_is_text_and_comes_back_as_it_was() -> None:
    said = ["=1", "+1", "-1", "@x", "＝1", "＠x", "'=1", "''=1", "'tis", "'", "a=1", ""]
    lines = csv_text([[text] for text in said]).decode().splitlines()
    written = [line[0] if line else "" for line in csv.reader(lines)]
    assert written[:8] == [f"'{text}" for text in said[:8]]
    assert [without_apostrophe(text) for text in written] == said


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


def test_the_content_has_one_hash_whatever_the_version(parts: list[Part], tmp_path: Path) -> None:
    first, again = (written(parts, tmp_path / name) for name in ("a", "b"))
    assert first == again != written(parts[1:], tmp_path / "c")
    assert len(schema_sha256()) == 64


def test_dates_are_written_as_iso(parts: list[Part], folder: Path) -> None:
    assert parts[0].tables["papers"][0]["published"] == date(2026, 11, 20)
    assert b",2026-11-20," in (folder / "papers.csv").read_bytes()
