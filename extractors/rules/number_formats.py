"""Reads the number format that a training computed in: `mixed precision`, `in bfloat16`, `FP16 training`.

The names are data, in `units.toml`. Formats of weights at rest, of single operations (`softmax in fp32`), of what a
device can do and of what is compared with are something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import ClassVar

from extractors.facts.ontology import units
from extractors.facts.values import Name
from extractors.language import Sentence
from extractors.phrases import Hit, Phrases
from extractors.rules.findings import Finding

NUMBER_FORMAT = "run.number_format"

_MAY_NAME = re.compile(r"precision|float|fp\W?\d|bf\W?16|tf\W?32|int\W?8|-bit")
"""What of a sentence in small letters names a format."""
_SAYING_MOST = ("fp8", "bf16", "fp16", "tf32", "int8", "mixed", "fp32", "fp64")
"""Of several formats in a sentence the one that tells the rate of the matrix units, then what says least."""
_PLACED = re.compile(
    r"(?:\b(?:in|with|using|us(?:e|es|ed)|employ\w*|adopt\w*|via|through|by|at|utili[sz]\w+|enabl\w+|leverag\w+|appl(?:y|ied)|precision|format"
    r"|training|dtype|is|was)|[(:=])\s?(?:[\w-]+\s){0,6}\(?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[\s)-]*(?:\(\w+\)\s)?(?:mixed[\s-])?(?:precision|training|arithmetic|pre-?training)\b"
    r"|\s(?:is|was|are|were)\s(?:\w+\s)?(?:used|employed|applied|enabled|adopted)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:instead of|from|compared (?:to|with)|(?:faster |slower |better |more |less )?than|versus|vs\.?|over|unlike|not|rather than|without|like|lower)\s"
    r"(?:\w+\s){0,1}$",
    re.IGNORECASE,
)
_OF_A_PART = re.compile(
    r"\b(?:master|accumulat\w+|cop(?:y|ies)|buffers?|optimi[sz]er(?: states?)?|momentum|router|routing|soft-?max|normali[sz]ation|layer-?norm|reduced?"
    r"|communicat\w+|all-?reduce|embeddings?|tensors?|re-?cast\w*|cast\w*|stor(?:e[ds]?|ing|age)|saved?|checkpoints?|signal|audio|pixels?|registers?"
    r"|outputs?|weights|states?|gradients?|kept|called|only|within|instabilit\w+|unstable|diverge\w*|hinder\w*|strateg\w+)\b",
    re.IGNORECASE,
)
_OF_A_PART_IN_FRONT = re.compile(
    r"\b(?:memory|(?<!batch )size|loss|not|never|cannot|unable|without)\b", re.IGNORECASE
)
"""What says in front of a name that it is that of a part, or of nothing."""
_NOT_TRAINING = re.compile(
    r"\bpeak\b|FLOP|\bquanti[sz]\w+|\binfer\w+|\bdeploy\w*|\bsupports?\b|\bcapab\w+|\bcommonly\b|\btypically\b|\busually\b|\boften\b|\bfuture\b",
    re.IGNORECASE,
)
_NEAR = 45
"""Characters around a name within which words say that it is a part's format."""


class NumberFormat:
    """Reads the format that training is said to use: `we train with mixed precision`, `using BF16`."""

    name: ClassVar[str] = "resources.number-format"
    example: ClassVar[str] = "We train with mixed precision."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding at most: a sentence that names several formats tells of one way to train."""
        text = sentence.text
        if not _MAY_NAME.search(sentence.lowered) or _NOT_TRAINING.search(text):
            return
        hits = [hit for hit in _names().find(text) if _is_used(text, hit)]
        if hits:
            hit = min(hits, key=lambda hit: _SAYING_MOST.index(hit.ids[0]))
            value = Name(hit.ids[0], text[hit.start : hit.end])
            yield Finding.of(self.name, sentence, NUMBER_FORMAT, value, (hit.start, hit.end))


def _is_used(text: str, hit: Hit) -> bool:
    front = text[max(0, hit.start - _NEAR) : hit.start]
    if not (_PLACED.search(front) or _BEHIND.match(text, hit.end)) or _AGAINST.search(front):
        return False
    before, behind = front.rpartition(",")[2], text[hit.end : hit.end + _NEAR].partition(",")[0]
    return not (_OF_A_PART.search(before + behind) or _OF_A_PART_IN_FRONT.search(before))


@cache
def _names() -> Phrases:
    return Phrases.of([(id, (id, *names)) for id, names in units().number_formats.items()])
