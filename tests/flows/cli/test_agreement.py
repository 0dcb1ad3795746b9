"""`burden agreement` over a real database whose log was made by people in sessions."""

import csv
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from annotation.session import Answer, Item, Reviewer, accepted, corrected, decide, next_item, undo
from db.cells import Judge
from db.engine import open_database, session
from db.events import Corrected, Envelope, Rejected
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.readings import save
from db.refresh import cell_state
from db.tables import ReviewItemRow
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.command import Done
from tests.databases import migrated
from tests.models import model_of

Burden = Callable[..., Done]

AT = datetime(2026, 11, 23, tzinfo=UTC)
LATER = AT + timedelta(days=7)
PAPERS = tuple(PaperId(f"2401.{number:05d}") for number in range(12))
FAMILY = Linear(0.0)
MODEL = model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY})
JUDGE = Judge.of(MODEL, Promise(0.9, 0.1), ReviewPolicy(second_fields=("run.count",)))
ANN, BOB = Reviewer("ann", JUDGE), Reviewer("bob", JUDGE)
SEN = Reviewer("sen\x1b[31m", JUDGE, senior=True, role="adjudication")


def count_of(paper: PaperId) -> CellKey:
    return CellKey(EntityId(paper, "run", "net"), "count")


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def read_papers(opened: Session) -> None:
    """Twelve papers of a count each, and a second opinion wanted on every one."""
    for number, paper in enumerate(PAPERS):
        sha256 = f"{number:064d}"
        words = Evidence(sha256, 4, None, "Training", "We used eight devices.", "test.rule")
        fact = Proposal(count_of(paper), devices(8 if number % 2 else 4), words)
        record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, paper, 1, sha256=sha256, size=1, at=AT)
        save(opened, Reading(sha256, "burden-1", paper, "A Net", 9, (fact,)), JUDGE, AT)


