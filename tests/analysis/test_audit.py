from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from analysis.audit import recompute, remarks
from analysis.authors import WIDE_FILES, read_wide

SetCell = Callable[[Path, int, Mapping[str, str]], None]


def test_a_sound_table_has_no_remarks(wide_folder: Path) -> None:
    tables = {"imagenet": read_wide(wide_folder / WIDE_FILES["imagenet"])}
    assert remarks(tables) == ()
    hardware, operations = recompute(tables)
    assert (hardware.rows, hardware.agreeing, operations.rows, operations.agreeing) == (8, 8, 12, 12)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"name": "Net-2 "}, "the name has blanks at an end"),
        (
            {"hardware_burden": "9e22"},
            "the cell of hardware burden is 100% off what the row's other cells give",
        ),
        ({"training_time_total": "9e20"}, "9e20 stands for the training time and is none"),
        (
            {"training_gpu_ptp_gflops": "8", "training_gpu_amount": "10000"},
            "Graphics 1 has 8 Gflop/s here, 10000 in most rows",
        ),
    ],
)
def test_what_looks_wrong_is_said_with_its_line(
    wide_folder: Path, set_cell: SetCell, cells: Mapping[str, str], sentence: str
) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 2, cells)
    (remark,) = remarks({"imagenet": read_wide(path)})
    assert (remark.line, remark.model, remark.sentence) == (7, "Net-2", sentence)


@pytest.mark.corpus
def test_the_authors_measures_are_ours(shared: Path) -> None:
    folder = shared / "reference" / "thompson2022"
    tables = {benchmark: read_wide(folder / name) for benchmark, name in WIDE_FILES.items()}
    hardware, operations = recompute(tables)
    assert (hardware.rows, hardware.agreeing, operations.rows, operations.agreeing) == (99, 99, 83, 82)
    assert hardware.worst < 0.031
    assert len(remarks(tables)) >= 10


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("OmniNetP", "32 Gflop/s here, 420000"),
        ("DynamicConv", "9526 Gflop/s here, 14100"),
        ("ConvNeXt-XL", "stands for the training time and is none"),
        ("CSWin-L (384 res,ImageNet-22k pretrain)", "the cell of network operations is 194% off"),
        ("PReLUNet-C", "Tesla K40 has 3520"),
        ("Ruminating Reader (single model)", "Tesla K80 has 4110"),
        ("QANet", "blanks at an end"),
    ],
)
def test_the_known_errors_of_the_authors_tables_are_told(shared: Path, model: str, words: str) -> None:
    folder = shared / "reference" / "thompson2022"
    tables = {benchmark: read_wide(folder / name) for benchmark, name in WIDE_FILES.items()}
    assert [item for item in remarks(tables) if item.model == model and words in item.sentence]
