"""The screens as text, at three sizes, as they were looked at: `pytest tests/annotation/screen --write-goldens` writes them anew."""

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from annotation.screen.frame import View, frame
from annotation.screen.hand import Pace
from annotation.screen.keys import BRIEF
from annotation.screen.pages import help_page
from tests.annotation.screen.conftest import SIZES, TestDesk, golden, play, press, shown

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("search", ("/", *"net count")),
    ("item", ("enter",)),
    ("correct", ("c", *"8xV100")),
    ("correct-refused", ("ctrl+u", *"banana", "enter")),
    ("reject", ("escape", "r")),
    ("flag-refused", ("escape", "f", "enter")),
    ("help", ("escape", "?")),
    ("wrong-key", ("escape", "x")),
    ("no-such-value", ("9",)),
    ("undone", ("r", "3", "u")),
    ("history", ("h",)),
    ("jump", ("escape", "j", *"many")),
    ("table", ("enter", "s", "s", "u", "s", "u")),
    ("decided", ("a", "j", *"2401", "enter")),
)
"""Names of screens, and the keys that lead from each to the next."""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_screens_are_as_they_were_looked_at(
    size: tuple[int, int], desk: TestDesk, request: pytest.FixtureRequest
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
        golden(request, f"{name}-{size[0]}x{size[1]}", now)


def test_no_word_of_the_help_and_of_the_end_is_cut_at_80_columns() -> None:
    assert not any("…" in line.plain for line in help_page().lines(80, 24))
    over = frame(View("ann", Pace(), None, None, None, "", 3, is_ready=True), 80, 24)
    assert all(line.cell_length <= 80 for line in over)


def test_the_line_of_keys_tells_how_to_leave_at_80_columns() -> None:
    assert len(BRIEF) <= 80
    assert BRIEF.endswith("? q quit")
