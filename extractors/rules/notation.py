"""The small notation in which `ontology/cues.toml` writes phrases, and the patterns of tokens that it means.

`train*` is a word with any ending, `run|ran` one of several, `fine-tun*` has a hyphen, a blank or nothing between, `the?`
may be missing, `[word]`, `[name]` and `[number]` are any that look so, and `...` is whatever stands up to what comes next,
without a comma or a stop (`...4`: at most four words). Signs are words of their own, as they are for the tokenizer. Case
does not matter. Loading phrases is in `rules.cues`, finding them in `rules.cue_search`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from extractors.facts.errors import OntologyError
from extractors.language import tokens_of
from extractors.rules.patterns import Pattern

_Token = dict[str, Any]

_GAP = re.compile(r"\.{3}(?P<most>\d?)")
KINDS: dict[str, _Token] = {
    "[word]": {"TEXT": {"REGEX": r"\A[^\W\d_]"}},
    "[name]": {"TEXT": {"REGEX": r"\A[A-Z]\w"}},
    "[number]": {"TEXT": {"REGEX": r"\A\d"}},
}
_SIGNS = frozenset(",;:/-~∼%()")
_WORD = re.compile(r"\*?[a-z\d]+(?:[.'][a-z\d]+)*(?:-[a-z\d]+)*\*?")
_HYPHEN = {"LOWER": {"IN": ["-", "‐", "‑", "–"]}, "OP": "?"}


@dataclass(frozen=True, slots=True)
class Term:
    """One place in a phrase: the words that may stand in it."""

    words: tuple[str, ...]
    optional: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether it stands for any number of any words."""
        return _GAP.fullmatch(self.words[0]) is not None

    @property
    def must_be_there(self) -> bool:
        """Whether one of some words must be printed for it."""
        return not self.optional and not self.is_gap and KINDS.keys().isdisjoint(self.words)

    @property
    def plain(self) -> frozenset[str]:
        """Its words of letters alone: where one is printed, it is a run of letters by itself."""
        return frozenset(word for word in self.words if word.isalpha())

    @property
    def parts(self) -> tuple[str, ...]:
        """Of each other word a part that is printed wherever it is."""
        return tuple(
            max(re.split(r"(?<=\w)-|\*", word), key=len) for word in self.words if not word.isalpha()
        )


def parse(phrase: str, where: str) -> tuple[Term, ...]:
    """The places of a phrase in order.

    Raises:
        OntologyError: a word or sign that the notation does not have, or a phrase that could be anything.
    """
    terms = tuple(_term(printed, where) for printed in phrase.split())
    open_ended = not terms or terms[0].is_gap or terms[-1].is_gap
    loose = any(first.is_gap and (second.is_gap or second.optional) for first, second in pairwise(terms))
    if open_ended or loose or not any(term.must_be_there for term in terms):
        raise OntologyError(
            f"{phrase!r} says too little",
            where=where,
            remedy="Write at least one word that must be there, one behind `...`, and no `...` at an end",
        )
    return terms


def _term(printed: str, where: str) -> Term:
    if _GAP.fullmatch(printed):
        return Term((printed,))
    optional = printed.endswith("?")
    words = tuple(printed.removesuffix("?").split("|"))
    for word in words:
        if not (word in KINDS or word in _SIGNS or (_WORD.fullmatch(word) and _is_whole(word))):
            raise OntologyError(
                f"{word!r} is no word of the notation",
                where=where,
                remedy="Write small letters, and a blank wherever the tokenizer parts a word",
            )
    return Term(words, optional)


def _is_whole(word: str) -> bool:
    """Whether the tokenizer keeps a word in one, hyphens aside."""
    return all(len(tokens_of(part.strip("*"))) == 1 for part in _parts(word))


def patterns_of(terms: Sequence[Term]) -> Iterator[Pattern]:
    """The patterns of tokens that a phrase means; each way to write its hyphenated words has its own."""
    ways = [_gap(term, terms[index + 1]) if term.is_gap else _ways(term) for index, term in enumerate(terms)]
    for chosen in product(*ways):
        yield [token for way in chosen for token in way]


def _ways(term: Term) -> list[list[_Token]]:
    """The tokens that may stand in one place: one of its words, or the parts of one that is hyphenated."""
    words = [word for word in term.words if word not in KINDS]
    single = [*([_one_of(words)] if words else []), *(KINDS[word] for word in term.words if word in KINDS)]
    ways = [[{**token, "OP": "?"} if term.optional else token] for token in single]
    hyphenated = [_parts(word) for word in words if len(_parts(word)) > 1]
    ways += [[token for part in parts for token in (_HYPHEN, _one_of([part]))][1:] for parts in hyphenated]
    return ways


def _one_of(words: Sequence[str]) -> _Token:
    """A token that is one of some words; of hyphenated ones, without their hyphens. A list costs less than an expression."""
    if any("*" in word for word in words):
        return {"LOWER": {"REGEX": rf"\A{_expression(words)}\Z"}}
    glued = ["".join(_parts(word)) for word in words]
    return {"LOWER": {"IN": glued}} if len(glued) > 1 else {"LOWER": glued[0]}


def _gap(gap: Term, after: Term) -> list[list[_Token]]:
    """Any words but those that end the gap."""
    ends = _expression([word for word in after.words if word not in KINDS])
    most = gap.words[0].removeprefix("...")
    times = f"{{0,{most}}}" if most else "*"
    return [[{"LOWER": {"REGEX": rf"\A(?!{ends}\Z)[^.,:;]"}, "OP": times}]]


def _expression(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape("".join(_parts(word))).replace(r"\*", r"\w*") for word in words) + ")"


def _parts(word: str) -> tuple[str, ...]:
    return tuple(word.split("-")) if len(word) > 1 else (word,)
