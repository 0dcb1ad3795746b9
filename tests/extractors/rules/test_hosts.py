from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100, A100, P100 = "NVIDIA Tesla V100", "NVIDIA A100", "NVIDIA Tesla P100"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


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
        ("We train on two servers, four V100 GPUs each.", (V100, 8, "devices")),
        ("Each of the 16 nodes holds four A100 GPUs.", (A100, 64, "devices")),
        ("We train with 4 nodes (8 A100 GPUs per node).", (A100, 32, "devices")),
        ("We train with 8 V100 GPUs/node on 4 nodes.", (V100, 32, "devices")),
        ("Training used 50 replicas, each on one P100 GPU.", (P100, 50, "devices")),
        ("Each worker has a P100 GPU, and we train with 32 workers.", (P100, 32, "devices")),
        (
            "Each node has two processors of 64 cores and four A100s; we train on 32 nodes.",
            (A100, 128, "devices"),
        ),
        ("We train on 64 A100s (8 nodes with 8 GPUs each).", (A100, 64, "devices")),
        ("A graph of 2 billion nodes with 8 V100 GPUs took a day.", (V100, 8, "devices")),
        ("A graph of 40 million nodes with 8 V100 GPUs took a day.", (V100, 8, "devices")),
    ],
)
def test_hosts_are_multiplied_out_unless_a_total_is_given(
    text: str, expected: Devices, hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == [expected]
