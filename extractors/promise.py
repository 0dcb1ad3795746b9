"""What the operator promises of values that nobody looked at, and what that means for each: accepted, queued or rejected.

A promise is a precision, not a probability: a value is published unseen where the confidence model is proven to be that
precise at its probability and above. Where nothing is proven, nothing is published unseen. A small share of what is
published goes to people all the same, chosen by lot, so that the promise is watched.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.confidence import Model, Proof
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey

Route = Literal["accepted", "queued", "rejected"]

CONFIDENCE = 0.9
"""Of the one-sided lower bounds that promises are held against."""

_LOTS = 2**64
_TIMES_MORE = 1e6
"""The most that the judged values are multiplied by when it is asked how many would prove a promise."""


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


def lower_bound(precision: float, effective: float) -> float:
    """What a share is at least, one-sided and exact: Clopper and Pearson, Biometrika 26 (1934), 404-413.

    Args:
        precision: the share that was seen.
        effective: in how many independent values, which need not be a whole number.
    """
    from scipy.special import betaincinv  # noqa: PLC0415  # most who import this module ask for no bound

    right = precision * effective
    return float(betaincinv(right, effective - right + 1, 1 - CONFIDENCE)) if right > 0 else 0.0


def reviews_needed(proofs: Sequence[Proof], precision: float) -> int | None:
    """How many more judged values would prove a promise, if they came out as those so far; None: no number would.

    Of all thresholds the one that needs the fewest counts. Reviews are of values at or above it, as audits and the
    sure end of the queue give them.
    """
    return min((more for proof in proofs if (more := _more(proof, precision)) is not None), default=None)


def _more(proof: Proof, precision: float) -> int | None:
    if proof.bound >= precision:
        return 0
    if proof.precision <= precision or proof.effective <= 0:
        return None
    low, high = 1.0, _TIMES_MORE
    if lower_bound(proof.precision, proof.effective * high) < precision:
        return None
    while high / low > 1.001:
        middle = math.sqrt(low * high)
        holds = lower_bound(proof.precision, proof.effective * middle) >= precision
        low, high = (low, middle) if holds else (middle, high)
    return math.ceil(proof.values * (high - 1))


def route(path: str, probability: float, model: Model, promise: Promise) -> Route:
    """Where a value of this field and probability goes."""
    least = threshold(path, model, promise)
    if least is not None and probability >= least:
        return "accepted"
    return "queued" if probability >= promise.reject_below else "rejected"


def is_audited(key: CellKey, promise: Promise) -> bool:
    """Whether a cell that is published unseen is looked at all the same: the same lot for a cell at all times."""
    return is_drawn("audit", key, promise.audit_share)


def is_drawn(purpose: str, what: object, share: float) -> bool:
    """Whether the lot falls on something: the same lot at all times, another for each purpose.

    Args:
        purpose: what it is drawn for.
        what: what it may fall on, by its name.
        share: on how many of all it falls, from 0 to 1.
    """
    lot = int.from_bytes(hashlib.sha256(f"{purpose} {what}".encode()).digest()[:8])
    return lot < share * _LOTS
