"""Text that strangers wrote, made harmless for a terminal: no control characters, no turned writing direction."""

from __future__ import annotations

import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of control, format and surrogate characters, line and paragraph separators."""


def safe(text: object) -> str:
    """The text with a blank for each control, format, surrogate or separator character.

    Escape sequences could steer the terminal, and direction marks could show a value otherwise than it is.
    """
    return "".join(" " if unicodedata.category(char) in _UNSAFE else char for char in str(text))
