"""What the headers and labels of a table say of the costs of models: which field, and in which scale.

`#Params (M)`, `GFLOPs`, `Million Mult-Adds`, `Params / FLOPs`: a header names a field and, often, the factor of its
numbers; sometimes only the caption gives that. Costs of training are in `rules.headers`. How cells are read is in
`tables.costs`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.facts.ontology import units

ADDS, FLOPS, PARAMETERS = "model.multiply_adds", "model.flops", "model.parameters"

_FIELDS = (
    (ADDS, re.compile(r"mul(?:t(?:iply|i)?)?[\s.-]*(?:adds?|acc)|\b[kMGTB]?M-?Adds?\b|\b[kMGTB]?MACC?s?\b|\b[kMGB]?FMAs?\b|[×x]\s?\+|\+\s?[×x]", re.IGNORECASE)),
    (FLOPS, re.compile(r"\b[kMGTB]?-?FLOPs?\b|floating[\s-]point op|\b[kKMG]?(?-i:OPs|Ops)\b|\(ops\b|#\s?(?:of\s)?operations\b", re.IGNORECASE)),
    (PARAMETERS, re.compile(
        r"\b(?:n_?)?param(?:eter)?s?\b\.?|\b[kMB]Params?\b|#\s?P\b|#\s?(?:of\s)?weights\b"
        r"|\bsize\s?[(\[]\s?(?:in\s)?(?:(?-i:[MB])|millions?|billions?)\s?[)\]]", re.IGNORECASE)),
)  # fmt: skip
_NOT_A_COST = re.compile(
    r"hyper-?\s?param|/\s?s(?:ec)?\b|per sec|per pixel|speed|\bratio|reduc|saving|throughput|train(?!able)|utili[sz]|\bx\s?less|%|peak|total compute"
    r"|\b(?:index|database|datastore)\b|\bextra\b|\baddition|\badded\b|overhead|increase|[Δ∆]|\bactivat|\bactive\b|\bmemory\b|\b[kKMGT]i?B\b|\bbytes\b|(?<!non-)(?<!non )\bembed",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\((?=[^()]*[A-Za-z])[^()]*%[^()]*\)")
"""What the header says of the brackets in its cells: `FLOPs (pruned %)`."""
_TRAINING = re.compile(r"(?:pre-?)?train(?:ing)?", re.IGNORECASE)
"""What stands beside the cost of a pass in a header of both: `Train / Infer FLOPs`."""
_LONGEST = 60
"""Characters beyond which a header is a sentence."""
_PREFIXED = re.compile(
    r"(?<![A-Za-z])(?P<prefix>[kKMGBT]|kilo|mega|giga|tera)[\s-]?(?:FLOP|MAC|M-?Add|Param|FMA|Ops\b)",
    re.IGNORECASE,
)
_WORD = r"thousands?|[Mm]illions?|[Bb]illions?|[Tt]rillions?|bn|Bn|[Mm]il\b"
_SCALED = re.compile(
    rf"(?:[(\[]|\bin\s|,\s?)\s*(?:in\s+)?#?(?P<scale>[kKmMgGbBT]|{_WORD})\s*(?:[)\]]|$|\b)"
    rf"|\b(?P<word>{_WORD})\b|\s(?P<last>[KMGB])$"
)
_POWER = re.compile(r"(?:[×x*]|\(|\bin\s|^)\s*(?:10\s?\^?\s?|1e)(?P<power>\d{1,2})\b")
_VAGUE = re.compile(r"(?:computation(?:al)?\s)?(?:complexity|costs?|computations?)", re.IGNORECASE)
"""Headers that leave it to the caption what they count."""
_EITHER = re.compile(r"\s*/\s*|\s*\|\s*|\s+&\s+")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the numbers under a header, or beside a row label, are."""

    path: str
    scale: float | None
    """None where neither header nor caption tells."""


def costs_under(header: Sequence[str], caption: str) -> tuple[Cost, ...]:
    """The costs that a header's lowest line with any names, in order: two where it says `Params / FLOPs`.

    What is no cost beside one, as in `FLOPs / FPS`, has an empty path.
    """
    for line in reversed(header):
        if paths := _paths(line):
            whole = " ".join(header) if len(paths) == 1 else ""
            parts = [whole] if whole else _EITHER.split(line)
            return tuple(
                Cost(path, scale_of(part) or _caption_scale(caption, path) if path else None)
                for path, part in zip(paths, parts, strict=True)
            )
    return _explained(header, caption)


def is_vague(line: str) -> bool:
    """Whether a line of a header says `Complexity` or the like, and leaves it to others what is counted."""
    return _VAGUE.fullmatch(line.strip()) is not None


def _explained(header: Sequence[str], caption: str) -> tuple[Cost, ...]:
    """The cost that a caption says a vague header counts: `complexity (in MFLOPs)`."""
    for line in header:
        vague = line.strip() if is_vague(line) else ""
        said = (
            re.search(
                rf"(?i)\b{re.escape(vague)}\b\s?(?:\(|\[|in\s|is\s|are\s|as\s)[^.;:)\]]{{0,40}}", caption
            )
            if vague
            else None
        )
        path = path_of(said[0]) if said else None
        if said and path:
            return (Cost(path, scale_of(said[0])),)
    return ()


def _paths(line: str) -> tuple[str, ...]:
    whole, parts = path_of(line), _EITHER.split(line)
    if len(parts) > 1:
        paths = [path_of(part) or "" for part in parts]
        named = [path for path in paths if path]
        apart = len(named) > 1 or whole or any(map(_TRAINING.fullmatch, parts))
        if named and len(named) == len(set(named)) and apart:
            return tuple(paths)
    return (whole,) if whole else ()


def path_of(text: str) -> str | None:
    """The field that a header or a label names; None if none, or a part, a rate or a change of one."""
    text = _ASIDE.sub(" ", text)
    if len(text) > _LONGEST:
        return None
    path = next((path for path, pattern in _FIELDS if pattern.search(text)), None)
    return path if path and not _NOT_A_COST.search(text) else None


def scale_of(text: str) -> float | None:
    """The factor a header gives its numbers: `(M)`, `GFLOPs`, `x10^9`, `Million`; None if it says nothing."""
    if found := _POWER.search(text):
        return float(10 ** int(found["power"]))
    if found := _SCALED.search(text):
        printed = found["scale"] or found["word"] or found["last"]
        return units().magnitude(printed.lower()) or units().magnitude(printed.upper())
    if found := _PREFIXED.search(text):
        return units().magnitude(found["prefix"][0].upper())
    return None


def _caption_scale(caption: str, path: str) -> float | None:
    """The factor that a caption gives: `parameters in millions`, `FLOPs (in billions)`."""
    pattern = dict(_FIELDS)[path]
    for found in pattern.finditer(caption):
        near = caption[found.end() : found.end() + 30]
        if re.match(r"\s*(?:\(|are\s|is\s|in\s|\[|counts?\s)", near) and (scale := scale_of(near)):
            return scale
    return None
