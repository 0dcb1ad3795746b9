r"""Tables as LaTeX: `tabular` by booktabs, in letters that every engine sets, and nothing that a stranger wrote is a command.

A document needs `\usepackage{booktabs}`; a long table `longtable` beside it. Letters without a command of their own become
the nearest of ASCII, since a file that does not compile is worth less than an accent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.drawing.words import plain
from analysis.report.contents import Contents, Row
from analysis.report.tables import tables

_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}", "[": "{[}", "]": "{]}", "-": "{-}",
    "×": r"$\times$", "−": "$-$", "±": r"$\pm$", "·": r"$\cdot$", "–": "--", "—": "---", "…": r"\ldots{}", "’": "'", "‘": "`",
    "“": "``", "”": "''", "²": "$^2$", "³": "$^3$", "ß": r"\ss{}", "ø": r"\o{}", "Ø": r"\O{}", "æ": r"\ae{}", "Æ": r"\AE{}",
    "ł": r"\l{}", "Ł": r"\L{}", "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "δ": r"$\delta$", "ε": r"$\epsilon$",
    "λ": r"$\lambda$", "μ": r"$\mu$", "µ": r"$\mu$", "π": r"$\pi$", "σ": r"$\sigma$", "τ": r"$\tau$", "ω": r"$\omega$",
    "≤": r"$\leq$", "≥": r"$\geq$", "→": r"$\to$", "∞": r"$\infty$", "†": r"\dag{}", "★": r"$\star$",
}  # fmt: skip
_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030a": "r", "\u030c": "v", "\u0327": "c",
}  # fmt: skip
_LONG: Final = 40
"""Rows above which a table runs over pages."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a printed table."""

    heading: str
    """In LaTeX."""
    cell: Callable[[Row], str]
    """Of a row, in LaTeX."""
    is_number: bool = True


def latex_files(contents: Contents) -> dict[str, bytes]:
    """Every printed table by its file's name."""
    rows = tables(contents)
    found: dict[str, bytes] = {}
    for name, (caption, columns, keep) in _PRINTED.items():
        kept = [row for row in rows.get(name, ()) if keep(row)]
        if kept:
            said = f"{caption} Convention: {contents.study.convention}."
            found[f"{name}.tex"] = table(columns, kept, said, f"tab:{name.replace('_', '-')}").encode("ascii")
    return found


def table(columns: Sequence[Column], rows: Sequence[Row], caption: str, label: str) -> str:
    """A table; one that is longer than a page runs over pages."""
    shape = "".join("r" if column.is_number else "l" for column in columns)
    head = " & ".join(column.heading for column in columns) + r" \\"
    body = [" & ".join(column.cell(row) for column in columns) + r" \\" for row in rows]
    said, named = rf"\caption{{{escaped(caption)}}}", rf"\label{{{label}}}"
    if len(rows) > _LONG:
        lines = [
            r"\begin{longtable}{@{}" + shape + "@{}}", said + named + r" \\", r"\toprule", head, r"\midrule", r"\endfirsthead",
            r"\toprule", head, r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot", *body, r"\end{longtable}",
        ]  # fmt: skip
    else:
        lines = [
            r"\begin{table}", r"\centering", said, named, r"\begin{tabular}{@{}" + shape + "@{}}", r"\toprule", head, r"\midrule",
            *body, r"\bottomrule", r"\end{tabular}", r"\end{table}",
        ]  # fmt: skip
    return (
        "% needs \\usepackage{booktabs}, and longtable where a table runs over pages\n"
        + "\n".join(lines)
        + "\n"
    )


def escaped(text: str) -> str:
    """Text as LaTeX of ASCII."""
    return "".join(map(_letter, unicodedata.normalize("NFC", plain(text))))


def _letter(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isascii():
        return char
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENTS:
        return f"\\{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return (
        "".join(_SPECIAL.get(one, one) for one in unicodedata.normalize("NFKD", char) if one.isascii()) or "?"
    )


def _text(column: str) -> Callable[[Row], str]:
    return lambda row: escaped(str(row.get(column) or ""))


