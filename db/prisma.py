"""How papers came into the dataset and where the others ended, step by step, as PRISMA counts them (https://www.prisma-statement.org).

Every paper has one fate: the furthest step that it reached, and why it went no further. A flow is a count of fates, so that whatever
comes into a step goes on, ends there for a reason, or waits. Of the whole database papers are counted; of one run the versions that
it worked on, from the step at which it took them up. What a run takes up is told in `flows.night`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from pydantic import ConfigDict
from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from db.cells import PUBLISHED
from db.duplicates import duplicates
from db.screening_tables import ScreeningRow
from db.tables import (
    CellRow,
    FailureRow,
    FileRow,
    PaperRow,
    PaperVersionRow,
    PublishedRow,
    ReadingRow,
    ReleaseRow,
)
from extractors.facts.errors import DatasetError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import EntityId, PaperId
from extractors.screening import WANTED

Step = Literal["identified", "screened", "sought", "retrieved", "read", "with facts", "released"]
STEPS: tuple[Step, ...] = get_args(Step)
"""identified: listed by a source. screened: decided about by its listing. sought: to be read. retrieved: its file is here.
with facts: at least one value was found in it, or added by hand. released: something of it is published."""

KNOWN = "duplicate: known already"
OLDER = "duplicate: a newer version is there"
DOUBLE = "duplicate: the file of another paper"
WITHDRAWN = "withdrawn"

Facts = Literal["", "rejected", "queued", "published"]
"""What became of a paper's values: the best of them; empty where it has none."""
Version = tuple[PaperId, int]

_FACTS = sorted({field.name for field in FIELDS.values() if field.use == "fact"})
_FETCH, _READ = "fetch", "read %"
"""Stages of failures to fetch a PDF, and to read."""
_AT_ONCE = 400
"""Papers that a query asks for."""


# Fates


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a paper, or of one version of it."""

    is_newest: bool = True
    is_withdrawn: bool = False
    decision: str | None = None
    """Of screening; None where nobody decided."""
    reason: str = ""
    """Of that decision."""
    has_address: bool = True
    """Whether the listing leads to a file."""
    has_file: bool = False
    fetching: str = ""
    """Type of the error with which fetching failed; empty where it did not."""
    is_read: bool = False
    is_duplicate: bool = False
    """Whether it is the same file as another paper, which is read and counted for it."""
    reading: str = ""
    """Type of the error with which reading failed."""
    facts: Facts = ""
    is_released: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """The furthest step that something reached, and why it went no further."""

    reached: Step
    why: str = ""
    """Empty at the last step."""
    waits: bool = False
    """Whether it may still go on by itself, or by somebody's work."""


def fate(known: Known) -> Fate:
    """What became of a paper or a version."""
    if known.is_released:
        return Fate("released")
    if known.facts:
        return _of_facts(known)
    if known.is_read:
        why = WITHDRAWN if known.is_withdrawn else DOUBLE if known.is_duplicate else "no facts found"
        return Fate("read", why)
    if known.has_file:
        return _of_file(known)
    if known.decision is None:
        return _of_listing(known)
    return _of_sought(known) if known.decision in WANTED else Fate("screened", known.reason)


def _of_listing(known: Known) -> Fate:
    if not known.is_newest:
        return Fate("identified", OLDER)
    if known.is_withdrawn:
        return Fate("identified", WITHDRAWN)
    return Fate("identified", "to be screened", waits=True)


def _of_sought(known: Known) -> Fate:
    if known.is_withdrawn:
        return Fate("sought", WITHDRAWN)
    if not known.is_newest:
        return Fate("sought", OLDER)
    if known.fetching:
        return Fate("sought", in_words(known.fetching))
    return (
        Fate("sought", "to be fetched", waits=True)
        if known.has_address
        else Fate("sought", "no file offered")
    )


def _of_file(known: Known) -> Fate:
    if known.is_withdrawn:
        return Fate("retrieved", WITHDRAWN)
    if known.is_duplicate:
        return Fate("retrieved", DOUBLE)
    if known.reading:
        return Fate("retrieved", in_words(known.reading))
    return Fate("retrieved", "to be read", waits=True) if known.is_newest else Fate("retrieved", OLDER)


def _of_facts(known: Known) -> Fate:
    if known.is_withdrawn:
        return Fate("with facts", WITHDRAWN)
    if known.is_duplicate:
        return Fate("with facts", DOUBLE)
    if known.facts == "rejected":
        return Fate("with facts", "all values rejected")
    return Fate("with facts", "for a person" if known.facts == "queued" else "for a release", waits=True)


