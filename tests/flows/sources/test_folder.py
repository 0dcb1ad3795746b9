"""A folder of PDFs: whose they are is told by their names, by arXiv's stamp, or by their bytes."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.papers import FileOf, Listing
from extractors.facts.errors import (
    NotADocumentError,
    OversizedDocumentError,
    RefusedRequestError,
    UsageError,
)
from flows.demo.catalogue import catalogue, pdf_of
from flows.sources import Window
from flows.sources.folder import FolderSource
from tests.fetched import bytes_of

ALWAYS = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
SAMPLE = catalogue()[0]


def listings_in(folder: Path) -> list[Listing]:
    return [listing for page in FolderSource(folder, 10**8).pages(ALWAYS) for listing in page.listings]


def file_of(listing: Listing) -> FileOf:
    return FileOf(listing.paper_id, listing.version, None, listing.pdf_url)


def test_a_file_named_by_its_id_is_that_paper(tmp_path: Path) -> None:
    (tmp_path / "1701.00001v3.pdf").write_bytes(b"%PDF-1.4 no pages %%EOF")
    (tmp_path / "hep-th_9901001v2.pdf").write_bytes(b"%PDF-1.4 no pages either %%EOF")
    assert [(found.paper_id, found.version) for found in listings_in(tmp_path)] == [
        ("1701.00001", 3),
        ("hep-th/9901001", 2),
    ]


def test_a_file_with_another_name_is_told_by_the_stamp_on_its_first_page(tmp_path: Path) -> None:
    (tmp_path / "favourite paper.pdf").write_bytes(pdf_of(SAMPLE))
    (found,) = listings_in(tmp_path)
    assert (found.paper_id, found.version) == (SAMPLE.id, SAMPLE.version)
    assert found.categories == (SAMPLE.primary_category,)
    assert found.updated == datetime(*SAMPLE.updated.timetuple()[:3], tzinfo=UTC)


def test_any_other_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    data = b"%PDF-1.4 nobody's paper %%EOF"
    (tmp_path / "draft.pdf").write_bytes(data)
    (found,) = listings_in(tmp_path)
    sha256 = hashlib.sha256(data).hexdigest()
    assert found.paper_id == f"file:{sha256[:12]}"
    assert json.loads(found.raw) == {"file": "draft.pdf", "sha256": sha256, "stamp": None}


def test_a_stamp_from_before_the_paper_had_an_id_tells_its_day_and_no_paper(tmp_path: Path) -> None:
    page = b'<!DOCTYPE html><html><body><div id="watermark-tr">arXiv:submit/3129194 [cs.CV] 17 Apr 2020</div></body></html>'
    (tmp_path / "early.html").write_bytes(page)
    (found,) = listings_in(tmp_path)
    assert found.paper_id == f"file:{hashlib.sha256(page).hexdigest()[:12]}"
    assert (found.categories, found.published) == (("cs.CV",), datetime(2020, 4, 17, tzinfo=UTC))


def test_files_come_in_order_of_their_paths_also_from_folders_within(tmp_path: Path) -> None:
    for name in ("b/1701.00002v1.pdf", "a/1701.00003v1.PDF", "1701.00001v1.pdf", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"%PDF-1.4 " + name.encode() + b" %%EOF")
    assert [found.paper_id for found in listings_in(tmp_path)] == ["1701.00001", "1701.00003", "1701.00002"]


def test_a_file_is_fetched_as_it_is_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "100% ours, really.pdf").write_bytes(pdf_of(SAMPLE))
    (found,) = listings_in(tmp_path)
    source = FolderSource(tmp_path, 10**8)
    assert source.can_fetch(file_of(found))
    assert not source.can_fetch(replace(file_of(found), media="html"))
    assert bytes_of(source.fetch(file_of(found))) == pdf_of(SAMPLE)


def test_a_page_is_a_paper_where_no_pdf_has_its_name_and_else_the_same_in_another_medium(
    tmp_path: Path, page: bytes
) -> None:
    (tmp_path / "1701.00001v1.pdf").write_bytes(pdf_of(SAMPLE))
    for name in ("1701.00001v1", "1701.00002v3", "favourite"):
        (tmp_path / f"{name}.html").write_bytes(page)
    stamped = page.replace(
        b"<article", b"<div id='watermark-tr'>arXiv:1701.00003v2 [cs.CV] 2 Jan 2017</div><article"
    )
    (tmp_path / "stamped.html").write_bytes(stamped)
    source, found = FolderSource(tmp_path, 10**8), listings_in(tmp_path)
    assert [(listing.paper_id, listing.version) for listing in found] == [
        ("1701.00001", 1),
        ("1701.00002", 3),
        (f"file:{hashlib.sha256(page).hexdigest()[:12]}", 1),
        ("1701.00003", 2),
    ]
    both, alone = file_of(found[0]), file_of(found[1])
    assert (bytes_of(source.fetch(both)), bytes_of(source.fetch(replace(both, media="html")))) == (
        pdf_of(SAMPLE),
        page,
    )
    assert [source.can_fetch(replace(file, media="html")) for file in (both, alone)] == [True, False]
    assert bytes_of(source.fetch(alone)) == page


def test_a_file_that_is_no_pdf_or_too_large_or_gone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "1701.00001v1.pdf"
    path.write_bytes(b"<html>not a paper</html>")
    file = file_of(listings_in(tmp_path)[0])
    with pytest.raises(NotADocumentError):
        FolderSource(tmp_path, 10**8).fetch(file)
    with pytest.raises(OversizedDocumentError, match="24 bytes, more than 10"):
        FolderSource(tmp_path, 10).fetch(file)
    path.unlink()
    with pytest.raises(RefusedRequestError, match="cannot be read: No such file"):
        FolderSource(tmp_path, 10**8).fetch(file)


def test_a_folder_that_is_not_there_is_an_error_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        listings_in(tmp_path / "nowhere")
