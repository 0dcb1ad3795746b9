"""Whose scores a sentence tells: the authors', or those of somebody it names or cites.

Authors say `we`, name their model, or go on in the next sentences without saying either. In the sections of their
results what names no model and cites nobody is theirs as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.language import Sentence
from extractors.mentions import metric_hits
from extractors.ownership import NAME, Ownership, may_be_model, says_cited

WE = re.compile(
    r"\b(?:we|our|ours|us|this (?:work|paper)|the proposed|the (?:full|complete|final) (?:model|method|system|network|version))\b",
    re.IGNORECASE,
)
"""The authors, or what they propose."""
_RESULTS = re.compile(
    r"\b(?:results?|experiments?|evaluation|ablations?|analys[ie]s|discussion)\b", re.IGNORECASE
)
"""Titles of the sections in which authors tell their own results."""
_OF_OTHERS = re.compile(
    r"\b(?:others|they|their|previous(?:ly)?|prior|published|reported|baselines?|state[- ]of[- ]the[- ]art|Fig(?:ure)?s?|Tab(?:le)?s?)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"{NAME}(?:-\d+)? (?:\w+ ){{0,2}}(?:has|have|had|is|was|gets?|gives?|reach\w*|achiev\w*|obtain\w*|attain\w*)\b"
)
"""A sentence about a model by its name."""
_OURS_FOR = 2
"""So many sentences after one that speaks of us go on doing so."""


def speaks_of_us(sentence: Sentence, before: Sequence[Sentence], ownership: Ownership) -> bool:
    """Whether a sentence tells of the authors' own: all of the abstract, and what goes on from a sentence that does.

    Args:
        sentence: the sentence.
        before: those before it in its paragraph, the nearest first.
        ownership: what the paper says of its models.
    """
    if sentence.paragraph.region in ("front", "abstract") or _is_ours(sentence.text, ownership):
        return True
    if ownership.headline and _is_of_another(sentence.text):
        return False
    return any(_is_ours(one.text, ownership) for one in before[:_OURS_FOR]) and not re.search(
        r"\[\d+|et al", sentence.text
    )


def speaks_of_nobody(sentence: Sentence) -> bool:
    """Whether a sentence of the authors' results names no model and cites nobody: `With two stacks the mean PCKh is 90.6`."""
    text = sentence.text
    return bool(_RESULTS.search(sentence.paragraph.section)) and not (
        says_cited(text)
        or _OF_OTHERS.search(text)
        or any(may_be_model(found["name"]) for found in re.finditer(NAME, _without_metrics(text)))
    )


def _is_ours(text: str, ownership: Ownership) -> bool:
    return bool(WE.search(text)) or any(name in text for name in ownership.headline)


def _is_of_another(text: str) -> bool:
    """Whether a sentence that does not speak of us has a model as its subject: `OldNet-18 has 2.8%`."""
    subject = _SUBJECT.match(text)
    named = subject is not None and may_be_model(subject["name"])
    return named and bool(_SUBJECT.match(_without_metrics(text)))


def _without_metrics(text: str) -> str:
    """A text without the names of metrics, which have capitals as those of models have."""
    letters = list(text)
    for hit in metric_hits(text):
        letters[hit.start : hit.end] = "_" * (hit.end - hit.start)
    return "".join(letters)
