"""A page of the feed is read as arXiv's provider writes it, and whatever else comes is refused in words."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from lxml.builder import ElementMaker

from extractors.facts.errors import ParseError
from extractors.facts.ids import PaperId
from flows.sources.oai_pages import (
    CODES,
    Answer,
    Deleted,
    Record,
    Refusal,
    Token,
    Version,
    names_of,
    parse,
)

AT = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
OAI = ElementMaker(
    namespace="http://www.openarchives.org/OAI/2.0/", nsmap={None: "http://www.openarchives.org/OAI/2.0/"}
)
RAW = ElementMaker(namespace="http://arxiv.org/OAI/arXivRaw/", nsmap={None: "http://arxiv.org/OAI/arXivRaw/"})
FIRST = Record(
    PaperId("2401.00001"),
    datetime(2026, 11, 29, tzinfo=UTC),
    ("cs:cs:CV", "cs:cs:LG"),
    (Version(1, datetime(2024, 1, 3, 9, 14, 7, tzinfo=UTC), 214, "D", b""),),
    "A Net",
    "We train a net.",
    "A. Author, B. Author",
    ("cs.CV", "cs.LG"),
    "8 pages",
    "http://creativecommons.org/licenses/by/4.0/",
    "10.1000/1",
    b"",
)
NOTICE = Version(2, datetime(2024, 2, 1, tzinfo=UTC), 0, "I", b"")


# A writer, for what it writes must be read


def envelope(*parts: etree._Element, at: str = "2026-11-30T02:30:00Z") -> etree._Element:
    return OAI("OAI-PMH", OAI.responseDate(at), OAI.request("https://oaipmh.arxiv.org/oai"), *parts)


def written(*parts: etree._Element, at: str = "2026-11-30T02:30:00Z") -> bytes:
    return etree.tostring(envelope(*parts, at=at), xml_declaration=True, encoding="UTF-8")


def page(records: Sequence[etree._Element], token: etree._Element | None = None) -> bytes:
    return written(OAI.ListRecords(*records, *([] if token is None else [token])))


def record(found: Record) -> etree._Element:
    optional = {
        "authors": found.authors,
        "categories": " ".join(found.categories),
        "comments": found.comment,
        "doi": found.doi,
        "license": found.licence,
        "abstract": found.abstract,
    }
    parts = [RAW(name, text) for name, text in optional.items() if text]
    raw = RAW("arXivRaw", RAW.id(found.id), *map(version, found.versions), RAW.title(found.title), *parts)
    return OAI("record", header(found.id, found.changed, found.sets), OAI("metadata", raw))


def version(found: Version) -> etree._Element:
    parts = [RAW.date(found.submitted.strftime("%a, %d %b %Y %H:%M:%S GMT"))]
    if found.kilobytes is not None:
        parts.append(RAW.size(f"{found.kilobytes}kb"))
    if found.source_type:
        parts.append(RAW.source_type(found.source_type))
    return RAW("version", *parts, version=f"v{found.number}")


def header(id: str, changed: datetime, sets: Sequence[str] = (), **attributes: str) -> etree._Element:
    parts = [
        OAI.identifier(f"oai:arXiv.org:{id}"),
        OAI.datestamp(f"{changed:%Y-%m-%d}"),
        *map(OAI.setSpec, sets),
    ]
    return OAI("header", *parts, **attributes)


def bare(found: Answer | Refusal) -> Answer | Refusal:
    """Without the elements as they came."""
    if isinstance(found, Refusal):
        return found
    return replace(
        found,
        records=tuple(
            replace(r, raw=b"", versions=tuple(replace(v, raw=b"") for v in r.versions))
            for r in found.records
        ),
    )


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12
) | st.sampled_from(["Attention Is All You Need", "<b> & ]]> \u6c34 \U0001f40d", "$O(n \\log n)$"])
days = st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
versions = st.lists(
    st.builds(
        Version,
        st.integers(1, 99),
        days,
        st.none() | st.integers(0, 99_999),
        st.sampled_from(["", "D", "I", "AS"]),
        st.just(b""),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda found: found.number,
).map(lambda found: tuple(sorted(found, key=lambda one: one.number)))
ids = st.from_regex(
    r"\d{4}\.\d{4,5}|(cs|hep-th|math\.GT)/\d{2}(0[1-9]|1[0-2])\d{3}",
    fullmatch=True,
    alphabet=st.characters(codec="ascii"),
)
records = st.builds(
    Record,
    id=ids.map(PaperId),
    changed=days.map(lambda moment: moment.replace(hour=0, minute=0, second=0)),
    sets=st.lists(st.sampled_from(["cs:cs:LG", "stat:stat:ML", "physics:hep-th"]), unique=True).map(tuple),
    versions=versions,
    title=words,
    abstract=st.just("") | words,
    authors=st.just("") | words,
    categories=st.lists(st.sampled_from(["cs.LG", "stat.ML", "hep-th"]), unique=True).map(tuple),
    comment=st.none() | words,
    licence=st.none() | words,
    doi=st.none() | words,
    raw=st.just(b""),
)


@given(st.lists(records, max_size=3))
def test_what_is_written_is_read(given: list[Record]) -> None:
    assert bare(parse(page([record(one) for one in given]))) == Answer(AT, tuple(given))


@given(st.lists(records, min_size=1, max_size=2), st.data())
def test_a_page_that_breaks_off_is_refused_wherever_it_does(given: list[Record], data: st.DataObject) -> None:
    whole = page([record(one) for one in given])
    with pytest.raises(ParseError):
        parse(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=300))
@example(b"")
@example(b"\x00")
@example(b"<?xml version='1.0' encoding='nonsense'?><a/>")
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        parse(data)


@given(records, st.data())
def test_a_damaged_page_is_read_or_refused_and_never_crashes(one: Record, data: st.DataObject) -> None:
    whole = bytearray(
        page(
            [record(one)],
            OAI.resumptionToken("verb%3DListRecords%26skip%3D1", expires="2026-12-01T00:00:00Z"),
        )
    )
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ParseError):
        assert isinstance(parse(bytes(whole)), Answer | Refusal)


# What a page says beside its records


@pytest.mark.parametrize(
    ("attributes", "token"),
    [
        ({}, Token("t 1")),
        (
            {"expirationDate": "2026-12-01T00:00:00Z", "completeListSize": "4711", "cursor": "0"},
            Token("t 1", datetime(2026, 12, 1, tzinfo=UTC), 4711, 0),
        ),
        ({"expires": "2026-12-01T00:00:00Z"}, Token("t 1", datetime(2026, 12, 1, tzinfo=UTC))),
        ({"completeListSize": "many"}, Token("t 1")),
    ],
)
def test_a_token_has_its_expiry_and_size_in_either_spelling(attributes: dict[str, str], token: Token) -> None:
    found = parse(page([record(FIRST)], OAI.resumptionToken(" t 1\n", **attributes)))
    assert isinstance(found, Answer)
    assert found.token == token


def test_an_empty_token_ends_the_list() -> None:
    found = parse(page([record(FIRST)], OAI.resumptionToken()))
    assert isinstance(found, Answer)
    assert found.token is None


@pytest.mark.parametrize("code", CODES)
def test_errors_of_the_protocol_are_values(code: str) -> None:
    assert parse(written(OAI.error(" It is\nso. ", code=code))) == Refusal(AT, code, "It is so.")  # type: ignore[arg-type]


def test_of_several_errors_the_one_that_can_be_helped_counts() -> None:
    found = parse(written(OAI.error("no", code="badArgument"), OAI.error("old", code="badResumptionToken")))
    assert found == Refusal(AT, "badResumptionToken", "old")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (written(OAI.error("?", code="tooBusy")), "does not know: 'tooBusy'"),
        (written(OAI.ListRecords(), at=""), "<responseDate> is empty"),
        (written(OAI.ListRecords(), at="yesterday"), "'yesterday' is not a time"),
        (written(OAI.ListRecords(), at="2026-02-30T00:00:00Z"), "is not a time"),
        (etree.tostring(OAI("OAI-PMH", OAI.ListRecords())), "<responseDate> is missing"),
        (written(OAI.Identify()), "neither records nor an error"),
        (b"<html><body>Just a moment...</body></html>", "not one of OAI-PMH"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "document type"),
        (page([record(FIRST)], OAI.resumptionToken("t", expires="soon")), "'soon' is not a time"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        parse(data)


def test_entities_that_blow_up_are_refused_before_they_do() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    with pytest.raises(ParseError):
        parse(bomb + b"]><OAI-PMH>&a11;</OAI-PMH>")


def test_a_page_beyond_the_limit_is_not_even_opened() -> None:
    with pytest.raises(ParseError, match="more than 67,108,864"):
        parse(b" " * (64 * 1024 * 1024 + 1))


# Records


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (replace(FIRST, versions=()), "has no version"),
        (replace(FIRST, title=""), "<title> is empty"),
        (replace(FIRST, id=PaperId("elsewhere")), "not an arXiv id"),
    ],
)
def test_a_record_that_cannot_be_understood_spoils_no_other(broken: Record, said: str) -> None:
    found = parse(page([record(broken), record(FIRST)]))
    assert isinstance(found, Answer)
    assert [one.id for one in found.records] == [FIRST.id]
    (problem,) = found.problems
    assert said in problem


def test_a_record_with_another_papers_metadata_is_left_out() -> None:
    swapped = record(FIRST)
    swapped.replace(swapped[0], header("2401.00002", FIRST.changed))
    found = parse(page([swapped]))
    assert isinstance(found, Answer)
    assert (found.records, len(found.problems)) == ((), 1)


def test_a_record_that_is_no_more_is_told_by_its_header_alone() -> None:
    gone = OAI("record", header(FIRST.id, FIRST.changed, status="deleted"))
    assert parse(page([gone])) == Answer(AT, (), (Deleted(FIRST.id, FIRST.changed),))


def test_records_and_versions_keep_their_elements_as_they_came() -> None:
    found = parse(page([record(FIRST)]))
    assert isinstance(found, Answer)
    again = parse(page([etree.fromstring(found.records[0].raw)]))
    assert bare(again) == bare(found)
    assert b"214kb" in found.records[0].newest.raw
    assert b"<title" not in found.records[0].newest.raw


@pytest.mark.parametrize(
    ("newest", "comment", "withdrawn"),
    [
        (NOTICE, "An error in Lemma 2.", True),
        (replace(NOTICE, source_type=""), "This paper has been withdrawn by the author.", True),
        (replace(NOTICE, source_type=""), "8 pages", False),
        (replace(NOTICE, kilobytes=None), "Withdrawn", False),
        (replace(NOTICE, kilobytes=31), "supersedes 2401.00009, which has been withdrawn", False),
    ],
)
def test_a_notice_of_withdrawal_has_no_size_and_says_what_it_is(
    newest: Version, comment: str, withdrawn: bool
) -> None:
    found = parse(page([record(replace(FIRST, versions=(*FIRST.versions, newest), comment=comment))]))
    assert isinstance(found, Answer)
    assert found.records[0].is_withdrawn is withdrawn


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("A. Author, B. Author and C. D. Author", ("A. Author", "B. Author", "C. D. Author")),
        ("A. Author (1 and 2), B. Author (2) ((1) MIT, (2) ETH)", ("A. Author", "B. Author")),
        ("A. Author, B. Author, and C. Author", ("A. Author", "B. Author", "C. Author")),
        ("Sandra Anders; B. (Author", ("Sandra Anders", "B. (Author")),
        ("", ()),
        (", and ,", ()),
    ],
)
def test_names_are_told_apart_without_their_affiliations(line: str, names: tuple[str, ...]) -> None:
    assert names_of(line) == names


@given(st.text())
def test_any_line_of_authors_gives_names_without_blanks_around(line: str) -> None:
    assert all(name == name.strip() != "" for name in names_of(line))


@pytest.mark.corpus
def test_recorded_pages_of_the_other_format_have_an_envelope_that_is_read(shared: Path) -> None:
    recorded = sorted((shared / "arxiv" / "oai").glob("hepcrawl_arxiv-physics-*.xml"))
    for path in recorded:
        data = path.read_bytes()
        found = parse(data)
        assert isinstance(found, Answer)
        assert found.told_at == _told(data)
        assert len(found.problems) == data.count(b"<record>")
        assert all("<arXivRaw> is missing" in problem for problem in found.problems)
    assert recorded


def _told(data: bytes) -> datetime:
    told = data.split(b"<responseDate>")[1].split(b"</responseDate>")[0]
    return datetime.fromisoformat(told.decode())
