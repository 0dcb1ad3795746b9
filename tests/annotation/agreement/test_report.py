"""The whole report: every figure in its place, undone answers without influence, the same log the same bytes."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.report import Report, Wanted, as_json, corrected_by_field, report_of, rows
from db.agreement.agreed import Agreed
from db.events import DeclaredNotReported, Rejected
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS
from tests.logs import START, Book, accepted, cell, corrected, devices, named, ruled

A, B = named("A"), named("B")
EVERYTHING = Wanted()


def told(book: Book, wanted: Wanted = EVERYTHING) -> Report:
    return report_of(book.entries, frozenset(), wanted)


def at(report: Report, place: str, pair: tuple[str, str] | None = None) -> Agreed:
    return next(item for item in report.agreed if (item.place, item.pair) == (place, pair))


@pytest.fixture
def book() -> Book:
    """Twelve papers that Ann and Bob both answered, with two disagreements of which one is settled; Cat saw three with Ann."""
    made = Book()
    for number in range(12):
        made.both(cell(number), A if number % 2 else B, A if number % 2 or number < 4 else B)
        made.both(cell(number, "count"), devices(8), devices(8))
    made.add("sen", cell(0), ruled(A, 1, 2), slot=2, kind="senior", reason="see page 4")
    for number in range(3):
        made.both(cell(number, "count", "other"), devices(number + 1), devices(number + 1), ("ann", "cat"))
    return made


def test_every_field_family_and_pair_has_its_figures(book: Book) -> None:
    report = told(book)
    assert report.people == ("ann", "bob", "cat", "sen")
    assert [(item.place, item.pair) for item in report.agreed] == [
        *((place, None) for place in ("all", "training", "run.accelerator", "run.count")),
        *((place, ("ann", "bob")) for place in ("all", "training", "run.accelerator", "run.count")),
        *((place, ("ann", "cat")) for place in ("all", "training", "run.count")),
    ]
    accelerator = at(report, "run.accelerator", ("ann", "bob")).found
    assert (accelerator.items, accelerator.papers) == (12, 12)
    assert accelerator.percent.value == pytest.approx(10 / 12)
    # Ann said A six times and B six, Bob A eight times and B four: chance agrees in (6 * 8 + 6 * 4) / 144 = 1/2
    assert accelerator.kappa is not None
    assert accelerator.kappa.value == pytest.approx((10 / 12 - 1 / 2) / (1 - 1 / 2))
    assert at(report, "all").found.items == 27
    assert at(report, "all", ("ann", "cat")).found.alpha.why == "too few"
    assert report.unsettled == 1


def test_a_person_sees_what_concerns_them(book: Book) -> None:
    report = told(book, Wanted(person="cat"))
    assert {item.pair for item in report.agreed} == {None, ("ann", "cat")}
    assert report.corrections == ()
    (mine,) = told(book, Wanted(person="ann")).corrections
    assert (mine.said, mine.stands, mine.by, mine.reason) == (B, A, "sen", "see page 4")
    with pytest.raises(UsageError, match="never decided") as refused:
        told(book, Wanted(person="eve"))
    assert "ann, bob, cat, sen" in str(refused.value)


def test_fields_and_days_narrow_the_report(book: Book) -> None:
    report = told(book, Wanted(fields=("run.count",)))
    assert {item.place for item in report.agreed} == {"all", "training", "run.count"}
    assert report.corrections == ()
    late = told(book, Wanted(since=START + timedelta(minutes=49)))
    assert at(late, "all").found.items == 3
    assert len(late.corrections) == 1
    assert told(book, Wanted(since=START + timedelta(days=1))).agreed == ()


def test_an_empty_log_has_an_empty_report() -> None:
    report = told(Book())
    assert (report.people, report.agreed, report.precision, report.pace) == ((), (), (), ())
    assert json.loads(json.dumps(as_json(report), allow_nan=False))["agreement"] == []


def test_the_same_log_gives_the_same_bytes_in_any_order(book: Book) -> None:
    first = json.dumps(as_json(told(book)), allow_nan=False)
    book.entries.reverse()
    assert json.dumps(as_json(told(book)), allow_nan=False) == first


def test_corrections_are_counted_by_field(book: Book) -> None:
    assert corrected_by_field(told(book)) == {"run.accelerator": 1}


def test_a_spreadsheet_gets_all_figures_and_no_formula(book: Book) -> None:
    book.both(cell(1, "epochs"), A, A, ("=cmd()", "bob"))
    head, *lines = rows(told(book))
    assert all(len(line) == len(head) for line in lines)
    assert ("run.accelerator", "ann", "bob", 12, 12) in {line[:5] for line in lines}
    assert not [text for line in lines for text in line if isinstance(text, str) and text.startswith("=")]
    assert any("'=cmd()" in line for line in lines)


ANSWERS = st.sampled_from([accepted(A), corrected(B), Rejected(), DeclaredNotReported()])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from(["ann", "bob", "cat"]),
            ANSWERS,
            st.integers(0, 1),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_what_was_undone_has_no_influence(said: list[tuple[int, str, object, int, bool]]) -> None:
    with_undo, without = Book(), Book()
    for number, actor, event, slot, undone in said:
        assert isinstance(event, type(accepted(A)) | type(corrected(B)) | Rejected | DeclaredNotReported)
        seq = with_undo.add(actor, cell(number), event, slot=slot, seconds=7)
        if undone:
            with_undo.undo(seq)
        else:
            without.add(actor, cell(number), event, slot=slot, seconds=7)
    one, other = as_json(told(with_undo)), as_json(told(without))
    for part in (
        "people",
        "answers",
        "agreement",
        "adjudications",
        "pace",
        "precision",
        "corrected_by_field",
    ):
        assert one[part] == other[part], part


def test_every_field_has_a_place() -> None:
    book = Book()
    for field in FIELDS.values():
        if field.kind == "run":
            book.both(cell(1, field.name), A, A)
    assert len(told(book).agreed) > 20
