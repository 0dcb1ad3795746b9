from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Name, Quantity
from extractors.language import sentences_of
from extractors.rules.counts import ACCELERATOR, COUNT, AcceleratorCount, SliceCount
from extractors.rules.findings import Rule

V100, A100, K40, P100 = "NVIDIA Tesla V100", "NVIDIA A100", "NVIDIA Tesla K40", "NVIDIA Tesla P100"
Read = tuple[str, float | None, str | None]


def read(rule: Rule, paragraph: Paragraph) -> list[Read]:
    found: list[Read] = []
    for sentence in sentences_of(paragraph):
        for finding in rule.read(sentence):
            name, count = finding.value(ACCELERATOR), finding.value(COUNT)
            assert isinstance(name, Name)
            if isinstance(count, Quantity):
                found.append((name.id, count.value, count.unit))
            else:
                found.append((name.id, None, None))
    return found


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
        ("We train on 3 GPUs (NVIDIA Tesla V100).", [(V100, 3, "devices")]),
        ("We train with 8 GPUs of type V100.", [(V100, 8, "devices")]),
        ("Either a 1080 Ti or 2080 Ti GPU suffices.",
         [("NVIDIA GeForce GTX 1080 Ti", 1, "devices"), ("NVIDIA GeForce RTX 2080 Ti", 1, "devices")]),
        ("We train on 64 and 128 A100 GPUs.", [(A100, 64, "devices"), (A100, 128, "devices")]),
        ("The three nets use 4, 8 and 16 A100 GPUs, respectively.",
         [(A100, 4, "devices"), (A100, 8, "devices"), (A100, 16, "devices")]),
        ("Batches of 64 and 8 A100 GPUs are used.", [(A100, 8, "devices")]),
        ("We train on 4 to 8 V100 GPUs.", [(V100, 6, "devices")]),
        ("We train on between 8 and 16 V100 GPUs.", [(V100, 12, "devices")]),
        ("Throughput grows from 64 to 400 V100 GPUs.", [(V100, 400, "devices")]),
        ("We train on 2 × 8 V100 GPUs.", [(V100, 16, "devices")]),
        ("We train on V100 GPUs (8 in total).", [(V100, 8, "devices")]),
        ("Small nets use four V100s and large ones eight A100s.", [(V100, 4, "devices"), (A100, 8, "devices")]),
    ],
)  # fmt: skip
def test_a_number_before_or_behind_an_accelerator_is_its_count(
    text: str, expected: list[Read], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(AcceleratorCount(), paragraph(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 12 nodes with 4 V100 GPUs each.", (V100, 48, "devices")),
        ("We had 27 nodes, where each node consists of 8x A100 GPUs.", (A100, 216, "devices")),
        ("One machine with 8 P100 GPUs did all the work.", (P100, 8, "devices")),
        ("We used 8 servers (64 GPUs in total).", ("GPU", 64, "devices")),
        ("The cluster gave us 400 V100 GPUs (25 DGX-2 nodes).", (V100, 400, "devices")),
        ("Each node has 8 A100 GPUs.", (A100, None, None)),
        ("We train on DGX-1 machines, each with 8 V100 GPUs.", (V100, None, None)),
        ("We train on two 8-GPU machines.", ("GPU", 16, "devices")),
    ],
)
def test_hosts_are_multiplied_out_unless_a_total_is_given(
    text: str, expected: Read, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(AcceleratorCount(), paragraph(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on 24 TPU v3 chips.", [("Google TPU v3", 24, "chips")]),
        ("We train on 40 TPUv2 cores.", [("Google TPU v2", 40, "cores")]),
        ("It ran on 4 Cloud TPUs (16 TPU chips total).", [("TPU", 4, "devices"), ("TPU", 16, "chips")]),
        ("Agents learn on 20 CPU cores.", [("CPU", 20, "cores")]),
        ("Runs took 64 to 128 cores of a TPUv3 pod.", [("Google TPU v3", 96, "cores")]),
        ("We train on a TPU v4 pod with 256 chips.", [("Google TPU v4", 256, "chips")]),
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
    text: str, expected: list[Read], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(AcceleratorCount(), paragraph(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Training used a TPUv3-512.", ("Google TPU v3", 512, "cores")),
        ("Runs share a TPU v4-64 slice.", ("Google TPU v4", 64, "cores")),
        ("All are performed on a v3-32 Cloud TPU Pod.", ("Google TPU v3", 32, "cores")),
        ("We rent a TPU v5e-16.", ("Google TPU v5e", 16, "chips")),
    ],
)
def test_the_name_of_a_slice_counts_cores(
    text: str, expected: Read, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(SliceCount(), paragraph(text)) == [expected]
    assert read(AcceleratorCount(), paragraph(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "The search cost 450 GPU days.",
        "Each GPU holds 32 images per GPU.",
        "A fused GPU kernel helps.",
        "GPU memory is scarce.",
        "We report T4 in the table.",
        "The T4 stage follows.",
        "We set a maximum of 1080 pixels.",
    ],
)
def test_units_memory_and_look_alikes_are_no_accelerators(
    text: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(AcceleratorCount(), paragraph(text)) == []


def test_a_cluster_of_unknown_size_has_no_count(paragraph: Callable[..., Paragraph]) -> None:
    assert read(AcceleratorCount(), paragraph("We trained in a GPU cluster.")) == [("GPU", None, None)]
