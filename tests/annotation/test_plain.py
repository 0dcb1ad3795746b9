"""The line dialogue: it fits a small terminal, asks again after a mistake, and ends cleanly with its input."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from sqlalchemy import Engine

from annotation.plain import KEYS, WIDTH, Choice, Progress, Quit, Undo, ask, render, show, understand
from annotation.session import Item, Reviewer, next_item
from db.engine import session
from db.events import Accepted, Corrected, DeclaredNotReported, Flagged, Rejected, Skipped
from extractors.facts.errors import ParseError, UsageError
from extractors.facts.ids import CellKey
from extractors.facts.values import Name, NotReported, Quantity

AT = datetime(2026, 11, 23, tzinfo=UTC)
PROGRESS = Progress(3, 12)


@pytest.fixture
def item(engine: Engine, reviewer: Reviewer) -> Item:
    return claimed(engine, reviewer, "count")


def claimed(engine: Engine, reviewer: Reviewer, field: str) -> Item:
    with session(engine) as opened:
        found = next_item(opened, reviewer, AT, only=CellKey.parse(f"2401.00001/run/net#{field}"))
    assert found is not None
    return found


def test_an_item_fits_a_small_terminal(engine: Engine, reviewer: Reviewer) -> None:
    for field in ("count", "accelerator", "wall_time"):
        lines = render(claimed(engine, reviewer, field), PROGRESS)
        assert len(lines) <= 22
        assert max(map(len, lines)) <= WIDTH
    assert len(KEYS) + len(" > ") <= WIDTH + 10


def test_an_item_shows_its_value_place_doubt_and_neighbours(item: Item) -> None:
    shown = "\n".join(render(item, PROGRESS))
    for part in (
        "3 done, 12 left",
        "8 devices, printed “eight”",
        "2  4 devices",
        "p. 4, 4.1 Training",
        "? a doubt",
    ):
        assert part in shown
    assert "We used [[eight]] V100s." in shown
    assert "accelerator NVIDIA Tesla V100" in shown


def test_a_terminal_shows_the_value_in_bold(item: Item) -> None:
    assert "\x1b[1meight\x1b[0m" in "\n".join(render(item, PROGRESS, bold=True))


def test_a_hostile_quote_is_shown_harmlessly(engine: Engine, reviewer: Reviewer) -> None:
    shown = "\n".join(render(claimed(engine, reviewer, "wall_time"), PROGRESS))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "one day" in shown


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


@pytest.mark.parametrize("line", ["", "x", "9", "0", "r", "f", "accept"])
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
    assert screen.getvalue().count(KEYS) == 4
    assert "'x' is no key" in screen.getvalue()
    assert "a number of devices" in screen.getvalue()
    assert "take back your last answer" in screen.getvalue()


def test_the_end_of_the_input_ends_the_session(item: Item) -> None:
    assert isinstance(ask(item, PROGRESS, StringIO(""), StringIO()), Quit)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Quantity.exact(8, "devices"), "8 devices"),
        (Quantity.exact(8, "devices", "eight"), "8 devices, printed “eight”"),
        (Name("search", "search"), "search"),
        (Name("NVIDIA A100", "A100s"), "NVIDIA A100, printed “A100s”"),
        (NotReported(), "not reported"),
        (None, "nothing"),
    ],
)
def test_a_value_is_shown_with_its_print(value: Quantity | Name | NotReported | None, shown: str) -> None:
    assert show(value) == shown
