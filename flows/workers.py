"""Reading papers in worker processes: in parallel, in order, and safe from what strangers wrote.

A PDF can hang its reader, crash it, or make it take all memory there is. Each paper is read in a process of a pool, within
a time and an amount of memory; a paper that raises, hangs or kills its worker becomes a `FailedPaper`, the worker is
replaced, and the rest go on. How much of one paper is read is in `documents.opening`. Nothing here knows Prefect.
"""

from __future__ import annotations

import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Generic, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extractors.facts.errors import BurdenError, DamagedDocumentError, OversizedDocumentError
from extractors.facts.ids import PaperId
from extractors.facts.records import Reading

TASKS_PER_WORKER = 64
"""A worker is replaced after this many papers, so that a leak in a C library cannot grow for ever."""
MEMORY = 1024
"""Megabytes that a worker may use: itself it takes 180, and with any paper of the labelled corpus less than 250."""
_OUT_OF_MEMORY = 70
"""Exit code of a worker that Python told that there is no more memory."""
_NO_MEMORY = (_OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)
"""How workers end without memory: by themselves, by pdfium, which aborts, and by the system."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read."""

    subject: str
    """What to call it in messages: a path or a paper's id."""
    content: Path | bytes
    paper: PaperId | None = None
    """Which paper it is, where that is known from outside."""
    companion: bytes | None = None
    """The PDF in which the evidence of a page of HTML is to be placed."""


@dataclass(frozen=True, slots=True)
class FailedPaper:
    """A file that could not be read, and why."""

    subject: str
    error: BurdenError


T = TypeVar("T")
Work = Callable[[Job, bytes], T]
Outcome = Reading | FailedPaper


@dataclass(frozen=True, slots=True)
class Allowance:
    """What reading one paper may take."""

    seconds: float
    megabytes: int
    """Of the whole worker process. Linux holds processes to it; other systems let them pass."""


def read_many(
    jobs: Iterable[Job], *, workers: int = 2, timeout: float = 300.0, memory: int = MEMORY
) -> Iterator[tuple[Job, Outcome]]:
    """Read papers in `workers` processes and yield the outcomes in the order of the jobs; see `run_many`."""
    yield from run_many(reader, jobs, workers=workers, timeout=timeout, memory=memory)


def run_many(
    load: Callable[[], Work[T]],
    jobs: Iterable[Job],
    *,
    workers: int = 2,
    timeout: float = 300.0,
    memory: int = MEMORY,
) -> Iterator[tuple[Job, T | FailedPaper]]:
    """Do something with papers in `workers` processes and yield what comes of each in the order of the jobs.

    Args:
        load: a function of a module that imports what the work takes and returns the work, which is given a job
            and its bytes; called in the workers. What the work returns travels back by pickle.
        jobs: taken lazily, at most two per worker ahead.
        workers: number of processes.
        timeout: seconds that one paper may take.
        memory: megabytes that a worker may use; held to on Linux only.
    """
    with open_workers(load, workers=workers, timeout=timeout, memory=memory) as at_work:
        for job in jobs:
            at_work.give(job)
            if not at_work.has_room:
                yield at_work.first()
        while at_work.is_busy:
            yield at_work.first()


