"""`burden explain` as a person runs it, on papers typeset for the purpose."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Done

Burden = Callable[..., Done]
PAPERS = Path(__file__).resolve().parents[3] / "flows" / "demo" / "papers"
LARKSPUR = PAPERS / "2403.99101v1.pdf"
"""Trained on 8 V100; others' 512 TPU cores and a T4 for latency stand in it too."""


def test_a_person_reads_what_was_read_where_and_why_not(burden: Burden) -> None:
    done = burden("explain", LARKSPUR, "run.count")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "== run.count"
    (own,) = [line for line in lines if line.startswith("  run larkspur-50")]
    assert "8 devices (training.accelerator-count, p. 2, 4.1. Training details)" in own
    latency = lines.index(next(line for line in lines if "one Tesla T4" in line))
    assert lines[latency].startswith("  rejected: 1 devices")
    assert lines[latency + 1].strip() == (
        "because words about inference or speed stand nearer than words about training"
    )


def test_a_program_reads_the_same_with_boxes_and_features(burden: Burden) -> None:
    done = burden("explain", LARKSPUR, "accelerator", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["file"]) == (0, LARKSPUR.name)
    (field,) = found["fields"]
    assert field["field"] == "run.accelerator"
    ids = {cell["value"]["id"] for cell in field["cells"]}
    assert "NVIDIA Tesla V100" in ids
    assert all(cell["evidence"]["box"] and cell["features"] and cell["status"] for cell in field["cells"])
    refused = {item["value"]["id"]: item["reasons"] for item in field["rejected"]}
    assert "a citation stands beside it" in refused["Google TPU v3"]


def test_a_family_is_all_its_fields(burden: Burden) -> None:
    found = json.loads(burden("explain", LARKSPUR, "resources", "--json").stdout)
    assert [field["field"] for field in found["fields"]][:2] == ["run.number_format", "run.training_set"]
    assert all(field["field"].startswith("run.") for field in found["fields"])


def test_an_unknown_field_is_a_usage_error_that_lists_the_fields(burden: Burden) -> None:
    done = burden("explain", LARKSPUR, "colour")
    assert (done.returncode, done.stdout) == (2, "")
    assert "run.count" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), (LARKSPUR,)])
def test_a_missing_argument_is_a_usage_error(burden: Burden, arguments: tuple[Path, ...]) -> None:
    assert burden("explain", *arguments).returncode == 2


def test_an_unreadable_file_is_an_error_and_no_traceback(burden: Burden, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_text("<html><body>Are you human?</body></html>")
    done = burden("explain", page, "count", "--json")
    assert done.returncode == 3
    assert set(json.loads(done.stdout)) == {"file", "error"}
    assert "Traceback" not in done.stderr


def test_explaining_and_its_help_load_neither_prefect_nor_a_database() -> None:
    for command in (["explain", "--help"], ["explain", str(LARKSPUR), "count"]):
        script = (
            "import sys\n"
            "from flows.cli import main\n"
            f"sys.argv = {['burden', *command]!r}\n"
            "if __name__ == '__main__':\n"
            "    try: main()\n"
            "    except SystemExit: pass\n"
            "    print(sorted({'prefect', 'sqlalchemy', 'pandas', 'statsmodels'} & set(sys.modules)))\n"
        )
        shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert shown.stdout.splitlines()[-1] == "[]"


def test_help_loads_no_reader() -> None:
    script = (
        "import sys\nfrom flows.cli import main\nsys.argv = ['burden', 'explain', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'spacy', 'pypdfium2', 'numpy', 'extractors.explain'} & set(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"
