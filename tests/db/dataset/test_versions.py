"""Versions follow from what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.dataset.versions import FIRST, Version, next_version
from extractors.facts.errors import UsageError

NUMBERS = st.integers(0, 999_999)


@pytest.mark.parametrize(
    ("last", "schema", "rows", "due"),
    [
        (None, False, True, "0.1.0"),
        (FIRST, False, False, "0.1.1"),
        (FIRST, False, True, "0.2.0"),
        (Version(0, 3, 1), True, True, "1.0.0"),
    ],
)
def test_a_schema_is_a_major_step_rows_a_minor_one_cells_a_patch(
    last: Version | None, schema: bool, rows: bool, due: str
) -> None:
    assert str(next_version(last, schema=schema, rows=rows)) == due


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_version_is_read_as_it_was_written(major: int, minor: int, patch: int) -> None:
    version = Version(major, minor, patch)
    assert Version.parse(str(version)) == version


@pytest.mark.parametrize("text", ["", "1.0", "01.0.0", "1.0.0-rc1", "../..", "1.0.0\n"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a version"):
        Version.parse(text)