@contextmanager
def open_workers(
    load: Callable[[], Work[T]], *, workers: int = 2, timeout: float = 300.0, memory: int = MEMORY
) -> Iterator[Workers[T]]:
    """Processes to be given papers one by one; see `run_many`. They start with the first paper."""
    pool = ProcessPool(max_workers=workers, max_tasks=TASKS_PER_WORKER, context=_loaded_once())
    with pool:
        try:
            yield Workers(pool, load, Allowance(timeout, memory), most=2 * workers + 1)
        except BaseException:  # also GeneratorExit: who stops asking must not wait for papers under way
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _loaded_once() -> ForkServerContext:
    """Where workers come from: forks of one process of their own, which has loaded the reader and warmed it up."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["flows.warmed"])
    return context


class Workers(Generic[T]):
    """Worker processes and the papers that they are at."""

    def __init__(self, pool: ProcessPool, load: Callable[[], Work[T]], allowed: Allowance, most: int) -> None:
        self._pool, self._load, self._allowed, self._most = pool, load, allowed, most
        self._under_way: deque[tuple[Job, ProcessFuture[T]]] = deque()

    @property
    def is_busy(self) -> bool:
        """Whether any paper is under way."""
        return bool(self._under_way)

    @property
    def has_room(self) -> bool:
        """Whether another paper is worth holding ready; each is in memory from when it is given."""
        return len(self._under_way) < self._most

    def give(self, job: Job) -> None:
        """Have a paper read as soon as a worker is free."""
        task = (self._load, job, self._allowed.megabytes)
        future: ProcessFuture[T] = self._pool.schedule(_held, args=task, timeout=self._allowed.seconds)
        self._under_way.append((job, future))

    def first(self) -> tuple[Job, T | FailedPaper]:
        """What came of the paper that was given first, waited for."""
        job, future = self._under_way.popleft()
        outcome = _outcome(job, future, self._allowed)
        return job, outcome

    def finished(self, *, wait: bool = False) -> list[tuple[Job, T | FailedPaper]]:
        """What came of those that are done, and where asked to, of at least one, waited for."""
        if wait:
            wait_for((future for _, future in self._under_way), return_when=FIRST_COMPLETED)
        done = [(job, future) for job, future in self._under_way if future.done()]
        self._under_way = deque(entry for entry in self._under_way if entry not in done)
        outcomes: list[tuple[Job, T | FailedPaper]] = []
        for job, future in done:
            outcome = _outcome(job, future, self._allowed)
            outcomes.append((job, outcome))
        return outcomes


def _outcome(job: Job, future: ProcessFuture[T], allowed: Allowance) -> T | FailedPaper:
    try:
        return future.result()
    except BurdenError as error:
        failed = _at(error, job.subject)
    except FutureTimeoutError:
        failed = OversizedDocumentError(
            f"reading took longer than {allowed.seconds:g} s and was stopped", where=job.subject
        )
    except ProcessExpired as error:
        failed = _dead(error.exitcode, job.subject, allowed)
    except OSError as error:
        failed = DamagedDocumentError(f"the file cannot be opened: {error.strerror}", where=job.subject)
    # a defect of ours must cost one paper, not the night; it is recorded with its type
    except Exception as error:  # noqa: BLE001
        failed = DamagedDocumentError(
            f"reading failed with {type(error).__name__}: {error}", where=job.subject
        )
    return FailedPaper(job.subject, failed)


def _dead(code: int, subject: str, allowed: Allowance) -> BurdenError:
    """What the death of a worker says of its paper."""
    how = signal.Signals(-code).name if code < 0 else f"code {code}"
    if code in _NO_MEMORY:
        return OversizedDocumentError(
            f"reading ended with {how}: it needs more than the {allowed.megabytes:,} MB of memory allowed",
            where=subject,
        )
    return DamagedDocumentError(f"reading crashed with {how}", where=subject)


def _at(error: BurdenError, subject: str) -> BurdenError:
    return error if error.where else type(error)(error.what, where=subject, remedy=error.remedy)


def _held(load: Callable[[], Work[T]], job: Job, megabytes: int) -> T:
    """Run in the worker: what it imports is not held against the paper."""
    work = load()
    try:
        with ceiling(megabytes):
            return work(job, job.content if isinstance(job.content, bytes) else job.content.read_bytes())
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # memory in shreds, and a C library that was refused some: start afresh


def reader() -> Work[Reading]:
    """The work of reading a paper, with all that it takes."""
    from extractors.paper import read_paper

    return lambda job, data: read_paper(data, job.paper, companion=job.companion)


@contextmanager
def ceiling(megabytes: int) -> Iterator[None]:
    """No more memory than this while a paper is read; between papers a worker is free, to take in the next.

    The limit is on private memory that can be written: reserved addresses and the files of libraries do not count.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no file behind
    resource.setrlimit(resource.RLIMIT_DATA, (_within(megabytes << 20, before[1]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _within(wanted: int, most: int) -> int:
    return wanted if most == resource.RLIM_INFINITY else min(wanted, most)
