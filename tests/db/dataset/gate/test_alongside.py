"""Rows beside papers are given paper by paper, and none is held or lost."""

from db.dataset.gate.alongside import Alongside
from extractors.facts.ids import PaperId

A, B, C = PaperId("2403.00001"), PaperId("2403.00002"), PaperId("2403.00003")


def test_rows_of_a_paper_are_given_and_those_before_it_passed_over() -> None:
    rows = Alongside([(A, 1), (B, 2), (B, 3), (C, 4)])
    assert rows.of(B) == [2, 3]
    assert rows.of(B) == []
    assert rows.of(C) == [4]
    assert rows.of(PaperId("2403.00004")) == []


def test_papers_that_nobody_asked_for_are_given_before_the_next() -> None:
    rows = Alongside([(A, 1), (B, 2), (C, 3)])
    assert list(rows.before(B)) == [(A, [1])]
    assert rows.of(B) == [2]
    assert list(rows.before(None)) == [(C, [3])]


def test_a_paper_without_rows_leaves_the_others_alone() -> None:
    rows = Alongside([(A, 1), (C, 3)])
    assert (rows.of(B), rows.of(C)) == ([], [3])
