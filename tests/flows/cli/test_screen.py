"""`burden screen` tells why a paper is read or left out, by the database, by the rules of now, and for a text of one's own."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.engine import open_database, session
from db.papers import Listing, record_listings
from db.screenings import keep_rules, record_decisions, record_screening, to_screen
from extractors.facts.ids import PaperId
from extractors.screening import packaged_rules
from extractors.screening import screen as screening_of
from tests.command import Done, command
from tests.databases import migrated

AT = datetime(2026, 11, 23, tzinfo=UTC)
NETS, GROUPS, ADDED = (PaperId(f"2401.0000{n}") for n in (1, 2, 3))


def listing(id: PaperId, title: str, abstract: str, category: str) -> Listing:
    return Listing(id, 1, title, abstract, (), (category,), AT, AT, b"")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a paper of each kind: relevant, left out, and chosen by a person."""
    found = tmp_path_factory.mktemp("data")
    engine = open_database(f"sqlite:///{found / 'burden.sqlite'}")
    migrated(engine)
    rules = packaged_rules()
    with session(engine) as opened:
        record_listings(
            opened,
            "test",
            [
                listing(NETS, "Deep\x1b[2J nets", "We train neural networks on ImageNet.", "cs.CV"),
                listing(GROUPS, "Groups", "We study groups.", "math.GR"),
                listing(ADDED, "Rings", "We study rings.", "math.RA"),
            ],
            AT,
        )
        keep_rules(opened, rules, AT)
        due = to_screen(opened, rules.sha256)
        record_decisions(opened, [(one, screening_of(one.metadata, rules)) for one in due], rules, AT)
        record_screening(
            opened, ADDED, 1, stage="listing", decision="relevant", domains=(), reason="Added by ann.", at=AT
        )
    engine.dispose()
    return found


def told(folder: Path, *words: str, **settings: str) -> Done:
    return command("screen", *words, env={"BURDEN_DATA_DIR": str(folder), **settings})


def test_a_paper_is_told_with_its_score_and_every_reason(folder: Path) -> None:
    done = told(folder, NETS)
    assert done.returncode == 0
    for part in (
        "v1 is relevant, score 11, decided on 2026-11-23 by rules",
        "+4  names a tracked benchmark: ImageNet",
        "+1  is listed where deep learning is at home: cs.CV",
    ):
        assert part in done.stdout
    assert "\x1b" not in done.stdout
    assert "By the rules of now" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_choice_of_a_person_is_told_beside_what_the_rules_say(folder: Path) -> None:
    done = told(folder, ADDED)
    assert "Added by ann." in done.stdout
    assert "By the rules of now:\nirrelevant, score -4" in done.stdout


def test_papers_that_were_left_out_are_listed_and_found_by_words(folder: Path) -> None:
    done = told(folder, "--left-out")
    assert "2401.00002v1  Is listed only where deep learning is rare." in done.stdout
    assert told(folder, "--find", "groups study").stdout == done.stdout
    assert told(folder, "--find", "rings").stdout == "No such paper was left out.\n"
    (paper,) = json.loads(told(folder, "--left-out", "--json").stdout)["left_out"]
    assert (paper["paper"], paper["score"], paper["reasons"][0]["rule"]) == (GROUPS, -4, "listed.elsewhere")


def test_a_text_is_screened_without_a_database(tmp_path: Path) -> None:
    words = ("--title", "Nets", "--text", "A transformer.", "--category", "cs.CL", "--category", "cs.LG")
    done = told(tmp_path / "none", *words)
    assert done.stdout.startswith("relevant, score 6 (relevant from 3, uncertain from 2; rules ")
    assert not (tmp_path / "none").exists()
    found = json.loads(told(tmp_path / "none", *words, "--json").stdout)
    assert (found["decision"], found["rules"]) == ("relevant", packaged_rules().sha256)


def test_rules_of_ones_own_are_tried_by_a_setting(folder: Path, tmp_path: Path) -> None:
    packaged = Path("extractors/ontology/screening.toml").read_text("utf-8")
    own = tmp_path / "own.toml"
    own.write_text(packaged.replace("points = -4", "points = 3"), "utf-8")
    done = told(folder, GROUPS, BURDEN_SCREENING_RULES=str(own))
    assert "v1 is irrelevant" in done.stdout
    assert "By the rules of now:\nrelevant, score 3" in done.stdout


@pytest.mark.parametrize("words", [(), (NETS, "--left-out"), (NETS, "--text", "nets")])
def test_one_thing_is_asked_at_a_time(folder: Path, words: tuple[str, ...]) -> None:
    done = told(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give an ID" in done.stderr


def test_a_paper_that_is_not_here_is_told(folder: Path) -> None:
    done = told(folder, "2401.99999")
    assert done.returncode == 2
    assert "there is no paper 2401.99999" in done.stderr
