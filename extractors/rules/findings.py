"""What a rule of the training families finds in one sentence, before it is known what it is said of.

A finding is one fact, or facts that the grammar of the sentence ties together: `8 V100 GPUs` is an accelerator and
its count. Which findings make a run is decided in `rules.training`; whether a sentence speaks of the paper's own
training at all, in `rules.stance`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

from extractors.facts.records import Candidate
from extractors.facts.values import Value
from extractors.language import Sentence


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and where it is printed."""

    path: str
    value: Value
    start: int
    """Offset in the text of the paragraph."""
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Facts that one rule read together, in one place."""

    rule: str
    facts: tuple[Fact, ...]
    features: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    said_at: tuple[int, int] | None = None
    """Where it is said, if one of its facts is only repeated from elsewhere in the sentence."""

    @classmethod
    def of(
        cls, rule: str, sentence: Sentence, path: str, value: Value, place: tuple[int, int], **features: float
    ) -> Self:
        """A finding of one fact, printed between two offsets of the sentence's text."""
        start, end = place
        return cls(rule, (Fact(path, value, sentence.start + start, sentence.start + end),), features)

    @property
    def start(self) -> int:
        """Where it begins to be said."""
        return self.said_at[0] if self.said_at else self.printed_at[0]

    @property
    def end(self) -> int:
        """Where that ends."""
        return self.said_at[1] if self.said_at else self.printed_at[1]

    @property
    def printed_at(self) -> tuple[int, int]:
        """From its first fact to its last: what proves all of them."""
        return min(fact.start for fact in self.facts), max(fact.end for fact in self.facts)

    @property
    def paths(self) -> frozenset[str]:
        """The fields it gives."""
        return frozenset(fact.path for fact in self.facts)

    def value(self, path: str) -> Value | None:
        """The value it gives for a field."""
        return next((fact.value for fact in self.facts if fact.path == path), None)

    def candidates(
        self, sentence: Sentence, sha256: str, features: Mapping[str, float]
    ) -> tuple[Candidate, ...]:
        """Its facts as candidates, each with the words around it as evidence."""
        paragraph, merged = sentence.paragraph, {**features, **self.features}
        return tuple(
            Candidate(
                fact.path,
                fact.value,
                paragraph.evidence(sha256, self.rule, *self.printed_at),
                None,
                merged,
            )
            for fact in self.facts
        )


class Rule(Protocol):
    """A rule reads one habit of writing; its docstring says which."""

    name: ClassVar[str]
    """Stable; becomes `Evidence.rule`."""
    example: ClassVar[str]
    """A sentence of our own that shows the habit; its golden file in the tests has more."""

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """What the sentence says, by this rule."""
        ...
