from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100, P100, H100 = "NVIDIA Tesla V100", "NVIDIA Tesla P100", "NVIDIA H100"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 3 GPUs (NVIDIA Tesla V100).", [(V100, 3, "devices")]),
        ("We train with 8 GPUs of type V100.", [(V100, 8, "devices")]),
        ("We train with 8 GPUs, each an NVIDIA Tesla P100.", [(P100, 8, "devices")]),
        ("We train with four GPUs, all of them V100.", [(V100, 4, "devices")]),
        ("We trained on NVIDIA H100 80GB HBM3 (64 GPUs).", [(H100, 64, "devices")]),
        ("Each is trained on V100 (1 GPU per model).", [(V100, 1, "devices")]),
        ("We used 10 GPUs: four V100 and six P100.", [(V100, 4, "devices"), (P100, 6, "devices")]),
        ("We train on V100 (a GPU of 2017).", [(V100, None, None), ("GPU", 1, "devices")]),
        ("Either a 1080 Ti or 2080 Ti GPU suffices.",
         [("NVIDIA GeForce GTX 1080 Ti", 1, "devices"), ("NVIDIA GeForce RTX 2080 Ti", 1, "devices")]),
    ],
)  # fmt: skip
def test_a_name_and_a_number_may_stand_in_different_mentions(
    text: str, expected: list[Devices], hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == expected
