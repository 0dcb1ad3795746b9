"""The stand-in's query language, on samples written for the purpose."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extractors.facts.errors import ParseError
from flows.demo.catalogue import Sample
from flows.demo.query import compile_query

VISION = Sample(
    id="2403.99999",
    version=1,
    title="Thrifty Networks",
    authors=("A. Nobody",),
    abstract="We train small networks on ImageNet.",
    primary_category="cs.CV",
    categories=("cs.CV", "cs.LG"),
    published=datetime(2024, 3, 11, 9, 0, tzinfo=UTC),
    updated=datetime(2024, 3, 13, 9, 0, tzinfo=UTC),
    pdf="none.pdf",
)
PHYSICS = replace(
    VISION, id="2403.99998", categories=("hep-th",), title="Strings", abstract="Nothing is trained."
)


@pytest.mark.parametrize(
    ("query", "finds_vision", "finds_physics"),
    [
        ("cat:cs.CV", True, False),
        ("cat:cs.*", True, False),
        ("cat:cs.CL OR cat:hep-th", False, True),
        ("(cat:cs.CV OR cat:hep-th) AND submittedDate:[202403110000 TO 202403112359]", True, True),
        ("cat:cs.CV AND submittedDate:[202403120000 TO 202403132359]", False, False),
        ("cat:cs.CV AND lastUpdatedDate:[202403130900 TO 202403130900]", True, False),
        ("all:trained ANDNOT cat:cs.LG", False, True),
        ('ti:"thrifty networks"', True, False),
        ("ti:strings", False, True),
    ],
)
def test_a_query_finds_what_it_says(query: str, finds_vision: bool, finds_physics: bool) -> None:
    found = compile_query(query)
    assert (found(VISION), found(PHYSICS)) == (finds_vision, finds_physics)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "cat:cs.CV AND",
        "(cat:cs.CV",
        "cat:cs.CV)",
        "colour:red",
        "submittedDate:[yesterday TO today]",
        "submittedDate:[202413990000 TO 202403112359]",
        "%%",
    ],
)
def test_a_query_that_cannot_be_read_is_an_error(query: str) -> None:
    with pytest.raises(ParseError):
        compile_query(query)
