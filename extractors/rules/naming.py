"""Which accelerator a bare count means: `We use V100 GPUs` lends its name to `Each model is trained on 8 GPUs`.

A sentence beside the count that names one accelerator and counts none lends its name, even where it does not speak of
training itself; what it says of tests of speed or of other people's systems lends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.facts.ontology import GENERIC, Accelerator, accelerator
from extractors.facts.values import Name
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.findings import Finding
from extractors.rules.statements import Statement, Told

_REACH = 2
"""Sentences over which a name is lent."""


def name_lent(told: Told, statements: Sequence[Statement], index: int) -> tuple[Told, int] | None:
    """The name for hardware that a sentence only counts, and which statement lends it; None where there is none.

    Args:
        told: the hardware.
        statements: those of its paragraph.
        index: the one it is told in.
    """
    finding = told.finding
    part = part_of(finding)
    pronoun = bool(finding.features.get("of_named"))
    if COUNT not in finding.paths or not (pronoun or (part and part.id in GENERIC)):
        return None
    for other in _around(index, len(statements), forward=not pronoun):
        found = [one for one in _named(statements[other]) if pronoun or _lends(one, part)]
        if len({part_of(one.finding) for one in found}) == 1:
            return name_only(found[0]), other
        if found:
            return None
    return None


def part_of(finding: Finding) -> Accelerator | None:
    """The accelerator of a finding."""
    name = finding.value(ACCELERATOR)
    return accelerator(name.id) if isinstance(name, Name) else None


def name_only(told: Told) -> Told:
    """Hardware without its count."""
    facts = tuple(fact for fact in told.finding.facts if fact.path == ACCELERATOR)
    return replace(told, finding=replace(told.finding, facts=facts))


def _around(index: int, length: int, *, forward: bool) -> Iterator[int]:
    """The places of a sentence and its neighbours, nearest first."""
    yield index
    for distance in range(1, _REACH + 1):
        if index >= distance:
            yield index - distance
        if forward and index + distance < length:
            yield index + distance


def _named(statement: Statement) -> list[Told]:
    """What a sentence names by more than its kind, kept or not, unless something speaks against it."""
    told = (*statement.hardware, *(dismissed.told for dismissed in statement.dismissed))
    parts = [(one, part_of(one.finding)) for one in told if not one.stance.reasons]
    return [one for one, part in parts if part and part.id not in GENERIC]


def _lends(named: Told, part: Accelerator | None) -> bool:
    own = part_of(named.finding)
    return COUNT not in named.finding.paths and own is not None and part is not None and own.kind == part.kind
