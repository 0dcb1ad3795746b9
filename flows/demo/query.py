"""The part of arXiv's query language that burden sends: categories, words, date ranges, AND, OR, ANDNOT, parentheses.

A query is compiled once into a predicate over samples. Relevance ranking is not imitated.
Source: https://info.arxiv.org/help/api/user-manual.html#query_details
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from extractors.facts.errors import ParseError
from flows.demo.catalogue import Sample

Predicate = Callable[[Sample], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[()])|(?P<join>ANDNOT|AND|OR)\b|(?P<term>\w+:(?:\[[^\]]*\]|\"[^\"]*\"|[^\s()]+)))"
)
_RANGE = re.compile(r"\[(\d{12}) TO (\d{12})\]")


def compile_query(text: str) -> Predicate:
    """The predicate that a `search_query` stands for.

    Raises:
        ParseError: the text is not a query.
    """
    tokens = _tokens(text)
    found = _expression(tokens)
    if tokens:
        raise ParseError(f"unexpected {tokens[0]!r} in the query")
    return found


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found:
            raise ParseError(f"cannot read the query at {text[at : at + 20]!r}")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


def _expression(tokens: list[str]) -> Predicate:
    found = _operand(tokens)
    while tokens and tokens[0] in ("AND", "OR", "ANDNOT"):
        found = _joined(tokens.pop(0), found, _operand(tokens))
    return found


def _operand(tokens: list[str]) -> Predicate:
    found = tokens.pop(0) if tokens else ""
    if found == "(":
        inner = _expression(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise ParseError("a parenthesis in the query is not closed")
        return inner
    if ":" not in found:
        raise ParseError(f"unexpected {found!r} in the query")
    return _term(*found.split(":", 1))


def _joined(join: str, left: Predicate, right: Predicate) -> Predicate:
    if join == "AND":
        return lambda sample: left(sample) and right(sample)
    if join == "OR":
        return lambda sample: left(sample) or right(sample)
    return lambda sample: left(sample) and not right(sample)


def _term(field: str, value: str) -> Predicate:
    word = value.strip('"').casefold()
    match field:
        case "cat":
            return lambda sample: any(fnmatchcase(category, value) for category in sample.categories)
        case "submittedDate":
            first, last = _range(value)
            return lambda sample: first <= sample.published <= last
        case "lastUpdatedDate":
            first, last = _range(value)
            return lambda sample: first <= sample.updated <= last
        case "ti":
            return lambda sample: word in sample.title.casefold()
        case "all":
            return lambda sample: word in f"{sample.title} {sample.abstract}".casefold()
    raise ParseError(f"the field {field!r} is not known")


def _range(value: str) -> tuple[datetime, datetime]:
    found = _RANGE.fullmatch(value)
    if not found:
        raise ParseError(f"{value!r} is not a range of dates")
    try:
        first, last = (datetime.strptime(part, "%Y%m%d%H%M").replace(tzinfo=UTC) for part in found.groups())
    except ValueError as error:
        raise ParseError(f"{value!r} is not a range of dates") from error
    return first, last
