"""Fits the packaged confidence model to the labelled corpus and says how good it is under cross-validation.

One logistic model per family of fields, with a ridge penalty, over the features that proposals carry. The figures
reported come from folds over papers: a paper's proposals are judged by a model that never saw that paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.corpus import Corpus, readings
from extractors.confidence import Linear, Model, model_to_json
from extractors.facts.fields import FIELDS, Family
from extractors.labels import judged

Row = tuple[str, dict[str, float], bool]
"""Paper, features, whether the labels agree."""
Floats = NDArray[np.float64]

FAMILIES: tuple[Family, ...] = ("training", "costs", "scores")
"""Those that the labels cover; of resources there are none, so that all of them wait for a person."""
FOLDS = 5
RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Penalties tried; each family takes the one with the best cross-validated skill."""
RARE = 8
"""A feature seen in fewer papers than this is left out: it would know papers, not habits."""


def fit(corpus: Corpus, target: Path) -> None:
    """Fit all families, print their cross-validated figures and write the model to `target`."""
    rows: dict[Family, list[Row]] = {family: [] for family in FAMILIES}
    labels = corpus.labels()
    for file, reading in readings(corpus):
        for known in judged(labels[file], reading):
            rows[FIELDS[known.path].family].append((file, dict(known.inputs), known.right))
    families, report = {}, dict[str, float | str]()
    for family, found in rows.items():
        tried = {ridge: cross_validated(found, ridge) for ridge in RIDGES}
        ridge = max(tried, key=lambda key: tried[key]["brier_skill"])
        report |= {f"{family}.{key}": value for key, value in {"ridge": ridge, **tried[ridge]}.items()}
        families[family] = fitted(found, ridge)
    report["method"] = f"ridge logistic regression per family, {FOLDS} folds over papers"
    target.write_text(model_to_json(Model("1", families, report=report)) + "\n", encoding="utf-8")
    for key, value in report.items():
        print(f"{key:<32}{value}")


def fitted(rows: Sequence[Row], ridge: float) -> Linear:
    """The ridge logistic model of the rows."""
    names = _common(rows)
    design = _design(rows, names)
    right = np.array([row[2] for row in rows], dtype=float)

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design @ weights
        penalty = ridge * weights
        penalty[0] = 0.0
        value = float(np.sum(np.logaddexp(0, odds) - right * odds) + 0.5 * penalty @ weights)
        slope: Floats = design.T @ (1 / (1 + np.exp(-odds)) - right) + penalty
        return value, slope

    solved = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B")
    rounded = [round(float(weight), 3) for weight in solved.x]
    return Linear(rounded[0], dict(zip(names, rounded[1:], strict=True)))


def cross_validated(rows: Sequence[Row], ridge: float) -> dict[str, float]:
    """Figures of models that did not see the papers they judge: skill, calibration error, precision when sure."""
    papers = sorted({row[0] for row in rows})
    fold_of = {paper: index % FOLDS for index, paper in enumerate(papers)}
    probability, right = np.zeros(len(rows)), np.array([row[2] for row in rows], dtype=float)
    for fold in range(FOLDS):
        model = fitted([row for row in rows if fold_of[row[0]] != fold], ridge)
        names = list(model.weights)
        held = [index for index, row in enumerate(rows) if fold_of[row[0]] == fold]
        odds = _design([rows[i] for i in held], names) @ np.array([model.intercept, *model.weights.values()])
        probability[held] = 1 / (1 + np.exp(-odds))
    base, sure = right.mean(), probability >= 0.9
    brier = float(np.mean((probability - right) ** 2))
    return {
        "judged": float(len(rows)),
        "base_rate": round(float(base), 4),
        "brier_skill": round(1 - brier / float(base * (1 - base)), 4),
        "calibration_error": round(_calibration_error(probability, right), 4),
        "sure": float(sure.sum()),
        "precision_when_sure": round(float(right[sure].mean()), 4) if sure.any() else 0.0,
    }


def _calibration_error(probability: Floats, right: Floats) -> float:
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(float(np.sum((probability - right)[bins == index]))) for index in range(10)]
    return sum(gaps) / len(right)


def _common(rows: Sequence[Row]) -> list[str]:
    papers: dict[str, set[str]] = {}
    for file, features, _ in rows:
        for name, value in features.items():
            if value:
                papers.setdefault(name, set()).add(file)
    return sorted(name for name, files in papers.items() if len(files) >= RARE)


def _design(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    return np.array([[1.0, *(features.get(name, 0.0) for name in names)] for _, features, _ in rows])
