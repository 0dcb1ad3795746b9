"""What a reading says: candidates as rules find them, proposals for cells, and the reading of one paper.

`Reading` is the only type that crosses the border of a worker process. Its slugs are provisional until
`extractors.reconcile` has laid them onto the entities that exist. No state of review is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Value


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a rule proposes, before it is known which entity it belongs to."""

    path: str
    """The field with its kind, as `run.accelerator` (a key of `facts.fields.FIELDS`)."""
    value: Value
    evidence: Evidence
    mention: str | None = None
    """The model it is said of, as printed beside it, where the rule saw one."""
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rival:
    """Another value that the paper might mean for the same cell."""

    value: Value
    evidence: Evidence
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a cell, with what speaks for and against it."""

    cell: CellKey
    value: Value
    evidence: Evidence
    rivals: tuple[Rival, ...] = ()
    """Best first; never equal to the value."""
    features: Mapping[str, float] = field(default_factory=dict)
    """What the confidence model weighs; names as in `extractors.confidence`."""
    reasons: tuple[str, ...] = ()
    """Doubts in words a person can read, as 'two accelerators in this sentence'; behind them what `extractors.physics`
    bears out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong while reading without stopping it: validation results are data."""

    code: str
    """A stable word, as `page-unreadable`."""
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one extractor version read from one file."""

    sha256: str
    extractor: str
    """Name and version of the extractor, as `burden-0.1.0`."""
    paper: PaperId
    title: str
    pages: int
    proposals: tuple[Proposal, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def entities(self) -> tuple[EntityId, ...]:
        """The entities that the proposals speak of, each once, in order of first mention."""
        return tuple(dict.fromkeys(proposal.cell.entity for proposal in self.proposals))
