"""A bucket is a shelf as a folder is: the same bulk files are read from a real S3 service on loopback, and only what is wanted of them."""

import io
import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path

import obstore
import pytest
from obstore.store import ObjectStore, from_url

from db.papers import FileOf
from extractors.facts.errors import RefusedRequestError, UsageError
from flows.demo.catalogue import catalogue, pdf_of
from flows.sources import Page, Window
from flows.sources.bulk import BulkSource
from flows.sources.shelf import Shelf
from tests.buckets import bucket_named
from tests.fetched import bytes_of

PLACE = "s3://arxiv/pdf"
ARCHIVE = "arXiv_pdf_2403_001.tar"
FIRST = catalogue()[0]
MOST = 10_000_000
ALWAYS = Window(datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def bucket() -> Iterator[ObjectStore]:
    """ArXiv's bucket, with one archive in it, and the environment that leads there."""
    with bucket_named("arxiv"):
        yield from_url(PLACE)


@pytest.fixture
def archive(bucket: ObjectStore) -> bytes:
    """One archive of one paper."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as opened:
        info = tarfile.TarInfo(f"2403/{FIRST.name}.pdf")
        info.size = len(pdf_of(FIRST))
        opened.addfile(info, io.BytesIO(pdf_of(FIRST)))
    obstore.put(bucket, ARCHIVE, packed.getvalue())
    return packed.getvalue()


@pytest.fixture
def metadata(tmp_path: Path) -> Path:
    """A folder with the snapshot, which arXiv keeps elsewhere."""
    created = FIRST.updated.strftime("%a, %d %b %Y %H:%M:%S GMT")
    record = {"id": FIRST.id, "title": FIRST.title, "versions": [{"version": "v1", "created": created}]}
    (tmp_path / "arxiv-metadata-oai-snapshot.json").write_text(json.dumps(record))
    return tmp_path


def say(bucket: ObjectStore, sum: str) -> None:
    """A manifest that says this of the archive."""
    file = f"<file><filename>pdf/{ARCHIVE}</filename><md5sum>{sum}</md5sum></file>"
    obstore.put(bucket, "arXiv_pdf_manifest.xml", f"<arXivPDF>{file}</arXivPDF>".encode())


def test_papers_of_a_bucket_are_listed_and_read_from_their_place(
    bucket: ObjectStore, archive: bytes, metadata: Path
) -> None:
    say(bucket, md5(archive).hexdigest())
    source = BulkSource(f"{PLACE}/", MOST, metadata)
    page: Page
    (page,) = source.pages(ALWAYS)
    assert ([one.paper_id for one in page.listings], page.problems) == ([FIRST.id], ())
    (listing,) = page.listings
    file = FileOf(listing.paper_id, 1, None, listing.pdf_url)
    assert (file.url or "").startswith(f"tar+{PLACE}/{ARCHIVE}?offset=512&size=")
    assert source.can_fetch(file)
    assert bytes_of(source.fetch(file)) == pdf_of(FIRST)


def test_an_archive_of_a_bucket_that_the_manifest_knows_otherwise_is_left_out(
    bucket: ObjectStore, archive: bytes, metadata: Path
) -> None:
    say(bucket, "0" * 32)
    (page,) = BulkSource(PLACE, MOST, metadata).pages(ALWAYS)
    assert page.listings == ()
    assert f"its MD5 is {md5(archive).hexdigest()} and not the {'0' * 32}" in page.problems[0]


def test_an_archive_that_came_in_several_pieces_is_used_and_that_its_sum_is_not_known_is_said(
    bucket: ObjectStore, archive: bytes, metadata: Path
) -> None:
    say(bucket, "0" * 32)
    obstore.put(bucket, ARCHIVE, archive, use_multipart=True)
    (page,) = BulkSource(PLACE, MOST, metadata).pages(ALWAYS)
    assert ([one.paper_id for one in page.listings], page.problems) == ([FIRST.id], ())
    assert page.remarks[0].startswith("1 archives were put into the bucket in several pieces")
    say(bucket, "")
    (page,) = BulkSource(PLACE, MOST, metadata).pages(ALWAYS)
    assert page.remarks == (), "nothing was to be compared"


def test_what_a_bucket_does_not_give_is_one_sentence(bucket: ObjectStore) -> None:
    with pytest.raises(RefusedRequestError, match=r"nothing\.tar cannot be read: .* Check its address"):
        Shelf(PLACE).read("nothing.tar", 0, 9)
    with pytest.raises(RefusedRequestError, match="s3://nobodys cannot be read"):
        Shelf("s3://nobodys").files()


@pytest.mark.parametrize("place", ["ftp://example.org/pdf", "no/such/folder"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(UsageError, match="Name a folder, or s3://BUCKET/FOLDER"):
        Shelf(place)


def test_a_file_of_a_folder_is_read_here_and_there(tmp_path: Path) -> None:
    (tmp_path / "a file.bin").write_bytes(bytes(range(256)) * 40)
    shelf = Shelf(tmp_path)
    (file,) = shelf.files()
    assert (file.name, file.size, file.md5) == ("a file.bin", 10_240, None)
    with shelf.open(file, 512) as opened:
        opened.seek(-3, io.SEEK_END)
        assert opened.read() == b"\xfd\xfe\xff"
        opened.seek(600)
        assert (opened.read(2), opened.tell()) == (b"\x58\x59", 602)
    assert b"".join(shelf.parts(file)) == bytes(range(256)) * 40
