"""Versions follow from what changed, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.dataset.diff import FIRST, Version, difference
from extractors.facts.errors import UsageError
from extractors.facts.ids import CellKey, EntityId, PaperId

KEYS = st.builds(
    lambda slug, field: CellKey(EntityId(PaperId("2403.00042"), "run", slug), field),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["count", "steps", "epochs"]),
)
CELLS = st.dictionaries(KEYS, st.sampled_from(["x", "y"]))
NUMBERS = st.integers(0, 999_999)


@given(CELLS, CELLS)
def test_the_difference_turns_the_one_into_the_other(
    before: dict[CellKey, str], after: dict[CellKey, str]
) -> None:
    found = difference(before, after, schema=False)
    rest = {key: value for key, value in before.items() if key not in found.removed}
    assert rest | {key: after[key] for key in (*found.added, *found.changed)} == after
    assert found.rows == ({key.entity for key in before} != {key.entity for key in after})


def test_a_schema_is_a_major_step_rows_a_minor_one_cells_a_patch() -> None:
    count = CellKey.parse("2403.00042/run/a#count")
    steps, other = CellKey(count.entity, "steps"), CellKey.parse("2403.00042/run/b#count")
    assert str(difference({count: "x"}, {count: "x"}, schema=True).follows(Version(0, 3, 1))) == "1.0.0"
    assert str(difference({count: "x"}, {count: "x", other: "x"}, schema=False).follows(FIRST)) == "0.2.0"
    assert str(difference({count: "x"}, {}, schema=False).follows(FIRST)) == "0.2.0"
    assert str(difference({count: "x"}, {count: "y"}, schema=False).follows(FIRST)) == "0.1.1"
    assert str(difference({count: "x"}, {count: "x", steps: "x"}, schema=False).follows(FIRST)) == "0.1.1"


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_version_is_read_as_it_was_written(major: int, minor: int, patch: int) -> None:
    version = Version(major, minor, patch)
    assert Version.parse(str(version)) == version


@pytest.mark.parametrize("text", ["", "1.0", "01.0.0", "1.0.0-rc1", "../..", "1.0.0\n"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a version"):
        Version.parse(text)
