"""Reads which share of the peak rate a training reached: `46.2% MFU`, `52% of peak`, `model FLOPs utilization: 57%`.

How full memory is and how busy a GPU was are something else. Where model and hardware utilisation stand side by side,
the model's is meant, which does not count work done twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_percentage
from extractors.language import Sentence
from extractors.rules.findings import Finding

UTILISATION = "run.utilisation"

_PERCENT = rf"(?<![\w.,-])(?P<percent>{NUMBER_IN}(?:\s?[-–]\s?{NUMBER_IN})?\s?(?:%|percent\b|per cent\b))"
_MODEL = r"MFU\b|(?i:model[\s-]flops?/?s?[\s-]utili[sz]ation)"
_SHARE = rf"{_MODEL}|HFU\b|(?i:hardware[\s-]flops?/?s?[\s-]utili[sz]ation|(?:hardware|FLOPS?|FLOP/s|compute|peak)[\s-]utili[sz]ation)"
_OF_PEAK = (
    r"of (?:the |its |their |our )?(?:[\w-]+ ){0,3}?(?:peak|maximum)\b(?: (?:theoretical|device|hardware|half-precision|bf16|fp16|FLOPs?|FLOP/s|performance|throughput"
    r"|rate|compute|matmul)\b)*"
)
_PATTERNS = (
    re.compile(rf"{_PERCENT}\s(?:(?:of|in|average|mean)\s)?\(?(?:{_SHARE}|(?i:(?:of )?model flops))"),
    re.compile(rf"{_PERCENT}\s(?i:{_OF_PEAK})"),
    re.compile(
        rf"(?:{_SHARE})(?:\s?\(\w+\))?\s?(?:\w+\s){{0,3}}?(?:of|is|was|at|to|reach\w*|averag\w+|around|about|between|[:=(~≈])\s?(?:about\s|around\s|over\s|roughly\s)?{_PERCENT}"
    ),
)
_WORDS = ("mfu", "hfu", "utili", "model flops", "peak", "maximum")
"""One of them is in all that the patterns find."""
_NOT_TRAINING = re.compile(r"\b(?:inference|decod\w+|serving|latency|prefill\w*)\b", re.IGNORECASE)
_OTHER_PEAK = re.compile(
    r"\b(?:read|write|memory|bandwidth|accuracy|disk|network|CPU|occupancy|learning rate|score|power)\b",
    re.IGNORECASE,
)


class Utilisation:
    """Reads utilisation in percent: `an MFU of 46%`, `sustains 52% of theoretical peak`."""

    name: ClassVar[str] = "resources.utilisation"
    example: ClassVar[str] = "This gives an MFU of 46%."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each share; the model's before the hardware's."""
        text = sentence.text
        if not (sentence.has("%", "cent") and sentence.has(*_WORDS)) or _NOT_TRAINING.search(text):
            return
        found = [
            match
            for pattern in _PATTERNS
            for match in pattern.finditer(text)
            if not _OTHER_PEAK.search(text[match.start() : match.end() + 20])
        ]
        seen = set[int]()
        for match in sorted(
            found, key=lambda match: (not re.search(_MODEL, match[0]), match.start("percent"))
        ):
            if match.start("percent") in seen:
                continue
            seen.add(match.start("percent"))
            with suppress(ParseError):
                value = parse_percentage(match["percent"])
                if 0.0 < value.value <= 100.0:
                    yield Finding.of(
                        self.name, sentence, UTILISATION, value, match.span("percent"), of_a_step=1.0
                    )
