"""Words and sentences of a paper, as the rules see them: our own tokenizer rules over a blank English pipeline.

No statistical model is loaded: what a rule finds must not depend on a download, and relations come from patterns,
sentence structure and distance. The default tokenizer keeps `8xV100` whole and splits `TPU-v3-512` in five; ours
splits where a number meets its unit or its device, and keeps powers of ten and magnitudes (`1.2e19`, `340M`) whole.
What words mean is not here but in `facts.parsing` and the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from spacy.attrs import LIKE_NUM  # type: ignore[import-not-found]
from spacy.lang.en import EnglishDefaults
from spacy.language import Language
from spacy.tokens import Doc

from extractors.documents.model import Document, Paragraph
from extractors.facts.ontology import units
from extractors.facts.parsing import NOTE

_UNITS = (
    "hours?|hrs?|h|days?|d|weeks?|wks?|minutes?|mins?|min|m|seconds?|secs?|s|ms|[KMGT]i?B|GHz|MHz|k?W|x|×|%|°"
)
_MARKS = r"""[()\[\]{}"'“”‘’,;:!?…]"""
_PREFIXES = [_MARKS, r"[~∼≈≃<>≤≥=±$€£*†‡§¶#@+\-−–—/|&×]", r"(?<=\d)x(?=\d)", NOTE]
_SUFFIXES = [
    _MARKS,
    r"[~∼≈<>=×*†‡§¶#@+\-−–—/|&]",
    r"(?<=[\w)\]%])\.",
    rf"(?<=\d)(?:{_UNITS})",
    r"['’]s",
    NOTE,
]
_INFIXES = [
    r"(?<=[^\W_])[-‐‑–—/](?=[^\W_])",
    r"(?<=\d)[x×*](?=[^\W\d_])",
    r"(?<=\d)[×·](?=\d)",
    r"(?:(?<=\b\d)|(?<=\b\d\d))x(?=(?:1[126]|24|32|4[08]|64|80|9[46]|141|192)G?$)",  # 8x80GB: sizes of memory
    r"[±@=~∼≈<>|&(){}\[\]…]",
    r"(?<=[^\W\d_])[,;:×](?=\w)",
    r"(?<=\d)−(?=\d)",
    r"\.\.+",
    rf"(?<=\w){NOTE}",
]
_WHOLE = re.compile(
    r"\d[\d.,]*(?:[·×x*]10\^?[-−]?\d+|e[-−+]?\d+)"  # 1.2·10^19, 2.3e19
    r"|10\^[-−]?\d+"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"-(?:one|two|three|four|five|six|seven|eight|nine)",
    re.IGNORECASE,
)

_NUMERAL = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[kKMB]?")

_LETTERS = re.compile("[a-z]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half characters, as broken fonts give them; spaCy refuses them. Replacing them one for one keeps offsets."""

_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|figs?|eqs?|eqns?|secs?|sect|tabs?|no|nos|approx|resp|refs?|apps?|w\.r\.t|a\.k\.a|etc|ca"
    r"|inc|corp|dr|prof|st|al|dept|univ|vol|pp|ver|arxiv|[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 8
"""Characters at the end of a sentence in which its abbreviation stands, with one in front of it."""
_ITEM_NUMBER = re.compile(r"\s*\d+\.")
"""A sentence that is nothing but the number of an item in a list."""
_CERTAIN_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|vs|fig|eq|sec|tab|approx|w\.r\.t)\.$", re.IGNORECASE)
_OPENER = re.compile(
    r"(?:We|The|This|These|Our|In|For|It|All|To|As|Each|Training|Following|However|On|Note|Unlike|By|Using)\b"
)
_BREAK = re.compile(
    rf"(?:[.!?][)\]\"”’]*|[.!?]{NOTE}|[.!?]\s?\[[\d,\s–-]+\])\s+(?=[\"“(\[]?(?:[A-Z0-9]|[a-z]\w*[A-Z]))"
)


class Wording:
    """A text in words. What rules ask of it again and again is found once, and only if they ask."""

    text: str

    @cached_property
    def lowered(self) -> str:
        """The text in small letters."""
        return self.text.lower()

    def has(self, *parts: str) -> bool:
        """Whether one of some parts of words, in small letters, is printed in it.

        Most sentences have none of the words that a rule is about, and this tells so in a fraction of a pattern's time.
        """
        return any(map(self.lowered.__contains__, parts))

    @cached_property
    def letters(self) -> frozenset[str]:
        """All runs of English letters in it, in small letters: a word that is not among them is no token."""
        return frozenset(_LETTERS.findall(self.lowered))

    @cached_property
    def tokens(self) -> Doc:
        """Its tokens; their offsets count from its own beginning."""
        return tokens_of(self.text)


@dataclass(frozen=True)
class Label(Wording):
    """A text that is no sentence: a title, a label of a table."""

    text: str


@dataclass(frozen=True)
class Sentence(Wording):
    """A sentence of a paragraph."""

    paragraph: Paragraph
    start: int
    """Offset in `paragraph.text`."""
    end: int

    @cached_property
    def text(self) -> str:  # type: ignore[override]
        """The sentence as running text."""
        return self.paragraph.text[self.start : self.end]


def is_numeral(text: str) -> bool:
    """Whether a token is a number in digits, with a magnitude, or in words; what `LIKE_NUM` means to our patterns."""
    return bool(_NUMERAL.fullmatch(text)) or text.lower() in units().number_words


_LONGEST_SENTENCE = 2_000
"""Characters beyond which a sentence is cut at a blank: authors write half as many, and what rules look at is bounded."""
_LONGEST_WORD = 1_000
"""Characters without a blank beyond which they are one token: the tokenizer takes affixes off one at a time."""


def _is_whole(text: str) -> bool:
    """Whether a token is not to be split further."""
    return len(text) > _LONGEST_WORD or bool(_WHOLE.fullmatch(text))


_NO_LIMIT = 10**9
"""Characters of a text; spaCy's own limit is there for its parser and its recogniser of names, which are not used."""


class _Defaults(EnglishDefaults):
    lex_attr_getters = {**EnglishDefaults.lex_attr_getters, LIKE_NUM: is_numeral}  # noqa: RUF012  (as spaCy has it)
    prefixes = _PREFIXES
    suffixes = _SUFFIXES
    infixes = _INFIXES
    token_match = _is_whole
    url_match = None
    tokenizer_exceptions: dict[str, list[dict[int, str]]] = {}  # noqa: RUF012  (spaCy declares it so)


class _PaperEnglish(Language):  # type: ignore[no-untyped-call]
    lang = "en"
    Defaults = _Defaults


@cache
def language() -> Language:
    """The blank English pipeline with this project's tokenizer; made once per process."""
    return _PaperEnglish(max_length=_NO_LIMIT)


def tokens_of(text: str) -> Doc:
    """The tokens of any text: a paragraph, a caption, a table cell."""
    return language().make_doc(_SURROGATE.sub("\ufffd", text))


def sentences(document: Document) -> tuple[Sentence, ...]:
    """The sentences of everything that the paper itself states, captions and footnotes included."""
    return tuple(sentence for paragraph in document.statements() for sentence in sentences_of(paragraph))


def sentences_of(paragraph: Paragraph) -> Iterator[Sentence]:
    """The sentences of one paragraph, in order."""
    for start, end in split_sentences(paragraph.text):
        yield Sentence(paragraph, start, end)


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a text, without the blanks between them.

    A full stop ends a sentence where something that can begin one follows, and not after an abbreviation
    (`Fig. 3`, `et al. (2017)`), an initial or in a number. What is far too long for a sentence is cut at blanks.
    """
    start = 0
    for found in _BREAK.finditer(text):
        for cut in _cuts(text, start, found.end()):
            yield start, cut
            start = cut + 1
        if not _is_abbreviation(text, start, found):
            yield start, start + len(text[start : found.end()].rstrip())
            start = found.end()
    for cut in _cuts(text, start, len(text)):
        yield start, cut
        start = cut + 1
    if text[start:].strip():
        yield start, start + len(text[start:].rstrip())


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """The blanks at which something too long for a sentence is cut; what has no blank is not."""
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        cut = cut if cut >= 0 else text.find(" ", start + _LONGEST_SENTENCE, end)
        if cut < 0:
            return
        yield cut
        start = cut + 1


def _is_abbreviation(text: str, start: int, found: re.Match[str]) -> bool:
    before = text[start : found.start() + 1]
    if not before.endswith("."):
        return False
    end = before[-_LONGEST_ABBREVIATION:]
    if not (_ABBREVIATION.search(end) or _ITEM_NUMBER.fullmatch(before)):
        return False
    return bool(_CERTAIN_ABBREVIATION.search(end)) or not _OPENER.match(text, found.end())
