"""Whose result a row of a table is: this paper's own or taken from another.

Tables mark what is theirs ("ours"), cite what is not ("[12]", "(Author et al., 2017)"), put rows under headings
("published methods"), and leave the rest to the reader, who knows from the text which names others proposed. What
the paper says of its models as a whole is `extractors.ownership`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from extractors.documents.model import Table
from extractors.ownership import KEYED
from extractors.tables.rows import Row

_CITED = re.compile(
    rf"{KEYED}|\[\s*\d+(?:\s*[,;\u2013-]\s*\d+)*\s*\]|\([^()]*\b(?:19|20)\d{{2}}[a-z]?\)|\bet\s+al\b|\b[A-Z][a-z]+\s*\(?(?:19|20)\d{{2}}\)?"
)
_OURS = re.compile(r"\b(?:ours?|this (?:work|paper)|we|proposed)\b", re.IGNORECASE)
_OWN_BASELINE = re.compile(
    r"\bour (?:own )?(?:\w+ )?(?:baselines?|(?:re-?)?implementations?|re-?runs?|runs?|reproductions?|retraining)\b",
    re.IGNORECASE,
)
"""What authors ran themselves but do not propose."""
_RERUN = re.compile(r"(?P<name>[^()]+?)\s*\(\s?ours?\s?\)", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:published|previous(?:ly)?|prior|existing|other (?:methods|work)|reported|state[- ]of[- ]the[- ]art"
    r"|SOTA|leaderboard|human|annotators?|literature|top \w+ on)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"(?P<mark>[*\u2217\u2020\u2021\u00a7\u00b6])\W{0,3}\s?(?:\w+\s){0,5}?(?:(?:reported|published) (?:in|by)|(?:taken|copied|quoted|cited|borrowed) from"
    r"|from the (?:original|respective|cited)|(?:by|from|in) the(?:ir)? (?:original |respective )?(?:papers?|authors?|publications?))",
    re.IGNORECASE,
)
"""A mark that the caption explains as taken from elsewhere: `* denotes results reported in the original papers`."""
_CITING = re.compile(rf"{KEYED}|\[\s*\d[\d,;\s\u2013-]*\]|\([^()]*\b(?:19|20)\d{{2}}[a-z]?\)")
_BRACKET = re.compile(r"[\[(]")
_OF_NAMES = re.compile(r"[\w+\-\u2013/ ]*")
_CAPITAL = re.compile(r"[A-Z]")
_GOES_ON = re.compile(r"[A-Z\d][\w+\-]*|v\d(?:-v\d)*(?:-[A-Z\d][\w+\-]*)?")
"""A word that continues a name: `Big Model`, `Model 50`, `Model v2`."""

_LETTERS = re.compile(r"[a-z]+")
_TELLING = 4
"""A cited name of at least so many characters is recognised at the beginning of a longer one."""


class Owner(Protocol):
    """What `extractors.ownership.Ownership` tells of names."""

    @property
    def headline(self) -> tuple[str, ...]:
        """Proposed models as printed."""

    def is_own(self, name: str | None) -> bool | None:
        """Whether a printed name is the paper's own; None where nothing tells."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose a row is, and what told."""

    own: bool
    certain: float
    """1 where the row or its heading says so, 0.5 by a name the text knows, 0.4 for the paper's own run of a baseline, 0
    where it is assumed."""
    reason: str = ""
    """The doubt, if there is one."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How one table marks rows: what an unmarked row means depends on whether others are marked."""

    has_ours: bool
    has_cited: bool
    has_named: bool = False
    """Whether a row has the name of a model that the paper proposes."""
    marks: frozenset[str] = frozenset()
    """Signs that the caption explains as `results of the original paper`."""

    @property
    def marks_own(self) -> bool:
        """Whether own rows are marked, so that the others are not; proposed names do where nothing cites."""
        return self.has_ours or (self.has_named and not self.has_cited)


