"""Reads how long one step or one epoch of training takes: `0.4 seconds per step`, `10 minutes per 1,000 iterations`.

Such a time is kept as it is said; what a whole run took follows from it only where the run's steps or epochs are
stated too (`linking.products`). Steps of decoding, of sampling or of a simulation are something else, and so are
parts of a step: loading, communication, what a method adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.parsing import DURATION_IN, NUMBER_IN, parse_duration, parse_number
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Finding

EPOCH_TIME, STEP_TIME = "run.epoch_time", "run.step_time"

_TIME = rf"(?<![\w.,^/])(?P<time>{DURATION_IN})"
_KIND = r"(?:training|gradient|optimi[sz]ation|optimizer|parameter|weight|sgd|update)"
_STEP = rf"(?:epoch|(?:{_KIND}\s)?(?:step|iteration|iter|update))"
_MANY = rf"(?:(?P<many>{NUMBER_IN})\s)?"
"""How many of them a time is of, where it is more than one."""
_ROUND = r"(?:100|1000|1,000|1k|(?:an?|one)\s(?:hundred|thousand))"
"""So many steps are no run: a pace is told for them."""
_ONE = r"(?:each|every|one|an?|a single|per)\s(?:full\s|single\s|complete\s)?"
_ABOUT = r"(?:(?:us|only|just|about|around|roughly|approximately|nearly|almost|up to|less than|under)\s|[~≈∼<]\s?)*"
_VERB = r"(?:takes?|took|requires?|required|needs?|needed|lasts?|lasted|is|was)"
_ANOTHER = (
    r"(?:and|or|but|while|whereas|which|whole|total|entire|full|so|since|because|when|as|if|until|runs?|models?|networks?"
    r"|experiments?|after|our|its|(?<!of\s)(?<!for\s)(?:pre-?)?training)\b"
)
"""Words behind a step with which a clause begins whose time is not the step's."""
_ON_DEVICES = r"(?:on\s(?:(?!and\b|with\b|for\b|in\b|at\b)[\w-]+\s){1,4}?)?"
_PER = r"(?:/|(?:per|each|every|(?:for|in)\s(?:each|every|one|an?|a single))\s)\s?"
_PER_STEP = rf"{_TIME}\s?(?:\([^)]*\)\s?)?(?:of (?:pre-?)?training\s)?{_ON_DEVICES}{_PER}{_MANY}(?P<unit>{_STEP}|(?<=/)it)s?\b"
"""`0.4 s per step`, `3 hours on four A100 GPUs per epoch`, `10 minutes per 1,000 iterations`."""
_STEP_TAKES = rf"\b{_ONE}(?P<unit>{_STEP})\b(?:\s(?!{_ANOTHER})[^\s.;,]+){{0,8}}?(?:\s{_VERB}\s|\s?[:=]\s?){_ABOUT}{_TIME}"
"""`each training step takes 350 ms`, `one epoch on 8 V100 GPUs takes 2 hours`."""
_STEPS_TAKE = rf"(?<![\w.,])(?:(?:each|every)\s(?=\d)|(?={_ROUND}\s)){_MANY}(?P<unit>{_STEP})s\s{_VERB}\s{_ABOUT}{_TIME}"
"""`every 500 steps take 4 minutes`, `1,000 iterations take 12 minutes`."""
_STEP_TIME = rf"\b(?P<unit>{_STEP})[\s-](?:time|duration)s?\s?(?:(?:is|was|of|:|=)\s?)+{_ABOUT}{_TIME}"
"""`step time: 0.25 s`."""
_STEPS_EACH = rf"\b(?P<unit>{_STEP})s\s(?:take|took|last|lasted|require|required)\s{_ABOUT}{_TIME}\seach\b"
"""`epochs take 15 minutes each`."""
_PACES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (_PER_STEP, _STEP_TAKES, _STEPS_TAKE, _STEP_TIME, _STEPS_EACH)
)
_UNITS = ("epoch", "step", "iter", "update", "/it")
"""One of them is in every pace."""
_AT = re.compile(
    r"\b(?:after|before|at|between|during|within|with|until|(?:end|start|beginning) of)\s$", re.IGNORECASE
)
"""In front of an epoch that is a point of a schedule: `after each epoch`."""
_PART = re.compile(
    r"\b(?:overhead|additional(?:ly)?|extra|add(?:s|ed|ing)?|sav(?:es?|ed|ing)|faster|slower|longer|shorter|reduc\w+ by|communicat\w+|synchroni[sz]\w+"
    r"|all-?reduce|load(?:s|ing)?|pre-?process\w*|(?:for|back)ward|checkpoint\w*|valid\w*|evaluat\w+|test(?:s|ing|ed)?|inference|decod\w+|sampl(?:ing|er)"
    r"|denois\w+|simulat\w+|environment|generat\w+|render\w*|solver|beam|attack\w*)\b",
    re.IGNORECASE,
)
"""Beside a time: it is a part of a step's, or that of another kind of step."""
_FROM, _TO = re.compile(r"\bfrom\s$", re.IGNORECASE), re.compile(r"\s(?:down\s)?to\b", re.IGNORECASE)
"""Around a time that another was reduced from."""
_SPEED = re.compile(r"\btraining\s(?:speed|throughput|latency|run-?time)\b", re.IGNORECASE)
_GRIP = 60


