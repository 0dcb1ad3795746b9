"""Confidence models for tests: their word is proof, so that a promise of 0.9 publishes what is 0.9 probable."""

from __future__ import annotations

from collections.abc import Mapping

from extractors.confidence import Linear, Model, Proof
from extractors.facts.fields import Family

PROOFS = tuple(
    Proof(share, values=100, papers=50, precision=share, bound=share)
    for share in (step / 20 for step in range(21))
)


def model_of(families: Mapping[Family, Linear], version: str = "test") -> Model:
    """A model of these families, each probability of which is proven."""
    return Model(version, families, pools=dict.fromkeys(families, PROOFS))
