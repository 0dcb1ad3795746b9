"""The lines of a paper: models with their runs and results below them, and under each what it holds. Pure.

Which line is which is told by what it is about, so that the cursor stays where it was when the paper is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from annotation.values import reason_to_look, show
from annotation.whole import WholeCell, WholeEntity, WholePaper
from extractors.facts.evidence import Evidence
from extractors.facts.ids import EntityId
from extractors.facts.values import Name, Quantity

UNSEEN, WAITS, DECIDED, REJECTED = "·", "?", "✓", "×"
"""Marks of a value: published unseen, waits for a look, decided by a person, rejected."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: of an entity, or of one of its values."""

    entity: WholeEntity
    cell: WholeCell | None
    """None for the line of the entity itself."""
    depth: int
    is_folded: bool = False
    is_gone: bool = False
    below: int = 0
    """Runs and results that are folded away with it."""

    @property
    def about(self) -> tuple[EntityId, str]:
        """What it is about: the entity and the field, empty for the entity itself."""
        return self.entity.id, self.cell.key.field if self.cell else ""


def rows_of(paper: WholePaper, turned: Set[EntityId], *, with_rejected: bool) -> tuple[Row, ...]:
    """The lines of a paper from top to bottom.

    Args:
        paper: what is known.
        turned: entities that are folded though they are not at first, and those unfolded that are.
        with_rejected: whether rejected values, and what people took out, are shown too.
    """
    return tuple(_rows(paper, turned, with_rejected=with_rejected))


def is_folded(entity: WholeEntity, turned: Set[EntityId]) -> bool:
    """Whether only the line of the entity itself is shown; of results at first, which say all in one line."""
    return (entity.id.kind == "result") != (entity.id in turned)


def _rows(paper: WholePaper, turned: Set[EntityId], *, with_rejected: bool) -> Iterator[Row]:
    listed = [entity for entity in paper.entities if entity.id.kind != "paper"]
    owned: set[EntityId] = set()
    for model in listed:
        if model.id.kind == "model":
            below = paper.belonging_to(model.id)
            owned.update(entity.id for entity in below)
            yield from _entity_rows(model, turned, 0, with_rejected=with_rejected, below=len(below))
            if not is_folded(model, turned):
                for entity in below:
                    yield from _entity_rows(entity, turned, 1, with_rejected=with_rejected)
    for entity in listed:
        if entity.id.kind != "model" and entity.id not in owned:
            yield from _entity_rows(entity, turned, 0, with_rejected=with_rejected)
    if with_rejected:
        yield from (Row(entity, None, 0, is_folded=True, is_gone=True) for entity in paper.gone)


def _entity_rows(
    entity: WholeEntity, turned: Set[EntityId], depth: int, *, with_rejected: bool, below: int = 0
) -> Iterator[Row]:
    folded = is_folded(entity, turned)
    yield Row(entity, None, depth, folded, below=below)
    if not folded:
        shown = (cell for cell in entity.cells if with_rejected or not cell.is_rejected)
        yield from (Row(entity, cell, depth + 1) for cell in shown)


# Words


def mark(cell: WholeCell) -> str:
    """The mark of a value."""
    if cell.waits is not None and cell.waits != "audit":
        return WAITS
    if cell.is_rejected:
        return REJECTED
    return DECIDED if cell.state.decided_at is not None else UNSEEN


def standing(cell: WholeCell) -> str:
    """Where a value stands, in words."""
    state = cell.state
    sure = f" {state.probability:.2f}" if state.probability is not None else ""
    if cell.waits is not None and cell.waits != "audit":
        return f"waits: {reason_to_look(cell.waits)}"
    who = ", ".join(state.reviewers)
    if cell.is_rejected:
        return f"rejected by {who}" if who else f"rejected by the machine{sure}"
    if state.decided_at is None:
        return f"unseen{sure}, audit" if cell.waits else f"unseen{sure}"
    return f"{'settled' if state.status == 'adjudicated' else 'decided'} by {who}"


