"""The family of models that a paper is about, and runs that name only the design on which it is built.

`Training takes 53 hours on 8 GPUs for ResNet-50` in a paper that proposes one method, and whose results are all of that method,
is a training by that method: the design is what was trained, and the results bear the method's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.values import Name
from extractors.ownership import Ownership, name_key
from extractors.rules.models import SIZES, names_model

_FIRST = re.compile(r"[^\s(,]+")
_STEM = re.compile(r"[^\W\d_]+")
_TIMES = ("run.wall_time", "run.device_time", "run.epoch_time", "run.step_time")


def family_of(drafts: Sequence[Draft], ownership: Ownership) -> str | None:
    """The name of the paper's one proposed model, or the one that all its best results begin with; None if there is no one."""
    if ownership.headline:
        return _announced(ownership)
    best = {_first_word(draft.mention or "") for draft in drafts if _is_best(draft)}
    name = next(iter(best)) if len(best) == 1 else ""
    stem = _STEM.match(name)
    alike = {first for other in _scored(drafts) if stem and (first := _first_word(other)).startswith(stem[0])}
    return name if alike == {name} and names_model(name) else None


def _announced(ownership: Ownership) -> str | None:
    return ownership.headline[0] if len(ownership.headline) == 1 else None


def _first_word(name: str) -> str:
    found = _FIRST.match(name)
    return found[0] if found else ""


def with_methods(drafts: Sequence[Draft], ownership: Ownership) -> list[Draft]:
    """The drafts, with runs of a design that no result is of said of the proposed method that results are of."""
    method = _announced(ownership)
    scored = list(_scored(drafts))
    keys = list(map(name_key, scored))
    if method is None or not any(name_key(method) in key for key in keys):
        return list(drafts)
    named = [_on_a_design(draft, method, scored) for draft in drafts]
    return [
        _trained_by(method, draft) if _is_of_a_design(draft, keys, ownership) else draft for draft in named
    ]


def _on_a_design(draft: Draft, method: str, scored: Sequence[str]) -> Draft:
    """A run of `ResNet-50` said of the one model of the method that is built on it, where all its results are of that."""
    if draft.kind != "run" or not draft.mention or draft.features.get("in_table"):
        return draft
    key, own = name_key(draft.mention), name_key(method)
    of_it = {name_key(name): name for name in scored if key in name_key(name)}
    built = [name for other, name in of_it.items() if other.startswith(own) and other.endswith(key)]
    return replace(draft, mention=built[0]) if len(built) == len(of_it) == 1 and own not in key else draft


def _trained_by(method: str, draft: Draft) -> Draft:
    reason = f"it names {draft.mention}, of which there are no results but those of {method}"
    return replace(draft, mention=method, reasons=(*draft.reasons, reason))


def _is_of_a_design(draft: Draft, scored: Sequence[str], ownership: Ownership) -> bool:
    """Whether a run names a model that is neither the paper's own by its name nor one that it has results of."""
    timed = any(candidate.path in _TIMES for candidate in draft.candidates)
    if not (timed and draft.kind == "run" and draft.mention) or SIZES.fullmatch(draft.mention):
        return False
    spoken_of = any(candidate.features.get("of_another") for candidate in draft.candidates)
    in_table = bool(draft.features.get("in_table"))
    if spoken_of or in_table or ownership.is_own(draft.mention) is not None:
        return False
    key = name_key(draft.mention)
    return not any(key in name or name in key for name in scored)


def _scored(drafts: Sequence[Draft]) -> Iterator[str]:
    """The names of models that results are of."""
    return (draft.mention for draft in drafts if draft.kind == "result" and draft.mention)


def _is_best(draft: Draft) -> bool:
    standing = (
        c.value for c in draft.candidates if c.path == "result.standing" and isinstance(c.value, Name)
    )
    return draft.kind == "result" and any(value.id == "best" for value in standing)
