"""Whether a number of epochs or steps is how long a run was, by the words around it.

It may as well be a point of the schedule (`decayed every 30 epochs`), a part of the run (`5 epochs of warm-up`), a wait
(`a patience of 10 epochs`), or what is done again and again (`10 epochs per round`). The words are in `ontology/cues.toml`.
"""

from __future__ import annotations

from extractors.rules.beside import behind, in_front
from extractors.rules.cue_search import Place
from extractors.rules.heard import Heard

_REACH = {"waiting": 60, "probe": 250, "lasting": 30}
"""Characters in front of a number within which words stand that say something of it."""


def is_length(heard: Heard, place: Place) -> bool:
    """Whether a number of epochs or steps is a whole run's.

    Args:
        heard: the sentence.
        place: where the number begins, or the list that it is of, and where its unit ends.
    """
    start, end = place
    if in_front(heard, "run_ending", place):
        return True
    is_point = in_front(heard, "point", place) or heard.right_behind("point_behind", place)
    is_else = _near(heard, "waiting", start, end) or _near(heard, "probe", start, start)
    if is_point or is_else or behind(heard, "repeated", place):
        return False
    return _near(heard, "lasting", start, start) or behind(heard, "length_behind", place)


def _near(heard: Heard, cue: str, start: int, end: int) -> bool:
    """Whether words of a cue stand within reach in front of an offset, or up to an end behind it."""
    return heard.between(cue, start - _REACH[cue], end)
