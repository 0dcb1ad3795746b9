"""Facts as plain JSON and back: the one encoding for the database, the review log and the exports.

Pydantic reads and writes the frozen types at the edges, so that a value from outside is checked by the same
constructors as one made inside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, core_schema

from extractors.facts.errors import ParseError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.records import Problem, Proposal, Reading, Rival
from extractors.facts.values import Name, NotReported, Quantity, Value

T = TypeVar("T")
Json = dict[str, object]

_QUANTITY = TypeAdapter(Quantity)
_NAME = TypeAdapter(Name)
_NOT_REPORTED = TypeAdapter(NotReported)
_VALUE = SchemaValidator(
    core_schema.tagged_union_schema(
        {
            "quantity": _QUANTITY.core_schema,
            "name": _NAME.core_schema,
            "not-reported": _NOT_REPORTED.core_schema,
        },
        discriminator="kind",
    )
)
_EVIDENCE = TypeAdapter(Evidence)
_PROBLEMS = TypeAdapter(tuple[Problem, ...])


def value_to_json(value: Value) -> Json:
    """A value as a JSON object; its key `kind` says which type it is."""
    if isinstance(value, Quantity):
        return {"kind": "quantity", **_dumped(_QUANTITY, value)}
    if isinstance(value, Name):
        return {"kind": "name", **_dumped(_NAME, value)}
    return {"kind": "not-reported"}


def value_from_json(data: Json) -> Value:
    """The value that `value_to_json` wrote.

    Raises:
        ParseError: the object is not a value.
    """
    rest = {key: item for key, item in data.items() if key != "kind"}
    match data.get("kind"):
        case "quantity":
            return _checked(_QUANTITY, rest)
        case "name":
            return _checked(_NAME, rest)
        case "not-reported":
            return NotReported()
        case kind:
            raise ParseError(
                f"a value of kind {kind!r} is unknown", remedy="Use quantity, name or not-reported"
            )


def value_from_text(text: str) -> Value:
    """The value whose JSON a text is, in a third of the time that it takes by way of an object.

    Raises:
        ParseError: the JSON is not that of a value.
        ValueError: the text is no JSON.
    """
    try:
        value: Value = _VALUE.validate_json(text)
    except ValidationError:
        return value_from_json(_object(text))  # says what is wrong
    return value


def evidence_to_json(evidence: Evidence) -> Json:
    """Evidence as a JSON object."""
    # Boxes are tuples here, but a stored one names its sides.
    return {**_dumped(_EVIDENCE, evidence), "box": evidence.box and evidence.box._asdict()}


def evidence_from_json(data: Json) -> Evidence:
    """The evidence that `evidence_to_json` wrote.

    Raises:
        ParseError: the object is not evidence.
    """
    return _checked(_EVIDENCE, data)


def evidence_from_text(text: str) -> Evidence:
    """The evidence whose JSON a text is, in a third of the time that it takes by way of an object.

    Raises:
        ParseError: the JSON is not that of evidence.
        ValueError: the text is no JSON.
    """
    try:
        evidence: Evidence = _EVIDENCE.validator.validate_json(text)
    except ValidationError:
        return evidence_from_json(_object(text))  # says what is wrong
    return evidence


def reading_to_json(reading: Reading) -> Json:
    """A reading as a JSON object."""
    return {
        "sha256": reading.sha256,
        "extractor": reading.extractor,
        "paper": reading.paper,
        "title": reading.title,
        "pages": reading.pages,
        "proposals": [_proposal_to_json(proposal) for proposal in reading.proposals],
        "problems": _PROBLEMS.dump_python(reading.problems, mode="json"),
    }


def reading_from_json(data: Json) -> Reading:
    """The reading that `reading_to_json` wrote.

    Raises:
        ParseError: the object is not a reading.
    """
    return _checked(_READING, data).reading()


@dataclass(frozen=True, slots=True)
class _Said:
    value: Json
    evidence: Json
    features: Mapping[str, float]

    def rival(self) -> Rival:
        return Rival(value_from_json(self.value), evidence_from_json(self.evidence), self.features)


@dataclass(frozen=True, slots=True)
class _Proposed(_Said):
    cell: str
    rivals: tuple[_Said, ...]
    reasons: tuple[str, ...]

    def proposal(self) -> Proposal:
        said = self.rival()
        return Proposal(
            CellKey.parse(self.cell),
            said.value,
            said.evidence,
            tuple(rival.rival() for rival in self.rivals),
            said.features,
            self.reasons,
        )


@dataclass(frozen=True, slots=True)
class _Read:
    sha256: str
    extractor: str
    paper: str
    title: str
    pages: int
    proposals: tuple[_Proposed, ...]
    problems: tuple[Problem, ...]

    def reading(self) -> Reading:
        return Reading(
            self.sha256,
            self.extractor,
            PaperId(self.paper),
            self.title,
            self.pages,
            tuple(proposed.proposal() for proposed in self.proposals),
            self.problems,
        )


_READING = TypeAdapter(_Read)


def _proposal_to_json(proposal: Proposal) -> Json:
    return {
        "cell": str(proposal.cell),
        **_said_to_json(proposal),
        "rivals": [_said_to_json(rival) for rival in proposal.rivals],
        "reasons": list(proposal.reasons),
    }


def _said_to_json(said: Proposal | Rival) -> Json:
    return {
        "value": value_to_json(said.value),
        "evidence": evidence_to_json(said.evidence),
        "features": dict(said.features),
    }


def _dumped(adapter: TypeAdapter[T], item: T) -> Json:
    dumped: Json = adapter.dump_python(item, mode="json")
    return dumped


def _object(text: str) -> Json:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ParseError("a stored fact is a JSON object")
    return found


def _checked(adapter: TypeAdapter[T], data: Json) -> T:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ParseError(f"not a stored fact: {first['msg']}", where=place) from error
