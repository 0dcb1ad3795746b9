"""The command line as a person types it, in this process: the same words, streams, environment and exit codes.

A process of its own for each command would spend a second on importing what the last one had imported. What is about
processes (signals, terminals, what is imported, pipes that close) is tested with processes.
"""

import io
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from flows.cli import main

_TOUCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def command(*words: str | Path, env: Mapping[str, str], cwd: Path | None = None, keys: str = "") -> Done:
    """Run `burden` with these words, as if in a fresh process.

    Args:
        words: what follows `burden`.
        env: the whole environment.
        cwd: the working directory.
        keys: what comes on standard input, which is no terminal.
    """
    out, err = _stream(), _stream()
    with (
        _handlers_kept(),
        chdir(cwd or Path.cwd()),
        patch.dict(os.environ, env, clear=True),
        patch.object(sys, "argv", ["burden", *map(str, words)]),
        patch.object(sys, "stdin", _stream(keys)),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        code = _code()
    return Done(code, _said(out), _said(err))


def _code() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", write_through=True)


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode().replace(os.linesep, "\n")


@contextmanager
def _handlers_kept() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in _TOUCHED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
