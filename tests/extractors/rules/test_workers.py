from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.workers import WorkerCount

Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We train with 32 replicas.", 32),
        ("Updates come from 16 asynchronous workers.", 16),
        ("Training ran on sixty-four accelerators.", 64),
    ],
)
def test_workers_are_counted_where_no_accelerator_is_named(
    text: str, count: float, hardware: Hardware
) -> None:
    assert hardware(WorkerCount(), text) == [(None, count, "devices")]


@pytest.mark.parametrize(
    "text",
    [
        "We train with 32 workers on V100 GPUs.",
        "One worker reads the data.",
        "Crowd workers wrote the labels.",
        "A rate of 0.5 workers was kept.",
    ],
)
def test_one_worker_and_workers_beside_an_accelerator_are_no_count(text: str, hardware: Hardware) -> None:
    assert hardware(WorkerCount(), text) == []
