"""The command line as a person runs it: a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

Burden = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def burden() -> Burden:
    """Run `burden` with some arguments, its output caught or sent `into` a file."""

    def run(*command: str | Path, into: IO[str] | int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
        script = "from flows.cli import main\nif __name__ == '__main__': main()"
        return subprocess.run(
            [sys.executable, "-c", script, *map(str, command)],
            stdout=into,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    return run
