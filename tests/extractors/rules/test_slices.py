from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount
from extractors.rules.slices import SliceCount

Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Training used a TPUv3-512.", ("Google TPU v3", 512, "cores")),
        ("Runs share a TPU v4-64 slice.", ("Google TPU v4", 64, "cores")),
        ("All are performed on a v3-32 Cloud TPU Pod.", ("Google TPU v3", 32, "cores")),
        ("We rent a TPU v5e-16.", ("Google TPU v5e", 16, "chips")),
    ],
)
def test_the_name_of_a_slice_counts_cores(text: str, expected: Devices, hardware: Hardware) -> None:
    assert hardware(SliceCount(), text) == [expected]
    assert hardware(AcceleratorCount(), text) == []
