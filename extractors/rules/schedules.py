"""Reads how long a training ran in its own terms: epochs, steps and batch size.

`trained for 90 epochs` is a run's length; `decayed every 30 epochs`, `after 5 epochs of warm-up` and `at epoch 60` are
points of its schedule. Steps, iterations and updates are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_count
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding

EPOCHS, STEPS, BATCH_SIZE = "run.epochs", "run.steps", "run.batch_size"

_NUMBER = rf"(?<![\w.,^-])(?P<number>{NUMBER_IN})"
_LENGTHS = {
    EPOCHS: re.compile(
        rf"{_NUMBER}[\s-](?:(?:\w+\s)?epochs?\b|(?:full\s|complete\s)?(?:cycles|passes|sweeps)\s(?:through|over|of)\s(?:\w+\s){{0,3}}(?:training|data)\b)",
        re.IGNORECASE,
    ),
    STEPS: re.compile(
        rf"{_NUMBER}[\s-](?:(?:training|gradient|optimi[sz]ation|optimizer|parameter|weight|sgd|total|mini-?batch)\s)*"
        r"(?:steps|iterations|iters|updates|mini-?batches)\b",
        re.IGNORECASE,
    ),
}
_LENGTH_WORDS = ("epoch", "cycles", "passes", "sweeps", "steps", "iterations", "iters", "updates", "batches")
_LEAST = {EPOCHS: 1.0, STEPS: 100.0}
_SET = re.compile(
    rf"(?:\bnumber of\s(?:\w+\s)?(?P<what>epochs|steps|iterations|updates)\s(?:(?:is|was|are|were)\s)?(?:(?:set|fixed|equal)\s)?(?:to|at|=)?\s?"
    rf"|(?<!at\s)(?<!after\s)\b(?P<named>epochs?|steps|iterations)\s?[=:]\s?)(?P<number>{NUMBER_IN})(?![\w%])",
    re.IGNORECASE,
)
"""The number behind: `the number of epochs is set to 50`, `epochs: 30`."""
_LIST = r"(?:\d[\d.,]*[kKM]?(?:th)?\s?(?:,|/|&|and|or)\s?(?:and\s)?)*"
_POINT_BEFORE = re.compile(
    r"\b(?:every|each|after|at(?!\s(?:most|least))|first|(?<![^\Wt]s\s)last|next|per|until|till|initial|final|until|another|remaining|additional|extra|"
    r"warm-?up(?:\s(?:for|of|over|period of))?|anneal\w*|decay\w*|drop\w*|by|between|from|than|compared (?:to|with)|reduc\w*|multipl\w*|divid\w*)"
    rf"\s(?:the\s|about\s|around\s|approximately\s|~|∼)?(?:\w+\s)?{_LIST}$",
    re.IGNORECASE,
)
_POINT_BEHIND = re.compile(
    r"\W{0,3}(?:(?:of|to)\s)?warm[\s-]?up\b|\s?(?:(?:of\s)?(?:linear\s)?(?:learning[\s-]rate\s)?warm-?up\b|thereafter|later|earlier|before|ago|faster|fewer|less)",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"\bpatience\b|\b(?:not|no|without)\s(?:\w+\s){0,2}improv\w+|\bstopping\s(?:[\w-]+\s){0,3}\d|\bfrozen\b|\bfreez\w+|\bplateau\w*"
    r"|\bconsecutive\b|\bnot (?:fall|drop|decrease|change)\b",
    re.IGNORECASE,
)
"""How long something is waited for or held, not how long it is trained."""
_ENDING = re.compile(
    r"\b(?:stop(?:s|ped)?|terminat\w+|finish\w*|end(?:s|ed)?|converge[sd]?)\s(?:training\s)?(?:after|at|within)\s(?:about\s|roughly\s|~|∼)?$",
    re.IGNORECASE,
)
_LENGTH_BEFORE = re.compile(
    r"\b(?:for|in|of|over|to|with|took|takes?|needs?|requires?|lasts?|perform\w*|adopt\w*|run|ran|total|use[ds]?|is|are|was|were)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\W*(?:for\s(?:[\w-]+\s){1,4})?(?:and|,)\s", re.IGNORECASE)
"""Between two lengths of which the second goes on with what the first is: `at 4 epochs for A and 5 epochs for B`."""
_LISTED = re.compile(
    r"(?P<front>\b(?:for|takes?|took|needs?|requires?|lasts?|lasted)\s(?:(?:about|around|approximately|both|either)\s)?)?"
    r"(?P<numbers>(?<![\w.,^-])\d[\d,.]*k?(?:,\s\d[\d,.]*k?)*,?\s(?:and|or)\s)$",
    re.IGNORECASE,
)
"""Numbers in front of a length that share its unit: `for 10, 20 and` 40 epochs."""
_LISTING = re.compile(r"\brespectively\b", re.IGNORECASE)
_NO_LENGTH = re.compile(
    r"\b(?:size|batch|rate|momentum|decay|dropout|factor|weight|dimension|temperature)\w*\s(?:\w+\s)?$",
    re.IGNORECASE,
)
"""In front of `of 64 and 30 epochs`: the first number is of something else."""
_LENGTH_BEHIND = re.compile(r"\s(?:of\s)?(?:(?:pre-?)?training|schedule)\b", re.IGNORECASE)
_BATCH = re.compile(
    rf"(?:mini-?\s?)?batch(?:es|[\s-]?sizes?)?\s(?:(?:of|is|was|to|=|were|are|set|fixed|total|size|equal|with|at|a|about|:)\s?)*"
    rf"(?:size\s(?:of\s)?)?(?P<number>{NUMBER_IN})(?P<tokens>\s(?:\w+\s)?tokens)?",
    re.IGNORECASE,
)
_BATCH_AFTER = re.compile(
    rf"{_NUMBER}(?P<tokens>\stokens)?(?:\s(?:images|samples|examples|sequences|sentences|pairs|utterances))?"
    r"\s(?:per|in (?:a|each|every))\s(?:mini-?)?batch\b",
    re.IGNORECASE,
)
_PER_DEVICE = re.compile(
    r"\s?(?:\w+\s)?(?:per|/|on each|on every|for each)\s?(?:gpu|device|worker|card|replica|core|tpu|machine)",
    re.IGNORECASE,
)


_GRIP = 60
"""Characters in front of a length in which its words stand."""


class RunLength:
    """Reads epochs and steps: `trained for 90 epochs`, `500k iterations`, `for one million updates`."""

    name: ClassVar[str] = "training.run-length"
    example: ClassVar[str] = "The model was trained for 90 epochs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each length that is a whole run's."""
        text = sentence.text
        if not sentence.has(*_LENGTH_WORDS):
            return
        for path, found in _lengths(text):
            for start, printed in (*_listed(text, found), (found.start(), found["number"])):
                value = _count(printed, path.removeprefix("run."))
                if value is not None and value.value >= _LEAST[path]:
                    yield Finding.of(self.name, sentence, path, value, (start, found.end()))