def _number(column: str, form: str) -> Callable[[Row], str]:
    return lambda row: _printed(row.get(column), form)


def _interval(low: str, high: str, form: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        ends = [_printed(row.get(column), form) for column in (low, high)]
        return f"{ends[0] or 'no end'} to {ends[1] or 'no end'}" if any(ends) else ""

    return cell


def _printed(value: object, form: str) -> str:
    if not isinstance(value, int | float):
        return ""
    digits = format(value, form)
    factor, sign, exponent = digits.partition("e")
    number = factor.replace("-", "$-$")
    return rf"${factor} \times 10^{{{int(exponent)}}}$" if sign else number


def _every(_: Row) -> bool:
    return True


def _is_slope(row: Row) -> bool:
    return row.get("term") == "log10(burden)"


def _fitted(column: str) -> Callable[[Row], bool]:
    return lambda row: row.get(column) is not None


def _columns(
    *columns: tuple[str, Callable[[Row], str]] | tuple[str, Callable[[Row], str], bool],
) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


_BENCHMARK: Final = ("Benchmark", _text("benchmark"), False)
_PRINTED: Final[dict[str, tuple[str, tuple[Column, ...], Callable[[Row], bool]]]] = {
    "fits": (
        "Least squares of performance on the logarithm of compute, with classical 95% intervals.",
        _columns(
            _BENCHMARK, ("Form", _text("form"), False), ("$n$", _number("n", "d")), ("Intercept", _number("intercept", ".3f")),
            ("Slope", _number("slope", ".4f")), ("95\\% interval", _interval("slope_low", "slope_high", ".4f")),
            ("$p$", _number("p", ".1e")), ("$R^2$", _number("r2", ".3f")),
        ),
        _fitted("slope"),
    ),
    "points": (
        "Points of performance against compute.",
        _columns(
            _BENCHMARK, ("Model", _text("model"), False), ("Year", lambda row: escaped(str(row.get("published") or "")[:4])),
            ("Compute (FLOP)", _number("burden_flop", ".2e")), ("Error", _number("error", ".4f")), ("Basis", _text("basis"), False),
        ),
        _every,
    ),
    "estimates": (
        "Slopes by every estimator, with 95% intervals.",
        _columns(
            _BENCHMARK, ("Estimator", _text("estimator"), False), ("Interval by", _text("errors"), False),
            ("$n$", _number("n", "d")), ("Slope", _number("value", ".4f")), ("95\\% interval", _interval("low", "high", ".4f")),
        ),
        _is_slope,
    ),
    "pooled": (
        "Slopes of all benchmarks, alone and partially pooled.",
        _columns(
            _BENCHMARK, ("$n$", _number("n", "d")), ("Alone", _number("alone", ".4f")), ("Pooled", _number("pooled", ".4f")),
            ("95\\% interval", _interval("low", "high", ".4f")),
        ),
        _every,
    ),
    "sensitivity": (
        "Slopes under other conventions, with 95% intervals by HC3 errors.",
        _columns(
            _BENCHMARK, ("Changed", lambda row: escaped(str(row.get("changed") or "nothing")), False), ("$n$", _number("n", "d")),
            ("Slope", _number("slope", ".4f")), ("95\\% interval", _interval("low", "high", ".4f")), ("$R^2$", _number("r2", ".3f")),
        ),
        _fitted("slope"),
    ),
    "projections": (
        "Compute and costs at targets, as powers of ten.",
        _columns(
            _BENCHMARK, ("Error", _number("target", ".4g")), ("Form", _text("form"), False),
            ("Estimator", lambda row: escaped(f"{row.get('estimator')} {row.get('errors') or ''}".strip()), False),
            ("FLOP", _number("log10_flop", ".1f")), ("95\\% interval", _interval("log10_flop_low", "log10_flop_high", ".1f")),
            ("US dollars", _number("log10_usd", ".1f")), ("kWh", _number("log10_kwh", ".1f")),
            ("kg CO$_2$", _number("log10_kg_co2", ".1f")), ("", _text("extrapolation"), False),
        ),
        _fitted("log10_flop"),
    ),
}  # fmt: skip
