"""A picture is shown in the best way that the session has, and a terminal's answer is believed only where it holds."""

import pytest

from annotation.picture.crop import Picture
from annotation.picture.showing import (
    Graphics,
    Terminal,
    Way,
    file_name,
    how_to_show,
    understood,
    worth_asking,
)

KITTY = "\x1b_Gi=31;OK\x1b\\"
CELL = "\x1b[6;20;9t"
NOTHING, SIXEL = "\x1b[?62;22c", "\x1b[?62;4;22c"


@pytest.mark.parametrize(
    ("answer", "environment", "features", "terminal"),
    [
        (KITTY + CELL + NOTHING, {"TERM": "xterm-kitty"}, "", Terminal("kitty", (9, 20))),
        (CELL + SIXEL, {"TERM": "xterm-256color"}, "", Terminal("sixel", (9, 20))),
        (KITTY + CELL + SIXEL, {"TERM": "xterm", "TERM_PROGRAM": "WezTerm"}, "", Terminal("sixel", (9, 20))),
        (KITTY + NOTHING, {"TERM": "xterm", "TERM_PROGRAM": "WezTerm"}, "", Terminal("none")),
        ("\x1b_Gi=31;ENOTSUPPORTED\x1b\\" + NOTHING, {"TERM": "xterm"}, "", Terminal("none")),
        ("\x1b[?4c", {"TERM": "vt100"}, "", Terminal("none")),
        ("\x1b[6;0;0t" + SIXEL, {"TERM": "xterm"}, "", Terminal("sixel")),
        (SIXEL, {"TERM": "tmux-256color", "TMUX": "/run/tmux,1,0"}, "256,RGB", Terminal("none")),
        (SIXEL, {"TERM": "tmux-256color", "TMUX": "/run/tmux,1,0"}, "256,sixel,RGB", Terminal("sixel")),
        ("", {"TERM": "xterm"}, "", Terminal("none")),
        ("typed\x1b[", {"TERM": "xterm"}, "", Terminal("none")),
    ],
)
def test_an_answer_is_understood(
    answer: str, environment: dict[str, str], features: str, terminal: Terminal
) -> None:
    assert understood(answer, environment, features) == terminal


@pytest.mark.parametrize(
    ("environment", "worth"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color", "TMUX": "/run/tmux,1,0"}, True),
        ({"TERM": "screen", "STY": "1.x"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "linux"}, False),
        ({}, False),
    ],
)
def test_a_terminal_that_draws_nothing_is_not_asked(environment: dict[str, str], worth: bool) -> None:
    assert worth_asking(environment) is worth


@pytest.mark.parametrize(
    ("environment", "graphics", "platform", "way"),
    [
        ({"SSH_CONNECTION": "x"}, "kitty", "linux", "terminal"),
        ({"DISPLAY": ":0"}, "sixel", "linux", "terminal"),
        ({"DISPLAY": ":0"}, "none", "linux", "viewer"),
        ({"SSH_CONNECTION": "x"}, "none", "darwin", "file"),
        ({}, "none", "linux", "file"),
        ({}, "none", "darwin", "viewer"),
    ],
)
def test_the_best_way_is_taken(
    environment: dict[str, str], graphics: Graphics, platform: str, way: Way
) -> None:
    assert how_to_show(environment, graphics, platform) == way


def test_a_file_is_called_after_its_content() -> None:
    one, same, other = Picture(b"a", 1, 1, 1), Picture(b"a", 2, 2, 2), Picture(b"b", 1, 1, 1)
    assert file_name(one) == file_name(same) != file_name(other)
    assert file_name(one).endswith(".png")
