"""arXiv's bulk files as a source: `arXiv_pdf_*.tar` in a folder or a bucket, their manifest, and the metadata as JSON lines.

The PDFs come from arXiv's requester-pays bucket (https://info.arxiv.org/help/bulk_data_s3.html), the metadata from its snapshot
(`arxiv-metadata-oai-snapshot.json`, one record a line). An archive is compared with the manifest before anything in it is believed.
Only headers of archives are walked through, and a PDF is read from its place when it is wanted: nothing is unpacked, so no name
in an archive can lead anywhere. Links, devices, sparse and oversized members are left out. A paper needs a line of
metadata, or nobody could say what it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from db.papers import FileOf, Listing
from extractors.facts.errors import ParseError, RefusedRequestError, UsageError
from extractors.facts.ids import ArxivId, PaperId
from flows.fetch import Fetched, checked_pdf
from flows.sources import Feed, Page, Window
from flows.sources.oai_pages import mail_date, names_of
from flows.sources.shelf import Lying, Shelf

MANIFEST = "arXiv_pdf_manifest.xml"
_ARCHIVES, _SNAPSHOTS = "arXiv_pdf_*.tar", ("*snapshot*.json", "*snapshot*.jsonl")
_MEMBER = re.compile(
    r"(?:[\w.-]+/)*(?P<archive>[a-z-]*)(?P<number>\d{7}|\d{4}\.\d{4,5})(?P<version>v\d{1,3})?\.pdf"
)
_NUMBER = re.compile(r"v([1-9]\d{0,2})")
_MD5 = re.compile(r"[0-9a-f]{32}")
_SCHEME = "tar"
_PAGE_SIZE = 200
_LONGEST_LINE = 4_000_000
_MOST_MEMBERS = 200_000
"""Of an archive; arXiv's have some 2,000."""
_MOST_MANIFEST = 64 * 1024 * 1024
_HEADERS, _RECORDS = 16 * 1024, 1024 * 1024
"""Bytes that are read at once of an archive, of which only the headers are wanted, and of metadata, which are read whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a PDF lies in an archive."""

    archive: str
    """Its address, in a scheme of our own."""
    offset: int
    size: int
    version: int | None
    """As its name says; None where it does not."""
    made_at: float
    """When it was packed, in seconds since 1970."""

    @property
    def address(self) -> str:
        """It as an address, in a scheme of our own."""
        return f"{self.archive}?offset={self.offset}&size={self.size}"


@dataclass(slots=True)
class BulkSource:
    """The papers in arXiv's bulk files.

    Raises:
        UsageError: there is no such folder, or it has no archives or no metadata.
        RefusedRequestError: a bucket cannot be listed.
    """

    folder: Path | str
    """Where they lie, a folder or an address such as `s3://arxiv/pdf`."""
    max_bytes: int
    metadata: Path | str | None = None
    """Where the snapshot of the metadata lies, if that is elsewhere."""
    name: str = "bulk"
    is_chosen: bool = False
    shelf: Shelf = field(init=False)
    damaged: set[str] = field(init=False, default_factory=set)
    """Archives that are not what the manifest says."""
    unsummed: list[str] = field(init=False, default_factory=list)
    """Archives whose MD5 the manifest says and their bucket does not."""

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder)
        if not _named(self.shelf, _ARCHIVES):
            raise UsageError(f"no {_ARCHIVES} lies here", where=self.shelf.place)
        if not _named(self._records, *_SNAPSHOTS):
            remedy = (
                "Put arxiv-metadata-oai-snapshot.json there, or set BURDEN_BULK_METADATA to where it lies"
            )
            raise UsageError("no metadata snapshot lies here", where=self._records.place, remedy=remedy)

    @property
    def _records(self) -> Shelf:
        return Shelf(self.metadata) if self.metadata else self.shelf

    @property
    def selection(self) -> str:
        """The folder."""
        return self.shelf.place

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """All of it."""
        return (self,)

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:  # noqa: ARG002  # all of it, each time
        """Every paper that has a PDF here and a line of metadata, in the order of the lines."""
        places = dict[PaperId, Place]()
        problems = list(self._walk_all(places))
        listings: list[Listing] = []
        records = self._records
        for snapshot in _named(records, *_SNAPSHOTS):
            for number, line in enumerate(_lines(records, snapshot), 1):
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
        yield Page(tuple(listings), tuple(problems), is_last=True, remarks=self._remarks())

    def _remarks(self) -> tuple[str, ...]:
        """Of which archives only the size could be held against the manifest."""
        if not self.unsummed:
            return ()
        told = f"{len(self.unsummed):,} archives were put into the bucket in several pieces, so that it does not tell their MD5"
        remedy = "to have it compared, crawl a folder with copies of them"
        return (f"{told}: only their size was compared with the manifest's ({self.unsummed[0]}); {remedy}.",)

    def _walk_all(self, places: dict[PaperId, Place]) -> Iterator[str]:
        """Note where PDFs lie in the archives that are what the manifest says; yields what is wrong."""
        archives = _named(self.shelf, _ARCHIVES)
        said = dict[str, _Said]()
        for manifest in _named(self.shelf, MANIFEST):
            try:
                said = _manifest(self.shelf, manifest)
            except ParseError as error:
                yield f"the manifest cannot be used: {error} ({MANIFEST})"
        unknown = [archive.name for archive in archives if archive.name not in said] if said else []
        if unknown:
            yield f"{len(unknown):,} archives are not in the manifest, and nobody can say whether they are whole ({unknown[0]})"
        self.damaged.clear()
        self.unsummed.clear()
        for archive in archives:
            known = said.get(archive.name)
            if self.shelf.is_bucket and known and known.md5 and archive.md5 is None:
                self.unsummed.append(archive.name)
            if wrong := _unlike(self.shelf, archive, known):
                self.damaged.add(archive.name)
                yield wrong
            else:
                yield from _walk(self.shelf, archive, self.max_bytes, places)

    def can_fetch(self, file: FileOf) -> bool:
        """Whether it is a PDF in an archive of this folder."""
        return file.media == "pdf" and (file.url or "").startswith(self.shelf.address("", _SCHEME))

    def address(self, file: FileOf) -> str:
        """The archive, and where in it."""
        return file.url or ""

    def fetch(self, file: FileOf) -> Fetched:
        """The PDF from its place.

        Raises:
            RefusedRequestError: the archive cannot be read, or is not what the manifest says.
            DocumentError: no whole PDF lies there any more.
        """
        address = urlsplit(self.address(file))
        place = {name: int(found) for name, (found,) in parse_qs(address.query).items()}
        archive = unquote(address.path).rpartition("/")[2]
        if archive in self.damaged:
            raise RefusedRequestError("the archive is damaged, and nothing in it is used", where=archive)
        data = self.shelf.read(archive, place["offset"], min(place["size"], self.max_bytes))
        return Fetched(checked_pdf(data, self.address(file)))


