"""What the rules of hardware share: devices with their count, the units that they count in, and how they become facts."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from extractors.facts.errors import ParseError
from extractors.facts.parsing import parse_count
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.accelerators import Named
from extractors.rules.findings import Fact, Finding

ACCELERATOR, COUNT = "run.accelerator", "run.count"

_UNITS = {
    "chip": "chips",
    "core": "cores",
    "board": "boards",
    "node": "nodes",
    "server": "nodes",
    "machine": "nodes",
}
"""What is counted where it is not devices, by the word for one of it."""
_MOST = 1e6
"""Devices beyond which a number is something else."""
_VAGUE = frozenset({"a", "an"})


@dataclass(frozen=True, slots=True)
class Devices:
    """An accelerator with its count; indices of tokens count within the sentence."""

    named: Named
    count: Quantity | None = None
    start: int = 0
    end: int = 0
    """The print of both goes from one token to before another."""
    elliptic: bool = False
    """Whether the count leaves out the name, which is printed elsewhere in the sentence."""


def unit_named(word: str) -> str | None:
    """The unit that a word counts in, in one or in several: `cores`; None if it says nothing of it."""
    return _UNITS.get(word.lower().removesuffix("s"))


def is_vague(count: Quantity) -> bool:
    """Whether a count may be none: `on a GPU` often means on GPUs."""
    return count.printed.lower() in _VAGUE


def whole(printed: str, unit: str) -> Quantity | None:
    """A printed whole number as a count; None if it is not one that devices can have."""
    try:
        count = parse_count(printed, unit)
    except ParseError:
        return None
    return count if count.value == int(count.value) and 1 <= count.value <= _MOST else None


def finding_of(rule: str, sentence: Sentence, tokens: Doc, devices: Devices) -> Finding:
    """Devices as the facts of a finding: the accelerator, and its count where there is one."""
    offset, named = sentence.start, devices.named
    name = tokens[named.start : named.end]
    facts = [
        Fact(ACCELERATOR, Name(named.part.id, name.text), offset + name.start_char, offset + name.end_char)
    ]
    if devices.count is not None:
        span = tokens[devices.start : devices.end]
        facts.append(Fact(COUNT, devices.count, offset + span.start_char, offset + span.end_char))
    said_at = (facts[-1].start, facts[-1].end) if devices.elliptic else None
    vague = devices.count is not None and is_vague(devices.count)
    features = {"generic_name": float(named.generic), "vague_count": float(vague)}
    return Finding(rule, tuple(facts), features, said_at=said_at)
