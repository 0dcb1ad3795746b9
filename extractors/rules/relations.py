"""What cues say of a fact by where they stand from it: the nearer governs, a comparison governs what follows, and so on.

Each function is a relation that has its points in `ontology/cues.toml`; the words are there too. Citations are in
`rules.citing`.
"""

from __future__ import annotations

import re

from extractors.rules.cue_search import Place
from extractors.rules.heard import Heard

_GRIP = 90
"""Characters over which a comparison governs what follows it."""
_ASIDE = re.compile(r"\([^()]*\)")
_QUOTATION = re.compile(
    r"\u201c(?=(?:[^\s\u201c\u201d]+\s){2})[^\u201c\u201d]*(?:\u201d|$)|\"(?=(?:[^\s\"]+\s){2})[^\"]*\""
)
_FEW_WORDS = re.compile(r"\s(?:[\w-]+\s){0,5}\W*")


def is_of_inference(heard: Heard, place: Place) -> bool:
    """Whether words about inference stand nearer, unless it is said right behind that hardware is for training."""
    return not heard.right_behind("for_training", place) and _is_nearer(heard, "inference", place)


def is_for_evaluation(heard: Heard, place: Place) -> bool:
    """Whether it is said that hardware is for something else than training: `For evaluation we use a T4`, `one T4 for testing`."""
    first = heard.before("evaluation_first", place)
    end = first[-1][1] if first else 0
    in_front = (
        bool(first) and "," not in heard.text[end : place[0]] and not heard.between("border", end, place[0])
    )
    return in_front or heard.right_behind("for_evaluation", place)


def is_of_a_chore(heard: Heard, place: Place) -> bool:
    """Whether words about work around training stand nearer, or are the subject: `Computing the features took 2 hours`."""
    return _is_nearer(heard, "chore", place) or _is_subject(heard, "chore_subject", place)


def is_compared(heard: Heard, place: Place) -> bool:
    """Whether a comparison governs the words, or others' work is named behind as where they stand."""
    front = heard.before("others", place)
    if front and place[0] - front[-1][1] < _GRIP:
        ended = any(heard.between(cue, front[-1][1], place[0]) for cue in ("we", "anew"))
        if not ended:
            return True
    reported = heard.behind("reported", place)
    return bool(reported) and not heard.between("we", 0, reported[0][0])


def is_attributed(heard: Heard, place: Place) -> bool:
    """Whether words in front say whose account a fact is, up to what we did, or words behind it where nothing in front says `we`.

    What a semicolon parts is another's account: `we trained for 3 days; according to its authors OldNet needs 30`.
    """
    begin, end = heard.text.rfind(";", 0, place[0]) + 1, heard.text.find(";", place[1])
    front = [found for found in heard.before("attribution", place) if found[0] >= begin]
    if front and not heard.between("we", front[-1][1], place[0]):
        return True
    reached = heard.behind("attribution", place)
    near = bool(reached) and (end < 0 or reached[0][0] < end)
    return near and not heard.between("we", begin, place[0])


def is_described(heard: Heard, place: Place) -> bool:
    """Whether the words describe a device, or what fits on it, rather than report its use."""
    return (
        heard.right_behind("ability", place)
        or heard.right_before("wanted", place)
        or any(_FEW_WORDS.fullmatch(heard.text, end, place[0]) for _, end in heard.before("depicted", place))
    )


def is_quoted(heard: Heard, place: Place) -> bool:
    """Whether the words are somebody's in quotation marks, as an example is: at least a few, for a term in marks is none."""
    return any(
        found.start() <= place[0] and place[1] <= found.end() for found in _QUOTATION.finditer(heard.text)
    )


def _is_nearer(heard: Heard, cue: str, place: Place) -> bool:
    """Whether words of a cue stand nearer than words about training, or alone."""
    if not heard.says(cue) or not heard.says("training"):
        return heard.says(cue)
    gap, training = heard.gap(cue, place), heard.gap("training", place)
    return gap is not None and training is not None and gap < training


def _is_subject(heard: Heard, cue: str, place: Place) -> bool:
    """Whether words of a cue are the subject of the clause that a place is in, and no training is."""
    subject = heard.places(cue)
    verbs = heard.behind("taking", subject[0]) if subject else ()
    if not verbs or verbs[0][1] > place[0] or ";" in heard.text[: verbs[0][1]]:
        return False
    start = verbs[0][1]
    return not heard.between("border", start, place[0]) and not _trains(heard, start)


def _trains(heard: Heard, end: int) -> bool:
    """Whether words about training stand in front of an offset, what is in brackets aside."""
    asides = [found.span() for found in _ASIDE.finditer(heard.text, 0, end)]
    training = [place for place in heard.places("training") if place[1] <= end]
    return any(not any(left <= first and last <= right for left, right in asides) for first, last in training)
