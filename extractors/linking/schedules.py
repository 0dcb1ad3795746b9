"""Epochs, steps and batch sizes that a paragraph states beside the one with the hardware: of one run.

`We train for 90 epochs.` stands in one paragraph of a section, `All models were trained on 8 GPUs.` in the next. What
stands in one paragraph is joined in `rules.joining`; statements from all over the paper are in `linking.runs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, may_be_one_phase
from extractors.facts.records import Candidate

_LENGTH = frozenset({"run.epochs", "run.steps"})
_CARRIED = (
    _LENGTH | {"run.batch_size"} | {path for path, field in FIELDS.items() if field.family == "resources"}
)
"""What goes along: the schedule, and the resources that its paragraph tells of."""
_MACHINES = frozenset({"run.accelerator", "run.count", "run.wall_time", "run.device_time"})
_PAGES = 1
"""Pages over which paragraphs of one section belong together."""


def with_schedules(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with schedules that stand alone given to the runs of their section that have none.

    Where a section tells of several lengths, none is given: nothing says whose they are.
    """
    loose = [draft for draft in drafts if _is_loose(draft)]
    given: dict[int, Draft] = {}
    spent = set[int]()
    for draft in drafts:
        beside = [other for other in loose if _takes(draft, other)]
        if beside and len({_length(other) for other in beside}) == 1:
            given[id(draft)] = replace(draft, candidates=(*draft.candidates, *_schedule(beside)))
            spent |= set(map(id, beside))
    return [given.get(id(draft), draft) for draft in drafts if id(draft) not in spent]


def _is_loose(draft: Draft) -> bool:
    paths = _paths(draft)
    return draft.kind == "run" and not paths.isdisjoint(_LENGTH) and paths.isdisjoint(_MACHINES)


def _takes(draft: Draft, loose: Draft) -> bool:
    """Whether a draft tells of machines or times but of no length, in the section of a loose schedule."""
    paths = _paths(draft)
    if draft.kind != "run" or paths.isdisjoint(_MACHINES) or not paths.isdisjoint(_LENGTH):
        return False
    here, there = draft.candidates[0].evidence, loose.candidates[0].evidence
    one_place = bool(here.anchor) and here.anchor == there.anchor and abs(here.page - there.page) <= _PAGES
    one_model = draft.mention is None or loose.mention is None or draft.mention == loose.mention
    return one_place and one_model and may_be_one_phase(draft.phase, loose.phase)


def _paths(draft: Draft) -> frozenset[str]:
    return frozenset(candidate.path for candidate in draft.candidates)


def _length(draft: Draft) -> tuple[str, ...]:
    """What a schedule prints as its length."""
    return tuple(f"{c.path} {getattr(c.value, 'value', '')}" for c in draft.candidates if c.path in _LENGTH)


def _schedule(drafts: Sequence[Draft]) -> tuple[Candidate, ...]:
    return tuple(c for draft in drafts for c in draft.candidates if c.path in _CARRIED)
