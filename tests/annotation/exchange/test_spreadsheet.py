"""A sheet goes out harmless, comes back from whatever spreadsheet, and each row is a decision or a row number."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from annotation.exchange.files import decode
from annotation.exchange.questions import OpenQuestions
from annotation.exchange.spreadsheet import COLUMNS, FILLED, read_sheet, write_sheet
from annotation.session import Reviewer, accepted, decide, next_item, undo
from db.cells import Judge
from db.engine import session, snapshot
from db.events import Accepted, Adjudicated, Corrected, DeclaredNotReported, Entry, Flagged, Rejected, Skipped
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.readings import save
from db.whole import draw
from extractors.facts.errors import ParseError
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.records import Reading
from extractors.facts.values import Quantity
from tests.annotation.exchange.conftest import AT, JUDGE, cells_of, evil_database, give_all, log_of, quantity

Row = dict[str, str]


def sheet(engine: Engine, judge: Judge | None = None) -> str:
    with snapshot(engine) as opened:
        return "".join(write_sheet(OpenQuestions(opened, judge or JUDGE), AT))


def rows_of(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def filled(text: str, fill: Callable[[Row], Row], delimiter: str = ",") -> str:
    """The sheet as a person's spreadsheet saves it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, *FILLED], delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(row | fill(row) for row in rows_of(text))
    return out.getvalue()


def field_in(row: Row) -> str:
    return row["cell"].partition("#")[2]


def test_nothing_in_a_sheet_is_a_formula_or_steers(evil: Engine) -> None:
    text = sheet(evil)
    rows = rows_of(text)
    assert {field_in(row) for row in rows} == {
        "count", "wall_time", "accelerator", "epochs", "steps", "batch_size",
    }  # fmt: skip
    for cell in (cell for row in rows for cell in row.values()):
        assert cell[:1] not in tuple("=+-@\t\r")
        assert len(cell) <= 301
        assert cell.isprintable()
        assert "\u202e" not in cell


# What people decide, cell by cell, and what the log then says.

DECISIONS: dict[str, Callable[[str], tuple[Row, type | None]]] = {
    "blank": lambda _: ({}, None),
    "accept": lambda _: ({"decision": "Accept "}, Accepted),
    "candidate": lambda field: (
        {"decision": "accept" if field == "accelerator" else "candidate 2"},
        Accepted,
    ),
    "reject": lambda _: ({"decision": "reject", "reason": "=1+1"}, Rejected),
    "not reported": lambda _: ({"decision": "not_reported"}, DeclaredNotReported),
    "skip": lambda _: ({"decision": "SKIP"}, Skipped),
    "flag": lambda _: ({"decision": "flag", "reason": "odd; 'very' \"odd\""}, Flagged),
    "correct": lambda field: (
        {
            "decision": "correct",
            "value": {"accelerator": "A100", "wall_time": "3.5 d"}.get(field, "64"),
            "reason": "-see p. 4",
        },
        Corrected,
    ),
    "bare value": lambda field: (
        {"value": {"accelerator": "A100", "wall_time": "3.5 d"}.get(field, "64")},
        Corrected,
    ),
}


