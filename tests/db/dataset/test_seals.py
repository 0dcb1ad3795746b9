"""A seal tells whether a release is whole."""

import hashlib
from pathlib import Path

import pytest

from db.dataset.seals import SEALS, Sealed, verified
from extractors.facts.errors import DatasetError


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "a b.csv").write_text("x")
    (tmp_path / "runs.csv").write_text("y")
    names = ("limits/a b.csv", "runs.csv")
    lines = [f"{hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (tmp_path / SEALS).write_text("".join(lines))
    return tmp_path


def test_a_whole_release_is_what_its_seal_says(release: Path) -> None:
    found = verified(release)
    assert set(found.files) == {"limits/a b.csv", "runs.csv"}
    assert found.sha256 == hashlib.sha256((release / SEALS).read_bytes()).hexdigest()


def test_a_missing_file_is_named(release: Path) -> None:
    (release / "limits" / "a b.csv").unlink()
    with pytest.raises(DatasetError, match=r"limits/a b\.csv is missing"):
        verified(release)


def test_an_altered_file_is_named(release: Path) -> None:
    (release / "runs.csv").write_text("z")
    with pytest.raises(DatasetError, match=r"runs\.csv is not as it was sealed"):
        verified(release)


def test_a_file_too_many_is_named(release: Path) -> None:
    (release / "limits" / "mine").touch()
    with pytest.raises(DatasetError, match="limits/mine is none of its files") as refused:
        verified(release)
    assert refused.value.remedy.startswith("Remove what")  # and nothing of the release


def test_without_a_seal_there_is_no_release(release: Path) -> None:
    (release / SEALS).unlink()
    with pytest.raises(DatasetError, match="no complete release"):
        verified(release)


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x"])
def test_a_seal_that_names_files_elsewhere_is_none(name: str) -> None:
    with pytest.raises(DatasetError, match="names no file"):
        Sealed.parse(f"{'a' * 64}  {name}\n".encode())