def in_words(error: str) -> str:
    """The type of an error as words: `NotFoundError` is `not found`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", error.removesuffix("Error")).lower()
    return words or error


# Flows


@dataclass(frozen=True, slots=True)
class Station:
    """One step: what came in, and what became of it there."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    step: Step
    came: int
    """From the step before; at the first step, all that was listed."""
    taken_up: int = 0
    """What a run began with here, because earlier ones had left it."""
    ended: Mapping[str, int] = field(default_factory=dict)
    """What went no further, by reason, the most frequent first."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """What may still go on, by what it waits for."""

    @property
    def entered(self) -> int:
        """All that came into the step."""
        return self.came + self.taken_up

    @property
    def went_on(self) -> int:
        """What came out of it."""
        return self.entered - sum(self.ended.values()) - sum(self.waiting.values())


@dataclass(frozen=True, slots=True)
class Flow:
    """All steps in order: what goes on from one comes into the next."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    stations: tuple[Station, ...]

    def __post_init__(self) -> None:
        """Refuse numbers that do not add up."""
        for before, after in zip(self.stations, self.stations[1:], strict=False):
            if before.went_on != after.came or before.went_on < 0:
                raise DatasetError(
                    f"{before.went_on} went on from {before.step}, and {after.came} came to {after.step}"
                )

    def __getitem__(self, step: Step) -> Station:
        return self.stations[STEPS.index(step)]


Journey = tuple[Step, Fate]
"""The step at which something was taken up, and its fate."""


def flow(journeys: Mapping[Journey, int], known: int = 0) -> Flow:
    """The flow of some journeys.

    Args:
        journeys: how often there was each.
        known: what was listed and known already, beside them.
    """
    counted: Counter[Journey] = Counter({("identified", Fate("identified", KNOWN)): known} if known else {})
    for (begun, end), number in journeys.items():
        counted[min(begun, end.reached, key=STEPS.index), end] += number
    return Flow(tuple(_station(step, counted) for step in STEPS))


def _station(step: Step, journeys: Mapping[Journey, int]) -> Station:
    at = STEPS.index(step)
    through = {
        (begun, end): number
        for (begun, end), number in journeys.items()
        if STEPS.index(begun) <= at <= STEPS.index(end.reached)
    }
    here = sum(number for (begun, _), number in through.items() if begun == step)
    ends = [(end, number) for (_, end), number in through.items() if end.reached == step and end.why]
    return Station(
        step,
        here if at == 0 else sum(through.values()) - here,
        0 if at == 0 else here,
        _by_reason((end.why, number) for end, number in ends if not end.waits),
        _by_reason((end.why, number) for end, number in ends if end.waits),
    )


def _by_reason(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    summed: Counter[str] = Counter()
    for why, number in counted:
        summed[why] += number
    return dict(sorted(summed.items(), key=lambda item: (-item[1], item[0])))


def in_lines(found: Flow) -> Iterator[tuple[str, str]]:
    """Each step and its numbers for a person; steps that nothing came to are left out."""
    for station in found.stations:
        if station.entered:
            parts = [f"{station.entered:,}"]
            parts += [f"({station.taken_up:,} from before)"] if station.taken_up else []
            ended = [f"{number:,} {why.rstrip('.')}" for why, number in station.ended.items()]
            waiting = [f"{number:,} wait {why}" for why, number in station.waiting.items()]
            told = "; ".join([*ended, *waiting])
            yield station.step, f"{' '.join(parts)}: {told}" if told else " ".join(parts)


# From the database


@dataclass(frozen=True, slots=True)
class Fates:
    """The fates of all papers, releases aside."""

    papers: Mapping[PaperId, Fate]
    older: int
    """Versions that were listed and are not the newest of their papers."""

    def flow(self, released: Iterable[str]) -> Flow:
        """The flow of the whole database, with the papers of a release."""
        last = frozenset(released)
        journeys: Counter[Journey] = Counter({("identified", Fate("identified", OLDER)): self.older})
        for paper, end in self.papers.items():
            journeys["identified", Fate("released") if paper in last else end] += 1
        return flow(+journeys)


def fates(session: Session) -> Fates:
    """What became of every paper: the furthest that any of its versions came, else what became of the newest."""
    versions = session.exec(select(func.count()).select_from(PaperVersionRow)).one()
    found = {paper: fate(known) for (paper, _), known in _known(session, None, _failures(session))}
    return Fates(found, versions - len(found))


def fates_of(session: Session, versions: Iterable[Version]) -> dict[Version, Fate]:
    """What became of some versions, each by itself."""
    wanted = frozenset(versions)
    papers, failed = sorted({paper for paper, _ in wanted}), _failures(session)
    return {
        version: fate(known)
        for start in range(0, len(papers), _AT_ONCE)
        for version, known in _known(session, papers[start : start + _AT_ONCE], failed)
        if version in wanted
    }


def released_papers(session: Session) -> frozenset[PaperId]:
    """Papers of which something is in the last release."""
    published = col(PublishedRow.value_hash).is_not(None)
    entities = set(session.exec(select(PublishedRow.entity_id).where(published).distinct()))
    lost = set(session.exec(select(PublishedRow.entity_id).where(~published).distinct()))
    standing = (entities - lost) | _with_cells_left(session, sorted(lost))
    return frozenset(EntityId.parse(entity).paper for entity in standing)


def _with_cells_left(session: Session, entities: Sequence[str]) -> set[str]:
    """Which of some entities that lost cells have one in the last release all the same."""
    versions = sorted(
        session.exec(select(ReleaseRow.version)), key=lambda text: [int(n) for n in text.split(".")]
    )
    row, standing = PublishedRow, dict[tuple[str, str], bool]()
    for version in versions:
        for start in range(0, len(entities), _AT_ONCE):
            query = select(row.entity_id, row.field, col(row.value_hash).is_not(None)).where(
                row.version == version, col(row.entity_id).in_(entities[start : start + _AT_ONCE])
            )
            standing |= {(entity, name): is_there for entity, name, is_there in session.exec(query)}
    return {entity for (entity, _), is_there in standing.items() if is_there}


def _known(
    session: Session, papers: Sequence[str] | None, failed: Mapping[tuple[str, str], str]
) -> Iterator[tuple[Version, Known]]:
    """What is known of each version of some papers by itself; or, of all papers, of the newest with the files of all."""
    by_version = papers is not None
    files, own, doubled = _read(session, papers)
    facts = _facts(session, papers)
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types selects of at most four columns
            PaperVersionRow.paper_id, PaperVersionRow.version, PaperRow.latest,
            col(PaperRow.withdrawn_at).is_not(None), col(PaperVersionRow.pdf_url).is_not(None),
            ScreeningRow.decision, ScreeningRow.reason,
        )
        .join(PaperRow, col(PaperRow.paper_id) == PaperVersionRow.paper_id)
        .outerjoin(
            ScreeningRow,
            and_(
                col(ScreeningRow.paper_id) == PaperVersionRow.paper_id,
                col(ScreeningRow.version) == PaperVersionRow.version,
                col(ScreeningRow.stage) == "listing",
            ),
        )
    )  # fmt: skip
    if papers is None:
        query = query.where(PaperVersionRow.version == PaperRow.latest)
    else:
        query = query.where(col(PaperVersionRow.paper_id).in_(papers))
    for paper, version, latest, is_withdrawn, has_address, decision, reason in session.exec(query):
        key, name = (paper, version if by_version else 0), f"{paper}v{version}"
        yield (
            (PaperId(paper), version),
            Known(
                is_newest=version == latest,
                is_withdrawn=is_withdrawn,
                decision=decision,
                reason=reason or "",
                has_address=has_address,
                has_file=key in files,
                fetching=failed.get((_FETCH, name), ""),
                is_read=key in own,
                is_duplicate=key in doubled,
                reading=failed.get((_READ, name), ""),
                facts=facts.get(paper, "") if key in own or not by_version else "",
            ),
        )


