import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from analysis.drawing.look import NARROW, SIZES, WIDE
from analysis.drawing.performance import mean_error, performance
from analysis.drawing.picture import render
from analysis.regressions import Fit, least_squares
from analysis.study import Section

Collisions = Callable[..., list[str]]


def values(spec: dict[str, Any] | None, *columns: str) -> list[dict[str, Any]]:
    """Rows of all data of a specification that have these columns."""
    assert spec is not None
    inline = [layer["data"].get("values", ()) for layer in spec["layer"] if "data" in layer]
    rows = [row for rows in (*inline, *spec.get("datasets", {}).values()) for row in rows]
    return [row for row in rows if set(columns) <= row.keys()]


def test_a_figure_shows_points_fits_bands_and_convention(
    planted: Callable[[int], Section], convention: str
) -> None:
    spec = performance(planted(12), "ImageNet", convention, WIDE)
    assert len(values(spec, "kind", "paper", "model", "year", "compute", "error")) == 12
    assert {row["kind"] for row in values(spec, "kind")} == {"reported", "converted"}
    fits = {row["fit"].split(":")[0] for row in values(spec, "fit")}
    assert fits == {"polynomial", "exponential"}
    assert values(spec, "upper")
    drawn = render(spec or {}, "wide")
    assert drawn.png().startswith(b"\x89PNG")
    assert "ImageNet: 12 points" in drawn.svg
    assert "search time included" in drawn.svg


def test_the_same_points_are_the_same_bytes(planted: Callable[[int], Section], convention: str) -> None:
    one, other = (render(performance(planted(12), "x", convention, WIDE) or {}, "wide") for _ in range(2))
    assert (one.svg, one.png()) == (other.svg, other.png())


@pytest.mark.parametrize("size", SIZES)
def test_a_figure_is_as_wide_as_its_column(
    size: Any, planted: Callable[[int], Section], convention: str
) -> None:
    svg = render(performance(planted(40), "ImageNet", convention, size) or {}, size.name).svg
    width = float(svg.split('width="', 1)[1].split('"')[0])
    assert size.width - 14 <= width <= size.width


@pytest.mark.parametrize("n", [0, 1])
def test_a_point_alone_is_no_picture(n: int, planted: Callable[[int], Section], convention: str) -> None:
    assert performance(planted(n), "x", convention, WIDE) is None


def test_points_without_a_line_are_drawn_with_the_reason(
    section: Callable[..., Section], convention: str
) -> None:
    spec = performance(section([1e20] * 3, [0.2, 0.3, 0.25]), "x", convention, WIDE)
    assert not values(spec, "fit")
    assert "No fit: 3 points, of at least 8" in json.dumps(spec)


def test_the_band_is_that_of_the_mean_of_a_line() -> None:
    random = np.random.default_rng(0)
    x = random.uniform(18.0, 22.0, 20)
    y = 0.08 * x + random.normal(0.0, 0.1, 20)
    fit = least_squares(y, x)
    assert isinstance(fit, Fit)
    at = np.array([17.0, 20.0, 24.0])
    model = OLS(y, np.column_stack([np.ones(20), x])).fit()
    theirs = model.get_prediction(np.column_stack([np.ones(3), at])).se_mean
    assert mean_error(fit, x, at) == pytest.approx(theirs)


def test_the_frontier_and_who_is_asked_for_are_named(
    section: Callable[..., Section], convention: str
) -> None:
    points = section([1e18, 1e19, 1e20, 1e21], [0.4, 0.5, 0.3, 0.35])
    names = {row["name"] for row in values(performance(points, "x", convention, WIDE), "name", "performance")}
    assert names == {"Model-0", "Model-2"}
    asked = performance(points, "x", convention, WIDE, ["model-3"])
    assert "Model-3" in {row["name"] for row in values(asked, "name", "performance")}


def test_origins_differ_by_shape_and_bases_by_filling(
    planted: Callable[[int], Section], convention: str
) -> None:
    made = planted(12)
    points = tuple(
        replace(point, origin="tables" if at % 2 else "release 0.1.0", basis="converted" if at == 3 else point.basis)
        for at, point in enumerate(made.points)
    )  # fmt: skip
    spec = performance(replace(made, points=points), "x", convention, WIDE)
    kinds = {row["kind"] for row in values(spec, "kind")}
    assert {"reported, release 0.1.0", "reported, tables", "converted, tables"} <= kinds
    (layer,) = (layer for layer in (spec or {})["layer"] if "shape" in layer["encoding"])
    domain, shapes = (layer["encoding"]["shape"]["scale"][part] for part in ("domain", "range"))
    fills = layer["encoding"]["fill"]["scale"]["range"]
    looks = dict(zip(domain, zip(shapes, fills, strict=True), strict=True))
    assert len(set(looks.values())) == len(looks), "each kind can be told from the others without colour"


@pytest.mark.parametrize(
    ("burdens", "errors"),
    [
        ([1e10, 1e17, 1e24], [0.9, 0.5, 0.001]),
        ([1e20, 1.1e20, 1.2e20], [0.25, 0.249, 0.2495]),
        ([1e18, 1e19, 1e20], [0.001, 0.5, 0.9]),
    ],
)
def test_wide_narrow_and_falling_points_have_axes_to_read_them_by(
    burdens: list[float], errors: list[float], section: Callable[..., Section], convention: str
) -> None:
    spec = performance(section(burdens, errors), "x", convention, NARROW)
    assert 2 <= len(values(spec, "base", "exponent")) <= 10
    (axis,) = (
        layer["encoding"]["y"]["axis"] for layer in (spec or {})["layer"] if "shape" in layer["encoding"]
    )
    assert 2 <= len(axis["values"]) <= 8


@pytest.mark.parametrize("n", [2, 9, 60, 1000])
def test_no_text_stands_on_another_or_is_cut_off(
    n: int, planted: Callable[[int], Section], convention: str, collisions: Collisions
) -> None:
    assert collisions(*(performance(planted(n), "ImageNet", convention, size) for size in SIZES)) == []


def test_names_of_strangers_stay_in_their_places(
    planted: Callable[[int], Section], convention: str, collisions: Collisions
) -> None:
    names = [
        "A" * 400,
        "\u202egnp.exe",
        "</text><script>alert(1)</script>",
        "日本語モデル" * 9,
        "🙂" * 50,
        "a\x00b\nc",
    ]
    made = planted(30)
    points = tuple(replace(point, model=names[at % len(names)]) for at, point in enumerate(made.points))
    assert (
        collisions(*(performance(replace(made, points=points), "x", convention, size) for size in SIZES))
        == []
    )
