from __future__ import annotations

import pytest

from extractors.language import tokens_of
from extractors.rules.slice_patterns import SLICES


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("named", "on TPUv3-512", "TPUv3-512"),
        ("named", "on a TPU-v4-64", "TPU-v4-64"),
        ("known", "a v3-32 Cloud TPU Pod", "v3-32 Cloud TPU"),
        ("bare", "a v4-128", "v4-128"),
        ("shaped", "a TPU v4 slice of 8x8 chips", "TPU v4 slice of 8x8"),
        ("shaped", "a 4 × 4 × 4 TPU v4 slice", "4 × 4 × 4 TPU v4 slice"),
    ],
)
def test_each_pattern_matches_its_way_to_print_a_slice(label: str, text: str, expected: str) -> None:
    tokens = tokens_of(text)
    assert expected in [tokens[start:end].text for start, end in SLICES.find(tokens)[label]]
