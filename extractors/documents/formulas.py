"""Formulas within the text: how a piece of a page that is one, or begins with one, is told from a new paragraph.

A formula set apart, or a root within a line, parts a page's text into pieces of many sizes and baselines. What is
in a formula is not read here; it matters only that the sentence goes on through it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from extractors.documents.model import Word

_FONTS = re.compile(
    r"CM(?:MI|SY|EX|BSY)|MS[AB]M|math|(?:tx|px)(?:sy|mi|ex)|symbol|StandardSym|rsfs|stmary", re.IGNORECASE
)
"""Names of fonts that have signs and variables of formulas only."""
_SIGNS = frozenset({"Sm", "Sk", "Lm", "Mn"})
"""Categories of signs with which no paragraph begins: operators and accents."""
_RELATIONS = frozenset("=≈≤≥∝←∼≡∈") | {":="}
_BULLETS = frozenset("•◦▪–")
"""Signs before items of lists, which are set in the fonts of formulas too."""
_SIDE = 8
"""Words of the left side of an equation at most."""
_ROOM = 5.0
"""Type sizes between the tops of two pieces of one formula, or of a formula and its text, at most."""


def begins_formula(words: Sequence[Word]) -> bool:
    """Whether a piece of text begins with a formula, or with what stands behind the broken part of one."""
    first = words[0]
    if first.text in _BULLETS:
        return False
    if _FONTS.search(first.font) or unicodedata.category(first.text[0]) in _SIGNS:
        return True
    return any(word.text in _RELATIONS for word in words[1:_SIDE])


def beside(before: Word, word: Word, size: float) -> bool:
    """Whether a word stands near enough to the one before it to be of the same formula, or its text.

    Args:
        before: the last word of a piece.
        word: the first word of the next.
        size: type size of the text.
    """
    return before.box.page == word.box.page and abs(word.box.top - before.box.top) < _ROOM * size
