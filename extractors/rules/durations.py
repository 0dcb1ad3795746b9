"""Reads how long a training took by the clock: `took 3.5 days`, `trained for 12 hours`, `training time: 14h`.

A duration is a training time only if words in front of it say so: a verb that lasts, or a preposition beside hardware.
What is no run's time is told in `rules.other_times`, the time of one step or epoch in `rules.paces`, processor time in
`rules.device_times`. Whose time it is, is decided in `rules.stance` and `rules.training`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.parsing import (
    DURATION_IN,
    LISTED_IN,
    NUMBER_IN,
    STROKED_IN,
    listed_durations,
    parse_duration,
    several_durations,
)
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.device_times import device_times_in
from extractors.rules.findings import Finding
from extractors.rules.heard import Heard
from extractors.rules.other_times import is_other_time, is_time_of_all
from extractors.rules.paces import pace_places

WALL_TIME = "run.wall_time"

_DURATION = re.compile(rf"(?<![\w.,^/])(?<![^\W\d_]-)(?<!\d:)(?<!\d[×*]){DURATION_IN}")
_LISTED = re.compile(rf"(?<![\w.,^/-])(?:{LISTED_IN}|{STROKED_IN})")
_STROKES = re.compile(r"(?<![\w.,^/-])[\w.-]+(?:\s?/\s?[\w.-]+)+")
"""A list by strokes: `16/64`, `Zip-S/L`."""
_BETWEEN = re.compile(r"\b(?:between|size|sizes of|size of)\s(?:about\s)?$", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_UNIT = r"(?:minutes?|hours?|days?|weeks?)"
_REDUCED = re.compile(
    rf"\bfrom\s(?:about\s)?(?P<from>{NUMBER_IN})\s(?P<unit>{_UNIT})\s(?:down\s)?to\s(?:just\s|only\s|about\s)?(?P<to>{NUMBER_IN})"
    rf"(?:\s(?P=unit))?(?!\s?(?:{_UNIT}|[\d-]))"
)
"""`from 84 hours to 9.5`, where the second has the first's unit."""
_ORDER = re.compile(rf"\bO\((?P<to>{NUMBER_IN})\)\s(?P<unit>{_UNIT})\b")
"""`O(5) days`, as an order of magnitude."""
_UNIT_PARTS = ("hour", "day", "week", "min", "month", "sec", "hr")
_UNIT_WORD = re.compile(r"(?i:hour|day|week|minute|month|second|\bmins?\b|\bhrs?\b|\bsecs?\b)|\d\s?min")
_UNIT_LETTER = re.compile(r"\d\s?[dhs](?:\b|\d)")
_SHORTEST = 60.0
"""Seconds below which a time in running text is a step's or an image's, not a run's."""

_CUES = re.compile(
    r"\b(?:took|takes?|taking|taken|requir\w+|needs?|needed|lasts?|lasted|lasting|ran|runs?|running|finish\w*|complet\w*"
    r"|converg\w*|spen[dt]|spends|costs?|train\w*|pre-?train\w*|fine-?tun\w*|searching|search (?:took|takes|time|cost)|learn\w*|optimi[sz]\w+|time|times"
    r"|hours? to|days? to|duration|amounts?|continued|total)\b",
    re.IGNORECASE,
)
"""Words in front of a time that make it how long something lasted."""
_TO_TRAIN = re.compile(r"\s?(?:of|to)\s(?:\w+\s)?(?:pre-?)?train")
_PLACED = re.compile(
    r"\b(?:in|for|within|over|across|of|is|was|about|around|than|to|:|=|after|most|least|approximately|roughly|nearly|almost|under)\s*(?:(?:just|only|merely)\s)?(?:[~∼≈<>≤]\s*)?$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:\b[GT]PUs?|\b(?:[VAHPKMT]\d{2,4}|\d{4}(?:\sTi)?)s?|\b(?:cores|chips|boards))\)?[,;:]\s(?:~\s?|about\s)?$"
)
"""In front of a duration: the device that ran so long, `8 V100 GPUs, 3 days`."""
_GOES_ON = re.compile(
    r"(?:\b(?:and|or|plus|another)|[,;])\s(?:(?:about|around|roughly|approximately|only|just|another|a further)\s|[~∼≈])*$",
    re.IGNORECASE,
)
"""In front of a duration: it goes on with what was said of the one before it."""
_NEAR, _BEHIND = 60, 30
"""Characters in front within which a verb governs the duration, and behind."""


