"""The examples that a release prints run as they are printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from db.dataset.metadata.examples import EXAMPLES, Example

RUN = [example for example in EXAMPLES if example.language == "python"]


@pytest.mark.parametrize("example", RUN, ids=lambda example: example.title)
def test_every_example_runs_as_it_is_printed(example: Example, release: Path) -> None:
    assert example.code.rstrip() in (release / "README.md").read_text("utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", example.code],
        cwd=release,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search("V100|imagenet-1k|SparseNet", done.stdout)
