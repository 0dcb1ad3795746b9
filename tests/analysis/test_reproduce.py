import csv
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.authors import WIDE_FILES
from analysis.published import FITS_2022
from analysis.reproduce import PUBLISHED_2022, Comparison, Reproduction, _same, reproduce
from extractors.facts.errors import DatasetError, UsageError

SetCell = Callable[[Path, int, Mapping[str, str]], None]
COLUMNS = ("benchmark", "regression", "n", "intercept", "slope", "p_value", "r_squared")


def publish(folder: Path, done: Reproduction, **changes: str) -> None:
    """Writes ours as if they were theirs, each number with few digits, the first fit with changes."""
    with (folder / PUBLISHED_2022).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for index, item in enumerate(done.comparisons):
            row = {
                column: " also ".join(f"{number:.4g}" for number in found)
                for column, found in item.ours.items()
            }
            row |= {"benchmark": item.benchmark, "regression": item.regression}
            writer.writerow(row | (changes if index == 0 else {}))


def moved(before: Reproduction, after: Reproduction) -> set[tuple[str, str]]:
    return {
        (old.benchmark, old.regression)
        for old, new in zip(before.comparisons, after.comparisons, strict=True)
        if old.ours != new.ours
    }


def test_without_published_fits_ours_stand_alone(wide_folder: Path) -> None:
    done = reproduce(wide_folder)
    assert done.complete
    assert {item.verdict for item in done.comparisons} == {"nothing published"}
    assert all(item.ours for item in done.comparisons)


def test_ours_agree_with_what_they_round_to(wide_folder: Path) -> None:
    publish(wide_folder, reproduce(wide_folder))
    done = reproduce(wide_folder)
    assert done.complete
    assert {item.verdict for item in done.comparisons} == {"agrees"}


@pytest.mark.parametrize(
    ("column", "printed"),
    [("n", "13"), ("slope", "0.5"), ("p_value", "1e-300"), ("r_squared", "pseudo 0.12")],
)
def test_another_number_is_a_difference_in_its_column(wide_folder: Path, column: str, printed: str) -> None:
    publish(wide_folder, reproduce(wide_folder), **{column: printed})
    first, *others = reproduce(wide_folder).comparisons
    assert (first.verdict, first.differences) == ("differs", (column,))
    assert {item.verdict for item in others} == {"agrees"}


def test_a_number_they_do_not_print_cannot_differ(wide_folder: Path) -> None:
    publish(wide_folder, reproduce(wide_folder), p_value="")
    assert reproduce(wide_folder).complete


def test_a_published_fit_of_an_unknown_kind_is_listed(wide_folder: Path) -> None:
    publish(wide_folder, reproduce(wide_folder), regression="a forest of trees")
    done = reproduce(wide_folder)
    last = done.comparisons[-1]
    assert (last.regression, last.verdict, done.complete) == ("a forest of trees", "not computed", False)


def test_a_missing_table_leaves_its_fits_not_computed(wide_folder: Path) -> None:
    (wide_folder / WIDE_FILES["squad-1.1"]).unlink()
    missing = [item for item in reproduce(wide_folder).comparisons if item.problem]
    assert [item.benchmark for item in missing] == ["squad-1.1"] * 2


def test_one_changed_burden_moves_the_fits_that_use_it_and_no_other(
    wide_folder: Path, set_cell: SetCell
) -> None:
    before = reproduce(wide_folder)
    set_cell(wide_folder / WIDE_FILES["imagenet"], 0, {"hardware_burden": "3e18"})
    users = {
        ("imagenet", item.regression)
        for item in FITS_2022
        if item.benchmark == "imagenet" and "burden" in f"{item.y} {item.x}"
    }
    assert len(users) == 4
    assert moved(before, reproduce(wide_folder)) == users


def test_one_changed_pass_moves_one_fit(wide_folder: Path, set_cell: SetCell) -> None:
    before = reproduce(wide_folder)
    set_cell(wide_folder / WIDE_FILES["coco-detection"], 5, {"flops": "7.5e9"})
    assert moved(before, reproduce(wide_folder)) == {
        ("coco-detection", "log10(box AP) ~ log10(ops_per_forward_pass)")
    }


def test_the_first_version_has_a_fit_a_benchmark(points_folder: Path) -> None:
    done = reproduce(points_folder)
    assert [len(done.comparisons), done.complete] == [6, True]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_tables_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="Give the folder that has"):
        reproduce(tmp_path / name)


def test_published_fits_that_cannot_be_read_are_refused(wide_folder: Path) -> None:
    (wide_folder / PUBLISHED_2022).write_bytes(b"\xff\xfe")
    with pytest.raises(DatasetError, match="published fits cannot be read"):
        reproduce(wide_folder)


@given(number=st.floats(1e-40, 1e40) | st.floats(-1e6, -1e-6), digits=st.integers(1, 6))
def test_a_number_agrees_with_every_print_of_it_and_with_no_other(number: float, digits: int) -> None:
    printed = f"{number:.{digits}e}"
    mantissa, power = printed.split("e")
    other = f"{float(mantissa) + 2.0 * 10.0**-digits:.{digits}f}e{power}"
    assert _same((number,), printed)
    assert _same((number,), f"pseudo {printed} (model F)")
    assert not _same((number,), other)
    assert not _same((number, number), printed)
    assert not _same((float("nan"),), printed)


def test_the_worst_difference_is_named_in_units_of_the_last_digit(wide_folder: Path) -> None:
    publish(wide_folder, reproduce(wide_folder), slope="7.0")
    done = reproduce(wide_folder)
    units, which = done.worst
    assert units == pytest.approx(10.0 * abs(7.0 - done.comparisons[0].ours["slope"][0]))
    assert which == f"imagenet  {FITS_2022[0].regression}, slope"


def test_without_published_numbers_nothing_is_worst(wide_folder: Path) -> None:
    assert reproduce(wide_folder).worst == (0.0, "")


def _disagreeing(done: Reproduction) -> list[Comparison]:
    return [item for item in done.comparisons if item.verdict != "agrees"]


@pytest.mark.corpus
def test_all_published_fits_reproduce_to_the_printed_digits(shared: Path) -> None:
    done = reproduce(shared / "reference" / "thompson2022")
    assert len(done.comparisons) == 22
    assert not _disagreeing(done)
    assert done.worst[0] <= 0.5


@pytest.mark.corpus
def test_the_fits_of_the_first_version_reproduce_too(shared: Path) -> None:
    done = reproduce(shared / "reference" / "thompson2020")
    assert len(done.comparisons) == 6
    assert not _disagreeing(done)


@pytest.mark.corpus
def test_the_authors_fits_move_with_their_tables(shared: Path, tmp_path: Path, set_cell: SetCell) -> None:
    shutil.copytree(shared / "reference" / "thompson2022", tmp_path / "copy", copy_function=shutil.copyfile)
    before = reproduce(tmp_path / "copy")
    set_cell(tmp_path / "copy" / WIDE_FILES["squad-1.1"], 0, {"(EM score)": "50"})
    after = reproduce(tmp_path / "copy")
    assert {benchmark for benchmark, _ in moved(before, after)} <= {"squad-1.1"}
    assert len(_disagreeing(after)) == len(moved(before, after))


@pytest.mark.corpus
def test_without_the_published_file_the_authors_fits_stand_alone(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "reference" / "thompson2022", tmp_path / "copy", copy_function=shutil.copyfile)
    (tmp_path / "copy" / PUBLISHED_2022).unlink()
    done = reproduce(tmp_path / "copy")
    assert {item.verdict for item in done.comparisons} == {"nothing published"}
    assert len(done.comparisons) == 22
