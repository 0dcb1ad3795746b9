import fcntl
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.engine import open_database
from extractors.facts.errors import ConflictError, StoreError
from flows.lock import is_at_work, locked


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database that nobody made yet: its lock is the folder's."""
    return open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")


def test_a_run_is_at_work_while_it_holds_its_lock(tmp_path: Path, engine: Engine) -> None:
    assert not is_at_work(tmp_path, engine, "crawl")
    with locked(tmp_path, "crawl"):
        assert is_at_work(tmp_path, engine, "crawl")
        assert not is_at_work(tmp_path, engine, "backfill")
    assert not is_at_work(tmp_path, engine, "crawl")


def test_two_runs_of_a_sort_are_refused_and_of_two_sorts_are_not(tmp_path: Path) -> None:
    with locked(tmp_path, "crawl"):
        with locked(tmp_path, "backfill"):
            pass
        with pytest.raises(ConflictError, match="another crawl is running"), locked(tmp_path, "crawl"):
            pass


def test_who_only_looks_keeps_no_run_from_its_work(tmp_path: Path) -> None:
    """A status at the very moment that a night began had it refused, as if another were running."""
    with (tmp_path / "crawl.lock").open("w") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        threading.Timer(0.1, fcntl.flock, (looking, fcntl.LOCK_UN)).start()
        with locked(tmp_path, "crawl"):
            pass


def test_a_lock_that_cannot_be_looked_at_is_no_lock_that_nobody_holds(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "crawl.lock").mkdir()
    with pytest.raises(StoreError, match="cannot be seen whether a crawl is at work"):
        is_at_work(tmp_path, engine, "crawl")
