"""Pictures of places in papers: made in a process that can be stopped, kept in a folder of bounded size, opened."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from uuid import uuid4

from annotation.picture.showing import file_name
from extractors.facts.errors import StoreError
from flows.workers import MEMORY, FailedPaper, Job, run_many

if TYPE_CHECKING:
    from annotation.picture.crop import Picture
    from extractors.facts.evidence import Evidence
    from flows.workers import Work

KEPT = 200
"""Files in the folder; when there are more, those not used for longest go."""
_SECONDS = 30.0
"""Longest time that one picture may take; mostly it takes half of one."""


def make_picture(data: bytes, evidence: Evidence, *, seconds: float = _SECONDS) -> Picture:
    """The picture of a place (`annotation.picture.crop`), made in a process of its own.

    Args:
        data: the paper's PDF.
        evidence: the place.
        seconds: longest time that it may take.

    Raises:
        BurdenError: there is none: a page of HTML, no such page, or a page that cannot be drawn in time and memory.
    """
    job = Job(f"page {evidence.page}", data)
    load = partial(_drawer, evidence)
    for _, outcome in run_many(load, [job], workers=1, timeout=seconds, memory=MEMORY):
        if isinstance(outcome, FailedPaper):
            raise outcome.error
        return outcome
    raise AssertionError("one job has one outcome")


def _drawer(evidence: Evidence) -> Work[Picture]:
    """Run in the worker."""
    from annotation.picture.crop import crop

    return lambda _, data: crop(data, evidence)


def keep_picture(picture: Picture, folder: Path) -> Path:
    """Write a picture into a folder, under the name of its content; see `keep`."""
    return keep(picture.png, folder, file_name(picture))


def keep(data: bytes, folder: Path, name: str) -> Path:
    """Write a file whole, if it is not there, and remove the longest unused beyond `KEPT`.

    Raises:
        StoreError: the folder cannot be written.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            os.utime(path)
        else:
            part = folder / f".{uuid4().hex}.part"
            part.write_bytes(data)
            part.replace(path)
        _remove_oldest(folder, path)
    except OSError as error:
        raise StoreError(
            f"a picture cannot be written: {error.strerror}",
            where=str(path),
            remedy="Check that the folder is writable and has room",
        ) from error
    return path


def _remove_oldest(folder: Path, spared: Path) -> None:
    """Others may be at it too, so a file may be gone before it is looked at."""
    aged = []
    for file in folder.iterdir():
        try:
            aged.append((file.stat().st_mtime_ns, file))
        except FileNotFoundError:
            continue
    for _, file in sorted(aged, reverse=True)[KEPT:]:
        if file != spared:
            file.unlink(missing_ok=True)


def launch(command: Sequence[str]) -> bool:
    """Start a program and let it be; False where there is none to start.

    Args:
        command: the program and its arguments, as `annotation.opening.opener` gives them; no shell sees them.
    """
    if not command:
        return False
    try:
        started = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # it outlives this program, and Ctrl-C is not for it
        )
    except OSError:
        return False
    Thread(
        target=started.wait, daemon=True
    ).start()  # the system keeps what has ended until somebody waited for it
    return True
