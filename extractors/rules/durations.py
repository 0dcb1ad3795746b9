"""Reads how long a training took, by the clock or in processor time.

A duration is a training time only if the words around it say so (`took 3 days`, `training time: 14 h`, `for 12 hours
on 8 GPUs`). Times per image are not a run's time, those per step or epoch are read in `rules.paces`, hours of speech are data, and `in recent
years` is a phrase. What the time is said of is decided in `rules.stance` and `rules.training`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import GENERIC, accelerator
from extractors.facts.parsing import (
    DEVICE_TIME_IN,
    DURATION_IN,
    LISTED_IN,
    NUMBER_IN,
    listed_durations,
    parse_device_time,
    parse_duration,
    several_durations,
)
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding
from extractors.rules.paces import pace_places

WALL_TIME, DEVICE_TIME = "run.wall_time", "run.device_time"

_DURATION = re.compile(rf"(?<![\w.,^/])(?<![^\W\d_]-)(?<!\d:){DURATION_IN}")
_LISTED = re.compile(rf"(?<![\w.,^/-]){LISTED_IN}")
_BETWEEN = re.compile(r"\b(?:between|size|sizes of|size of)\s(?:about\s)?$", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:\b(?:and|or|plus|another)|[,;])\s(?:(?:about|around|roughly|approximately|only|just|another|a further)\s|[~∼≈])*$",
    re.IGNORECASE,
)
"""In front of a duration: it goes on with what was said of the one before it."""
_DEVICE_TIME = re.compile(rf"(?<![\w.,^]){DEVICE_TIME_IN}")
_UNIT_PARTS = ("hour", "day", "week", "min", "month", "sec", "hr")
_UNIT_WORD = re.compile(r"(?i:hour|day|week|minute|month|second|\bmins?\b|\bhrs?\b|\bsecs?\b)|\d\s?min")
_UNIT_LETTER = re.compile(r"\d\s?[dhs](?:\b|\d)")
_REDUCED = re.compile(
    rf"(?P<from>{NUMBER_IN})\s(?P<unit>minutes?|hours?|days?|weeks?)\s(?:down\s)?to\s(?:just\s|only\s|about\s)?(?P<to>{NUMBER_IN})"
    r"(?:\s(?P=unit))?(?!\s?(?:minutes?|hours?|days?|weeks?|[\d-]))"
)
_FROM = re.compile(r"\bfrom\s(?:about\s|around\s)?$", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:cover|span|compris|contain|consist|record|collect|gather|follow|captur|observ|warm)\w*\s(?:[a-z]+\s){0,3}$",
    re.IGNORECASE,
)
"""In front of a span of time that data cover, or the rate of learning rises over."""
_SHORTEST = 60.0
"""Seconds below which a time in running text is a step's or an image's, not a run's."""

