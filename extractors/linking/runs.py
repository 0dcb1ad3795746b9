"""Training runs: statements about one run in several places become one run.

Papers state hardware once and times per model, in a sentence, a table and again in the abstract. Two drafts are
one run if they name the same model (or one names none), no fact of theirs contradicts, and each adds or repeats
something. A time without hardware takes the hardware that the paper states for everything, if there is just one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, may_be_one_phase, same_value
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.ontology import GENERIC, Accelerator, accelerator
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity, Value
from extractors.linking.models import ModelIndex
from extractors.linking.products import whole_time
from extractors.linking.proposals import Linked, proposals_of
from extractors.linking.slugs import SlugMint

_ACCELERATOR, _COUNT = "run.accelerator", "run.count"
_HARDWARE = (_ACCELERATOR, _COUNT)
_TIMES = ("run.wall_time", "run.device_time")
_RESOURCES = tuple(path for path, field in FIELDS.items() if field.family == "resources")
_LENGTHS = ("run.epochs", "run.steps", "run.batch_size")
_LOOSE = (*_LENGTHS, "run.phase", *_RESOURCES)
_SPARE = 1.5
"""Factor within which processor time agrees with devices and time: hours are rounded, and jobs are restarted."""
_MODEL = "run.model"
_IDENTITY = (_MODEL, "run.training_set", "run.training_set_size")
"""What tells one run from another where only resources are told."""


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

    @property
    def is_resources(self) -> bool:
        """Whether it tells of nothing but resources: a training set, a number format, energy."""
        return self.paths <= {*_RESOURCES, _MODEL, "run.phase"}


def link_runs(paper: PaperId, drafts: Sequence[Draft], index: ModelIndex) -> tuple[Linked, ...]:
    """Proposals for the training runs that the drafts state."""
    stated = [_Run((_with_model(draft, index),)) for draft in drafts if draft.kind == "run"]
    told = merged([run for run in stated if not run.is_resources])
    runs = _named(_with_shared_hardware([_timed(run) for run in told]))
    kept = {id(draft) for run in runs for draft in run.drafts}
    loose = [_resources(run) for run in stated if run.is_resources or id(run.drafts[0]) not in kept]
    mint, found = SlugMint(), list[Linked]()
    runs = [_of_headline(run, index) for run in runs]
    for run in _with_resources(runs, [run for run in loose if run.paths & {*_RESOURCES}]):
        entity = EntityId(paper, "run", mint.mint(*_slug_parts(run)))
        found += proposals_of(entity, run.drafts)
    return tuple(found)


def merged(runs: Sequence[_Run]) -> list[_Run]:
    """Runs with those that state the same joined; statements that are complete in themselves come first.

    What is said of a model's schedule is said of each of its runs that it does not contradict.
    """
    kept: list[_Run] = []
    for run in sorted(runs, key=lambda item: -len(item.paths & {*_HARDWARE, *_TIMES})):
        homes = [index for index, known in enumerate(kept) if _agree(known, run)]
        if run.paths & {*_HARDWARE, *_TIMES} or len(homes) == 1:
            homes, said = (
                homes[:1],
                _only(run, (_MODEL, *_HARDWARE, *_LENGTHS)) if homes and _is_bare(run) else run,
            )
        else:
            homes = [index for index in homes if _goes_with(kept[index], run)]
            said = _only(run, _LENGTHS)
        for index in homes:
            kept[index] = kept[index].joined(said)
        if not homes:
            kept.append(run)
    return kept


def _is_bare(run: _Run) -> bool:
    """Whether a statement says of hardware no more than `GPUs`: that they fine-tune on some does not make a run one of fine-tuning."""
    part = _part(run)
    return part is not None and part.id in GENERIC and run.paths.isdisjoint({_COUNT, *_TIMES})


def _goes_with(known: _Run, run: _Run) -> bool:
    """Whether no length that a statement gives differs from what a run is known to have."""
    shared = run.paths & known.paths & {*_LENGTHS}
    return all(_compatible(path, known.value(path), run.value(path)) for path in shared)


def _agree(known: _Run, run: _Run) -> bool:
    """Whether a later statement can be about a known run: nothing contradicts and something is shared."""
    shared = [path for path in run.paths & known.paths if path not in _LOOSE]
    if any(not _compatible(path, known.value(path), run.value(path)) for path in shared):
        return False
    if not may_be_one_phase(_phase(known), _phase(run)) or not _adds_up(known, run):
        return False
    return bool({*shared} & {*_HARDWARE, *_TIMES}) or (_MODEL in shared)


def _adds_up(known: _Run, run: _Run) -> bool:
    """Whether processor time is about what so many devices make in so long, where all three are said."""
    said = (known.value(path) or run.value(path) for path in (_COUNT, *_TIMES))
    count, wall, device = (value if isinstance(value, Quantity) else None for value in said)
    if (
        count is None
        or wall is None
        or device is None
        or count.unit != "devices"
        or device.unit != "device-s"
    ):
        return True
    return device.low <= _SPARE * count.high * wall.high and count.low * wall.low <= _SPARE * device.high


def _phase(run: _Run) -> str:
    said = run.value("run.phase")
    return said.id if isinstance(said, Name) else "unspecified"


def _compatible(path: str, a: Value | None, b: Value | None) -> bool:
    if a is None or b is None or same_value(FIELDS[path], a, b):
        return True
    if path == _ACCELERATOR and isinstance(a, Name) and isinstance(b, Name):
        return bool({a.id, b.id} & GENERIC) and _is_cpu(a) == _is_cpu(b)
    return False


def _is_cpu(name: Name) -> bool:
    """Whether a processor is none of the accelerators that a bare `GPU` may be."""
    part = accelerator(name.id)
    return part is not None and part.kind == "CPU"


def _timed(run: _Run) -> _Run:
    """A run with the time that follows from its pace, where it states none."""
    product = whole_time(run.drafts)
    return _Run((*run.drafts, product)) if product else run


def _with_model(draft: Draft, index: ModelIndex) -> Draft:
    if draft.mention is None or not draft.candidates:
        return draft
    link = Candidate(_MODEL, index.link(draft.mention), draft.candidates[0].evidence)
    return replace(draft, candidates=(link, *draft.candidates))


def _of_headline(run: _Run, index: ModelIndex) -> _Run:
    """A time that is said of no model is that of the paper's one proposed model, unless it is said of all models or of a baseline."""
    elsewhere = _says(run, "all_work", _TIMES) or _says(run, "of_another", _TIMES)
    if run.value(_MODEL) or elsewhere or not run.paths & {*_TIMES} or not index.headline:
        return run
    first, *others = run.drafts
    return _Run((_with_model(replace(first, mention=index.headline), index), *others))


