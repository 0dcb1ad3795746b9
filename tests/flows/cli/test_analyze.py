"""The commands on a small release and on tables in the authors' layout, as a person runs them."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli.root import app

POINTS = "benchmark,year,model,hardware_burden_gflop,accuracy\n" + "".join(
    f"imagenet,2019,Net-{index},1e{8 + index},{0.5 + 0.04 * index + 0.01 * (index % 2)}\n"
    for index in range(6)
)
TABLES: dict[str, dict[str, list[object]]] = {
    "papers": {"paper_id": ["a", "b", "c"], "title": ["A", "B", "C"], "published": [None] * 3},
    "models": {
        "model_id": ["a/m", "b/m", "c/m"], "paper_id": ["a", "b", "c"], "name": ["Net"] * 3, "role": ["headline"] * 3,
        "parameters": [None] * 3, "flops": [None] * 3, "multiply_adds": [None] * 3,
    },
    "training_runs": {
        "run_id": ["a/r", "b/r", "c/r"], "paper_id": ["a", "b", "c"], "model_id": ["a/m", "b/m", "c/m"],
        "phase": ["training"] * 3, "accelerator": ["Graphics 1"] * 3, "count": [8.0] * 3, "count_unit": ["devices"] * 3,
        "wall_time_s": [3600.0, 36000.0, 360000.0], "device_time_s": [None] * 3, "device_time_unit": [None] * 3,
        "epochs": [None] * 3, "steps": [None] * 3, "batch_size": [None] * 3, "batch_unit": [None] * 3,
        "number_format": [None] * 3, "training_set_size": [None] * 3, "training_set_unit": [None] * 3,
    },
    "results": {
        "result_id": ["a/x", "b/x", "c/x"], "paper_id": ["a", "b", "c"], "model_id": ["a/m", "b/m", "c/m"],
        "benchmark": ["imagenet-1k"] * 3, "metric": ["top1_accuracy"] * 3, "setting": [None] * 3, "error": [0.3, 0.24, 0.2],
    },
    "accelerators": {
        "accelerator": ["Graphics 1"], "kind": ["GPU"], "fp32_flop_s": [1e13], "tensor_flop_s": [None],
        "chips_per_board": [1], "cores_per_chip": [1],
    },
    "benchmarks": {
        "benchmark": ["imagenet-1k", "squad-1.1"], "metric": ["top1_accuracy", "em"], "domain": ["", ""], "primary": [True, True],
    },
}  # fmt: skip


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release of three papers."""
    folder = tmp_path / "0.1.0"
    folder.mkdir()
    for name, columns in TABLES.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    resources = [
        {"name": name, "schema": {"fields": [{"name": column} for column in columns]}}
        for name, columns in TABLES.items()
    ]
    (folder / "datapackage.json").write_text(json.dumps({"version": "0.1.0", "resources": resources}))
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in folder.iterdir()]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def test_analyze_prints_fits_and_what_has_none(release: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["analyze", str(release), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "Convention: hardware burden; fp32 peak rates" in done.stdout
    assert "imagenet-1k  polynomial   3" in done.stdout
    assert "squad-1.1: no paper reports a result" in done.stdout
    assert (tmp_path / "out" / "imagenet-1k.png").is_file()


def test_analyze_prints_one_json_object_and_nothing_else(release: Path, tmp_path: Path) -> None:
    arguments = ["analyze", str(release), "--out", str(tmp_path / "out"), "--json", "--tpu", "chip"]
    found = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert "a TPU is a chip" in found["convention"]
    assert [item["points"] for item in found["benchmarks"]] == [3, 0]
    assert all((tmp_path / "out" / name).is_file() for name in found["files"])


def test_reproduce_prints_ours_beside_theirs(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(POINTS)
    alone = CliRunner().invoke(app, ["reproduce", "--table", str(tmp_path), "--json"])
    fit = json.loads(alone.stdout)["fits"][0]
    (tmp_path / "regressions.csv").write_text(
        f"benchmark,n,intercept,slope,r_squared\nimagenet,6,{fit['ours']['intercept'][0]:.3f},-0.5,\n"
    )
    beside = CliRunner().invoke(app, ["reproduce", "--table", str(tmp_path)])
    assert "≠ imagenet: slope" in beside.stdout
    assert "0 of 1 published fits agree" in beside.stdout
    assert "of the last digit printed (imagenet, slope)" in beside.stdout
    assert "Projections, powers of ten: Gflop" in beside.stdout
    assert beside.exit_code == 3


@pytest.mark.corpus
def test_reproduce_is_done_where_everything_agrees(shared: Path) -> None:
    done = CliRunner().invoke(app, ["reproduce", "--table", str(shared / "reference" / "thompson2022")])
    assert done.exit_code == 0, done.output
    assert "22 of 22 published fits agree to every printed digit." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["analyze", "nowhere", "--out", "out"], 2, "burden: there is no such release (nowhere)."),
        (
            ["analyze", "nowhere", "--out", "out", "--utilisation", "2"],
            2,
            "burden: a utilisation of 2 cannot be.",
        ),
        (["reproduce", "--table", "nowhere"], 2, "burden: there is no such folder (nowhere)."),
    ],
)
def test_a_mistake_is_one_sentence_and_a_code(
    tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1


def test_analyze_loads_neither_prefect_nor_the_reader(release: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from flows.cli.root import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'spacy', 'pdfplumber', 'sqlalchemy'} & sys.modules.keys()))"
    )
    command = [
        sys.executable,
        "-c",
        script,
        "analyze",
        str(release),
        "--out",
        str(tmp_path / "out"),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
