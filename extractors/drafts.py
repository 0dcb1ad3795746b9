"""What the rules hand to linking: entities as single places of a paper state them.

A draft is a model, run or result as one sentence or one table row gives it, before it has a slug and before
it is known whether another place speaks of the same thing. Merging drafts, minting provisional slugs and
turning candidates into proposals is the work of `extractors.linking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractors.facts.ids import EntityKind
from extractors.facts.records import Candidate
from extractors.facts.values import Name


@dataclass(frozen=True, slots=True)
class Draft:
    """One entity as one place states it."""

    kind: EntityKind
    mention: str | None
    """The model it is said of, as printed; for a model, its own name. None: the paper does not say here."""
    candidates: tuple[Candidate, ...]
    """Identity and facts; of several with the same path the first is meant, the others are its rivals."""
    features: Mapping[str, float] = field(default_factory=dict)
    """What holds for all its candidates; names as in `extractors.confidence`."""
    reasons: tuple[str, ...] = ()
    """Doubts in words a person can read."""

    @property
    def phase(self) -> str:
        """The phase of a run as this place states it, `unspecified` where it does not."""
        found = (c.value.id for c in self.candidates if c.path == "run.phase" and isinstance(c.value, Name))
        return next(found, "unspecified")


@dataclass(frozen=True, slots=True)
class Dismissal:
    """What rules read but take to be something else than the paper's own, whatever the reason: for explanations."""

    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...]
    """Why, in words a person can read."""
