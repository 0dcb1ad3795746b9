"""Corrections that somebody wrote down in a file: what is right, why, where it stands, and what must be there now.

A file is taken as a whole or not at all, and taking it twice is taking it once: an entry's uuid follows from what it says. Entries are
of the kind `correction`; what several people decide or decided is not replaced by one, but stands beside it for somebody to settle.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import yaml
from sqlmodel import Session

from annotation.citing import Citation
from annotation.exchange.answers import IMPORTS, Refusal
from annotation.exchange.questions import tidy
from annotation.scale import scale_beside
from annotation.session import Reviewer
from annotation.typed import parse_typed
from annotation.values import show
from db.cells import CellState
from db.dossier import lock_paper, readings_of
from db.events import CellAdded, Corrected, Decision, DeclaredNotReported, Envelope, Rejected
from db.log import append, entry_named
from db.refresh import cell_state, entity_cells
from extractors.facts.errors import BurdenError, ConflictError, ParseError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import field_of, same_value
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Name, NotReported, Value

RULE: Final = "correction"
"""The rule that a corrected value names as its evidence."""
LARGEST: Final = 4_000_000
"""Bytes of a file; each entry has some three hundred, and YAML is read slowly."""
NOTHING: Final = "nothing"
"""What stands for no value: that none is there, or that none is right."""
NOT_REPORTED: Final = "not reported"
LONGEST: Final = 1_000
"""Characters of a text."""
_REQUIRED = ("cell", "value", "expect", "reason", "by")
_KNOWN = (*_REQUIRED, "source", "evidence")
_PLACE = ("page", "quote")
_EXAMPLE = "Write each as: cell, value, expect, reason, by, and if need be source and evidence (page, quote)"


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of a file."""

    place: str
    """Where in the file, as `line 12`."""
    cell: str
    value: str
    """What is right, as a person types it."""
    expect: str
    """What must be there now, or nothing of the file is taken."""
    reason: str
    by: str
    source: str = ""
    """Where that is known from."""
    page: int | None = None
    """Where it stands in the paper; None where it stands where the value stands that it corrects."""
    quote: str = ""

    @property
    def uuid(self) -> str:
        """The name of its entry in the log."""
        said = [
            self.cell,
            self.value,
            self.expect,
            self.reason,
            self.by,
            self.source,
            str(self.page),
            self.quote,
        ]
        return str(uuid.uuid5(IMPORTS, "\n".join(["corrections", *said])))


# The file


def read_corrections(text: str) -> tuple[tuple[Correction, ...], tuple[Refusal, ...]]:
    """What a file says, and what in it is no correction.

    Every scalar is taken as it is written: to YAML alone `no` were false, and `1:30` ninety.

    Raises:
        ParseError: the text is no list in YAML.
    """
    given: list[Correction] = []
    refused: list[Refusal] = []
    for node in _entries(text):
        place = f"line {node.start_mark.line + 1}"
        try:
            given.append(_correction(node, place))
        except BurdenError as error:
            refused.append(Refusal(place, str(error)))
    first: dict[str, str] = {}
    for one in given:
        if one.cell in first:
            refused.append(Refusal(one.place, f"{tidy(one.cell)} is corrected at {first[one.cell]} already"))
        first.setdefault(one.cell, one.place)
    return tuple(given), tuple(refused)


