"""Which phase of training words speak of: pre-training, training, fine-tuning or architecture search."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.facts.fields import Phase
from extractors.language import Sentence

_BEHIND = 90
"""Characters that a word behind the fact counts for, because words in front govern farther."""
BORDER = re.compile(r"[:;]|,\s(?:and|while|whereas|but|then)\b|\b(?:while|whereas)\b", re.IGNORECASE)
"""Where another clause begins, in which bare `training` says more than a special word here."""
_PHASES: tuple[tuple[Phase, re.Pattern[str]], ...] = (
    ("search", re.compile(r"\b(?:architecture|evolution\w*|neural|hyper-?parameter|random|policy)\s(?:architecture\s)?(?:search|sweep)|\bsearch (?:cost|time|phase|process|took|takes)|\bthe search\b|\bsearch(?:ed|ing)\b", re.IGNORECASE)),
    ("pretraining", re.compile(r"\bpre-?\s?train", re.IGNORECASE)),
    ("finetuning", re.compile(r"\bfine-?\s?tun", re.IGNORECASE)),
    ("training", re.compile(r"\b(?:re-?)?train(?:s|ed|ing)?\b", re.IGNORECASE)),
)  # fmt: skip


def phase_of(sentence: Sentence, start: int, before: Sequence[Sentence]) -> tuple[Phase, str]:
    """The phase of training that the words at an offset speak of, and the word that says so."""
    texts = [(sentence.text, start - sentence.start)]
    texts += [(other.text, len(other.text)) for other in reversed(before)]
    texts += [(sentence.paragraph.section, 0)]
    for text, offset in texts:
        found = [
            (_gap(match.start(), offset), phase, match)
            for phase, pattern in _PHASES
            for match in pattern.finditer(text)
        ]
        beside = [item for item in found if not BORDER.search(text, *sorted((item[2].start(), offset)))]
        if found:
            return _strongest([(gap, phase, match[0]) for gap, phase, match in beside or found])
    return "unspecified", ""


def _gap(start: int, offset: int) -> int:
    """Characters between a word and the fact it says something of; a word in front governs farther."""
    return offset - start if start <= offset else start - offset + _BEHIND


def phase_in(texts: Sequence[str]) -> tuple[Phase, str]:
    """The phase that the first of some labels names, and the word that says so."""
    for text in texts:
        found = [
            (match.start(), phase, match[0]) for phase, pattern in _PHASES for match in pattern.finditer(text)
        ]
        if found:
            return _strongest(found)
    return "unspecified", ""


def _strongest(found: list[tuple[int, Phase, str]]) -> tuple[Phase, str]:
    """The nearest phase; a special one wins over bare `training` in the same sentence."""
    special = [item for item in found if item[1] != "training"]
    _, phase, printed = min(special or found)
    return phase, printed
