"""A folder of PDFs as a source: every file below it, in order of its path, once.

A file's paper is told by its name (`2007.05558v2.pdf`), else by arXiv's stamp on its first page, else by its bytes.
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
from extractors.facts.errors import OversizedDocumentError, ParseError, RefusedRequestError, UsageError
from extractors.facts.ids import ArxivId, file_paper_id
from flows.fetch import checked_pdf
from flows.sources import Page, Window

_STAMP = re.compile(
    r"arXiv:(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)"
    r"\s*\[(?P<category>[\w.-]+)\]\s*(?P<date>\d{1,2} [A-Z][a-z]{2} \d{4})"
)
_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The PDFs in a folder and the folders in it.

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

    def pages(self, window: Window) -> Iterator[Page]:  # noqa: ARG002  # files have no dates to choose by
        """Every PDF, by its path."""
        paths = sorted(path for path in self.folder.rglob("*") if path.suffix.lower() == ".pdf")
        for start in range(0, max(len(paths), 1), _PAGE_SIZE):
            end = start + _PAGE_SIZE
            yield _page(paths[start:end], is_last=end >= len(paths))

    def can_fetch(self, file: FileOf) -> bool:
        """Whether the file lies in a folder; it has PDFs only."""
        return file.media == "pdf" and self.address(file).startswith("file:")

    def address(self, file: FileOf) -> str:
        """Where it lies."""
        return file.url or ""

    def fetch(self, file: FileOf) -> bytes:
        """The file's bytes."""
        path = Path(unquote(urlsplit(self.address(file)).path))
        try:
            size = path.stat().st_size
            if size > self.max_bytes:
                much = f"the file has {size:,} bytes, more than {self.max_bytes:,}"
                raise OversizedDocumentError(much, where=str(path))
            return checked_pdf(path.read_bytes(), str(path))
        except OSError as error:
            raise RefusedRequestError(
                f"the file cannot be read: {error.strerror}", where=str(path)
            ) from error


def _page(paths: list[Path], *, is_last: bool) -> Page:
    listings, problems = [], []
    for path in paths:
        try:
            listings.append(_listing(path))
        except OSError as error:
            problems.append(f"a file cannot be opened: {error.strerror} ({path})")
    return Page(tuple(listings), tuple(problems), is_last)


def _listing(path: Path) -> Listing:
    data = path.read_bytes()
    stamp = _stamp(data)
    id = _id_of(path) or (ArxivId.parse(stamp["id"]) if stamp else None)
    version = (id.version if id else None) or (ArxivId.parse(stamp["id"]).version if stamp else None) or 1
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
        pdf_url=path.absolute().as_uri(),
        raw=json.dumps({"file": path.name, "sha256": sha256, "stamp": stamp[0] if stamp else None}).encode(),
    )


def _id_of(path: Path) -> ArxivId | None:
    """The id that a file is named by; old ids are written with an underscore for their slash."""
    try:
        return ArxivId.parse(path.stem.replace("_", "/", 1))
    except ParseError:
        return None


def _stamp(data: bytes) -> re.Match[str] | None:
    """What arXiv printed up the side of the first page; a file that cannot be read has none."""
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
