"""What the columns and rows of a table say about training runs, by their headers and labels.

`Training time (h)`, `Search cost (GPU days)`, `#GPUs`, `Hardware`: a header names a field and the unit of its numbers,
and sometimes only the caption does (`rules.columns`). Times of inference, of single steps and of speech are not
training. How cells are read is in `rules.cells`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.documents.model import Table
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import accelerator, units
from extractors.rules.batches import BATCH_SIZE
from extractors.rules.compute import COMPUTE
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.lengths import EPOCHS, STEPS
from extractors.rules.paces import EPOCH_TIME, STEP_TIME
from extractors.rules.resource_headers import resource_of

_NOT_TRAINING = re.compile(
    r"inference|\btest|latenc|\bfps\b|\bms\b|speed|per (?:image|step|epoch|iteration|batch|sample)|/\s?(?:image|step|epoch|iter|batch|img|s\b)"
    r"|runtime|run-time|throughput|\bdecod|\beval|images?/|tokens?/|infer|audio|speech|data|frame|step time|detection",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\((?:rel\w*\s)?speed-?\s?up\)", re.IGNORECASE)
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
_HARDWARE = re.compile(
    r"\bhardware\b|\bdevices?\b|\bG?PUs?\b|\bTPUs?\b|\baccelerators?\b|\bplatform\b|\bprocessor\b",
    re.IGNORECASE,
)
_OF_DEVICE = re.compile(r"\bmem|\bv?ram\b|utili[sz]|\bpower\b", re.IGNORECASE)
"""What is said of devices rather than which or how many they are."""
_HOW_MANY = re.compile(
    r"(?:#|\bno\.?|\bnum(?:ber)?\b\.?)\s?(?:of\s)?(?P<what>GPUs?|TPUs?|devices|chips|cores|nodes)",
    re.IGNORECASE,
)
_WHOLE_HEADER = re.compile(r"(?:TPU\s)?(?P<what>chips|cores|nodes)", re.IGNORECASE)
_COMPUTE = re.compile(
    r"(?:train\w*|total)[^|]*(?:FLOPs?|compute)|FLOPs[^|]*train|PF(?:lops)?[/s-]*days", re.IGNORECASE
)
_POWER = re.compile(r"[×x*]\s?10\s?\^?\s?(?P<power>\d{1,2})\b")
_FLOP = re.compile(r"\b[A-Za-z]*FLOPs?\b")
_SCHEDULES = (
    (EPOCHS, re.compile(r"(?:(?:training|train|total|number of|num\.?|#|max\w*)\s?)*epochs?", re.IGNORECASE)),
    (STEPS, re.compile(r"(?:(?:training|train|total|number of|num\.?|#|max\w*)\s?)*(?:steps|updates|iterations|iters)", re.IGNORECASE)),
    (BATCH_SIZE, re.compile(r"(?:(?:training|train|total|global|mini-?)\s?)*batch(?:\s?size)?", re.IGNORECASE)),
)  # fmt: skip
_WHOLE_COUNT = {
    "gpu": "devices",
    "tpu": "devices",
    "device": "devices",
    "chip": "chips",
    "core": "cores",
    "node": "nodes",
}
_PARTS = {"core": "core-s", "chip": "chip-s"}
"""Units of the time of parts of a device."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells under a header, or beside a label, are."""

    path: str
    unit: str = ""
    """Empty where the cells themselves must say."""
    factor: float = 1.0
    device: str = ""
    """The processor that a header names with its numbers, as printed: `GPUs`, `TPUv3` of `TPUv3-days`."""


def meaning_of(header: str, table: Table) -> Meaning | None:
    """What a header or a row's label says its numbers are; None if nothing about training."""
    caption = table.caption.text if table.caption else ""
    header = _RATIO.sub(" ", header).strip()
    for path, pattern in _SCHEDULES:
        if pattern.fullmatch(header):
            return Meaning(path, FIELDS[path].units[0])
    if _COMPUTE.search(header):
        return Meaning(COMPUTE, "FLOP", _compute_factor(header))
    resource = resource_of(header)
    if resource:
        return Meaning(*resource)
    many = _HOW_MANY.search(header)
    if many:
        return Meaning(COUNT, _WHOLE_COUNT[many["what"].lower().removesuffix("s")], device=many["what"])
    if pace := _pace(header, caption):
        return pace
    if _NOT_TRAINING.search(header):
        return None
    return _time_or_hardware(header, caption)


def _compute_factor(header: str) -> float:
    """The FLOP that one in a column of training compute is: `PF-days`, `ZFLOPs`, `FLOPs (×10^21)`."""
    if re.search(r"(?i)days", header):
        return 8.64e19
    power, unit = _POWER.search(header), _FLOP.search(header)
    factors = [entry.factor for entry in units().compute if unit and unit[0] in entry.names]
    return (10.0 ** int(power["power"]) if power else 1.0) * (factors[0] if factors else 1.0)


def _pace(header: str, caption: str) -> Meaning | None:
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


def _time_or_hardware(header: str, caption: str) -> Meaning | None:
    unit = _UNIT.search(header)
    if unit and unit["device"]:
        part = (unit["part"] or unit["device"]).lower()
        return time_in(DEVICE_TIME, unit["device_unit"], unit["device"], _PARTS.get(part, ""))
    if not _TRAINING.search(f"{header} {caption}"):
        return None
    if _TIME.search(header):
        unit = unit or _UNIT.search(caption)
        if unit is None:
            return Meaning(WALL_TIME)
        return time_in(
            WALL_TIME, unit["unit"] or unit["spelt"] or _FACES.get((unit["face"] or "")[:1].lower(), "")
        )
    return devices_of(header)


def time_in(path: str, printed: str, device: str = "", of: str = "") -> Meaning:
    """Times in a unit as printed, of devices unless told of what; in one that is not known they have the factor 0."""
    unit = units().time(printed)
    return Meaning(path, of or FIELDS[path].units[0], unit.factor if unit else 0.0, device)


def devices_of(header: str) -> Meaning | None:
    """A header's meaning where it stands over devices, not over how full or how fast they are; what kind it says goes along."""
    many = _WHOLE_HEADER.fullmatch(header.strip())
    if many:
        return Meaning(COUNT, _WHOLE_COUNT[many["what"].lower().removesuffix("s")])
    found = _HARDWARE.search(header)
    if found is None or _OF_DEVICE.search(header) or _NOT_TRAINING.search(header):
        return None
    return Meaning(ACCELERATOR, "devices", device=found[0] if accelerator(found[0]) else "")
