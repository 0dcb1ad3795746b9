"""Facts as plain JSON and back: the one encoding for the database, the review log and the exports.

Pydantic reads and writes the frozen types at the edges, so that a value from outside is checked by the same
constructors as one made inside.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from extractors.facts.errors import ParseError
from extractors.facts.evidence import Evidence
from extractors.facts.values import Name, NotReported, Quantity, Value

T = TypeVar("T")
Json = dict[str, object]

_QUANTITY = TypeAdapter(Quantity)
_NAME = TypeAdapter(Name)
_EVIDENCE = TypeAdapter(Evidence)


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


def _dumped(adapter: TypeAdapter[T], item: T) -> Json:
    dumped: Json = adapter.dump_python(item, mode="json")
    return dumped


def _checked(adapter: TypeAdapter[T], data: Json) -> T:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ParseError(f"not a stored fact: {first['msg']}", where=place) from error
