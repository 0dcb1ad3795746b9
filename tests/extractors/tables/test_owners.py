"""Whose a row is."""

from __future__ import annotations

import pytest

from extractors.ownership import Ownership
from extractors.tables.owners import Habits, cited_names, habits_of, judge

PLAIN = Habits(has_ours=False, has_cited=False)
MARKED = Habits(has_ours=True, has_cited=False)
OWNER = Ownership(("ZipNet",))


@pytest.mark.parametrize(
    ("label", "group", "habits", "own"),
    [
        ("ZipNet-50", "", PLAIN, True),
        ("OldNet + zip (ours)", "", MARKED, True),
        ("ZipNet-50 [7]", "", PLAIN, False),
        ("ZipNet on OldNet [7]", "", PLAIN, True),
        ("OldNet [12]", "", PLAIN, False),
        ("OldNet (Author et al., 2017)", "", PLAIN, False),
        ("OldNet", "Published methods", PLAIN, False),
        ("base", "Our models", MARKED, True),
        ("CitedNet-101", "", MARKED, False),
        ("Human performance", "", PLAIN, False),
        ("some row", "", MARKED, False),
        ("some row", "", PLAIN, True),
    ],
)
def test_a_row_is_ours_or_not(label: str, group: str, habits: Habits, own: bool) -> None:
    assert judge(label, group, label, OWNER, habits, frozenset({"citednet"})).own is own


def test_an_assumption_is_given_as_a_reason() -> None:
    verdict = judge("some row", "", "some row", OWNER, PLAIN, frozenset())
    assert verdict.certain == 0
    assert "whose row" in verdict.reason


def test_names_with_a_citation_behind_them_are_found() -> None:
    assert cited_names(["We compare with OldNet [12] and Big Model (Author, 2016)."]) >= {
        "oldnet",
        "bigmodel",
    }


def test_the_habits_of_a_table_are_seen() -> None:
    assert habits_of(["OldNet [12]", "NewNet (ours)"]) == Habits(has_ours=True, has_cited=True)
