"""Whether a paper is worth reading, from what a listing tells: a score, its reasons, and what follows from it.

Recall comes first: a paper that is left out is lost, one that is read in vain costs seconds. The words, their points and
the borders are data (`ontology/screening.toml`, and the benchmarks of `ontology/benchmarks.toml`), and a decision names
the rules that it was made by, so that it can be made again when they change. What becomes of a paper after a decision
is in `db.screenings`; reading the document is not done here.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import OntologyError
from extractors.phrases import Hit, Phrases

Decision = Literal["relevant", "uncertain", "irrelevant"]
"""uncertain: too little points to deep learning to be sure, and too much to leave it out; it is read, after the others."""
WANTED: tuple[Decision, ...] = ("relevant", "uncertain")
"""Decisions after which a paper is fetched and read."""

NOTHING = "Names nothing of deep learning."
LITTLE = "Says too little of deep learning."

_WHERE = "ontology/screening.toml"
_STRICT = ConfigDict(extra="forbid")
_SHOWN = 3
"""Printed words that a reason names."""


# What is decided


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a listing says of a paper's content."""

    title: str
    abstract: str
    categories: tuple[str, ...] = ()
    """All of them, primary first; empty where unknown."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score."""

    rule: str
    """What of the rules gives the points, as `words.costs`."""
    points: float
    text: str
    """What the paper does, behind `The paper ...`."""
    found: tuple[str, ...] = ()
    """The words or categories that say so, as printed."""

    def __str__(self) -> str:
        return f"{self.text} ({', '.join(self.found)})" if self.found else self.text


@dataclass(frozen=True, slots=True)
class Screening:
    """A decision with its score and reasons, as it is stored."""

    score: float
    decision: Decision
    reasons: tuple[Reason, ...]
    """Whose points sum up to the score, the weightiest first."""
    domains: tuple[str, ...]
    """Ids of the domains whose benchmarks or words were found, most often named first."""

    @property
    def reason(self) -> str:
        """One sentence for a person. Papers that are left out share a few sentences, by which they are counted."""
        if self.decision != "irrelevant":
            return _sentence(", ".join(str(reason) for reason in self.reasons if reason.points > 0))
        if self.reasons and self.reasons[-1].points < 0:
            return _sentence(self.reasons[-1].text)
        is_said = any(not reason.rule.startswith("listed.") for reason in self.reasons)
        return LITTLE if is_said else NOTHING


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


