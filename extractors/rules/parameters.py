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
from extractors.rules.lists import numbers_before, numbers_behind

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
_OF_MODELS = re.compile(
    r"\b(?:parameters?|params?)(?:\s(?:counts?|sizes?|numbers?))?\s(?:of|in|for)\s(?P<of>[^;:]{1,90}?)\s(?:is|are|was|were)\s(?:about\s|only\s|approximately\s|roughly\s|around\s)?"
    rf"(?P<number>{NUMBER_IN})(?![\w%])",
    re.IGNORECASE,
)
"""Numbers behind the models that have them: `the parameters of S and L are 2M and 9M`."""
_SIZE = re.compile(
    r"\b(?:model\ssizes?\s?(?:\(|of\s|is\s|=\s?|:\s)|sizes?\s\((?=[^()]*\)\sof\s(?:our|the)\s(?:\w+\s)?models?\b))(?:about\s|only\s)?"
    r"(?P<number>\d+(?:\.\d+)?\s?[MBT])\b"
)
"""The size of a model, where nothing else can have so many: `a model size of 8B`, `the small size (8B) of our model`."""
_TRAINED = re.compile(
    r"(?:\b(?:(?:pre-?)?train|fine-?tune)(?:s|d|ed|ing)?\s(?:of\s)?(?:(?:both|only|all|two|three|four|several)\s)?(?:(?:an?|the|our)\s)?(?:\d[\d.]*\s?[MB](?:,|\sand|,\sand)\s)*"
    r"|\b(?:the|our|both)\s(?=[^.;,()]{0,40}?\b(?:(?:pre-?|fine-?)?(?:train|tun)ed|takes?|took|requires?|required)\b))"
    r"(?P<number>\d+(?:\.\d+)?\s?[MB])(?:\s[\w-]+)?\s(?:models?|networks?|variants?|versions?)\b",
    re.IGNORECASE,
)
"""The size as the name of a model that is trained: `we train the 7B and 13B models`, `the 3B model was trained for`."""
_ATTRIBUTE = re.compile(r"\d[^\d]*[\s-](?i:parameter|param)$")
"""A count that only tells which model is meant: `the 8B-parameter model`."""
_PART = re.compile(
    r"\b(?:embedding|extra|additional(?:ly)?|more|fewer|less|save[sd]?|reduc\w+|per layer|each layer|last layer|overhead|increase\w*|introduc\w+|(?<!-)adds?|hyper-?)\b",
    re.IGNORECASE,
)
OF_A_LAYER = re.compile(
    r"(?<!-)\blayer\b[^.;]{0,90}\b(?:has|contains|holds)\W(?:\w+ ){0,2}$"
    r"|(?<!-)\b(?:layer|convolution|stem|head|block|expert|adapter|module|alone)\b[^.;,]{0,40}\b(?:has|costs?|takes?|requires?|needs?|contains?|holds|accounts? for)\W(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
"""What stands in front of what one layer has or costs."""
BEFORE_A_CHANGE = re.compile(
    r"\b(?:reduc|decreas|compress|shrink|lower|cut|drop|prun)\w*\b[^.;]{0,80}\bfrom\s(?:about\s|around\s)?$",
    re.IGNORECASE,
)
"""What stands in front of a number that is no more: `reduces it from 4M to 3M`."""
LEAST = 10_000.0
"""Fewer parameters than this are said of a layer or a toy."""


_PATTERNS = (
    (("param", "weights"), _BEHIND, numbers_before),
    (("param",), _BEFORE, numbers_behind),
    (("param",), _OF_MODELS, numbers_behind),
    (("size",), _SIZE, numbers_before),
    (("model", "network", "variant", "version"), _TRAINED, numbers_before),
)
"""Each with the words of which one is in all that it finds."""


class Parameters:
    """Reads a number with the word parameters, in front of it or behind it."""

    name: ClassVar[str] = "costs.parameters"
    example: ClassVar[str] = "The network has 60 million parameters."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding per number of parameters of a whole model."""
        text = sentence.text
        if not sentence.has("param", "weights", "size", "train", "tun"):
            return
        seen = set[int]()
        for words, pattern, listed in _PATTERNS:
            for found in pattern.finditer(text) if sentence.has(*words) else ():
                if _is_part(text, found):
                    continue
                attributive = pattern is _TRAINED or bool(_ATTRIBUTE.search(found[0]))
                features = {"attributive": float(attributive)}
                for start, printed in listed(text, found.start("number"), found["number"]):
                    value = parameters_of(printed) if start not in seen else None
                    if value:
                        seen.add(start)
                        end = max(found.end(), start + len(value.printed))
                        fact = Fact(PARAMETERS, value, sentence.start + start, sentence.start + end)
                        yield Finding(self.name, (fact,), features)


def parameters_of(printed: str) -> Quantity | None:
    """A print as a number of parameters; None where it is none or too small for a model."""
    try:
        number = parse_number(printed)
    except ParseError:
        return None
    return Quantity.exact(float(f"{number:.10g}"), "parameters", printed.strip()) if number >= LEAST else None


def clause_behind(text: str, end: int, reach: int) -> str:
    """What follows a number in its own clause: `5M parameters, 8x fewer than` says of 5M nothing but that it is all."""
    return re.split(r"[,;.()]", text[end : end + reach], maxsplit=1)[0]


def _is_part(text: str, found: re.Match[str]) -> bool:
    """Whether the words beside the number say that it counts a part or a difference."""
    near = text[max(found.start() - 25, 0) : found.end()] + clause_behind(text, found.end(), 12)
    front = text[: found.start()]
    return bool(_PART.search(near) or OF_A_LAYER.search(front) or BEFORE_A_CHANGE.search(front))
