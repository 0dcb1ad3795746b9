"""What targets would take: compute with its interval, and on further scales below dollars, energy and carbon dioxide.

What lies far outside the data is drawn hollow on a dashed line, and said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from analysis.drawing.forest import Axis, Frame, Group, Row, forest
from analysis.drawing.look import Size

Tidy = Mapping[str, str | float | int | None]
FAR: Final = "far outside the data"
_REACH: Final = 12.0
"""Powers of ten beyond all data that are drawn; further ones are an arrow and a number."""
_SCALES: Final = (
    ("FLOP", "log10_flop"),
    ("US dollars", "log10_usd"),
    ("energy, kWh", "log10_kwh"),
    ("CO2, kg", "log10_kg_co2"),
)


def costs(
    projections: Iterable[Tidy],
    seen: Mapping[str, tuple[float, float]],
    names: Mapping[str, str],
    convention: str,
    size: Size,
) -> dict[str, Any] | None:
    """Projections of each benchmark, a row for each target and form.

    Args:
        projections: tidy rows of one estimator, as of `analysis.projections`.
        seen: the smallest and largest burden of each benchmark, in powers of ten.
        names: of benchmarks, for people.
        convention: how burdens were counted.
        size: one column or two.
    """
    rows = [row for row in projections if row.get("log10_flop") is not None]
    if not rows:
        return None
    groups = [
        Group(names.get(name, name), tuple(_row(row, size) for row in _ordered(row for row in rows if row["benchmark"] == name)), seen=seen.get(name))
        for name in dict.fromkeys(str(row["benchmark"]) for row in rows)
    ]  # fmt: skip
    first = rows[0]
    axes = tuple(
        Axis(words, float(first[field] or 0.0) - float(first["log10_flop"] or 0.0))
        for words, field in _SCALES
        if first.get(field) is not None
    )
    frame = Frame(
        "What targets would take",
        f"Bars: 95% intervals of the line, not of prices; grey: burdens seen; an arrow: further than is drawn, or without an end. Convention: {convention}",
        axes, size, is_powers=True, most=max((high for _, high in seen.values()), default=25.0) + _REACH,
        kinds=(("plain", "near the data"), ("far", f"{FAR}: by more than two powers of ten")),
    )  # fmt: skip
    return forest(groups, frame)


def _ordered(rows: Iterable[Tidy]) -> list[Tidy]:
    """The nearest target first, its forms beside each other."""
    return sorted(rows, key=lambda row: -float(row["target"] or 0.0))


def _row(row: Tidy, size: Size) -> Row:
    low, high = (row.get(f"log10_flop_{end}") for end in ("low", "high"))
    value = float(row["log10_flop"] or 0.0)
    is_far = row.get("extrapolation") == FAR
    words = f"10^{value:.1f} FLOP{', far outside' if is_far else ''}"
    return Row(
        f"{'error ' if size.is_wide else ''}{100.0 * float(row['target'] or 0.0):.3g}%, {row['form']}",
        value,
        None if low is None else float(low),
        None if high is None else float(high),
        words,
        style="far" if is_far else "plain",
    )
