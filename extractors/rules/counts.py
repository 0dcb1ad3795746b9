"""Reads how many accelerators a sentence names: `8 V100 GPUs`, `4x RTX 2080 Ti`, `two machines with 8 GPUs each`.

The names are found by `rules.accelerators`, and patterns over them (`rules.count_patterns`) say where their numbers
stand. Lists and ranges of numbers are read in `rules.numbers`, devices of several hosts in `rules.hosts`, and what is
only a unit of something else (`450 GPU days`) in `rules.device_units`. A count is of devices unless chips, cores, boards or
nodes are said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from spacy.tokens import Doc

from extractors.facts.ontology import hardware_words
from extractors.facts.systems import part_of
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.phrases import Hit
from extractors.rules.accelerators import Named, names_any
from extractors.rules.bounds import unbounded
from extractors.rules.count_patterns import marked, matches_in
from extractors.rules.device_units import is_only_a_unit
from extractors.rules.devices import Devices, finding_of, unit_named
from extractors.rules.ellipses import ellipses
from extractors.rules.findings import Finding
from extractors.rules.hosts import times_hosts
from extractors.rules.machines import machines_in
from extractors.rules.numbers import collected, number_at, numbered
from extractors.rules.patterns import Matches
from extractors.rules.sharing import joined, shared, told_once
from extractors.rules.slices import slices_in

_CROWDS = hardware_words().crowds
_SEVERAL = frozenset({"pods", "slices", "clusters"})
"""Crowds of which a number counts several."""


class AcceleratorCount:
    """Reads an accelerator and how many: `8 NVIDIA V100 GPUs`, `4x A100`, `eight-GPU`, `8 GPUs (Tesla V100)`."""

    name: ClassVar[str] = "training.accelerator-count"
    example: ClassVar[str] = "We train on 8 NVIDIA V100 GPUs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each accelerator that the sentence names."""
        if not names_any(sentence):
            return
        tokens, machines = sentence.tokens, machines_in(sentence)
        accelerators = [_in_machine(named, machines) for named in marked(tokens)]
        matches = matches_in(tokens)
        counted = [devices for named in accelerators for devices in _counted(tokens, named, matches)]
        elsewhere = [(hit.start, hit.end) for hit in machines]
        elsewhere += [(found.name.start_char, found.name.end_char) for found in slices_in(sentence)]
        several = [times_hosts(tokens, one, matches) for one in shared(tokens, joined(tokens, counted))]
        told = told_once([unbounded(tokens, one, matches) for one in several])
        for devices in (*told, *ellipses(tokens, told)):
            if not is_only_a_unit(tokens, devices, matches) and not _stands_in(elsewhere, tokens, devices):
                yield finding_of(self.name, sentence, tokens, devices)


def _in_machine(named: Named, machines: Sequence[Hit]) -> Named:
    """An accelerator by the name of the one machine that a sentence speaks of: the GPUs of `a DGX-2 with 16 GPUs`."""
    part = part_of(machines[0].ids[0]) if len(machines) == 1 else None
    return replace(named, part=part) if part and named.generic and part.kind == named.part.kind else named


def _stands_in(places: Sequence[tuple[int, int]], tokens: Doc, devices: Devices) -> bool:
    """Whether the accelerator is named in the name of a machine or a slice, which other rules read."""
    span = tokens[devices.named.start : devices.named.end]
    return any(first < span.end_char and span.start_char < last for first, last in places)


def _counted(tokens: Doc, named: Named, matches: Matches) -> list[Devices]:
    """An accelerator with the number printed right before or behind it; several where it lists numbers."""
    parts = _ending_in(named, matches["parts"])
    if parts:
        return numbered(tokens, named, parts[0], unit_named(tokens[parts[0] + 1].text) or "devices")
    holding = [*matches["within"], *(matches["holding"] if named.part.kind == "TPU" else ())]
    within = _starting_in(named, holding)
    if within:
        last = within[0] - 1
        count = number_at(tokens, last - 1, unit_named(tokens[last].text) or "devices")
        return [_in_several(tokens, Devices(named, count, named.start, within[0]))]
    collective = _ending_in(named, matches["collective"])
    if collective:
        start = min(collective)
        return [Devices(named, collected(tokens, start, _unit(tokens, named)), start, named.end)]
    before = _ending_in(named, matches["before"])
    if before and not _counts_crowds(tokens, max(before), named):
        return numbered(tokens, named, max(before), _unit(tokens, named))
    after = _starting_in(named, matches["after"])
    if after and not before:
        last = max(at for at in range(named.end, after[0]) if tokens[at].like_num)
        return [Devices(named, number_at(tokens, last, _unit(tokens, named)), named.start, after[0])]
    return [Devices(named, None, named.start, named.end)]


def _in_several(tokens: Doc, devices: Devices) -> Devices:
    """The devices of several pods with so many each: `two TPU v4 pods of 3072 chips each`."""
    front, count = devices.start - 1, devices.count
    each = tokens[devices.end : devices.end + 1].text.lower() == "each"
    pods = number_at(tokens, front, "devices") if each and front >= 0 else None
    if pods is None or count is None:
        return devices
    printed = tokens[front : devices.end].text
    total = Quantity.exact(pods.value * count.value, count.unit, printed)
    return replace(devices, count=total, start=front)


def _ending_in(named: Named, matches: Sequence[tuple[int, int]]) -> list[int]:
    """Where the matches begin that end in a name."""
    return [start for start, end in matches if start < named.start < end <= named.end]


def _starting_in(named: Named, matches: Sequence[tuple[int, int]]) -> list[int]:
    """Where the matches end that begin in a name."""
    return [end for start, end in matches if named.start <= start < named.end < end]


def _counts_crowds(tokens: Doc, number: int, named: Named) -> bool:
    """Whether a number is one of crowds: `a GPU cluster`, `two TPU v4 pods`."""
    behind = tokens[named.end : named.end + 1].text.lower()
    return (
        tokens[number].lower_ in {"a", "an", "the"} and _is_crowd(tokens, named.end)
    ) or behind in _SEVERAL


def _is_crowd(tokens: Doc, end: int) -> bool:
    """`a GPU cluster` is not one GPU."""
    return any(token.lower_ in _CROWDS for token in tokens[end : end + 2])


def _unit(tokens: Doc, named: Named) -> str:
    """What is counted, by the words behind the accelerator or right in front: `32 TPU v3 cores`, `32-core TPU`."""
    front = named.start if tokens[named.start].lower_ == "core" else max(0, named.start - 1)
    if tokens[front].lower_ in {"core", "chip"} and front > 0 and tokens[front - 1].text == "-":
        return unit_named(tokens[front].text) or "devices"
    for token in tokens[max(named.end - 1, named.start) : named.end + 2]:
        unit = unit_named(token.text)
        if unit and not (unit == "nodes" and tokens[named.start - 1].text == "-"):
            return unit
        if (token.is_punct and token.lower_ != "-") or token.lower_ in {"per", "each", "on", "and"}:
            break
    return "devices"
