"""Which part of a paper is being read: front, abstract, body, acknowledgements, references or appendix; and which section.

Everything is told from titles and from how entries of a reference list begin, in reading order. What a title looks
like is not here but in `documents.structure`.
"""

from __future__ import annotations

import re

from extractors.documents.model import Region

NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[A-H](?:\.\d{1,2}){0,2}\.?|[IVX]{1,4}\.|Appendix [A-Z]\.?)\s+[A-Z]"
)
"""The beginning of a numbered title."""
_NUMBER = r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+|[IVX]+\.\s+|[A-H](?:\.\d+)*\.?\s+)?"
KNOWN = re.compile(
    rf"{_NUMBER}(?:abstract|introduction|related works?|background|methods?|approach|experiments?|results?|discussion|conclusions?"
    r"|references|bibliography|acknowledge?ments?|appendix|appendices|supplementary materials?|implementation details|training details|experimental setup)\.?:?",
    re.IGNORECASE,
)
"""Titles that are known without a number."""
_REFERENCES = re.compile(
    rf"{_NUMBER}(?:references?(?: and notes)?|bibliography|literature cited|works cited)\.?:?", re.IGNORECASE
)
_THANKS = re.compile(
    rf"{_NUMBER}(?:acknowledge?ments?|acknowledg[e]?ing|funding|author contributions?)\b.{{0,40}}",
    re.IGNORECASE,
)
_APPENDIX = re.compile(
    rf"{_NUMBER}(?:appendix|appendices|supplement|checklist|neurips paper checklist)|[A-H](?:\.\d+)*\.?\s+[A-Z]",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"(?:abstract|summary)\b[.:\u2014\u2013-]?", re.IGNORECASE)
_ABSTRACT_TEXT = re.compile(r"abstract\s?[.:\u2014\u2013-]|abstract\s+[A-Z]|ABSTRACT\b", re.IGNORECASE)
_FIRST_ENTRY = re.compile(
    r"(?:\[1\]|1\.)\s+(?:(?:[A-Z]\.[\s-]?)+[A-Z]|[A-Z][\w\u2019'-]+(?:,\s[A-Z]|\s[A-Z]\.|(?:\s[A-Z][\w\u2019'-]+)+(?:,|\.|\sand)))"
)
"""How the first entry of a numbered reference list begins: with an author."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
_PAGED = re.compile(r"\s\d{1,3}$")
"""A title with its page, in a table of contents."""
_LEADERS = re.compile(r"(?:\.\s?){6}")
_PROSE = 40
"""Words of a paragraph that no table of contents has."""
_LETTERED = re.compile(r"(?:Appendix )?A\.?(?:\d+)?\s+[A-Z]")
_FIRST_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.)\s+[A-Z]")
"""The number of a first section; a title of a paper may begin with `A`."""
_CLOSING = re.compile(
    r"conclusion|discussion|limitation|broader impact|future work|ethic|reproducib", re.IGNORECASE
)


class Outline:
    """Where in a paper a reader of its blocks is.

    Attributes:
        region: the region of what is read now.
        section: its title; for text under a title within a paragraph, both, as `4 Experiments / Training`.
    """

    def __init__(self) -> None:
        self.region: Region = "front"
        self.section = ""
        self._title = ""
        self._main: Region = "body"
        self._closing = False
        self._contents: set[str] | None = None

    def heading(self, text: str) -> None:
        """Take in the title of a section."""
        title = text.strip()
        if self._listed(title):
            return
        self.region = self._after(title)
        self._enter(title)
        self._closing = self._closing or bool(_CLOSING.search(title))

    def text(self, text: str, title: str) -> None:
        """Take in a paragraph, and the title that stands in its beginning, if one does."""
        if self._contents is not None and len(text.split()) >= _PROSE and not _LEADERS.search(text):
            self._contents = None
        if self._contents is not None:
            return
        if self.region == "front" and _ABSTRACT_TEXT.match(text):
            self.region = "abstract"
            self._enter("Abstract")
        elif self._lists(text):
            self.region = "references"
            self._enter("References")
        elif title and self.region in ("body", "appendix", "acknowledgements"):
            self._run_in(title)

    def _listed(self, title: str) -> bool:
        """Whether a title is one in the table of contents, which ends where the first of its titles returns."""
        if _CONTENTS.fullmatch(title):
            self._contents = set()
            self.section = title
            return True
        if self._contents is None:
            return False
        plain = re.sub(r"\W", "", _PAGED.sub("", title)).lower()
        if plain in self._contents:
            self._contents = None
            return False
        self._contents.add(plain)
        return True

    def _lists(self, text: str) -> bool:
        """Whether a paragraph begins a reference list without a title; after the thanks it may be broken off early."""
        thanks = self.region == "acknowledgements"
        return bool(
            (thanks or self.region == "body")
            and _FIRST_ENTRY.match(text)
            and (_YEAR.search(text) or (thanks and text.startswith("[")))
        )

    def beside(self) -> tuple[Region, str]:
        """Region and section of what stands beside the text: where references begin, it is none of these."""
        if self.region in ("references", "acknowledgements"):
            return self._main, ""
        return self.region, self.section

    def _run_in(self, title: str) -> None:
        if _THANKS.fullmatch(title):
            self.region = "acknowledgements"
            self._enter(title)
        else:
            self.section = f"{self._title} / {title}" if self._title else title

    def _enter(self, title: str) -> None:
        self._title = self.section = title
        if self.region in ("body", "appendix"):
            self._main = self.region

    def _after(self, title: str) -> Region:
        if _REFERENCES.fullmatch(title):
            return "references"
        if _THANKS.fullmatch(title):
            return "acknowledgements"
        if self.region == "references" or self._main == "appendix":
            return self._after_references(title)
        if _ABSTRACT.fullmatch(title):
            return "abstract"
        if re.match(r"appendix|appendices|supplementary", title, re.IGNORECASE):
            return "appendix"
        if _LETTERED.match(title) and (self._closing or self.region == "acknowledgements"):
            return "appendix"
        begins = _FIRST_NUMBER.match(title) or KNOWN.fullmatch(title)
        return "front" if self.region == "front" and not begins else "body"

    def _after_references(self, title: str) -> Region:
        """Titles after the references begin an appendix; lines of entries that look like one are no sentence's start."""
        begins = _APPENDIX.match(title) or NUMBERED.match(title) or KNOWN.fullmatch(title)
        if self._main == "appendix" or begins or (title[:1].isupper() and not _YEAR.search(title)):
            return "appendix"
        return "references"
