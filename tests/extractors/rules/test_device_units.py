from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


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
def test_units_memory_and_look_alikes_are_no_accelerators(text: str, hardware: Hardware) -> None:
    assert hardware(AcceleratorCount(), text) == []
