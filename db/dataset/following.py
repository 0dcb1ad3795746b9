"""What comes in the order of its keys beside something else that does: neither has to be held to be laid side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Following(Generic[Item]):
    """A stream in the order of its keys, asked for keys in that order.

    Args:
        stream: key and item, each key once.
    """

    def __init__(self, stream: Iterable[tuple[str, Item]]) -> None:
        self._stream = iter(stream)
        self._next = next(self._stream, None)

    def before(self, key: str | None) -> Iterator[tuple[str, Item]]:
        """What comes before a key, or all that is left; each is given once."""
        while self._next is not None and (key is None or self._next[0] < key):
            yield self._next
            self._next = next(self._stream, None)

    def of(self, key: str) -> Item | None:
        """What has the key; what comes before it and was not asked for is passed over."""
        for _ in self.before(key):
            pass
        if self._next is None or self._next[0] != key:
            return None
        found, self._next = self._next[1], next(self._stream, None)
        return found
