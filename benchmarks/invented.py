"""An invented arXiv for days on end, and whether a database and its store are what that arXiv truly has.

Papers are revised, withdrawn, brought back and deleted, and some appear five days late, as ranges of ids do. Each relevant version is
a PDF of bytes of its own: a small typeset page, and a comment behind its end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session, select

from db.engine import snapshot
from db.screening_tables import ScreeningRow
from db.tables import BlobRow, FileRow, PaperRow, PaperVersionRow, ReadingRow
from extractors.screening import WANTED
from flows.demo.catalogue import Sample
from flows.demo.oai import Shown
from flows.demo.standin import StandIn
from flows.settings import Settings

FIRST = datetime(2024, 3, 6, 2, 30, tzinfo=UTC)
"""When the first night begins; papers have come since four days before."""
SETS = ("cs", "stat")
LATE = timedelta(days=5)
"""How late some papers appear."""
_BEFORE = timedelta(days=4)
_REST = timedelta(hours=2)
"""Before the last night, in which nothing new comes."""
_DELETED = "arXiv deleted the record."
_PAGE = b"""#set page(width: 12cm, height: 8cm)
= Larkspur
We trained Larkspur on 8 NVIDIA V100 GPUs for 3 days.
"""


@dataclass(frozen=True, slots=True)
class World:
    """Every version of every paper, and which records are deleted when."""

    samples: tuple[Sample, ...]
    deleted: dict[str, datetime]


def invent(chance: Random, nights: int, records: int, relevant: int) -> World:
    """Papers that come from four days before the first night until two hours before the last, in order of their ids."""
    last = FIRST + timedelta(days=nights - 1) - _REST
    read = frozenset(chance.sample(range(records), relevant))
    step = (last - FIRST + _BEFORE) / records
    samples: list[Sample] = []
    deleted: dict[str, datetime] = {}
    for number in range(records):
        came = (FIRST - _BEFORE + number * step).replace(microsecond=0)
        versions = _versions(chance, _first(chance, number, came, is_relevant=number in read), last)
        gone = (versions[-1].announced or versions[-1].updated) + LATE
        if chance.random() < 0.01 and gone <= last:
            deleted[versions[-1].id] = gone
        samples += versions
    return World(tuple(samples), deleted)


def _first(chance: Random, number: int, came: datetime, *, is_relevant: bool) -> Sample:
    cross = ("stat.ML",) if chance.random() < 0.2 else ()
    categories = (("cs.CV", *cross) if is_relevant else ("cs.DS",)) if chance.random() < 0.9 else ()
    subject = "Image classification with networks" if is_relevant else "Sorting of lists"
    about = "A deep neural network is trained on ImageNet." if is_relevant else "Lists are sorted."
    categories = categories or (("stat.ML",) if is_relevant else ("stat.ME",))
    return Sample(
        id=f"2403.{number + 1:05}",
        version=1,
        title=f"{subject}, part {number + 1}",
        authors=("Ada Invented",),
        abstract=about,
        primary_category=categories[0],
        categories=categories,
        published=came,
        updated=came,
        pdf="",
    )


def _versions(chance: Random, first: Sample, last: datetime) -> list[Sample]:
    """A paper's versions: most have one, some appear late, some are replaced, withdrawn, or withdrawn and brought back."""
    if chance.random() < 0.05 and first.updated + LATE <= last:
        first = replace(first, announced=first.updated + LATE)
    found, fate = [first], chance.random()
    follow = ("new",) if fate < 0.1 else ("gone",) if fate < 0.12 else ("gone", "new") if fate < 0.13 else ()
    for what in follow:
        before = found[-1]
        at = (before.announced or before.updated) + timedelta(seconds=chance.randint(100_000, 400_000))
        if at > last:
            break
        is_gone = what == "gone"
        found.append(
            replace(
                before,
                version=before.version + 1,
                title=first.title + ("" if is_gone else f", version {before.version + 1}"),
                updated=at,
                announced=None,
                withdrawn=is_gone,
                comment="Withdrawn by the authors: an error was found." if is_gone else None,
            )
        )
    return found


@cache
def _page() -> bytes:
    import typst

    return typst.compile(_PAGE, format="pdf", timestamp=FIRST)


def pdf(sample: Sample) -> bytes:
    """The file of a version, like no other: a comment behind its end changes nothing."""
    return _page() + f"\n% {sample.name}\n%%EOF\n".encode()


def is_relevant(sample: Sample) -> bool:
    """Whether screening is to find it worth reading."""
    return sample.abstract.startswith("A deep")


def settings_for(service: StandIn, folder: Path, interval: float, **more: object) -> Settings:
    """Settings of a night that asks an invented arXiv."""
    given = {
        "data_dir": folder,
        "arxiv_api_url": service.api_url,
        "arxiv_oai_url": service.oai_url,
        "arxiv_pdf_url": service.pdf_url,
        "request_interval_seconds": interval,
        "oai_sets": SETS,
        "html": "never",
    }
    return Settings.model_validate(given | more)


