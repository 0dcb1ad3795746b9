"""The terminal is asked once, all of its answer is taken, and what is typed afterwards is typed to the program."""

import json
import os
import pty
import subprocess
import sys
import termios
from select import select
from time import monotonic, sleep

import pytest

from annotation.picture.showing import QUESTION

ASK = """
import json, os, sys
from flows.terminal import ask_terminal
found = ask_terminal(os.environ, sys.argv[1])
from textual_image._terminal import get_cell_size
from textual_image.widget import SixelImage, TGPImage
left = os.read(0, 100).decode()
print("FOUND" + json.dumps([found.graphics, found.cell, list(get_cell_size()), left]))
"""
KITTY = "\x1b_Gi=31;OK\x1b\\\x1b[6;22;11t\x1b[?62c"
SIXEL = "\x1b[6;20;9t\x1b[?62;4c"


def play(
    answer: str, *, wish: str = "auto", wait: float = 0.0, term: str = "xterm-256color", typed: str = ""
) -> tuple[str, list[object]]:
    """Be the terminal of a program that asks: what it sent, and what it found."""
    end, inner = pty.openpty()
    modes = termios.tcgetattr(inner)
    modes[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(inner, termios.TCSANOW, modes)
    environment = {**os.environ, "TERM": term, "TERM_PROGRAM": ""}
    for name in ("TMUX", "STY"):
        environment.pop(name, None)
    if typed:
        os.write(end, typed.encode())
    command = [sys.executable, "-c", ASK, wish]
    child = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, env=environment)
    os.close(inner)
    said, answered, last = "", False, monotonic() + 60
    while "\n" not in said.partition("FOUND")[2] and monotonic() < last:
        if select([end], [], [], 0.2)[0]:
            try:
                said += os.read(end, 4096).decode()
            except OSError:
                break
        asked = QUESTION in said
        if asked and not answered:
            answered = True
            sleep(wait)
            os.write(end, answer.encode())
        if (asked or wish != "auto" or term == "dumb") and not typed:
            typed = "a"
            sleep(0.3)
            os.write(end, b"a")  # the key that a person types next
    os.close(end)
    child.wait(timeout=60)
    before, _, found = said.partition("FOUND")
    assert found, said
    return before, json.loads(found)


@pytest.mark.parametrize(
    ("answer", "graphics", "cell"), [(KITTY, "kitty", [11, 22]), (SIXEL, "sixel", [9, 20])]
)
def test_a_terminal_says_what_it_draws(answer: str, graphics: str, cell: list[int]) -> None:
    sent, found = play(answer)
    assert sent == QUESTION  # once, and nothing by textual-image
    assert found == [graphics, cell, cell, "a"]


def test_an_answer_from_far_away_does_not_become_keys() -> None:
    sent, found = play(SIXEL, wait=0.6)
    assert sent == QUESTION
    assert found == ["sixel", [9, 20], [9, 20], "a"]


def test_a_terminal_without_pictures_is_asked_once() -> None:
    sent, found = play("\x1b[?1;2c")
    assert sent == QUESTION
    assert found == ["none", None, [10, 20], "a"]


def test_keys_typed_ahead_are_left_and_nothing_is_asked() -> None:
    sent, found = play("", typed="c")
    assert sent == ""
    assert found == ["none", None, [10, 20], "c"]


@pytest.mark.parametrize(("wish", "term"), [("kitty", "xterm"), ("none", "xterm"), ("auto", "dumb")])
def test_what_is_known_is_not_asked(wish: str, term: str) -> None:
    sent, found = play("", wish=wish, term=term)
    assert sent == ""
    assert found == [wish if wish != "auto" else "none", None, [10, 20], "a"]
