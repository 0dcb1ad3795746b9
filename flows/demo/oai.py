"""The stand-in's OAI-PMH feed, as arXiv's own provider answers `ListRecords` in the format `arXivRaw`.

Records are ordered by the day they changed and by id, and pages break anywhere; a token says, for all to read, from which
day to go on and how many records of it to skip. Only writing; reading is the work of `flows.sources.oai_pages`.
Source: https://github.com/arXiv/oaipmh (fetch_list.py, resume.py, record_formats.xml)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, quote, unquote, urlencode

from lxml import etree

from flows.demo.catalogue import Sample
from flows.sources.oai import set_of

OAI, RAW = "http://www.openarchives.org/OAI/2.0/", "http://arxiv.org/OAI/arXivRaw/"
FORMAT = "arXivRaw"
EARLIEST = date(2005, 9, 16)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ALLOWED = {"verb", "metadataPrefix", "from", "until", "set"}


class RefusalError(Exception):
    """One of the protocol's errors, as the answer will say it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as the feed shows it."""

    versions: Sequence[Sample]
    """Those that have come, oldest first."""
    gone: datetime | None = None
    """When its record was deleted, if it was."""

    @property
    def changed(self) -> date:
        """Its datestamp."""
        return (self.gone or self.versions[-1].updated).date()

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets that it is in."""
        return tuple(map(set_of, self.versions[-1].categories))

    def is_in(self, wanted: str) -> bool:
        """Whether it is in a set, or in one below it."""
        return not wanted or any(f"{found}:".startswith(f"{wanted}:") for found in self.sets)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list that is asked for."""

    since: date = EARLIEST
    until: date | None = None
    set: str = ""
    skip: int = 0
    """Records of the first day that were shown already."""
    zeros: int = 0
    """In front of that number, so that a token after an empty page is another one."""

    def token(self) -> str:
        """It as a token."""
        asked = {
            "verb": "ListRecords",
            "metadataPrefix": FORMAT,
            "from": self.since,
            "skip": "0" * self.zeros + str(self.skip),
        }
        more = {"until": self.until, "set": self.set}
        return quote(urlencode(asked | {name: value for name, value in more.items() if value}))


@dataclass(frozen=True, slots=True)
class Mischief:
    """What is wrong with one answer, on request."""

    empty: bool = False
    hollow: bool = False
    """A token and no records."""
    same_token: bool = False
    """The token that was sent comes back."""
    bad_token: bool = False


def oai_page(
    given: Mapping[str, str],
    papers: Sequence[Shown],
    now: datetime,
    per_page: int,
    wrong: Mischief,
    *,
    tells_size: bool = False,
) -> bytes:
    """The answer to a request; its errors are answers too."""
    try:
        asked = _asked(given, now.date(), wrong)
        found = [] if wrong.empty else _matching(asked, papers)
        if not found[asked.skip :]:
            raise RefusalError("noRecordsMatch", "The combination of the values results in an empty list.")
    except RefusalError as refusal:
        root = _envelope({}, now)
        etree.SubElement(root, f"{{{OAI}}}error", code=refusal.code).text = str(refusal)
        return _bytes(root)
    root = _envelope(given, now)
    listed = etree.SubElement(root, f"{{{OAI}}}ListRecords")
    end = asked.skip + per_page
    for paper in [] if wrong.hollow else found[asked.skip : end]:
        _record(listed, paper)
    following = _following(asked, found, end)
    if following and tells_size:  # a list whose size is told is counted from its beginning
        following = replace(asked, skip=end)
    if wrong.hollow:
        following = replace(asked, zeros=asked.zeros + 1)
    if wrong.same_token:
        following = asked
    if following:
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        token = etree.SubElement(listed, f"{{{OAI}}}resumptionToken", expires=_second(midnight))
        token.text = following.token()
        if tells_size:
            token.attrib.update({"completeListSize": str(len(found)), "cursor": str(asked.skip)})
    elif asked.skip:
        etree.SubElement(listed, f"{{{OAI}}}resumptionToken")
    return _bytes(root)


# Asking


def _asked(given: Mapping[str, str], today: date, wrong: Mischief) -> Wanted:
    if given.get("verb") != "ListRecords":
        raise RefusalError("badVerb", "Value of the verb argument is not a legal OAI-PMH verb.")
    if (token := given.get("resumptionToken")) is not None:
        if set(given) != {"verb", "resumptionToken"}:
            raise RefusalError("badArgument", "No other parameters allowed with resumptionToken")
        return _from_token(token, today, wrong)
    return _from_arguments(given, today)


