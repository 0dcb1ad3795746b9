"""The review screen driven by keys: one key a decision, none lost, nothing decided that was not on the screen."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from annotation.screen.app import ReviewApp
from annotation.screen.doors import Doors
from annotation.session import Item, Reviewer, accepted, decide, next_item
from db.engine import session, snapshot
from db.events import Accepted, Corrected, DeclaredNotReported, Entry, Flagged, Rejected, Skipped, Undone
from db.log import history
from db.queue import counts
from db.refresh import cell_state
from db.tables import ReviewSlotRow
from extractors.facts.errors import StoreError
from extractors.facts.ids import CellKey
from extractors.facts.values import Quantity
from tests.annotation.screen.conftest import AT, ROWS, TestDesk, play, press, shown, still

COUNT = CellKey.parse("2401.00001/run/net#count")
TO_COUNT = ("/", *"net count", "enter")


def log(engine: Engine) -> tuple[Entry, ...]:
    """All that was said, oldest first."""
    with snapshot(engine) as opened:
        return tuple(reversed(history(opened)))


def said(engine: Engine) -> list[type]:
    return [type(entry.event) for entry in log(engine)]


def keys(desk: TestDesk, *typed: str) -> str:
    """Type keys at the item of the count; the screen in the end."""
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        await press(pilot, *typed)
        seen.append(shown(pilot.app))

    play(desk, script)
    return seen[0]


def burst(app: App[None], typed: Sequence[str]) -> None:
    """Keys that arrive all at once, as over a slow line."""
    for key in typed:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize(
    ("typed", "kind", "reason"),
    [
        (["a"], Accepted, ""),
        (["2"], Accepted, ""),
        (["c", *"16", "enter"], Corrected, ""),
        (["r", "2"], Rejected, "of another model or run"),
        (["r", *"no such", "enter"], Rejected, "no such"),
        (["n"], DeclaredNotReported, ""),
        (["s"], Skipped, ""),
        (["f", *"ask Eve", "enter"], Flagged, "ask Eve"),
    ],
)
def test_a_key_is_a_decision(
    typed: list[str], kind: type, reason: str, desk: TestDesk, engine: Engine
) -> None:
    keys(desk, *typed)
    [entry] = log(engine)
    assert (type(entry.event), entry.envelope.reason) == (kind, reason)
    assert (entry.envelope.cell, entry.envelope.actor) == (COUNT, "ann")


def test_a_digit_takes_the_value_with_that_number(desk: TestDesk, engine: Engine) -> None:
    keys(desk, "2")
    [entry] = log(engine)
    assert isinstance(entry.event, Accepted)
    assert isinstance(entry.event.value, Quantity)
    assert entry.event.value.value == 4


def test_of_eight_v100_the_count_takes_the_eight(desk: TestDesk, engine: Engine) -> None:
    keys(desk, "c", *"8x V100", "enter")
    [entry] = log(engine)
    assert isinstance(entry.event, Corrected)
    assert entry.event.value == Quantity.exact(8, "devices", "8x V100")


MISTAKES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("x",), "“x” is no key here"),
    (("enter",), "enter is no key here"),
    (("9",), "there is no value 9"),
    (("0",), "there is no value 0"),
    (("A",), "“A” is no key here"),
    (("c", *"banana", "enter"), "a number of devices"),
    (("c", "enter"), "a number of devices"),
    (("r", "enter"), "a reason is needed"),
    (("f", "enter"), "a reason is needed"),
    (("v",), "cannot be opened"),
    (("u",), "nothing of yours to take back"),
)


def test_what_means_nothing_is_said_and_decides_nothing(desk: TestDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        for typed, told in MISTAKES:
            await press(pilot, *typed)
            assert told in shown(pilot.app)
            await press(pilot, "escape")

    play(desk, script)
    assert log(engine) == ()


def test_escape_goes_back_to_the_item(desk: TestDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        for opened in "crfhj/?":
            await press(pilot, opened)
            assert "a accepts" not in shown(pilot.app) or opened in "crf"
            await press(pilot, "escape")
            assert "a accept 1-9" in shown(pilot.app)

    play(desk, script)
    assert log(engine) == ()


def test_undo_goes_back_any_number_of_steps(desk: TestDesk, engine: Engine) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT, "a", "r", "1", "n")
        for _ in range(4):
            await press(pilot, "u")
            seen.append(shown(pilot.app))
        await press(pilot, "a")

    play(desk, script)
    kinds = said(engine)
    assert kinds[3:6] == [Undone, Undone, Undone]
    assert [entry.event.seq for entry in log(engine) if isinstance(entry.event, Undone)] == [3, 2, 1]
    assert "run.count" in seen[2]
    assert "nothing of yours to take back" in seen[3]
    assert log(engine)[-1].envelope.cell == COUNT
    assert "0 done" in seen[3]


def test_after_an_undo_what_was_on_the_screen_comes_next(desk: TestDesk) -> None:
    async def script(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        await press(pilot, *TO_COUNT, "a")
        second = app.shown_item
        await press(pilot, "u")
        assert app.shown_item is not None
        assert app.shown_item.key == COUNT
        await press(pilot, "a")
        assert second is not None
        assert app.shown_item is not None
        assert app.shown_item.key == second.key

    play(desk, script)


def test_skipped_items_come_back_only_when_asked_for(desk: TestDesk, engine: Engine) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, "s", "s", *["a"] * (ROWS + 1))
        seen.append(shown(pilot.app))
        await press(pilot, "a", "n", "enter")
        assert len(log(engine)) == ROWS + 3
        await press(pilot, "s")
        seen.append(shown(pilot.app))
        await press(pilot, "a", "a")
        seen.append(shown(pilot.app))

    play(desk, script)
    assert "Nothing else waits for you; 2 for later" in seen[0]
    assert "a accepts" in seen[1]
    assert "Nothing waits for you" in seen[2]
    assert said(engine).count(Skipped) == 2
    assert said(engine).count(Accepted) == ROWS + 3


def test_twenty_keys_at_once_decide_twenty_items_in_order(
    desk: TestDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[CellKey] = []

    async def script(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        monkeypatch.setattr(app, "on_drawn", lambda item: drawn.append(item.key))
        burst(app, ["a"] * 20)
        await still(pilot)

    play(desk, script)
    decided = [entry.envelope.cell for entry in log(engine)]
    assert len(decided) == len(set(decided)) == 20
    first = decided[0]
    assert [first, *drawn][:20] == decided, "each was on the screen before its key was taken"


def test_keys_typed_into_a_prompt_before_it_opened_are_for_the_prompt(desk: TestDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        burst(pilot.app, ["c", "1", "6", "enter", "r", "1", "u"])
        await still(pilot)

    play(desk, script)
    assert said(engine) == [Corrected, Rejected, Undone]


def test_keys_typed_while_an_answer_takes_long_are_put_aside_but_for_the_item_that_was_shown(
    desk: TestDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("annotation.screen.app.PATIENCE", -1.0)

    async def script(pilot: Pilot[None]) -> None:
        desk.gate.clear()
        burst(pilot.app, ["a", "a", "n", "1"])
        await until(pilot, "Keys that wait: “n” “1”")
        desk.gate.set()
        await still(pilot)
        seen.append(shown(pilot.app))

    play(desk, script)
    assert said(engine) == [Accepted, Accepted]
    assert "put aside: “n” “1”" in seen[0]


def test_escape_forgets_keys_that_wait(desk: TestDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        desk.gate.clear()
        burst(pilot.app, ["a", "a", "n", "1"])
        await until(pilot, "Keys that wait: “n” “1”")
        burst(pilot.app, ["escape"])
        await until(pilot, "Saving.")
        desk.gate.set()
        await still(pilot)
        assert "forgotten: “n” “1”" in shown(pilot.app)

    play(desk, script)
    assert said(engine) == [Accepted, Accepted]


async def until(pilot: Pilot[None], words: str) -> None:
    """Wait until the screen says something."""
    while words not in shown(pilot.app):
        await pilot.pause(0.02)


def test_pasted_text_is_never_keys(desk: TestDesk, engine: Engine) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        pilot.app.post_message(events.Paste("aaa\nn"))
        await still(pilot)
        seen.append(shown(pilot.app))
        await press(pilot, *TO_COUNT, "c")
        pilot.app.post_message(events.Paste(" 16 chips\nmore"))
        await still(pilot)
        seen.append(shown(pilot.app))

    play(desk, script)
    assert "Pasted text is not taken for keys" in seen[0]
    assert "> 16 chips more" in seen[1]
    assert log(engine) == ()


def test_a_paste_that_the_terminal_does_not_mark_as_one_decides_next_to_nothing(
    desk: TestDesk, engine: Engine
) -> None:
    async def script(pilot: Pilot[None]) -> None:
        for _ in range(2000):
            pilot.app.post_message(events.Key("a", "a"))
        await still(pilot)
        assert "nobody types so many at once" in " ".join(shown(pilot.app).split())
        with snapshot(engine) as opened:
            few = len(history(opened))
        assert few < 5
        desk.clock.sleep(1)
        await press(pilot, "a")
        with snapshot(engine) as opened:
            assert len(history(opened)) == few + 1

    play(desk, script)


def test_what_somebody_else_decided_meanwhile_is_said_kindly(
    desk: TestDesk, engine: Engine, second: Reviewer
) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        take_away(engine, second)
        await press(pilot, "a")
        seen.append(shown(pilot.app))

    play(desk, script)
    assert [entry.envelope.actor for entry in log(engine)] == ["bob"]
    told = " ".join(seen[0].split())
    assert "Not saved: 2401.00001/run/net#count has changed since it was looked at. On with the next" in told
    assert "a accepts" in seen[0]


def take_away(engine: Engine, by: Reviewer) -> None:
    """Ann's lease on the count runs out, and somebody else decides it."""
    with session(engine) as opened:
        state = cell_state(opened, COUNT)
        for slot in opened.exec(select(ReviewSlotRow)):
            if slot.holder == "ann":
                slot.holder = slot.lease_until = None
                opened.add(slot)
        opened.flush()
        item = next_item(opened, by, AT, only=COUNT)
        assert item is not None
        assert state is not None
        decide(opened, item, accepted(item), by, AT, uuid="bob-1")


