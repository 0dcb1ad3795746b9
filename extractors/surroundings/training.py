"""What the rest of a paper says about a training fact: whether its other runs agree, and what else this one has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.facts.fields import FIELDS
from extractors.facts.ontology import GENERIC
from extractors.facts.values import Name
from extractors.surroundings.outline import Outline, Said, Subject, Surroundings, amount, share
from extractors.wording import either, in_words

_FACTS = tuple(field.name for field in FIELDS.values() if field.family == "training" and field.use == "fact")
_TIMES = ("wall_time", "device_time")
_HARDWARE = ("accelerator", "count")
_USUALLY_ONE = {
    "accelerator": ("accelerator", "accelerators"),
    "epochs": ("number of epochs", "numbers of epochs"),
}
"""What most papers have one of, whatever they train, in words: for one other and for several."""
_LISTED = 3
"""Other values that are told one by one."""


def around_training(outline: Outline) -> Surroundings:
    """What is said about every fact of a training."""
    named = any(one.name("model") for one in outline.runs)
    told: Surroundings = {}
    for field in _FACTS:
        runs = [one for one in outline.runs if field in one.cells]
        for one in runs:
            doubts = (*_others(one, field, runs), *_missing(one, runs, named=named))
            features = {**_features(one, field, runs), **_of_model(one, outline)}
            told[one.cells[field].cell] = Said(features, doubts)
    return told


def _of_model(one: Subject, outline: Outline) -> dict[str, float]:
    """Whether a run says which model it trains, and whether the paper scores that one: what others trained is mostly only told of."""
    model = one.name("model")
    scored = [result for result in outline.results if model and result.name("model") == model]
    return {"model": float(bool(model)), "scored": amount(len(scored))}


def _features(one: Subject, field: str, runs: Sequence[Subject]) -> dict[str, float]:
    agreeing = [_value(other, field) == _value(one, field) for other in runs]
    phase = [
        alike for other, alike in zip(runs, agreeing, strict=True) if other.name("phase") == one.name("phase")
    ]
    return {
        "phases": amount(len({other.name("phase") for other in runs})),
        "agrees": float(sum(agreeing) > 1),
        "agreeing_share": share(agreeing),
        "agreeing_in_phase": share(phase),
        "circumstances": float(sum(known in one.cells for known in (*_HARDWARE, *_TIMES))),
        "others_timed": float(not _is_timed(one) and any(map(_is_timed, runs))),
        "bare_among_named": float(field == "accelerator" and _is_bare(one) and not all(map(_is_bare, runs))),
    }


def _is_bare(run: Subject) -> bool:
    """Whether a run says of its accelerator only the kind: `GPU`."""
    return run.name("accelerator") in GENERIC


def _others(one: Subject, field: str, runs: Sequence[Subject]) -> Iterator[str]:
    """That a run is alone with what a paper mostly has one of."""
    values = [_value(other, field) for other in runs]
    others = {value for value in values if value != _value(one, field) and value not in GENERIC}
    if field not in _USUALLY_ONE or not others or values.count(_value(one, field)) > 1:
        return
    noun = _USUALLY_ONE[field][len(others) > 1]
    prints = [f"{value:g}" if isinstance(value, float) else value for value in sorted(others, key=_sorting)]
    listed = f": {either(prints)}" if len(others) <= _LISTED else ""
    yield f"{in_words(len(others))} other {noun} in this paper{listed}"


def _missing(one: Subject, runs: Sequence[Subject], *, named: bool) -> Iterator[str]:
    """What other runs have and this one lacks."""
    if named and not one.name("model"):
        yield "other runs name their model, this one does not"
    if not _is_timed(one) and any(map(_is_timed, runs)):
        yield "other runs have a time, this one has none"


def _is_timed(run: Subject) -> bool:
    return any(field in run.cells for field in _TIMES)


def _value(run: Subject, field: str) -> str | float:
    value = run.cells[field].value
    return value.id if isinstance(value, Name) else float(run.number(field))


def _sorting(value: str | float) -> tuple[float, str]:
    return (value, "") if isinstance(value, float) else (0.0, value)
