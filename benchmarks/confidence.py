"""Fits the packaged confidence model to the labelled corpus and the invented papers, and says how good it is.

Under nested cross-validation over all these papers, and of the corpus and the invented ones apart: the rules were mended while
looking at the corpus, so that it has hardly a wrong value of a training to learn from; the invented papers have many.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from annotation.calibration.calibrating import Calibration, calibrate
from annotation.calibration.report import FEWEST, groups_of, write
from annotation.calibration.trial import COVERAGES, Outcome, accepted, figures, groups, risk_at
from benchmarks import strangers
from benchmarks.adjudicated import adjudicated
from benchmarks.corpus import Corpus, readings
from benchmarks.unseen import FIELDS, rows_of, with_strangers
from extractors.confidence import Model, default_model, model_to_json
from extractors.facts.fields import FIELDS as FIELDS_OF_REGISTRY
from extractors.facts.fields import Family
from extractors.facts.ids import PaperId
from extractors.facts.records import Reading
from extractors.guide import to_guide
from extractors.judgements import Judgement
from extractors.labels import Labels
from extractors.promise import Promise

K = TypeVar("K", bound=str)
T = TypeVar("T")
VERSION = "5"
FITTED: tuple[Family, ...] = ("costs",)
"""Families that are fitted anew; the others keep what the present model has for them.

The rules for trainings have been mended with every paper that could be fitted to, until 94% of what they read there was right, and
every time that they read: a model that saw only these publishes all times, of which 84% are right in papers that nothing was made with. The
present one was fitted before. To be fitted again, trainings need papers that rules were not mended with.
"""
_SHOWN = (
    "page_agreement",
    "brier_skill",
    "calibration_error",
    "accepted",
    "accepted_precision",
    "accepted_recall",
)


def fit(corpus: Corpus, target: Path) -> None:
    """Fit the model, print its figures, and write it to `target` unless it is worse than the one that is there."""
    read = dict(readings(corpus))
    invented = strangers.known_rows()
    labels = adjudicated(corpus.labels())
    done = calibrate([*rows_of(read, labels), *invented], default_model(), Promise(), VERSION)
    folder = Path(tempfile.mkdtemp(prefix="calibration-"))
    write(done, folder)
    _print(done)
    _print_by_origin(done.trial, frozenset(row.paper for row in invented))
    _print_scored(corpus, read, labels, invented)
    print(f"report: {folder / 'report.md'}")
    if done.refused:
        print("kept the present model: " + "; ".join(done.refused))
    else:
        target.write_text(model_to_json(renewed(default_model(), done.model)) + "\n", encoding="utf-8")


def renewed(present: Model, new: Model) -> Model:
    """The present model with what the new one has for the families that are fitted anew."""
    return replace(
        new,
        families=_parts(present.families, new.families),
        fields=_parts(present.fields, new.fields),
        pools=_parts(present.pools, new.pools),
        seen=tuple(sorted({*present.seen, *new.seen})),
        report=_of_fitted(new.report),
    )


def _parts(present: Mapping[K, T], new: Mapping[K, T]) -> dict[K, T]:
    """By family or by path, of each from the one or the other."""
    kept = {key: value for key, value in present.items() if not _is_fitted(str(key))}
    return kept | {key: value for key, value in new.items() if _is_fitted(str(key))}


def _is_fitted(name: str) -> bool:
    return (FIELDS_OF_REGISTRY[name].family if name in FIELDS_OF_REGISTRY else name) in FITTED


def _of_fitted(report: Mapping[str, float | str]) -> dict[str, float | str]:
    """The figures of what was fitted; their names end with a word for what was measured."""
    return {
        name: said for name, said in report.items() if name == "method" or _is_fitted(name.rpartition(".")[0])
    }


def _print(done: Calibration) -> None:
    whole = done.comparison.whole
    print(
        f"Brier score {whole.new:.4f}, present model {whole.present:.4f}, error of the difference {whole.error:.4f}"
    )
    print(
        f"{'':18}{'n':>6}{'right':>7}{'skill':>7}{'ECE':>7}{'band':>7}{'area':>7} | unseen {'n':>5}{'P':>7}{'bound':>7}{'R':>7} | needed"
    )
    for name, group in groups_of(done).items():
        f, kept = group.figures, group.accepted
        print(
            f"{name:18}{f.judged:6}{f.base_rate:7.3f}{f.skill:7.3f}{f.calibration_error:7.3f}{f.calibration_band:7.3f}{f.risk_area:7.3f}"
            f" |        {kept.values:5}{kept.precision:7.3f}{kept.bound:7.3f}{kept.recall:7.3f} | {group.verdict[1]}"
        )
    for name, group in groups_of(done).items():
        print(
            f"{name:18}wrong among the surest: "
            + " ".join(f"{share:.0%} {risk_at(group.outcomes, share):.3f}" for share in COVERAGES)
        )
    print(f"(fields with {FEWEST} judged values and more)")
    _print_with_asides(done)


def _print_with_asides(done: Calibration) -> None:
    """The same over all candidates of a field, those that rules set aside included: telling these apart is the easier part."""
    for path in FIELDS_OF_REGISTRY:
        outcomes = [outcome for outcome in done.trial if outcome.judgement.path == path]
        aside = sum(outcome.judgement.family == "asides" for outcome in outcomes)
        if aside and len(outcomes) >= FEWEST:
            f = figures(outcomes)
            print(
                f"{path:18}{f.judged:6}{f.base_rate:7.3f}{f.skill:7.3f}{f.calibration_error:7.3f}{f.calibration_band:7.3f}{f.risk_area:7.3f}"
                f" | with {aside} that rules set aside"
            )


def _print_by_origin(trial: Sequence[Outcome], invented: Set[PaperId]) -> None:
    """What the models of the trial make of the corpus, and of the invented papers."""
    for origin, among in (("corpus", False), ("invented", True)):
        for name, of in groups([o for o in trial if (o.judgement.paper in invented) == among]).items():
            if len(of) >= FEWEST:
                f, kept = figures(of), accepted(of)
                print(
                    f"{origin:9}{name:18}{f.judged:6}{f.base_rate:7.3f}{f.skill:7.3f}{f.calibration_error:7.3f}{f.calibration_band:7.3f}{f.risk_area:7.3f}"
                    f" |        {kept.values:5}{kept.precision:7.3f}{kept.bound:7.3f}{kept.recall:7.3f}"
                )


def _print_scored(
    corpus: Corpus, read: dict[str, Reading], labels: dict[str, Labels], beside: Sequence[Judgement]
) -> None:
    """The scorer's own figures, each paper with the confidence of a model that had not seen it."""
    predicted = {
        file: json.loads(json.dumps(to_guide(reading, file, model, Promise())))
        for file, reading, model in with_strangers(read, labels, beside)
    }
    report, _ = corpus.scorer().score(corpus.gold(), predicted)
    print("score.py over papers judged by models that had not seen them:")
    for field in (*FIELDS, "own_scores"):
        print(f"{field:18}" + " ".join(f"{key} {report[field].get(key)}" for key in _SHOWN))
