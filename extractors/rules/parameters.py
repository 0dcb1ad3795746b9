"""Reads how many parameters a model has from sentences: `60 million parameters`, `Total Parameters=340M`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding

PARAMETERS = "model.parameters"
_KINDS = r"(?:(?:learnable|trainable|free|model|network|total|learned|additional|tunable)\s){0,2}"
_BEHIND = re.compile(
    rf"(?<![\w.,^$-])(?P<number>{NUMBER_IN})[\s-]?(?:of\s)?{_KINDS}(?:parameters?|params?|weights)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:parameters?|params?)\b(?:\s(?:count|size|number)s?)?\s?(?:\(\w+\)\s)?(?:=|:|≈|~|is|are|of)\s?(?:about\s|only\s)?(?P<number>{NUMBER_IN})(?![\w%])",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:model\ssizes?\s?(?:\(|of\s|is\s|=\s?|:\s)|sizes?\s\((?=[^()]*\)\sof\s(?:our|the)\s(?:\w+\s)?models?\b))(?:about\s|only\s)?"
    r"(?P<number>\d+(?:\.\d+)?\s?[MBT])\b"
)
"""The size of a model, where nothing else can have so many: `a model size of 8B`, `the small size (8B) of our model`."""
_ATTRIBUTE = re.compile(r"\d[^\d]*[\s-](?i:parameter|param)$")
"""A count that only tells which model is meant: `the 8B-parameter model`."""
_PART = re.compile(
    r"\b(?:embedding|extra|additional(?:ly)?|more|fewer|less|save[sd]?|reduc\w+|per layer|each layer|last layer|overhead|increase\w*|introduc\w+|adds?|hyper-?)\b",
    re.IGNORECASE,
)
_OF_A_LAYER = re.compile(r"\blayer\b[^.;]{0,90}\b(?:has|contains|holds)\W(?:\w+ ){0,2}$", re.IGNORECASE)
"""What stands in front of the number of parameters that one layer has."""
_LIST_REACH = 80
"""Characters within which a list of numbers begins that share a unit."""
_ITEM = re.compile(
    r"(?<![\w.,$^-])(?P<number>\d[\d.]*(?:\s?(?:[KMBT]\b|[mb]illion\b|trillion\b))?)\s?(?:,\s?(?:(?:and|or)\s)?|/\s?|(?:and|or|to)\s)(?:an?\s)?$"
)
_SPELT = re.compile(r"\s(?:[mb]|tr)illion$")
_SMALL = re.compile(r"\d{1,3}(?:\.\d+)?")
_OPEN_RANGE = re.compile(r"(?<![\w.])\d[\d.]*\s[-\u2013]\s$")
LEAST = 10_000.0
"""Fewer parameters than this are said of a layer or a toy."""


class Parameters:
    """Reads a number with the word parameters, in front of it or behind it."""

    name: ClassVar[str] = "costs.parameters"
    example: ClassVar[str] = "The network has 60 million parameters."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding per number of parameters of a whole model."""
        text = sentence.text
        if not sentence.has("param", "weights", "size"):
            return
        for pattern in (_BEHIND, _BEFORE, _SIZE):
            for found in pattern.finditer(text):
                if _is_part(text, found):
                    continue
                end = sentence.start + found.end()
                features = {"attributive": float(bool(_ATTRIBUTE.search(found[0])))}
                for start, printed in numbers_before(text, found.start("number"), found["number"]):
                    if value := parameters_of(printed):
                        fact = Fact(PARAMETERS, value, sentence.start + start, end)
                        yield Finding(self.name, (fact,), features)


def parameters_of(printed: str) -> Quantity | None:
    """A print as a number of parameters; None where it is none or too small for a model."""
    try:
        number = parse_number(printed)
    except ParseError:
        return None
    return Quantity.exact(float(f"{number:.10g}"), "parameters", printed.strip()) if number >= LEAST else None


def numbers_before(text: str, start: int, last: str) -> list[tuple[int, str]]:
    """The numbers of a list that share the unit behind the last: where each begins, and its print.

    In `7B, 13B and 70B parameters` three, in `1, 3 and 7 billion parameters` three billions; of `16 - 20B` none, for it
    is no model's number.
    """
    front = text[max(start - _LIST_REACH, 0) : start]
    if _OPEN_RANGE.search(front):
        return []
    found = [(start, last)]
    shared = _SPELT.search(last)
    while item := _ITEM.search(front):
        printed = item["number"]
        if _SMALL.fullmatch(printed) and shared:
            printed += shared[0]
        front = front[: item.start()]
        found.insert(0, (start - _LIST_REACH + len(front) if start > _LIST_REACH else len(front), printed))
    return found


def clause_behind(text: str, end: int, reach: int) -> str:
    """What follows a number in its own clause: `5M parameters, 8x fewer than` says of 5M nothing but that it is all."""
    return re.split(r"[,;.(]", text[end : end + reach], maxsplit=1)[0]


def _is_part(text: str, found: re.Match[str]) -> bool:
    """Whether the words beside the number say that it counts a part or a difference."""
    near = text[max(found.start() - 25, 0) : found.end()] + clause_behind(text, found.end(), 12)
    return bool(_PART.search(near) or _OF_A_LAYER.search(text[: found.start()]))