def to_have(paper: Shown) -> Sample | None:
    """The version whose file is to be fetched and read; None where there is none."""
    newest = paper.versions[-1]
    return newest if is_relevant(newest) and not newest.withdrawn and not paper.gone else None


# Comparing


def differences(engine: Engine, service: StandIn, store: Path) -> Iterator[str]:
    """What the database or the store has otherwise than the stand-in has it now, each as a sentence; nothing where all is right."""
    shown = service.shown()
    with snapshot(engine) as opened:
        yield from _versions_differ(opened, shown)
        yield from _papers_differ(opened, shown)
        yield from _files_differ(opened, shown)
        yield from _store_differs(opened, store)


def _versions_differ(opened: Session, shown: list[Shown]) -> Iterator[str]:
    rows = {(row.paper_id, row.version): row for row in opened.exec(select(PaperVersionRow))}
    truth = {(sample.id, sample.version): (sample, paper) for paper in shown for sample in paper.versions}
    yield from (f"{id}v{version} is not in the database" for id, version in truth.keys() - rows.keys())
    yield from (f"{id}v{version} is in the database only" for id, version in rows.keys() - truth.keys())
    for key in truth.keys() & rows.keys():
        (sample, paper), row = truth[key], rows[key]
        may_lack = (
            sample is not paper.versions[-1]
        )  # the feed tells only dates of versions that were replaced
        if row.title != sample.title and not (may_lack and not row.title):
            yield f"{sample.name} is called {row.title!r} and not {sample.title!r}"
        if row.updated != sample.updated:
            yield f"{sample.name} is of {row.updated} and not of {sample.updated}"
        if row.title and tuple(row.categories) != sample.categories:
            yield f"{sample.name} is in {row.categories}"


def _papers_differ(opened: Session, shown: list[Shown]) -> Iterator[str]:
    screened = {(row.paper_id, row.version): row.decision for row in opened.exec(select(ScreeningRow))}
    papers = {row.paper_id: row for row in opened.exec(select(PaperRow))}
    for paper in shown:
        newest = paper.versions[-1]
        row = papers.get(newest.id)
        if row is None:
            continue  # its versions are missing, which was said
        if (row.title, row.latest) != (newest.title, newest.version):
            yield f"{newest.id} is {row.title!r}, version {row.latest}, and not {newest.title!r}, version {newest.version}"
        if (row.withdrawn_at, row.withdrawn_reason) != _withdrawn(paper):
            yield f"{newest.id} is withdrawn {row.withdrawn_at} ({row.withdrawn_reason}) and not {_withdrawn(paper)}"
        if (screened.get((newest.id, newest.version)) in WANTED) != is_relevant(newest):
            yield f"{newest.name} is wrongly screened"


def _withdrawn(paper: Shown) -> tuple[datetime | None, str | None]:
    newest = paper.versions[-1]
    if paper.gone:
        return datetime.combine(paper.changed, datetime.min.time(), UTC), _DELETED
    return (newest.updated, newest.comment) if newest.withdrawn else (None, None)


def _files_differ(opened: Session, shown: list[Shown]) -> Iterator[str]:
    """Files that are not those of their version, and versions to have that have no file or no reading, or more than one."""
    files = {(row.paper_id, row.version, row.media): row.sha256 for row in opened.exec(select(FileRow))}
    known = {sample.name: sample for paper in shown for sample in paper.versions if is_relevant(sample)}
    for (id, version, media), sha256 in files.items():
        sample = known.get(f"{id}v{version}")
        if sample is None or media != "pdf" or sha256 != _sha256(sample):
            yield f"the {media} of {id}v{version} is not its own"
    read = [row.sha256 for row in opened.exec(select(ReadingRow))]
    if len(read) > len(set(read)) or not set(read) <= set(files.values()):
        yield "there are readings twice, or of files that no version has"
    for sample in filter(None, map(to_have, shown)):
        if (sample.id, sample.version, "pdf") not in files:
            yield f"{sample.name} has no file"
        elif files[sample.id, sample.version, "pdf"] not in read:
            yield f"{sample.name} has no reading"


def _sha256(sample: Sample) -> str:
    return hashlib.sha256(pdf(sample)).hexdigest()


def _store_differs(opened: Session, store: Path) -> Iterator[str]:
    rows, used = set(opened.exec(select(BlobRow.sha256))), set(opened.exec(select(FileRow.sha256)))
    lying = {path.name: path for path in store.rglob("*") if path.is_file()}
    yield from (f"object {name} has no row" for name in lying.keys() - rows)
    yield from (f"object {name} is not in the store" for name in rows - lying.keys())
    yield from (f"object {name} is no version's file" for name in rows - used)
    for name in lying.keys() & rows:
        if hashlib.sha256(lying[name].read_bytes()).hexdigest() != name:
            yield f"object {name} has other bytes"
