"""What the columns and rows of a table say about training runs, by their headers and labels.

`Training time (h)`, `Search cost (GPU days)`, `#GPUs`, `Hardware`: a header names a field and the unit of its numbers,
and sometimes only the caption does (`rules.columns`). Times of inference, of single steps and of speech are not
training. How cells are read is in `rules.cells`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.documents.model import Table
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import GENERIC, accelerator, units
from extractors.rules.batches import BATCH_SIZE
from extractors.rules.compute import COMPUTE
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.lengths import EPOCHS, STEPS
from extractors.rules.meanings import Meaning
from extractors.rules.resource_headers import resource_of
from extractors.rules.time_headers import device_time_of, pace_of, says_training, time_of

_NOT_TRAINING = re.compile(
    r"inference|\btest|latenc|\bfps\b|\bms\b|speed|per (?:image|step|epoch|iteration|batch|sample)|/\s?(?:image|step|epoch|iter|batch|img|s\b)"
    r"|runtime|run-time|throughput|\bdecod|\beval|images?/|tokens?/|infer|audio|speech|data|frame|step time|detection",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\((?:rel\w*\s)?speed-?\s?up\)", re.IGNORECASE)
_HARDWARE = re.compile(
    r"\bhardware\b|\bdevices?\b|\bG?PUs?\b|\bTPUs?\b|\baccelerators?\b|\bplatform\b|\bprocessor\b",
    re.IGNORECASE,
)
_OF_DEVICE = re.compile(r"\bmem|\bv?ram\b|utili[sz]|\bpower\b", re.IGNORECASE)
"""What is said of devices rather than which or how many they are."""
_BRACKETED = re.compile(
    r"\b(?:GPUs?|TPUs?|devices|accelerators)(?:[\s-](?:hours?|days?|hrs?|h|years?))?\s?\((?P<name>[A-Za-z][^()]{1,40})\)",
    re.IGNORECASE,
)
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


def meaning_of(header: str, table: Table) -> Meaning | None:
    """What a header or a row's label says its numbers are; None if nothing about training.

    Of devices that it only calls `GPUs`, the brackets behind say which: `GPUs (V100)`, or those of the caption, `GPU hours (V100)`.
    """
    caption = table.caption.text if table.caption else ""
    meaning = _meaning(header, caption)
    if meaning is None or not meaning.device or not _is_bare(meaning.device):
        return meaning
    named = _in_brackets(header, meaning.device) or _in_brackets(caption, meaning.device)
    return replace(meaning, device=named) if named else meaning


def _is_bare(device: str) -> bool:
    part = accelerator(device)
    return part is None or part.id in GENERIC


def _in_brackets(text: str, device: str) -> str:
    """The accelerator that brackets name behind devices, or behind their hours, that are only called by their kind."""
    bare = accelerator(device)
    for found in _BRACKETED.finditer(text):
        part = accelerator(found["name"])
        if part and part.id not in GENERIC and bare and part.kind == bare.kind:
            return found["name"]
    return ""


def _meaning(header: str, caption: str) -> Meaning | None:
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
    if pace := pace_of(header, caption):
        return pace
    if _NOT_TRAINING.search(header):
        return None
    if device_time := device_time_of(header):
        return device_time
    return (time_of(header, caption) or devices_of(header)) if says_training(header, caption) else None


def _compute_factor(header: str) -> float:
    """The FLOP that one in a column of training compute is: `PF-days`, `ZFLOPs`, `FLOPs (×10^21)`."""
    if re.search(r"(?i)days", header):
        return 8.64e19
    power, unit = _POWER.search(header), _FLOP.search(header)
    factors = [entry.factor for entry in units().compute if unit and unit[0] in entry.names]
    return (10.0 ** int(power["power"]) if power else 1.0) * (factors[0] if factors else 1.0)


def devices_of(header: str) -> Meaning | None:
    """A header's meaning where it stands over devices, not over how full or how fast they are; what kind it says goes along."""
    many = _WHOLE_HEADER.fullmatch(header.strip())
    if many:
        return Meaning(COUNT, _WHOLE_COUNT[many["what"].lower().removesuffix("s")])
    found = _HARDWARE.search(header)
    if found is None or _OF_DEVICE.search(header) or _NOT_TRAINING.search(header):
        return None
    return Meaning(ACCELERATOR, "devices", device=found[0] if accelerator(found[0]) else "")
