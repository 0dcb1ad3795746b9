"""Reads the energy that a training used and the carbon dioxide it emitted: `239 MWh`, `69.8 tCO2eq`.

Energy of one inference, intensities of a grid (kg per kWh) and what a flight or a car emits are something else. That
authors estimate what their own training emitted is how it is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.ontology import units
from extractors.facts.parsing import (
    CARBON_IN,
    ENERGY_IN,
    NUMBER_IN,
    parse_emissions,
    parse_energy,
    parse_number,
)
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Finding

ENERGY, EMISSIONS = "run.energy", "run.emissions"

_ENERGY = re.compile(rf"(?<![\w.,^-]){ENERGY_IN}")
_CARBON = re.compile(rf"(?<![\w.,^-]){CARBON_IN}")
_MASS = "|".join(
    sorted((re.escape(name) for unit in units().mass for name in unit.names), key=len, reverse=True)
)
_OF_CARBON = re.compile(
    rf"(?i:emission\w*|emit\w*|footprint|CO\s?_?2\w*|carbon)\b[^.;%]{{0,60}}?(?<![\w.,^-])(?P<mass>{NUMBER_IN})[\s-]?(?P<unit>{_MASS})(?![\w/])"
)
"""The same where the words for carbon stand in front: `emissions of 552 tons`."""
_DIOXIDE = re.compile(r"co\W{0,2}_?[2₂²]")
_WATT_HOURS = re.compile(r"[Ww][Hh]\b")
_RATE = re.compile(
    r"\)?\s?(?:/|per\b|an?\b(?! total))\s?(?:image|token|inference|query|sample|request|day|year|month|h\b|hour|step|epoch|page|k?Wh|GPU|answer|person|MWh|kilometer|km|mile"
    r"|kilowatt|household|mol)",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:flights?|passengers?|cars?|driving|American|household|homes?|average (?:human|person)|intensity|factor|sav(?:e[ds]?|ing)|avoid\w*|offset\w*|grid|impl(?:y|ies|ying)"
    r"|inference|reduc\w+ (?:by|of))\b",
    re.IGNORECASE,
)
_GRIP = 60
"""Characters around an amount within which such words are said of it."""


class Energy:
    """Reads energy: `training consumed 239 MWh`, `about 1.2 GWh of electricity`, `48 GJ`."""

    name: ClassVar[str] = "resources.energy"
    example: ClassVar[str] = "The whole training consumed 239 MWh."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each amount of energy."""
        text = sentence.text
        about = sentence.has("energy", "consum", "power", "electric", "footprint", "joule")
        if not (about or _WATT_HOURS.search(text)):
            return
        for found in _ENERGY.finditer(text):
            with suppress(ParseError):
                value = parse_energy(found[0])
                if not _is_something_else(text, *found.span()):
                    yield Finding.of(self.name, sentence, ENERGY, value, found.span())


class Emissions:
    """Reads carbon dioxide: `emitted 25 tCO2eq`, `total emissions of 552 tons`."""

    name: ClassVar[str] = "resources.emissions"
    example: ClassVar[str] = "Training emitted 25 tCO2eq."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each amount of carbon dioxide."""
        if not (sentence.has("emission", "emit", "footprint", "carbon") or _DIOXIDE.search(sentence.lowered)):
            return
        text, end = sentence.text, 0
        for start, stop, value in sorted(_emitted(text), key=lambda item: item[0]):
            if start >= end and not _is_something_else(text, start, stop):
                end = stop
                yield Finding.of(self.name, sentence, EMISSIONS, value, (start, stop))


def _emitted(text: str) -> Iterator[tuple[int, int, Quantity]]:
    for found in _CARBON.finditer(text):
        with suppress(ParseError):
            yield *found.span(), parse_emissions(found[0])
    for found in _OF_CARBON.finditer(text):
        factor = units().mass_in(found["unit"])
        with suppress(ParseError):
            printed = text[found.start("mass") : found.end()]
            yield (
                found.start("mass"),
                found.end(),
                Quantity.exact(parse_number(found["mass"]) * (factor or 1.0), "kg", printed),
            )


def _is_something_else(text: str, start: int, end: int) -> bool:
    near = text[max(0, start - _GRIP) : start].rpartition(";")[2] + " " + text[end : end + _GRIP]
    return bool(_RATE.match(text, end) or _OF_OTHERS.search(near))
