"""Hears what a sentence says of a fact in it: the layer of relations over the cues of `ontology/cues.toml`.

Most cues count wherever they stand in a sentence, others by where they stand from the fact (`rules.relations`,
`rules.citing`). Sentences are heard only where a rule found something; what comes of it is a `Stance`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.language import Label, Sentence
from extractors.rules.citing import is_cited
from extractors.rules.cues import cues
from extractors.rules.heard import Heard
from extractors.rules.relations import (
    is_attributed,
    is_compared,
    is_described,
    is_for_evaluation,
    is_of_a_chore,
    is_of_inference,
    is_quoted,
)
from extractors.rules.stance import Stance

_TITLES = 512
"""Titles of sections that are remembered."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A sentence with all that it says wherever one stands in it, heard once for all its findings."""

    heard: Heard
    said: Mapping[str, bool]
    """What is said, whatever the place in the sentence."""

    def stance(self, start: int, end: int) -> Stance:
        """The stance towards the words between two offsets of the paragraph."""
        heard, offset = self.heard, self.heard.sentence.start
        place = start - offset, end - offset
        said = {
            **self.said,
            "inference_nearer": is_of_inference(heard, place),
            "other_purpose": is_for_evaluation(heard, place),
            "chore_nearer": is_of_a_chore(heard, place),
            "cited": is_cited(heard, place),
            "other_work": is_compared(heard, place),
            "attributed": is_attributed(heard, place),
            "described": is_described(heard, place),
            "quoted": is_quoted(heard, place),
        }
        return Stance({name: float(value) for name, value in said.items()})


def hear(sentence: Sentence, before: Sequence[Sentence], *, trains: bool = True) -> Hearing:
    """Hear a sentence.

    Args:
        sentence: the sentence.
        before: the few sentences before it in the same paragraph.
        trains: whether the paper trains models itself.
    """
    heard = Heard(sentence)
    said = {name: heard.says(name) for name in cues().counting_at("sentence")}
    training = heard.says("training")
    return Hearing(
        heard,
        {
            **said,
            "used": said["used"] or said["labelled"],
            "training_word": training,
            "work_word": not training and heard.says("work"),
            "inference_word": heard.says("inference"),
            "training_before": any(cues()["training"].places(other) for other in before),
            **_said_by_title(sentence.paragraph.section),
            "trains_little": not trains,
        },
    )


@lru_cache(_TITLES)
def _said_by_title(section: str) -> Mapping[str, bool]:
    """What the title of a section says; most sentences share theirs with others."""
    title = Label(section)
    return {name: bool(cues()[name].places(title)) for name in cues().counting_at("section")}
