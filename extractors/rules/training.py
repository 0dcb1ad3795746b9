"""Training runs as single places of a paper state them: from findings in sentences to drafts.

Authors state one run over neighbouring sentences (`We use 8 V100 GPUs. Training takes 3 days.`). Here the findings of
the rules are filtered by what they are said of, facts of one run are joined within a paragraph, and each join keeps
its distance as a feature. Tables are read in `rules.cells`; joining over the whole paper is `extractors.linking`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extractors.context import Context
from extractors.drafts import Draft
from extractors.facts.ontology import accelerator
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.language import Sentence
from extractors.rules.cells import table_drafts
from extractors.rules.counts import ACCELERATOR, COUNT
from extractors.rules.durations import DEVICE_TIME, WALL_TIME
from extractors.rules.findings import Finding, Rule
from extractors.rules.models import model_in, subject_of
from extractors.rules.registry import HARDWARE, SCHEDULES, TIMES
from extractors.rules.stance import Stance, phase_of, stance_of, trains_models
from extractors.tables.owners import cited_names, key

_REACH = 3
"""Sentences over which hardware and the time it took are taken to belong together."""
_ALL = re.compile(
    r"^(?:each|all|both|every|these|the (?:pre-?)?training of (?:each|all|both))\b", re.IGNORECASE
)
"""Beginnings of a sentence that speaks of every run just named."""
_AGAINST = re.compile(r"\b(?:while|whereas|but|versus|vs|instead|respectively|or)\b|\bcores\b", re.IGNORECASE)
_OF_WORK = ("training_word", "work_word", "all_work")
_OF_USE = ("own_sentence", "used", "all_work", "time_and_hardware", "trained_on")
"""What a sentence must say for hardware without a number to be in use: naming it is not using it."""
_CONTINUES = 0.5
"""Points that a time needs behind sentences about training: `It took four days` says no more by itself."""
_SURE_OF_ALL = 1.5
_SURE = 2.5
"""Points that hardware without a number and without a name of its own needs."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding with what it is said of."""

    finding: Finding
    stance: Stance


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one sentence says about the paper's own training."""

    sentence: Sentence
    before: Sequence[Sentence]
    hardware: tuple[_Told, ...]
    times: tuple[_Told, ...]
    schedules: tuple[_Told, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A finding as part of a run: where it stands and how far from the run's first part."""

    told: _Told
    statement: _Statement
    distance: int = 0


@dataclass(frozen=True, slots=True)
class _Paper:
    """What holds for all sentences of a paper."""

    trains: bool
    foreign: frozenset[str]
    """Keys of the names that the text prints with a citation, its own models' aside."""


_Parts = tuple[_Part, ...]


def training_drafts(context: Context) -> tuple[Draft, ...]:
    """Drafts of the training runs that a paper states, in sentences first, then in tables."""
    paper = _paper(context)
    drafts = [
        draft
        for _, sentences in groupby(context.sentences, key=lambda sentence: id(sentence.paragraph))
        for draft in _paragraph_drafts(tuple(sentences), context, paper)
    ]
    return (*drafts, *table_drafts(context))


def _paper(context: Context) -> _Paper:
    own = {key(name) for name in context.ownership.headline}
    cited = cited_names(paragraph.text for paragraph in context.document.statements())
    return _Paper(trains_models(context.sentences), cited - own)


def _paragraph_drafts(sentences: Sequence[Sentence], context: Context, paper: _Paper) -> Iterator[Draft]:
    statements = [
        _statement(sentence, sentences[max(0, index - _REACH) : index], paper)
        for index, sentence in enumerate(sentences)
    ]
    runs = [run for index in range(len(statements)) for run in _runs(statements, index)]
    for run in _with_schedules(runs, statements):
        yield _draft(run, context)


def _statement(sentence: Sentence, before: Sequence[Sentence], paper: _Paper) -> _Statement:
    hardware, times, schedules = (
        tuple(_read(rules, sentence, before, paper)) for rules in (HARDWARE, TIMES, SCHEDULES)
    )
    cued = [
        told for told in times if told.finding.features.get("time_cue") or told.finding.features.get("placed")
    ]
    if hardware and cued:
        hardware, times = _beside(hardware), _beside(times)
    kept = _without_hosts([told for told in hardware if _is_hardware(told)], sentence)
    return _Statement(
        sentence,
        before,
        kept,
        tuple(told for told in times if _is_time(told, bool(kept))),
        tuple(told for told in schedules if told.stance.is_training),
    )


def _without_hosts(found: Sequence[_Told], sentence: Sentence) -> tuple[_Told, ...]:
    """Hardware in reading order; a CPU named beside a GPU is its host, unless the sentence sets them against another."""
    ordered = sorted(found, key=lambda told: told.finding.start)
    kinds = [_kind(told.finding) for told in ordered]
    if set(kinds) <= {"CPU"} or _AGAINST.search(sentence.text):
        return tuple(ordered)
    return tuple(told for told, kind in zip(ordered, kinds, strict=True) if kind != "CPU")


def _kind(finding: Finding) -> str:
    name = finding.value(ACCELERATOR)
    part = accelerator(name.id) if isinstance(name, Name) else None
    return part.kind if part else ""


def _beside(found: Sequence[_Told]) -> tuple[_Told, ...]:
    return tuple(replace(told, stance=told.stance.beside()) for told in found)


def _read(
    rules: Sequence[Rule], sentence: Sentence, before: Sequence[Sentence], paper: _Paper
) -> Iterator[_Told]:
    for rule in rules:
        for finding in rule.read(sentence):
            stance = stance_of(sentence, finding.start, finding.end, before, trains=paper.trains)
            subject = subject_of(sentence.text, finding.start - sentence.start)
            yield _Told(finding, stance.of_another() if subject and key(subject) in paper.foreign else stance)


def _is_hardware(told: _Told) -> bool:
    finding, stance = told.finding, told.stance
    if COUNT not in finding.paths and not (_says(stance, _OF_USE) and _says(stance, _OF_WORK)):
        return False
    vague = finding.features.get("generic_name") and (
        COUNT not in finding.paths or finding.features.get("vague_count")
    )
    if vague and not (stance.features["training_word"] or stance.features["all_work"]):
        return False
    return stance.points >= _sure(stance) if vague else stance.is_training


def _sure(stance: Stance) -> float:
    return _SURE_OF_ALL if stance.features["all_work"] else _SURE


def _says(stance: Stance, names: Sequence[str]) -> bool:
    return any(stance.features.get(name) for name in names)


def _is_time(told: _Told, beside_hardware: bool) -> bool:
    stance, features = told.stance, told.finding.features
    continues = stance.points >= _CONTINUES and stance.features["training_before"]
    if not (stance.is_training or continues):
        return False
    return (
        DEVICE_TIME in told.finding.paths
        or bool(features["time_cue"])
        or (beside_hardware and bool(features["placed"]))
    )


def _runs(statements: Sequence[_Statement], index: int) -> Iterator[_Parts]:
    """The runs that a sentence states, each with the hardware of its own or a neighbouring sentence."""
    statement = statements[index]
    hardware = [_Part(told, statement) for told in statement.hardware]
    times = list(_times(statement))
    if times:
        yield from _paired(_completed(hardware, statements, index), times)
    else:
        yield from ((part,) for part in hardware if ACCELERATOR in part.told.finding.paths)


def _times(statement: _Statement) -> Iterator[_Parts]:
    """The times of a sentence; a wall-clock and a processor time side by side are of one run."""
    parts = [_Part(told, statement) for told in statement.times]
    clock = [part for part in parts if WALL_TIME in part.told.finding.paths]
    device = [part for part in parts if DEVICE_TIME in part.told.finding.paths]
    if len(clock) == len(device):
        yield from zip(clock, device, strict=True)
    else:
        yield from ((part,) for part in (*clock, *device))


def _completed(hardware: Sequence[_Part], statements: Sequence[_Statement], index: int) -> list[_Parts]:
    """The hardware of a time: its own sentence's, else a neighbour's; bare `32 workers` take a neighbour's name."""
    if not hardware:
        return [(part,) for part in _nearby(statements, index)]
    if any(ACCELERATOR in part.told.finding.paths for part in hardware):
        return [(part,) for part in hardware]
    names = [_name_of(part) for part in _nearby(statements, index) if ACCELERATOR in part.told.finding.paths]
    return [(part, *names[:1]) for part in hardware]


def _name_of(part: _Part) -> _Part:
    finding = part.told.finding
    names = tuple(fact for fact in finding.facts if fact.path == ACCELERATOR)
    return replace(part, told=replace(part.told, finding=replace(finding, facts=names)))


def _nearby(statements: Sequence[_Statement], index: int) -> list[_Part]:
    """Hardware of the nearest sentence that states some, looking back first; `each ... took` means all just named."""
    if _ALL.search(statements[index].sentence.text):
        return [
            _Part(told, statements[index - distance], distance)
            for distance in range(min(_REACH, index), 0, -1)
            for told in statements[index - distance].hardware
        ]
    for distance in range(1, _REACH + 1):
        for other in (index - distance, index + distance):
            if 0 <= other < len(statements) and statements[other].hardware:
                near = statements[other]
                return [_Part(told, near, distance) for told in near.hardware]
    return []


def _paired(hardware: Sequence[_Parts], times: Sequence[_Parts]) -> Iterator[_Parts]:
    """Which time belongs to which hardware: in order if there are as many of both, else every one with every one."""
    if not hardware:
        yield from times
    elif len(hardware) == len(times):
        yield from ((*item, *time) for item, time in zip(hardware, times, strict=True))
    elif len(times) == 1 or len(hardware) == 1:
        yield from ((*item, *time) for item in hardware for time in times)
    else:
        for time in times:
            start = time[0].told.finding.start
            nearest = min(hardware, key=lambda item: abs(item[0].told.finding.start - start))
            yield *nearest, *time


def _with_schedules(runs: Sequence[_Parts], statements: Sequence[_Statement]) -> Iterator[_Parts]:
    """Epochs, steps and batch size go to the nearest run of the paragraph, or make one of their own."""
    parts = [_Part(told, statement) for statement in statements for told in statement.schedules]
    if not runs:
        if parts:
            yield tuple(_first_of_each(parts))
        return
    homes: list[list[_Part]] = [[] for _ in runs]
    for part in parts:
        gaps = [abs(run[0].told.finding.start - part.told.finding.start) for run in runs]
        for home, gap in zip(homes, gaps, strict=True):
            if gap == min(gaps):
                home.append(part)
    for run, home in zip(runs, homes, strict=True):
        yield *run, *_first_of_each(home)


def _first_of_each(parts: Sequence[_Part]) -> Iterator[_Part]:
    seen = set[str]()
    for part in parts:
        if not part.told.finding.paths & seen:
            seen |= part.told.finding.paths
            yield part


def _draft(run: Sequence[_Part], context: Context) -> Draft:
    lead = run[0]
    sentence, start = lead.statement.sentence, lead.told.finding.start
    own = context.ownership.headline
    mentions = [
        model_in(part.statement.sentence.text, part.told.finding.start - part.statement.sentence.start, own)
        for part in reversed(run)
    ]
    mention = next((name for name in mentions if name), None)
    candidates = [candidate for part in run for candidate in _candidates(part, len(run), context)]
    phase, printed = phase_of(sentence, start, lead.statement.before)
    spoken = Candidate(
        "run.phase", Name(phase, printed or phase), candidates[0].evidence, None, candidates[0].features
    )
    reasons = tuple(
        dict.fromkeys(
            reason for part in run for reason in (*part.told.stance.reasons, *part.told.finding.reasons)
        )
    )
    return Draft("run", mention, (*candidates, spoken), _place(sentence), reasons)


def _candidates(part: _Part, parts: int, context: Context) -> tuple[Candidate, ...]:
    statement = part.statement
    features = {
        **part.told.stance.features,
        "points": part.told.stance.points,
        "sentence_distance": float(part.distance),
        "rivals_in_sentence": float(max(len(statement.hardware), len(statement.times))),
        "joined": float(parts > 1),
    }
    return part.told.finding.candidates(statement.sentence, context.document.sha256, features)


def _place(sentence: Sentence) -> dict[str, float]:
    paragraph = sentence.paragraph
    return {
        "in_abstract": float(paragraph.region in ("front", "abstract")),
        "in_appendix": float(paragraph.region == "appendix"),
        "in_caption": float(paragraph.kind == "caption"),
        "in_footnote": float(paragraph.kind == "footnote"),
        "in_table": 0.0,
    }
