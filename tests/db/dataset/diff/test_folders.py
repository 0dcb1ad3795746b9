"""A folder is a release, or it is refused with a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from db.dataset.diff.folders import Folder
from db.dataset.release import build_release
from db.events import Rejected
from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.ids import CellKey

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Begin, World

PAPER = "2403.00042"


@pytest.fixture
def folder(begin: Begin, tmp_path: Path) -> Path:
    begin(_released)
    return tmp_path / "releases" / "0.1.0"


def _released(world: World, folder: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, folder / "releases")


def test_cells_come_paper_by_paper(world: World, folder: Path) -> None:
    ((paper, cells),) = Folder.at(folder).papers()
    assert (paper, len(cells)) == (PAPER, 16)
    assert [said.cell for said in cells] == sorted(said.cell for said in cells)


def test_one_cell_has_all_its_evidence(folder: Path) -> None:
    found = Folder.at(folder).cell(f"{PAPER}/run/sparsenet.training#count")
    assert found is not None
    assert (found["value"], found["quote"]) == ("8.0", "the count of sparsenet.training")
    assert Folder.at(folder).cell(f"{PAPER}/run/sparsenet.training#epochs") is None


def test_formulas_of_the_list_are_what_they_were(world: World, tmp_path: Path, folder: Path) -> None:
    world.read(PAPER, extractor="burden-0.2.0")
    world.say(CellKey.parse(f"{PAPER}/run/sparsenet.training#count"), Rejected(), actor="=ada")
    newer = build_release(world.engine, tmp_path / "releases").folder
    ((_, listed),) = Folder.at(newer).listed()
    assert [row.reason for row in listed.values()] == ["=ada rejected it on 2026-11-21."]


def test_what_is_no_folder_and_what_is_no_release_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        Folder.at(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="holds no release"):
        Folder.at(tmp_path)


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"version": 1}', '{"version": "1", "created": "", "resources": 3}']
)
def test_a_description_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(DatasetError, match="holds no release"):
        Folder.at(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PAR1 is not all", b"PAR1" + bytes(200) + b"PAR1"])
def test_a_damaged_file_is_refused(folder: Path, content: bytes) -> None:
    (folder / "evidence.parquet").write_bytes(content)
    with pytest.raises(DatasetError, match="cannot be read"):
        list(Folder.at(folder).papers())


@pytest.mark.parametrize("content", [b"\xff\xfe", b"cell\nnone\n", b"other\n1\n"])
def test_a_damaged_list_of_changes_is_refused(folder: Path, content: bytes) -> None:
    (folder / "changes.csv").write_bytes(content)
    with pytest.raises(DatasetError, match="cannot be read"):
        list(Folder.at(folder).listed())


def test_a_file_of_another_hand_is_read_as_far_as_its_columns_go(folder: Path) -> None:
    rows = {"paper_id": [PAPER], "cell": [f"{PAPER}/run/r#count"], "value": [8], "low": [float("nan")]}
    pq.write_table(pa.table(rows), folder / "evidence.parquet")
    ((_, (said,)),) = Folder.at(folder).papers()
    assert (said.cell, said.value, said.unit) == (f"{PAPER}/run/r#count", "8", None)


@pytest.mark.parametrize(
    "rows",
    [
        {"paper_id": [None], "cell": ["x"], "value": ["8"]},
        {"paper_id": [PAPER], "cell": ["x"]},
        {"paper_id": [PAPER], "cell": ["x"], "value": ["8"], "page": ["five"]},
    ],
)
def test_a_file_that_cannot_be_evidence_is_refused(folder: Path, rows: dict[str, list[object]]) -> None:
    pq.write_table(pa.table(rows), folder / "evidence.parquet")
    with pytest.raises(DatasetError):
        list(Folder.at(folder).papers())
