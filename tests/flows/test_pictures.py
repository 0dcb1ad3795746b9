"""Pictures are made apart, kept whole and few, and opened without a shell."""

import sys
from pathlib import Path

import pytest

from annotation.picture.crop import Picture, crop
from annotation.picture.showing import file_name
from extractors.facts.errors import BurdenError, OversizedDocumentError, StoreError, UsageError
from extractors.facts.evidence import Box, Evidence
from flows.pictures import KEPT, keep, keep_picture, launch, make_picture

PAPER = Path(__file__).resolve().parents[2] / "flows/demo/papers/2403.99101v1.pdf"
PICTURE = Picture(b"a picture", 1, 1, 1)


def at(page: int = 1) -> Evidence:
    return Evidence("0" * 64, page, Box(page, 100, 100, 200, 110), "", "a quote", "test.rule")


def test_a_picture_made_apart_is_the_same() -> None:
    data = PAPER.read_bytes()
    assert make_picture(data, at()) == crop(data, at())


def test_what_goes_wrong_apart_is_told() -> None:
    with pytest.raises(UsageError, match="no page 99"):
        make_picture(PAPER.read_bytes(), at(99))
    with pytest.raises(BurdenError, match="not a PDF"):
        make_picture(b"nothing", at())
    with pytest.raises(OversizedDocumentError, match="longer than"):
        make_picture(PAPER.read_bytes(), at(), seconds=0.01)


def test_a_picture_is_kept_once_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pictures"
    assert keep_picture(PICTURE, folder) == keep_picture(PICTURE, folder) == folder / file_name(PICTURE)
    assert [file.read_bytes() for file in folder.iterdir()] == [PICTURE.png]


def test_the_folder_stays_small_and_what_was_just_shown_stays(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        path = keep(b"x", tmp_path, f"{number}.png")
        assert path.is_file()
    assert len(list(tmp_path.iterdir())) == KEPT
    assert not (tmp_path / "0.png").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        keep_picture(PICTURE, tmp_path / "file" / "pictures")


def test_a_program_is_started_or_it_is_said_that_there_is_none() -> None:
    assert launch((sys.executable, "-c", ""))
    assert not launch(("no-such-program-anywhere", "https://arxiv.org"))
    assert not launch(())
