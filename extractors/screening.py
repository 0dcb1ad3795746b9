"""Whether a paper is worth reading, from what a listing tells: title, abstract and categories.

Recall comes first: a paper that is passed over is lost, one that is read in vain costs seconds. So a paper is
relevant as soon as its words are those of deep learning, and irrelevant only where nothing points there. The
words are data (`ontology/domains.toml`, `ontology/benchmarks.toml`). Reading the document is not done here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import OntologyError
from extractors.phrases import Phrases

Decision = Literal["relevant", "irrelevant"]

_PLACE = "ontology/domains.toml"


@dataclass(frozen=True, slots=True)
class Screening:
    """A decision with its reason, as it is stored."""

    decision: Decision
    domains: tuple[str, ...]
    """Ids of the domains whose benchmarks or words were found, most often named first."""
    reason: str
    """One sentence for a person."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A field of deep learning by its words."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domains:
    """The words that screening goes by."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    categories: tuple[str, ...]
    """Categories that deep-learning papers are listed in."""
    learning: tuple[str, ...]
    """Words of deep learning whatever the domain."""
    training: tuple[str, ...]
    """Words of papers that tell what training costs."""
    domain: tuple[Domain, ...]


@dataclass(frozen=True, slots=True)
class _Screen:
    """The domains compiled for searching."""

    categories: frozenset[str]
    names: dict[str, str]
    domains: Phrases
    benchmarks: Phrases
    learning: Phrases
    training: Phrases


_DOMAINS = TypeAdapter(Domains)


def screen(title: str, abstract: str, categories: Sequence[str]) -> Screening:
    """Decide whether a paper is to be read.

    Args:
        title: of the listing.
        abstract: of the listing, or the first page of the document; may be empty.
        categories: all arXiv categories, primary first; empty where unknown.
    """
    by, text = _packaged(), f"{title}\n{abstract}"
    benchmarks = _printed(by.benchmarks, text)
    hits = [id for phrases in (by.benchmarks, by.domains) for hit in phrases.find(text) for id in hit.ids[:1]]
    domains = tuple(sorted(dict.fromkeys(hits), key=lambda id: -hits.count(id)))
    learning, training = _printed(by.learning, text), _printed(by.training, text)
    fits = not categories or not by.categories.isdisjoint(categories)
    if not fits and not (domains and learning):
        listed = ", ".join(categories)
        return Screening("irrelevant", domains, f"Listed in {listed}, where deep learning is not at home.")
    if domains:
        found = ", ".join(by.names.get(id, id) for id in domains)
        named = f", and names {benchmarks[0]}" if benchmarks else ""
        return Screening("relevant", domains, f"Speaks of {found}{named}.")
    if learning or len(training) > 1:
        return Screening("relevant", (), f"No tracked domain, but speaks of {(learning or training)[0]}.")
    return Screening("irrelevant", (), "Names no tracked domain or benchmark and nothing of deep learning.")


def parse_domains(text: str) -> Domains:
    """The screening words that a TOML text gives.

    Raises:
        OntologyError: the text is not TOML, or has an unknown or missing key.
    """
    try:
        return _DOMAINS.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"not TOML: {error}", where=_PLACE) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise OntologyError(first["msg"], where=f"{_PLACE}: {'.'.join(map(str, first['loc']))}") from error


def _printed(phrases: Phrases, text: str) -> list[str]:
    """The phrases of a text as printed, white space aside, each once."""
    hits = (hit for hit in phrases.find(text) if hit.ids)
    return list(dict.fromkeys(" ".join(text[hit.start : hit.end].split()) for hit in hits))


@cache
def _packaged() -> _Screen:
    words = parse_domains(files("extractors").joinpath("ontology", "domains.toml").read_text("utf-8"))
    return _Screen(
        frozenset(words.categories),
        {domain.id: domain.name for domain in words.domain},
        Phrases.of((domain.id, domain.words) for domain in words.domain),
        Phrases.of((benchmark.domain, benchmark.aliases) for benchmark in catalogue().benchmark),
        Phrases(dict.fromkeys(words.learning, ("learning",))),
        Phrases(dict.fromkeys(words.training, ("training",))),
    )