def habits_of(texts: Iterable[str], caption: str = "", foreign: frozenset[str] = frozenset()) -> Habits:
    """The habits of a table from the texts of its rows and headings, and what its caption says of marks.

    `OldNet (ours)`, of a name that the paper cites, is the authors' own run of it and says nothing of other rows.
    """
    known = list(texts)
    marks = frozenset(found["mark"] for found in _MARKED.finditer(caption))
    ours = any(says_ours(_OWN_BASELINE.sub(" ", text)) and not is_rerun(text, foreign) for text in known)
    return Habits(ours, any(map(says_cited, known)), marks=marks)


def is_rerun(text: str, foreign: frozenset[str]) -> bool:
    """Whether a row is the authors' own run of a model that they cite: `OldNet (ours)`."""
    found = _RERUN.match(text)
    return found is not None and is_cited_name(found["name"], foreign)


def says_ours(text: str) -> bool:
    """Whether a text marks what stands in it as this paper's."""
    return bool(_OURS.search(text))


def says_cited(text: str) -> bool:
    """Whether a text cites."""
    return bool(_CITED.search(text))


def without_citations(text: str) -> str:
    """A text without its citations."""
    return _CITING.sub("", text)


def cited_names(texts: Iterable[str]) -> frozenset[str]:
    """Keys of the names that texts print with a citation behind them."""
    return frozenset(key(text[start:end]) for text in texts for start, end, _ in _cited_in(text))


def _cited_in(text: str) -> Iterator[tuple[int, int, int]]:
    """The names in a text with a citation behind them: begin and end of the name, and end of the citation.

    From each citation back to the name, so that text without citations is passed over once, however strange.
    """
    done = 0
    for bracket in _BRACKET.finditer(text):
        cited = _CITING.match(text, bracket.start()) if bracket.start() >= done else None
        before = text[done : bracket.start()].rstrip() if cited else ""
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


def _without_cited(text: str) -> str:
    """A text without cited names and their citations."""
    kept, done = "", 0
    for start, _, end in _cited_in(text):
        kept, done = f"{kept}{text[done:start]} ", end
    return kept + text[done:]


def key(name: str) -> str:
    """A name without case, blanks and marks."""
    return re.sub(r"[^a-z0-9+.]", "", name.lower())


def judge(
    label: str, group: str, notes: str, owner: Owner, habits: Habits, foreign: frozenset[str]
) -> Verdict:
    """Whose a row is.

    Args:
        label: the row's name as printed.
        group: the heading above it.
        notes: all texts of the row.
        owner: what the paper says of its models.
        habits: how the table marks its rows.
        foreign: keys of names that the text cites.
    """
    if says_ours(label) or says_ours(notes):
        return Verdict(True, 0.4 if _OWN_BASELINE.search(notes) else 1.0)
    own = owner.is_own(label)
    if says_cited(notes) and not _names_headline(_without_cited(label), owner):
        return Verdict(False, 1.0)
    if own or _names_headline(_without_cited(label), owner):
        return Verdict(True, 0.8)
    if own is False:
        return Verdict(False, 0.8)
    if says_ours(group):
        return Verdict(True, 0.8)
    if _OTHERS.search(group) or says_cited(group):
        return Verdict(False, 0.8)
    if _is_foreign(label, foreign, habits):
        return Verdict(False, 0.5)
    if _OTHERS.search(label) or any(mark in label for mark in habits.marks):
        return Verdict(False, 0.8)
    if habits.marks_own:
        return Verdict(False, 0.2, "a row without a mark in a table that marks its own rows")
    return Verdict(True, 0.0, "nothing in the table says whose row this is")


def _is_foreign(label: str, foreign: frozenset[str], habits: Habits) -> bool:
    """Whether a label is a cited name, or, in a table that marks own rows, one with a size or version behind it."""
    bare = label.partition("(")[0]
    if habits.has_ours or habits.has_named:
        return is_cited_name(bare, foreign)
    return habits.has_cited and key(bare) in foreign


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


def _names_headline(label: str, owner: Owner) -> bool:
    return owner.is_own(label) is True or any(key(name) in key(label) for name in owner.headline)