class TrainingTime:
    """Reads a time by the clock: `took 3.5 days`, `trained for 12 hours`, `training time: 14h`, `in 2-3 weeks`."""

    name: ClassVar[str] = "training.wall-time"
    example: ClassVar[str] = "Training took 3.5 days."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each duration that can be a run's."""
        text = sentence.text
        if not may_time(sentence):
            return
        yield from self._spelt_otherwise(sentence)
        cue = 0.0
        heard = Heard(sentence)
        for print_ in durations_in(heard):
            if is_time_of_all(heard, (print_.start, print_.end)):
                continue
            features = _features(text, print_.start, print_.end)
            if cue and _GOES_ON.search(text, 0, print_.start):
                features = {**features, "time_cue": cue}
            cue = features["time_cue"]
            for place, value in print_.values:
                if _is_run(value):
                    yield Finding.of(self.name, sentence, WALL_TIME, value, (place, print_.end), **features)

    def _spelt_otherwise(self, sentence: Sentence) -> Iterator[Finding]:
        """`training time falls from 84 hours to 9.5`: the second is the paper's; `takes O(5) days`."""
        text = sentence.text
        ordered = (found for found in _ORDER.finditer(text) if _CUES.search(text, 0, found.start()))
        for found in (*_REDUCED.finditer(text), *ordered):
            value = _parsed(f"{found['to']} {found['unit']}", "")
            if value is not None and _is_run(value):
                value = replace(value, printed=found[0])
                place = found.start() if found.re is _ORDER else found.start("to"), found.end()
                yield Finding.of(self.name, sentence, WALL_TIME, value, place, time_cue=1.0, placed=1.0)


@dataclass(frozen=True, slots=True)
class Print:
    """Where a text prints a duration or several that share a unit, with the values and where each begins."""

    start: int
    end: int
    values: tuple[tuple[int, Quantity], ...]


def may_time(sentence: Sentence) -> bool:
    """Whether a unit of time is printed in a sentence; in most there is none."""
    named = sentence.has(*_UNIT_PARTS) and bool(_UNIT_WORD.search(sentence.text))
    return named or bool(_UNIT_LETTER.search(sentence.text))


def durations_in(heard: Heard) -> Iterator[Print]:
    """The durations that a sentence prints and that can be a run's; those that share a unit first."""
    text = heard.text
    others = [found.span() for found in (*device_times_in(text), *_REDUCED.finditer(text))]
    taken = others + pace_places(heard.sentence)
    for found in _LISTED.finditer(text):
        values = _listed(text, found)
        if values and not _overlaps(found.span(), taken):
            taken.append(found.span())
            if not is_other_time(heard, found.span()):
                yield Print(*found.span(), values)
    for found in _DURATION.finditer(text):
        if not _overlaps(found.span(), taken) and not is_other_time(heard, found.span()):
            yield Print(*found.span(), _values(text, found))


def _values(text: str, found: re.Match[str]) -> tuple[tuple[int, Quantity], ...]:
    starts = [(found.start() + place, printed) for place, printed in several_durations(found[0])]
    parsed = [(start, _parsed(printed, text[:start])) for start, printed in starts]
    return tuple((start, value) for start, value in parsed if value)


def _listed(text: str, found: re.Match[str]) -> tuple[tuple[int, Quantity], ...]:
    """Durations that share their unit; none where two numbers are the ends of a range, as in `between 2 and 3 days`."""
    alone = "," not in found[0] and not _RESPECTIVELY.search(text)
    if "/" in found[0] and not _is_one_of_two_lists(text, found):
        return ()
    if alone and (" or " in found[0] or _BETWEEN.search(text, 0, found.start())):
        return ()
    with suppress(ParseError):
        values = listed_durations(found[0])
        numbers = re.finditer(NUMBER_IN, found[0])
        places = (found.start() + number.start() for number in numbers)
        return tuple(zip(places, values, strict=False))
    return ()


def _is_one_of_two_lists(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence has another list by strokes, as long as this one: `2/5 days on 16/64 GPUs`, not `1/2 day`."""
    others = [other[0] for other in _STROKES.finditer(text) if not _overlaps(other.span(), [found.span()])]
    return any(other.count("/") == found[0].count("/") for other in others)


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _parsed(printed: str, before: str) -> Quantity | None:
    with suppress(ParseError):
        return parse_duration(printed, before)
    return None


def _is_run(value: Quantity) -> bool:
    """Whether a run can last so long."""
    return value.value >= _SHORTEST and FIELDS[WALL_TIME].admits(value)


def _features(text: str, start: int, end: int) -> dict[str, float]:
    front = text[max(0, start - _NEAR) : start]
    cued = _CUES.search(front) or _TO_TRAIN.match(text[: end + _BEHIND], end)
    return {
        "time_cue": float(bool(cued)),
        "placed": float(bool(_PLACED.search(front) or _BESIDE.search(front))),
        "vague_count": float(bool(re.match(r"(?i)an?\b", text[start:end]))),
    }
