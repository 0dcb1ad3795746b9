"""Which phase of training words speak of: pre-training, training, fine-tuning or architecture search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from extractors.facts.fields import Phase
from extractors.language import Label, Sentence
from extractors.rules.cue_search import Place
from extractors.rules.cues import cues

_REMEMBERED = 256
"""Texts that are remembered: a sentence is asked for each of its facts, and for those of the sentences behind it."""
_BEHIND = 90
"""Characters that a word behind the fact counts for, because words in front govern farther."""
_PHASES: Mapping[str, Phase] = {
    "search": "search",
    "pretraining": "pretraining",
    "finetuning": "finetuning",
    "plain_training": "training",
}
"""The phases by the names of their cues."""


def phase_of(sentence: Sentence, start: int, before: Sequence[Sentence]) -> tuple[Phase, str]:
    """The phase of training that the words at an offset speak of, and the word that says so."""
    texts = [(sentence.text, start - sentence.start)]
    texts += [(other.text, len(other.text)) for other in reversed(before)]
    texts += [(sentence.paragraph.section, 0)]
    for text, offset in texts:
        found = _phases_in(text)
        beside = [item for item in found if not is_parted(text, item[0], offset)] or found
        if found:
            return _strongest([(_gap(start, offset), phase, words) for start, phase, words in beside])
    return "unspecified", ""


def is_parted(text: str, start: int, offset: int) -> bool:
    """Whether another clause begins between two offsets, whose words say less here than its own."""
    low, high = sorted((start, offset))
    return any(low <= first and last <= high for first, last in _borders_in(text))


def clause_at(text: str, offset: int) -> str:
    """The clause that an offset stands in: from the border in front of it to the one behind."""
    borders = _borders_in(text)
    start = max((last for _, last in borders if last <= offset), default=0)
    end = min((first for first, _ in borders if first >= offset), default=len(text))
    return text[start:end]


def _gap(start: int, offset: int) -> int:
    """Characters between a word and the fact it says something of; a word in front governs farther."""
    return offset - start if start <= offset else start - offset + _BEHIND


def phase_in(texts: Sequence[str]) -> tuple[Phase, str]:
    """The phase that the first of some labels names, and the word that says so."""
    for text in texts:
        found = _phases_in(text)
        if found:
            return _strongest(found)
    return "unspecified", ""


@lru_cache(_REMEMBERED)
def _phases_in(text: str) -> tuple[tuple[int, Phase, str], ...]:
    """Where a text names phases, which, and in what words."""
    label = Label(text)
    return tuple(
        (start, phase, text[start:end])
        for name, phase in _PHASES.items()
        for start, end in cues()[name].places(label)
    )


@lru_cache(_REMEMBERED)
def _borders_in(text: str) -> Sequence[Place]:
    return cues()["phase_border"].places(Label(text))


def _strongest(found: Sequence[tuple[int, Phase, str]]) -> tuple[Phase, str]:
    """The nearest phase; a special one wins over bare `training` in the same sentence."""
    special = [item for item in found if item[1] != "training"]
    _, phase, printed = min(special or found)
    return phase, printed