def brief(cell: WholeCell) -> str:
    """What a cell holds in its normal form alone, for a line with little room; of a rejected one, what was proposed."""
    value = cell.state.value
    denied = value is None and bool(cell.options)
    value = cell.options[0].value if denied else value
    match value:
        case Name():
            shown = value.printed if cell.field.path == "model.name" and value.printed else value.id
        case Quantity():
            shown = show(replace(value, printed=""))
        case _:
            shown = show(value)
    return f"not {shown}" if denied else shown


def value_of(cell: WholeCell) -> str:
    """What a cell holds, with what is printed where that differs; of a rejected one, what was proposed."""
    if cell.state.value is None and cell.options:
        return f"not {show(cell.options[0].value)}"
    return show(cell.state.value)


def typed_again(cell: WholeCell) -> str:
    """What a person would type to get what a cell holds, or what is proposed for it."""
    value = cell.state.value
    if value is None and cell.options:
        value = cell.options[0].value
    match value:
        case Name():
            return value.printed if _is_free(cell) and value.printed else value.id
        case Quantity():
            return value.printed or f"{value.value:.12g}"
        case _:
            return ""


def _is_free(cell: WholeCell) -> bool:
    """Whether names of the field are words as printed, and no ids from a list."""
    return cell.field.path in ("model.name", "run.training_set", "run.accelerator", "result.split")


def place_of(cell: WholeCell) -> str:
    """The page of a value, or the part of an HTML page; empty where nothing is cited."""
    place = evidence_of(cell)
    if place is None:
        return ""
    return f"p. {place.page}" if place.box is not None or not place.anchor else place.anchor


def evidence_of(cell: WholeCell) -> Evidence | None:
    """Where a value stands, or what was proposed for it; None where nothing is cited."""
    if cell.state.evidence is not None:
        return cell.state.evidence
    return cell.options[0].evidence if cell.options else None


def main_cell(entity: WholeEntity) -> WholeCell | None:
    """The value that an entity is about: a result's score, a model's name; else the first that is reported."""
    named = named_cell(entity)
    facts = (cell for cell in entity.cells if cell.field.use == "fact")
    return named or next(facts, entity.cells[0] if entity.cells else None)


def named_cell(entity: WholeEntity) -> WholeCell | None:
    """A result's score or a model's name; None of a run, or where that is not known."""
    wanted = {"result": "score", "model": "name"}.get(entity.id.kind)
    return entity.cell(wanted) if wanted else None


def gist(row: Row) -> str:
    """An entity in a few words: what it is, and how much of it waits where that is not below."""
    entity = row.entity
    if row.is_gone:
        return f"merged into {entity.merged_into.slug}" if entity.merged_into else "removed"
    known = {
        "model": (entity.printed("name"), entity.named("role")),
        "run": (entity.named("phase"),),
        "result": (
            entity.named("benchmark"),
            entity.named("metric"),
            _score(entity),
            *(entity.named(name) for name in ("split", "setting", "standing")),
        ),
    }.get(entity.id.kind, ())
    words = " ".join(word for word in known if word and word != "unspecified")
    counts = f" ({_counts(row)})" if row.is_folded and entity.id.kind != "result" else ""
    return f"{words}{counts}"


def _score(entity: WholeEntity) -> str:
    cell = entity.cell("score")
    return brief(cell) if cell else "no score"


def _counts(row: Row) -> str:
    cells = row.entity.cells
    waiting = sum(cell.waits is not None for cell in cells)
    below = f"; {row.below} runs and results" if row.below else ""
    return f"{len(cells)} values{f', {waiting} wait' if waiting else ''}{below}"


def history_of(entity: WholeEntity) -> str:
    """Who added an entity by hand, and what was merged into it; empty where the machine found it alone."""
    said = [f"added by {entity.added_by}"] if entity.added_by else []
    said += [f"with {', '.join(id.slug for id in entity.merged)}"] if entity.merged else []
    return "; ".join(said)
