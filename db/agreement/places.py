"""Where figures are given: over all, by family, by field, in the order of the field registry."""

from __future__ import annotations

from extractors.facts.fields import FIELDS, Field

ALL = "all"


def places_of(field: Field) -> tuple[str, ...]:
    """The places that something of a field counts in; whether a paper was read as a whole is no value and counts apart."""
    own = (field.family, field.path)
    return own if field.use == "whole" else (ALL, *own)


_ORDER = {
    place: number
    for number, place in enumerate(
        dict.fromkeys((ALL, *(p for field in FIELDS.values() for p in places_of(field))))
    )
}


def place_order(place: str) -> tuple[int, int]:
    """What places are sorted by: over all, families, fields."""
    depth = 0 if place == ALL else 2 if place in FIELDS else 1
    return depth, _ORDER[place]
