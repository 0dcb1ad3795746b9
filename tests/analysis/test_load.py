import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.load import load_release
from extractors.facts.errors import DatasetError, UsageError

Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]
Seal = Callable[[Path], None]


def test_a_release_is_read_as_typed_rows(tables: Tables, write_release: WriteRelease) -> None:
    release = load_release(write_release(tables))
    assert release.version == "0.1.0"
    assert (len(release.papers), len(release.runs), len(release.results)) == (24, 24, 24)
    assert release.papers[0].published == date(2024, 1, 31)
    assert release.accelerators[1].fp32_flop_s is None
    assert release.runs[0].count == 8.0


def test_pandas_takes_the_rows_as_they_are(tables: Tables, write_release: WriteRelease) -> None:
    release = load_release(write_release(tables))
    runs = pd.DataFrame(list(release.runs))
    assert list(runs["run_id"]) == [run.run_id for run in release.runs]
    assert "hardware_burden_flop" not in runs  # the analysis computes it, under a convention of its own


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_that_is_no_release_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="Give the folder of one version"):
        load_release(tmp_path / name)


def test_an_altered_file_is_refused(tables: Tables, write_release: WriteRelease) -> None:
    folder = write_release(tables)
    with (folder / "results.parquet").open("ab") as file:
        file.write(b"0")
    with pytest.raises(DatasetError, match=r"results\.parquet is not as SHA256SUMS says"):
        load_release(folder)


@pytest.mark.parametrize("name", ["results.parquet", "SHA256SUMS"])
def test_a_missing_file_is_named(tables: Tables, write_release: WriteRelease, name: str) -> None:
    folder = write_release(tables)
    (folder / name).unlink()
    with pytest.raises(DatasetError, match=f"{name} is missing"):
        load_release(folder)


def test_a_table_without_a_seal_is_refused(tables: Tables, write_release: WriteRelease) -> None:
    folder = write_release(tables)
    lines = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in lines if "models" not in line))
    with pytest.raises(DatasetError, match=r"does not seal models\.parquet"):
        load_release(folder)


def test_a_seal_outside_the_folder_is_not_followed(tables: Tables, write_release: WriteRelease) -> None:
    folder = write_release(tables)
    with (folder / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  ../other\n")
    with pytest.raises(DatasetError, match=r"\.\./other is missing"):
        load_release(folder)


def test_a_column_that_is_not_described_is_named(
    tables: Tables, write_release: WriteRelease, seal: Seal
) -> None:
    folder = write_release(tables)
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        resource["schema"]["fields"] = [
            item for item in resource["schema"]["fields"] if item["name"] != "error"
        ]
    (folder / "datapackage.json").write_text(json.dumps(package))
    seal(folder)
    with pytest.raises(DatasetError, match="table results has no column error"):
        load_release(folder)


@pytest.mark.parametrize("content", ["{", "[]", '{"resources": [{"name": "papers"}]}', "{}"])
def test_a_description_that_describes_nothing_is_refused(
    tables: Tables, write_release: WriteRelease, seal: Seal, content: str
) -> None:
    folder = write_release(tables)
    (folder / "datapackage.json").write_text(content)
    seal(folder)
    with pytest.raises(DatasetError, match=r"datapackage\.json"):
        load_release(folder)


def test_a_described_column_that_is_not_there_is_refused(
    tables: Tables, write_release: WriteRelease, seal: Seal
) -> None:
    folder = write_release(tables)
    pq.write_table(
        pq.read_table(folder / "models.parquet").drop_columns(["flops"]), folder / "models.parquet"
    )
    seal(folder)
    with pytest.raises(DatasetError, match=r"models\.parquet is damaged or lacks a column"):
        load_release(folder)


def test_a_damaged_table_is_refused(tables: Tables, write_release: WriteRelease, seal: Seal) -> None:
    folder = write_release(tables)
    (folder / "models.parquet").write_bytes(b"PAR1 and nothing else")
    seal(folder)
    with pytest.raises(DatasetError, match=r"models\.parquet is damaged"):
        load_release(folder)


def test_a_cell_of_another_type_is_named(tables: Tables, write_release: WriteRelease, seal: Seal) -> None:
    folder = write_release(tables)
    table = pq.read_table(folder / "training_runs.parquet")
    changed = pa.array(["training", "juggling"] + ["training"] * (table.num_rows - 2))
    table = table.set_column(table.column_names.index("phase"), "phase", changed)
    pq.write_table(table, folder / "training_runs.parquet")
    seal(folder)
    with pytest.raises(DatasetError, match="training_runs: row 2, phase: input should be"):
        load_release(folder)


def test_columns_that_the_analysis_does_not_use_may_come_and_go(
    tables: Tables, write_release: WriteRelease, seal: Seal
) -> None:
    folder = write_release(tables)
    table = pq.read_table(folder / "papers.parquet").drop_columns(["version"])
    pq.write_table(table.append_column("doi", pa.array([""] * table.num_rows)), folder / "papers.parquet")
    seal(folder)
    assert len(load_release(folder).papers) == 24
