"""The registry admits what a field can hold, and says when two values are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS, Field, field_of, fields_meant, same_value
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, NotReported, Quantity, Value

numbers = st.floats(1, 1e12)
quantities = st.builds(Quantity.exact, numbers, st.sampled_from(["s", "device-s"]))
values = st.one_of(quantities, st.builds(Name, st.sampled_from("ab"), st.text()), st.just(NotReported()))


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.path)
def test_every_field_explains_itself(field: Field) -> None:
    assert field.meaning.endswith(".")
    assert field.guideline.endswith(".")
    assert field.low <= field.high


@given(st.sampled_from(sorted(FIELDS)), values, values)
def test_sameness_is_symmetric_and_holds_for_the_value_itself(path: str, a: Value, b: Value) -> None:
    field = FIELDS[path]
    assert same_value(field, a, a)
    assert same_value(field, a, b) == same_value(field, b, a)


@pytest.mark.parametrize(
    ("path", "a", "b", "same"),
    [
        ("run.wall_time", Quantity.exact(100, "s"), Quantity.exact(101.9, "s"), True),
        ("run.wall_time", Quantity.exact(100, "s"), Quantity.exact(104, "s"), False),
        ("run.device_time", Quantity.exact(100, "core-s"), Quantity.exact(100, "device-s"), False),
        ("run.count", Quantity.exact(8, "devices"), Quantity.exact(8, "devices", "eight"), True),
        ("run.count", Quantity.exact(8, "devices"), Quantity.exact(9, "devices"), False),
        ("result.score", Quantity.exact(76.3, "percent"), Quantity.exact(76.35, "percent"), True),
        ("result.score", Quantity.exact(76.3, "percent"), Quantity.exact(76.4, "percent"), False),
        ("run.accelerator", Name("NVIDIA A100", "A100s"), Name("NVIDIA A100", "A100"), True),
        ("run.accelerator", Name("NVIDIA A100", "A100"), NotReported(), False),
    ],
)
def test_values_are_the_same_within_the_tolerance_of_their_field(
    path: str, a: Value, b: Value, same: bool
) -> None:
    assert same_value(FIELDS[path], a, b) is same


@pytest.mark.parametrize(
    ("path", "value", "admitted"),
    [
        ("run.count", Quantity.exact(8, "chips"), True),
        ("run.count", Quantity.exact(8, "s"), False),
        ("run.count", Quantity.exact(0, "devices"), False),
        ("run.count", Name("eight", "eight"), False),
        ("run.phase", Name("search", "search"), True),
        ("run.phase", Name("lunch", "lunch"), False),
        ("run.phase", Quantity.exact(1, "s"), False),
        ("run.count", NotReported(), True),
    ],
)
def test_a_field_admits_its_units_range_and_names_only(path: str, value: Value, admitted: bool) -> None:
    assert FIELDS[path].admits(value) is admitted


def test_a_cell_with_an_unknown_field_is_refused_with_the_list_of_fields() -> None:
    with pytest.raises(UsageError, match=r"no field run\.colour"):
        field_of(CellKey(EntityId(PaperId("2007.05558"), "run", "a"), "colour"))


def test_a_field_is_meant_by_its_path_its_name_or_its_family() -> None:
    assert fields_meant("run.count") == fields_meant("count") == ("run.count",)
    assert fields_meant("model") == ("run.model", "result.model")
    assert "run.energy" in fields_meant("resources")


def test_an_unknown_field_is_refused_with_the_list_of_what_there_is() -> None:
    with pytest.raises(UsageError) as refused:
        fields_meant("colour")
    assert all(path in str(refused.value) for path in FIELDS)
    assert "resources" in str(refused.value)
