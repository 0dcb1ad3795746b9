"""Training runs as single places of a paper state them: the story from sentences and tables to drafts.

Rules find facts, `rules.telling` keeps what is said of the paper's own training, `rules.joining` joins facts of one
run within a paragraph, and here each run becomes a draft with its phase, its model and its features. Tables are read
in `rules.table_runs`; joining over the whole paper is `extractors.linking`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extractors.context import Context
from extractors.drafts import Dismissal, Draft
from extractors.facts.fields import FIELDS, Phase
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.places import place_of
from extractors.rules.asides import asides_of
from extractors.rules.device_batches import total_batch
from extractors.rules.doubts import doubts_of
from extractors.rules.joining import runs_of
from extractors.rules.lines import lines_of
from extractors.rules.model_lists import models_of
from extractors.rules.models import model_in
from extractors.rules.pairing import Part, Parts, times_of
from extractors.rules.phases import clause_at, phase_of
from extractors.rules.statements import Dismissed, Statement
from extractors.rules.table_runs import table_asides, table_dismissals, table_drafts
from extractors.rules.telling import paper_of, statements_of

_ANOTHER = re.compile(r"\b(?:baselines?|teachers?)\b(?! (?:of|for)\b)", re.IGNORECASE)
"""What is trained beside the proposed model."""
_ACTS = re.compile(
    r"\s(?:to|for)\s(?:\w+\s)?(?:generat|simulat|collect|play|self-?play|rollout|roll out|act(?:ing|ors?)?\b)",
    re.IGNORECASE,
)
"""What devices do that play or simulate for those that learn."""
_IDLE = "the paragraph tells of no run that it could belong to, or of another value nearer to it"


@dataclass(frozen=True, slots=True)
class Trainings:
    """What a paper states of trainings, in sentences first, then in tables."""

    own: tuple[Draft, ...]
    """Its own runs."""
    aside: tuple[Draft, ...]
    """Hardware and times that are somebody else's, or of something else than a training."""


def trainings(context: Context) -> Trainings:
    """What a paper states of trainings: of its own, and of what is not."""
    own, aside = list[Draft](), list[Draft]()
    for stated in _paragraphs(context):
        own += _drafts(list(runs_of(stated)), context)
        aside += (draft for statement in stated for draft in asides_of(statement, context))
    lines = list(lines_of(context))
    return Trainings((*own, *table_drafts(context, lines)), (*aside, *table_asides(context, lines)))


def training_drafts(context: Context) -> tuple[Draft, ...]:
    """Drafts of the training runs that a paper states as its own."""
    return trainings(context).own


def training_dismissals(context: Context) -> tuple[Dismissal, ...]:
    """What the same rules read and take to be something else, with the reasons, in the same order."""
    found = [dismissal for stated in _paragraphs(context) for dismissal in _dismissals(stated, context)]
    return (*found, *table_dismissals(context, lines_of(context)))


def _paragraphs(context: Context) -> Iterator[tuple[Statement, ...]]:
    """What each paragraph states, sentence by sentence."""
    paper = paper_of(context)
    for _, sentences in groupby(context.sentences, key=lambda sentence: id(sentence.paragraph)):
        yield statements_of(tuple(sentences), paper)


def _dismissals(stated: Sequence[Statement], context: Context) -> Iterator[Dismissal]:
    told = {id(part.told.finding) for run in runs_of(stated) for part in run}
    for statement in stated:
        kept = (*statement.hardware, *statement.times, *statement.schedules, *statement.resources)
        idle = [Dismissed(item, _IDLE) for item in kept if id(item.finding) not in told]
        for item in (*statement.dismissed, *idle):
            stance = item.told.stance
            features = {**stance.features, "points": stance.points}
            sha256 = context.document.sha256
            yield Dismissal(item.told.finding.candidates(statement.sentence, sha256, features), item.reasons)


def _drafts(runs: Sequence[Parts], context: Context) -> Iterator[Draft]:
    """A draft for each run of a paragraph, or one for each model that it is said of."""
    for run, listed in zip(runs, models_of(runs), strict=True):
        for mention in listed or (_mention(run, context.ownership.headline),):
            yield _draft(run, mention, context)


def _mention(run: Parts, own: Sequence[str]) -> str | None:
    """The model that the sentences of a run name beside what they say of it; the last of them first."""
    mentions = (
        model_in(part.statement.sentence.text, part.told.finding.start - part.statement.sentence.start, own)
        for part in reversed(_telling(run))
    )
    return next((name for name in mentions if name), None)


def _telling(run: Parts) -> Parts:
    """The parts that say what a run is, rather than in what circumstances."""
    return tuple(part for part in run if not _is_resource(part)) or run


def _draft(run: Parts, mention: str | None, context: Context) -> Draft:
    lead, identity = run[0], _telling(run)
    sentence = lead.statement.sentence
    candidates = [candidate for part in run for candidate in _candidates(part, len(identity), context)]
    total = total_batch(candidates, [part.statement.sentence.text for part in run])
    candidates += [total] if total else []
    phase, printed = _phase(run)
    spoken = Candidate(
        "run.phase", Name(phase, printed or phase), candidates[0].evidence, None, candidates[0].features
    )
    said = [reason for part in run for reason in (*part.told.stance.reasons, *part.told.finding.reasons)]
    reasons = tuple(dict.fromkeys((*said, *doubts_of(run))))
    return Draft("run", mention, (*candidates, spoken), place_of(sentence.paragraph), reasons)


def _is_resource(part: Part) -> bool:
    """Whether a part tells of circumstances: what a run is and which model it trains, other parts say better."""
    return all(FIELDS[path].family == "resources" for path in part.told.finding.paths)


def _phase(run: Parts) -> tuple[Phase, str]:
    """The phase that the words at a run's time speak of, or at its first part where it has none."""
    told = next(iter(times_of(run)), run[0])
    return phase_of(told.statement.sentence, told.told.finding.start, told.statement.before)


def _is_of_another(part: Part) -> bool:
    """Whether the clause of a part speaks of a baseline or teacher."""
    sentence = part.statement.sentence
    return bool(_ANOTHER.search(clause_at(sentence.text, part.told.finding.start - sentence.start)))


def _is_of_actors(part: Part) -> bool:
    """Whether what is told makes the games or data that others train on: `500 TPUs to generate games`."""
    sentence = part.statement.sentence
    return bool(_ACTS.match(sentence.text, part.told.finding.end - sentence.start))


def _candidates(part: Part, parts: int, context: Context) -> tuple[Candidate, ...]:
    statement = part.statement
    features = {
        **part.told.stance.features,
        "points": part.told.stance.points,
        "sentence_distance": float(part.distance),
        "rivals_in_sentence": float(max(len(statement.hardware), len(statement.times))),
        "joined": float(parts > 1),
        "of_another": float(_is_of_another(part)),
        "of_actors": float(_is_of_actors(part)),
    }
    return part.told.finding.candidates(statement.sentence, context.document.sha256, features)
