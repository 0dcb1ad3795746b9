"""Reads a number of devices that only a pronoun names: `each run used 16 of them`. `rules.naming` finds their name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from extractors.language import Sentence
from extractors.rules.accelerators import names_any
from extractors.rules.devices import COUNT, whole
from extractors.rules.findings import Finding
from extractors.rules.patterns import Patterns

_PRONOUNS = ("of them", "of these", "of those")
_USES = ["on", "with", "using", "across", "over", "use", "used", "uses", "take", "took", "takes", "need", "needs", "needed", "require", "requires", "required"]  # fmt: skip
_COUNTED = Patterns(
    {
        # used 16 of them; takes only two of these
        "them": [
            [
                {"LOWER": {"IN": _USES}},
                {"LOWER": {"IN": ["only", "just", "all"]}, "OP": "?"},
                {"LIKE_NUM": True},
                {"LOWER": "of"},
                {"LOWER": {"IN": ["them", "these", "those"]}},
            ]
        ],
    }
)


class PronounCount:
    """Reads how many devices are used where a pronoun stands for their name: `each run used 16 of them`."""

    name: ClassVar[str] = "training.pronoun-count"
    example: ClassVar[str] = "Each training run used 16 of them."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding, without an accelerator."""
        if not sentence.has(*_PRONOUNS) or names_any(sentence):
            return
        tokens = sentence.tokens
        for _, end in _COUNTED.find(tokens)["them"]:
            span = tokens[end - 3 : end]
            value = whole(span[0].text, "devices")
            if value is not None:
                place = span.start_char, span.end_char
                yield Finding.of(self.name, sentence, COUNT, value, place, generic_name=1.0, of_named=1.0)
