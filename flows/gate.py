"""The gate before a service: one process at a time goes through, and not too soon after the last.

Threads of a process take turns in `flows.http`; this is for processes, on one machine or many, that share a database, or one of
their databases for this alone (the setting `gate_url`). The times
in it are the machines' own, so their clocks have to agree (`burden doctor` asks).
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Engine

from db.engine import migrate, open_database, session
from db.gates import end_turn, holder_of, take_turn
from flows.clock import Clock
from flows.settings import Settings


class Gate(Protocol):
    """Whose turn it is at a service, among all who ask it."""

    def enter(self, service: str, interval: float, hold: float) -> float:
        """Take the turn: 0 if it is ours until `leave`, else in how many seconds it may be free.

        Args:
            service: the service's name.
            interval: seconds from the start of the last request to that of the next.
            hold: seconds after which the turn ends by itself, should we die with it.
        """
        ...

    def leave(self, service: str) -> None:
        """Give the turn back."""
        ...

    def put_off(self, service: str, seconds: float) -> None:
        """Let nobody ask for so long, as the service wishes."""
        ...


class OpenGate:
    """A gate that lets all pass, for a process that shares a service with no other."""

    def enter(self, service: str, interval: float, hold: float) -> float:  # noqa: ARG002
        """Pass."""
        return 0.0

    def leave(self, service: str) -> None:
        """Do nothing."""

    def put_off(self, service: str, seconds: float) -> None:
        """Do nothing."""


class SharedGate:
    """The gate in the database."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._name = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex}"

    def enter(self, service: str, interval: float, hold: float) -> float:
        """Take the turn by one statement.

        Raises:
            StoreError: the database cannot be written.
        """
        now = self._clock.now()
        until = now + timedelta(seconds=hold)
        with session(self._engine) as opened:
            holder = holder_of(opened, service)
            if holder is not None and _is_dead(holder):
                end_turn(opened, service, holder)
            due = take_turn(
                opened, service, self._name, now, interval=timedelta(seconds=interval), until=until
            )
        # never 0 for a turn that is not ours: a free moment that has just passed is asked for again
        return max((due - now).total_seconds(), 0.001) if due else 0.0

    def leave(self, service: str) -> None:
        """Give the turn back."""
        with session(self._engine) as opened:
            end_turn(opened, service, self._name)

    def put_off(self, service: str, seconds: float) -> None:
        """Note when the service may be asked again."""
        with session(self._engine) as opened:
            later = self._clock.now() + timedelta(seconds=seconds)
            end_turn(opened, service, self._name, not_before=later)


@contextmanager
def gate_of(settings: Settings, engine: Engine, clock: Clock) -> Iterator[Gate]:
    """The gate that the settings name: in the run's own database, or in one that several such share.

    Args:
        settings: the settings.
        engine: the run's own database, which need not be migrated yet.
        clock: what time it is here.

    Raises:
        UsageError: the address is not that of a database.
        StoreError: the shared database cannot be reached or written.
    """
    if not settings.gate_url:
        yield SharedGate(engine, clock)
        return
    shared = open_database(settings.gate_url)
    try:
        migrate(shared)
        yield SharedGate(shared, clock)
    finally:
        shared.dispose()


def _is_dead(holder: str) -> bool:
    """Whether a process of this machine had the turn and is no more; of other machines only time can tell."""
    host, pid, _ = holder.split(" ")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's, so it lives
        pass
    return False
