"""Whose result a row of a table is: this paper's own or taken from another.

Tables mark what is theirs ("ours"), cite what is not ("[12]", "(Author et al., 2017)"), put rows under headings
("published methods"), and leave the rest to the reader, who knows from the text which names others proposed. What
the paper says of its models as a whole is `extractors.ownership`; which names are cited, `tables.citations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from extractors.ownership import is_benchmark, may_be_model
from extractors.tables.citations import is_cited_name, key, says_cited, without_cited

COMPARED = 3
"""Papers whose well-known models stand in one table from which on it compares: a method tried on two is tried on them."""
_OURS = re.compile(r"\b(?:ours?|this (?:work|paper)|we|proposed)\b", re.IGNORECASE)
_OUR_MODELS = re.compile(r"\b(?:ours?|proposed)\b", re.IGNORECASE)
_OWN_BASELINE = re.compile(
    r"\bour (?:own )?(?:\w+ )?(?:baselines?|(?:re-?)?implementations?|re-?runs?|runs?|reproductions?|retraining)\b",
    re.IGNORECASE,
)
"""What authors ran themselves but do not propose."""
_RUN_AGAIN = re.compile(r"\((?:re-?(?:implement|produc|train|run|ran)\w*)\)", re.IGNORECASE)
"""What says of a row that the authors ran another's model themselves: `(reimplemented)`, `(re-trained)`."""
_RERUN = re.compile(r"(?P<name>[^()]+?)\s*\(\s?ours?\s?\)", re.IGNORECASE)
_OUR_CHANGE = re.compile(r"[+&]\s?our\s\w+", re.IGNORECASE)
"""A change among others that names what is the authors' in it, which says nothing of other rows: `+ our weighting`."""
_NO_MODEL = re.compile(
    r"(?:^|\()(?:(?:real|training|validation|test|held-out) (?:data|images|samples|set)|ground[- ]truth|oracle)\)?$",
    re.IGNORECASE,
)
"""Rows of what models are compared with that is none: `(validation data)`."""
_PLAIN_NAME = re.compile(
    r"(?!(?i:full|final|complete|proposed|base|small|large|model|method|network|single|ensemble)\b)[A-Z][\w-]{2,}(?: [A-Z][\w-]*)?"
)
"""A name of one or two words that says nothing but itself."""
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
_TAKEN = re.compile(
    r"(?:^|[.;:]\s)(?P<names>[^.;:()\[\]]+?)\s(?:(?:results?|numbers?|scores?|entries|columns?|rows?)\s)?(?:is|are|were|was)\s"
    r"(?:(?:taken|quoted|copied|cited|borrowed|as)\s)?(?:directly\s)?(?:from|reported (?:in|by))\s(?:[\w.-]+\s){0,4}(?P<cited>[\[(].*)"
)
"""A sentence of a caption that says of names whose results they are: `Baseline and OldNet results are from [3]`."""
_AND = re.compile(r",\s?(?:and\s)?|\sand\s")
_REPRODUCED = re.compile(
    r"(?P<mark>[*\u2217\u2020\u2021\u00a7\u00b6])\W{0,3}\s?(?:\w+[\s-]){0,4}?(?:(?:re-?)?(?:implement|produc|train|run|ran)\w* (?:by us|by the authors of this paper|ourselves|in our)"
    r"|our (?:own )?(?:re-?)?(?:implementation|production|run|training)s?\b|we (?:re-?)(?:implement|produc|train|r[ua]n)\w*)",
    re.IGNORECASE,
)
"""A mark that the caption explains as the authors' own run of another's model: `† reproduced by us`."""


class Owner(Protocol):
    """What `extractors.ownership.Ownership` tells of names."""

    @property
    def headline(self) -> tuple[str, ...]:
        """Proposed models as printed."""

    def is_own(self, name: str | None) -> bool | None:
        """Whether a printed name is the paper's own; None where nothing tells."""

    def is_known_elsewhere(self, name: str) -> bool:
        """Whether a printed name is that of a well-known model which another paper introduced."""


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
    compares: bool = False
    """Whether rows are of well-known models of several papers, as where their costs are compared; of scores it tells nothing,
    for many tables score a method on several of them."""
    marks: frozenset[str] = frozenset()
    """Signs that the caption explains as `results of the original paper`."""
    rerun_marks: frozenset[str] = frozenset()
    """Signs that it explains as `reproduced by us`."""
    taken: frozenset[str] = frozenset()
    """Keys of the names that the caption says are taken from a cited paper."""

    @property
    def has_others(self) -> bool:
        """Whether a well-known model in it is there to be compared with: beside own ones, or among many."""
        return self.has_ours or self.has_named or self.compares

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
    rerun = frozenset(found["mark"] for found in _REPRODUCED.finditer(caption))
    ours = any(
        says_ours(_OWN_BASELINE.sub(" ", _OUR_CHANGE.sub(" ", text))) and not is_rerun(text, foreign)
        for text in known
    )
    taken = frozenset(taken_names(caption))
    return Habits(ours, any(map(says_cited, known)), marks=marks - rerun, rerun_marks=rerun, taken=taken)


