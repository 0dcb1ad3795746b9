"""Slopes of all benchmarks by every estimator, and under every convention, as forest plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from analysis.drawing.forest import Axis, Frame, Group, Row, Style, forest
from analysis.drawing.look import Size

Tidy = Mapping[str, str | float | int | None]
SLOPE: Final = "slope: powers of ten of 1/error for each tenfold compute"
SHORT: Final = "slope for each tenfold compute"
_FACTOR: Final = "utilisation"
"""A choice that multiplies all burdens alike, which moves no slope."""
_SHORTER: Final = {"6 x parameters x tokens": "6ND"}
"""What stands in one column for a choice whose name is too long for it."""
_TERM: Final = "log10(burden)"


def estimator_words(row: Tidy, is_short: bool = False) -> str:
    """How a line was fitted and its interval made, in few words."""
    name, errors = str(row["estimator"]), str(row.get("errors") or "")
    year = " with year" if "year" in str(row.get("formula") or "") else ""
    if name == "ols":
        return f"{'OLS' if is_short else 'least squares'}{year}, {errors.removesuffix(' by paper') if is_short else errors}"
    if name == "quantile":
        return f"quantile {errors.removeprefix('quantile ').split(';')[0]}, bootstrap"
    return {"theil-sen": "Theil–Sen", "frontier": "frontier, bootstrap"}.get(name, name)


def slopes(
    estimates: Iterable[Tidy], pooled: Iterable[Tidy], names: Mapping[str, str], convention: str, size: Size
) -> dict[str, Any] | None:
    """Every slope, below those of its benchmark the pooled one, and a band where the pooled slope of all lies."""
    rows, together = list(estimates), {str(row["benchmark"]): row for row in pooled}
    fitted = dict.fromkeys(str(row["benchmark"]) for row in rows if row.get("term") == _TERM)
    groups = [
        Group(names.get(name, name), tuple(_of_benchmark(name, rows, together.get(name), not size.is_wide)))
        for name in fitted
    ]
    everything = together.get("all")
    if everything:
        groups.append(Group("All benchmarks", (_row("pooled", everything, "pooled", "pooled"),)))
    band = (
        (float(everything["low"] or 0), float(everything["pooled"] or 0), float(everything["high"] or 0))
        if everything
        else None
    )
    kinds: tuple[tuple[Style, str], ...] = (
        (("plain", "of the benchmark alone"), ("pooled", "pooled over benchmarks")) if everything else ()
    )
    frame = Frame(
        "Slopes by benchmark and estimator",
        f"Bars: 95% intervals. Convention: {convention}",
        (Axis(SLOPE if size.is_wide else SHORT),), size, zero=True, band=band, kinds=kinds,
    )  # fmt: skip
    return forest(groups, frame)


def conventions(
    found: Sequence[Tidy], names: Mapping[str, str], convention: str, size: Size
) -> dict[str, Any] | None:
    """The slope under each convention, beside that of the analysis."""
    fitted = dict.fromkeys(str(row["benchmark"]) for row in found if row.get("slope") is not None)
    groups = []
    for name in fitted:
        rows = [
            row for row in found if row["benchmark"] == name and not str(row["changed"]).startswith(_FACTOR)
        ]
        base = next((row["slope"] for row in rows if not row["changed"]), None)
        reference = None if base is None else float(base)
        groups.append(
            Group(names.get(name, name), tuple(_under(row, size) for row in rows), reference=reference)
        )
    frame = Frame(
        "Slopes under other conventions",
        f"Each row changes one choice; a utilisation moves no slope. Bars: 95% intervals by HC3 errors; dashed: as analysed. Convention: {convention}",
        (Axis(SLOPE if size.is_wide else SHORT),), size, zero=True,
    )  # fmt: skip
    return forest(groups, frame)


def _of_benchmark(name: str, rows: Iterable[Tidy], pooled: Tidy | None, is_short: bool) -> Iterator[Row]:
    for row in rows:
        if row["benchmark"] != name:
            continue
        if row.get("term") == _TERM:
            yield _row(estimator_words(row, is_short), row, "value")
        elif row.get("no_fit"):
            yield Row(_without(row, is_short), None, note=_no_line(row))
    if pooled:
        yield _row("pooled", pooled, "pooled", "pooled")


def _without(row: Tidy, is_short: bool) -> str:
    """The estimator of a row that has no line, as far as it is named there."""
    words = str(row["estimator"]).split(", ")
    return estimator_words({"estimator": words[0], "errors": ", ".join(words[1:])}, is_short).removesuffix(
        ", "
    )


def _row(label: str, row: Tidy, field: str, style: Style = "plain") -> Row:
    value, low, high = (float(row[key] or 0.0) for key in (field, "low", "high"))
    return Row(label, value, low, high, _between(value, low, high), style=style)


def _under(row: Tidy, size: Size) -> Row:
    label = str(row["changed"] or "as analysed")
    label = label if size.is_wide else _SHORTER.get(label, label)
    if row.get("slope") is None:
        return Row(label, None, note=_no_line(row))
    value, low, high = (float(row[key] or 0.0) for key in ("slope", "low", "high"))
    return Row(label, value, low, high, f"{_between(value, low, high)}")


def _no_line(row: Tidy) -> str:
    """Why there is none, in as few words as a row has room for."""
    return f"no line: {str(row.get('no_fit')).split(':', maxsplit=1)[0]}"


def _between(value: float, low: float, high: float) -> str:
    return f"{value:z.3f} ({low:z.3f} to {high:z.3f})".replace("-", "−")
