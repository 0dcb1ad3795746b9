"""Whether a number of epochs or steps is how long a run was, by the words around it.

It may as well be a point of the schedule (`decayed every 30 epochs`), a part of the run (`5 epochs of warm-up`), a wait
(`a patience of 10 epochs`), or what is done again and again (`10 epochs per round`).
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from extractors.rules.patterns import Pattern, Patterns


def _any(*words: str) -> dict[str, object]:
    return {"LOWER": {"IN": list(words)}}


def _maybe(*words: str) -> dict[str, object]:
    return {**_any(*words), "OP": "?"}


def _begins(*stems: str) -> dict[str, object]:
    return {"LOWER": {"REGEX": rf"^(?:{'|'.join(stems)})"}}


_HEDGE = _maybe(
    "the", "a", "about", "around", "approximately", "roughly", "nearly", "only", "just", "~", "∼", "≈"
)
_WORD = {"IS_ALPHA": True, "LOWER": {"NOT_IN": ["most", "least"]}, "OP": "?"}
_WORDS = {"IS_ALPHA": True, "OP": "{0,3}"}
_WARM_UPS: list[Pattern] = [[_any("warm", "warming"), _maybe("-"), _any("up")], [_any("warmup")]]
_ROUND = _any(
    "round", "iteration", "stage", "task", "client", "generation", "episode", "cycle", "fold", "domain"
)

_IN_FRONT: dict[str, list[Pattern]] = {
    # training stops after roughly 50 epochs
    "ending": [
        [_begins("stop(?:s|ped)?$", "terminat", "finish", "end(?:s|ed)?$", "converge[sd]?$"), _maybe("training"), _any("after", "at", "within"), _HEDGE]
    ],
    # every 30 epochs; after the first 5; divided by 10 at 60
    "point": [
        [_any("every", "each", "after", "at", "first", "next", "per", "until", "till", "initial", "final", "another"), _HEDGE, _WORD],
        [_any("remaining", "additional", "extra", "by", "between", "from", "than"), _HEDGE, _WORD],
        [_any("the", "its", "their", "these", "our", "for", "of", "over"), _any("last"), _HEDGE, _WORD],
        [_begins("anneal", "decay", "drop", "reduc", "multipl", "divid"), _HEDGE, _WORD],
        [_any("compared"), _any("to", "with"), _HEDGE, _WORD],
        [_begins("continu"), _maybe("training"), _any("for"), _HEDGE],
    ],
    # warm up for 5 epochs; we warm up the learning rate over 5,000 steps
    "part": [
        [*warm_up, *span, _HEDGE, _WORD]
        for warm_up in _WARM_UPS
        for span in ([], [_WORDS, _any("for", "of", "over", "is", "lasts", "in", "within")])
    ],
}  # fmt: skip
"""What ends where the number begins."""

_BEHIND: dict[str, list[Pattern]] = {
    # 5 epochs of linear warm-up; (here 5 epochs) to warm up
    "part behind": [
        [{"IS_PUNCT": True, "OP": "{0,2}"}, _maybe("of", "to"), _maybe("linear"), _maybe("learning"), _maybe("-"), _maybe("rate"), *warm_up]
        for warm_up in _WARM_UPS
    ],
    # 20 epochs later
    "point behind": [[_any("thereafter", "later", "earlier", "before", "ago", "faster", "fewer", "less")]],
    # 10 epochs per round; 10 epochs in each iteration
    "repeated": [
        [_any("per"), _ROUND],
        [_any("in", "at", "for", "during"), _any("each", "every"), {"IS_ALPHA": True, "OP": "?"}, _ROUND],
    ],
    # a 36-epoch schedule; 300 epochs of training
    "length behind": [[_maybe("of"), _maybe("pre"), _maybe("-"), _any("training", "pretraining", "schedule")]],
}  # fmt: skip
"""What begins where the unit ends."""

_NEAR: dict[str, list[Pattern]] = {
    # a patience of 10 epochs; has not improved for 5 epochs; kept frozen for 2 epochs
    "wait": [
        [_begins("patience$", "frozen$", "freez", "plateau", "consecutive$")],
        [_begins("not$", "no$", "without$", "stops?$"), _WORDS, _begins("improv", "decreas", "increas", "drop", "fall", "fell$", "chang")],
        [_any("stopping"), _WORDS, {"LIKE_NUM": True}],
    ],
    # a linear classifier on its features is trained for 100 epochs
    "probe": [[_any("linear"), _begins("classifi", "prob(?:e|es|ing)$", "evaluation$", "readout$")]],
    # we train for 90 epochs; a total of 500k steps
    "length": [
        [_any("for", "in", "of", "over", "to", "with", "run", "ran", "total", "use", "used", "uses", "is", "are", "was", "were")],
        [_begins("took$", "takes?$", "needs?$", "requires?$", "lasts?$", "perform", "adopt", "(?:pre)?train(?:ed|s)?$", "(?:fine)?tuned?$")],
    ],
}  # fmt: skip
"""What stands somewhere in front of the number, or of its unit."""
_REACH = {"wait": 12, "probe": 40, "length": 8}
"""Over how many tokens."""

_PATTERNS = Patterns(_IN_FRONT | _BEHIND | _NEAR)

Places = Sequence[tuple[int, int]]


class Surroundings:
    """The words of a sentence that tell lengths from points of a schedule, found once for all its numbers."""

    def __init__(self, tokens: Doc) -> None:
        """Find them in the tokens of a sentence."""
        self._tokens = tokens
        self._found = _PATTERNS.find(tokens)

    def is_length(self, start: int, end: int) -> bool:
        """Whether a number of epochs or steps is a whole run's.

        Args:
            start: offset in the sentence where the number begins, or the list that it is of.
            end: where its unit ends.
        """
        span = self._tokens.char_span(start, end, alignment_mode="expand")
        if span is None:
            return False
        if self._in_front("ending", span.start):
            return True
        is_point = self._in_front("point", span.start) or self._behind("point behind", span.end)
        is_part = self._in_front("part", span.start) or self._behind("part behind", span.end)
        is_else = self._near("wait", span.start, span.end) or self._near("probe", span.start, span.start)
        if is_point or is_part or is_else or self._behind("repeated", span.end):
            return False
        return self._near("length", span.start, span.start) or self._behind("length behind", span.end)

    def _in_front(self, name: str, place: int) -> bool:
        return any(end == place for _, end in self._found[name])

    def _behind(self, name: str, place: int) -> bool:
        return any(start == place for start, _ in self._found[name])

    def _near(self, name: str, place: int, end: int) -> bool:
        """Whether such words stand within reach in front of a place, or up to an end behind it."""
        return any(place - _REACH[name] <= first and last <= end for first, last in self._found[name])
