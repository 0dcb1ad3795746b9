"""What a reviewer types, as a value of the field: `3.5 d`, `8`, `340M`, `V100`, `not 76.3 but 76.8` is refused.

The same parsers read papers; only what the field admits is accepted, and the refusal says what would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import ParseError
from extractors.facts.fields import Field
from extractors.facts.ontology import accelerator
from extractors.facts.parsing import (
    parse_compute,
    parse_count,
    parse_data,
    parse_device_time,
    parse_duration,
    parse_emissions,
    parse_energy,
    parse_money,
    parse_number_format,
    parse_percentage,
)
from extractors.facts.values import Name, Quantity, Value

_DEVICE = re.compile(r"\s+(?:GPU|card|accelerator|device)s?$", re.IGNORECASE)


def parse_typed(field: Field, text: str) -> Value:
    """The value that a person typed for a field.

    Raises:
        ParseError: the text is not a value of this field; the message says what one looks like.
    """
    printed = text.strip()
    if field.path in ("run.count", "run.accelerator") and (several := _several(printed)):
        return _of_several(field, several, printed)
    value = _quantity(field, printed) if field.units else _name(field, printed)
    if not field.admits(value):
        raise ParseError(f"{printed!r} is out of range for {field.path}", remedy=f"It is {expected(field)}")
    return value


def _several(printed: str) -> tuple[str, str] | None:
    """The number and the processor of `8x V100`, `8 × V100` or `8 V100s`; None where that is not what is meant."""
    found = re.fullmatch(r"(\d[\d,]*)\s*(?:[x×*]\s*)?([^\W\d].*)", printed)
    if found is None:
        return None
    part = None if accelerator(printed) else accelerator(_DEVICE.sub("", found[2]))
    return (found[1], part.id) if part else None


def _of_several(field: Field, several: tuple[str, str], printed: str) -> Value:
    """The part that the field asks for."""
    number, part = several
    if field.path == "run.accelerator":
        return Name(part, printed)
    return replace(parse_count(number, ""), unit="devices", printed=printed)


def _quantity(field: Field, printed: str) -> Quantity:
    for parse in _PARSERS.get(field.units[0], (_plain,)):
        try:
            found = parse(printed)
        except ParseError:
            continue
        unit = found.unit or field.units[0]
        if unit in field.units:
            return Quantity(found.value, found.low, found.high, unit, printed)
    raise ParseError(f"{printed!r} is not a value of {field.path}", remedy=f"Type {expected(field)}")


def _count(printed: str) -> Quantity:
    """A number of devices, perhaps with what is counted behind it: `64 chips`."""
    number, _, unit = printed.partition(" ")
    return parse_count(number, f"{unit.strip().rstrip('s')}s" if unit.strip() else "")


def _price(printed: str) -> Quantity:
    """Dollars an hour, perhaps with what they pay for: `$2 per chip-hour`."""
    found = re.fullmatch(r"(.+?)\s?(?:/|per|an?)\s?(?:(\w+?)s?[\s-])?(?:hour|hr|h)", printed)
    price = parse_money(found[1] if found else printed)
    return replace(price, unit=f"USD/{found[2]}-h" if found and found[2] else "")


def _plain(printed: str) -> Quantity:
    """A number without a unit, or a range, which has its midpoint."""
    return parse_count(printed, "")


_PARSERS: dict[str, tuple[Callable[[str], Quantity], ...]] = {
    "s": (parse_duration,),
    "device-s": (parse_device_time,),
    "devices": (_count,),
    "FLOP": (parse_compute, _plain),
    "percent": (parse_percentage, _plain),
    "examples": (_plain, parse_data),
    "kWh": (parse_energy, _plain),
    "kg": (parse_emissions, _plain),
    "USD": (parse_money, _plain),
    "USD/device-h": (_price, _plain),
}
_EXAMPLES = {
    "s": "a time, as 3.5 days or 12h",
    "device-s": "a processor time, as 450 GPU-days",
    "devices": "a number of devices, as 8 or 64 chips",
    "FLOP": "operations, as 4.1e9 or 3.3e18 FLOPs",
    "parameters": "a number of parameters, as 340M",
    "percent": "a percentage, as 76.3",
    "examples": "a number, as 1,024 or 4,096 tokens",
    "kWh": "energy, as 239 MWh",
    "kg": "carbon dioxide, as 25 tCO2eq",
    "USD": "dollars, as $1,500",
    "USD/device-h": "dollars an hour, as $2 or $2 per chip-hour",
}


def _name(field: Field, printed: str) -> Name:
    if field.path == "run.accelerator":
        part = accelerator(printed)
        known = part.id if part else None
    elif field.path == "run.number_format":
        known = parse_number_format(printed)
    elif field.path == "result.benchmark":
        known = next((b.id for b in catalogue().benchmark if printed.lower() == b.id), None)
    else:
        known = printed
    if not known:
        raise ParseError(f"{printed!r} is not known for {field.path}", remedy=f"Type {expected(field)}")
    return Name(known, printed)


def expected(field: Field) -> str:
    """What a value of a field looks like, in words."""
    if field.units:
        return _EXAMPLES.get(field.units[0], f"a number of {field.units[0]}")
    return f"one of {', '.join(field.allowed)}" if field.allowed else "a name from the ontology, as V100"
