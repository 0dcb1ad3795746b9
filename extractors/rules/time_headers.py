"""Headers over times: of a whole training, of processors, or of one epoch or step, each with its unit.

`Training time (h)`, `A100-80GB hours`, `min/epoch`. Times of inference, speech and single batches are kept out by `rules.headers`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.facts.fields import FIELDS
from extractors.facts.ontology import units
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.durations import WALL_TIME
from extractors.rules.meanings import Meaning
from extractors.rules.paces import EPOCH_TIME, STEP_TIME
from extractors.tables.cost_headers import scale_of

_TRAINING = re.compile(r"train|search|fine-?tun|cost|wall|convergence|compute|budget", re.IGNORECASE)
_TIME = re.compile(
    r"\btime\b|\bcost\b|\bduration\b|\bhours\b|\bdays\b|\btrain\w*\b.*\((?:h|hrs?|min|mins|s|d)\)|\bwall",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?P<device>GPU|TPU|CPU|[VAPHKMT]\d{2,4}|MI\d{3}X?|TPU[\s-]?v\d\w?|core|device|chip)s?(?:[\s-]\d+\s?GB)?(?:[\s-]GPU)?[\s·/-]*(?:(?P<part>core|chip)[\s·/-]*)?(?P<device_unit>days?|hours?|hrs?|h|d)\b"
    r"|(?:\(|\[|\bin |,\s|^)\s?(?P<unit>seconds?|secs?|s|minutes?|mins?|min|hours?|hrs?|hr|h|days?|d|weeks?)\b"
    r"|\b(?P<spelt>minutes|hours|days)\b|\((?:in\s)?(?P<face>hh?|mm?):(?:mm?|ss?)(?::ss?)?\)",
    re.IGNORECASE,
)
_FACES = {"h": "h", "m": "min"}
"""The unit of the first number on a clock face."""
_PACE = re.compile(
    r"(?:^|[\s(\[])(?P<unit>seconds?|secs?|s|ms|minutes?|mins?|hours?|hrs?|h)\.?\s?(?:/|\bper\b)\s?(?P<of>epoch|iter(?:ation)?|it|step|update)s?\b"
    r"|\btimes?\b[^|(\[]*?(?:/|\bper\b)\s?(?P<timed>epoch|iter(?:ation)?|step|update)s?\b|\b(?P<noun>epoch|iteration|step|update)\s(?:time|duration)s?\b",
    re.IGNORECASE,
)
"""Headers over times of one epoch or step: `min/epoch`, `Time per epoch (s)`, `Step time`."""
_OF_ANOTHER_STEP = re.compile(
    r"infer|\btest|decod|sampl|eval|valid|generat|denois|simul|environment|render|attack|latenc",
    re.IGNORECASE,
)
_PARTS = {"core": "core-s", "chip": "chip-s"}
"""Units of the time of parts of a device."""


def says_training(header: str, caption: str) -> bool:
    """Whether a header or its table's caption speaks of training, a search or what they cost."""
    return bool(_TRAINING.search(f"{header} {caption}"))


def pace_of(header: str, caption: str) -> Meaning | None:
    """The time of an epoch or a step; a step is one of training only where header or caption says so."""
    found = _PACE.search(header)
    if not found or _OF_ANOTHER_STEP.search(header):
        return None
    of_epoch = (found["of"] or found["timed"] or found["noun"]).lower() == "epoch"
    if not of_epoch and not re.search(r"(?i)train", f"{header} {caption}"):
        return None
    unit = _UNIT.search(header) if not found["unit"] else None
    printed = found["unit"] or (unit["unit"] or unit["spelt"] if unit else None)
    path = EPOCH_TIME if of_epoch else STEP_TIME
    return time_in(path, printed) if printed else Meaning(path)


def device_time_of(header: str) -> Meaning | None:
    """The time of processors that a header names: `GPU days`, `TPUv3-core-hours`, `GPU hours (thousands)`."""
    unit = _UNIT.search(header)
    if not unit or not unit["device"]:
        return None
    part = (unit["part"] or unit["device"]).lower()
    meaning = time_in(DEVICE_TIME, unit["device_unit"], unit["device"], _PARTS.get(part, ""))
    return replace(meaning, factor=meaning.factor * (scale_of(header) or 1.0))


def time_of(header: str, caption: str) -> Meaning | None:
    """The time by the clock that a header names, in its unit or the caption's; without a unit the cells must say it."""
    if not _TIME.search(header):
        return None
    unit = _UNIT.search(header) or _UNIT.search(caption)
    if unit is None:
        return Meaning(WALL_TIME)
    face = _FACES.get((unit["face"] or "")[:1].lower(), "")
    return time_in(WALL_TIME, unit["unit"] or unit["spelt"] or face)


def time_in(path: str, printed: str, device: str = "", of: str = "") -> Meaning:
    """Times in a unit as printed, of devices unless told of what; in one that is not known they have the factor 0."""
    unit = units().time(printed)
    return Meaning(path, of or FIELDS[path].units[0], unit.factor if unit else 0.0, device)