def _says(run: _Run, feature: str, paths: Sequence[str]) -> bool:
    """Whether something is said with some of a run's fields."""
    return any(c.features.get(feature) for draft in run.drafts for c in draft.candidates if c.path in paths)


def _with_shared_hardware(runs: Sequence[_Run]) -> list[_Run]:
    """Runs with a time but no count get the paper's one stated hardware; its own statement then says no more.

    Devices that play or simulate for those that learn are not lent.
    """
    counted = [run for run in runs if isinstance(run.value(_COUNT), Quantity) and _ACCELERATOR in run.paths]
    stated = [run for run in counted if not _says(run, "of_actors", _HARDWARE)]
    if len(stated) != 1:
        return list(runs)
    timed = [run for run in runs if _lacks_hardware(run, stated[0])]
    spare = bool(timed) and not stated[0].paths & {*_TIMES}
    lent = {id(run): _with_hardware(run, stated[0], spare=spare) for run in timed}
    return [lent.get(id(run), run) for run in runs if not (spare and run is stated[0])]


def _with_hardware(run: _Run, stated: _Run, *, spare: bool) -> _Run:
    """A run with the stated hardware; where that is all there was to state, its schedule goes along."""
    goes_along = spare and may_be_one_phase(_phase(run), _phase(stated))
    lengths = [path for path in _LENGTHS if path not in run.paths] if goes_along else ()
    return _Run(run.drafts + tuple(_hardware_of(draft, (*_HARDWARE, *lengths)) for draft in stated.drafts))


