"""Bytes go in once and come out as they were, or not at all."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store import open_store
from extractors.facts.errors import StoreError


@given(st.binary(max_size=2000))
def test_bytes_come_back_by_their_hash(data: bytes) -> None:
    store = open_store("memory://")
    sha256 = store.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert store.get(sha256) == data
    assert store.has(sha256)


def test_storing_the_same_bytes_again_changes_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    assert store.put(b"a paper") == store.put(b"a paper")
    assert len([path for path in (tmp_path / "store").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("place", ["memory://", "folder", "file://"])
def test_what_is_stored_is_listed_and_can_be_deleted(tmp_path: Path, place: str) -> None:
    store = open_store({"folder": str(tmp_path), "file://": tmp_path.as_uri()}.get(place, place))
    sha256, other = store.put(b"a paper"), store.put(b"another one")
    assert {(found.sha256, found.size) for found in store.list()} == {(sha256, 7), (other, 11)}
    (name,) = (found.name for found in store.list() if found.sha256 == sha256)
    for _ in range(2):
        store.delete(name)
        assert [found.sha256 for found in store.list()] == [other]


def test_what_a_killed_writer_left_is_listed_and_what_is_not_ours_is_not(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    sha256 = store.put(b"a paper")
    (whole,) = store.list()
    for name in (
        f"{whole.name}#2",
        f"{whole.name}#two",
        f"{sha256}#1",
        "ab/cd/notes#1",
        "notes.txt",
        f"ab/cd/{sha256}",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"half")
    assert [(found.name, found.sha256) for found in store.list()] == [
        (whole.name, sha256),
        (f"{whole.name}#2", None),
    ]
    store.delete(f"{whole.name}#2")
    assert list(store.list()) == [whole]


def test_an_unknown_hash_is_one_clear_sentence(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert not store.has("0" * 64)
    with pytest.raises(StoreError, match=r"no object 0+ .*Run burden doctor --mend"):
        store.get("0" * 64)


def test_damaged_bytes_are_never_given_out(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    sha256 = store.put(b"a paper")
    next(path for path in tmp_path.rglob("*") if path.is_file()).write_bytes(b"another")
    with pytest.raises(StoreError, match="damaged"):
        store.get(sha256)


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(
        StoreError, match=r"cannot open the object store: Not a directory .*Check its address"
    ):
        open_store(tmp_path / "taken" / "store")


def test_a_store_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    (tmp_path / "store").rmdir()
    (tmp_path / "store").write_text("a file now")
    with pytest.raises(StoreError, match="cannot write to the object store: Not a directory"):
        store.put(b"a paper")


_PUT = """
import sys
from db.store import open_store
try:
    open_store(sys.argv[1]).put(bytes(1 << 20))
except Exception as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("mount", "why", "remedy"),
    [
        (
            "mount --bind $0 $0 && mount -o remount,ro,bind $0",
            "Read-only file system",
            "mount it for writing",
        ),
        ("mount -t tmpfs -o size=64k tmpfs $0", "No space left on device", "Make room on its disk"),
    ],
)
def test_why_a_folder_cannot_be_written_and_what_to_do_is_said(
    mount: str, why: str, remedy: str, tmp_path: Path
) -> None:
    """A disk that was full or mounted for reading only had `Check its address and permissions`."""
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c"]  # mounts that only this command sees
    if (
        shutil.which("unshare") is None
        or subprocess.run([*alone, mount, tmp_path], check=False, capture_output=True).returncode
    ):
        pytest.skip("nothing can be mounted here")
    script = f'{mount} && exec "$1" -c "$2" "$0"'
    said = subprocess.run(
        [*alone, script, tmp_path, sys.executable, _PUT], capture_output=True, text=True, check=True
    )
    assert f"cannot write to the object store: {why}" in said.stdout
    assert remedy in said.stdout


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(StoreError, match="cannot open"):
        open_store("carrier-pigeon://home")
