"""What the columns and rows of a table say about training runs, by their headers and labels.

`Training time (h)`, `Search cost (GPU days)`, `#GPUs`, `Hardware`: a header names a field and the unit of its numbers,
and sometimes only the caption does. Times of inference, of single steps and of speech are not training. How cells are
read and joined is in `rules.cells`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.documents.model import Table
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import units
from extractors.facts.parsing import DURATION_IN
from extractors.rules.compute import COMPUTE
from extractors.rules.counts import ACCELERATOR, COUNT
from extractors.rules.durations import DEVICE_TIME, WALL_TIME
from extractors.rules.resource_headers import resource_of
from extractors.rules.schedules import BATCH_SIZE, EPOCHS, STEPS

_NOT_TRAINING = re.compile(
    r"inference|\btest|latenc|\bfps\b|\bms\b|speed|per (?:image|step|epoch|iteration|batch|sample)|/\s?(?:image|step|epoch|iter|batch|img|s\b)"
    r"|runtime|run-time|throughput|\bdecod|\beval|images?/|tokens?/|infer|audio|speech|data|frame|step time|detection",
    re.IGNORECASE,
)
_SPEED = re.compile(
    r"\bfps\b|\bms\b|latenc|inference|\bspeed\b|throughput|images?/s|img/s|/\s?sec", re.IGNORECASE
)
"""Headers of tables whose devices are those that speed was measured on, where no training time stands beside it."""
_RATIO = re.compile(r"\((?:rel\w*\s)?speed-?\s?up\)", re.IGNORECASE)
_TRAINING = re.compile(r"train|search|fine-?tun|cost|wall|convergence|compute|budget", re.IGNORECASE)
_TIME = re.compile(
    r"\btime\b|\bcost\b|\bduration\b|\bhours\b|\bdays\b|\btrain\w*\b.*\((?:h|hrs?|min|mins|s|d)\)|\bwall",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?P<device>GPU|TPU|CPU|V100|A100|P100|H100|TPUv\d|core|device|chip)s?[\s·/-]*(?:core[\s-]?)?(?P<device_unit>days?|hours?|hrs?|h|d)\b"
    r"|(?:\(|\[|\bin |,\s|^)\s?(?P<unit>seconds?|secs?|s|minutes?|mins?|min|hours?|hrs?|hr|h|days?|d|weeks?)\b"
    r"|\b(?P<spelt>minutes|hours|days)\b",
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
_ANNOUNCED = re.compile(
    r"\b(?:training|search|train|learning)[\s-]times?\b(?:[^.;]*?(?:\bin |\()(?P<unit>seconds|minutes|mins?|hours|hrs?|h|days)\b)?",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"acc|err|map\b|\bap\b|bleu|f1|param|flop|size|top|score|%|loss|ppl|perpl|speed|epoch|step|batch|pus?\b|mem|rate|year|test"
    r"|inference|latenc|fps|image|depth|layer|dim|quality|capacity|update|length|#",
    re.IGNORECASE,
)
_WHOLE_COUNT = {
    "gpu": "devices",
    "tpu": "devices",
    "device": "devices",
    "chip": "chips",
    "core": "cores",
    "node": "nodes",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells under a header, or beside a label, are."""

    path: str
    unit: str = ""
    """Empty where the cells themselves must say."""
    factor: float = 1.0
    device: str = ""
    """The processor that a header names with its numbers, as printed: `GPUs`, `TPUv3` of `TPUv3-days`."""


def column_meanings(table: Table) -> dict[int, Meaning]:
    """What each column holds that says something of training, by its number."""
    width = max((len(row) for row in table.rows), default=0)
    found = {column: _of_column(table, column) for column in range(1, width)}
    if not any(meaning and meaning.path in (WALL_TIME, DEVICE_TIME) for meaning in found.values()):
        found |= {column: _by_caption(table, column) for column in range(1, width) if not found[column]}
    if any(meaning and meaning.path in (WALL_TIME, DEVICE_TIME) for meaning in found.values()):
        found |= {column: _hardware(table, column) for column in range(1, width) if not found[column]}
    elif any(_SPEED.search(" ".join(table.header(column))) for column in range(1, width)):
        found = {
            column: meaning for column, meaning in found.items() if meaning and meaning.path != ACCELERATOR
        }
    return {column: meaning for column, meaning in found.items() if meaning}


def _of_column(table: Table, column: int) -> Meaning | None:
    header = " ".join(table.header(column))
    return meaning_of(header, table) if re.search(r"[A-Za-z]", header) else _by_caption(table, column)


def _hardware(table: Table, column: int) -> Meaning | None:
    """A column of devices beside one of training times; without such a one nothing says what they are used for."""
    header = " ".join(table.header(column))
    return Meaning(ACCELERATOR, "devices") if _names_devices(header) else None


def _names_devices(header: str) -> bool:
    return bool(_HARDWARE.search(header)) and not (_OF_DEVICE.search(header) or _NOT_TRAINING.search(header))


def _by_caption(table: Table, column: int) -> Meaning | None:
    """A column that no header explains holds what the caption announces: durations, or numbers in its unit."""
    announced = _ANNOUNCED.search(table.caption.text) if table.caption else None
    if announced is None or _MEASURE.search(" ".join(table.header(column))):
        return None
    cells = [cell.text for row in table.body() if (cell := row[column])]
    timed = sum(bool(re.search(DURATION_IN, text)) for text in cells)
    if timed * 2 > len(cells):
        return Meaning(WALL_TIME)
    return _time(WALL_TIME, announced["unit"]) if announced["unit"] else None


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


def _time_or_hardware(header: str, caption: str) -> Meaning | None:
    unit = _UNIT.search(header)
    if unit and unit["device"]:
        return _time(DEVICE_TIME, unit["device_unit"], unit["device"])
    if not _TRAINING.search(f"{header} {caption}"):
        return None
    if _TIME.search(header):
        unit = unit or _UNIT.search(caption)
        return _time(WALL_TIME, unit["unit"] or unit["spelt"] or "") if unit else Meaning(WALL_TIME)
    return Meaning(ACCELERATOR, "devices") if _names_devices(header) else None


def _time(path: str, printed: str, device: str = "") -> Meaning:
    unit = units().time(printed)
    return Meaning(path, FIELDS[path].units[0], unit.factor if unit else 0.0, device)
