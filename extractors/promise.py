"""What the operator promises of values that nobody looked at, and what that means for each: accepted, queued or rejected.

A promise is a precision, not a probability: a value is published unseen where the confidence model is proven to be that
precise at its probability and above. Where nothing is proven, nothing is published unseen. A small share of what is
published goes to people all the same, chosen by lot, so that the promise is watched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.confidence import Model, Proof
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey

Route = Literal["accepted", "queued", "rejected"]

_LOTS = 2**64


@dataclass(frozen=True, slots=True)
class Promise:
    """What the operator promises of values that are published unseen."""

    precision: float = 0.95
    """Share of them that is right, at least."""
    reject_below: float = 0.1
    """A value less probable than this is kept and searchable, but neither published nor queued."""
    audit_share: float = 0.05
    """Share of the values published unseen that people look at all the same."""

    def __post_init__(self) -> None:
        for name in ("precision", "reject_below", "audit_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(
                    f"{name} {getattr(self, name)} is no share",
                    where="promise",
                    remedy="Choose a number from 0 to 1",
                )


def threshold(path: str, model: Model, promise: Promise) -> float | None:
    """The lowest probability at which a field's values keep the promise; None where none is proven to."""
    return border(model.proofs(path), promise)


def border(proofs: Sequence[Proof], promise: Promise) -> float | None:
    """The lowest probability that is proven to keep the promise; None where none is."""
    return min((proof.threshold for proof in proofs if proof.bound >= promise.precision), default=None)


def borders(model: Model, promise: Promise) -> dict[str, float | None]:
    """The thresholds of all facts by what proves them: a field's path if it has enough judged values, else its family."""
    facts = [field for field in FIELDS.values() if field.use == "fact"]
    return {
        field.path if model.pools.get(field.path) else field.family: threshold(field.path, model, promise)
        for field in facts
    }


def route(path: str, probability: float, model: Model, promise: Promise) -> Route:
    """Where a value of this field and probability goes."""
    least = threshold(path, model, promise)
    if least is not None and probability >= least:
        return "accepted"
    return "queued" if probability >= promise.reject_below else "rejected"


def is_audited(key: CellKey, promise: Promise) -> bool:
    """Whether a cell that is published unseen is looked at all the same: the same lot for a cell at all times."""
    lot = int.from_bytes(hashlib.sha256(f"audit {key}".encode()).digest()[:8])
    return lot < promise.audit_share * _LOTS
