"""Names of things that outlive a reading: arXiv ids, papers, entities and cells.

An entity's id is minted once and never changes, whatever is later learnt about its name; so reviewed cells,
differences between releases and links survive new extractors and new paper versions. How a second reading
finds the entities that exist is not here but in `extractors.reconcile`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NewType, Self, get_args

from extractors.facts.errors import ParseError

PaperId = NewType("PaperId", str)
"""The arXiv id without its version where there is one, else `doi:...`, else `file:` and 12 hex digits of the sha256."""

EntityKind = Literal["model", "run", "result", "paper"]
ENTITY_KINDS: tuple[EntityKind, ...] = get_args(EntityKind)
"""What a paper reports on, and the paper as a whole, of which people say whether they read all of it."""

SLUG_LIMIT = 80
_ARXIV = re.compile(
    r"(?:https?://(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:)?"
    r"(?P<id>\d{4}\.\d{4,5}|(?!submit/)[a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v(?P<version>[1-9]\d?))?(?:\.pdf)?",
    re.IGNORECASE,
)
"""An old id has year and month in front of its number; `submit/3129194`, as stamps have it that were printed early, is no paper's."""
_FIRST_YEAR = "91"
"""Of arXiv; ids of two digits below are of this century."""
_SLUG = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, order=True)
class ArxivId:
    """An arXiv identifier, of the new (`2007.05558`) or the old form (`hep-th/9901001`), perhaps with a version.

    Source: https://info.arxiv.org/help/arxiv_identifier.html
    """

    id: str
    version: int | None = None

    def __post_init__(self) -> None:
        found = _ARXIV.fullmatch(self.id)
        if not found or found["id"] != self.id or (self.version is not None and self.version < 1):
            raise ParseError(
                f"{self.id!r} is not an arXiv id", remedy="Write it as 2007.05558 or hep-th/9901001"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an id as people write it: bare, `arXiv:` in front, an abs or pdf address, a version behind.

        Raises:
            ParseError: the text is not an arXiv id.
        """
        found = _ARXIV.fullmatch(text.strip())
        if not found:
            raise ParseError(
                f"{text!r} is not an arXiv id", remedy="Write it as 2007.05558v2 or its abs address"
            )
        return cls(found["id"], int(found["version"]) if found["version"] else None)

    @property
    def paper(self) -> PaperId:
        """The paper this id names, whatever the version."""
        return PaperId(self.id)

    @property
    def month(self) -> str:
        """The month in which the paper was first submitted, as `2007-05`: an id says it."""
        year, month = (digits := self.id.rpartition("/")[2])[:2], digits[2:4]
        return f"{'19' if year >= _FIRST_YEAR else '20'}{year}-{month}"

    def __str__(self) -> str:
        return f"{self.id}v{self.version}" if self.version else self.id


def file_paper_id(sha256: str) -> PaperId:
    """The id of a paper known only by its bytes."""
    return PaperId(f"file:{sha256[:12]}")


def slugify(text: str) -> str:
    """A readable slug of printed text: lower-case ASCII letters, digits, dots and hyphens.

    `ResNet-50 (ours)` gives `resnet-50-ours`; text without any letter or digit gives `unnamed`.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9.]+", "-", plain)
    slug = re.sub(r"[.-]*-[.-]*|\.{2,}", "-", slug)[:SLUG_LIMIT].strip(".-")
    return slug or "unnamed"


def unused_slug(slug: str, taken: Container[str]) -> str:
    """The slug, or the same with the first number behind it that makes it new."""
    found, number = slug, 1
    while found in taken:
        number += 1
        found = f"{slug[: SLUG_LIMIT - 5].rstrip('.-')}-{number}"
    return found


@dataclass(frozen=True, slots=True, order=True)
class EntityId:
    """A model, a training run or a result of one paper, or the paper as a whole, as `2007.05558/run/bert-large.pretraining`."""

    paper: PaperId
    kind: EntityKind
    slug: str

    def __post_init__(self) -> None:
        if self.kind not in ENTITY_KINDS or not self.paper or not _SLUG.fullmatch(self.slug):
            raise ParseError(f"{self.paper}/{self.kind}/{self.slug} is not an entity id")

    @staticmethod
    @lru_cache(maxsize=1 << 16)  # each decision reads all ids of a paper
    def parse(text: str) -> EntityId:
        """Read an id as `str` wrote it; the paper may itself hold slashes.

        Raises:
            ParseError: the text is not an entity id.
        """
        parts = text.rsplit("/", 2)
        if len(parts) != 3:
            raise ParseError(f"{text!r} is not an entity id", remedy="Write it as 2007.05558/run/bert-large")
        return EntityId(PaperId(parts[0]), _kind(parts[1], text), parts[2])

    def __str__(self) -> str:
        return f"{self.paper}/{self.kind}/{self.slug}"


def _kind(text: str, whole: str) -> EntityKind:
    for kind in ENTITY_KINDS:
        if kind == text:
            return kind
    raise ParseError(f"{whole!r} names no kind of entity", remedy=f"The kinds are {', '.join(ENTITY_KINDS)}")


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """One field of one entity: the unit of review, of publication and of every difference."""

    entity: EntityId
    field: str
    """A name from `facts.fields`, without the kind."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key as `str` wrote it, `2007.05558/run/bert-large.pretraining#accelerator`.

        Raises:
            ParseError: the text is not a cell key.
        """
        entity, mark, field = text.rpartition("#")
        if not mark or not field.isidentifier():
            raise ParseError(
                f"{text!r} is not a cell", remedy="Write it as 2007.05558/run/bert-large#accelerator"
            )
        return cls(EntityId.parse(entity), field)

    def __str__(self) -> str:
        return f"{self.entity}#{self.field}"
