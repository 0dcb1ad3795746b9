"""How sure a proposal is: its probability of being right, by a model that is a value.

`score` weighs the features a proposal carries: a logistic model for each field, fitted together with its family and
calibrated, stored by its sha256, one packaged as default. Because proposals keep their features, a better model needs
no second reading. What a probability means for a value (published, queued or rejected) is `extractors.promise`; how
models are fitted is `annotation.calibration`; the state of a cell, which people also decide, is `db.cells.resolve`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS, Family, field_of
from extractors.facts.records import Proposal

ASIDE = "aside"
"""Feature of what rules set aside as somebody else's or of another use; their runs are called so too, for nothing else names them."""
_UNKNOWN = 0.5
"""Probability of a value about which a model says nothing."""
_UNKNOWN_ASIDE = 0.05
"""The same of one that rules set aside: hardly any of them is right."""
_MOST_ASIDE = 0.5
"""Above this no value that rules set aside is believed, so that none is published unseen: the proofs are of those that they keep."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds as a weighted sum."""

    intercept: float
    weights: Mapping[str, float] = field(default_factory=dict)
    """Log-odds per unit of a feature; names as in `inputs`."""

    def probability(self, features: Mapping[str, float]) -> float:
        """Probability by these features; one that has no weight counts for nothing."""
        odds = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen of the values at or above a probability, judged by a model that had not seen their papers."""

    threshold: float
    values: int
    """How many were judged."""
    papers: int
    precision: float
    """Share of them that is right."""
    bound: float
    """Lower bound of that share, one-sided at 90%, that holds though the values of a paper err together."""
    effective: float = 0.0
    """How many independent values would tell as much."""


@dataclass(frozen=True, slots=True)
class Model:
    """A confidence model: a value like any other, known by its sha256."""

    version: str
    families: Mapping[Family, Linear] = field(default_factory=dict)
    """For fields without judged values of their own."""
    fields: Mapping[str, Linear] = field(default_factory=dict)
    """By path, as `run.accelerator`."""
    pools: Mapping[str, tuple[Proof, ...]] = field(default_factory=dict)
    """Proofs by rising threshold: of a field by its path where it has enough judged values, else of its family."""
    seen: tuple[str, ...] = ()
    """The papers it was fitted to, sorted: of them it is no witness."""
    report: Mapping[str, float | str] = field(default_factory=dict)
    """What cross-validation over papers found."""

    @property
    def sha256(self) -> str:
        """Hash of its canonical JSON."""
        return hashlib.sha256(model_to_json(self).encode()).hexdigest()

    def linear(self, path: str, *, aside: bool = False) -> Linear | None:
        """What judges a field: its own weights, else those of its family, if there are any; or what judges the values set aside."""
        if aside:
            return self.families.get("asides")
        return self.fields.get(path) or self.families.get(FIELDS[path].family)

    def proofs(self, path: str) -> tuple[Proof, ...]:
        """What is proven of a field: by itself where it has enough judged values, else by its family."""
        return self.pools.get(path) or self.pools.get(FIELDS[path].family, ())


_MODEL = TypeAdapter(Model)


def model_to_json(model: Model) -> str:
    """Canonical JSON: sorted keys, no white space, so that the same model has the same bytes."""
    return json.dumps(_MODEL.dump_python(model, mode="json"), sort_keys=True, separators=(",", ":"))


def model_from_json(text: str | bytes) -> Model:
    """The model that `model_to_json` wrote, or a person by hand.

    Raises:
        UsageError: the text is not a confidence model.
    """
    try:
        return _MODEL.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageError(f"not a confidence model: {first['msg']}", where=place) from error


@cache
def default_model() -> Model:
    """The packaged model."""
    return model_from_json(files("extractors").joinpath("ontology", "confidence.json").read_bytes())


def inputs(proposal: Proposal) -> dict[str, float]:
    """The features the model weighs: the proposal's own, its field, its rule and its number of rivals."""
    named = {
        f"field:{proposal.cell.field}": 1.0,
        f"rule:{proposal.evidence.rule}": 1.0,
        "rivals": float(len(proposal.rivals)),
    }
    return {**proposal.features, **named}


def score(proposal: Proposal, model: Model) -> float:
    """Probability that a proposal's value is right, between 0 and 1; one half where the model knows nothing of its field."""
    return probability_of(field_of(proposal.cell).path, inputs(proposal), model)


def probability_of(path: str, features: Mapping[str, float], model: Model) -> float:
    """The same of a field and `inputs`."""
    aside = bool(features.get(ASIDE))
    linear = model.linear(path, aside=aside)
    if linear is None:
        return _UNKNOWN_ASIDE if aside else _UNKNOWN
    probability = linear.probability(features)
    return min(probability, _MOST_ASIDE) if aside else probability
