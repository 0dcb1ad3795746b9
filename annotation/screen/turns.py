"""Keys and pasted text that wait their turn, in the order in which they came."""

from __future__ import annotations

from collections import deque
from itertools import islice

from textual import events

MOST = 60
"""Keys that may wait: more at once come from a paste into a terminal that does not say that it is one."""
PAUSE = 0.3
"""Seconds without a key after which such a paste is over."""
_NAMED = 20
"""Keys that are named."""

Typed = events.Key | events.Paste


class Turns:
    """What was typed and is not taken yet."""

    def __init__(self, at: float) -> None:
        """Nothing yet.

        Args:
            at: now, in seconds that never run backwards.
        """
        self.last_key = at
        """When anything was typed last."""
        self._line: deque[Typed] = deque()
        self._is_flooded = False

    def __len__(self) -> int:
        return len(self._line)

    def put(self, event: Typed, at: float) -> bool:
        """Put something in line, unless it is part of a paste that is not marked as one; whether the line has room for it."""
        before, self.last_key = self.last_key, at
        if self._is_flooded and at - before < PAUSE:
            return True  # said already
        self._line.append(event)
        self._is_flooded = len(self._line) > MOST
        return not self._is_flooded

    def take(self) -> Typed:
        """What came first."""
        return self._line.popleft()

    def clear(self) -> None:
        """Forget all."""
        self._line.clear()

    def words(self) -> str:
        """The keys, in words; of many, the first."""
        first = [
            named(event.character or event.key) if isinstance(event, events.Key) else "…"
            for event in islice(self._line, _NAMED)
        ]
        more = len(self._line) - len(first)
        return " ".join([*first, *([f"and {more} more"] if more else [])])


def named(key: str) -> str:
    """A key in words."""
    return key if len(key) > 1 else f"“{key}”"
