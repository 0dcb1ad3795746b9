"""The words around quotes, read from the papers again in a process of its own, so that no key waits for a PDF.

A paper is read once for all its items: the process keeps the last two. What cannot be read, or takes too long, has no
passage, and the screen shows the quote alone.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import lru_cache
from multiprocessing import get_context, resource_tracker
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from pebble import ProcessFuture, ProcessPool

from annotation.passage import Passage
from extractors.facts.evidence import Evidence
from extractors.facts.values import Value
from flows.workers import MEMORY, TASKS_PER_WORKER, ceiling

if TYPE_CHECKING:
    from annotation.citing import Citation, Placed
    from extractors.documents.model import Document

T = TypeVar("T")

SECONDS = 60.0
"""That reading one paper may take."""
_KEPT = 2
"""Papers kept in the process: the one that is reviewed and the next."""


class Passages:
    """Reads passages of the papers in a store, one after the other."""

    def __init__(self, store: str) -> None:
        """A reader whose process starts now, so that it is there when it is first asked.

        Once a screen has taken the output streams, no process could be started that was not prepared before.

        Args:
            store: the folder or address of the store of papers.
        """
        self._store = store
        self._pool = _one_process()
        resource_tracker.ensure_running()
        self._changing = Lock()
        self._is_closed = False
        self._asked: set[ProcessFuture[Any]] = set()
        self._pool.schedule(_ready)

    def read(self, place: Evidence) -> Passage | None:
        """What stands around a piece of evidence; None where it cannot be told. Waits for it."""
        return self._ask(_read, place)

    def pages(self, sha256: str) -> int | None:
        """How many pages a file has, 0 for HTML; None where it cannot be read. Waits for it."""
        return self._ask(_pages, sha256)

    def place(self, sha256: str, citation: Citation, values: tuple[Value, ...]) -> Placed | None:
        """Where typed words stand in a file, for each value; None where it cannot be read. Waits for it."""
        return self._ask(_place, sha256, citation, values)

    def _ask(self, work: Callable[..., T], *about: object) -> T | None:
        with self._changing:
            if self._is_closed:
                return None
            if (
                not self._pool.active
            ):  # its process was killed while it had nothing to do, as by a system short of memory
                self._pool = _one_process()
            asked: ProcessFuture[T] = self._pool.schedule(work, args=(self._store, *about), timeout=SECONDS)
            self._asked.add(asked)
        try:
            return asked.result()
        except Exception:  # noqa: BLE001 - any failure costs the words around a quote, never the review
            return None
        finally:
            self._asked.discard(asked)

    def close(self) -> None:
        """End the process, whatever it does; who waits for a passage gets none."""
        with self._changing:
            self._is_closed = True
            for asked in tuple(self._asked):  # a pool that stops would leave them unanswered for ever
                asked.cancel()  # type: ignore[no-untyped-call]
        stop: Callable[[], None] = self._pool.stop
        stop()
        self._pool.join()


def _one_process() -> ProcessPool:
    return ProcessPool(
        max_workers=1, max_tasks=TASKS_PER_WORKER, initializer=_be_silent, context=get_context("spawn")
    )


def _be_silent() -> None:
    """Nothing that a worker prints may fall on the screen, and no key that ends the screen is for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _ready() -> None:
    """Take in what reading takes, before the first paper."""
    import extractors.documents.pdf  # noqa: F401


def _read(store: str, place: Evidence) -> Passage | None:
    from annotation.around import passage

    with ceiling(MEMORY):
        return passage(_document(store, place.sha256), place)


def _pages(store: str, sha256: str) -> int:
    from annotation.citing import is_paged

    with ceiling(MEMORY):
        document = _document(store, sha256)
        return len(document.pages) if is_paged(document) else 0


def _place(store: str, sha256: str, citation: Citation, values: tuple[Value, ...]) -> Placed:
    from annotation.citing import place

    with ceiling(MEMORY):
        return place(_document(store, sha256), citation, values)


@lru_cache(maxsize=_KEPT)
def _document(store: str, sha256: str) -> Document:
    from db.store import open_store
    from extractors.documents.challenge import looks_like_html

    data = open_store(store).get(sha256)
    if looks_like_html(data):
        from extractors.documents.html import read_html

        return read_html(data)
    from extractors.documents.pdf import read_pdf

    return read_pdf(data)
