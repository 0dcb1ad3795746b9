from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.language import tokens_of
from extractors.rules.accelerators import named_in


def found(text: str) -> list[str]:
    return [named.part.id for named in named_in(tokens_of(text))]


@pytest.mark.parametrize(
    ("text", "part", "printed"),
    [
        ("8 NVIDIA A100-SXM4-80GB GPUs.", "NVIDIA A100", "NVIDIA A100-SXM4-80GB GPUs"),
        ("four V100-SXM2-32GB cards", "NVIDIA Tesla V100", "V100-SXM2-32GB cards"),
        ("one NVIDIA A100 80GB PCIe", "NVIDIA A100", "NVIDIA A100 80GB PCIe"),
        ("an H100 SXM5 80GB", "NVIDIA H100", "H100 SXM5 80GB"),
        ("two Intel Xeon Gold 6148 CPUs", "Intel Xeon Gold 6148", "Intel Xeon Gold 6148 CPUs"),
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "Intel Xeon E5-2680 v4", "Xeon(R) CPU E5-2680 v4"),
        ("a TPU v3-32", "Google TPU v3", "TPU v3"),
        ("a Telsa V100 GPU", "NVIDIA Tesla V100", "Telsa V100 GPU"),
        ("the NVIDIA Quadro RTX 6000", "NVIDIA Quadro RTX 6000", "NVIDIA Quadro RTX 6000"),
        ("an RTX 6000 Ada Generation GPU", "NVIDIA RTX 6000 Ada", "RTX 6000 Ada Generation GPU"),
    ],
)
def test_form_and_memory_belong_to_the_name(text: str, part: str, printed: str) -> None:
    tokens = tokens_of(text)
    (named,) = named_in(tokens)
    assert (named.part.id, tokens[named.start : named.end].text) == (part, printed)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("8 Titan X GPUs", "NVIDIA Titan X"),
        ("8 Pascal Titan X GPUs", "NVIDIA Titan X (Pascal)"),
        ("8 Titan X (Maxwell) GPUs", "NVIDIA Titan X (Maxwell)"),
        ("8 RTX 6000 GPUs", "NVIDIA RTX 6000"),
        ("8 Quadro 6000 GPUs", "NVIDIA Quadro 6000"),
        ("8 TPU v5 chips", "Google TPU v5"),
        ("8 Xeon Phi chips", "Intel Xeon Phi"),
        ("8 Xeon E5-2690 processors", "Intel Xeon E5-2690"),
    ],
)
def test_a_name_of_several_parts_stays_open_until_the_print_says_which(text: str, part: str) -> None:
    assert found(text) == [part]


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    tokens = tokens_of(text)
    named = named_in(tokens)
    assert all(0 <= one.start < one.end <= len(tokens) for one in named)
    assert all(first.end <= second.start for first, second in pairwise(named))
