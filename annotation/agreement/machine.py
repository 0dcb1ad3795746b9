"""How right the machine was in the eyes of those who reviewed: the share of its values that they left as they were.

Audits are a random sample of what is published unseen, so that their share is that of the release. The queue holds what
the machine doubts, or what another rule sent there, and its share is that of the queue alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from db.agreement.answers import Question
from db.agreement.coefficients import Draws, Estimate
from db.agreement.places import places_of
from db.cells import say_the_same
from extractors.facts.ids import PaperId

Source = Literal["audit", "queue"]
UNSAID = "not noted"
"""The version of an extractor that no entry names."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the machine's values that people decided, how many they left."""

    place: str
    """`all`, a family or a field's path."""
    source: Source
    extractor: str | None
    """None: all versions together."""
    items: int
    papers: int
    kept: int
    share: Estimate


def precision(
    questions: Sequence[Question], audits: Collection[int], draws: Draws
) -> tuple[tuple[Precision, ...], int]:
    """How right the machine was, by place and by version, audits apart from the rest.

    Args:
        questions: what was asked and answered.
        audits: the log entries that answered audits.
        draws: of papers, those of the questions among them.

    Returns:
        The shares, and the number of questions left out as people still disagree.
    """
    counted: defaultdict[tuple[Source, str, str | None], dict[PaperId, tuple[float, float]]]
    counted = defaultdict(dict)
    open_ones = 0
    for question in questions:
        kept = was_kept(question) if question.field.use == "fact" else None
        open_ones += kept is None and question.field.use == "fact"
        if kept is None:
            continue
        source: Source = "audit" if any(a.seq in audits for a in question.answers) else "queue"
        paper = question.key.entity.paper
        for place, version in (
            *((place, None) for place in places_of(question.field)),
            ("all", _version(question)),
        ):
            by_paper = counted[source, place, version]
            right, of = by_paper.get(paper, (0.0, 0.0))
            by_paper[paper] = right + kept, of + 1
    return tuple(_precision(*key, found, draws) for key, found in counted.items()), open_ones


def was_kept(question: Question) -> bool | None:
    """Whether the proposed value was found right as it was; None where people disagree and nobody ruled."""
    field, first = question.field, question.answers[0]
    if question.ruling is None and not all(
        say_the_same(field, first.value, answer.value) for answer in question.answers
    ):
        return None
    right = (question.ruling or first).value
    return any(answer.unchanged and say_the_same(field, answer.value, right) for answer in question.answers)


def _version(question: Question) -> str:
    return next((answer.extractor for answer in question.answers if answer.extractor), UNSAID)


def _precision(
    source: Source,
    place: str,
    extractor: str | None,
    by_paper: Mapping[PaperId, tuple[float, float]],
    draws: Draws,
) -> Precision:
    kept, items = (int(sum(column)) for column in zip(*by_paper.values(), strict=True))
    return Precision(place, source, extractor, items, len(by_paper), kept, draws.share(by_paper))
