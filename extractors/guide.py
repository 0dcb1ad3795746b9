"""A reading as one JSON object in the layout of the labelling guide: what `burden extract --json` prints.

One object per paper with its training statements, parameters, operations, printed compute and results, and beside them
what the labels do not have, the resources that training used; each entry
carries its page, quote, box, rule, confidence and status. Labels made by hand have the same layout, so extraction
can be scored against them, and other tools can read one file without the database.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.confidence import ASIDE, Model, score
from extractors.facts.fields import field_of
from extractors.facts.ids import EntityId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise, Route, route

Json = dict[str, object]

_TIMES = (("wall_time", "wall_clock"), ("device_time", "device_time"))
_OPERATIONS = (("flops", "FLOPs"), ("multiply_adds", "multiply-adds"))
_LEADS = ("wall_time", "device_time", "count", "accelerator", "epochs", "steps", "batch_size")
_MACHINES = frozenset({"accelerator", "count", "wall_time", "device_time"})
_SCHEDULE = frozenset({"epochs", "steps", "batch_size"})
_HARDWARE = ("accelerator", "count")
_FIELD_OF = {"accelerator_raw": "accelerator", "count_unit": "count"}
_NUMBER = re.compile(r"\d*\.?\d+")
_TABLE = re.compile(r"(?i:tab).*|(?:\w+\.)+T\d+(?:\.\w+)*", re.DOTALL)
"""Anchors of tables: their labels in print, and their ids in pages that LaTeXML made (`S3.T2`)."""
_PERCENT = 100.0
_ALL_ROUTES: tuple[Route, ...] = ("accepted", "queued", "rejected")


@dataclass(frozen=True, slots=True)
class _Judged:
    """A proposal with its probability and route."""

    proposal: Proposal
    probability: float
    route: Route


@dataclass(frozen=True, slots=True)
class _Entity:
    """The judged proposals of one entity by field."""

    id: EntityId
    cells: Mapping[str, _Judged]

    def name(self, field: str) -> str | None:
        """Id that a name cell holds."""
        cell = self.cells.get(field)
        return cell.proposal.value.id if cell and isinstance(cell.proposal.value, Name) else None

    def number(self, field: str) -> float | None:
        """Number that a quantity cell holds."""
        cell = self.cells.get(field)
        return cell.proposal.value.value if cell and isinstance(cell.proposal.value, Quantity) else None

    def unit(self, field: str) -> str | None:
        """Unit of a quantity cell."""
        cell = self.cells.get(field)
        return cell.proposal.value.unit if cell and isinstance(cell.proposal.value, Quantity) else None

    def printed(self, field: str) -> str | None:
        """What the paper printed for a cell."""
        cell = self.cells.get(field)
        return getattr(cell.proposal.value, "printed", None) if cell else None


def to_guide(reading: Reading, file: str, model: Model, promise: Promise, *, rejected: bool = False) -> Json:
    """The reading of `file` as a JSON object.

    Args:
        reading: what was read.
        file: base name of the file, the key that labels use.
        model: the confidence model to judge by.
        promise: what values that are accepted must hold.
        rejected: whether to include values below the floor, and what was set aside as somebody else's and waits for a look:
            what the labels list is what a paper reports of its own.
    """
    wanted = _ALL_ROUTES if rejected else ("accepted", "queued")
    entities = _entities(reading, model, promise, wanted)
    names = {entity.id.slug: entity.printed("name") for entity in entities if entity.id.kind == "model"}
    models = [entity for entity in entities if entity.id.kind == "model"]
    runs = [entity for entity in entities if entity.id.kind == "run"]
    return {
        "file": file,
        "paper": reading.paper,
        "title": reading.title,
        "extractor": reading.extractor,
        "training": [entry for run in _stated(runs) for entry in _training(run, names)],
        "parameters": [_parameters(entity) for entity in models if "parameters" in entity.cells],
        "operations": [entry for entity in models for entry in _operations(entity)],
        "training_compute": [_compute(run, names) for run in runs if "compute" in run.cells],
        "resources": [entry for run in runs for entry in _resources(run, names)],
        "results": [_result(e, names) for e in entities if e.id.kind == "result" and "score" in e.cells],
        "problems": [problem.message for problem in reading.problems],
    }


def _entities(reading: Reading, model: Model, promise: Promise, wanted: tuple[Route, ...]) -> list[_Entity]:
    cells: dict[EntityId, dict[str, _Judged]] = {entity: {} for entity in reading.entities}
    for proposal in reading.proposals:
        probability, field = score(proposal, model), field_of(proposal.cell)
        goes = route(field.path, probability, model, promise)
        unsaid = ASIDE in proposal.features and goes == "queued" and "rejected" not in wanted
        if (goes in wanted and not unsaid) or field.use == "identity":
            cells[proposal.cell.entity][proposal.cell.field] = _Judged(proposal, probability, goes)
    return [_Entity(entity, found) for entity, found in cells.items()]


def _evidence(lead: _Judged, others: Iterable[_Judged] = ()) -> Json:
    """Where an entry stands, and how sure its least sure part is."""
    evidence, box = lead.proposal.evidence, lead.proposal.evidence.box
    surest_first = sorted((lead, *others), key=lambda cell: cell.probability)
    return {
        "page": evidence.page,
        "quote": evidence.quote,
        "box": [box.x0, box.top, box.x1, box.bottom] if box else None,
        "rule": evidence.rule,
        "confidence": round(surest_first[0].probability, 4),
        "status": surest_first[0].route,
    }


def _stated(runs: Sequence[_Entity]) -> list[_Entity]:
    """The runs of which hardware or time is stated.

    One of which nothing but its schedule is known is no such statement: it stands in where no other gives those fields,
    unless several of that kind say different things, for nothing says which is the run's on those machines.
    """
    stated = [run for run in runs if not run.cells.keys().isdisjoint(_MACHINES)]
    loose = [run for run in runs if run not in stated]
    known = {field for run in stated for field in run.cells}
    said = {field: {run.number(field) for run in loose} - {None} for field in _SCHEDULE}
    open_ = {field for field in _SCHEDULE - known if len(said[field]) == 1 or not stated}
    return [*stated, *(run for run in loose if not open_.isdisjoint(run.cells))]


def _training(run: _Entity, names: Mapping[str, str | None]) -> Iterator[Json]:
    """A run as the statements that make it: facts that stand on another page first, then the run as a whole.

    A run that gives both a wall-clock and a device time has an entry for each.
    """
    facts = {field: cell for field, cell in run.cells.items() if field in _LEADS}
    lead = next((facts[field] for field in _LEADS if field in facts), None)
    if lead is None:
        return
    times = [(field, basis) for field, basis in _TIMES if field in facts]
    for page in sorted(
        {cell.proposal.evidence.page for cell in facts.values()} - {lead.proposal.evidence.page}
    ):
        there = {field for field, cell in facts.items() if cell.proposal.evidence.page == page}
        yield from _statement(run, names, there - {field for field, _ in times}, None)
    rest = set(facts) - {field for field, _ in times}
    for time in times:
        yield from _statement(run, names, rest | {time[0]}, time)
    if not times:
        yield from _statement(run, names, rest, None)


def _statement(
    run: _Entity, names: Mapping[str, str | None], fields: set[str], time: tuple[str, str] | None
) -> Iterator[Json]:
    """One entry of the fields given; none where there is nothing but times to say."""
    shown = [field for field in _LEADS if field in fields]
    if not shown:
        return
    seconds = run.number(time[0]) if time else None
    said = {
        "accelerator": run.name("accelerator"),
        "accelerator_raw": run.printed("accelerator"),
        "count": run.number("count"),
        "count_unit": run.unit("count"),
        **{field: run.number(field) for field in ("epochs", "steps", "batch_size")},
    }
    cells = [run.cells[time[0] if time else shown[0]], *(run.cells[f] for f in shown if f in _HARDWARE)]
    yield {
        "model": names.get(run.name("model") or ""),
        "phase": run.name("phase") or "unspecified",
        **{key: value if _FIELD_OF.get(key, key) in fields else None for key, value in said.items()},
        "time_value": seconds,
        "time_unit": "seconds" if time else None,
        "time_printed": run.printed(time[0]) if time else None,
        "time_seconds": seconds,
        "time_basis": time[1] if time else None,
        **_evidence(cells[0], cells[1:]),
    }


def _parameters(model: _Entity) -> Json:
    return {"model": model.printed("name"), "value": model.number("parameters"), **_role(model)} | _evidence(
        model.cells["parameters"]
    )


def _operations(model: _Entity) -> Iterator[Json]:
    for field, kind in _OPERATIONS:
        if field in model.cells:
            head: Json = {"model": model.printed("name"), "value": model.number(field), "kind": kind}
            yield head | {"per": "forward pass"} | _role(model) | _evidence(model.cells[field])


def _role(model: _Entity) -> Json:
    role = model.name("role")
    return {"own": role != "baseline", "headline": role == "headline"}


def _compute(run: _Entity, names: Mapping[str, str | None]) -> Json:
    head: Json = {"model": names.get(run.name("model") or ""), "value_flop": run.number("compute")}
    return head | _evidence(run.cells["compute"])


def _resources(run: _Entity, names: Mapping[str, str | None]) -> Iterator[Json]:
    """Number format, training set, energy and their kin, each an entry of its own."""
    for field, cell in run.cells.items():
        if field_of(cell.proposal.cell).family == "resources":
            number = run.number(field)
            yield {
                "model": names.get(run.name("model") or ""),
                "phase": run.name("phase") or "unspecified",
                "field": field,
                "value": run.name(field) if number is None else number,
                "unit": run.unit(field),
                "printed": run.printed(field),
                **_evidence(cell),
            }


def _as_printed(score: Value) -> float | None:
    """A score as the paper prints it: the cell holds percent, and some papers print fractions of one."""
    if not isinstance(score, Quantity):
        return None
    number = _NUMBER.search(score.printed)
    fraction = float(number[0]) if number else score.value
    return fraction if math.isclose(fraction * _PERCENT, score.value) else score.value


def _result(result: _Entity, names: Mapping[str, str | None]) -> Json:
    cell = result.cells["score"]
    anchor = cell.proposal.evidence.anchor
    return {
        "benchmark": result.name("benchmark"),
        "metric": result.name("metric"),
        "split": result.name("split"),
        "value": _as_printed(cell.proposal.value),
        "normalised": result.number("score"),
        "printed": result.printed("score"),
        "model": names.get(result.name("model") or ""),
        "setting": result.name("setting"),
        "best_own": result.name("standing") == "best",
        "table": anchor if _TABLE.fullmatch(anchor) else "text",
        **_evidence(cell),
    }
