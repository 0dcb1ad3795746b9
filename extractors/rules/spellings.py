"""Every way to print the names of accelerators, and a matcher for all of them.

`GTX 1080 Ti` is also printed `GTX-1080Ti` and `GTX1080 Ti`. There are some ten thousand spellings, so a look at the letters
and digits of a sentence comes first: most sentences have none with which a name begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, product

from spacy.matcher import PhraseMatcher

from extractors.facts.ontology import Accelerator, accelerators
from extractors.facts.parsing import NOTE
from extractors.language import language, tokens_of

_LIKE_A_UNIT = re.compile(r"\d(?:m|d|x[emtx]*|g|w|h)\b", re.IGNORECASE)
_ATOM = re.compile(rf"(?<=\d)x|[^\W\d_{NOTE[1:-2]}]+|\d+")
"""A run of letters or of digits; tokens part an `x` behind a number, and the mark of a note, from what stands beside them."""


def may_name(lowered: str) -> bool:
    """Whether a text, in small letters, has the letters and digits with which a name begins; only then its tokens are looked at."""
    atoms = _ATOM.findall(lowered)
    alone, pairs = _beginnings()
    return not (alone.isdisjoint(atoms) and pairs.isdisjoint(pairwise(atoms)))


@cache
def part_of_label() -> dict[str, tuple[Accelerator, bool]]:
    """The part that a label of the matcher stands for, and whether its name is a short one."""
    named = {f"{part.id}|name": (part, False) for part in accelerators()}
    return named | {f"{part.id}|short": (part, True) for part in accelerators()}


@cache
def matcher() -> PhraseMatcher:
    """Finds every spelling of every name, whatever its case."""
    found = PhraseMatcher(language().vocab, attr="LOWER")
    for label, spelt in _spelt().items():
        found.add(label, [tokens_of(spelling) for spelling in sorted(spelt)])
    return found


@cache
def _spelt() -> dict[str, set[str]]:
    """Every way to print the names of each part, by the labels of the matches."""
    return {
        f"{part.id}|{kind}": {
            case for name in names for spelling in _spellings(name) for case in _cases(spelling)
        }
        for part in accelerators()
        for kind, names in (("name", part.names), ("short", part.short))
        if names
    }


@cache
def _beginnings() -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The names of one run of letters or digits, and the first two runs of the others."""
    runs = [_ATOM.findall(spelling.lower()) for spelt in _spelt().values() for spelling in spelt]
    alone = frozenset(found[0] for found in runs if len(found) == 1)
    return alone, frozenset((found[0], found[1]) for found in runs if len(found) > 1)


def _cases(name: str) -> tuple[str, ...]:
    """The cases of a name that tokens see: they split `k40m` as they split `40m`, and keep `K40M`.

    A last `s` is left alone, for `v100s` is a plural.
    """
    return (name, name.lower(), name.upper()) if _LIKE_A_UNIT.search(name) else (name,)


def _spellings(name: str) -> Iterator[str]:
    """Every way a name may be spaced and hyphenated: `GTX 1080 Ti`, `GTX-1080Ti`, `GTX1080 Ti`..."""
    words = [re.findall(r"[^\W\d_]+|\d+|[^\w\s-]", word) for word in re.split(r"[\s-]+", name)]
    pieces, joiners = list[str](), list[tuple[str, ...]]()
    for atoms in words:
        pieces += atoms
        inner = [("",) if not (a.isalnum() and b.isalnum()) else ("", "-") for a, b in pairwise(atoms)]
        joiners += [*inner, ("", " ", "-")]
    plural = "s" if pieces[-1].isalpha() and len(pieces[-1]) > 2 else ""
    for chosen in product(*joiners[:-1]):
        spelt = "".join(piece + joiner for piece, joiner in zip(pieces, (*chosen, ""), strict=True))
        yield from {spelt, spelt + plural}
