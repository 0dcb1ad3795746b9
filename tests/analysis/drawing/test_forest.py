import json
from collections.abc import Callable
from typing import Any

from analysis.drawing.forest import Axis, Frame, Group, Row, forest
from analysis.drawing.look import SIZES, WIDE

GROUPS = (
    Group("First benchmark", (Row("classical", 0.05, 0.04, 0.06, "0.05"), Row("clustered", 0.05, 0.03, 0.08, "0.05"))),
    Group("Second", (Row("wild", 0.05, -3.0, 4.0, "0.05"), Row("without", None, note="no line: 6 of 12 points are on the frontier"))),
)  # fmt: skip


def frame(size: Any, **known: Any) -> Frame:
    return Frame("Slopes", "by convention", (Axis("slope"),), size, **known)


def rows(spec: dict[str, Any] | None, column: str) -> list[dict[str, Any]]:
    assert spec is not None
    return [row for data in spec["datasets"].values() for row in data if column in row]


def test_an_interval_that_runs_out_of_the_plot_ends_in_an_arrow() -> None:
    groups = [Group("a", tuple(Row(f"row {at}", 0.05, 0.04, 0.06) for at in range(20))), GROUPS[1]]
    spec = forest(groups, frame(WIDE))
    arrows = [layer["mark"]["angle"] for layer in (spec or {})["layer"] if "angle" in layer["mark"]]
    assert arrows == [90, 270]


def test_an_interval_without_an_end_ends_in_an_arrow() -> None:
    spec = forest([Group("a", (Row("open", 1.0, 0.5, None), Row("shut", 1.0, 0.5, 2.0)))], frame(WIDE))
    assert [layer["mark"]["angle"] for layer in (spec or {})["layer"] if "angle" in layer["mark"]] == [90]


def test_a_row_without_an_estimate_says_why() -> None:
    assert "no line: 6 of 12 points are on the frontier" in json.dumps(forest(GROUPS, frame(WIDE)))


def test_nothing_is_no_picture() -> None:
    assert forest([Group("a", (Row("x", None, note="no line"),))], frame(WIDE)) is None
    assert forest([], frame(WIDE)) is None


def test_further_scales_read_the_same_marks() -> None:
    axes = (Axis("FLOP"), Axis("US dollars", -17.0))
    spec = forest(
        [Group("a", (Row("x", 24.0, 23.0, 25.0),), seen=(18.0, 22.0))],
        Frame("t", "b", axes, WIDE, is_powers=True),
    )
    found = {row["exponent"]: row["x"] for row in rows(spec, "exponent")}
    assert any(float(exponent) == place for exponent, place in found.items())
    assert any(float(exponent) == place - 17.0 for exponent, place in found.items())


def test_no_text_stands_on_another_or_is_cut_off(collisions: Callable[..., list[str]]) -> None:
    kinds = (("plain", "of the benchmark alone"), ("pooled", "pooled over benchmarks"))
    assert (
        collisions(
            *(forest(GROUPS, frame(size, zero=True, kinds=kinds, band=(0.03, 0.05, 0.07))) for size in SIZES)
        )
        == []
    )
