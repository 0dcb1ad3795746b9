"""The examples that a release prints run as they are printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from db.dataset.metadata.examples import EXAMPLES, Example
from db.dataset.release import build_release

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World

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


def test_ids_that_end_in_a_zero_and_names_that_look_empty_are_kept_as_the_readme_reads_them(
    world: World, tmp_path: Path
) -> None:
    world.read("2403.00040", title="NA")
    folder = build_release(world.engine, tmp_path / "releases").folder
    (line,) = re.findall(
        r'`pandas\.read_csv\("papers\.csv", (.*)\)`', (folder / "README.md").read_text("utf-8")
    )
    assert line == 'dtype={"paper_id": str}, keep_default_na=False, na_values=[""]'
    papers = pd.read_csv(
        folder / "papers.csv", dtype={"paper_id": str}, keep_default_na=False, na_values=[""]
    )
    assert papers[["paper_id", "title"]].to_numpy().tolist() == [["2403.00040", "NA"]]