_EACH_UNIT = "step|iteration|update|epoch|batch|mini-?batch|image|img|frame|sample|example|sentence|query|sequence|class|token|video|move|turn|game|run of inference"
_PER = re.compile(
    rf"\s?(?:\([^)]*\)\s?)?(?:of (?:pre-?)?training\s)?(?:(?:for|per|/|on|in)\s?(?:each|every|a|an|one)?\s?(?:training\s|forward\s|single\s)?(?:{_EACH_UNIT})s?\b"
    r"|(?:each|every)\b|for (?:the |all )?[\d.,]+k?\s(?:\w+\s)?(?:images|sentences|videos|examples)\b)",
    re.IGNORECASE,
)
_PER_BEFORE = re.compile(
    rf"\b(?:(?<!for )(?:each|every|per|one|an?|single)\s(?:\w+\s)?(?:{_EACH_UNIT})\b(?!\ssize)[^.;]*\b(?:takes?|took|requires?|lasts?|in|is)"
    r"|every|per|each|additional|extra|first|(?<!converges )(?<!converged )after)\s(?:about|around|roughly|approximately|approx\.|only|~|∼|≈)?\s?$",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"[\s-]*(?:(?:worth|long|of)\s(?:\w+[\s-]){0,4}?(?:speech|audio|video|videos|data|recordings?|footage|music|transcribed|"
    r"labell?ed|unlabell?ed|dataset|(?:training|internal) sets?|corpus|gameplay|game|play|experience|real|demonstrations?|simulated)\b"
    r"|of\s(?!(?:\w+\s)?(?:(?:pre-?)?train|fine-?\s?tun|search|optimi|learn|wall|comput|process|run|GPU|TPU|CPU|real|self-?play|work)\w*)[a-z-]+ing\b"
    r"|(?:subset|set|data|dataset|corpus|split|setup|setting|(?:of )?libri\w*|speech|audio|(?:noisy|clean)\b|ago|old|later|long)\b)",
    re.IGNORECASE,
)
_AGO = re.compile(r"\b(?:last|past|recent|previous|every|next|coming)\s$", re.IGNORECASE)
_CUES = re.compile(
    r"\b(?:took|takes?|taking|taken|requir\w+|needs?|needed|lasts?|lasted|lasting|ran|runs?|running|finish\w*|complet\w*"
    r"|converg\w*|spen[dt]|spends|costs?|train\w*|pre-?train\w*|fine-?tun\w*|searching|search (?:took|takes|time|cost)|learn\w*|optimi[sz]\w+|time|times"
    r"|hours? to|days? to|duration|amounts?|continued|total)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|for|within|over|across|of|is|was|about|around|than|to|:|=|after|most|least|approximately|roughly|nearly|almost|under)\s*(?:[~∼≈<>≤]\s*)?$",
    re.IGNORECASE,
)
_NEAR = 60
"""Characters in front within which a verb governs the duration."""


class TrainingTime:
    """Reads a time by the clock: `took 3.5 days`, `trained for 12 hours`, `training time: 14h`, `in 2-3 weeks`."""

    name: ClassVar[str] = "training.wall-time"
    example: ClassVar[str] = "Training took 3.5 days."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each duration that can be a run's."""
        text = sentence.text
        if not _may_time(sentence):
            return
        yield from self._reduced(sentence)
        cue = 0.0
        for start, end, values in _durations(text):
            features = _features(text, start, end)
            if cue and _GOES_ON.search(text, 0, start):
                features = {**features, "time_cue": cue}
            cue = features["time_cue"]
            for place, value in values:
                if value.value >= _SHORTEST and FIELDS[WALL_TIME].admits(value):
                    fact = Fact(WALL_TIME, value, sentence.start + place, sentence.start + end)
                    yield Finding(self.name, (fact,), features)

    def _reduced(self, sentence: Sentence) -> Iterator[Finding]:
        """`training time falls from 84 hours to 9.5`: the second is the paper's, and has the first's unit."""
        for found in _REDUCED.finditer(sentence.text):
            if not re.search(r"\bfrom\s(?:about\s)?$", sentence.text[: found.start()]):
                continue
            value = _parsed(f"{found['to']} {found['unit']}", "")
            if value is not None and value.value >= _SHORTEST:
                start, end = sentence.start + found.start("to"), sentence.start + found.end()
                fact = Fact(WALL_TIME, replace(value, printed=found[0]), start, end)
                yield Finding(self.name, (fact,), {"time_cue": 1.0, "placed": 1.0})


