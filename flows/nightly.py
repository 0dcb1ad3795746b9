"""The nightly flow: the story of `flows.night.run` with each step as a Prefect task.

This module imports Prefect, so only the commands that need it import this module, after
`flows.prefect_home.prepare_prefect`. Tasks take no parameters that Prefect would have to store, and
a task body is one call into the library.
"""

# No `from __future__ import annotations`: Prefect builds a model of the flow's parameters from the annotations
# themselves, and fails on their names as text where a runner starts the flow.

import atexit
import os
import re
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from contextvars import copy_context
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TypeVar

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import deployment, flow_run
from prefect.states import Completed

from db.runs import NIGHTLY
from extractors.facts.errors import RepeatedRunError, StoreError
from flows import papers, screening, steps
from flows.harvest import harvest
from flows.lifeline import Lifeline
from flows.night import Night, Order, SourceName, Steps, Summary, open_night, run
from flows.progress import on_terminal
from flows.settings import load_settings
from flows.watch import closing
from flows.watch.report import as_markdown, line

T = TypeVar("T")
W = TypeVar("W")

ARTIFACT = "burden-night"
"""Key of the artifacts that carry a night's report, so that Prefect lists them as one series."""
_LOOK_EVERY_SECONDS = 0.05


@flow(name=NIGHTLY, persist_result=False)
def nightly(
    source: SourceName = "arxiv",
    folder: Path | str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Summary | State[Summary]:
    """Harvest, screen, fetch and read, fall back to other files, route, summarise.

    Args:
        source: `arxiv`, `atom`, `bulk` or `folder`.
        folder: the folder of papers, or the address of a bucket of bulk files.
        since: first day; by default some days before the last watermark.
        until: last day; by default now.

    Raises:
        BurdenError: the night failed as a whole; what was finished before is kept.
    """
    order = Order(source, folder, since, until, key=scheduled_key())
    return once(lambda: told(open_night(load_settings(), order, telling=on_terminal()), TASKS))


def run_nightly(order: Order) -> Summary:
    """Run the flow now, in this process.

    Raises:
        BurdenError: the night failed as a whole; what was finished before is kept.
        StoreError: Prefect's server did not start, or the one that `PREFECT_API_URL` names does not answer.
    """
    found = with_server(lambda: nightly(order.source, order.folder, order.since, order.until))
    if not isinstance(found, Summary):
        raise TypeError("a run without a name of its own repeats none")
    return found


def told(opening: AbstractContextManager[Night], do: Steps) -> Summary:
    """Open a run and tell its story."""
    with opening as night:
        return run(night, do)


def once(story: Callable[[], T]) -> T | State[T]:
    """Tell a story, or end well without it where the very same run is done or at work, as where a schedule fired twice."""
    try:
        return story()
    except RepeatedRunError as error:
        return Completed(name="Repeated", message=str(error))


def with_server(flow: Callable[[], T]) -> T:
    """Call a flow, and say it plainly where Prefect has no server for it.

    Raises:
        StoreError: Prefect's server did not start, or the one that `PREFECT_API_URL` names does not answer.
    """
    try:
        _start_server()
        return flow()
    except RuntimeError as error:
        if not re.match("Timed out while attempting to connect|Failed to reach API", str(error)):
            raise
        said = str(error).splitlines()[0].rstrip(".")
        raise StoreError(
            f"Prefect has no server: {said}", remedy="Check PREFECT_API_URL, or unset it"
        ) from error


def _start_server() -> None:
    """Start Prefect's own server, where no other is named, out of reach of Ctrl-C.

    A terminal sends that to all processes: the server would be gone before the flow has told it that it was stopped, which
    then tries for a minute and fails. Whoever stops, ends the server when it ends. It is born with the signals that its thread is deaf to.
    Whoever is killed ends nothing, so that it hangs on a line that then breaks, from its first moment on.
    """
    if os.environ.get("PREFECT_API_URL"):
        return
    from prefect.server.api.server import SubprocessASGIServer  # half of what Prefect takes to load

    server = SubprocessASGIServer()
    if server.running:
        return
    failed: list[RuntimeError] = []
    lasting = ExitStack()
    atexit.register(lasting.close)  # before Prefect says what it ends at the end, so that this comes after it
    lifeline = lasting.enter_context(Lifeline())

    def start() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            server.start()
        except RuntimeError as error:
            failed.append(error)

    starting = Thread(target=copy_context().run, args=(start,), daemon=True)
    starting.start()
    held = None
    while starting.is_alive():
        starting.join(_LOOK_EVERY_SECONDS)
        if (
            server.server_process is not None and server.server_process.pid != held
        ):  # another, where its port was taken
            held = server.server_process.pid
            lifeline.hold(held)
    if failed:
        raise failed[0]


def as_task(step: Callable[[W], T]) -> Callable[[W], T]:
    """A step of a story as a task whose body is one call; the work is not a parameter, which Prefect would have to store."""

    def ran(work: W) -> T:
        @task(name=step.__name__, cache_policy=NO_CACHE, persist_result=False)
        def body() -> T:
            return step(work)

        return body()

    return ran


def _close(night: Night) -> None:
    """The report, which Prefect shows as an artifact of the run: no task, for it also follows steps that failed."""
    closing.close(night)
    if night.report is not None:
        create_markdown_artifact(as_markdown(night.report), key=ARTIFACT, description=line(night.report))


TASKS = Steps(
    harvest=as_task(harvest),
    screen=as_task(screening.screen),
    read=as_task(papers.read),
    fall_back=as_task(papers.fall_back),
    route=as_task(steps.route),
    summarise=as_task(steps.summarise),
    close=_close,
)


def scheduled_key() -> str:
    """A scheduled run is named by the time it was due, so that a schedule that fires twice does the work once."""
    if deployment.id is None:
        return ""
    return f"{NIGHTLY} {flow_run.scheduled_start_time:%Y-%m-%dT%H:%M:%S}"
