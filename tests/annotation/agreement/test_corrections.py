"""Who was corrected: whose last answer is not what stands now, by another's word; and whom adjudications upheld."""

from annotation.agreement.corrections import Correction, Rulings, Upheld, corrections, rulings
from db.agreement.answers import read_log
from db.events import EntityRemoved, Rejected
from tests.logs import Book, accepted, cell, corrected, devices, named, ruled

A, B, C = named("A"), named("B"), named("C")
KEY = cell()


def found(book: Book) -> list[Correction]:
    log = read_log(book.entries)
    return list(corrections(log, log.cells))


def test_an_adjudication_corrects_whom_it_does_not_uphold() -> None:
    book = Book()
    book.both(KEY, A, B)
    assert found(book) == []
    book.add("sen", KEY, ruled(B, 1, 2), slot=2, kind="senior", reason="the table says so")
    (item,) = found(book)
    assert (item.person, item.said, item.stands, item.how) == ("ann", A, B, "adjudicated")
    assert (item.by, item.by_kind, item.reason) == ("sen", "senior", "the table says so")


def test_a_later_decision_of_another_corrects_and_one_s_own_does_not() -> None:
    book = Book()
    book.add("ann", KEY, accepted(A))
    book.add("ann", KEY, corrected(B), slot=None)
    assert found(book) == []
    book.add("Doe", KEY, corrected(C), slot=None, kind="author", reason="we used C")
    (item,) = found(book)
    assert (item.said, item.stands, item.how, item.by_kind) == (B, C, "decided later", "author")


def test_who_comes_round_is_not_corrected() -> None:
    book = Book()
    book.both(KEY, A, B)
    book.add("sen", KEY, ruled(B, 1, 2), slot=2)
    book.add("ann", KEY, corrected(B), slot=None)
    assert found(book) == []


def test_a_correction_undone_was_none() -> None:
    book = Book()
    book.both(KEY, A, B)
    ruling = book.add("sen", KEY, ruled(B, 1, 2), slot=2)
    book.undo(ruling)
    assert found(book) == []


def test_the_same_value_in_other_words_corrects_nobody() -> None:
    book = Book()
    key = cell(name="count")
    book.add("ann", key, accepted(devices(8)))
    book.add("bob", key, corrected(devices(8.0)), slot=None)
    assert found(book) == []


def test_of_a_thing_that_is_none_all_values_were_wrong_and_rejecting_was_right() -> None:
    book = Book()
    book.add("ann", KEY, accepted(A))
    book.add("bob", cell(name="count"), Rejected())
    book.add("sen", KEY.entity, EntityRemoved(), kind="senior", reason="another paper's run")
    (item,) = found(book)
    assert (item.person, item.stands, item.how, item.reason) == (
        "ann",
        None,
        "no such entity",
        "another paper's run",
    )


def test_adjudicators_are_corrected_too_and_machines_and_authors_are_not_listed() -> None:
    book = Book()
    book.both(KEY, A, B)
    book.add("sen", KEY, ruled(B, 1, 2), slot=2, kind="senior")
    book.add("Doe", KEY, corrected(C), slot=None, kind="author")
    book.add("sen2", KEY, corrected(A), slot=None, kind="senior")
    assert [(item.person, item.by) for item in found(book)] == [("bob", "sen2"), ("sen", "sen2")]


def test_rulings_count_whom_they_upheld() -> None:
    book = Book()
    for number, value in enumerate((A, B, B, C, None)):
        book.both(cell(number), A, B)
        book.add("sen", cell(number), ruled(value), slot=2, kind="senior")
    places, people = rulings(read_log(book.entries).questions())
    assert Rulings("all", 5, 3, 2, 0) in places
    assert Rulings("run.accelerator", 5, 3, 2, 0) in places
    assert people == (Upheld("ann", 5, 1), Upheld("bob", 5, 2))
