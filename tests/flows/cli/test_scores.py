"""`burden scores` as a person runs it, on papers typeset for the purpose."""

from collections.abc import Callable
from pathlib import Path

from tests.command import Done

Burden = Callable[..., Done]
PAPERS = Path(__file__).resolve().parents[3] / "flows" / "demo" / "papers"
LARKSPUR = PAPERS / "2403.99101v1.pdf"


def test_scores_are_a_table_with_places_to_check(burden: Burden) -> None:
    done = burden("scores", LARKSPUR)
    assert (done.returncode, done.stderr) == (0, "")
    title, legend, *sheet = done.stdout.splitlines()
    assert title.startswith(f"{LARKSPUR.name}: ")
    assert "*" in legend
    assert any(line.startswith("  p. ") and "imagenet-1k" in line for line in sheet)
    assert any("* " in line for line in sheet)


def test_an_unreadable_file_is_named_and_the_rest_go_on(burden: Burden, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"no paper")
    done = burden("scores", broken, LARKSPUR)
    assert done.returncode == 3
    assert "broken.pdf" in done.stderr
    assert done.stdout.startswith(LARKSPUR.name)
    assert "Traceback" not in done.stderr
