"""Models that a statement about training names by their size alone: `the base models took 12 hours`, `a 65B model`.

What the size is of, the other places of the paper say: of the names that its tables, costs and runs give, the one that has
the size in it is meant. Where several have it, or none, a capital tells a name (`Base`) from a description: `the base model` may be a backbone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.ownership import Ownership, name_key
from extractors.rules.models import SIZES

_LETTERS = {"tiny": "T", "small": "S", "base": "B", "large": "L", "huge": "H", "giant": "G"}
"""Sizes as letters: `Zip-B`."""
_SIZE = re.compile(rf"{SIZES.pattern}|\d+(?:\.\d+)?[MBT]", re.IGNORECASE)
"""A size as all that is said of a model: `large`, `65B`."""


def with_sizes(drafts: Sequence[Draft], ownership: Ownership) -> list[Draft]:
    """The drafts, with runs of `the large model` said of the model that is the paper's large one."""
    names = list(_own_names(drafts, ownership))
    return [_meant(draft, names) if draft.kind == "run" else draft for draft in drafts]


def _own_names(drafts: Sequence[Draft], ownership: Ownership) -> Iterator[str]:
    """The names of models that can be the paper's own, each once however it is printed."""
    seen = set[str]()
    for draft in drafts:
        name = draft.mention
        if not name or _SIZE.fullmatch(name) or ownership.is_own(name) is False or _is_baseline(draft):
            continue
        if name_key(name) not in seen:
            seen.add(name_key(name))
            yield name


def _is_baseline(draft: Draft) -> bool:
    return any(candidate.path == "model.role" for candidate in draft.candidates)


def _meant(draft: Draft, names: Sequence[str]) -> Draft:
    if not draft.mention or not _SIZE.fullmatch(draft.mention):
        return draft
    of_size = [name for name in names if _has_size(name, draft.mention.lower())]
    if len(of_size) == 1:
        return replace(draft, mention=of_size[0])
    return replace(draft, mention=None) if draft.mention.islower() else draft


def _has_size(name: str, size: str) -> bool:
    """Whether a name has a size as a word of its own or as a letter behind a hyphen."""
    if re.search(rf"(?<![^\W_])(?<!\.){re.escape(size)}(?![^\W_])", name, re.IGNORECASE):
        return True
    letter = _LETTERS.get(size)
    return letter is not None and bool(re.search(rf"-{letter}(?![^\W_])", name))
