"""Reading papers in worker processes: in parallel, in order, and safe from what strangers wrote.

A PDF can hang or crash its reader. Each paper is read in a process of its own pool with a time-out; a paper that
raises, hangs or kills its worker becomes a `FailedPaper` and the rest go on. Nothing here knows Prefect.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extractors.facts.errors import BurdenError, DamagedDocumentError, OversizedDocumentError
from extractors.facts.ids import PaperId
from extractors.facts.records import Reading

TASKS_PER_WORKER = 64
"""A worker is replaced after this many papers, so that a leak in a C library cannot grow for ever."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read."""

    subject: str
    """What to call it in messages: a path or a paper's id."""
    content: Path | bytes
    paper: PaperId | None = None
    """Which paper it is, where that is known from outside."""


@dataclass(frozen=True, slots=True)
class FailedPaper:
    """A file that could not be read, and why."""

    subject: str
    error: BurdenError


Outcome = Reading | FailedPaper


def read_many(
    jobs: Iterable[Job], *, workers: int = 2, timeout: float = 300.0
) -> Iterator[tuple[Job, Outcome]]:
    """Read papers in `workers` processes and yield the outcomes in the order of the jobs.

    Args:
        jobs: taken lazily, at most two per worker ahead.
        workers: number of processes.
        timeout: seconds that one paper may take.
    """
    pool = ProcessPool(max_workers=workers, max_tasks=TASKS_PER_WORKER, context=get_context("spawn"))
    with pool:
        try:
            yield from _in_order(pool, jobs, ahead=2 * workers, timeout=timeout)
        except BaseException:  # also GeneratorExit: who stops asking must not wait for papers under way
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _in_order(
    pool: ProcessPool, jobs: Iterable[Job], *, ahead: int, timeout: float
) -> Iterator[tuple[Job, Outcome]]:
    waiting: deque[tuple[Job, ProcessFuture[Reading]]] = deque()
    for job in jobs:
        waiting.append((job, pool.schedule(_read, args=(job.content, job.paper), timeout=timeout)))
        if len(waiting) > ahead:
            yield _outcome(*waiting.popleft(), timeout)
    while waiting:
        yield _outcome(*waiting.popleft(), timeout)


def _outcome(job: Job, future: ProcessFuture[Reading], timeout: float) -> tuple[Job, Outcome]:
    try:
        return job, future.result()
    except BurdenError as error:
        return job, FailedPaper(job.subject, _at(error, job.subject))
    except FutureTimeoutError:
        slow = OversizedDocumentError(
            f"reading took longer than {timeout:g} s and was stopped", where=job.subject
        )
        return job, FailedPaper(job.subject, slow)
    except ProcessExpired as error:
        dead = DamagedDocumentError(
            f"the reader's process died with code {error.exitcode}", where=job.subject
        )
        return job, FailedPaper(job.subject, dead)
    except OSError as error:
        missing = DamagedDocumentError(f"the file cannot be opened: {error.strerror}", where=job.subject)
        return job, FailedPaper(job.subject, missing)
    # a defect of ours must cost one paper, not the night; it is recorded with its type
    except Exception as error:  # noqa: BLE001
        defect = DamagedDocumentError(
            f"reading failed with {type(error).__name__}: {error}", where=job.subject
        )
        return job, FailedPaper(job.subject, defect)


def _at(error: BurdenError, subject: str) -> BurdenError:
    return error if error.where else type(error)(error.what, where=subject, remedy=error.remedy)


def _read(content: Path | bytes, paper: PaperId | None) -> Reading:
    """Run in the worker: imports stay here, so that the parent starts quickly."""
    from extractors.paper import read_paper

    data = content if isinstance(content, bytes) else content.read_bytes()
    return read_paper(data, paper)
