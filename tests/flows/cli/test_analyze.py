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

from extractors.facts.errors import UsageError
from flows.cli.root import app

POINTS = "benchmark,year,model,hardware_burden_gflop,accuracy\n" + "".join(
    f"imagenet,2019,Net-{index},1e{8 + index},{0.5 + 0.04 * index + 0.01 * (index % 2)}\n"
    for index in range(6)
)
PAPERS = "abcdefghi"
COUNT = len(PAPERS)
TABLES: dict[str, dict[str, list[object]]] = {
    "papers": {"paper_id": list(PAPERS), "title": [name.upper() for name in PAPERS], "published": [None] * COUNT},
    "models": {
        "model_id": [f"{name}/m" for name in PAPERS], "paper_id": list(PAPERS), "name": ["Net"] * COUNT,
        "role": ["headline"] * COUNT, "parameters": [None] * COUNT, "flops": [None] * COUNT, "multiply_adds": [None] * COUNT,
    },
    "training_runs": {
        "run_id": [f"{name}/r" for name in PAPERS], "paper_id": list(PAPERS), "model_id": [f"{name}/m" for name in PAPERS],
        "phase": ["training"] * COUNT, "accelerator": ["Graphics 1"] * COUNT, "count": [8.0] * COUNT,
        "count_unit": ["devices"] * COUNT, "wall_time_s": [3600.0 * 3.0**power for power in range(COUNT)],
        "device_time_s": [None] * COUNT, "device_time_unit": [None] * COUNT, "epochs": [None] * COUNT,
        "steps": [None] * COUNT, "batch_size": [None] * COUNT, "batch_unit": [None] * COUNT, "number_format": [None] * COUNT,
        "training_set_size": [None] * COUNT, "training_set_unit": [None] * COUNT,
    },
    "results": {
        "result_id": [f"{name}/x" for name in PAPERS], "paper_id": list(PAPERS), "model_id": [f"{name}/m" for name in PAPERS],
        "benchmark": ["imagenet-1k"] * COUNT, "metric": ["top1_accuracy"] * COUNT, "setting": [None] * COUNT,
        "error": [0.3 * 0.9**power + 0.002 * (power % 2) for power in range(COUNT)],
    },
    "accelerators": {
        "accelerator": ["Graphics 1"], "kind": ["GPU"], "fp32_flop_s": [1e13], "tensor_flop_s": [None],
        "chips_per_board": [1], "cores_per_chip": [1],
    },
    "benchmarks": {
        "benchmark": ["imagenet-1k", "squad-1.1"], "metric": ["top1_accuracy", "em"], "domain": ["", ""], "primary": [True, True],
    },
    "evidence": {
        "cell": ["a/x#score"], "row_id": ["a/x"], "column_name": ["score"], "paper_id": ["a"], "paper_version": [1],
        "value": ["70.0"], "low": [70.0], "high": [70.0], "printed": ["70.0"], "page": [2], "quote": ["70.0 top-1"],
        "rule": ["table"], "probability": [0.98], "status": ["automatic"],
    },
}  # fmt: skip


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release of nine papers."""
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
    done = CliRunner().invoke(app, ["analyze", str(release), "--out", str(tmp_path / "out"), "--draws", "20"])
    assert done.exit_code == 0, done.output
    assert "Convention: hardware burden; fp32 peak rates" in done.stdout
    assert "imagenet-1k  polynomial   9" in done.stdout
    assert "squad-1.1: no paper reports a result" in done.stdout
    assert (tmp_path / "out" / "imagenet-1k.png").is_file()
    assert "page 2: <q><bdi>70.0 top-1</bdi></q>" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "files in " in done.stdout and "report.html first." in done.stdout
    assert "ten times the compute goes with an error" in done.stdout
    assert "Of 9 papers with a result, 9 (100%) report enough" in done.stdout
    assert "What your targets would take" not in done.stdout


def test_analyze_prints_one_json_object_and_nothing_else(release: Path, tmp_path: Path) -> None:
    arguments = [
        "analyze",
        str(release),
        "--out",
        str(tmp_path / "out"),
        "--json",
        "--tpu",
        "chip",
        "--draws",
        "20",
    ]
    found = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert "a TPU is a chip" in found["convention"]
    assert [item["points"] for item in found["benchmarks"]] == [9, 0]
    assert all((tmp_path / "out" / name).is_file() for name in found["files"])
    assert {"estimates.csv", "forms.csv", "pooled.csv", "sensitivity.csv"} <= set(found["files"])
    assert {row["convention"] for row in found["estimates"]} == {found["convention"]}
    assert len({row["convention"] for row in found["sensitivity"]}) == 10


def test_analyze_of_few_points_shows_them_and_says_why_there_is_no_line(
    release: Path, tmp_path: Path
) -> None:
    few = pq.read_table(release / "results.parquet").slice(0, 7)
    pq.write_table(few, release / "results.parquet")
    names = [path for path in release.iterdir() if path.name != "SHA256SUMS"]
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in names]
    (release / "SHA256SUMS").write_text("".join(sums))
    done = CliRunner().invoke(app, ["analyze", str(release), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "imagenet-1k: 7 points, of at least 8: a line would be decided by one of them" in done.stdout
    assert len((tmp_path / "out" / "points.csv").read_text().splitlines()) == 8


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


def test_analyze_tells_what_a_target_takes_and_when_a_budget_would_do(release: Path, tmp_path: Path) -> None:
    arguments = ["analyze", str(release), "--out", str(tmp_path / "out"), "--draws", "20"]
    done = CliRunner().invoke(app, [*arguments, "--target", "imagenet=5%", "--budget", "1000"])
    assert done.exit_code == 0, done.output
    assert "imagenet-1k, error 0.05 (given by the reader), polynomial form: 10^" in done.stdout
    assert "It costs 1,000 US dollars or less " in done.stdout
    assert "Costs by NVIDIA Tesla V100 at 14.13 TFLOP/s" in done.stdout
    found = json.loads(CliRunner().invoke(app, [*arguments, "--target", "imagenet=0.05", "--json"]).stdout)
    assert {row["target"] for row in found["projections"] if row["target_is"] == "given by the reader"} == {
        0.05
    }
    assert found["movement"] is None


def test_analyze_tells_what_moved_since_another_release(release: Path, tmp_path: Path) -> None:
    arguments = [
        "analyze",
        str(release),
        "--out",
        str(tmp_path / "out"),
        "--draws",
        "20",
        "--since",
        str(release),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "What moved since release 0.1.0" in done.stdout
    assert "imagenet-1k: nothing changed, the slope stays " in done.stdout
    found = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert [row["kind"] for row in found["movement"]] == [
        "new papers",
        "papers gone",
        "changed cells",
        "method",
    ]
    assert found["moved_by"] == []


@pytest.mark.parametrize(
    ("target", "words"),
    [("imagenet", "is no target"), ("mnist=0.1", "no points of 'mnist'"), ("imagenet=2", "is no target")],
)
def test_a_target_that_cannot_be_is_refused_before_anything_is_written(
    release: Path, tmp_path: Path, target: str, words: str
) -> None:
    arguments = ["analyze", str(release), "--out", str(tmp_path / "out"), "--target", target]
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, UsageError)
    assert words in str(done.exception)
    assert not (tmp_path / "out").exists()


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
        "--draws",
        "20",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_analyze_reads_the_authors_tables_alone_and_beside_a_release(release: Path, tmp_path: Path) -> None:
    tables = tmp_path / "theirs"
    tables.mkdir()
    (tables / "points.csv").write_text(POINTS, encoding="utf-8")
    for source, count, words in (
        ([], 6, "From theirs. Convention"),
        ([str(release)], 15, "From release 0.1.0 and theirs. Convention"),
    ):
        given = ["analyze", *source, "--table", str(tables), "--out", str(tmp_path / "out"), "--draws", "5"]
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 0, done.output
        assert words in done.stdout
        points = (tmp_path / "out" / "points.csv").read_text(encoding="utf-8").splitlines()
        assert len(points) == 1 + count
        assert sum("theirs" in line for line in points) == 6


def test_analyze_of_nothing_says_what_to_give(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["analyze", "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, UsageError)
    assert "there is nothing to analyse" in str(done.exception)
    assert "--table" in done.exception.remedy