def _entries(text: str) -> Sequence[yaml.Node]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ParseError(f"the file is no YAML: {error.problem}", where=line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ParseError("the file is no YAML") from error
    if not isinstance(root, yaml.SequenceNode):
        raise ParseError("the file is no list of corrections", remedy=_EXAMPLE)
    return list(root.value)


def _correction(node: yaml.Node, place: str) -> Correction:
    said = _mapping(node, _KNOWN)
    texts = {name: _text(part, name) for name, part in said.items() if name != "evidence"}
    missing = [name for name in _REQUIRED if not texts.get(name)]
    if missing:
        raise ParseError(f"{', '.join(missing)} is missing", remedy=_EXAMPLE)
    cell = str(CellKey.parse(texts["cell"]))
    field_of(CellKey.parse(cell))
    page, quote = _cited(said["evidence"]) if "evidence" in said else (None, "")
    return Correction(
        place,
        cell,
        texts["value"],
        texts["expect"],
        texts["reason"],
        texts["by"],
        texts.get("source", ""),
        page,
        quote,
    )


def _cited(node: yaml.Node) -> tuple[int, str]:
    said = {name: _text(part, name) for name, part in _mapping(node, _PLACE).items()}
    if not re.fullmatch(r"[1-9]\d{0,4}", said.get("page", "")) or not said.get("quote"):
        raise ParseError("evidence is a page of the file, from 1, and a quote", remedy=_EXAMPLE)
    return int(said["page"]), said["quote"]


def _mapping(node: yaml.Node, known: Sequence[str]) -> Mapping[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise ParseError("it is no correction", remedy=_EXAMPLE)
    found: dict[str, yaml.Node] = {}
    for key, part in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name not in known:
            raise ParseError(f"{tidy(name, 40)!r} is not known", remedy=_EXAMPLE)
        if name in found:
            raise ParseError(f"{name} stands there twice")
        found[name] = part
    return found


def _text(node: yaml.Node, name: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ParseError(f"{name} is no text", remedy=_EXAMPLE)
    if len(node.value) > LONGEST:
        raise ParseError(f"{name} has more than {LONGEST:,} characters")
    return tidy(node.value, LONGEST)


# Their places


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that a correction cites, to be found on their page before it is taken."""

    correction: Correction
    paper: PaperId
    sha256: str
    """The file that has the page."""
    citation: Citation
    value: Value


def asked(session: Session, corrections: Sequence[Correction]) -> tuple[list[Asked], list[Refusal]]:
    """What new corrections cite, and which cite what is no file.

    Args:
        session: a transaction; finding the words opens files, which no writer is to wait for.
        corrections: of one file.
    """
    found: list[Asked] = []
    refused: list[Refusal] = []
    for one in corrections:
        if one.page is None or one.value == NOTHING or entry_named(session, one.uuid) is not None:
            continue
        key = CellKey.parse(one.cell)
        try:
            state = cell_state(session, key)
            sha256 = _file(session, key, state.evidence if state is not None else None)
            value = NotReported() if one.value == NOT_REPORTED else _typed(session, key, one.value)
        except BurdenError as error:
            refused.append(Refusal(one.place, str(error)))
        else:
            found.append(Asked(one, key.entity.paper, sha256, Citation(one.quote, one.page), value))
    return found, refused


# Into the log


def take(
    session: Session,
    corrections: Sequence[Correction],
    importer: Reviewer,
    at: datetime,
    places: Mapping[str, Evidence],
) -> tuple[list[bool], list[Refusal]]:
    """Write corrections to the log.

    Args:
        session: a writing transaction; to be rolled back if any is refused.
        corrections: of one file.
        importer: who imports them.
        at: now.
        places: where the words stand that new ones cite (`asked`), by the corrections' uuid.

    Returns:
        Whether each that was taken is new, and which were refused and why.
    """
    taken: list[bool] = []
    refused: list[Refusal] = []
    # in one order for everybody, so that no two importers wait for each other
    for one in sorted(corrections, key=lambda one: one.cell):
        nested = session.begin_nested()
        try:
            taken.append(_give(session, one, importer, at, places))
        except BurdenError as error:
            nested.rollback()
            refused.append(Refusal(one.place, str(error)))
        else:
            nested.commit()
    return taken, refused


def _give(
    session: Session, one: Correction, importer: Reviewer, at: datetime, places: Mapping[str, Evidence]
) -> bool:
    key = CellKey.parse(one.cell)
    lock_paper(session, key.entity.paper)
    if entry_named(session, one.uuid) is not None:
        return False
    state = cell_state(session, key)
    if not _holds(session, key, state, one.expect):
        there = show(state.value) if state is not None and _has_value(state) else NOTHING
        raise ConflictError(
            f"{key} holds {tidy(there)}, and the correction expects {one.expect}",
            remedy="Look whether it is still wrong, and change the correction or leave it out",
        )
    envelope = Envelope(
        uuid=one.uuid,
        at=at,
        actor=f"correction by {one.by}",
        actor_kind="correction",
        entity=key.entity,
        field=key.field,
        expect=state.last_seq if state is not None else 0,
        extractor=state.extractor if state is not None else None,
        reason=_reason(one, importer),
    )
    append(session, envelope, _event(session, key, state, one, places.get(one.uuid)), importer.judge)
    return True


def _reason(one: Correction, importer: Reviewer) -> str:
    parts = [one.reason, f"source: {one.source}" if one.source else "", f"imported by {importer.name}"]
    return tidy("; ".join(part.rstrip(". ") for part in parts if part), LONGEST)


def _has_value(state: CellState) -> bool:
    return state.value is not None and state.status not in ("rejected", "void")


def _holds(session: Session, key: CellKey, state: CellState | None, expect: str) -> bool:
    """Whether the cell holds what the correction expects."""
    if state is None or not _has_value(state):
        return expect == NOTHING
    value = state.value
    if expect in (NOTHING, NOT_REPORTED) or value is None:
        return expect == NOT_REPORTED and isinstance(value, NotReported)
    if isinstance(value, Name) and expect in (value.id, value.printed):
        return True
    return same_value(field_of(key), _typed(session, key, expect), value)


def _typed(session: Session, key: CellKey, text: str) -> Value:
    return parse_typed(field_of(key), text, scale_beside(entity_cells(session, key.entity)))


def _event(
    session: Session, key: CellKey, state: CellState | None, one: Correction, place: Evidence | None
) -> Decision:
    if one.value == NOTHING:
        return Rejected()
    cited = _evidence(session, key, state, one, place)
    if one.value == NOT_REPORTED:
        return DeclaredNotReported(cited)
    value = _typed(session, key, one.value)
    if state is None or state.value is None:
        return CellAdded(value, cited)
    return Corrected(value, cited)


def _evidence(
    session: Session, key: CellKey, state: CellState | None, one: Correction, place: Evidence | None
) -> Evidence:
    """Where the right value stands: as the correction says, else where the value stands that it corrects."""
    there = state.evidence if state is not None else None
    if one.page is None:
        if there is None:
            raise UsageError(
                f"no place in the paper is known for {key}", remedy="Name it as evidence: page, quote"
            )
        return replace(there, rule=RULE)
    if place is None or place.sha256 != _file(session, key, there):
        raise ConflictError(f"{key} was read from another file meanwhile", remedy="Import again")
    return replace(place, rule=RULE)


def _file(session: Session, key: CellKey, there: Evidence | None) -> str:
    """The file that is cited: of the value that is corrected, else the one that was read last."""
    readings = list(readings_of(session, key.entity.paper))
    if there is not None:
        readings = [reading for reading in readings if reading[0] == there.sha256] or readings
    if not readings:
        raise UsageError(f"nobody has read {key.entity.paper} yet", remedy="Run burden read, or burden crawl")
    return readings[-1][0]
