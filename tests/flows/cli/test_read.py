"""`burden extract` as a person runs it: one JSON object a line, in order, and nothing else on standard output."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Done

Burden = Callable[..., Done]
PAPERS = Path(__file__).resolve().parents[3] / "flows" / "demo" / "papers"
SAMPLES = sorted(PAPERS.glob("*.pdf"))[:2]
KEYS = {"file", "paper", "title", "training", "parameters", "operations", "training_compute", "results"}


def test_papers_are_printed_in_the_order_they_were_named(burden: Burden, tmp_path: Path) -> None:
    done = burden("extract", SAMPLES[1], SAMPLES[0], "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [paper["file"] for paper in found] == [SAMPLES[1].name, SAMPLES[0].name]
    assert all(set(paper) >= KEYS for paper in found)
    entries = [entry for paper in found for entry in paper["results"]]
    assert all({"page", "quote", "box", "rule", "confidence", "status"} <= set(entry) for entry in entries)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to write to")
@pytest.mark.parametrize("command", [("extract", SAMPLES[0], "--json"), ("read", SAMPLES[0]), ("--help",)])
def test_output_that_finds_no_room_is_a_sentence(burden: Burden, command: tuple[str | Path, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = burden(*command, into=full)
    assert done.returncode == 1
    assert "no room" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unreadable_file_is_an_error_object_and_the_rest_go_on(burden: Burden, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_text("<html><body>Are you human?</body></html>")
    done = burden("extract", page, tmp_path / "gone.pdf", SAMPLES[0], "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [set(paper) == {"file", "error"} for paper in found] == [True, True, False]
    assert "Traceback" not in done.stderr
    assert "gone.pdf" in done.stderr


def test_a_page_of_html_is_read_like_a_pdf(burden: Burden, tmp_path: Path) -> None:
    page = tmp_path / "paper.html"
    page.write_text(
        '<!DOCTYPE html><html><body><article class="ltx_document"><h1 class="ltx_title ltx_title_document">'
        'A Net</h1><section class="ltx_section" id="S1"><div class="ltx_para" id="S1.p1"><p class="ltx_p">'
        "We trained our network for 4 days on 8 NVIDIA V100 GPUs.</p></div></section></article></body></html>"
    )
    done = burden("extract", page, SAMPLES[0], "--json")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (done.returncode, first["file"], second["file"]) == (0, "paper.html", SAMPLES[0].name)
    (run,) = first["training"]
    assert (run["page"], run["box"], run["accelerator"]) == (1, None, "NVIDIA Tesla V100")
    assert "PDF or HTML" in " ".join(burden("extract", "--help").stdout.split())


def test_without_json_a_person_can_read_it(burden: Burden) -> None:
    shown = burden("extract", SAMPLES[0]).stdout
    assert "  training\n" in shown
    assert "p. " in shown


def test_no_file_is_a_usage_error(burden: Burden) -> None:
    done = burden("extract")
    assert (done.returncode, done.stdout) == (2, "")


def test_extracting_loads_neither_prefect_nor_a_database() -> None:
    script = (
        "import sys\n"
        "from flows.cli import main\n"
        f"sys.argv = ['burden', 'extract', {str(SAMPLES[0])!r}, '--json']\n"
        "if __name__ == '__main__':\n"
        "    try: main()\n"
        "    except SystemExit: pass\n"
        "    print(sorted({'prefect', 'sqlalchemy', 'pandas', 'statsmodels'} & set(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


def test_reading_shows_the_text_with_its_structure_and_the_tables(burden: Burden, tmp_path: Path) -> None:
    done = burden("read", SAMPLES[0], SAMPLES[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("== ")] == [
        f"== {sample.name}" for sample in SAMPLES
    ]
    assert "## " in done.stdout
    assert "(Table 1, p. " in done.stdout


def test_tables_can_be_read_alone_and_as_json(burden: Burden) -> None:
    found = json.loads(burden("read", SAMPLES[0], "--tables", "--json").stdout)
    assert (found["file"], "paragraphs" in found) == (SAMPLES[0].name, False)
    assert all(table["cells"] and table["boxes"] for table in found["tables"])
    assert all(table["row_labels"] and table["label_columns"] for table in found["tables"])


def test_pages_are_drawn_where_it_is_asked_for(burden: Burden, tmp_path: Path) -> None:
    done = burden("read", SAMPLES[0], "--json", "--draw", tmp_path / "pictures")
    pages = json.loads(done.stdout)["pages"]
    drawn = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert drawn == [f"{SAMPLES[0].stem}-{page['number']:03}.png" for page in pages]
    assert (tmp_path / "pictures" / drawn[0]).read_bytes().startswith(b"\x89PNG")


def test_pictures_that_cannot_be_told_apart_or_written_are_a_usage_error(
    burden: Burden, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    for files, folder in (([SAMPLES[0]] * 2, tmp_path / "pictures"), ([SAMPLES[0]], tmp_path / "taken")):
        done = burden("read", *files, "--draw", folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("burden: ")


def test_a_picture_for_which_there_is_no_room_is_told_as_that(burden: Burden, tmp_path: Path) -> None:
    (tmp_path / f"{SAMPLES[0].stem}-001.png").symlink_to("/dev/full")
    done = burden("read", SAMPLES[0], "--draw", tmp_path)
    assert (done.returncode, "cannot be opened" in done.stderr) == (3, False)
    assert f"a picture cannot be written: No space left on device ({tmp_path}" in done.stderr


def test_a_file_that_cannot_be_read_costs_only_itself(burden: Burden, tmp_path: Path) -> None:
    done = burden("read", tmp_path / "gone.pdf", SAMPLES[0], "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [set(paper) == {"file", "error"} for paper in found]) == (3, [True, False])
    assert "gone.pdf" in done.stderr


def test_pages_of_the_web_are_read_too_and_have_nothing_to_draw(burden: Burden, tmp_path: Path) -> None:
    page = tmp_path / "paper.html"
    page.write_text(
        '<!DOCTYPE html><html><body><article class="ltx_document"><h1 class="ltx_title ltx_title_document">'
        'Costs\x1b[2J</h1><section class="ltx_section" id="S1"><div class="ltx_para" id="S1.p1"><p class="ltx_p">'
        "We train on eight devices.</p></div></section></article></body></html>"
    )
    done = burden("read", page, "--draw", tmp_path / "pictures")
    assert done.returncode == 0, done.stderr
    assert "We train on eight devices." in done.stdout
    assert "\x1b" not in done.stdout
    assert list((tmp_path / "pictures").iterdir()) == []


def test_reading_loads_neither_prefect_nor_spacy(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from flows.cli import main\n"
        f"sys.argv = ['burden', 'read', {str(SAMPLES[0])!r}]\n"
        "if __name__ == '__main__':\n"
        "    try: main()\n"
        "    except SystemExit: pass\n"
        "    print(sorted({'prefect', 'sqlalchemy', 'spacy', 'pandas'} & set(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"
