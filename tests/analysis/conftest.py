"""Small tables in the layouts that the analysis reads, with relations planted in them."""

import csv
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.authors import PHASES, PROCESSORS, WIDE_FILES

_PER_PHASE = ("epochs", "set_size", "time_total", "time_total_sec")
_PER_PROCESSOR = ("model", "amount", "ptp_gflops")
COLUMNS = (
    "name", "year", "parameters", "title", "paper_link", "flops", "multiadds",
    *(f"{phase}_{column}" for phase in PHASES for column in _PER_PHASE),
    *(f"{phase}_{kind}_{column}" for phase in PHASES for kind in PROCESSORS for column in _PER_PROCESSOR),
    "network_operations", "hardware_burden",
)  # fmt: skip
SCORES = {
    "imagenet": "(TOP 1 score)", "coco-detection": "(BOX AP)", "squad-1.1": "(EM score)",
    "conll-2003": "(F1 score)", "wmt2014-en-fr": "(BLEU)", "wmt2014-en-de": "(BLEU)",
}  # fmt: skip
SLOPE = 0.08
INTERCEPT = -1.0


def wide_row(index: int, score_column: str) -> dict[str, str]:
    """A model trained for some days on eight processors, whose error falls with its burden."""
    rng = np.random.default_rng(index)
    rate, count, seconds = 10_000.0, 8.0, 86400.0 * 2.0 ** (index % 9)
    burden = rate * 1e9 * count * seconds
    error = 10.0 ** -(INTERCEPT + SLOPE * np.log10(burden) + rng.normal(0.0, 0.01))
    per_pass, epochs, examples = 1e9 * 1.5 ** (index % 9), 100.0, 1e6
    return {
        "name": "AlexNet" if index == 0 else f"Net-{index}", "year": str(2012 + index % 7),
        "flops": f"{per_pass}", "training_epochs": f"{epochs}", "training_set_size": f"{examples}",
        "training_time_total": "some days", "training_time_total_sec": f"{seconds}",
        "training_gpu_model": "Graphics 1", "training_gpu_amount": f"{count}", "training_gpu_ptp_gflops": f"{rate}",
        "network_operations": f"{per_pass * 3 * epochs * examples}", "hardware_burden": f"{burden}",
        score_column: f"{100.0 * (1.0 - error)}",
    }  # fmt: skip


def write_rows(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]], headings: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows([dict.fromkeys(columns, "heading") for _ in range(headings)])
        writer.writerows(rows)
    return path


@pytest.fixture
def wide_folder(tmp_path: Path) -> Path:
    """Six tables in the layout of 2022, twelve models each; every third lacks its burden."""
    folder = tmp_path / "wide"
    folder.mkdir()
    for benchmark, name in WIDE_FILES.items():
        rows = [wide_row(index, SCORES[benchmark]) for index in range(12)]
        for row in rows[1::3]:
            row["hardware_burden"] = ""
        write_rows(folder / name, (*COLUMNS, SCORES[benchmark]), rows, headings=3)
    return folder


@pytest.fixture
def points_folder(tmp_path: Path) -> Path:
    """Points in the layout of 2020, eight a benchmark."""
    folder = tmp_path / "points"
    folder.mkdir()
    columns = ("benchmark", "year", "model", "hardware_burden_gflop", "accuracy")
    rows = [
        dict(zip(columns, (benchmark, "2019", f"Net-{index}", f"{10.0 ** (8 + index)}", f"{0.5 + 0.03 * index + 0.01 * (index % 2)}"), strict=True))
        for benchmark in SCORES
        for index in range(8)
    ]  # fmt: skip
    write_rows(folder / "points.csv", columns, rows, headings=0)
    return folder


@pytest.fixture
def set_cell() -> Callable[[Path, int, Mapping[str, str]], None]:
    """Changes cells of one data row of a wide table."""

    def change(path: Path, row: int, cells: Mapping[str, str]) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, rows = tuple(reader.fieldnames or ()), list(reader)
        rows[3 + row].update(cells)
        write_rows(path, columns, rows, headings=0)

    return change


Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]

_TEXT, _NUMBER = pa.string(), pa.float64()
SCHEMAS = {
    "papers": {"paper_id": _TEXT, "title": _TEXT, "published": pa.date32(), "version": pa.int64()},
    "models": {
        "model_id": _TEXT, "paper_id": _TEXT, "name": _TEXT, "role": _TEXT,
        "parameters": _NUMBER, "flops": _NUMBER, "multiply_adds": _NUMBER,
    },
    "training_runs": {
        "run_id": _TEXT, "paper_id": _TEXT, "model_id": _TEXT, "phase": _TEXT, "accelerator": _TEXT,
        "count": _NUMBER, "count_unit": _TEXT, "wall_time_s": _NUMBER, "device_time_s": _NUMBER,
        "device_time_unit": _TEXT, "epochs": _NUMBER, "steps": _NUMBER, "batch_size": _NUMBER, "batch_unit": _TEXT,
        "number_format": _TEXT, "training_set_size": _NUMBER, "training_set_unit": _TEXT,
        "compute_flop": _NUMBER, "hardware_burden_flop": _NUMBER,
    },
    "results": {
        "result_id": _TEXT, "paper_id": _TEXT, "model_id": _TEXT, "benchmark": _TEXT, "metric": _TEXT,
        "split": _TEXT, "setting": _TEXT, "standing": _TEXT, "score": _NUMBER, "unit": _TEXT, "error": _NUMBER,
    },
    "accelerators": {
        "accelerator": _TEXT, "kind": _TEXT, "fp32_flop_s": _NUMBER, "tensor_flop_s": _NUMBER,
        "chips_per_board": pa.int64(), "cores_per_chip": pa.int64(),
    },
    "benchmarks": {"benchmark": _TEXT, "metric": _TEXT, "domain": _TEXT, "primary": pa.bool_()},
    "evidence": {
        "cell": _TEXT, "row_id": _TEXT, "column_name": _TEXT, "paper_id": _TEXT, "paper_version": pa.int64(),
        "value": _TEXT, "low": _NUMBER, "high": _NUMBER, "printed": _TEXT, "page": pa.int64(), "quote": _TEXT,
        "rule": _TEXT, "probability": _NUMBER, "status": _TEXT,
    },
}  # fmt: skip


