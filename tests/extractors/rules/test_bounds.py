from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.rules.counts import AcceleratorCount

V100 = "NVIDIA Tesla V100"
Devices = tuple[str | None, float | None, str | None]
Hardware = Callable[..., list[Devices]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Training scales well to up to 64 V100 GPUs.", (V100, None, None)),
        ("The code can be run on as many as 128 V100s.", (V100, None, None)),
        ("At least four V100s are needed to fit it.", (V100, None, None)),
        ("We used up to 64 V100 GPUs.", (V100, 64, "devices")),
    ],
)
def test_the_bound_of_what_may_be_is_no_count_but_that_of_what_was_done_is(
    text: str, expected: Devices, hardware: Hardware
) -> None:
    assert hardware(AcceleratorCount(), text) == [expected]
