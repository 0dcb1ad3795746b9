from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from analysis.authors import WIDE_FILES, read_wide
from analysis.published import FITS_2022, variable
from analysis.regressions import NoFit
from extractors.facts.errors import DatasetError
from extractors.facts.measures import AUTHORS_OLDER_CONVERSION

SetCell = Callable[[Path, int, Mapping[str, str]], None]


def test_every_fit_has_a_name_of_its_own() -> None:
    assert len({(item.benchmark, item.regression) for item in FITS_2022}) == len(FITS_2022) == 22


def test_reported_burdens_stay_and_gaps_are_converted(wide_folder: Path) -> None:
    table = read_wide(wide_folder / WIDE_FILES["coco-detection"])
    reported, operations = table.numbers("hardware_burden"), table.numbers("network_operations")
    filled = variable("burden, gaps converted as for COCO", table)
    gaps = np.isnan(reported)
    assert (filled[~gaps] == reported[~gaps]).all()
    assert list(filled[gaps]) == [AUTHORS_OLDER_CONVERSION.burden(number) for number in operations[gaps]]


def test_the_conversion_is_fitted_on_the_rows_that_have_both(wide_folder: Path, set_cell: SetCell) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    before = variable("burden, gaps converted", read_wide(path))
    set_cell(path, 0, {"network_operations": "1e20"})
    after = variable("burden, gaps converted", read_wide(path))
    moved = np.flatnonzero(before != after)
    assert list(moved) == [1, 4, 7, 10]


def test_a_multiply_add_counts_as_two_operations(wide_folder: Path, set_cell: SetCell) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 0, {"flops": "", "multiadds": "7e8"})
    assert variable("operations per pass", read_wide(path))[0] == 1.4e9


@pytest.mark.parametrize("score", ["100", "-3"])
def test_an_error_that_cannot_be_is_named(wide_folder: Path, set_cell: SetCell, score: str) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 1, {"(TOP 1 score)": score})
    with pytest.raises(DatasetError, match=r"cannot be .*line 6"):
        variable("error", read_wide(path))


def test_a_burden_without_logarithm_is_named(wide_folder: Path, set_cell: SetCell) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 0, {"hardware_burden": "-1e18"})
    with pytest.raises(DatasetError, match=r"no logarithm.*line 5"):
        variable("log10(hardware burden)", read_wide(path))


def test_the_model_that_others_are_relative_to_must_be_there_once(
    wide_folder: Path, set_cell: SetCell
) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 0, {"name": "BettyNet"})
    with pytest.raises(DatasetError, match="0 rows are named AlexNet"):
        variable("network operations/AlexNet", read_wide(path))


def test_without_that_model_the_fits_that_need_it_say_so_and_the_others_stand(
    wide_folder: Path, set_cell: SetCell
) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 0, {"name": "BettyNet"})
    found = {item.regression: item.fit(read_wide(path)) for item in FITS_2022 if item.benchmark == "imagenet"}
    wanting = [fit.reason for fit in found.values() if isinstance(fit, NoFit)]
    assert set(wanting) == {"0 rows are named AlexNet, where one is the reference"}
    assert len(wanting) == sum("AlexNet" in name for name in found)
