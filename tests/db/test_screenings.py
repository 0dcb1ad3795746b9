"""Decisions are made again when rules or listings change, never against a person, and never drop what is here."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from db.engine import session
from db.papers import Listing, record_file, record_listings, to_fetch
from db.screening_tables import ScreeningRow, ScreeningRulesRow
from db.screenings import (
    how_many_to_screen,
    keep_rules,
    left_out,
    record_decisions,
    record_screening,
    screened,
    screening_of,
    to_screen,
)
from db.tables import ReadingRow
from extractors.facts.ids import PaperId
from extractors.screening import Metadata, Rules, packaged_rules, parse_rules, screen

AT = datetime(2026, 11, 23, tzinfo=UTC)
ID = PaperId("2401.00001")
NETS = Listing(ID, 1, "Nets", "Neural nets.", (), ("cs.CV",), AT, AT, b"<nets/>", "https://papers.example/1")
GROUPS = replace(NETS, paper_id=PaperId("2401.00002"), title="Groups", abstract="We study 100% of groups.", categories=("math.GR",))  # fmt: skip
STRICT = """
relevant = {border}
uncertain = {border}
listed.elsewhere = {{ points = 0, reason = "is listed" }}
words.net = {{ points = 1, reason = "names nets", phrases = ["nets"] }}
benchmarks = {{ points = 1, reason = "names a benchmark" }}
silent = {{ points = 0, reason = "is silent" }}
domain.faces = {{ name = "faces", points = 1, phrases = ["face"] }}
"""
NOBODY, ALL = parse_rules(STRICT.format(border=9)), parse_rules(STRICT.format(border=0))
RULES = packaged_rules()


def decide(opened: Session, rules: Rules = RULES) -> dict[str, str]:
    """What these rules decide of all that is due."""
    keep_rules(opened, rules, AT)
    due = to_screen(opened, rules.sha256)
    found = record_decisions(opened, [(one, screen(one.metadata, rules)) for one in due], rules, AT)
    return {str(paper): decision for paper, decision in found.items()}


@pytest.fixture
def listed(engine: Engine) -> Engine:
    with session(engine) as opened:
        record_listings(opened, "test", [NETS, GROUPS], AT)
    return engine


def test_what_was_decided_comes_back_with_score_reasons_and_rules(listed: Engine) -> None:
    with session(listed) as opened:
        assert how_many_to_screen(opened, RULES.sha256) == 2
        assert decide(opened) == {ID: "relevant", GROUPS.paper_id: "irrelevant"}
        found, expected = screened(opened, ID), screen(Metadata("Nets", "Neural nets.", ("cs.CV",)), RULES)
        assert found
        assert (found.score, found.reasons, found.domains) == (
            expected.score,
            expected.reasons,
            expected.domains,
        )
        assert (found.rules, found.version, found.title) == (RULES.sha256, 1, "Nets")
        assert opened.get_one(ScreeningRulesRow, RULES.sha256).body == RULES.body
        assert decide(opened) == {}
        assert how_many_to_screen(opened, RULES.sha256) == 0


def test_other_rules_decide_again_and_a_paper_that_comes_in_now_is_fetched(listed: Engine) -> None:
    with session(listed) as opened:
        decide(opened)
        assert [file.paper_id for file in to_fetch(opened)] == [ID]
        assert decide(opened, ALL) == {ID: "relevant", GROUPS.paper_id: "relevant"}
        assert [file.paper_id for file in to_fetch(opened)] == [ID, GROUPS.paper_id]
        assert set(decide(opened, NOBODY).values()) == {"irrelevant"}
        assert to_fetch(opened) == ()


def test_what_is_uncertain_is_fetched_after_what_is_relevant(listed: Engine) -> None:
    with session(listed) as opened:
        for listing, decision in ((NETS, "uncertain"), (GROUPS, "relevant")):
            record_screening(
                opened, listing.paper_id, 1, stage="listing", decision=decision, domains=(), reason="", at=AT
            )
        assert [file.paper_id for file in to_fetch(opened)] == [GROUPS.paper_id, ID]


def reading(sha256: str) -> ReadingRow:
    return ReadingRow(
        sha256=sha256, extractor="burden-1", paper_id=ID, version=1, title="", pages=1, read_at=AT
    )


@pytest.mark.parametrize("is_read", [False, True])
def test_a_paper_whose_file_is_here_is_not_dropped_by_new_rules_nor_by_a_new_version(
    listed: Engine, is_read: bool
) -> None:
    sha256 = "a" * 64
    with session(listed) as opened:
        decide(opened)
        record_file(opened, ID, 1, sha256=sha256, size=1, at=AT)
        if is_read:
            opened.add(reading(sha256))
        assert decide(opened, NOBODY) == {ID: "relevant", GROUPS.paper_id: "irrelevant"}
        found = screened(opened, ID)
        assert found and found.score == 1, "it keeps the score that it has by them"
        assert found.reason == (
            "Kept, because it was read before." if is_read else "Kept, because its file is here."
        )
        record_listings(opened, "test", [replace(NETS, version=2, abstract="Withdrawn from the nets.")], AT)
        assert decide(opened, NOBODY) == {ID: "relevant"}


def test_what_a_person_chose_stays_and_so_do_its_new_versions(listed: Engine) -> None:
    with session(listed) as opened:
        record_screening(
            opened, ID, 1, stage="listing", decision="relevant", domains=(), reason="Added by ann.", at=AT
        )
        assert decide(opened, NOBODY) == {GROUPS.paper_id: "irrelevant"}
        assert screening_of(opened, ID) == ("relevant", "Added by ann.")
        record_listings(opened, "test", [replace(NETS, version=2)], AT)
        assert decide(opened, NOBODY) == {ID: "relevant"}
        assert screening_of(opened, ID) == ("relevant", "Kept, because a person chose it.")


def test_a_listing_that_says_something_else_now_is_screened_again_by_what_it_says(listed: Engine) -> None:
    crossed = replace(
        GROUPS, abstract="Neural nets find groups.", categories=("math.GR", "cs.LG"), raw=b"<again/>"
    )
    with session(listed) as opened:
        decide(opened)
        record_listings(opened, "test", [replace(GROUPS, comment="12 pages", raw=b"<comment/>")], AT)
        assert decide(opened) == {}, "a comment is nothing that screening goes by"
        record_listings(opened, "test", [crossed], AT)
        assert decide(opened) == {GROUPS.paper_id: "relevant"}
        record_listings(opened, "test", [crossed], AT)
        assert decide(opened) == {}
        record_listings(opened, "test", [replace(GROUPS, raw=b"<first again/>")], AT)
        assert decide(opened) == {GROUPS.paper_id: "irrelevant"}


def test_what_rules_without_a_version_decided_is_decided_again(listed: Engine) -> None:
    with session(listed) as opened:
        opened.add(
            ScreeningRow(
                paper_id=ID,
                version=1,
                stage="listing",
                decision="irrelevant",
                domains=[],
                reason="No.",
                is_due=True,
                decided_at=AT,
            )
        )
        opened.flush()
        assert decide(opened)[ID] == "relevant"


def test_a_batch_is_bounded_and_begins_with_the_oldest(listed: Engine) -> None:
    with session(listed) as opened:
        assert [due.paper_id for due in to_screen(opened, RULES.sha256, 1)] == [ID]


def test_papers_that_were_left_out_are_found_by_their_words(listed: Engine) -> None:
    with session(listed) as opened:
        decide(opened)
        (paper,) = left_out(opened)
        assert (paper.paper_id, paper.reason) == (
            GROUPS.paper_id,
            "Is listed only where deep learning is rare.",
        )
        assert left_out(opened, ["100%", "GROUPS"]) == (paper,)
        assert left_out(opened, ["1_0%"]) == left_out(opened, ["groups", "nets"]) == ()
