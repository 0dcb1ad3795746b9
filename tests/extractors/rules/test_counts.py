from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100, A100, K40, P100 = "NVIDIA Tesla V100", "NVIDIA A100", "NVIDIA Tesla K40", "NVIDIA Tesla P100"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 8 NVIDIA Tesla V100 GPUs with 16GB of memory.", [(V100, 8, "devices")]),
        ("All runs use 4x RTX 2080Ti cards.", [("NVIDIA GeForce RTX 2080 Ti", 4, "devices")]),
        ("Runs took 8×A100-80GB GPUs.", [(A100, 8, "devices")]),
        ("We trained on sixteen K-40 cards.", [(K40, 16, "devices")]),
        ("We trained on twenty-four V100 GPUs.", [(V100, 24, "devices")]),
        ("It fits a single GPU.", [("GPU", 1, "devices")]),
        ("An 8-GPU machine is enough.", [("GPU", 8, "devices")]),
        ("We used 12 high-end NVIDIA P100 GPUs.", [(P100, 12, "devices")]),
        ("They share 6 NVIDIA 80-GB A100 GPUs.", [(A100, 6, "devices")]),
        ("The runs share A100 × 4.", [(A100, 4, "devices")]),
        ("We train on A100 GPUs (×8) with 40 GB.", [(A100, 8, "devices")]),
        ("We train on V100 GPUs (4x).", [(V100, 4, "devices")]),
        ("We train on V100 GPUs (8 in total).", [(V100, 8, "devices")]),
        ("Small nets use four V100s and large ones eight A100s.", [(V100, 4, "devices"), (A100, 8, "devices")]),
    ],
)  # fmt: skip
def test_a_number_before_or_behind_an_accelerator_is_its_count(
    text: str, expected: list[Devices], hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 24 TPU v3 chips.", [("Google TPU v3", 24, "chips")]),
        ("We train on 40 TPUv2 cores.", [("Google TPU v2", 40, "cores")]),
        ("It ran on 4 Cloud TPUs (16 TPU chips total).", [("TPU", 4, "devices"), ("TPU", 16, "chips")]),
        ("Agents learn on 20 CPU cores.", [("CPU", 20, "cores")]),
        ("Runs took 64 to 128 cores of a TPUv3 pod.", [("Google TPU v3", 96, "cores")]),
        ("We train on a TPU v4 pod with 256 chips.", [("Google TPU v4", 256, "chips")]),
        ("We train on two TPU v4 pods of 3072 chips each.", [("Google TPU v4", 6144, "chips")]),
        ("We use one TPUv3 device with 8 cores.", [("Google TPU v3", 8, "cores")]),
        ("We train on Cloud TPU v3 with 32 cores.", [("Google TPU v3", 32, "cores")]),
        ("We train on a V100 with 32 cores.", [(V100, 1, "devices")]),
        ("We train on 2 sockets of Intel Xeon.", [("Intel Xeon", 2, "devices")]),
        ("Each net was trained on a T4.", [("NVIDIA T4", 1, "devices")]),
        ("We train on a T4 network.", []),
        ("We train on a TPU v4 pod.", [("Google TPU v4", None, None)]),
        ("We train on a 32-core TPU v3 slice.", [("Google TPU v3", 32, "cores")]),
        ("We hired 12 GPU workers.", [("GPU", 12, "devices")]),
        ("We used 30 second-generation TPUs.", [("Google TPU v2", 30, "devices")]),
    ],
)
def test_chips_and_cores_are_told_apart_from_devices(
    text: str, expected: list[Devices], hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == expected


def test_a_cluster_of_unknown_size_has_no_count(hardware: Hardware) -> None:
    assert hardware(AcceleratorCount(), "We trained in a GPU cluster.") == [("GPU", None, None)]
