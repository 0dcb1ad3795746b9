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
            _searched(some, where) for some in (phrases, openings, exceptions)
        )

    def places(self, wording: Wording) -> tuple[Place, ...]:
        """Where its words stand in a text, in order."""
        found = {
            *_found(self._phrases, wording),
            *(place for place in _found(self._openings, wording) if _opens(wording.tokens, place[0])),
        }
        spared = _found(self._exceptions, wording) if found else []
        kept = [place for place in sorted(found) if not _lies_in(place, spared)]
        spans = [wording.tokens[start:end] for start, end in kept]
        return tuple((span.start_char, span.end_char) for span in spans)


class _Phrase:
    """A phrase compiled for searching."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = [(term.plain, term.parts) for term in terms if term.must_be_there]
        self._patterns = Patterns({"phrase": list(patterns_of(terms))})

    def may_stand_in(self, wording: Wording) -> bool:
        """Whether all its words may be printed in a text, by their letters."""
        return all(
            not plain.isdisjoint(wording.letters) or wording.has(*parts) for plain, parts in self._terms
        )

    def find(self, tokens: Doc) -> list[Place]:
        """Its first token and the one behind its last, wherever it stands."""
        return [place for place in self._patterns.find(tokens)["phrase"] if place[1] - place[0] <= _LONGEST]


def _found(phrases: Sequence[_Phrase], wording: Wording) -> list[Place]:
    return [
        place for phrase in phrases if phrase.may_stand_in(wording) for place in phrase.find(wording.tokens)
    ]


def _searched(phrases: Sequence[str], where: str) -> tuple[_Phrase, ...]:
    """Phrases for searching; all that are one word become one, which is looked for at once."""
    parsed = [parse(phrase, where) for phrase in phrases]
    words = [word for terms in parsed if len(terms) == 1 for word in terms[0].words]
    single = [(Term(tuple(words)),)] if words else []
    return tuple(map(_Phrase, [*single, *(terms for terms in parsed if len(terms) > 1)]))


def _lies_in(place: Place, others: Sequence[Place]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in others)


def _opens(tokens: Doc, index: int) -> bool:
    """Whether there are no words in front of a token."""
    return not any(any(map(str.isalnum, token.text)) for token in tokens[:index])
