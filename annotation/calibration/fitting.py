"""From judgements to a confidence model: one logistic model per field, fitted with its family and calibrated.

A family's fields share weights; each may differ from them at a price, so that a field with few judgements leans on its
family and one with many stands alone. How much weights may cost, and how much a field may differ, is chosen by
cross-validation over papers. The same cross-validation gives the probabilities that calibration (Platt's: a line through
the log-odds, which keeps their order) and the proofs are made from, for a model is no witness of papers that it was fitted to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Self, get_args

import numpy as np
from numpy.typing import NDArray

from annotation.calibration.proofs import Judged, correlation, effective_size, proofs_of
from extractors.confidence import Linear, Model, Proof
from extractors.facts.errors import UsageError
from extractors.facts.fields import Family
from extractors.judgements import Judgement

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1)
"""Inverse penalties on weights of standardised features that are tried."""
DIFFERENCES = (0.0, 0.5, 1.0)
"""How cheaply a field may differ from its family: 0 not at all, 1 as cheaply as the family weighs anything."""
FOLDS = 8
"""Of cross-validation over papers."""
RARE = 5
"""A feature seen in fewer papers is left out: it would know papers, not habits."""
FAMILIES = get_args(Family)
ALONE = 150.0
"""Independent judged values from which a field is calibrated and proven by itself instead of with its family.

Values of one paper err together, so that more are needed the more alike its errors are: fewer prove less alone than what
they already prove with their family.
"""
_DIGITS = 4
_UNBOUND = 1e6
"""A strength that hardly limits: of calibration, which has two numbers to find."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How strictly a family is fitted."""

    strength: float
    difference: float


CHOICES = tuple(Choice(*pair) for pair in product(STRENGTHS, DIFFERENCES))


def fit(judgements: Sequence[Judgement], version: str) -> Model:
    """The model of these judgements.

    Raises:
        UsageError: there are too few to fit any family to, or scikit-learn is missing.
    """
    model = _fitted(judgements, version)
    if not model.families:
        raise UsageError(
            f"{len(judgements)} judged values of {len(model.seen)} papers are too few to fit a confidence model to",
            remedy=f"Review values of {FOLDS} papers and more, right ones and wrong ones, or give labels",
        )
    return model


def _fitted(judgements: Sequence[Judgement], version: str) -> Model:
    """The model of these judgements, which knows nothing where they are too few."""
    families: dict[Family, Linear] = {}
    fields: dict[str, Linear] = {}
    pools: dict[str, tuple[Proof, ...]] = {}
    for family, rows in by_family(judgements).items():
        if len({row.paper for row in rows}) >= FOLDS and len({row.right for row in rows}) > 1:
            found = _fit_family(family, rows)
            families[family] = found.family
            if family != "asides":  # none of them is published unseen, so nothing is to be proven
                fields |= found.fields
                pools |= found.pools
    seen = tuple(sorted({row.paper for row in judgements}))
    return Model(version, families, fields, pools, seen)


def by_family(judgements: Sequence[Judgement]) -> dict[Family, list[Judgement]]:
    """Judgements by family, in the order of the field registry."""
    found: defaultdict[Family, list[Judgement]] = defaultdict(list)
    for row in judgements:
        found[row.family].append(row)
    return dict(sorted(found.items(), key=lambda item: FAMILIES.index(item[0])))


def folds_of(papers: Sequence[str], count: int, seed: int = 0) -> dict[str, int]:
    """Each paper's fold: shuffled, and dealt so that folds differ by a paper at most."""
    order = np.random.default_rng(seed).permutation(sorted(set(papers)))
    return {str(paper): index % count for index, paper in enumerate(order)}


@dataclass(frozen=True, slots=True)
class _Table:
    """The judgements of a family as numbers: a row each, a column for each feature that is not rare."""

    names: list[str]
    paths: list[str]
    """The fields there are, sorted."""
    features: Floats
    field: NDArray[np.intp]
    """Each row's index in `paths`."""
    papers: list[str]
    right: Floats
    weight: Floats

    @classmethod
    def of(cls, rows: Sequence[Judgement]) -> Self:
        # what was set aside is as one field: so few of it is right that fields cannot be told apart
        own = ["asides" if row.family == "asides" else row.path for row in rows]
        names, paths = _common(rows), sorted(set(own))
        return cls(
            names,
            paths,
            np.array([[row.inputs.get(name, 0.0) for name in names] for row in rows]).reshape(len(rows), -1),
            np.array([paths.index(path) for path in own]),
            [row.paper for row in rows],
            np.array([row.right for row in rows], dtype=float),
            np.array([row.weight for row in rows]),
        )


@dataclass(frozen=True, slots=True)
class _Weights:
    """Log-odds of a family, and those of each of its fields: intercepts, and weights by row."""

    intercept: float
    family: Floats
    intercepts: Floats
    fields: Floats

    def odds(self, table: _Table) -> Floats:
        found: Floats = self.intercepts[table.field] + np.einsum(
            "ij,ij->i", table.features, self.fields[table.field]
        )
        return found


@dataclass(frozen=True, slots=True)
class _Family:
    family: Linear
    fields: dict[str, Linear]
    pools: dict[str, tuple[Proof, ...]]


