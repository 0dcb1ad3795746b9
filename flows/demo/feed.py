"""Atom feeds in the format that arXiv's API answers with since 2026: https ids, versions in links, error feeds.

Only writing; reading a feed is the arxiv package's work.
Source: https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from lxml import etree

from flows.demo.catalogue import Sample

_ATOM = "http://www.w3.org/2005/Atom"
_ARXIV = "http://arxiv.org/schemas/atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_NAMESPACES = {"opensearch": _OPENSEARCH, "arxiv": _ARXIV, None: _ATOM}
_SITE = "https://arxiv.org"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to the query API."""

    search_query: str = ""
    id_list: str = ""
    start: int = 0
    max_results: int = 10


def feed_of(ask: Ask, found: Sequence[Sample], at: datetime, *, hollow: bool = False) -> bytes:
    """The page of `found` that was asked for; hollow as arXiv's sometimes is, with a total but no entries."""
    echo = urlencode(
        {
            "search_query": ask.search_query,
            "start": ask.start,
            "max_results": ask.max_results,
            "id_list": ask.id_list,
        }
    )
    digest = (
        base64.b64encode(hashlib.sha1(echo.encode(), usedforsecurity=False).digest()).decode().rstrip("=")
    )
    root = _head(f"{_SITE}/api/{digest}", f"arXiv Query: {echo}", at)
    _link(root, f"{_SITE}/api/query?{echo}", type="application/atom+xml")
    _counts(root, ask.max_results, len(found), ask.start)
    for sample in [] if hollow else found[ask.start : ask.start + ask.max_results]:
        _entry(root, sample)
    return _bytes(root)


def error_feed(message: str, at: datetime) -> bytes:
    """The feed that goes with status 400."""
    address = f"{_SITE}/api/errors#{message.replace(' ', '_')}"
    root = _head(f"{_SITE}/", "arXiv Search Results", at)
    _counts(root, 1, 1, 0)
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
    for tag, text in (("id", address), ("title", "Error"), ("updated", _stamp(at)), ("summary", message)):
        _text(entry, tag, text)
    _link(entry, address, rel="alternate", type="text/html")
    _text(etree.SubElement(entry, f"{{{_ATOM}}}author"), "name", "arXiv api core")
    return _bytes(root)


def _head(address: str, title: str, at: datetime) -> etree._Element:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)
    for tag, text in (("id", address), ("title", title), ("updated", _stamp(at))):
        _text(root, tag, text)
    return root


def _counts(root: etree._Element, per_page: int, total: int, start: int) -> None:
    for tag, number in (("itemsPerPage", per_page), ("totalResults", total), ("startIndex", start)):
        etree.SubElement(root, f"{{{_OPENSEARCH}}}{tag}").text = str(number)


def _entry(root: etree._Element, sample: Sample) -> None:
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
    _text(entry, "id", f"http://arxiv.org/abs/{sample.name}")
    _text(entry, "title", sample.title)
    _text(entry, "updated", _stamp(sample.updated))
    _link(entry, f"{_SITE}/abs/{sample.name}", rel="alternate", type="text/html")
    _link(entry, f"{_SITE}/pdf/{sample.name}", rel="related", type="application/pdf", title="pdf")
    _text(entry, "summary", sample.abstract)
    for category in sample.categories:
        etree.SubElement(entry, f"{{{_ATOM}}}category", term=category, scheme=_ARXIV)
    _text(entry, "published", _stamp(sample.published))
    if sample.comment:
        etree.SubElement(entry, f"{{{_ARXIV}}}comment").text = sample.comment
    etree.SubElement(entry, f"{{{_ARXIV}}}primary_category", term=sample.primary_category)
    for author in sample.authors:
        _text(etree.SubElement(entry, f"{{{_ATOM}}}author"), "name", author)


def _link(parent: etree._Element, href: str, **attributes: str) -> None:
    link = etree.SubElement(parent, f"{{{_ATOM}}}link", href=href)
    for name, value in attributes.items():
        link.set(name, value)


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{tag}").text = text


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _bytes(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
