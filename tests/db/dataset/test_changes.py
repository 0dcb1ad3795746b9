"""What changed is found cell by cell, as papers come."""

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.dataset.changes import Changes, Reason, Standing
from db.dataset.part import Part
from db.dataset.schema import Row
from extractors.facts.ids import PaperId

PAPERS = ["2403.00007", "2403.00042", "doi:10.1/a", "doi:10.1/a.b", "doi:10.1/a/b"]
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(PAPERS), st.sampled_from(["run/a#count", "run/a#steps", "run/a.b#count"])),
    st.sampled_from(["4.0", "8.0"]),
)
Cells = Mapping[tuple[str, str], str]


def part(paper: str, cells: Cells) -> Part:
    rows: list[Row] = [
        {
            "cell": f"{paper}/{cell}", "table_name": "training_runs", "column_name": "count", "value": value,
            "low": None, "high": None, "unit": "devices", "status": "automatic",
        }
        for (of, cell), value in cells.items()
        if of == paper
    ]  # fmt: skip
    return Part(PaperId(paper), {"evidence": tuple(rows)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all examples keep their changes."""
    return tmp_path_factory.mktemp("changes")


def changes_from(before: Changes | None, cells: Cells, folder: Path) -> Changes:
    """The changes to these cells from what stood after others."""
    kept = Path(tempfile.mkdtemp(dir=folder)) / "changes.jsonl"
    with Changes(iter(standing(before)), kept) as found:
        for paper in sorted({paper for paper, _ in cells}):
            found.add(part(paper, cells))
    return found


def standing(changes: Changes | None) -> list[tuple[PaperId, dict[tuple[str, str], Standing]]]:
    """What a first release's changes leave standing."""
    found: dict[PaperId, dict[tuple[str, str], Standing]] = {}
    for change in changes or ():
        if change.after:
            found.setdefault(change.paper, {})[change.entity, change.field] = change.after
    return sorted(found.items())


@given(before=CELLS, after=CELLS)
def test_the_changes_turn_the_one_into_the_other(before: Cells, after: Cells, folder: Path) -> None:
    found = changes_from(changes_from(None, before, folder), after, folder)
    made = {f"{paper}/{cell}": value for (paper, cell), value in before.items()}
    for change in found:
        assert (change.before.value if change.before else None) == made.pop(change.cell, None)
        if change.after:
            made[change.cell] = str(change.after.value)
    assert made == {f"{paper}/{cell}": value for (paper, cell), value in after.items()}
    assert found.counts == Counter(change.kind for change in found)


@given(before=CELLS, after=CELLS)
def test_rows_came_or_went_where_entities_did(before: Cells, after: Cells, folder: Path) -> None:
    entities = [{f"{paper}/{cell.partition('#')[0]}" for paper, cell in cells} for cells in (before, after)]
    assert changes_from(changes_from(None, before, folder), after, folder).rows == (
        entities[0] != entities[1]
    )


@given(before=CELLS, after=CELLS)
def test_reasons_are_asked_for_once_of_each_change_and_kept_beside_it(
    before: Cells, after: Cells, folder: Path
) -> None:
    found = changes_from(changes_from(None, before, folder), after, folder)
    bare = list(found)
    found.explain(
        lambda changes: [
            Reason(change.cell, "person" if change.kind == "added" else "machine") for change in changes
        ]
    )
    assert [change.reason for change in found] == [
        Reason(change.cell, "person" if change.kind == "added" else "machine") for change in bare
    ]
    assert [replace(change, reason=None) for change in found] == bare


@given(before=CELLS, after=CELLS)
def test_a_paper_came_went_or_stayed(before: Cells, after: Cells, folder: Path) -> None:
    was, now = ({paper for paper, _ in cells} for cells in (before, after))
    for change in changes_from(changes_from(None, before, folder), after, folder):
        expected = "came" if change.paper not in was else "went" if change.paper not in now else "stayed"
        assert change.fate == expected
