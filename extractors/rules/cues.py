"""The cues of `ontology/cues.toml`: the words that tell what a sentence is said of, and what each counts.

A contributor adds a cue in that file, in the notation of `rules.notation`. Every phrase is checked when the file is read.
Where cues stand is found in `rules.cue_search`, what follows from it in `rules.hearing`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from extractors.facts.errors import OntologyError
from extractors.rules.cue_search import Cue

_WHERE = "ontology/cues.toml"
_STRICT = ConfigDict(extra="forbid")


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Weight:
    """What something that is said counts for the paper's own training."""

    points: float
    reason: str = ""
    """What a person reads where it made a finding be rejected."""


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Entry:
    """A cue as the file has it."""

    meaning: str
    """What its words do, behind `The sentence ...`."""
    phrases: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    """Phrases that count only as the first words of a sentence."""
    exceptions: tuple[str, ...] = Field(default=(), validation_alias="except")
    """Phrases within which its words do not count."""
    at: Literal["sentence", "section"] = "sentence"
    points: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a cue that is never said."""
        if not self.phrases and not self.openings:
            raise ValueError("a cue needs phrases or openings")


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _File:
    cue: dict[str, Entry]
    relation: dict[str, Weight]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues by name, and what each thing that is said counts."""

    by_name: Mapping[str, Cue]
    entries: Mapping[str, Entry]
    weights: Mapping[str, Weight]
    """Of the cues that have points, and of the relations."""

    def __getitem__(self, name: str) -> Cue:
        return self.by_name[name]

    def counting_at(self, place: str) -> tuple[str, ...]:
        """Names of the cues that count by themselves where they are said in a sentence, or in the title of its section."""
        return tuple(
            name for name, entry in self.entries.items() if name in self.weights and entry.at == place
        )


def parse_cues(text: str, where: str) -> Cues:
    """Cues from TOML text: `[cue.NAME]` tables with the keys of `Entry`, and weights by name under `[relation]`.

    Raises:
        OntologyError: not TOML, a wrong key or type, a cue without phrases, a phrase that is not in the notation, or
            one name for a cue and a relation.
    """
    try:
        read = TypeAdapter(_File).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"not TOML: {error}", where=where) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise OntologyError(
            f"entry {'.'.join(map(str, first['loc']))}: {first['msg']}", where=where
        ) from error
    doubled = sorted(read.cue.keys() & read.relation.keys())
    if doubled:
        raise OntologyError(f"{doubled[0]!r} is both a cue and a relation", where=where, remedy="Rename one")
    weights = {
        name: Weight(entry.points, entry.reason)
        for name, entry in read.cue.items()
        if entry.points is not None
    }
    compiled = {
        name: Cue(entry.phrases, entry.openings, entry.exceptions, where=f"{where}: {name}")
        for name, entry in read.cue.items()
    }
    return Cues(compiled, read.cue, {**weights, **read.relation})


@cache
def cues() -> Cues:
    """The packaged cues."""
    return parse_cues(files("extractors").joinpath("ontology", "cues.toml").read_text("utf-8"), _WHERE)
