"""Named patterns of tokens, compiled once: spaCy's Matcher as the rules use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc

from extractors.language import language

Pattern = list[dict[str, Any]]
"""One pattern, a description for each token, as spaCy's Matcher types it."""
Matches = Mapping[str, Sequence[tuple[int, int]]]
"""Where the patterns of each name match: first token and the one behind the last."""


class Patterns:
    """Patterns by name. Compiled when first used, for most sentences never come so far."""

    def __init__(self, named: Mapping[str, Sequence[Pattern]]) -> None:
        """Keep patterns.

        Args:
            named: the patterns of each name; any of them makes a match of that name.
        """
        self._named = named

    @cached_property
    def _matcher(self) -> Matcher:
        matcher = Matcher(language().vocab)
        for name, patterns in self._named.items():
            matcher.add(name, list(patterns))
        return matcher

    def find(self, tokens: Doc) -> Matches:
        """All matches in a text by the names of the patterns, each name present, in the order of their ends."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for label, start, end in self._matcher(tokens):
            found[tokens.vocab.strings[label]].append((start, end))
        return {name: found[name] for name in self._named}
