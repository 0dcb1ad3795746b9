"""A paper's HTML to a `Document`: pages that LaTeXML made, at arXiv and at ar5iv. Pure; strangers wrote the bytes.

An HTML page has no geometry: words have the empty box and the id of the part of the paper that they stand in, type has
no size, and there is one page. What is in the article is read in `documents.latexml.article`.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import Tag

from extractors.documents.challenge import is_challenge_page, looks_like_html
from extractors.documents.latexml.article import Sizes, read_article
from extractors.documents.model import Document, Page, Stamp
from extractors.facts.errors import (
    ChallengePageError,
    DamagedDocumentError,
    NotADocumentError,
    OversizedDocumentError,
    ParseError,
)
from extractors.facts.ids import ArxivId

_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
_WATERMARK = re.compile(
    r"arXiv:(?P<id>\S+?v\d+)\s*\[(?P<category>[\w.-]+)\]\s*(?P<date>\d{1,2}\s\w{3}\s\d{4})"
)
_ADDRESS = re.compile(r"(?:^|/)html/(?P<id>(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)/?$")


@dataclass(frozen=True, slots=True)
class HtmlLimits:
    """What a page may be at most."""

    size: int = 30_000_000
    """Bytes; more is refused."""
    elements: int = 300_000
    """Elements, what only machines read of formulas not counted; more is refused."""
    depth: int = 120
    """Elements within elements; what is deeper is left out and said."""
    sizes: Sizes = field(default_factory=Sizes)


def read_html(data: bytes, limits: HtmlLimits | None = None) -> Document:
    """The document in a page that LaTeXML made of a paper.

    Raises:
        NotADocumentError: no HTML, or a page of something else.
        ChallengePageError: a page that asks a person to prove to be one.
        DamagedDocumentError: an article without any text.
        OversizedDocumentError: beyond the limits.
    """
    bounds = limits or HtmlLimits()
    text = _checked(data, bounds)
    soup = BeautifulSoup(text, "lxml")
    article = _article(soup, data)
    problems = _pruned(article, bounds.depth)
    read = read_article(article, bounds.sizes)
    if not read.paragraphs and not read.tables:
        raise DamagedDocumentError("the article in the HTML page is empty", remedy="Fetch it again")
    if "\ufffd" in text:
        problems += (f"{text.count(chr(0xFFFD))} characters could not be decoded",)
    return Document(
        hashlib.sha256(data).hexdigest(),
        (Page(1, 0, 0),),
        read.title,
        read.paragraphs,
        read.tables,
        _stamp(soup, text),
        problems + read.problems,
    )


def _checked(data: bytes, limits: HtmlLimits) -> str:
    """The page as text, if it is one and within the limits."""
    if not looks_like_html(data):
        raise NotADocumentError(
            "not HTML: it does not begin like a page", remedy="Check where the file came from"
        )
    if len(data) > limits.size:
        raise OversizedDocumentError(f"{len(data):,} bytes are more than the {limits.size:,} allowed")
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").replace("\0", "")
    text = _without_annotations(_DECLARATION.sub("", text, count=1))
    if (tags := text.count("<") - text.count("</")) > limits.elements:
        raise OversizedDocumentError(f"{tags:,} elements are more than the {limits.elements:,} allowed")
    return text


def _without_annotations(text: str) -> str:
    """The page without what formulas say to machines alone: half of the elements of many a page."""
    kept, at = [], 0
    while (start := text.find("<annotation", at)) >= 0:
        end = text.find("</semantics", start)
        if end < 0 or "<semantics" in (cut := text[start:end]) or "<annotation" not in cut:
            break
        kept.append(text[at:start])
        at = end
    return "".join((*kept, text[at:]))


def _article(soup: BeautifulSoup, data: bytes) -> Tag:
    found = soup.find("article", class_="ltx_document") or soup.find(_is_article)
    if isinstance(found, Tag):
        return found
    if is_challenge_page(data):
        raise ChallengePageError("a challenge page came instead of a paper", remedy="Try again later")
    raise NotADocumentError(
        "an HTML page, but not of a paper that LaTeXML converted", remedy="Read the paper's PDF"
    )


def _pruned(article: Tag, depth: int) -> tuple[str, ...]:
    """Take out what is nested too deep to be read safely, and say so."""
    cut = 0
    waiting = deque([(article, 0)])
    while waiting:
        tag, level = waiting.pop()
        children = [child for child in tag.children if isinstance(child, Tag)]
        if level < depth:
            waiting.extend((child, level + 1) for child in children)
            continue
        for child in children:
            child.extract()
            cut += 1
    return (f"{cut} elements nested deeper than {depth} were left out",) if cut else ()


def _is_article(tag: Tag) -> bool:
    classes = tag.get_attribute_list("class")
    return "ltx_document" in classes and "package-alerts" not in classes


def _stamp(soup: BeautifulSoup, text: str) -> Stamp | None:
    """What arXiv prints on the page, else the id in the address that the page gives of itself."""
    printed = soup.find(id="watermark-tr") if "watermark-tr" in text else None
    found = _WATERMARK.search(printed.get_text(" ")) if isinstance(printed, Tag) else None
    if found and (named := _id(found["id"])):
        return Stamp(named, "", found["category"], found["date"])
    for tag in soup.head.find_all(["base", "link", "meta"]) if soup.head else []:
        of_itself = (
            tag.name == "base"
            or "canonical" in tag.get_attribute_list("rel")
            or tag.get("property") == "og:url"
        )
        address = _ADDRESS.search(str(tag.get("href") or tag.get("content") or "")[:200])
        if of_itself and address and (named := _id(address["id"])):
            return Stamp(named, "", "", "")
    return None


def _id(text: str) -> ArxivId | None:
    try:
        return ArxivId.parse(text)
    except ParseError:
        return None
