"""A count takes the name that its paragraph gives, even in a sentence that says nothing of training itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

V100, P100, A100 = "NVIDIA Tesla V100", "NVIDIA Tesla P100", "NVIDIA A100"
Told = Callable[..., list[object]]


@pytest.mark.parametrize(
    ("text", "accelerators"),
    [
        ("We use NVIDIA V100 GPUs. Each model is trained on 8 GPUs for 3 days.", ["GPU", V100]),
        ("We train for 3 days on a machine with 8 GPUs. The GPUs are NVIDIA P100.", ["GPU", P100]),
        ("We used NVIDIA A100 accelerators. Each training run used 16 of them.", [A100]),
        ("Our cluster has V100 GPUs. Every model was trained on 4 of these for 2 days.", [V100]),
    ],
)
def test_a_sentence_that_names_and_does_not_count_lends_its_name(
    text: str, accelerators: list[str], told: Told
) -> None:
    assert told("run.accelerator", text) == accelerators


@pytest.mark.parametrize(
    "text",
    [
        "Latency is measured on V100 GPUs. Each model is trained on 8 GPUs for 3 days.",
        "OldNet [3] used V100 GPUs. Each of our models is trained on 8 GPUs for 3 days.",
        "We use V100 and A100 GPUs. Each model is trained on 8 GPUs for 3 days.",
        "We use Xeon E5-2690 processors. Each model is trained on 8 GPUs for 3 days.",
    ],
)
def test_names_of_tests_of_others_and_of_several_parts_are_not_lent(text: str, told: Told) -> None:
    assert set(told("run.accelerator", text)) == {"GPU"}
