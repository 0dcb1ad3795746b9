"""Reads the operations of one forward pass from sentences: `4.1 GFLOPs`, `569 million multiply-adds`.

Rates of hardware (FLOP/s, peak TFLOPS) and totals of a training (`rules.compute`) are something else and are told
apart by the words and the size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.ontology import units
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding
from extractors.rules.lists import numbers_before, numbers_behind
from extractors.rules.parameters import BEFORE_A_CHANGE, OF_A_LAYER, clause_behind

ADDS = r"(?:fused[\s-])?mul(?:t(?:iply|i|iplications?)?)?[\s\u2013-]*(?:and[\s-])?(?:add(?:ition)?s?|acc(?:umulat(?:e|ion))?s?)(?:\soperations)?|M-?Adds?|MACC?s?\b"
"""Multiply-adds by their names, in any case."""
_FLOPS = r"FLOPs?|floating[\s-]point operations|(?P<bare>(?:arithmetic\s)?operations)"
_PASS = re.compile(
    rf"(?<![\w.,^$-])(?P<number>{NUMBER_IN})(?:\s\((?P<fused>{NUMBER_IN})\s(?:FMA|MAC)s?\))?[\s-]?(?P<prefix>[kKMGBT])?-?(?:(?P<adds>{ADDS})|(?P<flops>{_FLOPS}))(?!\w)(?!\s?(?:/|per)\s?s)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:(?P<adds>{ADDS})|(?P<flops>FLOPs?|floating[\s-]point operations))\s?(?:count\s)?(?:=|:|≈|~|is|are|of)\s?(?:about\s|only\s|around\s)?"
    rf"(?P<number>{NUMBER_IN})(?P<prefix>)(?![\w%])",
    re.IGNORECASE,
)
_OF_MODELS = re.compile(
    rf"\b(?:(?P<adds>{ADDS})|(?P<flops>FLOPs?))(?:\s(?:count|cost)s?)?\s(?:of|in|for)\s(?P<of>[^;:]{{1,60}}?)\s(?:is|are|was|were)\s(?:about\s|only\s|around\s)?"
    rf"(?P<number>{NUMBER_IN})(?P<prefix>)(?![\w%])",
    re.IGNORECASE,
)
"""A number behind the model that has it: `the FLOPs of S is 1.1G`."""
_LIMIT = re.compile(r"\b(?:under|below|within|at most|limited to|limit of)\s(?:about\s)?$", re.IGNORECASE)
"""What stands in front of a number that is a condition."""
_ADDED = re.compile(
    r"(?<!-)\b(?:adds|adding|introduc\w+)\s(?:(?:about|only|just|another|at most)\s)?$", re.IGNORECASE
)
"""What stands in front of what a part costs on top of the rest."""
_RATE = re.compile(
    r"\bper second\b|/\s?s(?:ec)?\b|\bpeak\b|\bthroughput\b|\bsustained\b|\bachieved? \w+ TFLOPS?\b|\butili[sz]ation\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:pre-?train|training|train|fine-?tun)\w*\s(?:comput|cost|FLOP|requir|budget|took|us)\w*|\btotal (?:training|compute)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:fewer|less|more|sav\w+|remov\w+|reduc\w+|extra|additional|overhead|increase\w*|cheaper)\b",
    re.IGNORECASE,
)
_PER_PASS = re.compile(
    r"\bper (?:image|token|sample|example|sequence|forward|inference|input)\b|\bforward pass\b|\binference\b",
    re.IGNORECASE,
)
MOST = 1e15
"""FLOP beyond which a number is the total of a training, not of a pass."""


class Operations:
    """Reads a number with FLOPs or multiply-adds behind it."""

    name: ClassVar[str] = "costs.operations"
    example: ClassVar[str] = "A forward pass takes 4.1 GFLOPs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding per number of operations that one pass can have."""
        text = sentence.text
        if (
            not sentence.has("flop", "operations", "mul", "madd", "m-add", "mac")
            or _RATE.search(text)
            or _TOTAL.search(text)
        ):
            return
        per_pass = _PER_PASS.search(text)
        for found in (*_PASS.finditer(text), *_BEFORE.finditer(text), *_OF_MODELS.finditer(text)):
            bare = "bare" in found.re.groupindex and found["bare"]
            if _is_part(text, found) or ((bare or _is_huge(found)) and not per_pass):
                continue
            listed = numbers_before if found.re is _PASS else numbers_behind
            path, unit = ("model.multiply_adds", "multiply-add") if found["adds"] else ("model.flops", "FLOP")
            for start, printed in listed(text, found.start("number"), found["number"]):
                end = max(found.end(), start + len(printed))
                value = _operations(printed, found["prefix"], unit, text[start:end])
                if value is not None:
                    first = sentence.start + (
                        start if listed is numbers_behind else min(start, found.start())
                    )
                    yield Finding(self.name, (Fact(path, value, first, sentence.start + end),))
            yield from self._fused(sentence, found)

    def _fused(self, sentence: Sentence, found: re.Match[str]) -> Iterator[Finding]:
        """The same cost in multiply-adds, in brackets behind the number: `31 (15.5 FMA) BFLOPs`."""
        printed = found.groupdict().get("fused")
        value = _operations(printed, found["prefix"], "multiply-add", found[0]) if printed else None
        if value is not None:
            yield Finding.of(self.name, sentence, "model.multiply_adds", value, found.span())


def _is_part(text: str, found: re.Match[str]) -> bool:
    """Whether the words beside the number say that it counts a part, a difference, a limit or what was before."""
    front = text[: found.start()]
    near = text[max(found.start() - 25, 0) : found.end()] + clause_behind(text, found.end(), 25)
    return any(
        pattern.search(words)
        for pattern, words in (
            (_PART, near),
            (OF_A_LAYER, front),
            (BEFORE_A_CHANGE, front),
            (_LIMIT, front),
            (_ADDED, front),
        )
    )


def _is_huge(found: re.Match[str]) -> bool:
    """Whether it counts in trillions, as rates of hardware do and passes seldom."""
    return (found["prefix"] or "").upper() == "T" or bool(re.search(r"trillion", found[0], re.IGNORECASE))


def _operations(number: str, prefix: str | None, unit: str, printed: str) -> Quantity | None:
    try:
        value = parse_number(number)
    except ParseError:
        return None
    value *= (units().magnitude(prefix.upper()) if prefix else None) or 1.0
    return Quantity.exact(float(f"{value:.10g}"), unit, printed.strip()) if 1e4 <= value <= MOST else None
