"""Every paper has one fate, and whatever comes into a step goes on, ends there for a reason, or waits."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from db.cells import Judge
from db.engine import open_database, session
from db.papers import Listing, Withdrawal, record_file, record_listings, record_withdrawals
from db.prisma import (
    KNOWN,
    OLDER,
    STEPS,
    Fate,
    Flow,
    Known,
    Station,
    fate,
    fates,
    fates_of,
    flow,
    in_lines,
    in_words,
    released_papers,
)
from db.readings import save
from db.runs import record_failure, resolve_failure
from db.screenings import record_screening
from db.tables import FileRow, PaperRow, PaperVersionRow, PublishedRow, ReadingRow, ReleaseRow
from extractors.confidence import Linear
from extractors.facts.errors import DamagedDocumentError, DatasetError, NotFoundError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
JUDGE = Judge.of(model_of({"training": Linear(9.0)}), Promise(0.9, 0.1))
PAPERS = tuple(PaperId(f"2401.0000{n}") for n in range(1, 5))
A, B, C, D = PAPERS


# Fates


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Known(), Fate("identified", "to be screened", waits=True)),
        (Known(is_newest=False), Fate("identified", OLDER)),
        (Known(is_withdrawn=True), Fate("identified", "withdrawn")),
        (Known(decision="irrelevant", reason="Nothing."), Fate("screened", "Nothing.")),
        (Known(decision="uncertain"), Fate("sought", "to be fetched", waits=True)),
        (Known(decision="relevant", has_address=False), Fate("sought", "no file offered")),
        (Known(decision="relevant", fetching="NotFoundError"), Fate("sought", "not found")),
        (Known(decision="relevant", is_withdrawn=True), Fate("sought", "withdrawn")),
        (Known(has_file=True), Fate("retrieved", "to be read", waits=True)),
        (Known(has_file=True, reading="DamagedDocumentError"), Fate("retrieved", "damaged document")),
        (Known(has_file=True, is_duplicate=True), Fate("retrieved", "duplicate: the file of another paper")),
        (
            Known(has_file=True, is_read=True, facts="queued", is_duplicate=True),
            Fate("with facts", "duplicate: the file of another paper"),
        ),
        (Known(has_file=True, is_read=True), Fate("read", "no facts found")),
        (Known(is_read=True, facts="rejected"), Fate("with facts", "all values rejected")),
        (Known(is_read=True, facts="queued"), Fate("with facts", "for a person", waits=True)),
        (Known(is_read=True, facts="published"), Fate("with facts", "for a release", waits=True)),
        (Known(is_read=True, facts="published", is_withdrawn=True), Fate("with facts", "withdrawn")),
        (Known(is_read=True, facts="published", is_released=True), Fate("released")),
    ],
)  # fmt: skip
def test_a_fate_is_the_furthest_step_and_why_no_further(known: Known, expected: Fate) -> None:
    assert fate(known) == expected


@pytest.mark.parametrize(
    ("error", "words"), [("NotFoundError", "not found"), ("Error", "Error"), ("OSError", "os")]
)
def test_errors_are_told_in_words(error: str, words: str) -> None:
    assert in_words(error) == words


# Flows

fate_of_any = st.builds(
    Fate, st.sampled_from(STEPS[:-1]), st.sampled_from(["a", "b"]), st.booleans()
) | st.just(Fate("released"))
journeys_of_any = st.dictionaries(st.tuples(st.sampled_from(STEPS), fate_of_any), st.integers(1, 50))


@settings(max_examples=40)
@given(journeys_of_any, st.integers(0, 9))
def test_whatever_comes_into_a_step_goes_on_ends_or_waits(
    journeys: dict[tuple[str, Fate], int], known: int
) -> None:
    found = flow(journeys, known)  # type: ignore[arg-type]  # any step is a step
    for before, after in zip(found.stations, found.stations[1:], strict=False):
        assert before.entered == before.went_on + sum(before.ended.values()) + sum(before.waiting.values())
        assert before.went_on == after.came
    ended = sum(sum(s.ended.values()) + sum(s.waiting.values()) for s in found.stations)
    assert ended + found["released"].went_on == sum(journeys.values()) + known
    assert found["identified"].ended.get(KNOWN, 0) == known
    assert TypeAdapter(Flow).validate_json(TypeAdapter(Flow).dump_json(found)) == found


def test_what_a_run_takes_up_in_the_middle_is_told_apart() -> None:
    found = flow(
        {("identified", Fate("sought", "not found")): 2, ("sought", Fate("read", "no facts found")): 3}
    )
    assert (found["sought"].came, found["sought"].taken_up, found["sought"].went_on) == (2, 3, 3)
    assert dict(in_lines(found)) == {
        "identified": "2",
        "screened": "2",
        "sought": "5 (3 from before): 2 not found",
        "retrieved": "3",
        "read": "3: 3 no facts found",
    }


def test_numbers_that_do_not_add_up_are_no_flow() -> None:
    with pytest.raises(DatasetError, match="2 went on from identified, and 3 came to screened"):
        Flow((Station("identified", 2), Station("screened", 3)))


# From the database


def list_(opened: Session, paper: PaperId, version: int = 1, url: str | None = "https://x/1") -> None:
    record_listings(opened, "test", [Listing(paper, version, "", "", (), (), AT, AT, b"", url)], AT)


def decide(opened: Session, paper: PaperId, decision: str, version: int = 1) -> None:
    record_screening(
        opened, paper, version, stage="listing", decision=decision, domains=(), reason="Says little.", at=AT
    )


def bring(opened: Session, paper: PaperId, version: int = 1, sha256: str = "") -> str:
    name = sha256 or f"{paper.replace('.', '')}{version}".ljust(64, "0")
    record_file(opened, paper, version, sha256=name, size=1, at=AT)
    return name


def read(opened: Session, paper: PaperId, version: int = 1, facts: int = 1, sha256: str = "") -> None:
    name = bring(opened, paper, version, sha256)
    words = Evidence(name, 1, None, "Training", "on 8 GPUs", "test.rule")
    cell = CellKey(EntityId(paper, "run", "net"), "count")
    said = (Proposal(cell, Quantity.exact(8, "devices"), words),) * facts
    save(opened, Reading(name, "burden-1", paper, "", 9, said), JUDGE, AT, version=version)


def test_each_paper_is_counted_where_it_stands(engine: Engine) -> None:
    with session(engine) as opened:
        for paper in PAPERS:
            list_(opened, paper)
        list_(opened, A, 2)
        decide(opened, A, "irrelevant", 2)
        decide(opened, B, "relevant")
        record_failure(opened, "fetch", f"{B}v1", NotFoundError("there is none"), AT)
        decide(opened, C, "relevant")
        bring(opened, C)
        record_failure(opened, "read burden-1", f"{C}v1.html+pdf", DamagedDocumentError("cut off"), AT)
        decide(opened, D, "relevant")
        read(opened, D)
        found = fates(opened).flow(())
        versions = fates_of(opened, [(A, 1), (A, 2), (D, 1), (PaperId("2401.00009"), 1)])
        released = fates(opened).flow([D])
    assert (found["identified"].entered, found["identified"].ended) == (5, {OLDER: 1})
    assert (found["screened"].entered, found["screened"].ended) == (4, {"Says little.": 1})
    assert found["sought"].ended == {"not found": 1}
    assert found["retrieved"].ended == {"damaged document": 1}
    assert (found["read"].entered, found["with facts"].waiting) == (1, {"for a release": 1})
    assert (found["released"].entered, released["released"].entered) == (0, 1)
    assert versions == {
        (A, 1): Fate("identified", OLDER),
        (A, 2): Fate("screened", "Says little."),
        (D, 1): Fate("with facts", "for a release", waits=True),
    }


def test_a_paper_counts_by_the_furthest_of_its_versions_and_a_version_by_itself(engine: Engine) -> None:
    with session(engine) as opened:
        list_(opened, A)
        decide(opened, A, "relevant")
        read(opened, A)
        list_(opened, A, 2)
        decide(opened, A, "relevant", 2)
        assert fates(opened).papers == {A: Fate("with facts", "for a release", waits=True)}
        assert fates_of(opened, [(A, 2)]) == {(A, 2): Fate("sought", "to be fetched", waits=True)}


def test_a_file_that_is_another_papers_too_is_read_once_and_counted_as_a_duplicate(engine: Engine) -> None:
    with session(engine) as opened:
        for paper in (A, B):
            list_(opened, paper)
        read(opened, A, sha256="f" * 64)
        bring(opened, B, sha256="f" * 64)
        assert fates(opened).papers[B] == Fate("retrieved", "duplicate: the file of another paper")


def test_a_paper_is_released_while_something_of_it_is_in_the_last_release(engine: Engine) -> None:
    with session(engine) as opened:
        for paper in (A, B):
            list_(opened, paper)
            read(opened, paper)
        assert released_papers(opened) == frozenset()
        for version, changed in (("0.9.0", {A: "x", B: "x"}), ("0.10.0", {A: None})):
            opened.add(
                ReleaseRow(
                    version=version, built_at=AT, manifest_sha256="a" * 64, content_sha256="", schema_sha256="", last_seq=0
                )
            )  # fmt: skip
            opened.flush()
            for paper, value in changed.items():
                opened.add(
                    PublishedRow(
                        version=version,
                        paper_id=paper,
                        entity_id=f"{paper}/run/net",
                        field="count",
                        value_hash=value,
                    )
                )
        opened.flush()
        assert released_papers(opened) == {B}


# Random histories

DEEDS = ("list", "revise", "relevant", "uncertain", "irrelevant", "bring", "read", "read in vain", "fail", "fail to read", "mend", "withdraw")  # fmt: skip
history = st.lists(st.tuples(st.sampled_from(PAPERS), st.sampled_from(DEEDS)), max_size=24)


def do(opened: Session, paper: PaperId, deed: str, at: datetime) -> None:
    """Something happens to a paper; what cannot happen to it does not."""
    row = opened.get(PaperRow, paper)
    if row is None or deed in ("list", "revise"):
        list_(opened, paper, 1 if row is None or deed == "list" else row.latest + 1)
        return
    name = f"{paper}v{row.latest}"
    if deed in ("relevant", "uncertain", "irrelevant"):
        decide(opened, paper, deed, row.latest)
    elif deed == "bring":
        bring(opened, paper, row.latest)
    elif deed.startswith("read"):
        file = f"{paper.replace('.', '')}{row.latest}".ljust(64, "0")
        if opened.get(ReadingRow, (file, "burden-1", paper)) is None:
            read(opened, paper, row.latest, deed == "read")
    elif deed == "fail":
        record_failure(opened, "fetch", name, NotFoundError("none"), at)
    elif deed == "fail to read":
        record_failure(opened, "read burden-1", name, DamagedDocumentError("cut off"), at)
    elif deed == "mend":
        resolve_failure(opened, "fetch", name, at)
    else:
        record_withdrawals(opened, [Withdrawal(paper, at, "An error.")])


@pytest.fixture(scope="module")
def template(sqlite_template: Path) -> Path:
    return sqlite_template


@contextmanager
def fresh(template: Path) -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "burden.db")
        engine = open_database(f"sqlite:///{folder}/burden.db")
        yield engine
        engine.dispose()


def number(opened: Session, column: object) -> int:
    return opened.exec(select(func.count(func.distinct(column)))).one()


@settings(max_examples=20, deadline=None)
@given(history, st.sets(st.sampled_from(PAPERS)), st.sampled_from(STEPS))
def test_the_flow_of_any_history_adds_up_to_the_rows_that_there_are(
    template: Path, deeds: list[tuple[PaperId, str]], released: set[PaperId], begun: str
) -> None:
    with fresh(template) as engine, session(engine) as opened:
        for n, (paper, deed) in enumerate(deeds):
            do(opened, paper, deed, AT + timedelta(minutes=n))
        found = fates(opened)
        rows = opened.exec(select(PaperVersionRow.paper_id, PaperVersionRow.version)).all()
        versions = [(PaperId(paper), version) for paper, version in rows]
        each = fates_of(opened, versions)
        files, readings = number(opened, FileRow.paper_id), number(opened, ReadingRow.paper_id)
        papers = number(opened, PaperRow.paper_id)
        gone = opened.exec(select(PaperRow.paper_id).where(col(PaperRow.withdrawn_at).is_not(None))).all()
    whole = found.flow(released & found.papers.keys())
    assert whole["identified"].entered == len(versions)
    assert whole["identified"].ended.get(OLDER, 0) == len(versions) - papers
    assert set(found.papers) == {paper for paper, _ in versions}
    plain = found.flow(())
    assert (plain["retrieved"].entered, plain["read"].entered) == (files, readings)
    assert all(not found.papers[PaperId(paper)].waits for paper in gone)
    assert set(each) == set(versions)
    for paper, end in found.papers.items():
        own = [STEPS.index(each[version].reached) for version in versions if version[0] == paper]
        assert STEPS.index(end.reached) >= own[-1]
    journeys = Counter((begun, end) for end in each.values())
    night = flow(journeys)  # type: ignore[arg-type]  # any step is a step
    last = night.stations[-1]
    ends = sum(sum(s.ended.values()) + sum(s.waiting.values()) for s in night.stations) + last.went_on
    assert ends == len(versions)
