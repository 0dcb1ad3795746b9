"""How sure a proposal is, and what that means for it: accepted, queued or rejected.

`score` weighs the features a proposal carries with a model that is a value: a small logistic model per family of
fields, stored by its sha256, one packaged as default. Because proposals keep their features, a better model needs
no second reading. How models are fitted and calibrated is not here (see `benchmarks.confidence`); the state of a
cell, which people also decide, is `db.cells.resolve`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from extractors.facts.errors import UsageError
from extractors.facts.fields import Family, field_of
from extractors.facts.records import Proposal

Route = Literal["accepted", "queued", "rejected"]


@dataclass(frozen=True, slots=True)
class FamilyModel:
    """A logistic model for one family of fields."""

    intercept: float
    weights: Mapping[str, float] = field(default_factory=dict)
    """Log-odds per unit of a feature. Beside a proposal's own features, `field:NAME` and `rule:NAME` are 1
    for its field and rule, and `rivals` counts the other values it competes with."""


@dataclass(frozen=True, slots=True)
class Model:
    """A confidence model: a value like any other, known by its sha256."""

    version: str
    families: Mapping[Family, FamilyModel]
    report: Mapping[str, float | str] = field(default_factory=dict)
    """How it was fitted and what cross-validation over papers found."""

    @property
    def sha256(self) -> str:
        """Hash of its canonical JSON."""
        return hashlib.sha256(model_to_json(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Promise:
    """What the operator promises about values that nobody looked at."""

    publish_at: float = 0.9
    """A value at least this probable is published without a human look."""
    reject_below: float = 0.1
    """A value less probable than this is kept and searchable, but neither published nor queued."""

    def __post_init__(self) -> None:
        if not 0 <= self.reject_below <= self.publish_at <= 1:
            raise UsageError(
                f"cannot publish at {self.publish_at} and reject below {self.reject_below}",
                where="promise",
                remedy="Choose 0 <= reject_below <= publish_at <= 1",
            )

    def route(self, probability: float) -> Route:
        """Where a value of this probability goes."""
        if probability >= self.publish_at:
            return "accepted"
        return "queued" if probability >= self.reject_below else "rejected"


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
    """Probability that a proposal's value is right, between 0 and 1.

    A feature the model does not know weighs nothing; a family it does not know has probability one half.
    """
    family = model.families.get(field_of(proposal.cell).family)
    if family is None:
        return 0.5
    odds = family.intercept + sum(
        family.weights.get(name, 0.0) * value for name, value in inputs(proposal).items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
