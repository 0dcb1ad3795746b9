"""Which names a text or a table cites: who cites a name had it first.

Citations are numbers (`[12]`), keys (`[ABC+19]`) or authors and years. Whose a row of a table is, is told in
`tables.owners`; what the paper announces as its own, in `extractors.ownership`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from extractors.documents.model import Table
from extractors.ownership import KEYED
from extractors.tables.rows import Row

_CITED = re.compile(
    rf"{KEYED}|\[\s*\d+(?:\s*[,;\u2013-]\s*\d+)*\s*\]|\([^()]*\b(?:19|20)\d{{2}}[a-z]?\)|\bet\s+al\b|\b[A-Z][a-z]+\s*\(?(?:19|20)\d{{2}}\)?"
)
_CITING = re.compile(rf"{KEYED}|\[\s*\d[\d,;\s\u2013-]*\]|\([^()]*\b(?:19|20)\d{{2}}[a-z]?\)")
_KIND = re.compile(
    r"\s(?:model|network|architecture|framework|method|algorithm|approach|agent|system|detector|parser|tagger|encoder|decoder|loss)s?$"
)
"""What may stand between a name and its citation: `the Plover framework [3]`."""
_ARTICLE = re.compile(r"^(?:The|An?)\s(?=\S)")
_BRACKET = re.compile(r"[\[(]")
_OF_NAMES = re.compile(r"[\w+\-\u2013/ ]*")
_CAPITAL = re.compile(r"[A-Z]")
_GOES_ON = re.compile(r"[A-Z\d][\w+\-]*|v\d(?:-v\d)*(?:-[A-Z\d][\w+\-]*)?")
"""A word that continues a name: `Big Model`, `Model 50`, `Model v2`."""

_NO_PART = re.compile(r"[^a-z0-9+.]")
_LETTERS = re.compile(r"[a-z]+")
_TELLING = 4
"""A cited name of at least so many characters is recognised at the beginning of a longer one."""


def says_cited(text: str) -> bool:
    """Whether a text cites."""
    return bool(_CITED.search(text))


def without_citations(text: str) -> str:
    """A text without its citations."""
    return _CITING.sub("", text)


def cited_names(texts: Iterable[str]) -> frozenset[str]:
    """Keys of the names that texts print with a citation behind them."""
    return frozenset(
        key(_ARTICLE.sub("", text[start:end])) for text in texts for start, end, _ in _cited_in(text)
    )


def _cited_in(text: str) -> Iterator[tuple[int, int, int]]:
    """The names in a text with a citation behind them: begin and end of the name, and end of the citation.

    From each citation back to the name, so that text without citations is passed over once, however strange.
    """
    done = 0
    for bracket in _BRACKET.finditer(text):
        cited = _CITING.match(text, bracket.start()) if bracket.start() >= done else None
        before = _KIND.sub("", text[done : bracket.start()].rstrip()) if cited else ""
        start = _name_at_end(before)
        if cited and start is not None:
            yield done + start, done + len(before), cited.end()
        done = cited.end() if cited and start is not None else max(done, bracket.end())


def cited_rows(table: Table, rows: Iterable[Row]) -> frozenset[str]:
    """Keys of the names that cite somebody at the left of a table: other tables may print them bare."""
    labels = (cell.text for row in rows for cell in row.cells[: table.stub] if cell and says_cited(cell.text))
    return frozenset(filter(None, (key(_BRACKET.split(label, maxsplit=1)[0]) for label in labels)))


def _name_at_end(text: str) -> int | None:
    """Where the name begins with which a text ends: at a capital, and as far back as words go on with it."""
    tail = _OF_NAMES.match(text[::-1])
    place, found = len(text), None
    for word in reversed(text[len(text) - (tail.end() if tail else 0) :].split(" ")):
        place -= len(word)
        if capital := _CAPITAL.search(word):
            found = place + capital.start()
        if not _GOES_ON.fullmatch(word):
            break
        place -= 1
    return found


def without_cited(text: str) -> str:
    """A text without cited names and their citations."""
    kept, done = "", 0
    for start, _, end in _cited_in(text):
        kept, done = f"{kept}{text[done:start]} ", end
    return kept + text[done:]


def key(name: str) -> str:
    """A name without case, blanks and marks."""
    return _NO_PART.sub("", name.lower())


@lru_cache(maxsize=8)
def _families(names: frozenset[str]) -> frozenset[str]:
    """What stands in front of the numbers of cited names: who cites `OldNet-50` cites `OldNet-101` too."""
    found = (_LETTERS.match(name) for name in names)
    return frozenset(match[0] for match in found if match and match[0] != match.string)


def is_cited_name(name: str, foreign: frozenset[str]) -> bool:
    """Whether a name is a cited one, perhaps with a size or version behind it: `T5-Large`, where T5 is cited."""
    whole = key(name)
    if whole in foreign or any(whole.startswith(known) for known in foreign if len(known) >= _TELLING):
        return True
    family = _LETTERS.match(whole)
    if family and len(family[0]) >= _TELLING and family[0] != whole and family[0] in _families(foreign):
        return True
    first = re.split(r"[-\s]", name.strip(), maxsplit=1)[0]
    short = bool(re.fullmatch(r"[A-Z]{3,}|\w*\d\w*", first)) and len(first) > 1
    return short and key(first) in foreign