# Archives


def _named(shelf: Shelf, *patterns: str) -> list[Lying]:
    """The files whose name fits, by name."""
    return [file for file in shelf.files() if any(fnmatch(file.name, pattern) for pattern in patterns)]


def _walk(shelf: Shelf, archive: Lying, max_bytes: int, places: dict[PaperId, Place]) -> Iterator[str]:
    """Note where PDFs lie, of a paper the newest; yields what is wrong with the archive."""
    left_out, address = 0, shelf.address(archive.name, _SCHEME)
    try:
        with shelf.open(archive, _HEADERS) as lying, tarfile.open(fileobj=lying, mode="r:") as opened:
            for number, member in enumerate(opened):
                if number == _MOST_MEMBERS:
                    yield f"an archive has more than {_MOST_MEMBERS:,} members, and the rest is left out ({archive.name})"
                    break
                found = _MEMBER.fullmatch(member.name)
                fits = member.isreg() and not member.issparse() and member.size <= max_bytes
                if found and fits and member.offset_data + member.size <= archive.size:
                    at = address, member.offset_data, member.size
                    _place(found, Place(*at, _version(found), member.mtime), places)
                elif not member.isdir():
                    left_out += 1
    except (tarfile.TarError, OSError, RefusedRequestError) as error:
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


@dataclass(frozen=True, slots=True)
class _Said:
    """What the manifest says of an archive; None where it does not."""

    size: int | None
    md5: str | None


def _manifest(shelf: Shelf, manifest: Lying) -> dict[str, _Said]:
    """What the manifest says, by the archive's name.

    Raises:
        ParseError: it is none, or too large to be one.
    """
    if manifest.size > _MOST_MANIFEST:
        raise ParseError("it is too large to be one")
    data = b"".join(shelf.parts(manifest))
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ParseError(str(error)) from error
    found = dict[str, _Said]()
    for file in root.iterchildren("file"):
        size, md5 = file.findtext("size", "").strip(), file.findtext("md5sum", "").strip().lower()
        name = file.findtext("filename", "").strip().rpartition("/")[2]
        found[name] = _Said(int(size) if size.isdecimal() else None, md5 if _MD5.fullmatch(md5) else None)
    return found


def _unlike(shelf: Shelf, archive: Lying, said: _Said | None) -> str:
    """In which way an archive is not what the manifest says; empty if it is, or if that cannot be told.

    An archive in a bucket is not read for this, for that would be paid for: the bucket's own sum is compared, where it has one.
    """
    if said is None:
        return ""
    if said.size is not None and said.size != archive.size:
        return f"an archive has {archive.size:,} bytes and not the {said.size:,} of the manifest, and is left out ({archive.name})"
    if said.md5 is None:
        return ""
    try:
        md5 = archive.md5 if shelf.is_bucket else _md5_of(shelf, archive)
    except RefusedRequestError as error:
        return f"an archive was left out: {error}"
    if md5 is None or md5 == said.md5:
        return ""
    return f"an archive is damaged: its MD5 is {md5} and not the {said.md5} of the manifest, and it is left out ({archive.name})"


def _md5_of(shelf: Shelf, archive: Lying) -> str:
    found = hashlib.md5(usedforsecurity=False)
    for part in shelf.parts(archive):
        found.update(part)
    return found.hexdigest()


# Metadata


@dataclass(frozen=True, slots=True)
class _Version:
    submitted: datetime
    raw: bytes


def _lines(shelf: Shelf, snapshot: Lying) -> Iterator[bytes]:
    """The lines; one that is longer than any record comes in pieces, which are no JSON."""
    with shelf.open(snapshot, _RECORDS) as opened:
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