def _fit_family(name: Family, rows: Sequence[Judgement]) -> _Family:
    """The calibrated weights of a family and its fields, with their proofs."""
    table = _Table.of(rows)
    choices = [choice for choice in CHOICES if len(table.paths) > 1 or not choice.difference]
    unseen_odds = {choice: _unseen_odds(table, choice) for choice in choices}
    everything = np.ones(len(rows), dtype=bool)
    choice = min(choices, key=lambda key: _loss(table, unseen_odds[key], everything))
    odds, weights = unseen_odds[choice], _weigh(table, everything, choice)
    members = _pools(table, name)
    lines = {key: _platt(table, odds, of) for key, of in members.items()}
    return _Family(
        _scaled(table.names, weights.intercept, weights.family, lines.get(name, (0.0, 1.0))),
        {
            path: _scaled(table.names, intercept, weighed, lines.get(path) or lines[name])
            for path, intercept, weighed in zip(table.paths, weights.intercepts, weights.fields, strict=True)
        },
        {key: proofs_of(_judged(table, odds, of, lines[key])) for key, of in members.items()},
    )


def _pools(table: _Table, name: str) -> dict[str, Mask]:
    """Which rows are calibrated together: those of a field with enough, and the rest of the family."""
    members = {path: table.field == index for index, path in enumerate(table.paths)}
    alone = {path: of for path, of in members.items() if _independent(table, of) >= ALONE}
    rest = ~np.logical_or.reduce([*alone.values(), np.zeros(len(table.field), dtype=bool)])
    return {**alone, name: rest} if rest.any() else alone


def _independent(table: _Table, of: Mask) -> float:
    """How many independent judged values tell as much as some rows."""
    judged = _judged(table, table.right, of, (0.0, 1.0))
    return effective_size(judged, correlation(judged))


def _unseen_odds(table: _Table, choice: Choice) -> Floats:
    """Log-odds of each row by weights that had not seen its paper."""
    odds = np.zeros(len(table.papers))
    fold = folds_of(table.papers, FOLDS)
    folds = np.array([fold[paper] for paper in table.papers])
    for held in range(FOLDS):
        odds[folds == held] = _weigh(table, folds != held, choice).odds(table)[folds == held]
    return odds


def _weigh(table: _Table, seen: Mask, choice: Choice) -> _Weights:
    """Ridge logistic regression over standardised features, with a copy of each feature for each field."""
    features, right = table.features[seen], table.right[seen]
    shape = len(table.paths), len(table.names)
    if len(set(right)) == 1:  # nothing to tell apart
        sure = float(np.log((right.sum() + 1) / (len(right) - right.sum() + 1)))
        return _Weights(sure, np.zeros(shape[1]), np.full(shape[0], sure), np.zeros(shape))
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = np.inf  # what never varies weighs nothing
    standard = (features - centre) / spread
    copies = range(len(table.paths)) if choice.difference else ()
    own = [choice.difference * standard * (table.field[seen] == index)[:, None] for index in copies]
    found = _logistic(choice.strength).fit(np.hstack([standard, *own]), right, table.weight[seen])
    family, *further = found.coef_[0].reshape(-1, shape[1]) / spread
    fields = family + choice.difference * np.array(further) if further else np.tile(family, (shape[0], 1))
    base = float(found.intercept_[0])
    return _Weights(base - float(family @ centre), family, base - fields @ centre, fields)


def _logistic(strength: float) -> Any:
    try:
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # an extra that only fitting needs
    except ImportError as error:
        raise UsageError(
            "fitting a confidence model needs scikit-learn", remedy="Run: pip install 'burden[calibrate]'"
        ) from error
    return LogisticRegression(C=strength, max_iter=2000)


def _platt(table: _Table, odds: Floats, of: Mask) -> tuple[float, float]:
    """Intercept and slope that calibrate the log-odds of some rows; the slope is not negative, so that order is kept."""
    right, weight = table.right[of], table.weight[of]
    if len(set(right)) == 1:
        return 0.0, 1.0
    found = _logistic(_UNBOUND).fit(odds[of, None], right, weight)
    slope = float(found.coef_[0][0])
    if slope > 0:
        return float(found.intercept_[0]), slope
    base = float(np.average(right, weights=weight))
    return float(np.log(base / (1 - base))), 0.0


def _scaled(names: Sequence[str], intercept: float, weights: Floats, line: tuple[float, float]) -> Linear:
    """The calibrated log-odds, rounded as they are stored."""
    shift, slope = line
    rounded = {name: round(slope * float(w), _DIGITS) for name, w in zip(names, weights, strict=True)}
    return Linear(round(shift + slope * intercept, _DIGITS), {name: w for name, w in rounded.items() if w})


def _judged(table: _Table, odds: Floats, of: Mask, line: tuple[float, float]) -> Judged:
    papers = [paper for paper, kept in zip(table.papers, of, strict=True) if kept]
    return Judged(papers, _probability(line[0] + line[1] * odds[of]), table.right[of], table.weight[of])


def _loss(table: _Table, odds: Floats, of: Mask) -> float:
    """Weighted Brier score after calibration."""
    intercept, slope = _platt(table, odds, of)
    missed = (_probability(intercept + slope * odds[of]) - table.right[of]) ** 2
    return float(np.average(missed, weights=table.weight[of]))


def _probability(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def _common(rows: Sequence[Judgement]) -> list[str]:
    """Features that at least so many papers have, sorted."""
    papers: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name, value in row.inputs.items():
            if value:
                papers[name].add(row.paper)
    return sorted(name for name, seen in papers.items() if len(seen) >= RARE)


def unseen(judgements: Sequence[Judgement], folds: int, seed: int) -> Iterator[tuple[list[Judgement], Model]]:
    """Each fold of papers with the model of all other papers: nested cross-validation, for the fit has its own inside."""
    fold = folds_of([row.paper for row in judgements], folds, seed)
    for held in range(folds):
        rest = [row for row in judgements if fold[row.paper] != held]
        yield [row for row in judgements if fold[row.paper] == held], _fitted(rest, "trial")
