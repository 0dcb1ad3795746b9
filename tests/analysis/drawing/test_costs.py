import json
from collections.abc import Callable
from typing import Any

from analysis.drawing.costs import costs
from analysis.drawing.look import SIZES, WIDE


def row(target: float, form: str, power: float, high: float | None, words: str) -> dict[str, Any]:
    return {
        "benchmark": "a", "target": target, "form": form, "log10_flop": power, "log10_flop_low": power - 1.0,
        "log10_flop_high": high, "log10_usd": power - 17.0, "log10_kwh": power - 17.5, "log10_kg_co2": power - 18.0,
        "extrapolation": words,
    }  # fmt: skip


ROWS = [
    row(0.05, "polynomial", 27.0, 29.0, "far outside the data"),
    row(0.1, "polynomial", 23.0, 24.0, "near the data"),
    row(0.05, "exponential", 120.0, None, "far outside the data"),
    {"benchmark": "b", "target": 0.1, "form": "polynomial", "no_projection": "2 points, of at least 8"},
]
SEEN = {"a": (18.0, 22.0)}


def test_dollars_energy_and_carbon_have_scales_of_their_own(convention: str) -> None:
    said = json.dumps(costs(ROWS, SEEN, {"a": "ImageNet"}, convention, WIDE))
    assert all(words in said for words in ("US dollars", "energy, kWh", "CO2, kg", "ImageNet"))


def test_what_is_far_outside_the_data_is_marked_by_style_and_words(convention: str) -> None:
    spec = costs(ROWS, SEEN, {}, convention, WIDE) or {}
    assert "10^27.0 FLOP, far outside" in json.dumps(spec)
    assert any(layer["mark"].get("strokeDash") == [3, 2] for layer in spec["layer"])
    hollow = [
        layer
        for layer in spec["layer"]
        if layer["mark"].get("fill") == "#ffffff" and layer["mark"]["type"] == "point"
    ]
    assert hollow


def test_what_lies_beyond_all_measure_does_not_squeeze_the_rest(convention: str) -> None:
    spec = costs(ROWS, SEEN, {}, convention, WIDE) or {}
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert max(high for _, high in domains) < 40.0
    assert "10^120.0 FLOP" in json.dumps(spec)


def test_nothing_projected_is_no_picture(convention: str) -> None:
    assert costs(ROWS[-1:], {}, {}, convention, WIDE) is None


def test_no_text_stands_on_another_or_is_cut_off(
    convention: str, collisions: Callable[..., list[str]]
) -> None:
    assert collisions(*(costs(ROWS, SEEN, {"a": "ImageNet"}, convention, size) for size in SIZES)) == []
