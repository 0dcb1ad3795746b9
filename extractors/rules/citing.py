"""Whether a fact is taken from a work that the sentence cites: `[12] used 512 chips`, `800 GPUs [12]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.facts.ontology import hardware_words
from extractors.ownership import KEYED
from extractors.rules.cue_search import Place
from extractors.rules.heard import Heard

_OPENING = 25
"""Characters within which a citation opens a sentence as its subject."""
_GRIP = 90
"""Characters over which a citation governs what follows it."""
_BESIDE = 3
"""Words that may stand between hardware and the citation that it is taken from."""
_CITATION = re.compile(
    rf"{KEYED}|\[\s?\d+(?:[,\s–-]+\d+)*\s?\]|\((?:[A-Z][^()]*?\b(?:19|20)\d{{2}}[a-z]?)\)"
    r"|\bet al\b(?:\.?,?\s*\(?(?:19|20)\d{2}[a-z]?\)?)?|\b[A-Z]\w+\s\((?:19|20)\d{2}\)"
)
"""Citations are characters rather than words: `[12, 13]`, `(Miller et al., 2019)`, `[Mil20]`."""
_WORDS = hardware_words()
_HARDWARE = _WORDS.carriers | _WORDS.hosts | _WORDS.crowds | {"", "cpu", "cpus", "system", "systems"}


def is_cited(heard: Heard, place: Place) -> bool:
    """Whether a citation is the subject of the words at a place, or stands close behind them."""
    citations = [found.span() for found in _CITATION.finditer(heard.text)]
    return _governs(heard, [found for found in citations if found[1] <= place[0]], place) or _sources(
        heard, [start for start, _ in citations if place[1] <= start], place
    )


def _governs(heard: Heard, citations: Sequence[Place], place: Place) -> bool:
    for start, end in reversed(citations):
        if place[0] - end >= _GRIP or heard.between("we", end, place[0]):
            return False
        if start < _OPENING:
            return not heard.says("following")
        if _acts(heard, start, end):
            return True
    return False


def _acts(heard: Heard, start: int, end: int) -> bool:
    """Whether a verb follows a citation that it is the subject of, not one that goes on with what we did."""
    ours = heard.between("doer", 0, start)
    if ours and heard.text[end:].lstrip(" ,").startswith("and "):
        return False
    return any(not heard.text[end:first].strip() for first, _ in heard.behind("act", (start, end)))


def _sources(heard: Heard, citations: Sequence[int], place: Place) -> bool:
    """Whether the next citation stands right behind hardware that is not said to be ours."""
    if not citations or heard.between("we", 0, place[0]):
        return False
    words = re.split(r"[\s(),]+", heard.text[place[1] : citations[0]].lower().strip(" (),"))
    return len(words) <= _BESIDE and all(word in _HARDWARE or word.startswith("dgx") for word in words)
