"""The rows of a large release, written by a process beside the one that reads and checks them: each has a core of its own.

Rows go to it through a pipe, pickled, some hundreds at once; what came of it comes back through another. A pipe that is full makes the
reader wait, so that no rows pile up. Whoever ends the pipe without having said that all rows came (he failed, or was killed) wants nothing
written any more: the process ends, and leaves a folder that its builder, or the next one, throws away.

It is started as a program of its own: `multiprocessing` would fork a process with threads and open databases, or import the caller's script anew.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from db.dataset.garbage import seldom_collected
from db.dataset.part import Part
from db.dataset.rowfiles import RowFiles, Writer, Written
from db.dataset.schema import EVIDENCE, Row
from extractors.facts.errors import StoreError
from extractors.facts.ids import PaperId

WORTH_IT = 50_000
"""Cells from which on a second process saves more than it takes to start: some six seconds of writing."""
_AT_ONCE = 500
"""Rows of evidence that are sent together."""
_PIPE_BYTES = 1024 * 1024
"""What the pipe holds, where the system lets itself be asked: half a second of rows, so that a pause of one side is none of the other's."""

_Sent = list[tuple[PaperId | None, Mapping[str, tuple[Row, ...]]]]
"""Papers and rows of some parts."""


def writer(folder: Path, cells: int) -> Writer:
    """What writes a release of so many cells into a folder."""
    return FilesBeside(folder) if cells >= WORTH_IT else RowFiles(folder)


class FilesBeside:
    """Writes in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: _Sent = []
        self._rows = 0

    def __enter__(self) -> Self:
        answer_from, answer_to = os.pipe()
        self._answer_from = os.fdopen(answer_from, "rb")
        with os.fdopen(answer_to, "wb"):  # here closed at once: its last end must be the process's own
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(self._folder), str(answer_to)],
                stdin=subprocess.PIPE,
                stdout=2,  # whatever a library prints is no answer
                pass_fds=[answer_to],
                process_group=0,  # out of reach of what a terminal sends to all: we end it
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        self._rows_to = cast("BinaryIO", self._process.stdin)
        _enlarge(self._rows_to)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._close()
        self._answer_from.close()
        self._process.wait()

    def add(self, part: Part) -> None:
        """Send the next part; what no single paper says comes last."""
        self._waiting.append((part.paper, part.tables))
        self._rows += len(part.tables.get(EVIDENCE.name, ()))
        if self._rows >= _AT_ONCE:
            self._send()

    def end(self) -> None:
        """No more parts come: the files are made complete, while others go on with theirs."""
        if self._waiting:
            self._send()
        self._send()  # nothing, which says so

    def written(self) -> Written:
        """The files, once they are complete.

        Raises:
            OSError, sqlite3.Error: as writing them here would.
            StoreError: somebody ended the process.
        """
        answer = self._answer_from.read()
        self._process.wait()
        if not answer:
            raise _ended(self._process.returncode, self._folder)
        found = pickle.loads(answer)  # noqa: S301  # of our own process
        if isinstance(found, Written):
            return found
        raise found

    def _send(self) -> None:
        try:
            pickle.dump(self._waiting, self._rows_to, pickle.HIGHEST_PROTOCOL)
            self._rows_to.flush()
        except BrokenPipeError:
            self._close()
            self.written()  # raises what ended it
            raise
        self._waiting, self._rows = [], 0

    def _close(self) -> None:
        with suppress(BrokenPipeError):  # what is left in its buffer is for nobody
            self._rows_to.close()


def _enlarge(pipe: BinaryIO) -> None:
    if sys.platform == "linux":
        with suppress(OSError):  # the system allows less: then one waits for the other more often
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _ended(code: int, folder: Path) -> StoreError:
    how = f"by signal {-code}" if code < 0 else f"with {code}"
    return StoreError(
        f"the process that writes the files of the release ended {how} before it was done",
        where=str(folder),
        remedy="Build again; if the machine was out of memory, give it more",
    )


def _main(folder: Path, rows: BinaryIO, answer: BinaryIO) -> None:
    """Write what comes, and answer with the files or with what went wrong."""
    try:
        with RowFiles(folder) as files:
            for part in _parts(rows):
                files.add(part)
            files.end()
        found: Written | Exception = files.written()
    except (EOFError, pickle.UnpicklingError):
        return  # nobody waits for an answer
    except Exception as error:  # noqa: BLE001  # it is raised again where the rows come from
        error.add_note(f"In the process that writes files:\n{traceback.format_exc()}")
        found = error
    answer.write(pickle.dumps(found))


def _parts(rows: BinaryIO) -> Iterator[Part]:
    """What was sent, up to the word that this was all.

    Raises:
        EOFError, pickle.UnpicklingError: the word never came, not even the rest of some rows.
    """
    while some := pickle.load(rows):  # noqa: S301  # of our own process
        for paper, tables in some:
            yield Part(paper, tables)


if __name__ == "__main__":
    # Who waits for an answer may be gone by then; what is left of it would be written again when it is closed.
    with suppress(BrokenPipeError), os.fdopen(int(sys.argv[2]), "wb") as _answer, seldom_collected():
        _main(Path(sys.argv[1]), sys.stdin.buffer, _answer)
