"""Which model a sentence says a cost of: the nearest name; and whether it is somebody else's, or no model in particular.

What a name must not be is in `rules.models`, what costs are in `rules.parameters` and `rules.operations`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.facts.known_models import known_subject_of
from extractors.language import Label, Sentence
from extractors.mentions import benchmark_hits
from extractors.ownership import KEYED, NAME, Ownership, may_be_model, says_cited
from extractors.rules.accelerators import parts_in
from extractors.rules.findings import Finding
from extractors.rules.lists import names_respectively
from extractors.rules.models import NO_MODEL, announced
from extractors.rules.stance import Stance
from extractors.tables.citations import is_cited_name

_NAME, _KEYED = re.compile(NAME), re.compile(KEYED)
_COMPARED = re.compile(
    r"\b(?:compared? (?:to|with)|unlike|than|versus|vs\.?|rather than|instead of)\s(?:the\s)?$"
)
_TURN = re.compile(r"\b(?:while|whereas|but|and)\b|[;.]\s")
_OF = re.compile(r"\s(?:for|of|in|by)\s(?:(?:the|our|an?)\s)?")
"""What stands between a cost and the model that has it: `15.3 GFLOPs for BigNet`."""
_EXAMPLE = re.compile(r"\bexample\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:up to|over|beyond|more than|less than|at least|in the (?:range|order) of|as (?:large|many|small) as|between|sizes? of)\s$",
    re.IGNORECASE,
)
"""What stands in front of a number that is no single model's."""
_BEYOND = re.compile(r"\b(?:beyond|larger than|bigger than|in excess of|exceed(?:s|ing)?)\s$", re.IGNORECASE)
"""What stands in front of a number that none of the models spoken of has."""
_OF_ANY = re.compile(
    r"\b(?:of|for|with|support(?:s|ing)?|enabl(?:es|ing)|beyond)\s(?:(?!our\b)\w+\s)?models\s(?:with|of|having)\s(?:about\s|roughly\s)?[~\u223c\u2248]?\s?$",
    re.IGNORECASE,
)
"""What stands in front of a size that models may have, whichever they are: `training of models with`."""
_LISTED = re.compile(r"(?:\d[\d.]*\s?(?:[KMBT]|[mb]illion)?,?\s(?:and\s|or\s|to\s)?)+$")
"""Numbers that stand in front of another one of their list."""
_PLANNED = re.compile(
    r"\b(?:(?:is|are) (?:being )?planned|(?:we|to) plan|successors?|next (?:model|version|generation)s?|future (?:model|version|work)s?"
    r"|(?:have|has|did|could) not (?:tried|trained|train|try)|will have)\b",
    re.IGNORECASE,
)
"""What stands in front of the size of a model that nobody has trained yet: `We plan a model with`."""
_CLAIMED = re.compile(r"\b(?:our|ours|we)\b", re.IGNORECASE)
"""What makes a model of other people the authors' own copy of it."""
_REACH = 80
"""Characters between a model's name and its cost beyond which they are not tied."""


def models_beside(
    sentence: Sentence, findings: Sequence[Finding], ownership: Ownership
) -> list[tuple[str | None, bool]]:
    """The model that each cost of one kind is said of, and whether that is somebody else's.

    It is the nearest name, or that in the same place of a list: `A and B have 2M and 9M, respectively`.
    """
    places = [(finding.start - sentence.start, finding.end - sentence.start) for finding in findings]
    listed = names_respectively(sentence.text, [start for start, _ in places])
    names: list[re.Match[str] | None] = [*listed] or [
        _nearest(sentence.text, start, end, ownership) for start, end in places
    ]
    return [_whose(sentence.text, name, ownership) for name in names]


def _nearest(text: str, start: int, end: int, ownership: Ownership) -> re.Match[str] | None:
    names = models_in(_KEYED.sub(_blank, text), ownership)
    near = [(gap, name) for name in names if 0 <= (gap := _gap(text, start, end, name)) <= _REACH]
    return min(near, key=lambda item: item[0])[1] if near else None


def _whose(text: str, name: re.Match[str] | None, ownership: Ownership) -> tuple[str | None, bool]:
    if name is None:
        return None, says_cited(text) and not ownership.headline
    behind = text[name.end() : name.end() + 30]
    foreign = says_cited(behind) or bool(_COMPARED.search(text[: name.start()]))
    return name[0], foreign and ownership.is_own(name[0]) is not True


def first_named(text: str, ownership: Ownership) -> str | None:
    """The model that a caption or title names: one that the paper announces before any other."""
    names = [found[0] for found in models_in(text, ownership)]
    return next((name for name in names if ownership.is_own(name)), names[0] if names else None)


def models_in(text: str, ownership: Ownership) -> list[re.Match[str]]:
    """What can be models in a text, from left to right, the longer print first."""
    names = [found for found in _NAME.finditer(text) if is_model_name(found["name"])]
    names += [found for name in ownership.headline for found in announced(name).finditer(text)]
    return sorted(names, key=lambda found: (found.start(), -found.end()))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _gap(text: str, start: int, end: int, name: re.Match[str]) -> int:
    """How far a name is from a cost: in front of it, or behind, where only the next word is near: `a 7B-parameter X`.

    Behind the beginning of another clause it is out of reach.
    """
    if name.end() <= start:
        return start - name.end()
    between = text[end : name.start()]
    if _TURN.search(between):
        return _REACH + 1
    if _OF.fullmatch(between):
        return 0
    return 2 * len(between) + 20 if between.strip() else 0


def is_model_name(name: str) -> bool:
    """Whether what is printed as a name can be a model's: no unit, device or data set."""
    words = name.split()
    first = words[0]
    if NO_MODEL.match(first) or not (may_be_model(name) and may_be_model(first)):
        return False
    return not (parts_in(Label(name)) or benchmark_hits(name))


def is_of_others(before: str, stance: Stance) -> bool:
    """Whether the sentence speaks of other people's models, of none in particular or of what could be."""
    before = _LISTED.sub("", before)
    if stance.features["cited"] or stance.features["other_work"]:
        return True
    if _BEYOND.search(before) or _OF_ANY.search(before):
        return True
    if stance.features["own_sentence"] and (stance.features["used"] or stance.features["training_word"]):
        return False
    return bool(stance.features["hypothetical"] or _EXAMPLE.search(before) or _PLANNED.search(before)) or (
        not stance.features["own_sentence"] and bool(_BOUND.search(before))
    )


def is_elsewhere(mention: str | None, before: str, ownership: Ownership, foreign: frozenset[str]) -> bool:
    """Whether a model is not among those this paper proposes, and cited somewhere, or well known and nobody's in this sentence.

    Args:
        mention: its name, if one stands near; else it may be a well-known one that the sentence is about.
        before: what the sentence says in front of its cost; `our baseline is a ResNet-50 with` makes it the paper's.
        ownership: what the paper proposes.
        foreign: keys of names that the paper cites.
    """
    if ownership.is_own(mention):
        return False
    cited = mention is not None and bool(ownership.headline) and is_cited_name(mention, foreign)
    named = mention or known_subject_of(before)
    return cited or (
        named is not None and ownership.is_known_elsewhere(named) and not _CLAIMED.search(before)
    )
