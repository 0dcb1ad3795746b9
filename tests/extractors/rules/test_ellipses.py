from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100, A100 = "NVIDIA Tesla V100", "NVIDIA A100"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("We train the base model on 8 V100s and the large one on 64.", [8, 64]),
        ("The small net was trained on 8 and the large one on 16 V100 GPUs.", [16, 8]),
        ("We use 8 V100s for the base model and 64 for the large one.", [8, 64]),
        ("It trains on one V100 GPU for a week or with sixteen in ten hours.", [1, 16]),
        ("Small ones train on a single V100, larger ones on a node of eight.", [1, 8]),
        ("The search ran on one V100, the training on eight of them.", [1, 8]),
        ("OldNet needs 64 V100s, ours is trained with four.", [64, 4]),
        ("The nets were trained on one, on four and on sixteen V100 GPUs.", [16, 1, 4]),
    ],
)
def test_a_number_without_a_noun_counts_the_devices_of_its_sentence(
    text: str, counts: list[float], hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == [(V100, count, "devices") for count in counts]


@pytest.mark.parametrize(
    "text",
    [
        "We train on 8 V100s with 64 examples in a batch.",
        "We train on 8 V100s for 100 epochs and 50 for the large one.",
        "We train on 8 V100s with a batch size of 64.",
        "We train with data parallelism on 8 V100s and tensor parallelism over 2.",
        "We train ResNet-50 on 8 V100s, as in Figure 3.",
        "Trained with 64, a batch fits 8 V100s.",
    ],
)
def test_numbers_of_other_things_count_no_devices(text: str, hardware: Hardware) -> None:
    assert hardware(AcceleratorCount(), text) == [(V100, 8, "devices")]