class DeviceTime:
    """Reads processor time: `450 GPU-days`, `2,500 TPU core-hours`, `a total of 32 GPU/day`."""

    name: ClassVar[str] = "training.device-time"
    example: ClassVar[str] = "The search took 450 GPU-days."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each amount of processor time."""
        if not _may_time(sentence):
            return
        for found in _DEVICE_TIME.finditer(sentence.text):
            if _is_something_else(sentence.text, found.start(), found.end()):
                continue
            try:
                value = parse_device_time(found[0])
            except ParseError:
                continue
            if not FIELDS[DEVICE_TIME].admits(value) or _is_reduced(sentence.text, *found.span()):
                continue
            start, end = sentence.start + found.start(), sentence.start + found.end()
            yield Finding(self.name, (Fact(DEVICE_TIME, value, start, end), *_device(sentence, found)))


def _may_time(sentence: Sentence) -> bool:
    """Whether a unit of time is printed in a sentence; in most there is none."""
    named = sentence.has(*_UNIT_PARTS) and bool(_UNIT_WORD.search(sentence.text))
    return named or bool(_UNIT_LETTER.search(sentence.text))


def _is_reduced(text: str, start: int, end: int) -> bool:
    """Whether an amount is what another was reduced from: `from 1,800 GPU days to 4`, `from 3 days to 76 minutes`."""
    return bool(_FROM.search(text, 0, start) and re.match(r"\s(?:down\s)?to\b", text[end:]))


def _device(sentence: Sentence, found: re.Match[str]) -> Iterator[Fact]:
    """The accelerator that `3,000 A100-hours` or `40 V100 GPU-days` name, or the kind that `GPU-hours` says."""
    name, _, kind = found["device"].rpartition(" ")
    known = [part for printed in (found["device"], name, kind) if (part := accelerator(printed))]
    part = next((part for part in known if part.id not in GENERIC), known[0] if known else None)
    if part:
        start, end = sentence.start + found.start("device"), sentence.start + found.end("device")
        yield Fact("run.accelerator", Name(part.id, found["device"]), start, end)


def _durations(text: str) -> Iterator[tuple[int, int, list[tuple[int, Quantity]]]]:
    """Begin and end of each print of one duration or several, with the durations and where each begins."""
    taken = [
        found.span() for found in (*_DEVICE_TIME.finditer(text), *_REDUCED.finditer(text))
    ] + pace_places(text)
    for found in _LISTED.finditer(text):
        values = _listed(text, found)
        if values and not _overlaps(found.span(), taken):
            taken.append(found.span())
            if not _is_something_else(text, *found.span()):
                yield *found.span(), values
    for found in _DURATION.finditer(text):
        if not _overlaps(found.span(), taken) and not _is_something_else(text, *found.span()):
            starts = [(found.start() + place, printed) for place, printed in several_durations(found[0])]
            parsed = [(start, _parsed(printed, text[:start])) for start, printed in starts]
            yield *found.span(), [(start, value) for start, value in parsed if value]


def _listed(text: str, found: re.Match[str]) -> list[tuple[int, Quantity]]:
    """Durations that share their unit; none where two numbers are the ends of a range, as in `between 2 and 3 days`."""
    alone = "," not in found[0] and not _RESPECTIVELY.search(text)
    if alone and (" or " in found[0] or _BETWEEN.search(text, 0, found.start())):
        return []
    try:
        values = listed_durations(found[0])
    except ParseError:
        return []
    numbers = re.finditer(NUMBER_IN, found[0])
    return [(found.start() + number.start(), value) for number, value in zip(numbers, values, strict=False)]


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _parsed(printed: str, before: str) -> Quantity | None:
    try:
        return parse_duration(printed, before)
    except ParseError:
        return None


def _is_something_else(text: str, start: int, end: int) -> bool:
    """Whether words beside a duration say that it is a step's time, an amount of data or a date."""
    front, behind = text[max(0, start - 120) : start], text[end : end + 60]
    return bool(
        _PER.match(behind) or _PER_BEFORE.search(front) or _OVER.search(front) or _DATA.match(behind) or _AGO.search(front)
        or _is_reduced(text, start, end) or re.search(r"(?i)\byears?\b", text[start:end]) or text[start:end].endswith("Second")
    )  # fmt: skip


def _features(text: str, start: int, end: int) -> dict[str, float]:
    front, behind = text[max(0, start - _NEAR) : start], text[end : end + 30]
    cues = [cue.start() for cue in _CUES.finditer(front)]
    return {
        "time_cue": float(bool(cues) or bool(re.match(r"\s?(?:of|to)\s(?:\w+\s)?(?:pre-?)?train", behind))),
        "placed": float(bool(_PLACED.search(front))),
        "vague_count": float(bool(re.match(r"(?i)an?\b", text[start:end]))),
    }
