"""What Prefect costs: one task around an empty body, beside the reading of one paper, and what follows for how much goes into a task.

The server is one of our own on loopback with its data in a fresh folder, as `burden serve` starts it; tasks are called
directly, as the nightly flow calls its steps. The paper is read in this process, without the start of a worker.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from extractors.paper import read_paper
from flows.prefect_home import prepare_prefect
from flows.progress import on_terminal
from flows.serve import free_port, prefect_server
from flows.settings import Settings

TASKS = 200
STEPS = 6
"""Tasks of a night: harvest, screen, read, fall back, route, summarise."""
PAPERS = 100
"""Papers that a night reads, for the share."""
STAGES = 4
"""Of one paper, were each a task: screen, fetch, read, save."""


@dataclass(frozen=True, slots=True)
class Overhead:
    """What was measured, in seconds."""

    task: float
    """Median of one task with an empty body."""
    p90: float
    paper: float
    """Median of reading one sample paper."""

    def share(self, tasks: int, papers: int = PAPERS) -> float:
        """What tasks take of a night that reads so many papers, one after another."""
        spent = tasks * self.task
        return spent / (spent + papers * self.paper)


def report(papers: Path) -> None:
    """Print the cost of a task, and its share of a night by what goes into one."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        prepare_prefect(settings)
        port = free_port()
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
        with prefect_server(settings, port, on_terminal()):
            tasks = tasks_timed(TASKS)
    ordered = sorted(tasks)
    read = papers_timed(sorted(papers.glob("*.pdf")))
    found = Overhead(statistics.median(ordered), ordered[int(0.9 * len(ordered))], statistics.median(read))
    for line in summary(found, len(tasks), len(read)):
        print(line)


def tasks_timed(number: int) -> list[float]:
    """How long each of so many tasks with empty bodies takes, in a flow of their own."""
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    @task(cache_policy=NO_CACHE, persist_result=False)
    def empty() -> None:
        pass

    @flow(persist_result=False)
    def many() -> list[float]:
        empty()
        return [timed(empty) for _ in range(number)]

    return many()


def papers_timed(files: Sequence[Path]) -> list[float]:
    """How long reading each takes, once what reads is loaded."""
    contents = [file.read_bytes() for file in files]
    read_paper(contents[0])
    return [timed(lambda data=data: read_paper(data)) for data in contents]  # type: ignore[misc]  # bound at once


def timed(what: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = perf_counter()
    what()
    return perf_counter() - began


def summary(found: Overhead, tasks: int, papers: int) -> list[str]:
    """The figures in words."""
    chosen = f"{STEPS} tasks a night, one a step (as it is)"
    ways = (
        (chosen, STEPS),
        ("a task a paper", PAPERS),
        (f"a task a paper and stage, {STAGES} of them", STAGES * PAPERS),
    )
    return [
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors",
        f"a task around nothing: median {1000 * found.task:.1f} ms, p90 {1000 * found.p90:.1f} ms of {tasks}",
        f"reading a sample paper: median {1000 * found.paper:.0f} ms of {papers}; a task is {found.task / found.paper:.1%} of it",
        *(f"{way:46} {found.share(number):7.2%} of a night of {PAPERS} papers" for way, number in ways),
    ]
