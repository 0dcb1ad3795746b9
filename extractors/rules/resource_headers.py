"""What columns and rows of tables say of what training used: `Energy (MWh)`, `tCO2eq`, `MFU (%)`, `Training images`.

A header names the field and the unit of its numbers. Intensities of a grid, power usage effectiveness and how full
memory is are something else. Which cells there are and whose they are is the business of `rules.lines`.
"""

from __future__ import annotations

import re

from extractors.facts.ontology import units
from extractors.facts.parsing import ENERGY_UNIT_IN, NOUN_IN
from extractors.rules.device_batches import DEVICE_BATCH
from extractors.rules.energy import EMISSIONS, ENERGY
from extractors.rules.money import COST
from extractors.rules.training_sizes import TRAINING_SET_SIZE
from extractors.rules.utilisation import UTILISATION

TELLING = (UTILISATION, ENERGY, EMISSIONS, COST)
"""Resources that only a training has: a row that gives one is of a run, where settings and sizes of data are of many things."""

_SHARE = re.compile(
    r"\bM\.?F\.?U\b|model[\s-]flops?[\s-]utili[sz]ation|(?:percent\w*|%|share|fraction) of (?:the )?(?:theoretical |hardware )?peak|\bFLOPS? utili[sz]ation",
    re.IGNORECASE,
)
_ENERGY = re.compile(
    rf"(?:energy|electricity|consum\w*|power)\b[^|]*[(\[,]\s?(?:in\s)?(?P<unit>{ENERGY_UNIT_IN})\s?[)\]]?",
    re.IGNORECASE,
)
_CARBON = re.compile(r"CO\s?_?2|\bcarbon\b|\bemissions?\b", re.IGNORECASE)
_MASS = re.compile(
    r"[(\[]\s?(?:in\s)?(?P<unit>kg|g|t|tons?|tonnes|lbs?|metric tons?)(?:\s?(?:of\s)?CO\s?_?2\w*|\s?C\b)?\s?[)\]]|\b(?P<glued>t|kg)\s?CO\s?_?2",
    re.IGNORECASE,
)
_COST = re.compile(r"\bcosts?\b[^|]*(?:\$|\bUSD\b)|(?:\$|\bUSD\b)[^|]*\bcosts?\b", re.IGNORECASE)
_DATA = re.compile(
    rf"(?:#\s?|(?:number|num\.?|no\.?) of\s)?(?:pre-?)?train(?:ing|ed)?\s(?:(?:set|data)\s)?(?P<noun>{NOUN_IN})|(?P<first>{NOUN_IN})\strained(?:\son)?",
    re.IGNORECASE,
)
_BATCH = re.compile(
    r"(?:mini-?|micro-?|local\s)?batch(?:\ssize)?\s?(?:per|/)\s?(?:GPU|device|worker|core|TPU|chip|accelerator)",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"/|\bper\b|intensity|effectiveness|\bPUE\b|factor|\bmem|inference|\btest\b", re.IGNORECASE
)
_MANY = re.compile(r"[(\[]\s?(?:in\s)?(?P<many>k|K|M|B|T|thousands?|millions?|billions?|trillions?)\s?[)\]]")


def resource_of(header: str) -> tuple[str, str, float] | None:
    """Path, unit and factor of the numbers under a header, if they are resources of a training."""
    if _BATCH.fullmatch(header):
        return DEVICE_BATCH, "examples", 1.0
    if _SHARE.search(header):
        return UTILISATION, "percent", 1.0
    if _RATE.search(header):
        return None
    return _energy_or_carbon(header) or _cost_or_data(header)


def _energy_or_carbon(header: str) -> tuple[str, str, float] | None:
    energy = _ENERGY.search(header)
    factor = units().energy_in(energy["unit"]) if energy else None
    if factor:
        return ENERGY, "kWh", factor
    mass = _MASS.search(header) if _CARBON.search(header) else None
    factor = units().mass_in((mass["unit"] or mass["glued"]).lower()) if mass else None
    return (EMISSIONS, "kg", factor) if factor else None


def _cost_or_data(header: str) -> tuple[str, str, float] | None:
    many = _MANY.search(header)
    factor = (units().magnitude(many["many"]) if many else None) or 1.0
    if _COST.search(header):
        return COST, "USD", factor
    data = _DATA.match(header)
    unit = units().data_unit(data["noun"] or data["first"]) if data else None
    return (TRAINING_SET_SIZE, unit, factor) if unit else None