def _from_token(token: str, today: date, wrong: Mischief) -> Wanted:
    arguments = {name: values[0] for name, values in parse_qs(unquote(token)).items()}
    skip = arguments.pop("skip", "")
    if wrong.bad_token or not skip.isdigit():
        raise RefusalError(
            "badResumptionToken", "The value of the resumptionToken argument is invalid or expired."
        )
    asked = _from_arguments(arguments, today)
    return Wanted(asked.since, asked.until, asked.set, int(skip), len(skip) - len(str(int(skip))))


def _from_arguments(given: Mapping[str, str], today: date) -> Wanted:
    if "metadataPrefix" not in given or set(given) - _ALLOWED:
        raise RefusalError("badArgument", "The request includes illegal arguments, or misses required ones.")
    if given["metadataPrefix"] != FORMAT:
        raise RefusalError("cannotDisseminateFormat", "Did not recognize requested format")
    since = _day(given["from"]) if "from" in given else EARLIEST
    until = _day(given["until"]) if "until" in given else None
    if since < EARLIEST:
        raise RefusalError("badArgument", "start date too early")
    if since > (until or today):
        raise RefusalError("badArgument", "until date must be greater than or equal to from date")
    if until and until > today + timedelta(days=1):
        raise RefusalError("badArgument", "until date too late")
    return Wanted(since, until, given.get("set", ""))


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RefusalError("badArgument", "date format must be YYYY-MM-DD")


def _matching(asked: Wanted, papers: Sequence[Shown]) -> list[Shown]:
    until = asked.until or date.max
    found = [paper for paper in papers if asked.since <= paper.changed <= until and paper.is_in(asked.set)]
    return sorted(found, key=lambda paper: (paper.changed, paper.versions[-1].id))


def _following(asked: Wanted, found: Sequence[Shown], end: int) -> Wanted | None:
    """What the next page has to ask for: the rest of the last day that was shown, and the days after it."""
    if end >= len(found):
        return None
    day = found[end - 1].changed
    return Wanted(day, asked.until, asked.set, sum(paper.changed == day for paper in found[:end]))


# Writing


def _envelope(given: Mapping[str, str], now: datetime) -> etree._Element:
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI})
    etree.SubElement(root, f"{{{OAI}}}responseDate").text = _second(now)
    request = etree.SubElement(root, f"{{{OAI}}}request")
    request.text = "https://oaipmh.arxiv.org/oai"
    for name, value in given.items():
        request.set(name, value)
    return root


def _record(listed: etree._Element, paper: Shown) -> None:
    newest = paper.versions[-1]
    record = etree.SubElement(listed, f"{{{OAI}}}record")
    header = etree.SubElement(record, f"{{{OAI}}}header")
    if paper.gone:
        header.set("status", "deleted")
    etree.SubElement(header, f"{{{OAI}}}identifier").text = f"oai:arXiv.org:{newest.id}"
    etree.SubElement(header, f"{{{OAI}}}datestamp").text = paper.changed.isoformat()
    for spec in paper.sets:
        etree.SubElement(header, f"{{{OAI}}}setSpec").text = spec
    if not paper.gone:
        _metadata(etree.SubElement(record, f"{{{OAI}}}metadata"), paper)


def _metadata(parent: etree._Element, paper: Shown) -> None:
    newest = paper.versions[-1]
    raw = etree.SubElement(parent, f"{{{RAW}}}arXivRaw", nsmap={None: RAW})
    _text(raw, "id", newest.id)
    _text(raw, "submitter", newest.authors[0] if newest.authors else "")
    for sample in paper.versions:
        version = etree.SubElement(raw, f"{{{RAW}}}version", version=f"v{sample.version}")
        _text(version, "date", sample.updated.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        _text(version, "size", "0kb" if sample.withdrawn else f"{100 + len(sample.abstract)}kb")
        _text(version, "source_type", "I" if sample.withdrawn else "D")
    _text(raw, "title", newest.title)
    _text(raw, "authors", ", ".join(newest.authors))
    _text(raw, "categories", " ".join(newest.categories))
    for name, text in (("comments", newest.comment), ("license", newest.licence)):
        if text:
            _text(raw, name, text)
    _text(raw, "abstract", newest.abstract)


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{RAW}}}{tag}").text = text


def _second(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _bytes(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written
