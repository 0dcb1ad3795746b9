"""Text that strangers wrote, made harmless for a terminal: no control characters, no turned writing direction."""

from __future__ import annotations

import unicodedata


def safe(text: object) -> str:
    """The text with a blank for each control, format or surrogate character.

    Escape sequences could steer the terminal, and direction marks could show a value otherwise than it is.
    """
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char for char in str(text))
