"""A value is shown in its normal form, with its print where that says something else."""

import pytest

from annotation.values import show
from extractors.facts.values import Name, NotReported, Quantity


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Quantity.exact(8, "devices"), "8 devices"),
        (Quantity.exact(8, "devices", "eight"), "8 devices, printed “eight”"),
        (Name("search", "search"), "search"),
        (Name("NVIDIA A100", "A100s"), "NVIDIA A100, printed “A100s”"),
        (NotReported(), "not reported"),
        (None, "nothing"),
    ],
)
def test_a_value_is_shown_with_its_print(value: Quantity | Name | NotReported | None, shown: str) -> None:
    assert show(value) == shown
