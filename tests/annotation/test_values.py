"""A value is shown in its normal form, with its print where that says something else."""

import pytest

from annotation.values import brief, show
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


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(119, "119 s"), (190_800, "190,800 s (53 h)"), (518_400, "518,400 s (6 d)"), (600, "600 s (10 min)")],
)
def test_long_times_are_also_told_as_people_count_them(seconds: float, words: str) -> None:
    assert brief(Quantity.exact(seconds, "s", "as printed")) == words


def test_what_was_printed_is_left_out() -> None:
    assert brief(Name("nvidia-v100", "V100")) == "nvidia-v100"
    assert brief(Quantity.exact(1024, "examples", "1024")) == "1,024 examples"
    assert brief(Quantity.exact(90, "epochs", "90"), "epochs") == "90"
    assert brief(Quantity.exact(90, "epochs", "90"), "length") == "90 epochs"
    assert [brief(NotReported()), brief(None)] == ["not reported", "nothing"]
