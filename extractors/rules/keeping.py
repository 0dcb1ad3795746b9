"""Which findings of a sentence are kept as what the paper's own training used and took.

Here the points of `rules.stance` meet the findings: hardware without a number must be said to be in use, a time must
have a verb or a place for it, a CPU named beside a GPU is its host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.findings import Finding
from extractors.rules.naming import part_of
from extractors.rules.number_formats import NUMBER_FORMAT
from extractors.rules.stance import Stance
from extractors.rules.statements import Told

_AGAINST = re.compile(r"\b(?:while|whereas|but|versus|vs|instead|respectively|or)\b|\bcores\b", re.IGNORECASE)
_HOST = re.compile(
    r"\bGPUs?\s?(?:\([^()]*\)\s?)?,?\s(?:and|with|plus|along with|as well as)\s(?:an?\s)?[\w-]+\s(?:\w+\s)?(?:CPU\s)?(?:virtual\s)?cores\b",
    re.IGNORECASE,
)
"""What a machine has beside its accelerators: `8 GPUs and 80 CPU cores`."""
_HOSTED = re.compile(r"\bhosts?\b", re.IGNORECASE)
_OF_WORK = ("training_word", "work_word", "all_work")
_OF_USE = ("own_sentence", "used", "all_work", "time_and_hardware", "trained_on")
"""What a sentence must say for hardware without a number to be in use: naming it is not using it."""
_EDGE = ("NVIDIA Jetson", "Google Edge TPU")
"""Parts that models are deployed on: a word of that is enough, wherever training stands in the sentence."""
_OF_OTHERS = ("cited", "foreign_subject", "account", "surveyed")
"""What is said of hardware that is somebody else's."""
_CONTINUES = 0.5
"""Points that a time needs behind sentences about training, for `It took four days` says no more by itself, and a
processor time anywhere: little else than training is counted in it."""
_SPARED = {
    "of_data": ("cited",),
    "of_a_step": ("inference_word", "inference_nearer"),
    "of_a_pace": ("inference_word", "inference_nearer"),
}
"""What says nothing against resources that are told of data, which others made, or of steps, which have a speed."""
_SURE_OF_ALL = 1.5
_SURE = 2.5
"""Points that hardware without a number and without a name of its own needs."""


def without_hosts(found: Sequence[Told], sentence: Sentence, times: Sequence[Told]) -> tuple[Told, ...]:
    """Hardware in reading order; a CPU named beside a GPU is its host, unless the sentence sets them against another, and so is one that is called so.

    So it does where each has its time: `2 weeks on 100 CPUs and 1 day on 4 GPUs`.
    """
    ordered = sorted(found, key=lambda told: told.finding.start)
    kinds = [_kind(told.finding) for told in ordered]
    alone = set(kinds) <= {"CPU"}
    against = _AGAINST.search(_HOST.sub("", sentence.text))
    if (alone and not _HOSTED.search(sentence.text)) or (
        not alone and (against or _alternate(ordered, times))
    ):
        return tuple(ordered)
    return tuple(told for told, kind in zip(ordered, kinds, strict=True) if kind != "CPU")


def _alternate(hardware: Sequence[Told], times: Sequence[Told]) -> bool:
    """Whether hardware and times take turns in a sentence."""
    placed = sorted(
        [(told.finding.start, 0) for told in hardware] + [(told.finding.start, 1) for told in times]
    )
    return all(one != other for (_, one), (_, other) in pairwise(placed))


def _kind(finding: Finding) -> str:
    part = part_of(finding)
    return part.kind if part else ""


def _is_for_the_edge(finding: Finding) -> bool:
    name = finding.value(ACCELERATOR)
    return isinstance(name, Name) and name.id.startswith(_EDGE)


def is_in_use(told: Told) -> bool:
    """Whether hardware is said to be used for training."""
    finding, stance = told.finding, told.stance
    if _is_for_the_edge(finding) and stance.says(("inference_word",)):
        return False
    if COUNT not in finding.paths and not (stance.says(_OF_USE) and stance.says(_OF_WORK)):
        return False
    if not finding.features.get("generic_name"):
        return stance.is_training
    count = finding.value(COUNT)
    alone = not isinstance(count, Quantity) or count.value == 1
    if alone and not stance.says(("training_word", "all_work")):
        return False
    vague = count is None or bool(finding.features.get("vague_count"))
    return stance.points >= _sure(stance) if vague else stance.is_training


def _sure(stance: Stance) -> float:
    return _SURE_OF_ALL if stance.features["all_work"] else _SURE


def are_of_others(found: Sequence[Told], *, compared: bool = False) -> bool:
    """Whether all hardware is somebody else's, and so a time in its sentence; what is only compared with counts if asked."""
    names = (*_OF_OTHERS, "other_work", "attributed") if compared else _OF_OTHERS
    return bool(found) and all(told.stance.says(names) for told in found)


def is_cued(told: Told) -> bool:
    """Whether a time has a verb or a place that tells how long something took."""
    return bool(told.finding.features.get("time_cue") or told.finding.features.get("placed"))


def took(told: Told, *, beside_hardware: bool) -> bool:
    """Whether a time is what a training took."""
    in_processors = DEVICE_TIME in told.finding.paths
    if not (_is_said(told.stance) or (in_processors and told.stance.points >= _CONTINUES)):
        return False
    features = told.finding.features
    return in_processors or bool(features["time_cue"]) or (beside_hardware and bool(features["placed"]))


def _is_said(stance: Stance) -> bool:
    """Whether words are said of training, or go on with it, as `It took four days` does."""
    return stance.is_training or (stance.points >= _CONTINUES and bool(stance.features["training_before"]))


def spared(told: Told) -> Told:
    """A resource with its stance, in which words that its own kind brings along do not count."""
    names = [name for kind, spared in _SPARED.items() if told.finding.features.get(kind) for name in spared]
    return replace(told, stance=told.stance.regardless(names)) if names else told


def is_resource(told: Told) -> bool:
    """Whether it is of training: a batch for each device and a share of the peak speak of training by themselves; to name a format is not to use it."""
    if told.finding.features.get("of_a_step"):
        return told.stance.points >= 0.0
    used = NUMBER_FORMAT not in told.finding.paths or told.stance.says(_OF_USE)
    return used and _is_said(told.stance)
