"""Pages of arXiv's OAI-PMH feed, from bytes to values; nothing here speaks to anybody.

The format is `arXivRaw`: the newest version's metadata, and of every version its date, size and kind of source. What is
read is what arXiv's own provider writes (https://github.com/arXiv/oaipmh, `templates/record_formats.xml`) within the
protocol's envelope (https://www.openarchives.org/OAI/openarchivesprotocol.html). Strangers wrote it: no entities, no
network, limits of size and number, and one record that cannot be understood spoils no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, get_args

from lxml import etree

from extractors.facts.errors import ParseError
from extractors.facts.ids import ArxivId, PaperId

Code = Literal[
    "badArgument",
    "badResumptionToken",
    "badVerb",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noRecordsMatch",
    "noMetadataFormats",
    "noSetHierarchy",
]
"""What the protocol knows as errors (section 3.6)."""
CODES: tuple[Code, ...] = get_args(Code)

MOST_BYTES = 64 * 1024 * 1024
"""Of a page; arXiv's have up to some 10 MB."""

_OAI, _RAW = "{http://www.openarchives.org/OAI/2.0/}", "{http://arxiv.org/OAI/arXivRaw/}"
_IDENTIFIER = "oai:arXiv.org:"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_VERSION = re.compile(r"v([1-9]\d{0,2})")
_SIZE = re.compile(r"(\d{1,9})\s*kb", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,12}")
_WITHDRAWN = re.compile(r"withdr(?:aw|ew)", re.IGNORECASE)
_WITHDRAWN_SOURCE = "I"
"""Letter of a version without files: arXiv's provider writes it for the source format `withdrawn`."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, of which the feed tells no more than this."""

    number: int
    submitted: datetime
    kilobytes: int | None
    """Size of its source, rounded down; None where it is not told."""
    source_type: str
    """arXiv's letters for the kind of its source; empty for ordinary TeX or PDF."""
    raw: bytes
    """The element as it came."""


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as the feed has it."""

    id: PaperId
    changed: datetime
    """Its datestamp: when the record last changed, by day; neither submission nor replacement."""
    sets: tuple[str, ...]
    versions: tuple[Version, ...]
    """All of them, oldest first; at least one. The rest is of the newest."""
    title: str
    abstract: str
    authors: str
    """As typed, affiliations in parentheses."""
    categories: tuple[str, ...]
    """Primary first."""
    comment: str | None
    licence: str | None
    doi: str | None
    raw: bytes
    """The element as it came."""

    @property
    def newest(self) -> Version:
        """The version that the metadata are of."""
        return self.versions[-1]

    @property
    def is_withdrawn(self) -> bool:
        """Whether the newest version is a notice of withdrawal: one without files.

        Such a version has 0 kB; that alone may also be a size that arXiv does not know, so a second sign is asked for.
        Source: https://info.arxiv.org/help/withdraw.html
        """
        says_so = _WITHDRAWN.search(self.comment or "") is not None
        return self.newest.kilobytes == 0 and (_WITHDRAWN_SOURCE in self.newest.source_type or says_so)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record that the feed says is no more."""

    id: PaperId
    changed: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """Where the list goes on."""

    text: str
    expires: datetime | None = None
    list_size: int | None = None
    """Records in the whole list, where that is told."""
    cursor: int | None = None
    """Records of the list before this page, where that is told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of a list."""

    told_at: datetime
    """The service's own time."""
    records: tuple[Record, ...]
    deleted: tuple[Deleted, ...] = ()
    problems: tuple[str, ...] = ()
    """Records that could not be understood, one sentence each."""
    token: Token | None = None
    """None with the last page."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is one of the protocol's errors."""

    told_at: datetime
    code: Code
    message: str


def parse(data: bytes) -> Answer | Refusal:
    """What an answer to `ListRecords` or `GetRecord` says.

    Raises:
        ParseError: it is no such answer, or no whole one.
    """
    root = _root(data)
    told_at = _moment(_text(root, f"{_OAI}responseDate"))
    refusals = list(root.iterchildren(f"{_OAI}error"))
    if refusals:
        return _refusal(refusals, told_at)
    listed = next(root.iterchildren(f"{_OAI}ListRecords", f"{_OAI}GetRecord"), None)
    if listed is None:
        raise ParseError("the answer has neither records nor an error")
    records, deleted, problems = list[Record](), list[Deleted](), list[str]()
    for element in listed.iterchildren(f"{_OAI}record"):
        try:
            found = _record(element)
        except ParseError as error:
            problems.append(f"a record was left out: {error}")
        else:
            if isinstance(found, Deleted):
                deleted.append(found)
            else:
                records.append(found)
    return Answer(told_at, tuple(records), tuple(deleted), tuple(problems), _token(listed))


# The envelope


