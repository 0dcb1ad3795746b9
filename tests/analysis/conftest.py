"""Small tables in the layouts that the analysis reads, with relations planted in them."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from analysis.authors import PHASES, PROCESSORS, WIDE_FILES

_PER_PHASE = ("epochs", "set_size", "time_total", "time_total_sec")
_PER_PROCESSOR = ("model", "amount", "ptp_gflops")
COLUMNS = (
    "name", "year", "flops", "multiadds",
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

WriteTable = Callable[[Path, str, int], Path]


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