def test_an_answer_that_cannot_be_written_brings_its_item_back(
    desk: TestDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        with monkeypatch.context() as patched:
            patched.setattr(desk, "answer_and_next", fail)
            burst(pilot.app, ["a", "a", "n"])
            await still(pilot)
        seen.append(shown(pilot.app))
        await press(pilot, "a")

    play(desk, script)
    assert "Not saved: the disk is full" in seen[0]
    assert "run.count" in seen[0]
    [entry] = log(engine)
    assert entry.envelope.cell == COUNT


def test_while_somebody_looks_the_lease_is_renewed(desk: TestDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        desk.clock.sleep(600)
        app.renew()
        await still(pilot)
        with snapshot(engine) as opened:
            assert counts(opened, AT + timedelta(minutes=35)).held == 2
        desk.clock.sleep(3000)
        app.renew()
        await still(pilot)
        with snapshot(engine) as opened:
            assert counts(opened, AT + timedelta(minutes=60)).held == 0, "nobody looks any more"

    play(desk, script)


def test_an_empty_queue_says_so_and_takes_no_decision(desk: TestDesk, engine: Engine) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *["n"] * (ROWS + 3))
        await press(pilot, "a", "c", "2", "v", "enter", "s")
        seen.append(shown(pilot.app))
        await press(pilot, "u")
        seen.append(shown(pilot.app))

    play(desk, script)
    assert "Nothing waits for you" in seen[0]
    assert f"{ROWS + 3} done, 0 left" in seen[0]
    assert "a accepts" in seen[1]
    assert len(log(engine)) == ROWS + 4


def test_hostile_text_is_shown_as_text(desk: TestDesk) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, "/", *"wall", "enter")
        seen.append(shown(pilot.app))

    play(desk, script)
    assert "\x1b" not in seen[0]
    assert "\u202e" not in seen[0]
    assert "[31mone day" in seen[0]


