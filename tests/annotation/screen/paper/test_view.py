"""The screens of a paper as text, at three sizes, as they were looked at: `--write-goldens` writes them anew."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from flows.paper_desk import DatabasePaperDesk
from tests.annotation.screen.paper.conftest import SIZES, TUNED, golden, play, press, shown

FOLDER = Path(__file__).parent
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("paper", ()),
    ("value", ("down",) * 10),
    ("edit", ("e", "ctrl+u", *"5 days")),
    ("edit-refused", ("ctrl+u", *"soon", "enter")),
    ("add", ("escape", "a")),
    ("new-run", ("2", "tab", *"finet", "tab", *"epoch", "tab")),
    ("quote-refused", (*"s", "tab", *"40", "tab", "3", "tab", *TUNED.replace("40", "41"), "enter")),
    ("quote-found", ("ctrl+y",)),
    ("added", ("enter",)),
    ("delete", ("/", *"101 flops", "enter", "d")),
    ("deleted", ("1", "x")),
    ("merge", ("home", "m", *"50")),
    ("merge-sure", ("enter",)),
    ("find", ("n", "/", *"imagenet 101")),
    ("result", ("enter",)),
    ("read", ("w",)),
    ("help", ("y", "?")),
    ("wrong-key", ("escape", "Q")),
    ("folded", ("home", "left")),
)
"""Names of screens, and the keys that lead from each to the next."""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_screens_are_as_they_were_looked_at(
    size: tuple[int, int], desk: DatabasePaperDesk, request: pytest.FixtureRequest
) -> None:
    seen: dict[str, str] = {}

    async def script(pilot: Pilot[None]) -> None:
        for name, keys in STEPS:
            await press(pilot, *keys)
            seen[name] = shown(pilot.app)

    play(desk, script, size=size)
    for name, now in seen.items():
        lines = now.splitlines()
        assert len(lines) == size[1], name
        assert max(map(cell_len, lines)) <= size[0], name
        golden(request, f"{name}-{size[0]}x{size[1]}", now, FOLDER)
