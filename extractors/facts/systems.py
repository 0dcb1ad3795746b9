"""Machines that papers name instead of the accelerators in them, read from `extractors/ontology/systems.toml`.

A DGX-2 is sixteen V100, a `p3.16xlarge` eight. What each accelerator can do is in `facts.ontology`, and finding the
names in running text is in `rules.systems`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from extractors.facts.errors import OntologyError
from extractors.facts.ontology import Accelerator, accelerator, name_key


@checked_dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class _Entry:
    id: str
    names: tuple[str, ...]
    parts: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class System:
    """A machine with accelerators in it."""

    id: str
    names: tuple[str, ...]
    part: Accelerator
    """What is in it; `GPU` and its like where the machine was sold with one part or another."""
    count: int
    """Devices in one machine."""


def parse_systems(text: str, where: str) -> tuple[System, ...]:
    """Systems from TOML text: `[[system]]` entries with id, names, parts and count.

    Raises:
        OntologyError: not TOML, a key or type is wrong, a part is unknown, or two entries share a name.
    """
    try:
        entries = TypeAdapter(tuple[_Entry, ...]).validate_python(tomllib.loads(text).get("system"))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise OntologyError(f"not a list of systems: {error}", where=where) from error
    keys = [key for entry in entries for key in {name_key(name) for name in (entry.id, *entry.names)}]
    doubled = next((key for key in keys if keys.count(key) > 1), None)
    if doubled:
        raise OntologyError(
            f"{doubled!r} stands for two systems", where=where, remedy="Give it to one of them"
        )
    return tuple(System(entry.id, entry.names, _part(entry, where), entry.count) for entry in entries)


@cache
def systems() -> tuple[System, ...]:
    """All systems of the packaged ontology."""
    where = "systems.toml"
    return parse_systems(files("extractors").joinpath("ontology", where).read_text(encoding="utf-8"), where)


@cache
def _parts() -> dict[str, Accelerator]:
    return {system.id: system.part for system in systems()}


def part_of(system: str) -> Accelerator | None:
    """What is in a system, by its id."""
    return _parts().get(system)


def _part(entry: _Entry, where: str) -> Accelerator:
    parts = [(name, accelerator(name)) for name in entry.parts]
    known = [part for name, part in parts if part is not None and part.id == name]
    kinds = {part.kind for part in known}
    kind = accelerator(kinds.pop()) if len(known) == len(parts) and len(kinds) == 1 else None
    if kind is None or entry.count < 1:
        raise OntologyError(f"{entry.id} has an unknown part, or parts of two kinds, or none", where=where)
    return known[0] if len(known) == 1 else kind
