from __future__ import annotations

import pytest

from extractors.language import tokens_of
from extractors.rules.count_patterns import marked, matches_in


def printed(label: str, text: str) -> list[str]:
    tokens = tokens_of(text)
    marked(tokens)
    return [tokens[start:end].text for start, end in matches_in(tokens)[label]]


def test_names_and_sizes_of_memory_are_marked() -> None:
    tokens = tokens_of("four A100 cards of 40 GB")
    assert [named.part.id for named in marked(tokens)] == ["NVIDIA A100"]
    assert [(span.text, span.label_) for span in tokens.ents] == [
        ("A100 cards", "ACCELERATOR"),
        ("40 GB", "MEMORY"),
    ]


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("before", "on 6 high-end 80-GB A100s", "6 high-end 80-GB A100s"),
        ("after", "on V100 x 8", "V100 x 8"),
        ("parts", "on 64 cores of a TPU v3", "64 cores of a TPU v3"),
        ("within", "on a TPU v4 pod with 256 chips", "TPU v4 pod with 256 chips"),
        ("holding", "on Cloud TPU v3 with 32 cores", "Cloud TPU v3 with 32 cores"),
        ("hosts", "on two large servers", "two large servers"),
        ("each host", "on every compute node", "every compute node"),
        ("time", "in 450 GPU-core-hours", "GPU-core-hours"),
        ("property", "of the GPU memory", "GPU memory"),
    ],
)
def test_each_pattern_matches_its_habit(label: str, text: str, expected: str) -> None:
    assert expected in printed(label, text)


def test_memory_is_no_number_of_devices() -> None:
    assert printed("before", "on an 80 GB A100")[-1] == "an 80 GB A100"
