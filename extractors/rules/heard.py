"""A sentence with the places of its cues, each cue looked for once and only if something asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.language import Sentence
from extractors.rules.cue_search import Place
from extractors.rules.cues import cues

_FAR = 100
"""Characters that the border of a clause counts for."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence; places are offsets in its text."""

    sentence: Sentence
    _places: dict[str, Sequence[Place]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence as running text."""
        return self.sentence.text

    def places(self, cue: str) -> Sequence[Place]:
        """Where the words of a cue stand, in order."""
        if cue not in self._places:
            self._places[cue] = cues()[cue].places(self.sentence)
        return self._places[cue]

    def says(self, cue: str) -> bool:
        """Whether words of a cue stand anywhere."""
        return bool(self.places(cue))

    def before(self, cue: str, place: Place) -> Sequence[Place]:
        """The words of a cue that stand in front of a place."""
        return [found for found in self.places(cue) if found[1] <= place[0]]

    def behind(self, cue: str, place: Place) -> Sequence[Place]:
        """The words of a cue that stand behind a place."""
        return [found for found in self.places(cue) if place[1] <= found[0]]

    def between(self, cue: str, start: int, end: int) -> bool:
        """Whether words of a cue stand between two offsets."""
        return any(start <= first and last <= end for first, last in self.places(cue))

    def right_behind(self, cue: str, place: Place) -> bool:
        """Whether words of a cue stand behind a place without a word between."""
        return any(is_wordless(self.text[place[1] : start]) for start, _ in self.behind(cue, place))

    def right_before(self, cue: str, place: Place) -> bool:
        """Whether words of a cue stand in front of a place without a word between."""
        return any(is_wordless(self.text[end : place[0]]) for _, end in self.before(cue, place))

    def gap(self, cue: str, place: Place) -> int | None:
        """Characters from a place to the nearest words of a cue; the border of a clause makes them more."""
        return min((self._gap(found, place) for found in self.places(cue)), default=None)

    def _gap(self, found: Place, place: Place) -> int:
        parted = self.between("border", min(found[1], place[1]), max(found[0], place[0]))
        return max(place[0] - found[1], found[0] - place[1], 0) + _FAR * parted


def is_wordless(text: str) -> bool:
    """Whether a text has only signs and blanks."""
    return not any(map(str.isalnum, text))
