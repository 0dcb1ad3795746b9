"""Asks the sentences of a paper what they say of its own training: the story from rules to statements.

Each sentence's findings get their stance from what is heard around them, and `rules.keeping` decides which of them
are kept. Joining sentences is in `rules.joining`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.context import Context
from extractors.facts.known_models import known_subject_of
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.ownership import Ownership
from extractors.rules.accounts import Accounts, accounts_of, looks_named
from extractors.rules.cues import cues
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import COUNT
from extractors.rules.findings import Finding, Rule
from extractors.rules.hearing import Hearing, hear
from extractors.rules.keeping import (
    are_of_others,
    is_cued,
    is_in_use,
    is_resource,
    spared,
    took,
    without_hosts,
)
from extractors.rules.models import subject_of, trained_one
from extractors.rules.references import refers_to_hardware
from extractors.rules.registry import HARDWARE, RESOURCES, SCHEDULES, TIMES
from extractors.rules.statements import UNSAID, Dismissed, Statement, Told
from extractors.tables.citations import key

REACH = 3
"""Sentences over which hardware and the time it took are taken to belong together."""
_GOES_ON = re.compile(r"(?:it|they|their|its|this|these)\b(?! (?:work|paper))", re.IGNORECASE)
"""How a sentence opens that goes on with what the one before it is about."""
_OURS = re.compile(r"\b(?:we|our|ours)\b", re.IGNORECASE)
_ELSEWHERE = "the hardware beside it is somebody else's"
_OF_A_RUN = (
    "training_word",
    "work_word",
    "training_before",
    "training_section",
    "own_sentence",
    "all_work",
    "labelled",
    "used",
)
"""What must be said where a time and hardware stand in one sentence for them to be a run."""
_CROWD = 32
"""Devices from which they are more than tests of speed are made on."""
_WORDS_PER_MENTION = 2000
"""A paper that trains models says so at least once in so many words."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What holds for all sentences of a paper."""

    trains: bool
    foreign: frozenset[str]
    """Keys of the names that the text prints with a citation, its own models' aside."""
    ownership: Ownership
    """What it says about which models are its own."""
    accounts: Accounts
    """Where it tells of what others did."""


def paper_of(context: Context) -> Paper:
    """What holds for all sentences of a paper, found once."""
    own = {key(name) for name in context.ownership.headline}
    accounts = accounts_of(context.document, context.ownership)
    return Paper(trains_models(context.sentences), context.cited - own, context.ownership, accounts)


def statements_of(sentences: Sequence[Sentence], paper: Paper) -> tuple[Statement, ...]:
    """What each sentence of a paragraph states, in order."""
    stated, told = list[Statement](), False
    for index, sentence in enumerate(sentences):
        goes_on = bool(stated) and _is_of_others(stated[-1]) and _goes_on(sentence.text, paper.ownership)
        before = sentences[max(0, index - REACH) : index]
        stated.append(_statement(sentence, before, paper, of_others=goes_on, goes_on=told))
        told = paper.accounts.speaks_of_others(sentence, goes_on=told)
    return tuple(stated)


def _goes_on(text: str, ownership: Ownership) -> bool:
    """Whether a sentence goes on with what the one before it is about, with its hardware, or with another well-known model, and not with what we did."""
    if _GOES_ON.match(text):
        return True
    known = known_subject_of(text)
    others = refers_to_hardware(text) or (known is not None and ownership.is_known_elsewhere(known))
    return others and not _OURS.search(text)


def _is_of_others(statement: Statement) -> bool:
    """Whether all that a sentence says of hardware and times is said of somebody else's."""
    kept = (*statement.hardware, *statement.times)
    return not kept and are_of_others([item.told for item in statement.dismissed], compared=True)