Keys = set[tuple[str, int]]


def _read(session: Session, papers: Sequence[str] | None) -> tuple[Keys, Keys, Keys]:
    """What has a file, what was read, and what is the same file as another paper; without versions where all papers are asked for."""
    files = select(FileRow.paper_id, FileRow.version)
    readings = select(ReadingRow.paper_id, ReadingRow.version)
    same = select(FileRow.paper_id, FileRow.version).join(
        ReadingRow,
        and_(col(ReadingRow.sha256) == FileRow.sha256, col(ReadingRow.paper_id) == FileRow.paper_id),
    )
    if papers is not None:
        files = files.where(col(FileRow.paper_id).in_(papers))
        readings = readings.where(col(ReadingRow.paper_id).in_(papers))
        same = same.where(col(FileRow.paper_id).in_(papers))

    def key(paper: str, version: int) -> tuple[str, int]:
        return paper, version if papers is not None else 0

    own = {key(paper, version) for query in (readings, same) for paper, version in session.exec(query)}
    doubled = {key(double.paper, double.version) for double in duplicates(session)}
    return {key(paper, version) for paper, version in session.exec(files)}, own, doubled


def _facts(session: Session, papers: Sequence[str] | None) -> dict[str, Facts]:
    query = select(CellRow.paper_id, CellRow.status).where(
        col(CellRow.field).in_(_FACTS), CellRow.status != "void"
    )
    if papers is not None:
        query = query.where(col(CellRow.paper_id).in_(papers))
    found: dict[str, Facts] = {}
    for paper, status in session.exec(query.distinct()):
        best: Facts = "published" if status in PUBLISHED else "queued" if status == "queued" else "rejected"
        found[paper] = max(best, found.get(paper, ""), key=get_args(Facts).index)
    return found


def _failures(session: Session) -> dict[tuple[str, str], str]:
    """Types of the errors that stand, the latest of each version, by whether fetching or reading failed."""
    query = select(FailureRow.stage, FailureRow.subject, FailureRow.error).where(
        col(FailureRow.resolved_at).is_(None),
        (col(FailureRow.stage) == _FETCH) | col(FailureRow.stage).like(_READ),
    )
    return {
        (stage if stage == _FETCH else _READ, re.sub(r"\.html(\+pdf)?$", "", subject)): error
        for stage, subject, error in session.exec(query.order_by(col(FailureRow.last_at)))
    }
