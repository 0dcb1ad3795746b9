"""What a reviewer types, as a value of the field: `3.5 d`, `8`, `340M`, `V100`, `not 76.3 but 76.8` is refused.

The same parsers read papers; only what the field admits is accepted, and the refusal says what would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from annotation.safe_text import safe
from annotation.scale import Scale, scale_beside
from annotation.session import Item
from extractors.facts.benchmarks import Benchmark, Metric, catalogue
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

_LONGEST = 200
"""Characters of a typed value: no name or number is longer."""
_WHOLE = frozenset(
    ("devices", "chips", "cores", "boards", "nodes", "parameters", "steps", "examples", "tokens", "words")
)
"""Units of which there are no parts."""
_ROUNDING = 1e-9
"""Of what is computed from a magnitude, as 4.35M, relative."""
_DEVICE = re.compile(r"\s+(?:GPU|card|accelerator|device)s?$", re.IGNORECASE)


def parse_typed(field: Field, text: str, scale: Scale | None = None) -> Value:
    """The value that a person typed for a field.

    Args:
        field: of the registry.
        text: what was typed.
        scale: of a score, where its metric is known.

    Raises:
        ParseError: the text is not a value of this field; the message says what one looks like.
    """
    printed = safe(text, None).strip()
    if len(printed) > _LONGEST:
        raise ParseError(f"{printed[:20]!r}... is too long", remedy=f"Type {expected(field, scale)}")
    if field.path in ("run.count", "run.accelerator") and (several := _several(printed)):
        return _of_several(field, several, printed)
    value = _quantity(field, printed, scale) if field.units else _name(field, printed)
    if not field.admits(value):
        wrong = f"{printed!r} is out of range for" if field.units else f"{printed!r} is no"
        limits = _limits(field) if field.units else ""
        raise ParseError(f"{wrong} {field.path}", remedy=f"It is {expected(field, scale)}{limits}")
    if isinstance(value, Quantity):
        _check_whole(value)
        _check_percentage(value)
        _check_usual(value, scale)
    return value


def typed_for(item: Item, text: str) -> Value:
    """The value that a person typed for an item of the queue.

    Raises:
        ParseError: the text is not a value of its field; the message says what one looks like.
    """
    return parse_typed(item.field, text, scale_beside(item.siblings))


def expected_of(item: Item) -> str:
    """What a value of an item looks like, in words."""
    return expected(item.field, scale_beside(item.siblings))


def _limits(field: Field) -> str:
    return f", from {field.low:,g} to {field.high:,g} {field.units[0]}"


def _check_whole(value: Quantity) -> None:
    """Half a device is a slip, and `1.024` most likely a thousand as other languages print it."""
    ends = (value.low, value.high)
    if value.unit in _WHOLE and any(abs(end - round(end)) > _ROUNDING * max(end, 1.0) for end in ends):
        raise ParseError(
            f"{value.printed!r} is no whole number of {value.unit}",
            remedy="A comma stands before thousands, as in 1,024, and a point only before a magnitude, as in 1.5M",
        )


def _check_percentage(value: Quantity) -> None:
    """A bare number up to one may be a share; who means so small a percentage says percent."""
    if value.unit == "percent" and 0 < value.value <= 1 and _is_bare(value.printed):
        share = f"{100 * value.value:g}"
        raise ParseError(
            f"{value.printed!r} may be a share or a percentage", remedy=f"Type {share}, or {value.printed}%"
        )


def _check_usual(value: Quantity, scale: Scale | None) -> None:
    """A number that its metric hardly ever has is a slip, unless it is said with its unit."""
    if scale is None or scale.low <= value.value <= scale.high:
        return
    if scale.unit == "percent" and value.high > 100:
        raise ParseError(f"{value.printed!r} is more than all", remedy=f"{scale}")
    if _is_bare(value.printed):
        mark = "%" if scale.unit == "percent" else " points"
        raise ParseError(
            f"{value.printed!r} is unusual: {scale}",
            remedy=f"If the paper prints it so, type {value.printed}{mark}",
        )


def _is_bare(printed: str) -> bool:
    return printed[-1].isdigit()


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


def _quantity(field: Field, printed: str, scale: Scale | None) -> Quantity:
    usual = scale.unit if scale and scale.unit in field.units else field.units[0]
    for parse in _PARSERS.get(usual, (_plain,)):
        try:
            found = parse(printed)
        except ParseError:
            continue
        unit = found.unit or usual
        if unit in field.units:
            return Quantity(found.value, found.low, found.high, unit, printed)
    raise ParseError(f"{printed!r} is not a value of {field.path}", remedy=f"Type {expected(field, scale)}")


def _count(printed: str) -> Quantity:
    """A number of devices, perhaps with what is counted behind it: `64 chips`."""
    number, _, unit = printed.partition(" ")
    return parse_count(number, f"{unit.strip().rstrip('s')}s" if unit.strip() else "")


def _price(printed: str) -> Quantity:
    """Dollars an hour, perhaps with what they pay for: `$2 per chip-hour`."""
    found = re.fullmatch(r"(.+?)\s?(?:/|per|an?)\s?(?:(\w+?)s?[\s-])?(?:hour|hr|h)", printed)
    price = parse_money(found[1] if found else printed)
    return replace(price, unit=f"USD/{found[2]}-h" if found and found[2] else "")


def _points(printed: str) -> Quantity:
    """A number, perhaps with the word behind it that says that it is one of points."""
    return parse_count(printed.removesuffix("points"), "points")


def _plain(printed: str) -> Quantity:
    """A number without a unit, or a range, which has its midpoint."""
    return parse_count(printed, "")


_PARSERS: dict[str, tuple[Callable[[str], Quantity], ...]] = {
    "s": (parse_duration,),
    "device-s": (parse_device_time,),
    "devices": (_count,),
    "FLOP": (parse_compute, _plain),
    "percent": (parse_percentage, _plain),
    "points": (_points,),
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
    "multiply-add": "a number of multiply-adds, as 480M",
    "epochs": "a number of epochs, as 90",
    "steps": "a number of steps, as 300k",
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
        known = _listed(printed, catalogue().benchmark)
    elif field.path == "result.metric":
        known = _listed(printed, catalogue().metric)
    elif field.path == "result.split":
        known = catalogue().splits().get(printed.casefold())
    elif field.allowed:
        known = printed.casefold()
    else:
        known = printed
    if not known:
        raise ParseError(f"{printed!r} is not known for {field.path}", remedy=f"Type {expected(field)}")
    return Name(known, printed)


def _listed(printed: str, listed: Iterable[Benchmark | Metric]) -> str | None:
    """The id of the one that is meant by its id or name."""
    return next((one.id for one in listed if printed.lower() in (one.id, one.name.lower())), None)


def expected(field: Field, scale: Scale | None = None) -> str:
    """What a value of a field looks like, in words."""
    if scale is not None:
        return f"{'a percentage' if scale.unit == 'percent' else 'a number of points'}: {scale}"
    if field.units:
        return _EXAMPLES.get(field.units[0], f"a number of {field.units[0]}")
    if ids := choices_of(field):
        return f"one of {', '.join(ids)}"
    if field.path == "run.accelerator":
        return "a name from the ontology, as V100"
    return "a name as the paper prints it"


def choices_of(field: Field) -> tuple[str, ...]:
    """The ids that a field may have, where there is a list of them."""
    if field.path == "result.benchmark":
        return tuple(sorted(benchmark.id for benchmark in catalogue().benchmark))
    if field.path == "result.metric":
        return tuple(sorted(metric.id for metric in catalogue().metric))
    if field.path == "result.split":
        return tuple(sorted(set(catalogue().splits().values())))
    return field.allowed