class BatchSize:
    """Reads the batch size: `a mini-batch size of 256`, `batches of 4,096 tokens`; not a device's share of it."""

    name: ClassVar[str] = "training.batch-size"
    example: ClassVar[str] = "We use a mini-batch size of 256."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each batch size."""
        text = sentence.text
        if not sentence.has("batch"):
            return
        for pattern in (_BATCH, _BATCH_AFTER):
            for found in pattern.finditer(text):
                value = _count(found["number"], "tokens" if found["tokens"] else "examples")
                if value is not None and not _PER_DEVICE.match(text, found.end()):
                    yield _finding(self.name, sentence, BATCH_SIZE, value, found)


def _lengths(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The lengths that a text tells of whole runs, each with its field."""
    for path, pattern in _LENGTHS.items():
        point = 0
        for found in pattern.finditer(text):
            if point and _GOES_ON.fullmatch(text, point, found.start()):
                point = found.end()
            elif _is_length(text, found.start(), found.end()):
                point = 0
                yield path, found
            else:
                point = found.end()
    for found in _SET.finditer(text):
        yield (EPOCHS if (found["what"] or found["named"]).lower().startswith("epoch") else STEPS), found


def _listed(text: str, found: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The numbers in front that share the unit of a length, each with its place."""
    listed = _LISTED.search(text, max(0, found.start() - _GRIP), found.start())
    if not listed or not (listed["front"] or _LISTING.search(text)):
        return
    if _NO_LENGTH.search(text, 0, listed.start()):
        return
    start = listed.start("numbers")
    for number in re.finditer(r"\d(?:[\d,.]*\d)?k?", listed["numbers"], re.IGNORECASE):
        yield start + number.start(), number[0]


def _is_length(text: str, start: int, end: int) -> bool:
    front = text[max(0, start - _GRIP) : start]
    if _ENDING.search(front):
        return True
    if (
        _POINT_BEFORE.search(front)
        or _POINT_BEHIND.match(text, end)
        or _WAITING.search(front + text[start:end])
    ):
        return False
    return bool(_LENGTH_BEFORE.search(front[-30:]) or _LENGTH_BEHIND.match(text, end))


def _count(printed: str, unit: str) -> Quantity | None:
    try:
        value = parse_count(printed, unit)
    except ParseError:
        return None
    return value if value.value > 0 else None


def _finding(rule: str, sentence: Sentence, path: str, value: Quantity, found: re.Match[str]) -> Finding:
    fact = Fact(path, value, sentence.start + found.start(), sentence.start + found.end())
    return Finding(rule, (fact,))
