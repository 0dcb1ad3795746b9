"""Numbers that only say how many devices there may be: `scales to up to 64 GPUs`, `at least four are needed`.

Who `used up to 256 nodes` used 256: the bound of what was done is a count, the bound of what could be done is none.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc

from extractors.facts.ontology import hardware_words
from extractors.rules.devices import Devices
from extractors.rules.patterns import Matches

_POSSIBLE = hardware_words().possible


def unbounded(tokens: Doc, devices: Devices, matches: Matches) -> Devices:
    """Devices, without their count where it is the most or the least that there may be."""
    bound = any(end == devices.start for _, end in matches["bound"])
    if bound and any(token.lower_ in _POSSIBLE for token in tokens):
        return replace(devices, count=None)
    return devices
