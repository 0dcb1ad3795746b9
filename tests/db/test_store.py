"""Bytes go in once and come out as they were, or not at all."""

import hashlib
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


def test_an_unknown_hash_is_one_clear_sentence(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert not store.has("0" * 64)
    with pytest.raises(StoreError, match=r"no object 0+ .*Fetch the paper again"):
        store.get("0" * 64)


def test_damaged_bytes_are_never_given_out(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    sha256 = store.put(b"a paper")
    next(path for path in tmp_path.rglob("*") if path.is_file()).write_bytes(b"another")
    with pytest.raises(StoreError, match="damaged"):
        store.get(sha256)


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot open the object store .*Check its address"):
        open_store(tmp_path / "taken" / "store")


def test_a_store_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    (tmp_path / "store").rmdir()
    (tmp_path / "store").write_text("a file now")
    with pytest.raises(StoreError, match="cannot write to the object store"):
        store.put(b"a paper")


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(StoreError, match="cannot open"):
        open_store("carrier-pigeon://home")
