"""What review found of a release: how many of the values that were published unseen are right, and how far annotators agree.

Audits are those that the gate and `burden status` go by (`db.audit`), agreement is that of `burden agreement` (`db.agreement`): a
release shows both, and says so where there were none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from db.agreement.agreed import Agreed, Pair, agreed, answered_twice
from db.agreement.coefficients import Agreement, Estimate
from db.agreement.places import ALL
from db.audit import audited
from extractors.facts.fields import FIELDS

_DIGITS = 4
"""Places of figures: beyond them the libraries of two machines may differ."""


@dataclass(frozen=True, slots=True)
class AuditFigure:
    """What audits found of the fields of one family."""

    family: str
    decided: int
    """Values that a lot chose of those published unseen, and that somebody looked at."""
    right: int
    precision: float
    """Share of the decided that was right."""
    low: float
    high: float
    """What that share is at least and at most, each one-sided at 90%."""


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures from review, as they were when the release was built."""

    promised: float | None = None
    """Share of what is published unseen that is promised to be right; None in releases that kept no figures."""
    audit_share: float | None = None
    """Share of what is published unseen that a lot sends to people."""
    audits: tuple[AuditFigure, ...] = ()
    agreement: tuple[Agreed, ...] = ()
    """Over all and by family, of everybody; over all, of each pair."""

    def as_json(self) -> dict[str, Any]:
        """As plain JSON."""
        found: dict[str, Any] = _KEPT.dump_python(self, mode="json")
        return found

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Quality:
        """What `as_json` gave."""
        return _KEPT.validate_python(kept)


_KEPT = TypeAdapter(Quality)


def quality_of(opened: Session, promised: float, audit_share: float) -> Quality:
    """What review found so far.

    Args:
        opened: a transaction that sees one state of the database, whose log can be read.
        promised: share of what is published unseen that is to be right.
        audit_share: share of it that a lot sends to people.
    """
    audits = tuple(
        AuditFigure(
            family, found.decided, found.kept, *map(_short, (found.precision, found.bound, found.most))
        )
        for family, found in audited(opened).items()
        if found.precision is not None
    )
    figures = tuple(_rounded(item) for item in agreed(answered_twice(opened), _is_shown))
    return Quality(promised, audit_share, audits, figures)


def _is_shown(place: str, pair: Pair | None) -> bool:
    return place == ALL if pair else place not in FIELDS


def _rounded(item: Agreed) -> Agreed:
    found = item.found
    kappa = _of(found.kappa) if found.kappa else None
    return Agreed(
        item.place,
        item.pair,
        Agreement(found.items, found.papers, _of(found.percent), _of(found.alpha), kappa),
    )


def _of(found: Estimate) -> Estimate:
    value, low, high = (None if n is None else _short(n) for n in (found.value, found.low, found.high))
    return Estimate(value, low, high, found.why)


def _short(number: float) -> float:
    return round(number, _DIGITS)
