"""Whether a number of epochs or steps is how long a run was, by the words around it.

It may as well be a point of the schedule (`decayed every 30 epochs`), a part of the run (`5 epochs of warm-up`), a wait
(`a patience of 10 epochs`), or what is done again and again (`10 epochs per round`). The words are in `ontology/cues.toml`.
"""

from __future__ import annotations

from extractors.language import Sentence
from extractors.rules.cue_search import Place
from extractors.rules.heard import Heard

_REACH = {"waiting": 60, "probe": 250, "lasting": 30}
"""Characters in front of a number within which words stand that say something of it."""


class Surroundings:
    """The words of a sentence that tell lengths from points of a schedule."""

    def __init__(self, sentence: Sentence) -> None:
        """Hear a sentence; what is never asked for is not looked for."""
        self._heard = Heard(sentence)

    def is_length(self, start: int, end: int) -> bool:
        """Whether a number of epochs or steps is a whole run's.

        Args:
            start: offset in the sentence where the number begins, or the list that it is of.
            end: where its unit ends.
        """
        place = start, end
        if self._in_front("run_ending", place):
            return True
        is_point = self._in_front("point", place) or self._behind("point_behind", place)
        is_else = self._near("waiting", start, end) or self._near("probe", start, start)
        if is_point or is_else or self._behind("repeated", place):
            return False
        return self._near("lasting", start, start) or self._behind("length_behind", place)

    def _in_front(self, cue: str, place: Place) -> bool:
        """Whether words of a cue stand right in front, or with a vague word between."""
        hedged = next(
            (start for start, end in self._heard.places("hedge") if self._touch(end, place[0])), place[0]
        )
        return any(
            self._touch(end, start) for start in {place[0], hedged} for _, end in self._heard.places(cue)
        )

    def _behind(self, cue: str, place: Place) -> bool:
        return self._heard.right_behind(cue, place)

    def _near(self, cue: str, start: int, end: int) -> bool:
        """Whether words of a cue stand within reach in front of a place, or up to an end behind it."""
        return self._heard.between(cue, start - _REACH[cue], end)

    def _touch(self, end: int, start: int) -> bool:
        between = self._heard.text[end:start]
        return end <= start and not between.strip(" ~∼≈")
