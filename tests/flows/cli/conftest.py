"""The command line as a person runs it, in this process or, where its output goes to a file, in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from tests.command import Done, command

if TYPE_CHECKING:
    from tests.released import Releases

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


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Releases:
    """A data folder with two releases of one paper, of which a person corrected a count between them."""
    from tests.released import Releases

    monkeypatch.setenv("BURDEN_DATA_DIR", str(tmp_path / "data"))
    return Releases.made(tmp_path / "data")
