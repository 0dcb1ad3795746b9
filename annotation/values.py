"""Values in words, the same wherever a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from db.tables import Look
from extractors.facts.values import Name, NotReported, Quantity, Value

_IN_FULL = 1e12
"""Numbers below are easier to compare with `340M` or `1.25M` when written out."""


_TIMES = ((86_400, "d"), (3_600, "h"), (60, "min"))
_LEAST = 3
"""Of a unit of time: people say 53 hours, and 6 days."""


def show(value: Value | None) -> str:
    """A value in its normal form, with what was printed where that differs."""
    match value:
        case Quantity():
            normal = f"{_number(value.value)} {value.unit}"
            return f"{normal}, printed “{value.printed}”" if value.printed not in normal else normal
        case Name():
            return value.id if value.id == value.printed else f"{value.id}, printed “{value.printed}”"
        case NotReported():
            return "not reported"
        case None:
            return "nothing"


def brief(value: Value | None, name: str = "") -> str:
    """A value in few words, for where it is only named: a name by its id, a quantity of seconds also as people count time.

    Args:
        value: the value.
        name: of its field, if that stands in front: a unit of the same name is not said again.
    """
    match value:
        case Name():
            return value.id
        case Quantity():
            unit = "" if value.unit == name else f" {value.unit}"
            return f"{_number(value.value)}{unit}{_as_time(value)}"
        case _:
            return show(value)


def _as_time(value: Quantity) -> str:
    if value.unit != "s" or value.value < _LEAST * _TIMES[-1][0]:
        return ""
    size, unit = next((size, unit) for size, unit in _TIMES if value.value >= _LEAST * size)
    return f" ({value.value / size:.3g} {unit})"


def _number(value: float) -> str:
    """A number as people read it: whole ones in full up to billions, others to six digits."""
    return f"{value:,.0f}" if value == int(value) and abs(value) < _IN_FULL else f"{value:,.6g}"


def reason_to_look(why: Look) -> str:
    """Why a cell is looked at; an audit says that nothing is doubted."""
    return _SAID.get(why, why)


_SAID: Mapping[Look, str] = MappingProxyType(
    {
        "audit": "audit: already published",
        "machine-disagrees": "a new reading says something else",
        "reviewers-disagree": "people disagree",
        "unread": "nobody read this paper",
    }
)
