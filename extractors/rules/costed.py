"""Which model a sentence says a cost of: the nearest name; and whether it is somebody else's, or no model in particular.

What a name must not be is in `rules.models`, what costs are in `rules.parameters` and `rules.operations`.
"""

from __future__ import annotations

import re

from extractors.language import Sentence, tokens_of
from extractors.mentions import benchmark_hits
from extractors.ownership import KEYED, NAME, Ownership, may_be_model, says_cited
from extractors.rules.accelerators import named_in
from extractors.rules.findings import Finding
from extractors.rules.models import NO_MODEL
from extractors.rules.stance import Stance
from extractors.tables.citations import is_cited_name

_NAME, _KEYED = re.compile(NAME), re.compile(KEYED)
_COMPARED = re.compile(
    r"\b(?:compared? (?:to|with)|unlike|than|versus|vs\.?|rather than|instead of)\s(?:the\s)?$"
)
_TURN = re.compile(r"\b(?:while|whereas|but|and)\b|[;.]\s")
_EXAMPLE = re.compile(r"\bexample\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:up to|over|beyond|more than|less than|at least|in the (?:range|order) of|as (?:large|many|small) as|between|sizes? of)\s$",
    re.IGNORECASE,
)
"""What stands in front of a number that is no single model's."""
_REACH = 80
"""Characters between a model's name and its cost beyond which they are not tied."""


def model_beside(sentence: Sentence, finding: Finding, ownership: Ownership) -> tuple[str | None, bool]:
    """The model a cost is said of, by the nearest name, and whether that is somebody else's."""
    text, start = sentence.text, finding.start - sentence.start
    end = finding.end - sentence.start
    names = [found for found in _NAME.finditer(_KEYED.sub(_blank, text)) if _is_model(found["name"])]
    gaps = [(_gap(text, start, end, found), found) for found in names]
    near = sorted((gap, found.start(), found) for gap, found in gaps if 0 <= gap <= _REACH)
    if not near:
        return None, says_cited(text) and not ownership.headline
    name = near[0][2]
    behind = text[name.end() : name.end() + 30]
    foreign = says_cited(behind) or bool(_COMPARED.search(text[: name.start()]))
    return name["name"], foreign and ownership.is_own(name["name"]) is not True


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
    return 2 * len(between) + 20 if between.strip() else 0


def _is_model(name: str) -> bool:
    words = name.split()
    first = words[0]
    if NO_MODEL.match(first) or not (may_be_model(name) and may_be_model(first)):
        return False
    return not (named_in(tokens_of(name)) or benchmark_hits(name))


def is_of_others(before: str, stance: Stance) -> bool:
    """Whether the sentence speaks of other people's models, of none in particular or of what could be."""
    if stance.features["cited"] or stance.features["other_work"]:
        return True
    if stance.features["own_sentence"] and stance.features["used"]:
        return False
    return bool(stance.features["hypothetical"] or _EXAMPLE.search(before)) or (
        not stance.features["own_sentence"] and bool(_BOUND.search(before))
    )


def is_elsewhere(mention: str | None, ownership: Ownership, foreign: frozenset[str]) -> bool:
    """Whether a model is cited somewhere and not among those this paper proposes."""
    return (
        mention is not None
        and bool(ownership.headline)
        and not ownership.is_own(mention)
        and is_cited_name(mention, foreign)
    )
