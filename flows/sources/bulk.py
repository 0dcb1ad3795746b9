"""arXiv's bulk files as a source: a folder of `arXiv_pdf_*.tar`, their manifest, and the metadata as JSON lines.

The PDFs come from arXiv's requester-pays bucket (https://info.arxiv.org/help/bulk_data_s3.html), the metadata from its snapshot
(`arxiv-metadata-oai-snapshot.json`, one record a line). Only headers of archives are walked through, and a PDF is read
from its place when it is wanted: nothing is unpacked, so no name in an archive can lead anywhere. Links, devices, sparse
and oversized members are left out. A paper needs a line of metadata, or nobody could say what it is.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from lxml import etree

from db.papers import FileOf, Listing
from extractors.facts.errors import ParseError, RefusedRequestError, UsageError
from extractors.facts.ids import ArxivId, PaperId
from flows.fetch import checked_pdf
from flows.sources import Feed, Page, Window
from flows.sources.oai_pages import mail_date, names_of

MANIFEST = "arXiv_pdf_manifest.xml"
_ARCHIVES, _SNAPSHOTS = "arXiv_pdf_*.tar", ("*snapshot*.json", "*snapshot*.jsonl")
_MEMBER = re.compile(
    r"(?:[\w.-]+/)*(?P<archive>[a-z-]*)(?P<number>\d{7}|\d{4}\.\d{4,5})(?P<version>v\d{1,3})?\.pdf"
)
_NUMBER = re.compile(r"v([1-9]\d{0,2})")
_PAGE_SIZE = 200
_LONGEST_LINE = 4_000_000
_MOST_MEMBERS = 200_000
"""Of an archive; arXiv's have some 2,000."""
_MOST_MANIFEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a PDF lies in an archive."""

    archive: Path
    offset: int
    size: int
    version: int | None
    """As its name says; None where it does not."""
    made_at: float
    """When it was packed, in seconds since 1970."""

    @property
    def address(self) -> str:
        """It as an address, in a scheme of our own."""
        return f"tar://{quote(str(self.archive))}?offset={self.offset}&size={self.size}"


@dataclass(frozen=True, slots=True)
class BulkSource:
    """The papers in a folder of arXiv's bulk files.

    Raises:
        UsageError: there is no such folder, or it has no archives or no metadata.
    """

    folder: Path
    max_bytes: int
    name: str = "bulk"
    is_chosen: bool = False

    def __post_init__(self) -> None:
        if not any(self.folder.glob(_ARCHIVES)):
            raise UsageError(f"no {_ARCHIVES} lies here", where=str(self.folder))
        if not _snapshots(self.folder):
            remedy = "Put arxiv-metadata-oai-snapshot.json there"
            raise UsageError("no metadata snapshot lies here", where=str(self.folder), remedy=remedy)

    @property
    def selection(self) -> str:
        """The folder."""
        return str(self.folder.absolute())

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """All of it."""
        return (self,)

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:  # noqa: ARG002  # all of it, each time
        """Every paper that has a PDF here and a line of metadata, in the order of the lines."""
        problems = list(_against_manifest(self.folder))
        places = dict[PaperId, Place]()
        for archive in sorted(self.folder.glob(_ARCHIVES)):
            problems += _walk(archive, self.max_bytes, places)
        listings: list[Listing] = []
        for snapshot in _snapshots(self.folder):
            for number, line in enumerate(_lines(snapshot), 1):
                try:
                    listings += _listed(line, places)
                except ParseError as error:
                    problems.append(f"a line was left out: {error} ({snapshot.name}, line {number})")
                if len(listings) >= _PAGE_SIZE:
                    yield Page(tuple(listings), tuple(problems))
                    listings, problems = [], []
        if places:
            few = ", ".join(sorted(places)[:3])
            problems.append(f"{len(places):,} PDFs have no line of metadata and were left out, as {few}")
        yield Page(tuple(listings), tuple(problems), is_last=True)

    def can_fetch(self, file: FileOf) -> bool:
        """Whether it is a PDF in an archive of this folder."""
        return file.media == "pdf" and (file.url or "").startswith(f"tar://{quote(self.selection)}/")

    def address(self, file: FileOf) -> str:
        """The archive, and where in it."""
        return file.url or ""

    def fetch(self, file: FileOf) -> bytes:
        """The PDF, read from its place.

        Raises:
            RefusedRequestError: the archive is not as it was when it was listed.
            DocumentError: what lies there is not a whole PDF.
        """
        address = urlsplit(self.address(file))
        place = {name: int(found) for name, (found,) in parse_qs(address.query).items()}
        try:
            with Path(unquote(address.path)).open("rb") as archive:
                archive.seek(place["offset"])
                return checked_pdf(archive.read(min(place["size"], self.max_bytes)), self.address(file))
        except OSError as error:
            raise RefusedRequestError(
                f"the archive cannot be read: {error.strerror}", where=self.address(file)
            ) from error


# Archives


def _walk(archive: Path, max_bytes: int, places: dict[PaperId, Place]) -> Iterator[str]:
    """Note where PDFs lie, of a paper the newest; yields what is wrong with the archive."""
    length, left_out = archive.stat().st_size, 0
    try:
        with tarfile.open(archive, "r:") as opened:
            for number, member in enumerate(opened):
                if number == _MOST_MEMBERS:
                    yield f"an archive has more than {_MOST_MEMBERS:,} members, and the rest is left out ({archive.name})"
                    break
                found = _MEMBER.fullmatch(member.name)
                fits = member.isreg() and not member.issparse() and member.size <= max_bytes
                if found and fits and member.offset_data + member.size <= length:
                    at = archive.absolute(), member.offset_data, member.size
                    _place(found, Place(*at, _version(found), member.mtime), places)
                elif not member.isdir():
                    left_out += 1
    except (tarfile.TarError, OSError) as error:
        yield f"an archive breaks off or is none: {error} ({archive.name})"
    if left_out:
        yield f"{left_out} members that are no whole PDF of a paper, or too large, were left out ({archive.name})"


def _place(found: re.Match[str], place: Place, places: dict[PaperId, Place]) -> None:
    try:
        old = f"{found['archive']}/{found['number']}" if found["archive"] else found["number"]
        id = ArxivId(old).paper
    except ParseError:
        return
    known = places.get(id)
    if known is None or (place.version or 0) >= (known.version or 0):
        places[id] = place


def _version(found: re.Match[str]) -> int | None:
    return int(found["version"][1:]) if found["version"] else None


def _against_manifest(folder: Path) -> Iterator[str]:
    """Which archives are not as long as the manifest says, where there is one."""
    path = folder / MANIFEST
    if not path.is_file():
        return
    if path.stat().st_size > _MOST_MANIFEST:
        yield f"the manifest is too large to be one ({MANIFEST})"
        return
    try:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield f"the manifest cannot be read: {error} ({MANIFEST})"
        return
    for file in root.iterchildren("file"):
        archive = folder / Path(file.findtext("filename", "")).name
        said = file.findtext("size", "").strip()
        if (
            archive.suffix == ".tar"
            and archive.is_file()
            and said.isdigit()
            and archive.stat().st_size != int(said)
        ):
            yield f"an archive has {archive.stat().st_size:,} bytes and not the {int(said):,} of the manifest ({archive.name})"


# Metadata


@dataclass(frozen=True, slots=True)
class _Version:
    submitted: datetime
    raw: bytes


def _snapshots(folder: Path) -> list[Path]:
    return sorted(path for pattern in _SNAPSHOTS for path in folder.glob(pattern))


def _lines(path: Path) -> Iterator[bytes]:
    """The lines; one that is longer than any record comes in pieces, which are no JSON."""
    with path.open("rb") as opened:
        while line := opened.readline(_LONGEST_LINE):
            if line.strip():
                yield line


def _listed(line: bytes, places: dict[PaperId, Place]) -> list[Listing]:
    """The listings of a paper that has a PDF here, which is taken out of the places; none of others."""
    record = _object(line)
    id = ArxivId(_text(record, "id")).paper
    place = places.pop(id, None)
    if place is None:
        return []
    versions = _versions(record)
    newest, here = max(versions), place.version or _packed(place, versions)
    return [
        Listing(
            paper_id=id,
            version=number,
            title=_text(record, "title") if number == newest else "",
            abstract=_text(record, "abstract") if number == newest else "",
            authors=names_of(_text(record, "authors")) if number == newest else (),
            categories=tuple(_text(record, "categories").split()) if number == newest else (),
            published=versions[1].submitted if 1 in versions else None,
            updated=version.submitted,
            raw=line.strip() if number == newest else version.raw,
            pdf_url=place.address if number == here else f"https://arxiv.org/pdf/{ArxivId(id, number)}",
            licence=(_text(record, "license") or None) if number == newest else None,
            comment=(_text(record, "comments") or None) if number == newest else None,
        )
        for number, version in sorted(versions.items())
    ]


def _packed(place: Place, versions: Mapping[int, _Version]) -> int:
    """Which version a file without one in its name is: the newest that there was when it was packed."""
    there = [number for number, found in versions.items() if found.submitted.timestamp() <= place.made_at]
    return max(there, default=min(versions))


def _object(line: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ParseError("it is no JSON") from error
    if not isinstance(found, dict):
        raise ParseError("it is no object")
    return found


def _text(record: Mapping[str, object], name: str) -> str:
    """A text that any database takes: no halves of characters, and no zeros."""
    found = record.get(name)
    if not isinstance(found, str):
        return ""
    return " ".join(found.encode("utf-8", "replace").decode().replace("\0", " ").split())


def _versions(record: Mapping[str, object]) -> dict[int, _Version]:
    given = record.get("versions")
    found = {}
    for one in given if isinstance(given, list) else []:
        number = _NUMBER.fullmatch(str(one.get("version"))) if isinstance(one, dict) else None
        if number:
            raw = json.dumps(one).encode()
            found[int(number[1])] = _Version(mail_date(str(one.get("created"))), raw)
    if not found:
        raise ParseError("it names no version")
    return found
