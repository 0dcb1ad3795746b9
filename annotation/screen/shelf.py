"""The words around the quotes of the items in the hand, read ahead in a thread of their own, so that no key waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from annotation.passage import Passage
from annotation.session import Item
from extractors.facts.evidence import Evidence

_KEPT = 64


class Shelf:
    """Passages by their evidence."""

    def __init__(self, read: Callable[[Evidence], Passage | None], tell: Callable[[], None]) -> None:
        """An empty shelf.

        Args:
            read: reads a passage, and may take its time.
            tell: called in the event loop when one was read.
        """
        self._read, self._tell = read, tell
        self._thread = ThreadPoolExecutor(1, "passages")
        self._known: dict[Evidence, Passage | None] = {}
        self._reading: dict[Evidence, asyncio.Task[None]] = {}

    @property
    def is_reading(self) -> bool:
        """Whether something is still being read."""
        return bool(self._reading)

    def of(self, item: Item) -> Passage | None:
        """What stands around an item's evidence, where that is known by now."""
        return self._known.get(item.evidence) if item.evidence else None

    def want(self, items: Iterable[Item]) -> None:
        """Have the passages of some items read."""
        for place in (item.evidence for item in items):
            if place is not None and place not in self._known and place not in self._reading:
                self._reading[place] = asyncio.ensure_future(self._fetch(place))

    async def _fetch(self, place: Evidence) -> None:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._read, place)
        finally:
            self._reading.pop(place, None)
        while len(self._known) >= _KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[place] = found
        self._tell()

    def close(self) -> None:
        """Read no more."""
        for task in tuple(self._reading.values()):
            task.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
