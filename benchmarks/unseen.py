"""Papers with confidence models that had not seen them: folds over papers, a model of all others for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from annotation.calibration.fitting import fit, folds_of
from annotation.calibration.trial import FOLDS
from extractors.confidence import Model
from extractors.facts.records import Reading
from extractors.judgements import Judgement
from extractors.labels import Labels, judged

FIELDS = (
    "accelerator",
    "hardware",
    "training_time",
    "run",
    "parameters",
    "operations",
    "headline_score",
    "linked",
)
"""Of the scorer, those that the fits are made of."""


def rows_of(read: Mapping[str, Reading], labels: Mapping[str, Labels]) -> list[Judgement]:
    """What the labels say of the values that were read from papers, by their file names."""
    return [row for file, reading in read.items() for row in judged(labels[file], reading)]


def with_strangers(
    read: Mapping[str, Reading], labels: Mapping[str, Labels], beside: Sequence[Judgement] = ()
) -> Iterator[tuple[str, Reading, Model]]:
    """Each paper by its file name with a model fitted to the labels of papers of other folds.

    Args:
        read: the papers, by their file names.
        labels: of all these papers.
        beside: judged values of further papers, which models are fitted to as well.
    """
    rows = [*rows_of(read, labels), *beside]
    fold = folds_of([row.paper for row in rows] + [reading.paper for reading in read.values()], FOLDS)
    for held in range(FOLDS):
        model = fit([row for row in rows if fold[row.paper] != held], "trial")
        yield from ((file, reading, model) for file, reading in read.items() if fold[reading.paper] == held)
