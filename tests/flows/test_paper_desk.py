"""`burden paper ID --screen`: the real program in a pseudo-terminal, and a refusal where there is none."""

from pathlib import Path

from tests.command import Done, command
from tests.flows.cli.test_review import environment, folder  # noqa: F401
from tests.flows.test_desk import Terminal

PAPER = "2401.00001"
SCREEN = ("paper", PAPER, "--screen")


def test_a_paper_is_read_completely_by_keys_and_left(folder: Path) -> None:  # noqa: F811
    terminal = Terminal(folder, *SCREEN)
    terminal.until("not read completely yet")
    terminal.type("w")
    terminal.until("y does it")
    terminal.type("y")
    terminal.until("u takes it back")
    terminal.type("q")
    assert terminal.end() == 0
    ran = burden(folder, "paper", PAPER)
    assert "reviewed by ann" in ran.stdout


def test_ctrl_c_leaves_also_from_a_form(folder: Path) -> None:  # noqa: F811
    terminal = Terminal(folder, *SCREEN)
    terminal.until("not read completely yet")
    terminal.type("a")
    terminal.until("a digit chooses")
    terminal.type("\x03")
    assert terminal.end() == 0


def test_without_a_full_terminal_the_screen_is_refused_kindly(folder: Path) -> None:  # noqa: F811
    ran = burden(folder, "paper", PAPER, "--screen", "--as", "ann")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "burden edit" in ran.stderr


def burden(folder: Path, *words: str) -> Done:  # noqa: F811
    return command(*words, env=environment(folder))
