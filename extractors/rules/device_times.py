"""Reads processor time, devices times hours: `450 GPU-days`, `6.4k A100 hours`, `2,500 TPU core-hours`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import GENERIC, accelerator
from extractors.facts.parsing import DEVICE_TIME_IN, parse_device_time
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding
from extractors.rules.heard import Heard
from extractors.rules.other_times import is_other_time, is_time_of_all

DEVICE_TIME = "run.device_time"

_DEVICE_TIME = re.compile(rf"(?<![\w.,^$]){DEVICE_TIME_IN}")
_UNITS = ("hour", "day", "week", "month", "year", "hr", "min", "sec")
_DEVICES = re.compile(r"[GTCN]PU|[VAPHKMTBL]\d|MI\d|core|chip|device|accelerator")
"""One of them is in every print of processor time."""
_GLUED = re.compile(r"(?:[GTCN]PUs?|\b[A-Z]\d{2,4}|core|chip)\s?[-–/·⋅*×.]?\s?h(?:rs?)?\b")
"""`GPUh`, `GPU·h`."""
_PRICED = re.compile(r"(?:[$€£]|\b(?:USD|EUR))\s?\d[\d.,]*\s$")
"""What makes the hour behind it one that is paid, not spent: `$1.10 an A100-hour`."""


class DeviceTime:
    """Reads processor time: `450 GPU-days`, `2,500 TPU core-hours`, `a total of 32 GPU/day`."""

    name: ClassVar[str] = "training.device-time"
    example: ClassVar[str] = "The search took 450 GPU-days."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each amount of processor time, with the accelerator that its unit names."""
        for found in device_times_in(sentence.text) if _may_time(sentence) else ():
            value = _value(sentence, found)
            if value is not None:
                start, end = sentence.start + found.start(), sentence.start + found.end()
                facts = (Fact(DEVICE_TIME, value, start, end), *_device(sentence, found))
                yield Finding(self.name, facts)


def device_times_in(text: str) -> Iterator[re.Match[str]]:
    """Where a text prints processor times, of whatever."""
    return _DEVICE_TIME.finditer(text)


def _may_time(sentence: Sentence) -> bool:
    text = sentence.text
    return bool(_DEVICES.search(text)) and (sentence.has(*_UNITS) or bool(_GLUED.search(text)))


def _value(sentence: Sentence, found: re.Match[str]) -> Quantity | None:
    heard, place = Heard(sentence), found.span()
    other = is_other_time(heard, place) or is_time_of_all(heard, place)
    if other or _PRICED.search(sentence.text, 0, found.start()):
        return None
    with suppress(ParseError):
        value = parse_device_time(found[0])
        return value if FIELDS[DEVICE_TIME].admits(value) else None
    return None


def _device(sentence: Sentence, found: re.Match[str]) -> Iterator[Fact]:
    """The accelerator that `3,000 A100-hours` or `40 V100 GPU-days` name, or the kind that `GPU-hours` says."""
    printed = found["device"] or ""
    name, _, kind = printed.rpartition(" ")
    known = [part for one in (printed, name, kind) if (part := accelerator(one))]
    part = next((part for part in known if part.id not in GENERIC), known[0] if known else None)
    if part:
        start, end = sentence.start + found.start("device"), sentence.start + found.end("device")
        yield Fact("run.accelerator", Name(part.id, printed), start, end)