def _lacks_hardware(run: _Run, stated: _Run) -> bool:
    """Whether a run has a time by the clock, no count, and no accelerator other than the stated."""
    return (
        "run.wall_time" in run.paths
        and _COUNT not in run.paths
        and _compatible(_ACCELERATOR, run.value(_ACCELERATOR), stated.value(_ACCELERATOR))
    )


def _named(runs: Sequence[_Run]) -> list[_Run]:
    """Runs on so many bare `GPUs` get the name of the one accelerator of that kind that other runs of the paper name."""
    naming = [(part, run) for run in runs if (part := _part(run)) and part.id not in GENERIC]
    names = {part.id for part, _ in naming}
    found = []
    for run in runs:
        bare = _part(run)
        alike = [run for part, run in naming if bare and bare.id == part.kind]
        if bare and bare.id in GENERIC and alike and len(names) == 1 and _COUNT in run.paths:
            lent = tuple(_hardware_of(draft, (_ACCELERATOR,)) for draft in alike[0].drafts)
            run = _Run(run.drafts + lent)  # noqa: PLW2901
        found.append(run)
    return found


def _part(run: _Run) -> Accelerator | None:
    """The accelerator of a run, a bare kind only where it has no name."""
    named = [
        c.value.id
        for draft in run.drafts
        for c in draft.candidates
        if c.path == _ACCELERATOR and isinstance(c.value, Name)
    ]
    return accelerator(min(named, key=lambda id: id in GENERIC)) if named else None


def _hardware_of(draft: Draft, paths: tuple[str, ...] = _HARDWARE) -> Draft:
    kept = tuple(c for c in draft.candidates if c.path in paths)
    return replace(draft, candidates=kept, features={**draft.features, "lent_hardware": 1.0})


def _with_resources(runs: Sequence[_Run], loose: Sequence[_Run]) -> list[_Run]:
    """Runs with the resources that are told elsewhere: those of the one run there is, or of the same model or data.

    What no run can be found for stands for a run of its own, and further statements join that.
    """
    kept = list(runs)
    for run in loose:
        homes = [index for index, known in enumerate(kept) if _may_be_of(known, run)]
        alike = [index for index in homes if _shares_identity(kept[index], run)]
        unplaced = [index for index in homes if kept[index].is_resources and not _has_identity(run)]
        chosen = alike[:1] or (homes if len(kept) == len(homes) == 1 else unplaced[:1])
        if chosen:
            kept[chosen[0]] = _with_resource(kept[chosen[0]], run)
        else:
            kept.append(run)
    return kept


def _with_resource(known: _Run, run: _Run) -> _Run:
    """A run with the resources of a statement, and the time that may follow; the phase told there says what of."""
    product = whole_time((*known.drafts, *run.drafts))
    joined = known.joined(_only(run, _RESOURCES))
    return _Run((*joined.drafts, product)) if product else joined


def _resources(run: _Run) -> _Run:
    """What a statement says of resources, with what tells which run they are of."""
    return _only(run, (*_RESOURCES, _MODEL, "run.phase"))


def _only(run: _Run, paths: Sequence[str]) -> _Run:
    return _Run(
        tuple(
            replace(draft, candidates=tuple(c for c in draft.candidates if c.path in paths))
            for draft in run.drafts
        )
    )


def _may_be_of(known: _Run, run: _Run) -> bool:
    """Whether nothing that a statement about resources says contradicts a run; of number formats one is a rival."""
    said = run.paths - {"run.phase", "run.number_format"}
    return all(_compatible(path, known.value(path), run.value(path)) for path in said)


def _shares_identity(known: _Run, run: _Run) -> bool:
    return any(path in known.paths and path in run.paths for path in _IDENTITY)


def _has_identity(run: _Run) -> bool:
    return not run.paths.isdisjoint(_IDENTITY)


def _slug_parts(run: _Run) -> tuple[str, ...]:
    model, phase = run.value(_MODEL), run.value("run.phase")
    parts = [model.id if isinstance(model, Name) else "all"]
    if isinstance(phase, Name) and phase.id != "unspecified":
        parts.append(phase.id)
    return tuple(parts)