def test_a_door_is_opened_with_the_item_and_its_keys_are_its_own(desk: TestDesk, engine: Engine) -> None:
    seen: list[Item] = []

    async def whole(app: App[None], item: Item) -> str:
        seen.append(item)
        await app.push_screen(Screen())
        return "opened"

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT, "p")
        await press(pilot, "a", "n")
        assert log(engine) == ()
        pilot.app.pop_screen()
        await press(pilot, "a")

    play(desk, script, doors=Doors(paper=whole))
    assert [item.key for item in seen] == [COUNT]
    assert said(engine) == [Accepted]


def test_without_colour_the_value_is_still_marked(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    styles: list[object] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        for strip in pilot.app.screen._compositor.render_strips():
            styles.extend(segment.style for segment in strip if "[[eight]]" in segment.text)
        assert "[[eight]]" in shown(pilot.app)

    play(desk, script)
    assert len(styles) == 1
    assert getattr(styles[0], "reverse", False)


def test_seconds_of_looking_are_in_the_log(desk: TestDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT)
        desk.clock.sleep(12)
        await press(pilot, "a")
        assert "300 an hour, median 12 s" in shown(pilot.app)

    play(desk, script)
    assert log(engine)[0].envelope.seconds == 12


def test_an_error_ends_the_session_and_nothing_stays_held(
    desk: TestDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    async def script(pilot: Pilot[None]) -> None:
        seen.append(pilot.app)
        await press(pilot, "a")

    seen: list[object] = []
    monkeypatch.setattr(desk, "answer_and_next", broken)
    with pytest.raises(RuntimeError, match="a defect"):
        play(desk, script)
    (app,) = seen
    assert isinstance(app, ReviewApp)
    assert app.return_code == 1
    app.give_back()
    with snapshot(engine) as reading:
        assert counts(reading, AT).held == 0
