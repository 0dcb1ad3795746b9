from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

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
