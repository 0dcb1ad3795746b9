"""Annotators who work at once, some of them killed in the middle, decide each item as often as it was asked."""

import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.crowd import Outcome, postgresql, run

pytestmark = pytest.mark.usefixtures("own_forkserver")


def test_a_crowd_decides_everything_once_on_sqlite(tmp_path: Path) -> None:
    _held(run(f"sqlite:///{tmp_path / 'burden.sqlite'}", items=120, people=3))


def test_a_crowd_decides_everything_once_on_postgresql() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the server looks for a runtime folder that servers without a login lack
        with postgresql() as url:
            _held(run(url, items=120, people=4))


def _held(found: Outcome) -> None:
    assert found.holds, found
    assert found.killed > 0
    assert found.asked > found.items
    assert not replace(found, failed=1).holds