class Pace:
    """Reads the time of a step or an epoch: `2.3 s/iteration`, `an epoch took 1.5 h`, `an epoch time of 45 minutes`."""

    name: ClassVar[str] = "resources.pace"
    example: ClassVar[str] = "An epoch took 1.5 hours."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each time of a step or an epoch; of several, each says so."""
        read = [(found, value) for found in _paces(sentence) if (value := _value(sentence.text, found))]
        speed = float(bool(read and _SPEED.search(sentence.text)))
        for found, value in read:
            alike = {other.value for match, other in read if _path(match) == _path(found)}
            told = {"of_a_pace": speed, "several_paces": float(len(alike) > 1)} | _of_many(found)
            yield Finding.of(self.name, sentence, _path(found), value, found.span(), **told)


def _of_many(found: re.Match[str]) -> dict[str, float]:
    """That a time was told of many steps, for which its print says the number."""
    return {"of_many": 1.0} if found.groupdict().get("many") else {}


def pace_places(sentence: Sentence) -> list[tuple[int, int]]:
    """Where times of a step or an epoch are printed, of whatever kind of step: none of them is a run's."""
    return [found.span("time") for found in _paces(sentence)]


def _paces(sentence: Sentence) -> list[re.Match[str]]:
    """The prints of paces, in order, without those that begin within another."""
    if not sentence.has(*_UNITS):
        return []
    found = [match for pattern in _PACES for match in pattern.finditer(sentence.text)]
    kept: list[re.Match[str]] = []
    for match in sorted(found, key=lambda match: match.start()):
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept


def _path(found: re.Match[str]) -> str:
    return EPOCH_TIME if found["unit"].lower() == "epoch" else STEP_TIME


def _value(text: str, found: re.Match[str]) -> Quantity | None:
    if _is_something_else(text, found):
        return None
    with suppress(ParseError):
        many = found.groupdict().get("many")
        value = parse_duration(found["time"], text[: found.start("time")])
        value = _of_one(value, parse_number(many), found[0]) if many else value
        return value if FIELDS[_path(found)].admits(value) else None
    return None


def _of_one(value: Quantity, many: float, printed: str) -> Quantity:
    """The time of one where a time is told of many; the print says of how many."""
    many = max(many, 1.0)
    return Quantity(value.value / many, value.low / many, value.high / many, "s", printed)


def _is_something_else(text: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    front = re.split(r"[;,]", text[max(0, start - _GRIP) : start])[-1]
    behind = re.split(r"[;,]", text[end : end + _GRIP])[0]
    is_point = start < found.start("time") and _AT.search(front)
    is_reduced = _FROM.search(front) and _TO.match(behind)
    return bool(is_point or is_reduced or _PART.search(f"{front} {found[0]} {behind}"))
