"""The line dialogue: each key is one decision, it asks again after a mistake, and ends cleanly with its input."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from sqlalchemy import Engine

from annotation.page import WIDTH, Progress
from annotation.plain import HELP, KEYS, Choice, Quit, Undo, ask, understand
from annotation.session import Item, Reviewer, next_item
from db.engine import session
from db.events import Accepted, Corrected, DeclaredNotReported, Flagged, Rejected, Skipped
from extractors.facts.errors import ParseError, UsageError
from extractors.facts.ids import CellKey

AT = datetime(2026, 11, 23, tzinfo=UTC)
PROGRESS = Progress(3, 12)


@pytest.fixture
def item(engine: Engine, reviewer: Reviewer) -> Item:
    with session(engine) as opened:
        found = next_item(opened, reviewer, AT, only=CellKey.parse("2401.00001/run/net#count"))
    assert found is not None
    return found


def test_the_keys_and_the_help_fit_the_width() -> None:
    assert max(map(len, (KEYS, *HELP.splitlines()))) <= WIDTH


@pytest.mark.parametrize(
    ("line", "kind", "reason"),
    [
        ("a", Accepted, ""),
        ("2", Accepted, ""),
        ("c 16 chips", Corrected, ""),
        ("r a different run", Rejected, "a different run"),
        ("n", DeclaredNotReported, ""),
        ("s", Skipped, ""),
        ("f ask Eve", Flagged, "ask Eve"),
    ],
)
def test_a_key_is_a_decision(line: str, kind: type, reason: str, item: Item) -> None:
    said = understand(item, line)
    assert isinstance(said, Choice)
    assert (type(said.answer), said.reason) == (kind, reason)


def test_undo_quit_and_help_are_keys_too(item: Item) -> None:
    assert isinstance(understand(item, "u"), Undo)
    assert isinstance(understand(item, "q"), Quit)
    assert understand(item, "?") is None


@pytest.mark.parametrize("line", ["", "x", "9", "10", "0", "r", "f", "accept"])
def test_a_line_that_means_nothing_is_refused(line: str, item: Item) -> None:
    with pytest.raises(UsageError):
        understand(item, line)


def test_a_typed_value_of_another_field_is_refused(item: Item) -> None:
    with pytest.raises(ParseError):
        understand(item, "c three days")


def test_a_mistake_is_explained_and_the_question_asked_again(item: Item) -> None:
    screen = StringIO()
    said = ask(item, PROGRESS, StringIO("x\nc banana\n?\na\n"), screen)
    assert isinstance(said, Choice)
    assert screen.getvalue().count("\n> ") == 4
    assert screen.getvalue().count("We used") == 1
    assert "'x' is no key" in screen.getvalue()
    assert "a number of devices" in screen.getvalue()
    assert "take back your last answer" in screen.getvalue()


def test_the_end_of_the_input_ends_the_session(item: Item) -> None:
    assert isinstance(ask(item, PROGRESS, StringIO(""), StringIO()), Quit)
