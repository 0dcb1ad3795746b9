"""Each check finds its kind of bad state and names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from db.dataset.checks import Check, Checking
from db.dataset.part import Part
from db.dataset.schema import Row, Scalar
from db.events import DeclaredNotReported
from extractors.facts.ids import CellKey
from extractors.facts.values import Name, Quantity

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World

PAPER = "2403.00042"
RUN = f"{PAPER}/run/sparsenet.training"


@pytest.fixture
def good(world: World) -> Part:
    world.read(PAPER)
    return world.whole()


def with_rows(part: Part, table: str, change: Callable[[tuple[Row, ...]], tuple[Row, ...]]) -> Part:
    return replace(part, tables={**part.tables, table: change(part.tables[table])})


def with_cell(part: Part, table: str, column: str, cell: Scalar) -> Part:
    return with_rows(part, table, lambda rows: ({**rows[0], column: cell}, *rows[1:]))


def failed(part: Part) -> dict[str, Check]:
    checking = Checking()
    checking.add(part)
    return {check.name: check for check in checking.outcomes() if not check.success}


def test_a_good_dataset_passes_every_check(good: Part) -> None:
    assert failed(good) == {}


def test_two_rows_of_one_key_are_found(good: Part) -> None:
    found = failed(with_rows(good, "training_runs", lambda rows: rows * 2))
    assert (found["keys"].required, found["keys"].notes) == (True, f"training_runs {RUN}")


def test_a_key_that_leads_nowhere_is_found(good: Part) -> None:
    found = failed(with_rows(good, "models", lambda _rows: ()))["references"]
    assert (found.observed, found.required) == (2, True)
    assert f"training_runs {RUN}: model_id {PAPER}/model/sparsenet" in found.notes


@pytest.mark.parametrize("column", ["page", "quote", "rule", "sha256", "paper_version"])
def test_a_value_without_a_part_of_its_evidence_is_found(good: Part, column: str) -> None:
    assert failed(with_cell(good, "evidence", column, None))["evidence"].observed == 1


def test_a_value_without_any_evidence_is_found(good: Part) -> None:
    found = failed(with_rows(good, "evidence", lambda rows: rows[1:]))["evidence"]
    assert (found.observed, found.required) == (1, True)


def test_a_value_that_its_field_does_not_admit_is_found(good: Part) -> None:
    key = CellKey.parse(f"{RUN}#wall_time")
    slipped = replace(good.cells[key], value=Quantity.exact(1e12, "s"))
    assert failed(replace(good, cells={**good.cells, key: slipped}))["registry"].notes == str(key)


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("training_runs", "wall_time_s", 1e12),
        ("training_runs", "phase", "resting"),
        ("evidence", "quote", "q" * 161),
        ("papers", "title", "a\x1b[31mtitle"),
        ("evidence", "status", None),
        ("evidence", "probability", 1.5),
    ],
)
def test_a_cell_that_its_column_does_not_allow_is_found(
    good: Part, table: str, column: str, cell: Scalar
) -> None:
    found = failed(with_cell(good, table, column, cell))["schema"]
    assert (found.required, f"column {column}" in found.notes) == (True, True)


@pytest.mark.parametrize(
    "quote", [" a blank in front", "a blank behind ", "two  blanks", "a bell\a", "\ud800"]
)
def test_a_text_that_is_not_plain_is_found_between_others(good: Part, quote: str) -> None:
    found = failed(with_cell(good, "evidence", "quote", quote))["schema"]
    assert (found.observed, "column quote" in found.notes) == (1, True)


@pytest.mark.parametrize("quote", ["|", "a | b", " | ".join("abc"), ""])
def test_a_text_may_have_what_stands_between_texts_when_they_are_looked_at_together(
    good: Part, quote: str
) -> None:
    assert "schema" not in failed(with_cell(good, "evidence", "quote", quote))


def test_an_empty_table_is_told_and_does_not_refuse(good: Part) -> None:
    found = failed(with_rows(good, "results", lambda _rows: ()))["tables"]
    assert (found.required, found.notes) == (False, "results")


def test_no_papers_at_all_refuse(good: Part) -> None:
    assert failed(with_rows(good, "papers", lambda _rows: ()))["papers"].required


def test_an_accelerator_that_nobody_knows_is_told(good: Part) -> None:
    found = failed(with_cell(good, "training_runs", "accelerator", "Abacus"))["accelerators"]
    assert (found.required, found.notes) == (False, f"{RUN}: Abacus")


@pytest.mark.parametrize(("column", "cell"), [("score", 140.0), ("benchmark", "chess")])
def test_a_score_that_cannot_be_is_told(good: Part, column: str, cell: Scalar) -> None:
    assert not failed(with_cell(good, "results", column, cell))["scores"].required


def test_a_search_that_names_no_parts_is_told(world: World) -> None:
    world.read(PAPER)
    world.say(CellKey.parse(f"{RUN}#count"), DeclaredNotReported())
    found = failed(world.whole())
    assert set(found) == {"searches"}
    assert found["searches"].notes == f"{RUN}#count"


def test_only_the_first_few_are_named(world: World) -> None:
    said = [("run", f"r{n}", "accelerator", Name(f"abacus-{n}", "Abacus")) for n in range(8)]
    world.read(PAPER, said)  # type: ignore[arg-type]
    found = failed(world.whole())["accelerators"]
    assert found.observed == 8
    assert found.notes.endswith(" and 3 more")
