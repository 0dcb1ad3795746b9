"""Publishing is whole or not at all, in a folder and in a real S3 service on loopback; a reader by the catalogue never sees half."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import obstore
import pytest
from obstore.store import from_url

from db.dataset.catalogue import CATALOGUE, Listed
from db.dataset.places import HALF, BucketPlace, FolderPlace, place_of
from db.dataset.publish import publish
from db.dataset.release import build_release
from db.dataset.seals import SEALS, Sealed
from db.engine import open_database, session
from db.tables import ReleaseRow
from extractors.facts.errors import ConflictError, DatasetError, GateError, StoreError, UsageError
from tests.buckets import bucket_named

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from tests.db.dataset.conftest import Begin, World

pytestmark = pytest.mark.usefixtures("own_forkserver")

PAPER = "2403.00042"
BUCKET = "s3://releases/burden"
Read = Callable[[str], bytes | None]
KILLS = 16
"""Of publishers, in each kind of place."""


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An empty bucket, and the environment that leads there."""
    with bucket_named("releases"):
        yield BUCKET


@pytest.fixture(params=["folder", "bucket"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place of each kind, a new one for each test."""
    if request.param == "folder":
        return str(tmp_path / "published")
    return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"


@pytest.fixture
def releases(begin: Begin, tmp_path: Path) -> Path:
    """A folder with release 0.1.0 in it."""
    begin(_released)
    return tmp_path / "releases"


def _released(world: World, folder: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, folder / "releases")


def reader(target: str) -> Read:
    """How somebody reads a place that knows nothing of this program."""
    if "://" not in target:
        folder = Path(target)
        return lambda name: (folder / name).read_bytes() if (folder / name).is_file() else None
    objects = from_url(target)

    def read(name: str) -> bytes | None:
        try:
            return bytes(obstore.get(objects, name).bytes())
        except FileNotFoundError:
            return None

    return read


def wrong(read: Read) -> list[str]:
    """What of the releases that the catalogue lists is not there, or not as it says."""
    text = read(CATALOGUE)
    if text is None:
        return []
    found: list[str] = []
    for listed in json.loads(text)["releases"]:
        version = listed["version"]
        seal = read(f"{version}/{SEALS}") or b""
        if hashlib.sha256(seal).hexdigest() != listed["sha256"]:
            found.append(f"{version}/{SEALS}")
            continue
        for name, sha256 in Sealed.parse(seal).files.items():
            if hashlib.sha256(read(f"{version}/{name}") or b"").hexdigest() != sha256:
                found.append(f"{version}/{name}")
    return found


def versions(target: str) -> list[str]:
    return [listed.version for listed in place_of(target).catalogue()]


def test_a_release_is_listed_with_its_seal_and_counts(world: World, releases: Path, target: str) -> None:
    done = publish(world.engine, releases, "0.1.0", place_of(target))
    assert done.new
    read = reader(target)
    assert wrong(read) == []
    seal = (releases / "0.1.0" / SEALS).read_bytes()
    assert read(f"0.1.0/{SEALS}") == seal
    assert done.brought == len(Sealed.parse(seal).files) + 1
    assert json.loads(read(CATALOGUE) or b"") == {
        "releases": [
            {
                "version": "0.1.0",
                "as_of": "2026-11-20T03:00:00Z",
                "cells": 16,
                "sha256": hashlib.sha256(seal).hexdigest(),
                "yanked": False,
                "reason": "",
            }
        ]
    }


def test_publishing_again_changes_nothing(world: World, releases: Path, target: str) -> None:
    publish(world.engine, releases, "0.1.0", place_of(target))
    before = reader(target)(CATALOGUE)
    again = publish(world.engine, releases, "0.1.0", place_of(target))
    assert (again.new, again.brought) == (False, 0)
    assert reader(target)(CATALOGUE) == before


def test_the_next_release_stands_beside_the_first(world: World, releases: Path, target: str) -> None:
    publish(world.engine, releases, "0.1.0", place_of(target))
    world.read("2403.00043")
    build_release(world.engine, releases)
    publish(world.engine, releases, "0.2.0", place_of(target))
    assert versions(target) == ["0.2.0", "0.1.0"]
    assert wrong(reader(target)) == []


def test_the_folder_it_was_built_in_has_a_catalogue_already(world: World, releases: Path) -> None:
    done = publish(world.engine, releases, "0.1.0", place_of(releases))
    assert (done.new, done.brought) == (False, 0)
    assert wrong(reader(str(releases))) == []


def test_an_altered_release_is_not_published(world: World, releases: Path, target: str) -> None:
    (releases / "0.1.0" / "papers.csv").write_text("mine")
    with pytest.raises(DatasetError, match=r"papers\.csv is not as it was sealed"):
        publish(world.engine, releases, "0.1.0", place_of(target))
    assert reader(target)(CATALOGUE) is None


def test_a_release_that_was_sealed_anew_is_not_published(world: World, releases: Path, target: str) -> None:
    folder = releases / "0.1.0"
    (folder / "papers.csv").write_text("mine")
    lines = (folder / SEALS).read_text().splitlines()
    mine = hashlib.sha256(b"mine").hexdigest()
    sums = "".join(
        f"{mine}  papers.csv\n" if line.endswith("  papers.csv") else f"{line}\n" for line in lines
    )
    (folder / SEALS).write_text(sums)
    with pytest.raises(GateError, match="not what was recorded"):
        publish(world.engine, releases, "0.1.0", place_of(target))
    assert versions(target) == []


def test_a_yanked_release_is_not_published(world: World, releases: Path, target: str) -> None:
    with session(world.engine) as opened:
        row = opened.get(ReleaseRow, "0.1.0")
        assert row is not None
        row.yanked_at, row.yanked_reason = datetime(2026, 11, 22, tzinfo=UTC), "A unit slipped."
        opened.add(row)
    with pytest.raises(GateError, match=r"yanked: A unit slipped\."):
        publish(world.engine, releases, "0.1.0", place_of(target))
    assert versions(target) == []


@pytest.mark.parametrize("version", ["0.2.0", "../0.1.0"])
def test_only_releases_that_were_recorded_are_published(
    world: World, releases: Path, target: str, version: str
) -> None:
    with pytest.raises(UsageError):
        publish(world.engine, releases, version, place_of(target))


def test_other_bytes_of_a_version_are_never_overwritten(world: World, releases: Path, target: str) -> None:
    publish(world.engine, releases, "0.1.0", place_of(target))
    other = Sealed.parse(f"{'a' * 64}  papers.csv\n".encode())
    with pytest.raises(DatasetError, match="other bytes"):
        place_of(target).bring("0.1.0", releases / "0.1.0", other)
    with pytest.raises(ConflictError, match="other bytes"):
        place_of(target).amend(lambda catalogue: catalogue.with_release(_listed("0.1.0")))
    assert wrong(reader(target)) == []


def test_what_was_damaged_in_a_bucket_is_mended_and_in_a_folder_named(
    world: World, releases: Path, target: str
) -> None:
    publish(world.engine, releases, "0.1.0", place_of(target))
    if "://" in target:
        obstore.put(from_url(target), "0.1.0/papers.csv", b"mine")
        assert publish(world.engine, releases, "0.1.0", place_of(target)).brought == 1
        assert wrong(reader(target)) == []
        return
    (Path(target) / "0.1.0" / "papers.csv").write_text("mine")
    with pytest.raises(DatasetError, match=r"papers\.csv is not as it was sealed"):
        publish(world.engine, releases, "0.1.0", place_of(target))


def test_a_place_that_cannot_be_reached_is_said_in_one_sentence(
    world: World, releases: Path, tmp_path: Path, bucket: str
) -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        publish(world.engine, releases, "0.1.0", BucketPlace("s3://nobody/there"))
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot publish there"):
        publish(world.engine, releases, "0.1.0", FolderPlace(tmp_path / "file"))
    with pytest.raises(UsageError, match="no bucket's address"):
        place_of("carrier-pigeon://roof")
    with pytest.raises(UsageError, match="no place is named"):
        place_of(" ")


def test_what_is_not_published_leaves_no_folder_behind(world: World, releases: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no release"):
        publish(world.engine, releases, "9.9.9", place_of(tmp_path / "published"))
    assert not (tmp_path / "published").exists()


def test_a_catalogue_that_is_none_is_said_with_its_place(world: World, releases: Path, target: str) -> None:
    publish(world.engine, releases, "0.1.0", place_of(target))
    with pytest.raises(UsageError) as unlisted:
        place_of(target).amend(lambda there: there.with_yanked("0.2.0", "why"))
    assert unlisted.value.where == f"{target}/releases.json"
    if target.startswith("s3:"):
        obstore.put(from_url(target), "releases.json", b"mine")
    else:
        (Path(target) / "releases.json").write_text("mine")
    with pytest.raises(DatasetError) as broken:
        publish(world.engine, releases, "0.1.0", place_of(target))
    assert broken.value.where == f"{target}/releases.json"


def test_of_two_publishers_in_a_folder_one_waits_for_another_day(releases: Path, tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "published")
    with place._alone(), pytest.raises(ConflictError, match="somebody else"):
        place.bring("0.1.0", releases / "0.1.0", Sealed(b"", {}))


def test_publishers_at_once_are_all_listed(target: str) -> None:
    numbers = range(8)
    failed: list[BaseException] = []

    def list_one(number: int) -> None:
        try:
            place_of(target).amend(lambda catalogue: catalogue.with_release(_listed(f"0.{number}.0")))
        except BaseException as error:  # noqa: BLE001  # a thread's own would be lost
            failed.append(error)

    threads = [threading.Thread(target=list_one, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert versions(target) == [f"0.{number}.0" for number in reversed(numbers)]


def test_a_reader_never_sees_half_a_release_whenever_the_publisher_is_killed(
    world: World, releases: Path, target: str, tmp_path: Path
) -> None:
    """Each version is published by processes that are killed at random moments, until it is there."""
    place_of(target)
    read, looks, done = reader(target), 0, threading.Event()
    polled: list[str] = []

    def poll() -> None:
        nonlocal looks
        while not done.is_set():
            polled.extend(wrong(read))
            looks += 1

    polling = threading.Thread(target=poll, daemon=True)
    chance, kills = Random(9), 0
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    place, made = str(tmp_path / "burden.db"), ["0.1.0"]
    began = time.monotonic()
    publish(world.engine, releases, "0.1.0", place_of(f"{target}-usual"))
    usual = time.monotonic() - began
    polling.start()
    try:
        while kills < KILLS:
            started = context.Event()
            process = context.Process(
                target=_publish, args=(place, releases, made[-1], target, started, dict(os.environ))
            )
            process.start()
            assert started.wait(60)
            process.join(1.2 * usual * chance.random())
            process.kill()
            process.join()
            kills += process.exitcode != 0
            assert process.exitcode in (0, -signal.SIGKILL)
            if made[-1] in versions(target):
                world.read(f"2403.{100 + len(made):05}")
                made.append(build_release(world.engine, releases).version)
        publish(world.engine, releases, made[-1], place_of(target))
    finally:
        done.set()
        polling.join()
    assert polled == [] and looks > 0
    assert wrong(read) == []
    assert versions(target) == list(reversed(made))
    if "://" not in target:
        assert [path.name for path in Path(target).iterdir() if path.name.startswith(f"{HALF}0")] == []


def _publish(
    database: str, releases: Path, version: str, target: str, started: Event, environment: dict[str, str]
) -> None:
    os.environ.update(environment)  # of the bucket: that of what starts processes may be an earlier test's
    engine = open_database(f"sqlite:///{database}")
    started.set()
    try:
        publish(engine, releases, version, place_of(target))
    finally:
        engine.dispose()


def _listed(version: str) -> Listed:
    return Listed(version, datetime(2026, 11, 20, 3, tzinfo=UTC), 1, "b" * 64)
