from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.pronouns import PronounCount

Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Each training run used 16 of them.", 16),
        ("Every model was trained on four of these for 2 days.", 4),
        ("A run takes only two of those.", 2),
    ],
)
def test_a_number_of_them_counts_devices_that_another_sentence_names(
    text: str, count: float, hardware: Hardware
) -> None:
    assert hardware(PronounCount(), text) == [(None, count, "devices")]


@pytest.mark.parametrize(
    "text",
    ["Two of them are new.", "We show 16 of them.", "Half of these are dropped.", "All of them were used."],
)
def test_what_is_not_said_to_be_used_is_not_counted(text: str, hardware: Hardware) -> None:
    assert hardware(PronounCount(), text) == []