def _statement(
    sentence: Sentence, before: Sequence[Sentence], paper: Paper, *, of_others: bool, goes_on: bool
) -> Statement:
    found = [_found(rules, sentence) for rules in (HARDWARE, TIMES, SCHEDULES, RESOURCES)]
    if not any(found):
        return Statement(sentence, before)
    hearing = hear(sentence, before, trains=paper.trains)
    hardware, times, schedules, resources = (
        tuple(
            _told(finding, sentence, hearing, paper, of_others=of_others, goes_on=goes_on)
            for finding in findings
        )
        for findings in found
    )
    cued = [told for told in times if is_cued(told)]
    in_processors = any(DEVICE_TIME in told.finding.paths for told in times)
    if hardware and (cued or in_processors):
        hardware, times = _beside(hardware, sentence), _beside(times, sentence)
    used = tuple(told for told in hardware if is_in_use(told))
    kept = without_hosts(used, sentence, cued)
    elsewhere = not kept and are_of_others(hardware)
    timed = tuple(told for told in times if took(told, beside_hardware=bool(kept)) and not elsewhere)
    lengths = tuple(told for told in schedules if told.stance.is_training)
    resources = tuple(map(spared, resources))
    spent = tuple(told for told in resources if is_resource(told))
    dismissed = (
        *_dismissed(hardware, used, "it is named, but not said to be used for training"),
        *_dismissed(used, kept, "a CPU beside a GPU is its host"),
        *_dismissed(times, timed, _ELSEWHERE if elsewhere else UNSAID),
        *_dismissed(schedules, lengths, ""),
        *_dismissed(resources, spent, "it is named, but not said to be used"),
    )
    return Statement(sentence, before, kept, timed, lengths, spent, dismissed)


def _dismissed(found: Sequence[Told], kept: Sequence[Told], otherwise: str) -> Iterator[Dismissed]:
    for told in found:
        if not any(told is other for other in kept):
            yield Dismissed(told, otherwise)


def _beside(found: Sequence[Told], sentence: Sentence) -> tuple[Told, ...]:
    return tuple(
        replace(told, stance=told.stance.beside()) if _may_be_of_a_run(told, sentence) else told
        for told in found
    )


def _may_be_of_a_run(told: Told, sentence: Sentence) -> bool:
    """Whether something speaks of training or work, or a model is said to take time: `Zip-XL took 40 hours on 8 GPUs`."""
    subject = subject_of(sentence.text, told.finding.start - sentence.start)
    return told.stance.says(_OF_A_RUN) or (subject is not None and looks_named(subject))


def _found(rules: Sequence[Rule], sentence: Sentence) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules for finding in rule.read(sentence))


def _told(
    finding: Finding, sentence: Sentence, hearing: Hearing, paper: Paper, *, of_others: bool, goes_on: bool
) -> Told:
    stance = hearing.stance(finding.start, finding.end)
    stance = stance.in_numbers() if _is_crowd(finding) else stance
    subject = subject_of(sentence.text, finding.start - sentence.start)
    trained = trained_one(sentence.text, finding.start - sentence.start)
    foreign = (
        of_others
        or (subject is not None and _is_foreign(subject, sentence, paper))
        or (trained is not None and _is_before(sentence, paper) and _is_foreign(trained, sentence, paper))
    )
    stance = stance.of_another() if foreign else stance
    accounted = paper.accounts.tells(sentence, finding.start, goes_on=goes_on)
    surveyed = paper.accounts.surveys(sentence)
    stance = stance.where({"account": float(accounted), "surveyed": float(surveyed)})
    return Told(finding, stance.where(_whose(subject or trained, paper.ownership)))


def _whose(name: str | None, ownership: Ownership) -> Mapping[str, float]:
    """What a model's name says of whose it is."""
    own = name is not None and ownership.is_own(name) is True
    unknown = name is not None and not own and looks_named(name)
    return {"own_subject": float(own), "unknown_subject": float(unknown)}


def _is_foreign(name: str, sentence: Sentence, paper: Paper) -> bool:
    """Whether a model is somebody else's: it is cited, or named where a paper speaks of what came before."""
    if key(name) in paper.foreign:
        return True
    if paper.ownership.is_own(name):
        return False
    words = name.split()
    if any(key(" ".join(words[:count])) in paper.foreign for count in range(1, len(words))):
        return True
    return _is_before(sentence, paper) and looks_named(name)


def _is_before(sentence: Sentence, paper: Paper) -> bool:
    """Whether a sentence may speak of what came before: by its section, in a paper that announces models or where it says nothing of `us`."""
    told = bool(paper.ownership.headline) or not _OURS.search(sentence.text)
    before = told and paper.accounts.may_be_before(sentence)
    return before or paper.accounts.may_compare(sentence)


def _is_crowd(finding: Finding) -> bool:
    count = finding.value(COUNT)
    return isinstance(count, Quantity) and count.value >= _CROWD


def trains_models(sentences: Sequence[Sentence]) -> bool:
    """Whether a paper speaks of training models itself at all: systems papers and surveys hardly do."""
    words = sum(len(sentence.text.split()) for sentence in sentences)
    cue, said = cues()["own_training"], 0
    for sentence in sentences:
        if said * _WORDS_PER_MENTION >= words:
            return True
        said += len({end for _, end in cue.places(sentence)})
    return said * _WORDS_PER_MENTION >= words
