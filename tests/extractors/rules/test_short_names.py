from __future__ import annotations

import pytest

from extractors.facts.ontology import Accelerator, accelerators
from extractors.language import tokens_of
from extractors.rules.accelerators import named_in

SHORT = [(part, name) for part in accelerators() for name in part.short]
COUNTED = {"GPU": "GPUs", "TPU": "chips", "NPU": "chips", "CPU": "processors"}


def found(text: str) -> list[str]:
    return [named.part.id for named in named_in(tokens_of(text))]


def test_every_short_name_is_found_beside_a_word_for_hardware() -> None:
    wrong = [
        (part.id, text)
        for part, name in SHORT
        for text in (
            f"We train on 8 {name} {COUNTED[part.kind]}.",
            f"We train on 8 {part.vendor} {name} {COUNTED[part.kind]}.",
        )
        if found(text) != [part.id]
    ]
    assert not wrong


@pytest.mark.parametrize(("part", "name"), SHORT, ids=lambda value: getattr(value, "id", value))
def test_a_short_name_alone_is_no_accelerator(part: Accelerator, name: str) -> None:
    assert found(f"The blocks {name} and B1 are shared.") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Frames of 1920 x 1080 pixels", []),
        ("Frames of 1080 × 1920", []),
        ("a crop of 2060x1080", []),
        ("The L2 cache of each core is small", []),
        ("on 4 x 3090", ["NVIDIA GeForce RTX 3090"]),
        ("on T4 x 2", ["NVIDIA T4"]),
        ("on a 3090.", ["NVIDIA GeForce RTX 3090"]),
        ("using a single 4090", ["NVIDIA GeForce RTX 4090"]),
        ("on a 1080 and", []),
        ("on a 3090 grid", []),
        ("one GeForce 1080", ["NVIDIA GeForce GTX 1080"]),
    ],
)
def test_sizes_of_pictures_are_no_graphics_cards(text: str, parts: list[str]) -> None:
    assert found(text) == parts
