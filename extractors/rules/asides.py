"""What sentences say of other people's trainings or of another use of hardware, as drafts that `linking.asides` sets aside.

Not every number that is no training's: only hardware that is named or counted and times that something took, where words
say whose they are or what they are for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.context import Context
from extractors.drafts import Draft
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.places import place_of
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.findings import Finding
from extractors.rules.keeping import is_cued
from extractors.rules.models import subject_of
from extractors.rules.phases import phase_of
from extractors.rules.statements import Dismissed, Statement

SET_ASIDE = (ACCELERATOR, COUNT, WALL_TIME, DEVICE_TIME)
"""The fields of which it is worth keeping what is somebody else's: hardware and time."""


def asides_of(statement: Statement, context: Context) -> Iterator[Draft]:
    """A draft for each statement that is set aside; hardware and a time of one sentence, if it has one of each, together."""
    told = [item for item in statement.dismissed if item.is_of_another]
    hardware = [item for item in told if _is_telling_hardware(item.told.finding)]
    times = [item for item in told if _is_time(item)]
    together = len(hardware) == len(times) == 1
    groups = [[*hardware, *times]] if together else [[item] for item in (*hardware, *times)]
    for group in groups:
        yield _draft(group, statement, context)


def _is_telling_hardware(finding: Finding) -> bool:
    """Whether a device is named, or several are counted: `a GPU` says nothing that is worth finding again."""
    if finding.paths.isdisjoint((ACCELERATOR, COUNT)):
        return False
    counted = COUNT in finding.paths and not finding.features.get("vague_count")
    return counted or not finding.features.get("generic_name")


def _is_time(item: Dismissed) -> bool:
    """Whether it is a time that something took."""
    paths = item.told.finding.paths
    return DEVICE_TIME in paths or (WALL_TIME in paths and is_cued(item.told))


def _is_kept(candidate: Candidate) -> bool:
    """Whether a fact is worth keeping: a number of devices only if it is said, not as `a` is."""
    vague = candidate.path == COUNT and bool(candidate.features.get("vague_count"))
    return candidate.path in SET_ASIDE and not vague


def _draft(group: Sequence[Dismissed], statement: Statement, context: Context) -> Draft:
    sentence, last = statement.sentence, group[-1].told.finding
    found = [
        candidate
        for item in group
        for candidate in item.told.finding.candidates(
            sentence,
            context.document.sha256,
            {**item.told.stance.features, "points": item.told.stance.points, "joined": float(len(group) > 1)},
        )
        if _is_kept(candidate)
    ]
    phase, printed = phase_of(sentence, last.start, statement.before)
    found.append(
        Candidate("run.phase", Name(phase, printed or phase), found[0].evidence, None, found[0].features)
    )
    reasons = dict.fromkeys(reason for item in group for reason in item.reasons)
    mention = subject_of(sentence.text, last.start - sentence.start)
    return Draft("run", mention, tuple(found), place_of(sentence.paragraph), tuple(reasons))
