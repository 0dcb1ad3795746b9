"""The log becomes questions and answers: before adjudication, each person alone, nothing that was undone."""

from hypothesis import given
from hypothesis import strategies as st

from db.agreement.answers import Question, questions_about, read_log
from db.cells import verdict_of
from db.events import (
    Adjudicated,
    Decision,
    DeclaredNotReported,
    EntityMerged,
    EntityRemoved,
    Event,
    Flagged,
    Noted,
    Rejected,
    Reopened,
    Skipped,
    Undone,
)
from extractors.facts.fields import field_of
from extractors.facts.values import NotReported
from tests.logs import WORDS, Book, accepted, cell, corrected, named, ruled

A, B, C = named("A"), named("B"), named("C")
KEY = cell()


def asked(book: Book) -> tuple[Question, ...]:
    return questions_about(KEY, book.entries)


def test_two_slots_are_one_question() -> None:
    book = Book()
    book.both(KEY, A, B)
    (question,) = asked(book)
    assert question.said == {"ann": A, "bob": B}
    assert question.ruling is None


def test_an_adjudication_is_no_opinion_but_the_question_s_ruling() -> None:
    book = Book()
    book.both(KEY, A, B)
    book.add("sen", KEY, ruled(B, 1, 2), slot=2, kind="senior")
    (question,) = asked(book)
    assert question.said == {"ann": A, "bob": B}
    assert question.ruling is not None
    assert (question.ruling.actor, question.ruling.value) == ("sen", B)


def test_a_later_look_is_another_question() -> None:
    book = Book()
    book.both(KEY, A, A)
    book.add("machine", KEY, Reopened(accepted(B).proposal, B, WORDS), slot=None, kind="machine")
    book.add("cat", KEY, accepted(B), slot=0)
    assert [list(question.said) for question in asked(book)] == [["ann", "bob"], ["cat"]]


def test_a_decision_outside_the_queue_is_no_opinion() -> None:
    book = Book()
    book.add("ann", KEY, accepted(A), slot=0)
    book.add("author", KEY, corrected(B), slot=None, kind="author")
    assert [question.said for question in asked(book)] == [{"ann": A}]


def test_an_author_beside_two_annotators_is_none_of_them() -> None:
    book = Book()
    book.both(KEY, A, A)
    book.add("author", KEY, corrected(B), slot=3, kind="author")
    book.add("cat", KEY, ruled(B, 1, 2, 3), slot=4)
    (question,) = asked(book)
    assert question.said == {"ann": A, "bob": A}
    assert question.ruling is not None
    assert question.ruling.actor == "cat"


def test_who_fills_a_slot_again_replaces_what_was_said_there() -> None:
    book = Book()
    book.add("ann", KEY, accepted(A), slot=0)
    book.add("ann", KEY, Flagged(), slot=None)
    book.add("sen", KEY, corrected(B), slot=0, kind="senior")
    assert [question.said for question in asked(book)] == [{"sen": B}]


def test_what_was_undone_was_never_said_and_an_undo_undone_is_none() -> None:
    book = Book()
    book.both(KEY, A, B)
    undo = book.undo(2)
    assert [question.said for question in asked(book)] == [{"ann": A}]
    book.undo(undo)
    assert [question.said for question in asked(book)] == [{"ann": A, "bob": B}]


def test_rejecting_and_finding_nothing_reported_are_answers_and_skips_are_none() -> None:
    book = Book()
    book.add("ann", KEY, Rejected(), slot=0)
    book.add("bob", KEY, DeclaredNotReported(), slot=1)
    book.add("cat", KEY, Skipped(), slot=2)
    (question,) = asked(book)
    assert question.said == {"ann": None, "bob": NotReported()}


def test_nothing_stands_while_people_disagree_even_under_a_flag() -> None:
    book = Book()
    book.both(KEY, A, B)
    assert read_log(book.entries).standing(KEY) is None
    book.add("ann", KEY, Flagged(), slot=None)
    assert read_log(book.entries).standing(KEY) is None


def test_of_a_thing_that_is_none_nothing_stands_until_that_is_undone() -> None:
    book = Book()
    book.add("ann", KEY, accepted(A))
    removal = book.add("sen", KEY.entity, EntityRemoved(), kind="senior", reason="of another paper")
    standing = read_log(book.entries).standing(KEY)
    assert standing is not None
    assert (standing.value, standing.entry.envelope.reason) == (None, "of another paper")
    book.undo(removal)
    restored = read_log(book.entries).standing(KEY)
    assert restored is not None
    assert restored.value == A


def test_what_stands_of_two_things_that_are_one_is_what_was_said_last_of_either() -> None:
    book, other = Book(), cell(slug="other")
    book.add("ann", KEY, accepted(A))
    book.add("bob", KEY.entity, EntityMerged(other.entity))
    book.add("bob", other, corrected(B))
    standing = read_log(book.entries).standing(KEY)
    assert standing is not None
    assert standing.value == B


EVENTS: st.SearchStrategy[Event] = st.sampled_from(
    [
        accepted(A),
        corrected(B),
        corrected(C),
        Rejected(),
        DeclaredNotReported(),
        Skipped(),
        Flagged(),
        Noted("x"),
    ]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ann", "bob", "cat"]), EVENTS, st.sampled_from([0, 1, None]), st.integers(0, 9)
        ),
        max_size=12,
    )
)
def test_the_last_question_holds_what_the_verdict_is_made_of(
    said: list[tuple[str, Event, int | None, int]],
) -> None:
    book = Book()
    for actor, event, slot, undone in said:
        seq = book.add(actor, KEY, event, slot=slot)
        if undone == 0:
            book.add(actor, KEY, Undone(max(1, seq - 1)), slot=None)
    decided = [e for e in read_log(book.entries).entries if isinstance(e.event, Decision | Adjudicated)]
    verdict = verdict_of(field_of(KEY), book.entries)
    questions = asked(book)
    assert (verdict is None) == (not decided)
    if verdict and decided[-1].envelope.slot is not None:
        assert {answer.actor for answer in questions[-1].answers} <= set(verdict.reviewers)
        assert all(answer.seq <= verdict.seq for answer in questions[-1].answers)