def taken_names(caption: str) -> Iterator[str]:
    """Keys of the names whose results a caption says to be of a cited paper."""
    for said in _TAKEN.finditer(caption):
        if says_cited(said["cited"]):
            yield from filter(None, map(key, _AND.split(said["names"])))


def is_rerun(text: str, foreign: frozenset[str]) -> bool:
    """Whether a row is the authors' own run of a model that they cite: `OldNet (ours)`."""
    found = _RERUN.match(text)
    return found is not None and is_cited_name(found["name"], foreign)


def marked_names(labels: Iterable[str], foreign: frozenset[str]) -> frozenset[str]:
    """The names that rows mark as the authors' own and that are nobody else's: `Lull` of `+ Lull (ours)`.

    Other tables of a paper print them without the mark.

    Args:
        labels: labels of rows.
        foreign: keys of names that the paper cites.
    """
    found = (_RERUN.fullmatch(label.strip()) for label in labels)
    names = (match["name"].strip(" +&") for match in found if match)
    return frozenset(
        name
        for name in names
        if _PLAIN_NAME.fullmatch(name) and may_be_model(name) and not is_cited_name(name, foreign)
    )


def bears_one_of(label: str, names: Iterable[str]) -> bool:
    """Whether a label has one of some names as words of its own: `BigNet + Lull` has `Lull`."""
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", label) for name in names)


def says_rerun(title: str) -> bool:
    """Whether a title says that what stands under it are the authors' own runs: `re-implementation`."""
    return bool(
        re.fullmatch(
            r"(?i)(?:our\s)?(?:re-?implement\w*|re-?produc\w*|re-?train\w*|re-?runs?)(?:\s\w+)?",
            title.strip(),
        )
    )


def says_ours(text: str) -> bool:
    """Whether a text marks what stands in it as this paper's."""
    return bool(_OURS.search(text))


def speaks_of_ours(caption: str) -> bool:
    """Whether a caption speaks of models of the authors, other than their runs of baselines and what `we` did."""
    return bool(_OUR_MODELS.search(_OWN_BASELINE.sub(" ", caption)))


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
    if _NO_MODEL.search(label):
        return Verdict(False, 1.0)
    if says_ours(_OUR_CHANGE.sub(" ", label)) or says_ours(_OUR_CHANGE.sub(" ", notes)):
        return Verdict(True, 0.4 if _OWN_BASELINE.search(notes) else 1.0)
    if any(mark in label for mark in habits.rerun_marks) or _RUN_AGAIN.search(label):
        return Verdict(True, 0.4)
    named = _by_name(label, notes, owner)
    if named is None and habits.has_others and owner.is_known_elsewhere(label):
        return Verdict(False, 0.5)
    return named or _by_place(label, group, habits, foreign)


def _by_name(label: str, notes: str, owner: Owner) -> Verdict | None:
    """Whose a row is by its name and what it cites; None if that does not tell."""
    own = owner.is_own(label) or _names_headline(without_cited(label), owner)
    if says_cited(notes) and not _names_headline(without_cited(label), owner):
        return Verdict(False, 1.0)
    if own:
        return Verdict(True, 0.8)
    return Verdict(False, 0.8) if owner.is_own(label) is False else None


def _by_place(label: str, group: str, habits: Habits, foreign: frozenset[str]) -> Verdict:
    """Whose a row is by the heading above it, what the text cites, and how the table marks others."""
    if says_ours(group):
        return Verdict(True, 0.8)
    if _OTHERS.search(group) or says_cited(group):
        return Verdict(False, 0.8)
    if _is_foreign(label, foreign, habits):
        return Verdict(False, 0.5)
    if _OTHERS.search(label) or any(mark in label for mark in habits.marks) or key(label) in habits.taken:
        return Verdict(False, 0.8)
    if habits.marks_own:
        return Verdict(False, 0.2, "a row without a mark in a table that marks its own rows")
    return Verdict(True, 0.0, "nothing in the table says whose row this is")


def _is_foreign(label: str, foreign: frozenset[str], habits: Habits) -> bool:
    """Whether a label is a cited name, or, in a table that marks own rows, one with a size or version behind it."""
    bare = label.partition("(")[0]
    if is_benchmark(bare):
        return False
    if habits.has_ours or habits.has_named:
        return is_cited_name(bare, foreign)
    return habits.has_cited and key(bare) in foreign


def _names_headline(label: str, owner: Owner) -> bool:
    if owner.is_own(label) is True:
        return True
    printed = key(label)
    return any(key(name) in printed for name in owner.headline)
