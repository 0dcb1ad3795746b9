"""What one sentence says of the paper's own training: the findings of the rules, less what is said of something else.

Here the points of `rules.stance` meet the findings: hardware without a number must be said to be in use, a time must
have a verb or a place for it, a CPU named beside a GPU is its host. Joining sentences is in `rules.joining`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.context import Context
from extractors.facts.ontology import accelerator
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import DEVICE_TIME
from extractors.rules.findings import Finding, Rule
from extractors.rules.models import subject_of
from extractors.rules.number_formats import NUMBER_FORMAT
from extractors.rules.registry import HARDWARE, RESOURCES, SCHEDULES, TIMES
from extractors.rules.stance import ACCEPT_AT, Hearing, Stance, hear, trains_models
from extractors.tables.citations import key

REACH = 3
"""Sentences over which hardware and the time it took are taken to belong together."""
_AGAINST = re.compile(r"\b(?:while|whereas|but|versus|vs|instead|respectively|or)\b|\bcores\b", re.IGNORECASE)
_OF_WORK = ("training_word", "work_word", "all_work")
_OF_USE = ("own_sentence", "used", "all_work", "time_and_hardware", "trained_on")
"""What a sentence must say for hardware without a number to be in use: naming it is not using it."""
_OF_OTHERS = ("cited", "foreign_subject")
"""What is said of hardware that is somebody else's, and so is a time in its sentence."""
_ELSEWHERE = "the hardware beside it is somebody else's"
_CONTINUES = 0.5
"""Points that a time needs behind sentences about training, for `It took four days` says no more by itself, and a
processor time anywhere: little else than training is counted in it."""
_CROWD = 32
"""Devices from which they are more than tests of speed are made on."""
_SPARED = {
    "of_data": ("cited",),
    "of_a_step": ("inference_word", "inference_nearer"),
    "of_a_pace": ("inference_word", "inference_nearer"),
}
"""What says nothing against resources that are told of data, which others made, or of steps, which have a speed."""
_SURE_OF_ALL = 1.5
_SURE = 2.5
"""Points that hardware without a number and without a name of its own needs."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with what it is said of."""

    finding: Finding
    stance: Stance


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A finding that is taken to be said of something else, or to say nothing of a training."""

    told: Told
    otherwise: str
    """Why, where the stance is not what decided."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in words."""
        stance = self.told.stance
        if stance.is_training:
            return (self.otherwise,)
        return stance.reasons or (
            f"{stance.points:g} points for the paper's own training, less than {ACCEPT_AT:g}",
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says about the paper's own training."""

    sentence: Sentence
    before: Sequence[Sentence]
    hardware: tuple[Told, ...] = ()
    times: tuple[Told, ...] = ()
    schedules: tuple[Told, ...] = ()
    resources: tuple[Told, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    """What its rules found beside that, kept for explanations."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What holds for all sentences of a paper."""

    trains: bool
    foreign: frozenset[str]
    """Keys of the names that the text prints with a citation, its own models' aside."""


def paper_of(context: Context) -> Paper:
    """What holds for all sentences of a paper, found once."""
    own = {key(name) for name in context.ownership.headline}
    return Paper(trains_models(context.sentences), context.cited - own)


def statements_of(sentences: Sequence[Sentence], paper: Paper) -> tuple[Statement, ...]:
    """What each sentence of a paragraph states, in order."""
    return tuple(
        _statement(sentence, sentences[max(0, index - REACH) : index], paper)
        for index, sentence in enumerate(sentences)
    )


def _statement(sentence: Sentence, before: Sequence[Sentence], paper: Paper) -> Statement:
    found = [_found(rules, sentence) for rules in (HARDWARE, TIMES, SCHEDULES, RESOURCES)]
    if not any(found):
        return Statement(sentence, before)
    hearing = hear(sentence, before, trains=paper.trains)
    hardware, times, schedules, resources = (
        tuple(_told(finding, sentence, hearing, paper) for finding in findings) for findings in found
    )
    cued = [
        told for told in times if told.finding.features.get("time_cue") or told.finding.features.get("placed")
    ]
    if hardware and cued:
        hardware, times = _beside(hardware), _beside(times)
    used = [told for told in hardware if _is_hardware(told)]
    kept = _without_hosts(used, sentence, timed=_alternate(used, cued))
    elsewhere = bool(hardware) and not kept and all(_says(told.stance, _OF_OTHERS) for told in hardware)
    timed = tuple(told for told in times if _is_time(told, bool(kept)) and not elsewhere)
    lengths = tuple(told for told in schedules if told.stance.is_training)
    spared = tuple(map(_spared, resources))
    spent = tuple(told for told in spared if _is_resource(told))
    dismissed = (
        *_dismissed(hardware, used, "it is named, but not said to be used for training"),
        *_dismissed(used, kept, "a CPU beside a GPU is its host"),
        *_dismissed(times, timed, _ELSEWHERE if elsewhere else "nothing says that a training took so long"),
        *_dismissed(schedules, lengths, ""),
        *_dismissed(spared, spent, "it is named, but not said to be used"),
    )
    return Statement(sentence, before, kept, timed, lengths, spent, dismissed)


def _dismissed(found: Sequence[Told], kept: Sequence[Told], otherwise: str) -> Iterator[Dismissed]:
    for told in found:
        if not any(told is other for other in kept):
            yield Dismissed(told, otherwise)


def _without_hosts(found: Sequence[Told], sentence: Sentence, *, timed: bool) -> tuple[Told, ...]:
    """Hardware in reading order; a CPU named beside a GPU is its host, unless the sentence sets them against another.

    So it does where each has its time: `2 weeks on 100 CPUs and 1 day on 4 GPUs`.
    """
    ordered = sorted(found, key=lambda told: told.finding.start)
    kinds = [_kind(told.finding) for told in ordered]
    if timed or set(kinds) <= {"CPU"} or _AGAINST.search(sentence.text):
        return tuple(ordered)
    return tuple(told for told, kind in zip(ordered, kinds, strict=True) if kind != "CPU")


def _alternate(hardware: Sequence[Told], times: Sequence[Told]) -> bool:
    """Whether hardware and times take turns in a sentence."""
    placed = sorted(
        [(told.finding.start, 0) for told in hardware] + [(told.finding.start, 1) for told in times]
    )
    return all(one != other for (_, one), (_, other) in pairwise(placed))


def _kind(finding: Finding) -> str:
    name = finding.value(ACCELERATOR)
    part = accelerator(name.id) if isinstance(name, Name) else None
    return part.kind if part else ""


def _beside(found: Sequence[Told]) -> tuple[Told, ...]:
    return tuple(replace(told, stance=told.stance.beside()) for told in found)


def _found(rules: Sequence[Rule], sentence: Sentence) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules for finding in rule.read(sentence))


def _told(finding: Finding, sentence: Sentence, hearing: Hearing, paper: Paper) -> Told:
    stance = hearing.stance(finding.start, finding.end)
    stance = stance.in_numbers() if _is_crowd(finding) else stance
    subject = subject_of(sentence.text, finding.start - sentence.start)
    return Told(finding, stance.of_another() if subject and key(subject) in paper.foreign else stance)


def _is_crowd(finding: Finding) -> bool:
    count = finding.value(COUNT)
    return isinstance(count, Quantity) and count.value >= _CROWD


def _is_hardware(told: Told) -> bool:
    finding, stance = told.finding, told.stance
    if COUNT not in finding.paths and not (_says(stance, _OF_USE) and _says(stance, _OF_WORK)):
        return False
    if not finding.features.get("generic_name"):
        return stance.is_training
    count = finding.value(COUNT)
    alone = not isinstance(count, Quantity) or count.value == 1
    if alone and not _says(stance, ("training_word", "all_work")):
        return False
    vague = count is None or bool(finding.features.get("vague_count"))
    return stance.points >= _sure(stance) if vague else stance.is_training


def _sure(stance: Stance) -> float:
    return _SURE_OF_ALL if stance.features["all_work"] else _SURE


def _says(stance: Stance, names: Sequence[str]) -> bool:
    return any(stance.features.get(name) for name in names)


def _is_time(told: Told, beside_hardware: bool) -> bool:
    in_processors = DEVICE_TIME in told.finding.paths
    if not (_is_said(told.stance) or (in_processors and told.stance.points >= _CONTINUES)):
        return False
    features = told.finding.features
    return in_processors or bool(features["time_cue"]) or (beside_hardware and bool(features["placed"]))


def _is_said(stance: Stance) -> bool:
    """Whether words are said of training, or go on with it, as `It took four days` does."""
    return stance.is_training or (stance.points >= _CONTINUES and bool(stance.features["training_before"]))


def _spared(told: Told) -> Told:
    """A resource with its stance, in which words that its own kind brings along do not count."""
    names = [name for kind, spared in _SPARED.items() if told.finding.features.get(kind) for name in spared]
    return replace(told, stance=told.stance.regardless(names)) if names else told


def _is_resource(told: Told) -> bool:
    """A batch for each device and a share of the peak speak of training by themselves; to name a format is not to use it."""
    if told.finding.features.get("of_a_step"):
        return told.stance.points >= 0.0
    used = NUMBER_FORMAT not in told.finding.paths or _says(told.stance, _OF_USE)
    return used and _is_said(told.stance)