def _root(data: bytes) -> etree._Element:
    if len(data) > MOST_BYTES:
        raise ParseError(f"the answer has {len(data):,} bytes, more than {MOST_BYTES:,}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"the answer is not whole XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise ParseError("the answer declares a document type, as the protocol's answers never do")
    if root.tag != f"{_OAI}OAI-PMH":
        raise ParseError("the answer is not one of OAI-PMH")
    return root


def _refusal(errors: list[etree._Element], told_at: datetime) -> Refusal:
    """The first error, unless one says that the token is at fault, which is the only one that can be helped."""
    given = {error.get("code", ""): _words(error.text) for error in errors}
    code = "badResumptionToken" if "badResumptionToken" in given else next(iter(given))
    for known in CODES:
        if known == code:
            return Refusal(told_at, known, given[code])
    raise ParseError(f"the answer is an error that the protocol does not know: {code[:80]!r}")


def _token(listed: etree._Element) -> Token | None:
    element = next(listed.iterchildren(f"{_OAI}resumptionToken"), None)
    text = (element.text or "").strip() if element is not None else ""
    if element is None or not text:
        return None
    # the protocol calls it `expirationDate`, arXiv's own provider `expires`
    expires = element.get("expirationDate") or element.get("expires")
    return Token(
        text,
        _moment(expires) if expires else None,
        _count(element.get("completeListSize", "")),
        _count(element.get("cursor", "")),
    )


def _count(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None


# A record


def _record(element: etree._Element) -> Record | Deleted:
    header = _child(element, f"{_OAI}header")
    identifier = _text(header, f"{_OAI}identifier")
    if not identifier.startswith(_IDENTIFIER):
        raise ParseError(f"{identifier[:80]!r} is not the identifier of a paper of arXiv")
    id = ArxivId(identifier.removeprefix(_IDENTIFIER)).paper
    changed = _moment(_text(header, f"{_OAI}datestamp"))
    if header.get("status") == "deleted":
        return Deleted(id, changed)
    raw = _child(_child(element, f"{_OAI}metadata"), f"{_RAW}arXivRaw")
    if _text(raw, f"{_RAW}id") != id:
        raise ParseError(f"the record of {id} has the metadata of another paper")
    return Record(
        id=id,
        changed=changed,
        sets=tuple(_words(spec.text) for spec in header.iterchildren(f"{_OAI}setSpec")),
        versions=_versions(raw, id),
        title=_text(raw, f"{_RAW}title"),
        abstract=_optional(raw, "abstract") or "",
        authors=_optional(raw, "authors") or "",
        categories=tuple(dict.fromkeys((_optional(raw, "categories") or "").split())),
        comment=_optional(raw, "comments"),
        licence=_optional(raw, "license"),
        doi=_optional(raw, "doi"),
        raw=_bytes(element),
    )


def _versions(raw: etree._Element, id: PaperId) -> tuple[Version, ...]:
    found = {version.number: version for version in map(_version, raw.iterchildren(f"{_RAW}version"))}
    if not found:
        raise ParseError(f"the record of {id} has no version")
    return tuple(found[number] for number in sorted(found))


def _version(element: etree._Element) -> Version:
    number = _VERSION.fullmatch(element.get("version", ""))
    if number is None:
        raise ParseError(f"{element.get('version', '')[:80]!r} is not a version")
    size = _SIZE.fullmatch(_optional(element, "size") or "")
    return Version(
        number=int(number[1]),
        submitted=mail_date(_text(element, f"{_RAW}date")),
        kilobytes=int(size[1]) if size else None,
        source_type=_optional(element, "source_type") or "",
        raw=_bytes(element),
    )


# Texts and times


def _child(parent: etree._Element, tag: str) -> etree._Element:
    found = next(parent.iterchildren(tag), None)
    if found is None:
        raise ParseError(f"<{etree.QName(tag).localname}> is missing")
    return found


def _text(parent: etree._Element, tag: str) -> str:
    text = _words(_child(parent, tag).text)
    if not text:
        raise ParseError(f"<{etree.QName(tag).localname}> is empty")
    return text


def _optional(parent: etree._Element, name: str) -> str | None:
    found = next(parent.iterchildren(f"{_RAW}{name}"), None)
    return (_words(found.text) or None) if found is not None else None


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _moment(text: str) -> datetime:
    """A time of the protocol, by the day or by the second, always in UTC."""
    if _DAY.fullmatch(text) or _SECOND.fullmatch(text):
        try:
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise ParseError(f"{text[:80]!r} is not a time")


def mail_date(text: str) -> datetime:
    """A time as mail prints it, as `Wed, 25 Jun 2008 15:29:38 GMT`."""
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ParseError(f"{text[:80]!r} is not a time") from error


def _bytes(element: etree._Element) -> bytes:
    written: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)
    return written


# Authors

_PARENTHESES = re.compile(r"\([^()]*\)")
_NESTED = 2
"""How deep parentheses nest, as in `(1 and 2) ((1) MIT, (2) ETH)`."""
_AND = re.compile(r"\s*(?:,\s*and\b|,|;|\band\b)\s*")


def names_of(authors: str) -> tuple[str, ...]:
    """The names in a line of authors, affiliations left out.

    Source: https://info.arxiv.org/help/prep.html#author
    """
    for _ in range(_NESTED):
        authors = _PARENTHESES.sub(" ", authors)
    return tuple(name for part in _AND.split(authors) if (name := " ".join(part.split())))