# The rules


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Listed:
    """Categories that count alike."""

    points: float
    reason: str
    categories: tuple[str, ...] = ()
    """Empty for all that no other group names."""


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Words:
    """Phrases that count alike."""

    points: float
    reason: str
    phrases: tuple[str, ...] = Field(min_length=1)
    most: int = Field(default=1, ge=1)
    """How many different ones of them count."""


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Sign:
    """Something that counts, or not."""

    points: float
    reason: str


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Domain:
    """A field of deep learning by its words."""

    name: str
    points: float
    phrases: tuple[str, ...] = Field(min_length=1)


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class RulesFile:
    """The rules as the file has them."""

    relevant: float
    uncertain: float
    listed: dict[str, Listed]
    words: dict[str, Words]
    benchmarks: Sign
    silent: Sign
    domain: dict[str, Domain]

    def __post_init__(self) -> None:
        """Refuse borders and groups that decide nothing."""
        if self.uncertain > self.relevant:
            raise ValueError("the border `uncertain` must not be above `relevant`")
        named = [category for group in self.listed.values() for category in group.categories]
        twice = sorted({category for category in named if named.count(category) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is in two groups of categories")
        if sum(not group.categories for group in self.listed.values()) > 1:
            raise ValueError("only one group may be without categories")


@dataclass(frozen=True, slots=True)
class Rules:
    """What screening goes by, compiled for searching."""

    file: RulesFile
    sha256: str
    """Of the body."""
    body: str = field(repr=False)
    """All that decides as canonical JSON: comments and blanks aside, the aliases of benchmarks included."""
    words: Mapping[str, Phrases] = field(repr=False)
    domains: Phrases = field(repr=False)
    benchmarks: Phrases = field(repr=False)

    @property
    def version(self) -> str:
        """The beginning of its hash, which is how people name it."""
        return self.sha256[:8]


_FILE = TypeAdapter(RulesFile)


def parse_rules(text: str, where: str = _WHERE) -> Rules:
    """Rules from TOML text.

    Raises:
        OntologyError: not TOML, an unknown or missing key, a wrong type, borders in the wrong order, or a category in two groups.
    """
    try:
        file = _FILE.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"not TOML: {error}", where=where) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise OntologyError(
            first["msg"].removeprefix("Value error, "), where=f"{where}: {place}".removesuffix(": ")
        ) from error
    named = [(benchmark.domain, benchmark.aliases) for benchmark in catalogue().benchmark]
    body = json.dumps({"rules": asdict(file), "benchmarks": named}, ensure_ascii=False, sort_keys=True)
    return Rules(
        file,
        hashlib.sha256(body.encode()).hexdigest(),
        body,
        {name: Phrases(dict.fromkeys(group.phrases, (name,))) for name, group in file.words.items()},
        Phrases.of((id, domain.phrases) for id, domain in file.domain.items()),
        Phrases.of(named),
    )


@cache
def packaged_rules() -> Rules:
    """The rules that come with burden."""
    return parse_rules(files("extractors").joinpath("ontology", "screening.toml").read_text("utf-8"))


# Deciding


def screen(paper: Metadata, rules: Rules) -> Screening:
    """Decide by rules whether a paper is to be read.

    Args:
        paper: as its listing has it; the abstract may also be the first page of the document.
        rules: what counts how much.
    """
    text = f"{paper.title}\n{paper.abstract}"
    benchmarks, domains = rules.benchmarks.find(text), rules.domains.find(text)
    found = [
        *_listed(paper.categories, rules.file.listed),
        *_said(text, rules),
        *_benchmarks(text, benchmarks, rules.file.benchmarks),
        *_domain(text, domains, rules.file.domain),
    ]
    if not paper.abstract.strip():
        found.append(Reason("silent", rules.file.silent.points, rules.file.silent.reason))
    score = sum(reason.points for reason in found)
    hits = [hit.ids[0] for hit in (*benchmarks, *domains) if hit.ids]
    return Screening(
        score,
        _decision(score, rules.file),
        tuple(sorted(found, key=lambda reason: -reason.points)),
        tuple(sorted(dict.fromkeys(hits), key=lambda id: -hits.count(id))),
    )


def _decision(score: float, by: RulesFile) -> Decision:
    if score >= by.relevant:
        return "relevant"
    return "uncertain" if score >= by.uncertain else "irrelevant"


def _listed(categories: Sequence[str], groups: Mapping[str, Listed]) -> Iterator[Reason]:
    """The best of the groups that the categories are in."""
    named = {category: name for name, group in groups.items() for category in group.categories}
    rest = next((name for name, group in groups.items() if not group.categories), None)
    members: dict[str, list[str]] = {}
    for category in categories:
        if name := named.get(category, rest):
            members.setdefault(name, []).append(category)
    if members:
        best = max(members, key=lambda name: groups[name].points)
        yield Reason(
            f"listed.{best}", groups[best].points, groups[best].reason, tuple(members[best][:_SHOWN])
        )


def _said(text: str, rules: Rules) -> Iterator[Reason]:
    for name, group in rules.file.words.items():
        printed = _printed(rules.words[name].find(text), text)
        if printed:
            points = group.points * min(len(printed), group.most)
            yield Reason(f"words.{name}", points, group.reason, printed[:_SHOWN])


def _benchmarks(text: str, hits: Sequence[Hit], sign: Sign) -> Iterator[Reason]:
    printed = _printed(hits, text)
    if printed:
        yield Reason("benchmarks", sign.points, sign.reason, printed[:_SHOWN])


def _domain(text: str, hits: Sequence[Hit], domains: Mapping[str, Domain]) -> Iterator[Reason]:
    """The highest of the domains whose words are there; of equals the one named first."""
    ids = [id for hit in hits for id in hit.ids]
    if ids:
        id = max(ids, key=lambda id: domains[id].points)
        printed = _printed([hit for hit in hits if id in hit.ids], text)
        yield Reason(f"domain.{id}", domains[id].points, f"speaks of {domains[id].name}", printed[:_SHOWN])


def _printed(hits: Iterable[Hit], text: str) -> tuple[str, ...]:
    """What was found as printed first, white space aside, each once."""
    found: dict[str, str] = {}
    for hit in hits:
        if hit.ids:
            printed = " ".join(text[hit.start : hit.end].split())
            found.setdefault(printed.casefold(), printed)
    return tuple(found.values())