@given(
    chosen=st.lists(st.sampled_from(sorted(DECISIONS)), min_size=6, max_size=6),
    style=st.sampled_from([(",", "utf-8-sig"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_filled_in_is_what_is_decided(
    reviewer: Reviewer, chosen: list[str], style: tuple[str, str]
) -> None:
    with evil_database(reviewer) as engine:
        text = sheet(engine)
        words = dict(zip((row["cell"] for row in rows_of(text)), chosen, strict=True))
        said = {cell: DECISIONS[word](CellKey.parse(cell).field) for cell, word in words.items()}
        answers = read_sheet(
            decode(filled(text, lambda row: said[row["cell"]][0], style[0]).encode(style[1]))
        )
        assert answers.refused == ()
        assert answers.blank == chosen.count("blank")
        assert all(done is True for _, done in give_all(engine, answers, reviewer, "csv"))
        found = {str(entry.envelope.cell): entry for entry in log_of(engine)}
        assert {cell: type(entry.event) for cell, entry in found.items()} == {
            cell: kind for cell, (_, kind) in said.items() if kind is not None
        }
        for cell, entry in found.items():
            assert (entry.envelope.actor, entry.envelope.actor_kind) == ("ann", "import")
            assert entry.envelope.reason == said[cell][0].get("reason", "")
            check_value(entry, words[cell])
        before = cells_of(engine, reviewer)
        assert all(done is False for _, done in give_all(engine, answers, reviewer, "csv"))
        assert (cells_of(engine, reviewer), len(log_of(engine))) == (before, len(found))


def check_value(entry: Entry, word: str) -> None:
    value = getattr(entry.event, "value", None)
    if isinstance(value, Quantity):
        numbers = {"accept": 8, "candidate": 16, "correct": 64, "bare value": 64}
        expected = 302_400 if value.printed == "3.5 d" else numbers[word]
        assert value.value == expected


def only(engine: Engine, field: str, **said: str) -> str:
    return filled(sheet(engine), lambda row: said if field_in(row) == field else {})


def given_to(engine: Engine, text: str, who: Reviewer) -> list[bool | str]:
    return [done for _, done in give_all(engine, read_sheet(text), who, "csv")]


def test_an_answer_to_what_somebody_decided_meanwhile_is_refused(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    text = only(engine, "count", decision="reject")
    with session(engine) as opened:
        item = next_item(opened, second, AT, only=CellKey.parse("2401.00001/run/net#count"))
        assert item is not None
        decide(opened, item, accepted(item), second, AT, uuid="u1")
    before = cells_of(engine, reviewer)
    (done,) = given_to(engine, text, reviewer)
    assert done == "2401.00001/run/net#count no longer waits for an answer."
    assert cells_of(engine, reviewer) == before


def test_an_answer_to_another_value_is_refused(engine: Engine, reviewer: Reviewer) -> None:
    text = only(engine, "count", decision="accept").replace(",q", ",q0")
    (done,) = given_to(engine, text, reviewer)
    assert "has changed since the file was made" in str(done)


def test_second_opinions_are_blind_and_never_of_the_same_person(reviewer: Reviewer, second: Reviewer) -> None:
    twice = replace(reviewer.judge, policy=ReviewPolicy(second_share=1.0))
    first, other = replace(reviewer, judge=twice), replace(second, judge=twice)
    with evil_database(first) as engine:

        def said(word: str) -> str:
            fill = {"decision": word, "reason": "mine"}
            return filled(sheet(engine, twice), lambda row: fill if field_in(row) == "count" else {})

        before = sheet(engine, twice)
        assert given_to(engine, said("reject"), first) == [True]
        assert sheet(engine, twice) == before
        assert "is not theirs to answer" in str(given_to(engine, said("accept"), first))
        assert given_to(engine, said("accept"), other) == [True]
        state = cells_of(engine, first)["2401.00002/run/net#count"]
        assert (state.status, state.look) == ("queued", "reviewers-disagree")


def test_what_people_disagree_about_is_settled_by_who_was_not_heard(
    reviewer: Reviewer, second: Reviewer
) -> None:
    twice = replace(reviewer.judge, policy=ReviewPolicy(second_share=1.0))
    first, other = replace(reviewer, judge=twice), replace(second, judge=twice)
    with evil_database(first) as engine:

        def given(who: Reviewer, decision: str) -> list[bool | str]:
            fill = {"decision": decision, "reason": "=mine"}
            text = filled(sheet(engine, twice), lambda row: fill if field_in(row) == "count" else {})
            return given_to(engine, text, who)

        assert given(first, "reject") == given(other, "candidate 2") == [True]
        (row,) = (row for row in rows_of(sheet(engine, twice)) if field_in(row) == "count")
        assert row["why"] == "people disagree"
        assert row["said"] == (
            "ann said: nothing here is right, because =mine; bob said: 16 devices, printed “=16” (p. 4), because =mine"
        )
        assert (row["proposed"], row["probability"]) == ("16 devices, printed “=16”", "")
        for who in (first, other):
            assert "is not theirs to answer" in str(given(who, "accept"))
        assert given(Reviewer("cyd", twice), "accept") == [True]
        state = cells_of(engine, first)["2401.00002/run/net#count"]
        assert (state.status, state.value) == ("adjudicated", quantity("count", 16))
        assert isinstance(log_of(engine)[-1].event, Adjudicated)


def test_what_was_flagged_is_for_seniors(engine: Engine, reviewer: Reviewer, second: Reviewer) -> None:
    with session(engine) as opened:
        item = next_item(opened, second, AT, only=CellKey.parse("2401.00001/run/net#count"))
        assert item is not None
        decide(opened, item, Flagged(), second, AT, uuid="u1", reason="two tables differ")
    (row,) = (row for row in rows_of(sheet(engine)) if field_in(row) == "count")
    assert (row["why"], row["said"]) == ("flagged", "bob flags it: two tables differ")
    text = only(engine, "count", decision="accept")
    assert "was flagged for a senior, and ann is none" in str(given_to(engine, text, reviewer))
    assert given_to(engine, text, replace(reviewer, senior=True)) == [True]


def test_a_paper_to_be_read_as_a_whole_is_counted_and_left_out(engine: Engine, reviewer: Reviewer) -> None:
    bare, judge = PaperId("2401.00009"), replace(reviewer.judge, policy=ReviewPolicy(whole_share=1.0))
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(bare, 1, "None", "", (), (), AT, AT, b"")], AT)
        record_file(opened, bare, 1, sha256="9" * 64, size=1, at=AT)
        save(opened, Reading("9" * 64, "burden-1", bare, "None", 1, ()), judge, AT)
        assert draw(opened, judge, AT) == (bare,)
        questions = OpenQuestions(opened, judge)
        assert len(list(questions)) == 3
    assert questions.left_out == {"unread": 1}


def test_what_somebody_holds_is_refused(engine: Engine, reviewer: Reviewer, second: Reviewer) -> None:
    text = only(engine, "count", decision="accept")
    with session(engine) as opened:
        next_item(opened, second, AT, only=CellKey.parse("2401.00001/run/net#count"))
    (done,) = given_to(engine, text, reviewer)
    assert "is not theirs to answer" in str(done)


def test_an_answer_that_was_taken_back_is_not_given_again_by_the_same_file(
    engine: Engine, reviewer: Reviewer
) -> None:
    text = only(engine, "count", decision="reject")
    assert given_to(engine, text, reviewer) == [True]
    with session(engine) as opened:
        undo(opened, reviewer, AT, uuid="u2")
    assert given_to(engine, text, reviewer) == [False]
    assert cells_of(engine, reviewer)["2401.00001/run/net#count"].status == "queued"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"decision": "yes"}, "'yes' is no decision"),
        ({"decision": "correct"}, "the right value is missing"),
        ({"decision": "accept", "value": "9"}, "do not go together"),
        ({"decision": "reject 2"}, "is no decision"),
        ({"decision": "candidate"}, "the number of the candidate is missing"),
        ({"reason": "hm"}, "is no decision"),
        ({"decision": "accept", "cell": ""}, "does not say which cell"),
        ({"decision": "x" * 10_000}, "is no decision"),
    ],
)
def test_a_row_that_says_nothing_is_told_by_its_number(engine: Engine, said: Row, what: str) -> None:
    answers = read_sheet(only(engine, "count", **said))
    (refusal,) = answers.refused
    row = 2 + next(n for n, row in enumerate(rows_of(sheet(engine))) if field_in(row) == "count")
    assert refusal.place == f"row {row}"
    assert what in refusal.what
    assert answers.given == ()


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"decision": "candidate 9"}, "there is no candidate 9"),
        ({"decision": "correct", "value": "4-Mar"}, "'4-Mar' is not a value of run.count"),
        ({"decision": "correct", "value": "-3"}, "run.count"),
        ({"decision": "accept", "cell": "2401.00001/run/net#colour"}, "no field run.colour"),
        ({"decision": "accept", "cell": "2401.00001/run/other#count"}, "no longer waits"),
        ({"decision": "accept", "cell": "2999.00001/run/other#count"}, "there is no paper 2999.00001"),
        ({"decision": "accept", "cell": "nothing"}, "'nothing' is not a cell"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_changes_nothing(
    engine: Engine, reviewer: Reviewer, said: Row, what: str
) -> None:
    before = cells_of(engine, reviewer)
    (done,) = given_to(engine, only(engine, "count", **said), reviewer)
    assert what in str(done)
    assert (cells_of(engine, reviewer), log_of(engine)) == (before, [])


def test_a_cell_that_is_answered_twice_differently_is_not_answered(engine: Engine) -> None:
    text = only(engine, "count", decision="accept")
    twice = next(line for line in text.splitlines() if line.endswith("accept,,"))
    assert len(read_sheet(f"{text}{twice}\r\n").given) == 1
    answers = read_sheet(f"{text}{twice.removesuffix('accept,,')}reject,,\r\n")
    assert answers.given == ()
    assert "is answered otherwise" in answers.refused[0].what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cell,decision\r\n", "no column seen, value, reason"),
        ("name;age\r\nann;3\r\n", "not a sheet of burden"),
        ("cell,seen,decision,value,reason,value\r\n", "column value is there twice"),
        ('cell,seen,decision,value,reason\r\na,"b', "cannot be read behind row 1"),
        ("cell,seen,decision,value,reason\r\n" + "a" * 40_000, "row 2 has a cell with more text"),
        ("cell,seen,decision,value,reason\r\n" + "a" * 200_000, "cannot be read"),
        ('{"line":"burden-log","version":1}', "cannot be read"),
        ("\n", "not a sheet of burden"),
    ],
)
def test_another_file_is_not_taken_for_a_sheet(text: str, what: str) -> None:
    with pytest.raises(ParseError, match=what):
        read_sheet(text)


def test_what_excel_does_to_a_sheet_does_no_harm() -> None:
    text = 'sep=;\r\nReason;DECISION;value;cell;Seen;mine\r\n;;;;\r\n"why; so";accept;;a#b;q1.2;x;y;z\r\n\r\n;;;a#c;q2\r\n'
    answers = read_sheet(text)
    (answer,) = answers.given
    assert (answer.cell, answer.seen, answer.word, answer.reason) == ("a#b", "q1.2", "accept", "why; so")
    assert (answer.place, answers.blank, answers.refused) == ("row 3", 1, ())


def test_a_sheet_without_answers_has_none(engine: Engine) -> None:
    answers = read_sheet(sheet(engine))
    assert (answers.given, answers.refused, answers.blank) == ((), (), 3)
