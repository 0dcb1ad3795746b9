"""The command line as a person runs it, in this process or, where its output goes to a file, in one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from tests.command import Done, command

Burden = Callable[..., Done]


@pytest.fixture(scope="session")
def burden() -> Burden:
    """Run `burden` with some arguments, its output caught or sent `into` a file."""

    def run(*words: str | Path, into: IO[str] | None = None) -> Done:
        if into is None:
            return command(*words, env=os.environ)
        script = "from flows.cli import main\nif __name__ == '__main__': main()"
        arguments = [sys.executable, "-c", script, *map(str, words)]
        ran = subprocess.run(arguments, stdout=into, stderr=subprocess.PIPE, text=True, check=False)
        return Done(ran.returncode, "", ran.stderr)

    return run
