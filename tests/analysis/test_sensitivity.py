from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.conventions import Options
from analysis.load import load_release
from analysis.sensitivity import Sensitivity, conventions, sensitivity
from extractors.facts.measures import AUTHORS, Convention

Tables = dict[str, list[dict[str, object]]]


@pytest.fixture
def found(tables: Tables, write_release: Callable[[Tables], Path]) -> dict[str, Sensitivity]:
    """Conventions by what they change, for ImageNet."""
    items = sensitivity([load_release(write_release(tables))], Options())
    return {item.changed: item for item in items if item.benchmark == "imagenet-1k"}


def test_each_convention_differs_from_the_chosen_one_by_one_choice() -> None:
    chosen = Convention(rate="tensor", utilisation=0.4)
    names = [changed for changed, _ in conventions(chosen)]
    assert names[:4] == ["", "fp32 rates", "stated rates", "a TPU is a chip"]
    assert "utilisation 1" in names and "utilisation 0.4" not in names
    assert len({convention.name for _, convention in conventions(chosen)}) == len(names) == 10


def test_a_factor_on_all_burdens_moves_the_projection_and_no_slope(found: dict[str, Sensitivity]) -> None:
    base, third = found[""], found["utilisation 0.33"]
    assert third.slope == pytest.approx(base.slope)
    assert third.r2 == pytest.approx(base.r2)
    assert base.log10_flop is not None and third.log10_flop is not None
    assert third.log10_flop == pytest.approx(base.log10_flop - 0.4815, abs=1e-3)


def test_rows_name_their_convention_and_what_it_lacks(found: dict[str, Sensitivity]) -> None:
    assert found[""].convention == AUTHORS.name
    without = found["network operations"]
    assert (without.n, without.slope) == (0, None)
    assert without.no_fit.startswith("0 points, of at least 8")
    assert without.row()["extrapolation"] is None


def test_half_an_error_far_outside_the_data_is_marked(found: dict[str, Sensitivity]) -> None:
    base = found[""]
    assert base.beyond is not None and base.beyond > 2.0
    assert base.row()["extrapolation"] == "far outside the data"