def planted_tables(seed: int = 0, papers: int = 24, noise: float = 0.02) -> Tables:
    """Papers on ImageNet whose error follows their burden by a known line, one model and run each."""
    rng = np.random.default_rng(seed)
    tables: Tables = {name: [] for name in SCHEMAS}
    tables["accelerators"] = [
        {"accelerator": "Graphics 1", "kind": "GPU", "fp32_flop_s": 1e13, "tensor_flop_s": 8e13, "chips_per_board": 1, "cores_per_chip": 1},
        {"accelerator": "Tensor 2", "kind": "TPU", "fp32_flop_s": None, "tensor_flop_s": 4e13, "chips_per_board": 4, "cores_per_chip": 2},
    ]  # fmt: skip
    tables["benchmarks"] = [
        {"benchmark": "imagenet-1k", "metric": "top1_accuracy", "domain": "image classification", "primary": True},
        {"benchmark": "imagenet-1k", "metric": "top5_accuracy", "domain": "image classification", "primary": False},
        {"benchmark": "coco-detection", "metric": "box_ap", "domain": "object detection", "primary": True},
        {"benchmark": "imagenet-gen", "metric": "fid", "domain": "image generation", "primary": True},
    ]  # fmt: skip
    for index in range(papers):
        paper = f"2401.{index:05d}"
        seconds = float(86400.0 * 10.0 ** rng.uniform(-1.0, 2.0))
        burden = seconds * 8 * 1e13
        error = float(10.0 ** -(INTERCEPT + SLOPE * np.log10(burden) + rng.normal(0.0, noise)))
        add_paper(tables, paper, error, wall_time_s=seconds, count=8.0)
    return tables


def add_paper(tables: Tables, paper: str, error: float, **run: object) -> None:
    """A paper with one model, its result on ImageNet, and one run."""
    model = f"{paper}/model/net"
    tables["papers"].append(
        {"paper_id": paper, "title": f"On {paper}", "published": date(2024, 1, 31), "version": 1}
    )
    tables["models"].append({"model_id": model, "paper_id": paper, "name": "Net", "role": "headline"})
    known: dict[str, object] = {
        "run_id": f"{paper}/run/net.training", "paper_id": paper, "model_id": model, "phase": "training",
        "accelerator": "Graphics 1", "count_unit": "devices",
    }  # fmt: skip
    tables["training_runs"].append(known | run)
    tables["results"].append(
        {
            "result_id": f"{paper}/result/net", "paper_id": paper, "model_id": model, "benchmark": "imagenet-1k",
            "metric": "top1_accuracy", "setting": "single", "error": error,
        }
    )  # fmt: skip


def add_evidence(tables: Tables, row: str, column: str, value: float) -> None:
    """A cell on page 3 that nobody looked at, three quarters probable."""
    tables["evidence"].append(
        {
            "cell": f"{row}#{column}", "row_id": row, "column_name": column, "paper_id": row.partition("/")[0],
            "paper_version": 1, "value": str(value), "low": value, "high": value, "printed": None, "page": 3,
            "quote": "some words", "rule": "a.rule", "probability": 0.75, "status": "automatic",
        }
    )  # fmt: skip


def seal(folder: Path) -> None:
    """Writes the checksums of all files of a release as they are now."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def write_release(tmp_path: Path) -> WriteRelease:
    """Writes tables as a release, described and sealed."""

    def write(tables: Tables) -> Path:
        folder = tmp_path / "0.1.0"
        folder.mkdir()
        resources = []
        for name, columns in SCHEMAS.items():
            table = pa.Table.from_pylist(tables[name], schema=pa.schema(columns.items()))
            pq.write_table(table, folder / f"{name}.parquet")
            described = [{"name": column, "type": "any"} for column in columns]
            resources.append({"name": name, "path": f"{name}.parquet", "schema": {"fields": described}})
        package = {"name": "burden", "version": "0.1.0", "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        seal(folder)
        return folder

    return write


@pytest.fixture
def plant() -> Callable[..., Tables]:
    """Makes planted tables of a seed, a number of papers and a noise."""
    return planted_tables


@pytest.fixture
def tables() -> Tables:
    """Planted tables of 24 papers."""
    return planted_tables()


@pytest.fixture(name="add_paper")
def adds_paper() -> Callable[..., None]:
    """Adds a paper to tables."""
    return add_paper


@pytest.fixture(name="add_evidence")
def adds_evidence() -> Callable[[Tables, str, str, float], None]:
    """Adds a cell of evidence to tables."""
    return add_evidence


@pytest.fixture(name="seal")
def seals() -> Callable[[Path], None]:
    """Seals a folder again after a change."""
    return seal
