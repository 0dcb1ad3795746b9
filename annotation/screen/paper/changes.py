"""What is typed to change a paper: the forms for a value and for a new model, run or result, and what they come to. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from annotation.adding import Signed, Stated, add_entity, set_value
from annotation.citing import Citation
from annotation.scale import Scale, scale_beside
from annotation.screen.line import EMPTY
from annotation.screen.paper.desk import Change
from annotation.screen.paper.forms import Blank, Form, typed_as
from annotation.screen.paper.rows import evidence_of, typed_again
from annotation.typed import choices_of
from annotation.whole import WholeCell, WholeEntity, WholePaper
from db.papers import FileOf
from db.refresh import cell_state
from extractors.facts.errors import ConflictError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, EntityKind
from extractors.facts.values import Name

_NEW: Mapping[EntityKind, tuple[str, ...]] = {
    "model": ("name", "parameters"),
    "run": ("model", "phase", "field", "value"),
    "result": ("model", "benchmark", "metric", "split", "setting", "score"),
}
"""What is asked of something new; the rest is added to it afterwards."""
_NEEDED = frozenset({"name", "field", "value", "benchmark", "metric", "score"})


def file_to_cite(paper: WholePaper, before: Evidence | None = None) -> FileOf | None:
    """The file that typed words are looked for in: the one that is cited already, else the newest, a PDF if there is one."""
    held = [file for file in paper.files if file.sha256]
    cited = next((file for file in held if before is not None and file.sha256 == before.sha256), None)
    return cited or next(iter(held), None)


def editing(paper: WholePaper, cell: WholeCell) -> Form:
    """The form for a value that is known, or was rejected: what it is, and where it stands."""
    field, before = cell.field, evidence_of(cell)
    value = Blank("value", typed_as(typed_again(cell)), needed=True, choices=choices_of(field))
    title = f"edit {field.path} of {cell.key.entity.slug}: as the paper prints it"
    places = _places(paper, before, _cited(before))
    entity = paper.entity(cell.key.entity)
    return Form(
        title,
        cell.key.entity.kind,
        (value, *places),
        field=field.name,
        before=before,
        scale=_scale(entity) if entity else None,
    )


def adding(paper: WholePaper, entity: WholeEntity, last: Citation | None) -> Form:
    """The form for a value that an entity does not have yet.

    Args:
        paper: the paper.
        entity: what it is added to.
        last: where the value added to it before stands, which is often the same sentence.
    """
    names = tuple(field.name for field in entity.missing if not field.links)
    blanks = (Blank("field", EMPTY, needed=True, choices=names), Blank("value", EMPTY, needed=True))
    title = f"add a value to {entity.id.kind} {entity.id.slug}"
    return Form(title, entity.id.kind, (*blanks, *_places(paper, None, last)), scale=_scale(entity))


def beginning(paper: WholePaper, kind: EntityKind, model: str, last: Citation | None) -> Form:
    """The form for a model, run or result that is not listed.

    Args:
        paper: the paper.
        kind: what it is.
        model: the slug of the model that a run or result probably belongs to, or empty.
        last: where that model, or what was added to it before, stands, if it was just typed.
    """
    models = tuple(entity.id.slug for entity in paper.entities if entity.id.kind == "model")
    facts = tuple(field.name for field in FIELDS.values() if field.kind == kind and field.use == "fact")
    offered = {"model": models, "field": facts}

    def blank(name: str) -> Blank:
        field = FIELDS.get(f"{kind}.{name}")
        choices = offered[name] if name in offered else choices_of(field) if field else ()
        typed = typed_as(model) if name == "model" else EMPTY
        return Blank(name, typed, needed=name in _NEEDED, choices=choices)

    return Form(f"a new {kind}", kind, (*map(blank, _NEW[kind]), *_places(paper, None, last)))


def _scale(entity: WholeEntity) -> Scale | None:
    return scale_beside(cell.state for cell in entity.cells)


def _cited(before: Evidence | None) -> Citation | None:
    if before is None:
        return None
    return Citation(before.quote, before.page, "" if before.box else before.anchor)


def _places(paper: WholePaper, before: Evidence | None, at: Citation | None) -> tuple[Blank, Blank]:
    """The lines that say where it stands: the page, or the element of HTML, and the words."""
    file = file_to_cite(paper, before)
    quote = Blank("quote", typed_as(at.quote) if at else EMPTY, needed=True)
    if file is not None and file.media == "html":
        return Blank("element", typed_as(at.anchor) if at else EMPTY), quote
    return Blank("page", typed_as(str(at.page)) if at and at.page else EMPTY, needed=True), quote


def setting(paper: WholePaper, id: EntityId, stated: Mapping[str, Stated]) -> Change[CellKey]:
    """The change that gives an entity a value, if nobody changed it since the paper was read."""
    [(name, value)] = stated.items()
    key = CellKey(id, name)
    entity = paper.entity(id)
    cell = entity.cell(name) if entity else None
    expect = cell.state.last_seq if cell else None

    def change(session: Session, signed: Signed) -> CellKey:
        now = cell_state(session, key)
        if expect is None and now is not None and now.status != "void":
            raise ConflictError(f"somebody added {key} meanwhile", remedy="Look at it again")
        set_value(session, signed, key, value, expect=expect)
        return key

    return change


def making(paper: WholePaper, kind: EntityKind, stated: Mapping[str, Stated]) -> Change[EntityId]:
    """The change that adds a model, run or result."""
    names = {field: stated[field].value for field in stated}
    telling = {
        "model": ("name",),
        "run": ("model", "phase"),
        "result": ("model", "benchmark"),
    }[kind]
    words = ".".join(
        value.printed if kind == "model" else value.id
        for value in (names.get(field) for field in telling)
        if isinstance(value, Name)
    )
    return lambda session, signed: add_entity(session, signed, paper.id, kind, words or kind, stated)
