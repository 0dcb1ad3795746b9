"""Whether a sentence speaks of hardware that one before it has named: `on this setup`, `the same hardware`, `the two GPUs`."""

from __future__ import annotations

import re

_REFERS = re.compile(
    r"\b(?:(?:this|that|the same|the above|an identical|identical) (?:\w+ )?(?:set-?up|hardware|configuration|machine|server|node|cluster)s?"
    r"|(?:the|both|these|those) (?:same )?(?:(?:\d+|two|four|eight) )?[GTC]PUs)\b",
    re.IGNORECASE,
)


def refers_to_hardware(text: str) -> bool:
    """Whether a sentence has words for hardware that was named before it."""
    return bool(_REFERS.search(text))
