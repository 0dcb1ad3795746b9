"""Reads how many parameters a model has from sentences: `60 million parameters`, `Total Parameters=340M`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding

PARAMETERS = "model.parameters"
_KINDS = r"(?:(?:learnable|trainable|free|model|network|total|learned|additional|tunable)\s){0,2}"
_BEHIND = re.compile(
    rf"(?<![\w.,^$-])(?P<number>{NUMBER_IN})[\s-]?(?:of\s)?{_KINDS}(?:parameters?|params?|weights)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:parameters?|params?)\b(?:\s(?:count|size|number)s?)?\s?(?:\(\w+\)\s)?(?:=|:|≈|~|is|are|of)\s?(?:about\s|only\s)?(?P<number>{NUMBER_IN})(?![\w%])",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:embedding|extra|additional(?:ly)?|more|fewer|less|save[sd]?|reduc\w+|per layer|each layer|last layer|overhead|increase\w*|introduc\w+|adds?|hyper-?)\b",
    re.IGNORECASE,
)
_OF_A_LAYER = re.compile(r"\blayer\b[^.;]{0,90}\b(?:has|contains|holds)\W(?:\w+ ){0,2}$", re.IGNORECASE)
"""What stands in front of the number of parameters that one layer has."""
LEAST = 10_000.0
"""Fewer parameters than this are said of a layer or a toy."""


class Parameters:
    """Reads a number with the word parameters, in front of it or behind it."""

    name: ClassVar[str] = "costs.parameters"

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding per number of parameters of a whole model."""
        text = sentence.text
        for pattern in (_BEHIND, _BEFORE):
            for found in pattern.finditer(text):
                value = parameters_of(found["number"])
                if value is None or _is_part(text, found):
                    continue
                start, end = sentence.start + found.start(), sentence.start + found.end()
                yield Finding(self.name, (Fact(PARAMETERS, value, start, end),))


def parameters_of(printed: str) -> Quantity | None:
    """A print as a number of parameters; None where it is none or too small for a model."""
    try:
        number = parse_number(printed)
    except ParseError:
        return None
    return Quantity.exact(float(f"{number:.10g}"), "parameters", printed.strip()) if number >= LEAST else None


def _is_part(text: str, found: re.Match[str]) -> bool:
    """Whether the words beside the number say that it counts a part or a difference."""
    near = text[max(found.start() - 25, 0) : found.end() + 12]
    return bool(_PART.search(near) or _OF_A_LAYER.search(text[: found.start()]))
