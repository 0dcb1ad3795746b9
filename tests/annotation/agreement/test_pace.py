"""How long people look: quartiles of what was decided, and items an hour, breaks and passed items included."""

import pytest

from annotation.agreement.pace import BREAK_SECONDS, Pace, pace
from db.agreement.answers import read_log
from db.events import Noted, Skipped
from tests.logs import Book, accepted, cell, named

A = named("A")


def found(book: Book) -> dict[tuple[str | None, str], Pace]:
    return {(item.person, item.place): item for item in pace(read_log(book.entries).entries)}


def test_median_and_quartiles_are_of_each_person_and_field_and_of_everybody() -> None:
    book = Book()
    for number, seconds in enumerate((4.0, 6.0, 8.0, 10.0, 12.0)):
        book.add("ann", cell(number), accepted(A), seconds=seconds)
    book.add("bob", cell(9), accepted(A), seconds=20)
    of_ann = found(book)["ann", "run.accelerator"]
    assert (of_ann.items, of_ann.lower_quartile, of_ann.median, of_ann.upper_quartile) == (5, 6, 8, 10)
    assert of_ann.per_hour == pytest.approx(3600 / 8)
    assert found(book)[None, "all"].median == 9


def test_what_was_passed_over_took_time_too_and_a_break_is_no_work() -> None:
    book = Book()
    book.add("ann", cell(1), accepted(A), seconds=60)
    book.add("ann", cell(2), Skipped(), seconds=60)
    assert found(book)["ann", "all"].per_hour == pytest.approx(30)
    book.add("ann", cell(3), accepted(A), seconds=50_000)
    assert found(book)["ann", "all"].per_hour == pytest.approx(2 * 3600 / (120 + BREAK_SECONDS))


def test_what_was_undone_or_not_timed_or_no_decision_does_not_count() -> None:
    book = Book()
    undone = book.add("ann", cell(1), accepted(A), seconds=1)
    book.undo(undone)
    book.add("ann", cell(2), accepted(A))
    book.add("ann", cell(3), accepted(A), seconds=float("nan"))
    book.add("ann", cell(4), Noted("odd"), seconds=5)
    assert found(book) == {}


def test_answers_that_took_no_time_have_no_rate() -> None:
    book = Book()
    book.add("ann", cell(), accepted(A), seconds=0)
    assert found(book)["ann", "all"].per_hour is None
