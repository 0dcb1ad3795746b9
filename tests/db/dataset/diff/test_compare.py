"""Two releases are laid side by side as streams, and what differs has a reason as far as they tell."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.dataset.diff.compare import UNKNOWN, Differences, side_by_side
from db.dataset.diff.folders import Folder
from db.dataset.release import build_release
from db.engine import session
from db.events import Corrected, Rejected
from db.papers import Withdrawal, record_withdrawals
from extractors.facts.errors import DatasetError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Quantity

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Said, World

PAPER, OTHER = "2403.00042", "2403.00043"
COUNT = CellKey.parse(f"{PAPER}/run/sparsenet.training#count")
SIXTEEN = Quantity.exact(16, "devices", "16")
LATER = datetime(2026, 12, 1, 4, tzinfo=UTC)
PAPERS = ["2403.00007", "2403.00042", "cs/0309001", "doi:10.1/a", "doi:10.1/a.b", "doi:10.1/a/b"]
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(PAPERS), st.sampled_from(["run/a#count", "run/a#steps", "run/a.b#count"])),
    st.sampled_from(["4.0", "8.0", "16.0"]),
)
Cells = Mapping[tuple[str, str], str]
STREAM = st.dictionaries(st.text(max_size=3), st.integers())


def made(folder: Path, version: str, rows: list[dict[str, Any]], **package: object) -> Folder:
    """A release's folder with these rows of evidence, written in tiny groups."""
    folder.mkdir()
    described = {"version": version, "created": "2026-11-20T03:00:00Z", "resources": [], **package}
    (folder / "datapackage.json").write_text(json.dumps(described))
    names = ("cell", "paper_id", "value", "unit", "status")
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    pq.write_table(pa.table(columns), folder / "evidence.parquet", row_group_size=2)
    return Folder.at(folder)


def rows_of(cells: Cells) -> list[dict[str, Any]]:
    ordered = sorted((paper, f"{paper}/{cell}", value) for (paper, cell), value in cells.items())
    return [
        {"cell": cell, "paper_id": paper, "value": value, "unit": "x", "status": "automatic"}
        for paper, cell, value in ordered
    ]


@settings(max_examples=60)
@given(CELLS, CELLS)
def test_the_differences_turn_the_one_into_the_other(before: Cells, after: Cells) -> None:
    with tempfile.TemporaryDirectory() as place:
        old = made(Path(place) / "old", "0.1.0", rows_of(before))
        new = made(Path(place) / "new", "0.2.0", rows_of(after))
        with Differences(old, new) as found:
            listed = list(found)
            counts, same = found.counts, found.same
    state = {f"{paper}/{cell}": value for (paper, cell), value in before.items()}
    for one in listed:
        assert state.pop(one.cell, None) == (one.before.value if one.before else None)
        if one.after:
            state[one.cell] = one.after.value
    assert state == {f"{paper}/{cell}": value for (paper, cell), value in after.items()}
    assert counts == Counter(one.kind for one in listed)
    assert same == sum(before.get(key) == value for key, value in after.items())
    assert [(one.paper, one.cell) for one in listed] == sorted((one.paper, one.cell) for one in listed)
    assert all(one.reason for one in listed)


@given(STREAM, STREAM)
def test_two_streams_are_merged_by_key(one: dict[str, int], other: dict[str, int]) -> None:
    merged = list(side_by_side(iter(sorted(one.items())), iter(sorted(other.items()))))
    assert merged == [(key, one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys())]


@pytest.fixture
def differences(world: World, tmp_path: Path) -> Callable[[], dict[str, str]]:
    """Builds the next release; the reasons of what it says otherwise than the first, without its own list of changes."""
    world.read(PAPER)
    world.read(OTHER)
    first = Folder.at(build_release(world.engine, tmp_path).folder)

    def build(*, with_list: bool = False) -> dict[str, str]:
        folder = build_release(world.engine, tmp_path).folder
        if not with_list:
            (folder / "changes.csv").unlink()
        with Differences(first, Folder.at(folder)) as found:
            return {one.cell: one.reason for one in found}

    return build


Reasons = Callable[..., dict[str, str]]


def other_count(said: tuple[Said, ...]) -> list[Said]:
    return [(kind, slug, name, SIXTEEN if name == "count" else value) for kind, slug, name, value in said]


def test_who_decided_and_when(
    world: World, differences: Reasons, evidence_of: Callable[..., Evidence]
) -> None:
    world.say(COUNT, Corrected(SIXTEEN, evidence_of(PAPER, "two nodes of 8")), reason="eight a node")
    assert differences() == {str(COUNT): "ada decided it on 2026-11-21."}


def test_the_release_itself_knows_better(
    world: World, differences: Reasons, evidence_of: Callable[..., Evidence]
) -> None:
    world.say(COUNT, Corrected(SIXTEEN, evidence_of(PAPER, "two nodes of 8")), reason="eight a node")
    assert differences(with_list=True) == {str(COUNT): "ada corrected it on 2026-11-21: eight a node."}


def test_a_new_version_and_a_new_extractor(
    world: World, differences: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    world.read(PAPER, other_count(sparsenet), version=2, at=LATER)
    world.read(OTHER, other_count(sparsenet), extractor="burden-0.2.0", at=LATER)
    assert differences() == {
        str(COUNT): "Version 2 of the paper was read after version 1.",
        f"{OTHER}/run/sparsenet.training#count": "burden-0.2.0 read it after burden-0.1.0.",
    }


def test_a_withdrawn_paper_and_a_new_one(world: World, differences: Reasons) -> None:
    with session(world.engine) as opened:
        record_withdrawals(opened, [Withdrawal(PaperId(PAPER), LATER, "An error in Lemma 2.")])
    world.read("2403.00044")
    assert Counter(differences().values()) == {
        "The paper was withdrawn: An error in Lemma 2.": 16,
        "The paper is new.": 16,
    }


def test_what_releases_do_not_tell_is_said_not_to_be_told(world: World, differences: Reasons) -> None:
    world.say(COUNT, Rejected())
    assert differences() == {str(COUNT): f"It is published no more. {UNKNOWN}"}


def test_papers_out_of_order_are_refused(tmp_path: Path) -> None:
    rows = rows_of({(PAPER, "run/a#count"): "8.0", (OTHER, "run/a#count"): "8.0"})
    new = made(tmp_path / "new", "0.2.0", [*reversed(rows)])
    old = made(tmp_path / "old", "0.1.0", rows)
    with pytest.raises(DatasetError, match="not in the order"), Differences(old, new):
        pass


def test_a_cell_with_two_rows_is_refused(tmp_path: Path) -> None:
    rows = rows_of({(PAPER, "run/a#count"): "8.0"})
    old, new = made(tmp_path / "old", "0.1.0", rows), made(tmp_path / "new", "0.2.0", rows * 2)
    with pytest.raises(DatasetError, match="two rows"), Differences(old, new):
        pass


def test_columns_that_came_and_went_are_told(tmp_path: Path) -> None:
    def package(*names: str) -> list[object]:
        return [{"name": "runs", "schema": {"fields": [{"name": name} for name in names]}}]

    old = made(tmp_path / "old", "0.1.0", [], resources=package("count", "age"))
    new = made(tmp_path / "new", "1.0.0", [], resources=package("count", "steps"))
    with Differences(old, new) as found:
        assert found.columns == (["runs.steps"], ["runs.age"])
