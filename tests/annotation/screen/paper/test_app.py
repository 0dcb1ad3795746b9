"""From an item of the queue to its whole paper, and back to the item as it is by then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Engine
from textual.pilot import Pilot

from annotation.screen.app import ReviewApp
from annotation.screen.doors import Doors
from annotation.screen.paper.app import paper_door
from annotation.screen.paper.desk import PaperDoors
from annotation.screen.paper.screen import PaperScreen
from annotation.session import Reviewer
from db.engine import session, snapshot
from db.queue import counts
from db.whole import rest_of
from extractors.facts.ids import CellKey, EntityId
from flows.clock import PlayedClock
from flows.desk import DatabaseDesk
from flows.paper_desk import DatabasePaperDesk
from flows.passages import Passages
from tests.annotation.screen.paper.conftest import (
    AT,
    JUDGE,
    PAPER,
    cell_of,
    read_completely_now,
    shown,
)

EPOCHS = CellKey(EntityId(PAPER, "run", "larkspur-101.training"), "epochs")
TO_EPOCHS = ("/", *"larkspur-101.training epochs", "enter")


def queue(
    engine: Engine, passages: Passages, typed: Mapping[str, tuple[str, ...]], size: tuple[int, int] = (80, 24)
) -> dict[str, str]:
    """Type keys at the queue, with the paper behind `p`; the screens by their names."""
    import asyncio

    reviewer, clock = Reviewer("ann", JUDGE), PlayedClock(AT + timedelta(days=1), 100.0)
    door = paper_door(DatabasePaperDesk(engine, reviewer, clock, passages), PaperDoors())
    seen: dict[str, str] = {}

    async def quiet(pilot: Pilot[None]) -> None:
        for _ in range(4000):
            await pilot.pause(0.005)
            app, screen = pilot.app, pilot.app.screen
            assert isinstance(app, ReviewApp)
            if screen.is_idle if isinstance(screen, PaperScreen) else app.is_idle:
                return
        raise AssertionError("the screen does not come to rest")

    async def run() -> None:
        app = ReviewApp(DatabaseDesk(engine, reviewer, clock, None), Doors(paper=door))
        async with app.run_test(size=size) as pilot:
            await quiet(pilot)
            for name, keys_ in typed.items():
                for key in keys_:
                    await pilot.press(key)
                    await quiet(pilot)
                seen[name] = shown(app)
            await pilot.press("ctrl+c")

    asyncio.run(run())
    with snapshot(engine) as opened:
        assert counts(opened, clock.now()).held == 0, "everything is given back in the end"
    return seen


def test_from_an_item_to_its_paper_and_back_to_the_item(engine: Engine, passages: Passages) -> None:
    seen = queue(engine, passages, {"item": TO_EPOCHS, "paper": ("p",), "back": ("escape",)})
    assert ">      epochs" in seen["paper"]
    assert seen["back"] == seen["item"]


def test_an_item_that_was_decided_in_the_paper_is_not_asked_again(engine: Engine, passages: Passages) -> None:
    seen = queue(engine, passages, {"item": (*TO_EPOCHS, "p", "d", "1", "escape"), "next": ("a",)})
    assert "── run.epochs" not in seen["item"] or "run larkspur-101.training " not in seen["item"]
    assert " left" in seen["item"] and "a accepts" in seen["item"]
    assert "Not saved" not in seen["next"]
    assert cell_of(engine, EPOCHS).is_rejected


def test_a_paper_to_be_read_as_a_whole_opens_with_enter(engine: Engine, passages: Passages) -> None:
    from db.dossier import lock_paper
    from db.log import mint
    from db.refresh import refresh

    with session(engine) as opened:
        lock_paper(opened, PAPER)
        mint(opened, rest_of(PAPER).entity, "lot", AT)
        refresh(opened, PAPER, JUDGE, AT, only=rest_of(PAPER).entity)
    seen = queue(
        engine,
        passages,
        {"item": ("/", *"whole rest", "enter"), "paper": ("enter",), "back": ("w", "y", "escape")},
    )
    assert "paper.rest" in seen["item"]
    assert "which is asked for" in seen["paper"]
    assert "paper.rest" not in seen["back"]
    assert read_completely_now(engine) == (PAPER,)
