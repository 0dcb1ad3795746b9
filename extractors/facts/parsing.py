"""Printed text to values: numbers, magnitudes, durations, device time, compute, percentages.

Everything here takes a short text and returns what it says, or raises `ParseError`; the `..._IN` patterns find such
texts in running text. Whether a number is the one that matters, and whose it is, is the business of the rules. The
words and factors are in `extractors/ontology/units.toml`; the grammar of how they combine is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from extractors.facts.errors import ParseError
from extractors.facts.ontology import Unit, name_key, units
from extractors.facts.values import Quantity


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _names(entries: Iterable[Unit]) -> tuple[str, ...]:
    return tuple(name for unit in entries for name in unit.names)


NOTE = "[\u00b2\u00b3\u00b9\u2070-\u2079]+"
"""The mark of a note as a document writes it, which is no part of the word or number that it stands on."""
_END = f"(?![^\\W{NOTE[1:-1]})"
"""No letter or digit follows; the mark of a note may."""
_BLANK = r"[\s\u00a0\u2009]?"
_RANGE_MARK = r"(?:\s?[-‐‑–—−~∼]\s?|\s(?:to|or|and)\s)"
_DIGITS = r"\d{1,3}(?:,\s?\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_POWER = r"\s?[·⋅×x*]\s?10\s?\^?\s?[-−]?\d+|[eE][-−+]?\d+"
_MAGNITUDE = rf"{_BLANK}(?:{_either(_names(units().magnitudes))}){_END}"
_WORD = _either(word for word in units().number_words if word not in ("hundred", "half"))
_WORDS = rf"(?:half|(?:{_WORD})(?:[\s-](?:{_WORD}))?(?:[\s-]hundred)?(?:[\s-]and[\s-]a[\s-]half)?(?:[\s-](?:thousand|million|billion))?)"
_VAGUE = r"(?i:an?\s(?:thousand|million|billion))"
"""No number is meant: `nearly a billion parameters`."""
_LETTERS = tuple(name for name in _names(units().times) if len(name) == 1)
_SPELT = _either(name for name in _names(units().times) if len(name) > 1)
_SECONDS = rf"(?:(?i:{_SPELT})(?![A-Za-z])|(?:{'|'.join(_LETTERS)})(?:{_END}|(?=\d{{1,2}}\s?[hms])))"

NUMBER_IN = rf"(?:\d{{1,3}}\sand\sa\shalf(?=[\s-])|(?:{_DIGITS})(?:{_POWER})?(?:{_MAGNITUDE})?|10\s?\^\s?[-−]?\d+|(?<![\w-])(?!{_VAGUE})(?i:{_WORDS}){_END})"
"""A number as printed: `10,000`, `340M`, `1.2·10^19`, `0.3 million`, `twenty-four`."""

_SPAN = rf"{NUMBER_IN}(?:{_RANGE_MARK}{NUMBER_IN})?"
_CLOCK = r"(?:an?\s)?(?:wall[\s-]?clock\s)?"
_AMOUNT = rf"(?:{_SPAN})(?:{_BLANK}|-){_CLOCK}{_SECONDS}"
_HOURS_MINUTES = r"\d{1,3}\s?h\s?[0-5]?\dm(?![^\W\d_])"
_CLOCK_FACE = rf"\d{{1,3}}:[0-5]\d:[0-5]\d{_BLANK}(?:h|hrs?|hours?){_END}"
DURATION_IN = rf"(?:{_CLOCK_FACE}|{_HOURS_MINUTES}|{_AMOUNT}(?:(?:\s?,?\s?(?:and\s)?){_AMOUNT})*(?:\s(?i:and\sa\shalf))?)"
"""A duration as printed: `3.5 days`, `3-4 days`, `12h`, `1 day and 3 hours`, `two weeks`, `1h30m`, `3:20:15 h`."""

_BELOW = r"(?:less than|fewer than|under|below|within|at most|up to|no more than|<|≤|⩽|nearly|almost)"
_BOUND = re.compile(rf"(?i:\b{_BELOW}|[<≤⩽])\s*$")
_DEVICE = r"(?P<device>(?:[A-Za-z][\w-]*[\s-]){0,2}(?:GPU|TPU|CPU|NPU|[VAPHKMTBL]\d{1,4}|MI\d+X?|TPU[\s-]?v\d\w?))s?"
_PART = r"(?:[\s-]?(?P<part>core|chip|card|device|node|worker)s?)?"
_ONE = re.compile(rf"(?P<span>{_SPAN})(?:{_BLANK}|-){_CLOCK}(?P<unit>{_SECONDS})")
LISTED_IN = rf"{NUMBER_IN}(?:,\s{NUMBER_IN})*,?\s(?:and|or)\s{NUMBER_IN}(?:{_BLANK}|-){_SECONDS}"
"""Several durations that share a unit: `1, 3 and 8 days`; whether two of them are a range, the words around say."""
STROKED_IN = rf"{NUMBER_IN}(?:\s?/\s?{NUMBER_IN})+(?:{_BLANK}|-){_SECONDS}"
"""The same with strokes, `2/5 days`, where it is no fraction."""

_TIMES = r"(?:\s?[-–/·⋅*×.\s]\s?|(?=h))"
DEVICE_TIME_IN = rf"(?P<amount>{_SPAN})[\s-]*(?:{_DEVICE}{_PART}|(?P<bare>core|chip|device|accelerator)){_TIMES}(?P<unit>{_SECONDS})"
"""Processor time as printed: `450 GPU days`, `2,500 TPU core-hours`, `32 GPU/day`, `96 GPUh`, `1.2M core-hours`."""

_RATE_DAYS = (
    r"(?P<prefix>(?i:tera|peta|exa)|[TPE])(?i:f(?:lops?)?)(?:[/\s]*s(?:ec(?:ond)?)?)?[\s-]*(?:(?i:days?))"
)
COMPUTE_IN = (
    rf"(?P<count>{NUMBER_IN})[\s-]*(?:{_RATE_DAYS}|"
    rf"(?P<flop>(?i:{_either(_names(units().compute))})|(?i:floating[\s-]point operations))){_END}(?!/)"
)
"""Total operations as printed: `3.3 x 10^18 FLOPs`, `2 petaflop/s-days`, `1.5 zettaFLOPs`."""

ENERGY_UNIT_IN = rf"(?:{_either(_names(units().energy))}){_END}"
"""A unit of energy as printed: `MWh`, `kilowatt-hours`."""
ENERGY_IN = rf"(?P<energy>{_SPAN})[\s-]?(?P<energy_unit>{ENERGY_UNIT_IN})"
"""An amount of energy as printed: `239 MWh`, `1,200 kWh`, `4.3 GJ`."""

_CARBON = r"CO\s?[_^]?\s?(?:2|₂|²)\s?-?(?:[eE]q?(?:uiv\w*)?\b\.?)?|carbon(?: dioxide)?(?: equivalents?)?"
_OF_MASS = rf"(?:{_either(_names(units().mass))})"
CARBON_IN = rf"(?P<mass>{_SPAN})[\s-]?(?:metric\s)?(?P<mass_unit>{_OF_MASS})(?:\s?(?:of\s)?|-)(?:{_CARBON})(?![A-Za-z\d])"
"""An amount of carbon dioxide as printed: `25 tCO2eq`, `539 tonnes of CO2e`, `12.3 kg of carbon`."""

MONEY_IN = (
    rf"(?:(?:US|USD)\s?)?\$\s?(?P<dollars>{_SPAN})(?:\s?USD\b)?"
    rf"|(?P<named>{_SPAN})\s?(?:(?:US\s|U\.S\.\s)?dollars\b|USD\b|US\$)|\bUSD\s?(?P<behind>{_SPAN})"
)
"""An amount of dollars as printed: `$4.6M`, `1,500 USD`, `4.6 million dollars`."""

NOUN_IN = (
    rf"(?:{_either(noun for nouns in units().data.values() for noun in nouns)}|quer(?=ies))(?:s|es|ies)?"
)
"""What training data is counted in, in singular or plural: `images`, `sentence`, `tokens`."""

_NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<power>{_POWER})?(?P<magnitude>{_MAGNITUDE})?|10\s?\^\s?(?P<ten>[-−]?\d+)"
)
_COMPUTE, _DEVICE_TIME = re.compile(COMPUTE_IN), re.compile(DEVICE_TIME_IN)
_ENERGY, _EMISSIONS, _MONEY = re.compile(ENERGY_IN), re.compile(CARBON_IN), re.compile(MONEY_IN)
_PREFIXES = {"t": 1e12, "p": 1e15, "e": 1e18}
_DAY = 86_400.0
_LARGEST_EXPONENT = 100
_ONES = ("a", "an", "one")
"""In front of another number word these say nothing: `a single epoch` is one."""
_PARTS = {"core": "core-s", "chip": "chip-s"}


def parse_number(text: str) -> float:
    """The number that a print says: digits, thousands, powers of ten, magnitudes or words.

    Raises:
        ParseError: the text is not one number.
    """
    printed = text.strip()
    found = _NUMBER.fullmatch(printed)
    if not found:
        return _spelt(printed)
    if found["ten"]:
        return _power(1.0, _integer(found["ten"]), printed)
    value = float(re.sub(r"[,\s]", "", found["digits"]))
    if found["power"]:
        value = _power(value, _exponent(found["power"]), printed)
    factor = units().magnitude(found["magnitude"].strip()) if found["magnitude"] else 1.0
    return value * (factor or 1.0)


def parse_span(text: str) -> tuple[float, float]:
    """The lowest and highest number of a print: `3-4` gives 3 and 4, `8` gives 8 twice.

    Raises:
        ParseError: the text is neither a number nor a range.
    """
    printed = text.strip()
    try:
        number = parse_number(printed)
    except ParseError:
        for mark in re.finditer(_RANGE_MARK, printed):
            low, high = printed[: mark.start()], printed[mark.end() :]
            if re.fullmatch(NUMBER_IN, low) and re.fullmatch(NUMBER_IN, high):
                return _ordered(parse_number(low), parse_number(high), printed)
        raise
    return number, number


def parse_count(text: str, unit: str = "devices") -> Quantity:
    """A number of things as a quantity; a range has its midpoint.

    Raises:
        ParseError: the text is not a number or a range.
    """
    low, high = parse_span(text)
    return Quantity((low + high) / 2, low, high, unit, text.strip())


def parse_duration(text: str, before: str = "") -> Quantity:
    """A duration in seconds; a range has its midpoint, an upper bound its bound.

    Args:
        text: as `DURATION_IN` finds it.
        before: the text in front, where `less than` and its kin stand.

    Raises:
        ParseError: the text is not a duration.
    """
    printed = text.strip()
    if not re.fullmatch(DURATION_IN, printed):
        raise ParseError(f"{text!r} is not a duration")
    low = high = last = 0.0
    for found in _ONE.finditer(_in_words(printed)):
        unit = units().time(found["unit"])
        if unit is None:
            raise ParseError(f"{found['unit']!r} is no unit of time")
        least, most = parse_span(found["span"])
        low, high, last = low + least * unit.factor, high + most * unit.factor, unit.factor
    if re.search(r"(?i:and\sa\shalf)$", printed) and not re.search(r"(?i:half[\s-])", printed):
        low, high = low + last / 2, high + last / 2
    bound = bool(_BOUND.search(before)) and low == high
    return Quantity((low + high) / 2, 0.0 if bound else low, high, "s", printed)


def _in_words(printed: str) -> str:
    """What a clock face or a bare `m` behind hours says, each number with its unit."""
    if re.fullmatch(_CLOCK_FACE, printed):
        return "{} hours {} minutes {} seconds".format(*re.findall(r"\d+", printed))
    return re.sub(r"m$", " minutes", printed) if re.fullmatch(_HOURS_MINUTES, printed) else printed


def several_durations(text: str) -> tuple[tuple[int, str], ...]:
    """The durations that stand side by side in what `DURATION_IN` finds, each with its offset.

    `1 day and 3 hours` is one; `3 days and 5 days`, whose units do not become smaller, are two.
    """
    found = list(_ONE.finditer(_in_words(text)))
    factors = [unit.factor for one in found if (unit := units().time(one["unit"]))]
    if all(small < large for large, small in pairwise(factors)):
        return ((0, text),)
    return tuple((one.start(), one[0]) for one in found)


def listed_durations(text: str) -> tuple[Quantity, ...]:
    """The durations of a list that shares its unit, as `LISTED_IN` finds it: `2 and 6 days` gives two.

    Raises:
        ParseError: a part of the list is not a duration.
    """
    found = re.fullmatch(rf"(?P<numbers>.+?)(?:{_BLANK}|-)(?P<unit>{_SECONDS})", text.strip())
    if not found:
        raise ParseError(f"{text!r} is not a list of durations")
    numbers = re.findall(NUMBER_IN, found["numbers"])
    return tuple(parse_duration(f"{number} {found['unit']}") for number in numbers)


def parse_device_time(text: str) -> Quantity:
    """Processor time in device-, chip- or core-seconds.

    Raises:
        ParseError: the text is not a processor time.
    """
    found = _DEVICE_TIME.fullmatch(text.strip())
    unit = units().time(found["unit"]) if found else None
    if found is None or unit is None:
        raise ParseError(f"{text!r} is not a processor time", remedy="Write it as 450 GPU-days")
    low, high = parse_span(found["amount"])
    kind = _PARTS.get(found["part"] or found["bare"] or "", "device-s")
    return Quantity((low + high) / 2 * unit.factor, low * unit.factor, high * unit.factor, kind, text.strip())


def parse_compute(text: str) -> Quantity:
    """Total operations in FLOP; a petaflop/s-day is 8.64e19.

    Raises:
        ParseError: the text is not an amount of operations.
    """
    found = _COMPUTE.fullmatch(text.strip())
    if not found:
        raise ParseError(f"{text!r} is not an amount of operations", remedy="Write it as 3.3e18 FLOP")
    factor = _PREFIXES[found["prefix"][0].lower()] * _DAY if found["prefix"] else _flop_factor(found["flop"])
    return Quantity.exact(parse_number(found["count"]) * factor, "FLOP", text.strip())


def parse_percentage(text: str) -> Quantity:
    """A percentage, as percent.

    Raises:
        ParseError: the text is not a number with a percent sign or word.
    """
    found = re.fullmatch(r"(.+?)\s?(?:%|percent|per cent)", text.strip())
    if not found:
        raise ParseError(f"{text!r} is not a percentage")
    low, high = parse_span(found[1])
    return Quantity((low + high) / 2, low, high, "percent", text.strip())


def parse_energy(text: str) -> Quantity:
    """An amount of energy, in kWh.

    Raises:
        ParseError: the text is not a number with a unit of energy.
    """
    found = _ENERGY.fullmatch(text.strip())
    factor = units().energy_in(found["energy_unit"]) if found else None
    if not found or factor is None:
        raise ParseError(f"{text!r} is not an amount of energy", remedy="Write it as 239 MWh")
    return _scaled(found["energy"], factor, "kWh", text)


def parse_emissions(text: str) -> Quantity:
    """An amount of carbon dioxide or its equivalent, in kg.

    Raises:
        ParseError: the text is not a mass of carbon dioxide.
    """
    found = _EMISSIONS.fullmatch(text.strip())
    factor = units().mass_in(found["mass_unit"]) if found else None
    if not found or factor is None:
        raise ParseError(f"{text!r} is not an amount of carbon dioxide", remedy="Write it as 25 tCO2eq")
    return _scaled(found["mass"], factor, "kg", text)


def parse_money(text: str) -> Quantity:
    """An amount of US dollars.

    Raises:
        ParseError: the text is not an amount of dollars.
    """
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise ParseError(f"{text!r} is not an amount of dollars", remedy="Write it as $1,500")
    return _scaled(found["dollars"] or found["named"] or found["behind"], 1.0, "USD", text)


def parse_data(text: str) -> Quantity:
    """An amount of training data: examples, tokens or words, or seconds of what lasts.

    Raises:
        ParseError: the text is not a number with a noun for data behind it, and not a time.
    """
    found = re.fullmatch(rf"(?P<span>{_SPAN})[\s-]?(?:[^\d]*\s)?(?P<noun>[A-Za-z-]+)", text.strip())
    unit = units().data_unit(found["noun"]) if found else None
    if not found or unit is None:
        return parse_duration(text)
    return _scaled(found["span"], 1.0, unit, text)


def parse_number_format(text: str) -> str:
    """The id of the number format that a print names.

    Raises:
        ParseError: no format of the ontology has this name.
    """
    for id, names in units().number_formats.items():
        if name_key(text) in map(name_key, (id, *names)):
            return id
    raise ParseError(f"{text!r} is no number format", remedy="Write it as fp16 or mixed precision")


def _scaled(span: str, factor: float, unit: str, printed: str) -> Quantity:
    low, high = parse_span(span)
    return Quantity((low + high) / 2 * factor, low * factor, high * factor, unit, printed.strip())


def _flop_factor(printed: str) -> float:
    for unit in units().compute:
        if printed.lower() in (name.lower() for name in unit.names):
            return unit.factor
    return 1.0


def _spelt(text: str) -> float:
    """A number in words: `eight`, `twenty-four`, `two hundred`, `one and a half`, `2 and a half`, `three million`."""
    known = units().number_words
    words = [word for word in re.split(r"[\s-]+", text.lower()) if word]
    extra, factor = 0.0, units().magnitude(words[-1]) if words[1:] else None
    words = words[:-1] if factor else words
    if words[-3:] == ["and", "a", "half"]:
        words, extra = words[:-3], 0.5
        if len(words) == 1 and words[0].isdecimal():
            return int(words[0]) + extra
    if not words or any(word not in known for word in words):
        raise ParseError(f"{text!r} is not a number")
    if words[0] in _ONES and words[1:2] != ["hundred"]:
        words = words[1:] or words
    total = 0.0
    for word in words:
        total = max(total, 1.0) * 100 if word == "hundred" else total + known[word]
    return (total + extra) * (factor or 1.0)


def _power(value: float, exponent: int, printed: str) -> float:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise ParseError(f"{printed!r} is beyond any number that a paper means")
    return float(f"{value!r}e{exponent}") if "e" not in repr(value) else value * 10.0**exponent


def _exponent(power: str) -> int:
    found = re.search(r"10\s?\^?\s?([-−]?\d+)$", power) or re.search(r"[eE]([-−+]?\d+)$", power)
    if not found:
        raise ParseError(f"{power!r} is not a power of ten")
    return _integer(found[1])


def _integer(text: str) -> int:
    if len(text) > len(str(_LARGEST_EXPONENT)) + 1:
        raise ParseError(f"{text[:9]!r}... is an exponent beyond any number that a paper means")
    return int(text.replace("−", "-"))


def _ordered(low: float, high: float, printed: str) -> tuple[float, float]:
    if low > high:
        raise ParseError(f"{printed!r} is not a range: its end is below its beginning")
    return low, high
