"""What an operator's commands say and return before anything is started; the flow itself is in `test_nightly`."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli import main
from flows.cli.codes import FAILED, USAGE
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.night import Order, open_night, run
from flows.settings import Settings, environment_of
from flows.steps import PLAIN


@pytest.fixture
def burden(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """The command in this process; gives the exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["burden", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return ran


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crawl", "--source", "folder"], "needs the folder"),
        (["crawl", "--source", "folder", "--folder", "nowhere"], "there is no such folder"),
        (["crawl", "--folder", "papers"], "Add --source folder"),
        (["crawl", "--since", "2024-03-02", "--until", "2024-03-01"], "after the last"),
        (["crawl", "--since", "yesterday"], "does not match the format"),
        (["crawl", "--frequently"], "No such option"),
        (["crawl", "--source", "library"], "is not one of"),
        (["status"], "there is no database yet"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(
    arguments: list[str], said: str, burden: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, err = burden(*arguments)
    assert (code, out) == (USAGE, "")
    assert said in " ".join(err.split())
    assert "Traceback" not in err
    assert not (tmp_path / "data" / "prefect").exists(), "it is said before Prefect is started"


def test_the_real_arxiv_wants_a_contact(
    burden: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONTACT", "ARXIV_API_URL", "ARXIV_PDF_URL", "REQUEST_INTERVAL_SECONDS"):
        monkeypatch.delenv(f"BURDEN_{name}")
    code, _, err = burden("crawl")
    assert code == USAGE
    assert err.startswith("burden: arXiv is not asked without a contact address (BURDEN_CONTACT). Set it to")


def test_a_folder_that_cannot_be_written_fails(
    burden: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "occupied").write_text("a file")
    monkeypatch.setenv("BURDEN_DATA_DIR", str(tmp_path / "occupied" / "data"))
    code, _, err = burden("crawl")
    assert (code, err.count("\n")) == (FAILED, 1)
    assert "the data folder cannot be written: Not a directory" in err


def test_a_second_crawl_in_the_same_folder_says_so(
    burden: Callable[..., tuple[int, str, str]], settings: Settings, clock: PlayedClock
) -> None:
    with open_night(settings, Order(), clock=clock):
        code, _, err = burden("crawl")
    assert (code, err.count("\n")) == (FAILED, 1)
    assert "another crawl is running" in err


def test_status_tells_papers_cells_queue_last_night_and_failures(
    burden: Callable[..., tuple[int, str, str]], settings: Settings, clock: PlayedClock, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.pdf").write_bytes(pdf_of(catalogue()[0]))
    (folder / "1701.00001v1.pdf").write_bytes(b"no paper")
    with open_night(settings, Order("folder", folder), clock=clock) as night:
        run(night, PLAIN)
    code, out, _ = burden("status", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["holds"]["papers"], found["holds"]["readings"]) == (2, 1)
    assert found["last_night"]["outcome"] == "partial"
    assert [failure["subject"] for failure in found["failures"]] == ["1701.00001v1"]
    audits = found["queue"]["by_why"].get("audit", 0)
    assert found["queue"]["open"] - audits == found["holds"]["cells"]["queued"] > 0
    _, text, _ = burden("status")
    for part in (
        "2; by the screening of their newest version: 2 relevant 1 files and 1 readings, of all versions",
        "flow every paper once, by the furthest that any of its versions came",
        "partial; it began on 2024-04-01 02:30 UTC",
        "1701.00001v1, fetch: not a PDF",
    ):
        assert part in " ".join(text.split())


def test_status_loads_neither_prefect_nor_what_reads_papers() -> None:
    program = (
        "import sys, flows.cli.operate, flows.status\n"
        "print([name for name in ('prefect', 'spacy', 'pandas', 'arxiv', 'pdfplumber') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
