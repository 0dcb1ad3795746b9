"""Footnotes and their marks: which lines at the foot of a page are notes, and which raised signs in its text point there.

A mark is told apart from an exponent by the note that it belongs to, since both are raised digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from extractors.documents.model import Word
from extractors.documents.spelling import is_power
from extractors.documents.words import Segment

NOTE_SIZE = 0.93
"""Size of a note's text at most, as a share of that of the text."""
_PLACE = 0.4
"""Share of the page's height above which no footnotes begin: a column may end there."""
_MARK = re.compile(r"(?:\d{1,2}|[*∗⋆†‡§¶‖#♠♣♦♥]{1,3}|[a-h])")
_SYMBOL = re.compile(r"[*∗⋆†‡§¶‖♠♣♦♥]{1,3}")


def marked(word: Word) -> bool:
    """Whether a line's first word is the mark of a note."""
    if word.script in ("super", "note"):
        return bool(_MARK.match(word.text))
    return bool(re.match(r"[*∗†‡§¶]|\d{1,2}\.?$", word.text))


def begins_note(segment: Segment, height: float, body: float) -> bool:
    """Whether a line may begin a footnote: small, marked, and not high on a page of that height."""
    return (
        segment.size < NOTE_SIZE * body
        and segment.baseline > _PLACE * height
        and len(segment.words) > 1
        and marked(segment.words[0])
        and (segment.words[0].script != "normal" or segment.words[1].text[0].isalpha())
    )


def with_marks(segments: Sequence[Segment], height: float, body: float) -> list[Segment]:
    """The segments of a page with the marks of its notes told from exponents.

    Args:
        segments: in stream order.
        height: that of the page in points.
        body: size of the paper's text.
    """
    notes = {
        s.words[0].text for s in segments if s.words[0].script == "super" and begins_note(s, height, body)
    }
    return [_with_marks(s, notes) if "super" in [w.script for w in s.words] else s for s in segments]


def _with_marks(segment: Segment, notes: AbstractSet[str]) -> Segment:
    words = tuple(
        word._replace(script="note") if _is_mark(before, word, notes) else word
        for before, word in zip([None, *segment.words], segment.words, strict=False)
    )
    return Segment(words, segment.baseline, segment.size)


def _is_mark(before: Word | None, word: Word, notes: AbstractSet[str]) -> bool:
    if word.script != "super":
        return False
    if before is None or _SYMBOL.fullmatch(word.text):
        return bool(_MARK.fullmatch(word.text)) and (before is None or before.text != "10")
    return word.text in notes and not is_power(before.text) and not re.fullmatch(r"[A-Za-z]", before.text)
