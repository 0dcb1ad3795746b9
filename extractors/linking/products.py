"""The time of a run that states how long one epoch or step takes and how many there were, but no time of its own.

Both must be stated of the run, each with one value only: a product of guesses is no reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, same_value
from extractors.facts.records import Candidate
from extractors.facts.values import Quantity

WALL_TIME = "run.wall_time"

_FACTORS = (("run.epoch_time", "run.epochs", "epoch"), ("run.step_time", "run.steps", "step"))
_GENERAL = frozenset({"training", "unspecified"})
"""Phases that say no more than that something is trained."""


def whole_time(drafts: Sequence[Draft]) -> Draft | None:
    """A draft with the time by the clock that a run's pace and its epochs or steps make, cited where the pace stands."""
    if any(True for _ in _stated(drafts, WALL_TIME)):
        return None
    for pace_path, count_path, word in _FACTORS:
        paces, counts = list(_stated(drafts, pace_path)), list(_stated(drafts, count_path))
        phases = {draft.phase for draft, _, _ in (*paces, *counts)} - _GENERAL
        alone = not any(candidate.features.get("several_paces") for _, candidate, _ in paces)
        if alone and _is_one(pace_path, paces) and _is_one(count_path, counts) and len(phases) <= 1:
            return _product(paces[0], counts[0][2], word)
    return None


_Stated = tuple[Draft, Candidate, Quantity]


def _stated(drafts: Sequence[Draft], path: str) -> Iterator[_Stated]:
    for draft in drafts:
        for candidate in draft.candidates:
            if candidate.path == path and isinstance(candidate.value, Quantity):
                yield draft, candidate, candidate.value


def _is_one(path: str, found: Sequence[_Stated]) -> bool:
    """Whether a value is stated, and no other."""
    return bool(found) and all(same_value(FIELDS[path], found[0][2], value) for _, _, value in found)


def _product(stated: _Stated, count: Quantity, word: str) -> Draft | None:
    draft, candidate, pace = stated
    said = (
        pace.printed if "of_many" in candidate.features else f"{pace.printed} per {word}",
        f"{count.printed} {word}s",
    )
    time = Quantity(
        pace.value * count.value, pace.low * count.low, pace.high * count.high, "s", " x ".join(said)
    )
    if not FIELDS[WALL_TIME].admits(time):
        return None
    product = replace(candidate, path=WALL_TIME, value=time, features={**candidate.features, "computed": 1.0})
    reason = f"computed from {said[0]} and {said[1]}"
    return replace(draft, candidates=(product,), reasons=(*draft.reasons, reason))
