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
        ("We rent a v5litepod-16 TPU.", ("Google TPU v5e", 16, "chips")),
        ("We train on a v4-128 for ten hours.", ("Google TPU v4", 128, "cores")),
        ("We used 4 TPU v3-32 slices.", ("Google TPU v3", 128, "cores")),
        ("We train on two v4-256 pods.", ("Google TPU v4", 512, "cores")),
        ("We train on a TPU v4 pod slice of 8x8 chips.", ("Google TPU v4", 64, "chips")),
        ("We train on 2x2 TPU v2 chips.", ("Google TPU v2", 4, "chips")),
        ("We train on a 4x4 TPU Pod (TPU v2) with momentum.", ("Google TPU v2", 16, "chips")),
        ("We train on a 4×4×8 TPU v4 slice.", ("Google TPU v4", 128, "chips")),
    ],
)
def test_the_name_of_a_slice_counts_cores(text: str, expected: Devices, hardware: Hardware) -> None:
    assert hardware(SliceCount(), text) == [expected]
    assert hardware(AcceleratorCount(), text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We train on a v3-32 network.",
        "We take v2-16 as backbone.",
        "The nets differ from v4-12 in width.",
        "We train on a v3-12.",
    ],
)
def test_versions_of_other_things_are_no_slices(text: str, hardware: Hardware) -> None:
    assert hardware(SliceCount(), text) == []


def test_the_second_of_two_slices_needs_no_word_for_a_tpu(hardware: Hardware) -> None:
    assert hardware(SliceCount(), "We train on TPU v2-8 and v3-8 machines.") == [
        ("Google TPU v2", 8, "cores"),
        ("Google TPU v3", 8, "cores"),
    ]
