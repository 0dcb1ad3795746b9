"""Proposals that somebody judged: what confidence models are fitted to and measured by.

Labels (`extractors.labels`) and review (`db.judgements`) say of a proposal whether it is right; both say it in this form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from extractors.confidence import ASIDE, inputs
from extractors.facts.fields import FIELDS, Family, field_of
from extractors.facts.ids import PaperId
from extractors.facts.records import Proposal

Origin = Literal["labels", "review", "audit"]
"""Who judged: labels of the whole paper; a person who was asked because the machine was unsure, or who saw an error; a
person who was asked about a random share of what was published unseen."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A proposal and whether it is right."""

    paper: PaperId
    """Judgements of one paper err together."""
    path: str
    """The field with its kind, as `run.accelerator`."""
    inputs: Mapping[str, float]
    """What the confidence model weighs (`extractors.confidence.inputs`)."""
    right: bool
    weight: float
    """How many proposals it stands for: of an audited share of 5%, twenty."""
    origin: Origin

    @property
    def family(self) -> Family:
        """By which family's weights it is judged."""
        return "asides" if self.inputs.get(ASIDE) else FIELDS[self.path].family

    @classmethod
    def of(cls, proposal: Proposal, origin: Origin, *, right: bool, weight: float = 1.0) -> Self:
        """The judgement on a proposal."""
        path = field_of(proposal.cell).path
        return cls(proposal.cell.entity.paper, path, inputs(proposal), right, weight, origin)
