"""The machine is judged by what people left as it was, once an item, audits apart."""

from annotation.agreement.machine import UNSAID, Precision, precision, was_kept
from db.agreement.answers import read_log
from db.agreement.coefficients import Draws
from db.events import Rejected
from tests.logs import Book, accepted, cell, corrected, named, ruled

A, B = named("A"), named("B")


def found(
    book: Book, audits: frozenset[int] = frozenset()
) -> tuple[dict[tuple[str, str, str | None], Precision], int]:
    questions = read_log(book.entries).questions()
    shares, unsettled = precision(questions, audits, Draws.of(q.key.entity.paper for q in questions))
    return {(item.source, item.place, item.extractor): item for item in shares}, unsettled


def kept(book: Book) -> bool | None:
    (question,) = read_log(book.entries).questions()
    return was_kept(question)


def test_two_who_accept_one_value_are_one_item_that_was_left() -> None:
    book = Book()
    book.both(cell(), A, A)
    assert kept(book) is True
    shares, _ = found(book)
    assert (shares["queue", "all", None].items, shares["queue", "all", None].kept) == (1, 1)


def test_a_rival_or_a_correction_or_a_rejection_is_not_left() -> None:
    for event in (accepted(A, rank=1), corrected(A), Rejected()):
        book = Book()
        book.add("ann", cell(), event)
        assert kept(book) is False


def test_an_adjudication_says_who_was_right_of_the_machine() -> None:
    for value, right in ((A, True), (B, False), (None, False)):
        book = Book()
        book.both(cell(), A, B)
        assert kept(book) is None
        book.add("sen", cell(), ruled(value, 1, 2), slot=2)
        assert kept(book) is right


def test_items_of_which_people_disagree_are_left_out_and_counted() -> None:
    book = Book()
    book.both(cell(1), A, B)
    book.both(cell(2), A, A)
    shares, unsettled = found(book)
    assert (shares["queue", "all", None].items, unsettled) == (1, 1)


def test_audits_stand_apart_from_the_queue() -> None:
    book = Book()
    audit = book.add("ann", cell(1), accepted(A))
    book.add("ann", cell(2), corrected(A))
    shares, _ = found(book, frozenset({audit}))
    assert (shares["audit", "run.accelerator", None].kept, shares["queue", "training", None].kept) == (1, 0)


def test_versions_stand_apart_and_one_that_is_not_noted_says_so() -> None:
    book = Book()
    book.add("ann", cell(1), accepted(A, extractor="burden-2"))
    book.add("ann", cell(2), corrected(A), extractor="burden-1")
    book.add("ann", cell(3), corrected(A))
    shares, _ = found(book)
    versions = {version: item.kept for (_, place, version), item in shares.items() if place == "all"}
    assert versions == {None: 1, "burden-2": 1, "burden-1": 0, UNSAID: 0}
