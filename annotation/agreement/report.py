"""The whole report on agreement, as a value, as JSON and as rows for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from annotation.agreement.corrections import Correction, Rulings, Upheld, corrections, rulings
from annotation.agreement.machine import Precision, precision
from annotation.agreement.pace import Pace, pace
from annotation.safe_text import safe
from db.agreement.agreed import Agreed, agreed, agreed_json, estimate_json, rounded
from db.agreement.answers import Log, Question, read_log
from db.agreement.coefficients import DRAWS, FEWEST_ITEMS, FEWEST_PAPERS, WORDS, Draws, Estimate
from db.agreement.places import place_order
from db.events import Adjudicated, Decision, Entry
from db.log import AT_THE_SCREEN
from extractors.facts.codec import value_to_json
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS, field_of
from extractors.facts.ids import CellKey
from extractors.facts.values import Value

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of the log to report on."""

    fields: Collection[str] = ()
    """By path; all if empty."""
    since: datetime | None = None
    """Answers, and corrections, from then on."""
    person: str | None = None
    """What concerns this person."""

    def covers(self, key: CellKey | None, at: datetime) -> bool:
        """Whether something said of a cell then is wanted."""
        if key is None or (self.since is not None and at < self.since):
            return False
        return not self.fields or field_of(key).path in self.fields


@dataclass(frozen=True, slots=True)
class Report:
    """What the review log tells of those who review, and of the machine."""

    wanted: Wanted
    people: tuple[str, ...]
    """Who answered at the screen."""
    answers: int
    """Decisions and adjudications at the screen that hold."""
    agreed: tuple[Agreed, ...]
    rulings: tuple[Rulings, ...]
    upheld: tuple[Upheld, ...]
    corrections: tuple[Correction, ...]
    pace: tuple[Pace, ...]
    precision: tuple[Precision, ...]
    unsettled: int
    """Items of which people still disagree."""


def report_of(entries: Iterable[Entry], audits: Collection[int], wanted: Wanted) -> Report:
    """The report on a log.

    Args:
        entries: of the whole log, in any order.
        audits: numbers of those that answered audits.
        wanted: what part to report on.

    Raises:
        UsageError: the person that is wanted never answered anything.
    """
    log = read_log(entries)
    said = [entry for entry in log.entries if _is_answer(entry)]
    _refuse_unknown(wanted.person, {entry.envelope.actor for entry in said})
    said = [entry for entry in said if wanted.covers(entry.envelope.cell, entry.envelope.at)]
    questions = [q for q in log.questions() if wanted.covers(q.key, q.at) and _concerns(q, wanted.person)]
    ruled, upheld = rulings(questions)
    draws = Draws.of(question.key.entity.paper for question in questions)
    shares, unsettled = precision(questions, audits, draws)
    timed = (e for e in log.entries if wanted.covers(e.envelope.cell, e.envelope.at))
    return Report(
        wanted,
        tuple(sorted({entry.envelope.actor for entry in said})),
        len(said),
        tuple(agreed(questions, lambda _, pair: pair is None or wanted.person in {None, *pair})),
        tuple(sorted(ruled, key=lambda item: place_order(item.place))),
        tuple(item for item in upheld if wanted.person in {None, item.person}),
        tuple(_corrections(log, wanted)),
        tuple(sorted((p for p in pace(timed) if _is_of(p, wanted.person)), key=_pace_order)),
        tuple(sorted(shares, key=_precision_order)),
        unsettled,
    )


def _is_answer(entry: Entry) -> bool:
    return isinstance(entry.event, Decision | Adjudicated) and entry.envelope.actor_kind in AT_THE_SCREEN


def _refuse_unknown(person: str | None, known: Collection[str]) -> None:
    if person is not None and person not in known:
        remedy = f"Those who did: {', '.join(sorted(known))}" if known else "Nobody did so far"
        raise UsageError(f"{person!r} never decided anything", remedy=remedy)


def _concerns(question: Question, person: str | None) -> bool:
    return person is None or person in question.said


def _is_of(found: Pace, person: str | None) -> bool:
    return person is None or found.person == person


def _corrections(log: Log, wanted: Wanted) -> Iterator[Correction]:
    keys = [key for key in sorted(log.cells) if not wanted.fields or field_of(key).path in wanted.fields]
    for found in corrections(log, keys):
        if wanted.covers(found.key, found.at) and wanted.person in {None, found.person}:
            yield found


def _pace_order(found: Pace) -> tuple[str, tuple[int, int]]:
    return found.person or "", place_order(found.place)


def _precision_order(found: Precision) -> tuple[str, str, tuple[int, int]]:
    return found.source, found.extractor or "", place_order(found.place)


def corrected_by_field(report: Report) -> Counter[str]:
    """How many corrections there were of each field, by path, in the order of the registry."""
    counted = Counter(field_of(item.key).path for item in report.corrections)
    return Counter({path: counted[path] for path in FIELDS if path in counted})


# As JSON


def as_json(report: Report) -> Json:
    """All of the report as plain JSON; figures rounded to four places, so that the same log gives the same bytes."""
    return {
        "since": report.wanted.since.isoformat() if report.wanted.since else None,
        "fields": sorted(report.wanted.fields) or None,
        "as": report.wanted.person,
        "people": list(report.people),
        "answers": report.answers,
        "unsettled": report.unsettled,
        "method": {
            "level": "nominal; the same as fields define it, with their tolerances",
            "draws_of_papers": DRAWS,
            "fewest_items": FEWEST_ITEMS,
            "fewest_papers": FEWEST_PAPERS,
            "words": dict(WORDS),
        },
        "agreement": [agreed_json(item) for item in report.agreed],
        "adjudications": {
            "places": [asdict(item) for item in report.rulings],
            "people": [asdict(item) for item in report.upheld],
        },
        "corrections": [_correction_json(item) for item in report.corrections],
        "corrected_by_field": dict(corrected_by_field(report)),
        "pace": [rounded(asdict(item)) for item in report.pace],
        "precision": [{**asdict(item), "share": estimate_json(item.share)} for item in report.precision],
    }


def _correction_json(item: Correction) -> Json:
    return {
        "cell": str(item.key),
        "field": field_of(item.key).path,
        "person": item.person,
        "said": _value_json(item.said),
        "said_at": item.said_at.isoformat(),
        "stands": _value_json(item.stands),
        "how": item.how,
        "by": item.by,
        "by_kind": item.by_kind,
        "at": item.at.isoformat(),
        "reason": item.reason,
        "seq": item.seq,
    }


def _value_json(value: Value | None) -> Json | None:
    return None if value is None else value_to_json(value)


# For a spreadsheet


def rows(report: Report) -> Iterator[tuple[str | float, ...]]:
    """All figures of agreement, a head and then a row each; where there is none, the cell is empty and `why` has the word."""
    figures = ("percent", "kappa", "alpha")
    parts = tuple(f"{figure}{part}" for figure in figures for part in ("", "_low", "_high", "_why"))
    yield ("place", "first", "second", "items", "papers", *parts)
    for item in report.agreed:
        found = item.found
        cells: list[str | float] = [item.place, *(_harmless(name) for name in item.pair or ("", ""))]
        cells += [found.items, found.papers]
        for estimate in (found.percent, found.kappa, found.alpha):
            cells += _cells(estimate) if estimate else [""] * 4
        yield tuple(cells)


def _cells(found: Estimate) -> list[str | float]:
    numbers = (found.value, found.low, found.high)
    return [*("" if number is None else round(number, 4) for number in numbers), found.why]


def _harmless(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    text = safe(name)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
