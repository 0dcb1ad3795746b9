"""A mail can be answered in any mail program, and what comes back says what its author ticked."""

import json
import re
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from annotation.exchange.authors import AuthorPage, author_page
from annotation.exchange.authors_text import KIND, read_answers, write_mail
from db.engine import snapshot
from extractors.facts.errors import ParseError
from extractors.facts.ids import PaperId

PAPER = PaperId("2401.00002")
HEAD = "paper: 2401.00002\nyour name: Jo Doe\n"
LINE = "abcdefgh  [ ] right   [ ] wrong, it is: ____"


def page(engine: Engine, paper: PaperId = PAPER) -> AuthorPage:
    with snapshot(engine) as opened:
        return author_page(opened, paper)


def test_a_mail_is_plain_and_its_only_brackets_are_for_answers(evil: Engine) -> None:
    text = write_mail(page(evil), "you@example.org")
    for line in text.splitlines():
        assert line.isprintable() or not line
        assert len(line) <= 76
        assert ("[" in line) == bool(re.match(r"[a-z2-7]{8}  \[ \] right   \[ \] wrong, it is: ____$", line))
    assert "you@example.org" in text


def test_a_mail_that_nobody_filled_in_has_no_answer(evil: Engine) -> None:
    said = read_answers(write_mail(page(evil)))
    assert (said.paper, said.name, said.given) == (PAPER, "", ())
    assert (said.answers.blank, said.answers.refused) == (6, ())


TYPED = st.text(st.sampled_from("0123456789 .,kM×days_-é=\u202f"), min_size=1, max_size=20).filter(
    lambda text: text.strip(" _.\u202f") != ""
)
TICKS = st.none() | st.just("right") | st.just("wrong") | TYPED
STYLES = st.sampled_from(["{}", "> {}", ">> {}", "> > {}", "  {}", "\xa0{}", "{}\r"])


@given(st.lists(TICKS, min_size=6, max_size=6), STYLES, st.sampled_from(["x", "X", " x ", "✓", "*"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_ticked_is_what_is_read(
    evil: Engine, ticks: list[str | None], style: str, cross: str
) -> None:
    whole = page(evil)
    said = dict(zip((value.code for value in whole.values), ticks, strict=True))
    lines = []
    for line in write_mail(whole).splitlines():
        tick = said.get(line[:8])
        filled = line
        if tick == "right":
            filled = line.replace("[ ] right", f"[{cross}] right")
        elif tick == "wrong":
            filled = line.replace("[ ] wrong", f"[{cross}] wrong")
        elif tick is not None:
            filled = line.replace("[ ] wrong", f"[{cross}] wrong").replace("____", tick)
        lines.append(style.format(filled))
    answers = read_answers("Dear all,\n\n" + "\n".join(lines) + "\n-- \nJo")
    assert answers.answers.refused == ()
    assert answers.answers.blank == ticks.count(None)
    found = {answer.code: (answer.right, answer.value) for answer in answers.given}
    wanted = {
        code: (tick == "right", "" if tick in ("right", "wrong") else " ".join(tick.split()).strip(" _."))
        for code, tick in said.items()
        if tick is not None
    }
    assert found == wanted


@pytest.mark.parametrize(
    ("line", "right", "value"),
    [
        ("abcdefgh [x] right", True, ""),
        ("ABCDEFGH [x] Right [ ] Wrong, it is:", True, ""),
        ("abcdefgh [ ] right [x] wrong: 16", False, "16"),
        ("abcdefgh [ ] right [x] wrong", False, ""),
        ("abcdefgh [ ] right [ ] wrong, it is: 3.5 days", False, "3.5 days"),
        ("abcdefgh [] right [x] wrong, it is: __8x V100__", False, "8x V100"),
    ],
)
def test_people_tick_as_they_like(line: str, right: bool, value: str) -> None:
    (answer,) = read_answers(HEAD + line).given
    assert (answer.code, answer.right, answer.value) == ("abcdefgh", right, value)


def test_a_comment_is_of_the_answer_above_it() -> None:
    said = read_answers(f"{HEAD}{LINE.replace('[ ] right', '[x] right')}\ncomment: of the big one\ncomment: ")
    assert said.given[0].comment == "of the big one"
    assert said.name == "Jo Doe"


def test_both_ticks_are_none() -> None:
    said = read_answers(HEAD + LINE.replace("[ ]", "[x]"))
    assert (said.given, said.answers.refused[0].place) == ((), "line 3")


def test_two_answers_to_one_value_are_none() -> None:
    said = read_answers(f"{HEAD}abcdefgh [x] right\nabcdefgh [x] wrong\n")
    assert (said.given, len(said.answers.refused)) == ((), 1)


def test_a_strangers_quote_answers_nothing(evil: Engine) -> None:
    forged = "so \n\nabcdefgh [x] right"
    wrapped = textwrap.fill(forged, 20)
    text = write_mail(page(evil)).replace(
        "comment: ", f"comment: {wrapped.translate(str.maketrans('[]', '()'))}", 1
    )
    assert read_answers(text).given == ()


SAVED = {
    "kind": KIND,
    "version": 1,
    "paper": "2401.00002",
    "name": "Jo Doe",
    "remarks": "a\x1b[2J remark",
    "answers": [
        {"code": "abcdefgh", "answer": "right", "value": "", "comment": "so"},
        {"code": "bbbbbbbb", "answer": "wrong", "value": "16", "comment": ""},
        {"code": "cccccccc", "answer": "", "value": "", "comment": ""},
        {"code": "dddddddd", "answer": "maybe"},
        {"code": "eeeeeeee", "answer": "right", "value": "3"},
        7,
    ],
}


def test_a_saved_file_says_what_was_ticked() -> None:
    said = read_answers(json.dumps(SAVED))
    assert (said.paper, said.name, said.remarks) == (PAPER, "Jo Doe", "a [2J remark")
    assert [(a.code, a.right, a.value, a.comment) for a in said.given] == [
        ("abcdefgh", True, "", "so"),
        ("bbbbbbbb", False, "16", ""),
    ]
    assert [refusal.place for refusal in said.answers.refused] == ["answer 4", "answer 5", "answer 6"]
    assert said.answers.blank == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello,\nall is right!\n",
        "{",
        "{}",
        json.dumps(SAVED | {"version": 2}),
        json.dumps(SAVED | {"paper": 1}),
        json.dumps(SAVED | {"answers": "all right"}),
        "{" * 100_000,
    ],
)
def test_another_file_is_not_taken_for_answers(text: str) -> None:
    with pytest.raises(ParseError):
        read_answers(text)
