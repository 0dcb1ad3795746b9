"""Each change between two releases says why, in a sentence that names who, what or which version."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.dataset.reasons import LONGEST, UNKNOWN
from db.dataset.release import build_release
from db.engine import session
from db.events import Corrected, EntityMerged, EntityRemoved, Flagged, Noted, Rejected, Undone
from db.log import last_seq
from db.models import choose
from db.papers import Withdrawal, record_file, record_withdrawals
from db.rejudging import rejudge
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, Quantity

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.db.dataset.conftest import Begin, Said, World

PAPER, OTHER = "2403.00042", "2403.00043"
MODEL = f"{PAPER}/model/sparsenet"
RUN = f"{PAPER}/run/sparsenet.training"
COUNT = CellKey.parse(f"{RUN}#count")
LATER = datetime(2026, 12, 1, 4, tzinfo=UTC)
SIXTEEN = Quantity.exact(16, "devices", "16")


@pytest.fixture
def published(begin: Begin) -> World:
    """Two papers that were released."""
    return begin(_published)


def _published(world: World, folder: Path) -> None:
    world.read(PAPER)
    world.read(OTHER)
    build_release(world.engine, folder)


@pytest.fixture
def reasons(published: World, tmp_path: Path) -> Callable[[], dict[str, str]]:
    """Builds the next release; the reasons that it gives, by cell."""

    def build() -> dict[str, str]:
        folder = build_release(published.engine, tmp_path).folder
        with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
            return {row["cell"]: row["reason"] for row in csv.DictReader(file)}

    return build


Reasons = Callable[[], dict[str, str]]


def otherwise(said: tuple[Said, ...], field: str, value: Quantity) -> list[Said]:
    """What the paper says, but for one field."""
    return [(kind, slug, name, value if name == field else old) for kind, slug, name, old in said]


def without(said: tuple[Said, ...], field: str) -> list[Said]:
    return [one for one in said if one[2] != field]


def test_a_first_release_has_a_list_of_changes_without_any(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    folder = build_release(world.engine, tmp_path).folder
    assert (folder / "changes.csv").read_text() == "cell,change,before,after,reason\n"
    assert "The first release: 16 cells of 1 paper." in (folder / "CHANGELOG.md").read_text()


def test_a_person_is_named_with_day_and_reason(
    published: World, reasons: Reasons, evidence_of: Callable[..., Evidence]
) -> None:
    published.say(COUNT, Corrected(SIXTEEN, evidence_of(PAPER, "two nodes of 8")), reason="eight a node.")
    assert reasons() == {str(COUNT): "ada corrected it on 2026-11-21: eight a node."}


def test_a_rejected_cell_says_who_rejected_it(published: World, reasons: Reasons) -> None:
    published.say(COUNT, Rejected(), reason="that is the\x1b[31m cluster")
    assert reasons() == {str(COUNT): "ada rejected it on 2026-11-21: that is the [31m cluster."}


def test_what_is_taken_back_is_said_to_be(published: World, reasons: Reasons) -> None:
    published.say(COUNT, Rejected())
    with session(published.engine) as opened:
        seq = last_seq(opened)
    reasons()
    published.say(COUNT, Undone(seq))
    assert reasons() == {str(COUNT): "ada took back what was said of it on 2026-11-21."}


def test_a_removed_entity_and_what_went_with_it(published: World, reasons: Reasons) -> None:
    published.say(EntityId.parse(MODEL), EntityRemoved(), reason="a dataset")
    found = reasons()
    assert set(found.values()) == {"ada removed what it is about on 2026-11-21: a dataset."}
    assert {f"{MODEL}#parameters", str(COUNT)} <= found.keys()


def test_a_merged_entity_says_into_which(
    published: World, reasons: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    twin: tuple[Said, ...] = (
        ("model", "the-net", "name", Name("the-net", "the net")),
        ("model", "the-net", "flops", Quantity.exact(4.1e9, "FLOP")),
    )
    published.read(PAPER, (*sparsenet, *twin), extractor="burden-0.1.1", at=LATER)
    reasons()
    published.say(EntityId.parse(f"{PAPER}/model/the-net"), EntityMerged(EntityId.parse(MODEL)))
    said = f"ada said that {PAPER}/model/the-net is the same as {MODEL} on 2026-11-21."
    found = reasons()
    assert set(found.values()) == {said}
    assert f"{MODEL}#flops" in found


def test_a_later_extractor_is_named_with_the_one_before(
    published: World, reasons: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    published.read(PAPER, otherwise(sparsenet, "count", SIXTEEN), extractor="burden-0.2.0", at=LATER)
    assert reasons() == {str(COUNT): "The paper was read anew, by burden-0.2.0 after burden-0.1.0."}


def test_a_new_version_of_the_paper_is_named(
    published: World, reasons: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    published.read(PAPER, otherwise(sparsenet, "count", SIXTEEN), version=2, at=LATER)
    assert reasons() == {str(COUNT): "Version 2 of the paper was read, by burden-0.1.0."}


def test_a_cell_that_is_no_longer_read_says_by_whom(
    published: World, reasons: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    published.read(PAPER, without(sparsenet, "count"), extractor="burden-0.2.0", at=LATER)
    assert reasons() == {
        str(COUNT): "It is no longer read. The paper was read anew, by burden-0.2.0 after burden-0.1.0."
    }


def test_a_cell_that_waits_again_says_so(published: World, reasons: Reasons) -> None:
    published.read(PAPER, extractor="burden-0.2.0", unsure=["count"], at=LATER)
    assert reasons() == {
        str(COUNT): "It waits for review. The paper was read anew, by burden-0.2.0 after burden-0.1.0."
    }


def test_the_last_cells_of_a_row_say_what_took_it_away(published: World, reasons: Reasons) -> None:
    result = f"{PAPER}/result/sparsenet.top1"
    published.say(CellKey.parse(f"{result}#score"), Rejected(), reason="of another paper")
    found = reasons()
    assert found.pop(f"{result}#score") == "ada rejected it on 2026-11-21: of another paper."
    assert set(found.values()) == {"No fact of its row is published any more."}
    published.read(PAPER, at=LATER)


def test_another_confidence_model_is_named(published: World, reasons: Reasons) -> None:
    stricter = replace(published.judge.model, version="burden-stricter")
    with session(published.engine) as opened:
        choose(opened, stricter, LATER)
    judge = type(published.judge).of(stricter, published.judge.promise)
    published.read(
        PAPER, unsure=["count"], at=LATER - timedelta(days=30), extractor="burden-0.1.0a", judge=judge
    )
    assert OTHER in list(rejudge(published.engine, judge, LATER))
    assert reasons() == {
        str(COUNT): "It waits for review. It was judged anew, by confidence model burden-stricter."
    }


def test_a_withdrawn_paper_has_the_words_of_its_source_and_may_be_back(
    published: World, reasons: Reasons
) -> None:
    gone = Withdrawal(PaperId(PAPER), LATER, "An error\x00 in Lemma 2.")
    with session(published.engine) as opened:
        record_withdrawals(opened, [gone])
    assert set(reasons().values()) == {"The paper left the dataset: it was withdrawn: An error in Lemma 2."}
    with session(published.engine) as opened:
        record_withdrawals(opened, [], [PAPER])
    assert set(reasons().values()) == {"The paper is back in the dataset."}


def test_the_file_of_another_paper_is_named(published: World, reasons: Reasons) -> None:
    with session(published.engine) as opened:
        sha256 = f"{PAPER.replace('.', '')}1".ljust(64, "f")
        record_file(opened, PaperId(OTHER), 1, sha256=sha256, size=1, at=LATER)
    found = reasons()
    assert {reason for cell, reason in found.items() if cell.startswith(OTHER)} == {
        f"The paper left the dataset: it is the same file as {PAPER}v1."
    }


def test_a_new_paper_has_one_reason_for_all_its_cells(published: World, reasons: Reasons) -> None:
    published.read("2403.00044")
    assert set(reasons().values()) == {"The paper is new in the dataset."}


def test_remarks_and_flags_are_no_reasons(
    published: World, reasons: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    published.say(COUNT, Flagged())
    published.say(COUNT, Noted("seen"))
    published.read(PAPER, otherwise(sparsenet, "count", SIXTEEN), extractor="burden-0.2.0", at=LATER)
    assert reasons() == {str(COUNT): "The paper was read anew, by burden-0.2.0 after burden-0.1.0."}


def test_what_nothing_tells_of_is_said_to_be_unknown(
    published: World, reasons: Reasons, sparsenet: tuple[Said, ...]
) -> None:
    published.read(PAPER, otherwise(sparsenet, "count", SIXTEEN), extractor="burden-0.2.0")
    assert reasons() == {str(COUNT): UNKNOWN}


def test_a_long_reason_is_cut(published: World, reasons: Reasons) -> None:
    published.say(COUNT, Rejected(), reason="because " * 200)
    (said,) = reasons().values()
    assert len(said) == LONGEST
    assert said.endswith("….")


def test_both_engines_give_the_same_reasons(
    published: World,
    reasons: Reasons,
    postgresql_engine: Engine,
    tmp_path: Path,
    sparsenet: tuple[Said, ...],
) -> None:
    other = type(published)(postgresql_engine)
    other.read(PAPER)
    other.read(OTHER)
    build_release(other.engine, tmp_path / "other")
    for place in (published, other):
        place.say(COUNT, Rejected(), reason="no")
        place.read(OTHER, sparsenet[:-1], extractor="burden-0.2.0", at=LATER)
        place.read("2403.00044")
    one, two = (build_release(place.engine, tmp_path / place.engine.name) for place in (published, other))
    for name in ("changes.csv", "CHANGELOG.md", "SHA256SUMS"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()
