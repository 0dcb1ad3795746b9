"""What the rest of a paper says about a training fact: whether its other runs agree, and what else this one has."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.facts.fields import FIELDS
from extractors.facts.values import Name
from extractors.surroundings.outline import Features, Outline, Subject, amount, share

_FACTS = tuple(field.name for field in FIELDS.values() if field.family == "training" and field.use == "fact")
_TIMES = ("wall_time", "device_time")
_HARDWARE = ("accelerator", "count")


def around_training(outline: Outline) -> Features:
    """What is said about every fact of a training."""
    told: Features = {}
    for field in _FACTS:
        runs = [one for one in outline.runs if field in one.cells]
        for one in runs:
            told[one.cells[field].cell] = _of_run(one, field, runs)
    return told


def _of_run(one: Subject, field: str, runs: Sequence[Subject]) -> dict[str, float]:
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
    }


def _is_timed(run: Subject) -> bool:
    return any(field in run.cells for field in _TIMES)


def _value(run: Subject, field: str) -> str | float:
    value = run.cells[field].value
    return value.id if isinstance(value, Name) else run.number(field)
