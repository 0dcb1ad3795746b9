"""A folder of papers as a source: every PDF below it, in order of its path, and HTML where no PDF has the same name.

A file's paper is told by its name (`2007.05558v2.pdf`), else by arXiv's stamp on its first page, else by its bytes. A
page beside a PDF of the same name is the same version in another medium.
The folder is only read. A window of time means nothing here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdfium2

from db.papers import FileOf, Listing
from extractors.documents.challenge import looks_like_html
from extractors.facts.errors import OversizedDocumentError, ParseError, RefusedRequestError, UsageError
from extractors.facts.ids import ArxivId, file_paper_id
from flows.fetch import Fetched, checked_html, checked_pdf
from flows.sources import Feed, Page, Window

_STAMP = re.compile(
    r"arXiv:(?:submit/\d+|(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}(?:v\d+)?))"
    r"\s*\[(?P<category>[\w.-]+)\]\s*(?P<date>\d{1,2} [A-Z][a-z]{2} \d{4})"
)
"""What is printed before a paper has an id tells its subject and day, and no paper."""
_PAGE_SIZE = 50
_PAGE = ".html"
_WATERMARK = b"watermark-tr"
"""Id of the part of a page in which arXiv prints its stamp."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The papers in a folder and the folders in it.

    Raises:
        UsageError: there is no such folder.
    """

    folder: Path
    max_bytes: int
    name: str = "folder"
    is_chosen: bool = True

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise UsageError("there is no such folder", where=str(self.folder))

    @property
    def selection(self) -> str:
        """The folder."""
        return str(self.folder.absolute())

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """All of it."""
        return (self,)

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:  # noqa: ARG002  # files have no dates
        """Every paper, by its path."""
        paths = _papers(self.folder)
        for start in range(0, max(len(paths), 1), _PAGE_SIZE):
            end = start + _PAGE_SIZE
            yield _page(paths[start:end], is_last=end >= len(paths))

    def can_fetch(self, file: FileOf) -> bool:
        """Whether the file lies in a folder."""
        listed = file.url or ""
        if not listed.startswith("file:"):
            return False
        return file.media == "pdf" or (not _is_page(_path(listed)) and _path(self.address(file)).is_file())

    def address(self, file: FileOf) -> str:
        """Where it lies: as listed, and a page beside its PDF."""
        listed = file.url or ""
        return _path(listed).with_suffix(_PAGE).as_uri() if file.media == "html" else listed

    def fetch(self, file: FileOf) -> Fetched:
        """The file's bytes."""
        return Fetched(read_file(_path(self.address(file)), self.max_bytes))


def read_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of a PDF or a page on disk, if it looks whole.

    Raises:
        OversizedDocumentError: it is too large.
        DocumentError: it is no whole PDF, or no whole page of a paper.
        RefusedRequestError: it cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            much = f"the file has {size:,} bytes, more than {max_bytes:,}"
            raise OversizedDocumentError(much, where=str(path))
        checked = checked_html if _is_page(path) else checked_pdf
        return checked(path.read_bytes(), str(path))
    except OSError as error:
        raise RefusedRequestError(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def _papers(folder: Path) -> list[Path]:
    """The PDFs, and the pages that stand for themselves."""
    files = sorted(folder.rglob("*"))
    pdfs = {path.with_suffix("") for path in files if path.suffix.lower() == ".pdf"}
    return [
        path
        for path in files
        if path.suffix.lower() == ".pdf" or (_is_page(path) and path.with_suffix("") not in pdfs)
    ]


def _is_page(path: Path) -> bool:
    return path.suffix == _PAGE


def _path(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def _page(paths: list[Path], *, is_last: bool) -> Page:
    listings, problems = [], []
    for path in paths:
        try:
            listings.append(listing_of_file(path.read_bytes(), path.absolute().as_uri(), path.name))
        except OSError as error:
            problems.append(f"a file cannot be opened: {error.strerror} ({path})")
    return Page(tuple(listings), tuple(problems), is_last)


def listing_of_file(data: bytes, address: str, name: str = "") -> Listing:
    """What can be told of a paper from its file alone.

    Args:
        data: the file.
        address: where it lies or came from.
        name: the file's name, if it may tell the paper; else arXiv's stamp does, or the bytes.
    """
    stamp = _stamp(data)
    stamped = ArxivId.parse(stamp["id"]) if stamp and stamp["id"] else None
    id = (_id_of(Path(name)) if name else None) or stamped
    version = (id.version if id else None) or (stamped.version if stamped else None) or 1
    dated = _date(stamp["date"]) if stamp else None
    sha256 = hashlib.sha256(data).hexdigest()
    return Listing(
        paper_id=id.paper if id else file_paper_id(sha256),
        version=version,
        title="",
        abstract="",
        authors=(),
        categories=(stamp["category"],) if stamp else (),
        published=dated if version == 1 else None,
        updated=dated,
        pdf_url=address,
        raw=json.dumps(
            {"file": name or address, "sha256": sha256, "stamp": stamp[0] if stamp else None}
        ).encode(),
    )


def _id_of(path: Path) -> ArxivId | None:
    """The id that a file is named by; old ids are written with an underscore for their slash."""
    try:
        return ArxivId.parse(path.stem.replace("_", "/", 1))
    except ParseError:
        return None


def _stamp(data: bytes) -> re.Match[str] | None:
    """What arXiv printed up the side of the first page, or over a page; a file that cannot be read has none."""
    if looks_like_html(data):
        start = data.find(_WATERMARK)
        return _STAMP.search(data[start : start + 1000].decode("utf-8", "replace")) if start >= 0 else None
    try:
        with pypdfium2.PdfDocument(data) as document:
            return _STAMP.search(document[0].get_textpage().get_text_range())
    except (pypdfium2.PdfiumError, IndexError):
        return None


def _date(printed: str) -> datetime | None:
    try:
        return datetime.strptime(printed, "%d %b %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
