from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100, A100 = "NVIDIA Tesla V100", "NVIDIA A100"
TITAN_XP = "NVIDIA Titan Xp"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 64 and 128 A100 GPUs.", [(A100, 64, "devices"), (A100, 128, "devices")]),
        ("The three nets use 4, 8 and 16 A100 GPUs, respectively.",
         [(A100, 4, "devices"), (A100, 8, "devices"), (A100, 16, "devices")]),
        ("Batches of 64 and 8 A100 GPUs are used.", [(A100, 8, "devices")]),
        ("We train on 4 to 8 V100 GPUs.", [(V100, 6, "devices")]),
        ("We train on between 8 and 16 V100 GPUs.", [(V100, 12, "devices")]),
        ("Throughput grows from 64 to 400 V100 GPUs.", [(V100, 400, "devices")]),
        ("We train on 2 × 8 V100 GPUs.", [(V100, 16, "devices")]),
        ("It takes a day on a pair of Titan Xp GPUs.", [(TITAN_XP, 2, "devices")]),
        ("We rented half a dozen V100s.", [(V100, 6, "devices")]),
        ("We rented two dozen A100 cards.", [(A100, 24, "devices")]),
        ("We rented dozens of A100 cards.", [(A100, None, None)]),
    ],
)  # fmt: skip
def test_ranges_products_and_lists_of_counts_are_read(
    text: str, expected: list[Devices], hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == expected
