"""The schema and the field registry say the same."""

import pytest

from db.dataset.schema import SHOWN, TABLES, Table
from extractors.facts.fields import FIELDS


def test_every_field_of_the_registry_that_holds_a_value_has_exactly_one_column() -> None:
    shown = [column.field for table in TABLES for column in table.columns if column.field]
    assert sorted(shown) == sorted(path for path, field in FIELDS.items() if field.use != "whole")
    assert SHOWN["run.wall_time"].name == "wall_time_s"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_and_references_are_columns(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert set(table.key) <= {column.name for column in table.columns if column.required}
    assert {reference.column for reference in table.references} <= set(names)
    keys = {other.name: other.key for other in TABLES}
    assert all(keys[reference.table] == (reference.column,) for reference in table.references)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_explained_with_an_example(table: Table) -> None:
    for column in table.columns:
        assert column.meaning.endswith("."), column.name
        assert column.example, column.name
        assert not column.allowed or column.example in column.allowed, column.name
