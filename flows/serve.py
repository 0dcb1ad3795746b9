"""The night on a schedule, for one machine: a Prefect server of our own on loopback, and a runner beside it.

Nothing has to be set up: without `PREFECT_API_URL` the server is started as a child, keeps its data in our folder,
and stops with us, also where we are killed. With it, the user's own server keeps the schedule. Work pools for more machines are not here.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

import requests

from extractors.facts.errors import StoreError, UsageError
from flows.clock import Clock, SystemClock
from flows.lifeline import Lifeline
from flows.prefect_home import STARTUP_SECONDS, prefect_environment, prepare_prefect
from flows.progress import Telling
from flows.settings import Settings

_STOP_SECONDS = 10
_HEALTH_EVERY_SECONDS = 0.2


def serve(settings: Settings, cron: str, telling: Telling) -> None:
    """Run the night whenever the cron string says, in UTC, until stopped.

    Raises:
        UsageError: the cron string says nothing.
        StoreError: the server did not start.
    """
    prepare_prefect(settings)
    own = "PREFECT_API_URL" not in os.environ
    port = free_port()
    if own:  # before Prefect is imported, which starts yet another server where none is named
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    checked = _checked(cron)
    signal.signal(signal.SIGTERM, _stop)
    with prefect_server(settings, port, telling) if own else nullcontext():
        telling.note(f"The night runs at {checked!r} (UTC). Stop with Ctrl-C.")
        _run_at(checked)


def _run_at(cron: str) -> None:
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.nightly import nightly

    # Prefect's runner forgets to await its own end when it is told to stop
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    nightly.serve(
        name="nightly",
        schedule=Cron(cron, timezone="UTC"),
        pause_on_shutdown=False,
        print_starting_message=False,
        limit=1,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _checked(cron: str) -> str:
    from prefect.client.schemas.schedules import CronSchedule

    try:
        return CronSchedule(cron=cron, timezone="UTC").cron
    except ValueError as error:
        remedy = "Write five parts, as '30 2 * * *' for every night at half past two"
        raise UsageError(f"{cron!r} is not a schedule", where="--cron", remedy=remedy) from error


@contextmanager
def prefect_server(settings: Settings, port: int, telling: Telling) -> Iterator[None]:
    """Prefect's server on a port of 127.0.0.1, stopped at the end.

    Raises:
        StoreError: its log cannot be written, or it did not start.
    """
    logs = settings.logs
    try:
        logs.mkdir(parents=True, exist_ok=True)
        log = (logs / "prefect-server.log").open("ab")
    except OSError as error:
        raise StoreError(f"the logs cannot be written: {error.strerror}", where=str(logs)) from error
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    command = [sys.executable, "-m", "prefect", "server", "start", *where]
    environment = prefect_environment(settings) | os.environ
    with (
        log,
        Lifeline() as lifeline,
        subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        ) as server,
    ):
        try:
            lifeline.hold(server.pid)
            with telling.phase("start") as phase:
                _wait_until_healthy(server, port, SystemClock(), log.name)
                phase.result = "Prefect's server is up"
            yield
        finally:
            _end(server)


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int, clock: Clock, log: str) -> None:
    began = clock.monotonic()
    while clock.monotonic() - began < STARTUP_SECONDS and server.poll() is None:
        try:
            if requests.get(f"http://127.0.0.1:{port}/api/health", timeout=5).ok:
                return
        except requests.RequestException:
            clock.sleep(_HEALTH_EVERY_SECONDS)
    raise StoreError("Prefect's server did not start", where=log, remedy="Its log says why")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
