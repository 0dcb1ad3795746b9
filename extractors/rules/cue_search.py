"""Where the words of a cue stand in a sentence: its phrases compiled for searching.

Phrases are looked for only in sentences in which their letters are printed at all, for most phrases are in few sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from extractors.language import Wording
from extractors.rules.notation import Term, parse, patterns_of
from extractors.rules.patterns import Patterns

_LONGEST = 16
"""Tokens of a phrase, those that `...` stands for included."""

_Letters = tuple[frozenset[str], Sequence[str]]
"""Words and parts of words, of which one must be printed."""
Place = tuple[int, int]
"""Offsets of words in the text of their sentence."""


class Cue:
    """The phrases of a cue, and those within which they do not count."""

    def __init__(
        self,
        phrases: Sequence[str],
        openings: Sequence[str] = (),
        exceptions: Sequence[str] = (),
        *,
        where: str = "",
    ) -> None:
        """Check phrases.

        Args:
            phrases: in the notation of `rules.notation`.
            openings: phrases that count only as the first words of a sentence.
            exceptions: longer phrases in which the words do not count.
            where: the file and entry they are from, for errors.

        Raises:
            OntologyError: a phrase that is not in the notation.
        """
        self._phrases, self._openings, self._exceptions = (
            _Searched(some, where) for some in (phrases, openings, exceptions)
        )

    def places(self, wording: Wording) -> tuple[Place, ...]:
        """Where its words stand in a text, in order."""
        found = {
            *self._phrases.find(wording),
            *(place for place in self._openings.find(wording) if _opens(wording.tokens, place[0])),
        }
        spared = self._exceptions.find(wording) if found else []
        kept = [place for place in sorted(found) if not _lies_in(place, spared)]
        spans = [wording.tokens[start:end] for start, end in kept]
        return tuple((span.start_char, span.end_char) for span in spans)


class _Phrase:
    """A phrase compiled for searching."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = [(term.plain, term.parts) for term in terms if term.must_be_there]
        self._patterns = Patterns({"phrase": list(patterns_of(terms))})

    @property
    def first_term(self) -> _Letters:
        """What must be printed for the first of its words that may not be missing."""
        return self._terms[0] if self._terms else (frozenset(), ("",))

    def may_stand_in(self, wording: Wording) -> bool:
        """Whether all its words may be printed in a text, by their letters."""
        for plain, parts in self._terms:
            if plain.isdisjoint(wording.letters) and not wording.has(*parts):
                return False
        return True

    def find(self, tokens: Doc) -> list[Place]:
        """Its first token and the one behind its last, wherever it stands."""
        return [place for place in self._patterns.find(tokens)["phrase"] if place[1] - place[0] <= _LONGEST]


class _Searched:
    """Several phrases, of which most sentences have none: that is told by one word of each, all at once."""

    def __init__(self, phrases: Sequence[str], where: str) -> None:
        parsed = [parse(phrase, where) for phrase in phrases]
        words = [word for terms in parsed if len(terms) == 1 for word in terms[0].words]
        single = [(Term(tuple(words)),)] if words else []
        self._phrases = tuple(map(_Phrase, [*single, *(terms for terms in parsed if len(terms) > 1)]))
        firsts = [phrase.first_term for phrase in self._phrases]
        self._plain = frozenset().union(*(plain for plain, _ in firsts))
        self._parts = tuple({part for _, parts in firsts for part in parts})

    def find(self, wording: Wording) -> list[Place]:
        """Where any of them stands: its first token and the one behind its last."""
        if self._plain.isdisjoint(wording.letters) and not wording.has(*self._parts):
            return []
        found = list[Place]()
        for phrase in self._phrases:
            if phrase.may_stand_in(wording):
                found += phrase.find(wording.tokens)
        return found


def _lies_in(place: Place, others: Sequence[Place]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in others)


def _opens(tokens: Doc, index: int) -> bool:
    """Whether there are no words in front of a token."""
    return not any(map(str.isalnum, tokens.text[: tokens[index].idx]))
