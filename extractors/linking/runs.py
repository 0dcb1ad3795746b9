"""Training runs: statements about one run in several places become one run.

Papers state hardware once and times per model, in a sentence, a table and again in the abstract. Two drafts are
one run if they name the same model (or one names none), no fact of theirs contradicts, and each adds or repeats
something. A time without hardware takes the hardware that the paper states for everything, if there is just one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, same_value
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.records import Candidate, Proposal
from extractors.facts.values import Name, Quantity, Value
from extractors.linking.models import ModelIndex
from extractors.linking.proposals import proposals_of
from extractors.linking.slugs import SlugMint

GENERIC = frozenset({"GPU", "TPU", "CPU"})
_HARDWARE = ("run.accelerator", "run.count")
_TIMES = ("run.wall_time", "run.device_time")
_LOOSE = ("run.epochs", "run.steps", "run.batch_size", "run.phase")
_MODEL = "run.model"


@dataclass(frozen=True, slots=True)
class _Run:
    """Drafts of one run, first in reading order first."""

    drafts: tuple[Draft, ...]

    def value(self, path: str) -> Value | None:
        """The first value of a field."""
        found = (c.value for draft in self.drafts for c in draft.candidates if c.path == path)
        return next(found, None)

    def joined(self, other: _Run) -> _Run:
        return _Run(self.drafts + other.drafts)

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(c.path for draft in self.drafts for c in draft.candidates)


def link_runs(paper: PaperId, drafts: Sequence[Draft], index: ModelIndex) -> tuple[Proposal, ...]:
    """Proposals for the training runs that the drafts state."""
    runs = merged([_Run((_with_model(draft, index),)) for draft in drafts if draft.kind == "run"])
    mint, found = SlugMint(), list[Proposal]()
    for run in _with_shared_hardware(runs):
        entity = EntityId(paper, "run", mint.mint(*_slug_parts(run)))
        found += proposals_of(entity, run.drafts)
    return tuple(found)


def merged(runs: Sequence[_Run]) -> list[_Run]:
    """Runs with those that state the same joined; statements that are complete in themselves come first."""
    kept: list[_Run] = []
    for run in sorted(runs, key=lambda item: -len(item.paths & {*_HARDWARE, *_TIMES})):
        homes = [index for index, known in enumerate(kept) if _agree(known, run)]
        if not homes:
            kept.append(run)
        elif run.paths & {*_HARDWARE, *_TIMES} or len(homes) == 1:
            kept[homes[0]] = kept[homes[0]].joined(run)
    return kept


def _agree(known: _Run, run: _Run) -> bool:
    """Whether a later statement can be about a known run: nothing contradicts and something is shared."""
    shared = [path for path in run.paths & known.paths if path not in _LOOSE]
    if any(not _compatible(path, known.value(path), run.value(path)) for path in shared):
        return False
    return bool({*shared} & {*_HARDWARE, *_TIMES}) or (_MODEL in shared)


def _compatible(path: str, a: Value | None, b: Value | None) -> bool:
    if a is None or b is None or same_value(FIELDS[path], a, b):
        return True
    if path == "run.accelerator" and isinstance(a, Name) and isinstance(b, Name):
        return a.id in GENERIC or b.id in GENERIC
    return False


def _with_model(draft: Draft, index: ModelIndex) -> Draft:
    if draft.mention is None or not draft.candidates:
        return draft
    link = Candidate(_MODEL, index.link(draft.mention), draft.candidates[0].evidence)
    return replace(draft, candidates=(link, *draft.candidates))


def _with_shared_hardware(runs: Sequence[_Run]) -> list[_Run]:
    """Runs with a time but no hardware get the paper's one stated hardware; its own statement then says no more."""
    stated = [
        run for run in runs if isinstance(run.value("run.count"), Quantity) and "run.accelerator" in run.paths
    ]
    if len(stated) != 1:
        return list(runs)
    lenders = tuple(_hardware_of(draft) for draft in stated[0].drafts)
    timed = [run for run in runs if run.paths & {"run.wall_time"} and not run.paths & {*_HARDWARE}]
    lent = {id(run): _Run(run.drafts + lenders) for run in timed}
    spare = bool(lent) and not stated[0].paths & {*_TIMES}
    return [lent.get(id(run), run) for run in runs if not (spare and run is stated[0])]


def _hardware_of(draft: Draft) -> Draft:
    kept = tuple(c for c in draft.candidates if c.path in _HARDWARE)
    return replace(draft, candidates=kept, features={**draft.features, "lent_hardware": 1.0})


def _slug_parts(run: _Run) -> tuple[str, ...]:
    model, phase = run.value(_MODEL), run.value("run.phase")
    parts = [model.id if isinstance(model, Name) else "all"]
    if isinstance(phase, Name) and phase.id != "unspecified":
        parts.append(phase.id)
    return tuple(parts)
