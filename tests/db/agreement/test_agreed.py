"""Agreement is told by place and by pair, of what two people answered."""

from __future__ import annotations

from db.agreement.agreed import agreed
from db.agreement.answers import read_log
from tests.logs import Book, accepted, cell, named

A, B = named("A"), named("B")


def test_what_one_person_alone_answered_changes_no_figure() -> None:
    book = Book()
    for number in range(1, 13):
        book.both(cell(number), A, A if number % 4 else B)
    twice = list(agreed(read_log(book.entries).questions()))
    for number in range(20, 60):
        book.add("ann", cell(number), accepted(A))
    assert list(agreed(read_log(book.entries).questions())) == twice
    assert [(item.place, item.pair) for item in twice] == [
        ("all", None),
        ("training", None),
        ("run.accelerator", None),
        ("all", ("ann", "bob")),
        ("training", ("ann", "bob")),
        ("run.accelerator", ("ann", "bob")),
    ]
    assert twice[0].found.items == 12 and twice[0].found.percent.value == 0.75


def test_of_pairs_those_of_one_person_can_be_asked_for() -> None:
    book = Book()
    book.both(cell(1), A, B)
    questions = read_log(book.entries).questions()
    assert [item.pair for item in agreed(questions, lambda _, pair: pair is None or "cyd" in pair)] == [
        None
    ] * 3
