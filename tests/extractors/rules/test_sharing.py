from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100 = "NVIDIA Tesla V100"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 3 GPUs (NVIDIA Tesla V100).", [(V100, 3, "devices")]),
        ("We train with 8 GPUs of type V100.", [(V100, 8, "devices")]),
        ("Either a 1080 Ti or 2080 Ti GPU suffices.",
         [("NVIDIA GeForce GTX 1080 Ti", 1, "devices"), ("NVIDIA GeForce RTX 2080 Ti", 1, "devices")]),
    ],
)  # fmt: skip
def test_a_name_and_a_number_may_stand_in_different_mentions(
    text: str, expected: list[Devices], hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == expected
