"""Reads what a training cost and what its devices cost an hour: `about $4.6M`, `at $2 per GPU-hour`.

Pay of annotators, calls to somebody's model and sums in examples are something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import MONEY_IN, parse_money
from extractors.language import Sentence
from extractors.rules.accelerators import names_any
from extractors.rules.findings import Finding

COST, PRICE = "run.cost", "run.device_price"

_MONEY = re.compile(rf"(?<![\w.,$-])(?:{MONEY_IN})", re.IGNORECASE)
_CURRENCIES = ("$", "usd", "dollars")
_HOURLY = re.compile(
    r"\)?\s?(?:/|per\b|an?\b|for each\b|each\b|for an?\b)\s?(?:(?P<device>[A-Za-z][\w. -]{0,24}?)(?:\s?[-/–]\s?|\s(?:per|an|and)\s|\s))?(?:hours?|hrs?|h)\b",
    re.IGNORECASE,
)
_OTHER_RATE = re.compile(
    r"\)?\s?(?:/|per\b|an?\b|each\b|for each\b)\s?(?:[\w-]+\s){0,2}?[A-Za-z]", re.IGNORECASE
)
_COST_WORD = re.compile(
    r"\b(?:cost\w*|amount\w*|budgets?|spen[dt]\w*|worth|expens\w+|paid|pay|bill\w*|under|less than|only|total\w*)\b",
    re.IGNORECASE,
)
_COMPUTE = re.compile(
    r"\btrain\w*|\bpre-?train\w*|\bfine-?tun\w*|\bcomput\w+|\bcloud\b|\bGPUs?\b|\bTPUs?\b|\bsearch\b",
    re.IGNORECASE,
)
_OTHER_COST = re.compile(
    r"\b(?:annotat\w+|turk\w*|crowd\w*|workers?|participants?|API|prizes?|revenue|salar\w+|grants?|fund\w*|label\w+|rewards?|wage|buy\w*|purchas\w+|workstation"
    r"|quer(?:y|ies)|inference)\b",
    re.IGNORECASE,
)
_PARTS = (
    (r"core", "USD/core-h"),
    (r"chip", "USD/chip-h"),
    (r"node|instance|machine|server|VM\b|xlarge", "USD/node-h"),
)


class TrainingCost:
    """Reads the cost of a training in dollars: `training cost about $4.6M`, `for under 200 dollars`."""

    name: ClassVar[str] = "resources.cost"
    example: ClassVar[str] = "Training the model cost about $4,600 on rented GPUs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each sum that computation cost."""
        text = sentence.text
        if not sentence.has(*_CURRENCIES) or _OTHER_COST.search(text):
            return
        if not (_COST_WORD.search(text) and _COMPUTE.search(text)):
            return
        for found in _MONEY.finditer(text):
            if not _OTHER_RATE.match(text, found.end()):
                with suppress(ParseError):
                    yield Finding.of(self.name, sentence, COST, parse_money(found[0]), found.span())


class DevicePrice:
    """Reads the price of a device by the hour: `$2 per GPU-hour`, `a V100 at $0.74 an hour`."""

    name: ClassVar[str] = "resources.device-price"
    example: ClassVar[str] = "We rented each V100 at $0.74 an hour."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each hourly price of a device."""
        text = sentence.text
        if not sentence.has(*_CURRENCIES) or _OTHER_COST.search(text) or not _is_of_devices(sentence):
            return
        for found in _MONEY.finditer(text):
            hourly = _HOURLY.match(text, found.end())
            if hourly:
                with suppress(ParseError):
                    unit = _priced(
                        f"{text[max(0, found.start() - 40) : found.start()]} {hourly['device'] or ''}"
                    )
                    value = replace(parse_money(found[0]), unit=unit)
                    yield Finding.of(self.name, sentence, PRICE, value, (found.start(), hourly.end()))


def _is_of_devices(sentence: Sentence) -> bool:
    """Whether a sentence speaks of computing, or names what computes."""
    return bool(_COMPUTE.search(sentence.text)) or names_any(sentence)


def _priced(near: str) -> str:
    """What an hour of is paid, by the words beside the price."""
    return next((unit for words, unit in _PARTS if re.search(words, near, re.IGNORECASE)), "USD/device-h")