def answer(
    opened: Session,
    who: Reviewer,
    paper: PaperId,
    said: Callable[[Item], Answer],
    at: datetime,
    reason: str = "",
) -> None:
    item = next_item(opened, who, at, only=count_of(paper))
    assert item is not None
    decide(opened, item, said(item), who, at, uuid=str(uuid4()), reason=reason, seconds=10.0)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann and Bob answered all; of two they disagreed, and a senior ruled on one; Bob took an answer back and gave it again."""
    path = tmp_path_factory.mktemp("reviewed") / "burden.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrated(engine)
    with session(engine) as opened:
        read_papers(opened)
        for number, paper in enumerate(PAPERS):
            answer(opened, ANN, paper, accepted, AT)
            if number == 5:
                answer(opened, BOB, paper, lambda item: corrected(item, devices(99)), AT)
                undo(opened, BOB, AT, uuid=str(uuid4()))
            answer(
                opened,
                BOB,
                paper,
                accepted if number > 1 else lambda item: corrected(item, devices(16)),
                LATER,
            )
        answer(
            opened,
            SEN,
            PAPERS[0],
            lambda item: corrected(item, devices(16)),
            LATER,
            "read\x1b[2J \u202epage 4",
        )
    engine.dispose()
    return path


@pytest.fixture
def folder(reviewed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a copy of that database."""
    shutil.copy(reviewed, tmp_path / "burden.sqlite")
    monkeypatch.setenv("BURDEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def figures(burden: Burden, *options: str) -> dict[str, Any]:
    done = burden("agreement", "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_everything_is_told_as_json_and_the_same_each_time(folder: Path, burden: Burden) -> None:
    found = figures(burden)
    pair = next(item for item in found["agreement"] if item["pair"] and item["place"] == "run.count")
    assert (pair["pair"], pair["items"], pair["papers"]) == (["ann", "bob"], 12, 12)
    # they agree in 10 of 12; Ann said 8 and 4 six times each, Bob 8 five, 4 five, 16 twice: chance agrees in 60 of 144
    assert pair["percent"] == pytest.approx({"value": 0.8333, "low": 0.5833, "high": 1.0, "why": ""})
    kappa = pair["kappa"]
    assert isinstance(kappa, dict)
    assert kappa["value"] == pytest.approx((10 / 12 - 60 / 144) / (1 - 60 / 144), abs=1e-4)
    assert found["adjudications"]["people"] == [
        {"person": "ann", "number": 1, "upheld": 0},
        {"person": "bob", "number": 1, "upheld": 1},
    ]
    (correction,) = found["corrections"]
    assert (correction["person"], correction["how"], correction["by_kind"]) == (
        "ann",
        "adjudicated",
        "senior",
    )
    shares = {
        (item["place"], item["extractor"]): (item["kept"], item["items"]) for item in found["precision"]
    }
    assert shares["all", None] == shares["all", "burden-1"] == (10, 11)
    assert burden("agreement", "--json").stdout == burden("agreement", "--json").stdout


def test_the_table_fits_80_columns_without_colour_and_steers_no_terminal(
    folder: Path, burden: Burden
) -> None:
    for options in ((), ("--as", "ann")):
        shown = burden("agreement", *options).stdout
        assert max(map(len, shown.splitlines())) <= 80
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "ann and bob" in burden("agreement").stdout


def test_a_person_reads_how_they_were_corrected(folder: Path, burden: Burden) -> None:
    shown = burden("agreement", "--as", "ann").stdout
    assert "HOW ann WAS CORRECTED" in shown
    for words in (
        f"{count_of(PAPERS[0])}",
        "said 4 devices",
        "now  16 devices",
        "adjudicated by sen [31m (senior)",
        "page 4",
    ):
        assert words in shown
    assert "No answer was." in burden("agreement", "--as", "bob").stdout


def test_what_an_author_contradicts_corrects_both_once_somebody_has_settled_it(
    folder: Path, burden: Burden
) -> None:
    key = count_of(PAPERS[7])
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        state = cell_state(opened, key)
        assert state is not None and state.evidence is not None
        said = Envelope(
            str(uuid4()), LATER, "R. Doe", "author", key.entity, key.field, reason="two nodes of 8"
        )
        append(opened, said, Corrected(devices(16), state.evidence), JUDGE)
    assert [item["person"] for item in figures(burden)["corrections"]] == ["ann"], (
        "the author settles nothing"
    )
    with session(engine) as opened:
        answer(opened, SEN, PAPERS[7], lambda item: corrected(item, devices(16)), LATER + timedelta(hours=1))
    engine.dispose()
    assert [item["person"] for item in figures(burden)["corrections"]] == ["ann", "ann", "bob"]


def test_what_a_paper_of_the_same_file_took_over_is_not_counted_once_more(
    folder: Path, burden: Burden
) -> None:
    before, second = burden("agreement", "--json").stdout, PaperId("2402.00001")
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(second, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        sha256 = f"{3:064d}"
        record_file(opened, second, 1, sha256=sha256, size=1, at=LATER)
        words = Evidence(sha256, 4, None, "Training", "We used eight devices.", "test.rule")
        fact = Proposal(count_of(second), devices(8), words)
        saved = save(opened, Reading(sha256, "burden-1", second, "A Net", 9, (fact,)), JUDGE, LATER)
        assert (saved.first, saved.taken_over) == (PAPERS[3], 2)
    engine.dispose()
    assert burden("agreement", "--json").stdout == before


def test_audits_are_told_apart_from_the_queue(folder: Path, burden: Burden) -> None:
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        item = opened.exec(
            select(ReviewItemRow).where(col(ReviewItemRow.paper_id) == PAPERS[4])
        ).one()  # as the lot would have it
        item.audit = "kept"
        opened.add(item)
    engine.dispose()
    found = {
        item["source"]: (item["kept"], item["items"])
        for item in figures(burden)["precision"]
        if item["place"] == "run.count"
    }
    assert found == {"audit": (1, 1), "queue": (9, 10)}


def test_days_and_fields_narrow_it(folder: Path, burden: Burden) -> None:
    assert figures(burden, "--since", "2026-12-24")["agreement"] == []
    assert figures(burden, "--field", "scores")["agreement"] == []
    assert {item["place"] for item in figures(burden, "--field", "count")["agreement"]} == {
        "all",
        "training",
        "run.count",
    }


def test_a_table_is_written_for_a_spreadsheet(folder: Path, burden: Burden) -> None:
    assert burden("agreement", "--csv", folder / "agreement.csv").returncode == 0
    with (folder / "agreement.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert ("run.count", "ann", "bob", "12") in {
        (row["place"], row["first"], row["second"], row["items"]) for row in found
    }
    refused = burden("agreement", "--csv", folder / "no" / "such.csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "cannot be written" in refused.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--as", "eve\x1b[2J"), "never decided anything"),
        (("--field", "nonsense"), "no field 'nonsense'"),
        (("--since", "yesterday"), "yesterday"),
    ],
)
def test_what_makes_no_sense_is_refused(
    folder: Path, burden: Burden, options: tuple[str, ...], words: str
) -> None:
    refused = burden("agreement", *options)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert words in refused.stderr
    assert "\x1b[2J" not in refused.stderr


def test_an_empty_log_says_so(tmp_path: Path, burden: Burden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURDEN_DATA_DIR", str(tmp_path))
    shown = burden("agreement")
    assert shown.returncode == 0
    assert "Nothing was answered by two people" in shown.stdout


def test_a_rejection_and_a_value_disagree(folder: Path, burden: Burden) -> None:
    before = figures(burden)["unsettled"]
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        undo(opened, BOB, LATER, uuid=str(uuid4()))
        answer(opened, BOB, PAPERS[11], lambda _: Rejected(), LATER, "of the test server")
    engine.dispose()
    assert (before, figures(burden)["unsettled"]) == (1, 2)
