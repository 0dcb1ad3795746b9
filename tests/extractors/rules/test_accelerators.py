from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.model import Paragraph
from extractors.facts.ontology import GENERIC, Accelerator, accelerators, name_key
from extractors.language import Sentence, tokens_of
from extractors.rules.accelerators import named_in, names_any

NAMED = [(part, name) for part in accelerators() for name in part.names if part.id not in GENERIC]
SHORT = [(part, name) for part in accelerators() for name in part.short]
COUNTED = {"GPU": "GPUs", "TPU": "chips", "NPU": "chips", "CPU": "processors"}
FRONTS = ("NVIDIA ", "Nvidia ", "NVIDIA Tesla ", "GeForce ")
PLURAL = re.compile(r"\d[sS]$")


def found(text: str) -> list[str]:
    return [named.part.id for named in named_in(tokens_of(text))]


def sentence_of(text: str) -> Sentence:
    return Sentence(Paragraph("text", "body", "", (), text, ()), 0, len(text))


def prints(part: Accelerator, name: str) -> Iterator[str]:
    """A name as papers spell it: blanks, hyphens, case, its vendor in front. `v100s` is a plural, so it is left out."""
    spelt = dict.fromkeys((name, name.replace(" ", "-"), name.replace(" ", ""), name.replace("-", " ")))
    for spelling in [*spelt, *(way.upper() for way in spelt), *(way.lower() for way in spelt)]:
        if spelling == name or not PLURAL.search(spelling):
            yield spelling
            if part.vendor and not name_key(spelling).startswith(name_key(part.vendor.split()[0])):
                yield f"{part.vendor} {spelling}"
                yield from (front + spelling for front in FRONTS if part.vendor == "NVIDIA")


def test_every_name_is_found_however_it_is_spelt() -> None:
    wrong = [
        (part.id, text)
        for part, name in NAMED
        for spelling in prints(part, name)
        if found(text := f"We train on 8 {spelling} {COUNTED[part.kind]} for a week.") != [part.id]
    ]
    assert not wrong


@pytest.mark.parametrize("around", ["on {}", "8x{}", "({}),", "{}\u00b3 of", "4\u00d7{}s", "multi-{}-hours"])
def test_the_quick_look_misses_no_name(around: str) -> None:
    texts = [around.format(text) for part, name in NAMED + SHORT for text in prints(part, name)]
    assert [text for text in texts if named_in(tokens_of(text)) and not names_any(sentence_of(text))] == []


def test_the_quick_look_passes_over_other_sentences() -> None:
    assert not names_any(
        sentence_of("We train a 100 layer network for 4 epochs, which gives a higher score.")
    )


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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Frames of 1920 x 1080 pixels", []),
        ("Frames of 1080 × 1920", []),
        ("a crop of 2060x1080", []),
        ("The L2 cache of each core is small", []),
        ("on 4 x 3090", ["NVIDIA GeForce RTX 3090"]),
        ("on T4 x 2", ["NVIDIA T4"]),
        ("one GeForce 1080", ["NVIDIA GeForce GTX 1080"]),
    ],
)
def test_sizes_of_pictures_are_no_graphics_cards(text: str, parts: list[str]) -> None:
    assert found(text) == parts


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    tokens = tokens_of(text)
    named = named_in(tokens)
    assert all(0 <= one.start < one.end <= len(tokens) for one in named)
    assert all(first.end <= second.start for first, second in pairwise(named))
