"""Tables with known cells, typeset in the styles that papers use: sources for a typesetter, and what a person reads in them.

What a table says (`Sample`: cells, spans, bold type, header rows) is made apart from how it looks (`Style`: ruling lines,
caption's side, columns of the page, alignment, gaps, type size), so that every content can be set in every style. The
texts of cells are in `table_contents`; what is demanded of the reader is in `test_round_trip`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.documents.model import Document, Table, TableCell

Rules = Literal["booktabs", "none", "full", "inner", "vertical", "spine", "head", "rows", "ended", "begun"]
"""`inner`: lines between rows and columns but not around; `vertical`: booktabs with a line between any two columns;
`spine`: a line below the head and one behind the first column; `head`: one below the head; `rows`: one above and below each
row; `ended` and `begun`: booktabs without the first and without the last line."""
Side = Literal["above", "below"]
Layout = Literal["one", "two", "right", "wide", "pair", "stack"]
"""One column; two, with the table in the first, in the second or over both; one, with tables side by side or one after
the other."""
Captions = Literal["Table 1: ", "Table 1. ", "*Table 1:* ", "*Table 1.* ", "TABLE I"]
"""How captions begin; the last stands on a line of its own."""

WIDTHS: dict[Layout, float] = {"one": 450, "two": 236, "right": 236, "wide": 490, "pair": 215, "stack": 450}
"""Points that a table may take."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")

PREAMBLE = """
#set super(typographic: false, size: 0.7em, baseline: -0.36em)
#set sub(typographic: false, size: 0.7em, baseline: 0.15em)
#set columns(gutter: 18pt)
#set par(leading: 0.5em, spacing: 0.9em)
#show table: set par(leading: 0.35em, justify: false)
#show table: set text(hyphenate: false)
#show figure.caption: set align(left)
#let under(more, it) = [#place(top + center, dy: 0.7em + 2.4pt, line(length: 100% + more, stroke: 0.3pt))#it]
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is written and as it reads."""

    text: str
    """What a person reads in it; empty for an empty cell."""
    source: str = ""
    """Its source, where that is more than its text."""
    columns: int = 1
    rows: int = 1
    bold: bool = False
    italic: bool = False
    ruled: bool = False
    """Whether a line of its own runs below it."""
    loose: bool = False
    """Whether nothing on the page tells how far it spans."""
    align: str = ""


Row = tuple[Cell | None, ...]
"""Cells by column; None where a span covers the place."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a table says."""

    rows: tuple[Row, ...]
    header_rows: int
    caption: str
    lines: tuple[int, ...] = ()
    """Body rows (by their number in the table) above which a line parts groups."""

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Style:
    """How a table looks."""

    rules: Rules = "booktabs"
    side: Side = "above"
    captions: Captions = "Table 1: "
    layout: Layout = "one"
    align: str = "center"
    """Of all columns but the first."""
    gap: float = 12
    """Points between the cells of neighbouring columns."""
    size: float = 9
    """Of the type, in points."""
    pad: float = 2.2
    """Points above and below each row's text."""
    font: str = "New Computer Modern"
    float_: bool = False
    """Whether tables stand at the head of a page rather than between two paragraphs."""
    level: str = "horizon"
    """Where a cell's lines stand beside a neighbour with more of them."""
    turned: int = 0
    """Degrees counter-clockwise by which the table with its caption is turned, on a page of its own."""
    shaded: bool = False
    """Whether the last row stands on grey."""
    close: bool = False
    """Whether text and caption stand close to the table, as authors squeeze pages."""
    broken: bool = False
    """Whether the table may go on over pages, its header rows again on each."""


def width_of(sample: Sample, style: Style) -> float:
    """Points that a table needs, estimated from above."""
    widest = [0.0] * sample.columns
    for row in sample.rows:
        for column, cell in enumerate(row):
            if cell and cell.columns == 1:
                longest = max(map(len, cell.source.split("\\ ") if "\\ " in cell.source else [cell.text]))
                widest[column] = max(widest[column], 0.56 * style.size * longest)
    return sum(widest) + style.gap * sample.columns


def fits(sample: Sample, style: Style) -> bool:
    """Whether a table stands in its column without broken cells."""
    return width_of(sample, style) <= WIDTHS[style.layout]


def _cell_source(cell: Cell, gap: float) -> str:
    inner = cell.source or f"#{json.dumps(cell.text, ensure_ascii=False)}"
    inner = f"*{inner}*" if cell.bold else f"_{inner}_" if cell.italic else inner
    inner = f"#under({gap - 5:.1f}pt)[{inner}]" if cell.ruled else inner
    spans = [f"colspan: {cell.columns}"] * (cell.columns > 1) + [f"rowspan: {cell.rows}"] * (cell.rows > 1)
    options = ", ".join(spans + [f"align: {cell.align}"] * bool(cell.align))
    return f"table.cell({options})[{inner}]" if options else f"[{inner}]"


def _rows(sample: Sample, style: Style) -> Iterator[str]:
    """The arguments of the table: ruling lines and rows of cells."""
    rule = "table.hline(stroke: 0.8pt)"
    top = style.rules in ("booktabs", "vertical", "rows", "begun")
    bottom = style.rules in ("booktabs", "vertical", "rows", "ended")
    parted = style.rules not in ("full", "none")
    rows = [", ".join(_cell_source(cell, style.gap) for cell in row if cell) for row in sample.rows]
    head = [rule] * top + rows[: sample.header_rows]
    yield f"table.header({', '.join(head)})" if style.broken else ",\n  ".join(head)
    for index, row in enumerate(rows[sample.header_rows :], start=sample.header_rows):
        every = style.rules in ("inner", "rows")
        if every or (parted and (index == sample.header_rows or index in sample.lines)):
            yield "table.hline(stroke: 0.4pt)"
        yield row
    yield from [rule] * bottom
    if style.rules in ("inner", "vertical"):
        yield from (f"table.vline(x: {x}, stroke: 0.4pt)" for x in range(1, sample.columns))
    if style.rules == "spine":
        yield "table.vline(x: 1, stroke: 0.4pt)"


def table_source(sample: Sample, style: Style) -> str:
    """A table, without its caption, as an expression."""
    stroke = "0.4pt" if style.rules == "full" else "none"
    align = f"(x, _) => (if x == 0 {{ left }} else {{ {style.align} }}) + {style.level}"
    inset = f"(x: {style.gap / 2}pt, y: {style.pad}pt)"
    fill = f"(_, y) => if y == {len(sample.rows) - 1} {{ luma(225) }}" if style.shaded else "none"
    parts = ",\n  ".join(_rows(sample, style))
    return (
        f"text({style.size}pt, table(columns: {sample.columns}, stroke: {stroke}, align: {align},"
        f" fill: {fill}, inset: {inset},\n  {parts}))"
    )


def figure_source(sample: Sample, style: Style) -> str:
    """A table with its caption, as an expression."""
    placed = ", placement: top" if style.float_ or style.layout == "wide" else ""
    placed += ', scope: "parent"' if style.layout == "wide" else ""
    figure = f"figure(kind: table{placed}, {table_source(sample, style)}, caption: [{sample.caption}])"
    return (
        f"rotate({-style.turned}deg, reflow: true, block(width: 500pt, {figure}))" if style.turned else figure
    )


def _head(style: Style) -> str:
    """What decides on a paper's pages and captions."""
    columns = style.layout in ("two", "right", "wide")
    page = "#set page(columns: 2, margin: 54pt)\n" if columns else ""
    position = {"above": "top", "below": "bottom"}[style.side]
    label = style.captions.replace("1", "#n").rstrip()
    if style.captions == "TABLE I":
        label = 'TABLE #context counter(figure.where(kind: table)).display("I") \\'
    shown = f"show figure.caption: it => context {{ let n = it.counter.display(); [{label} #it.body] }}"
    return (
        f'{PREAMBLE}{page}#set text(font: "{style.font}")\n#{shown}\n'
        f"#show figure.where(kind: table): set figure.caption(position: {position})\n"
        + "#show figure: set block(breakable: true)\n" * style.broken
        + "#set figure(gap: 4pt)\n#show figure: set block(spacing: 7pt)\n" * style.close
    )


def document_source(tables: Sequence[tuple[Sample, Style]]) -> str:
    """A paper with each table on a page of its own (or pairs, or all together), among paragraphs.

    The first table's style decides on the page's columns, the captions and the font.
    """
    style = tables[0][1]
    figures = [figure_source(*table) for table in tables]
    if style.layout == "pair":
        figures = [
            f"grid(columns: (1fr, 1fr), column-gutter: 20pt, {', '.join(figures[at : at + 2])})"
            for at in range(0, len(figures), 2)
        ]
    if style.layout == "stack":
        return (
            _head(style) + "#lorem(70)\n\n" + "".join(f"#{figure}\n\n" for figure in figures) + "#lorem(60)\n"
        )
    before, beside = {
        "two": ("", "\n#colbreak()\n#lorem(240)\n"),
        "wide": ("", "\n#colbreak()\n#lorem(240)\n"),
        "right": ("#lorem(240)\n#colbreak()\n", ""),
    }.get(style.layout, ("", ""))
    between = "\n\n#pagebreak()\n" if style.turned else "\n\n"
    pages = [f"{before}#lorem(70){between}#{figure}{between}#lorem(60)\n{beside}" for figure in figures]
    return _head(style) + "#pagebreak()\n".join(pages)


def differences(tables: Sequence[tuple[Sample, Style]], document: Document) -> dict[str, list[str]]:
    """What came back otherwise than it was written, by the label of its table; exact tables are not mentioned."""
    read = {table.label: table for table in document.tables}
    captions = tables[0][1].captions
    numbers = ROMAN if captions == "TABLE I" else tuple(map(str, range(1, len(tables) + 1)))
    found = {
        (label := f"Table {number}"): _of_table(sample, captions, number, read.pop(label, None))
        for number, (sample, _) in zip(numbers, tables, strict=False)
    }
    found |= {label: ["no such table was written"] for label in read}
    return {label: lines for label, lines in found.items() if lines}


def _of_table(sample: Sample, captions: Captions, number: str, table: Table | None) -> list[str]:
    if table is None:
        return ["no table was found"]
    found = []
    if table.header_rows != sample.header_rows:
        found.append(f"{table.header_rows} header rows instead of {sample.header_rows}")
    label = captions.replace("*", "").replace("I", "1").replace("1", number).strip()
    if table.caption is None or table.caption.text != f"{label} {sample.caption}":
        found.append(f"caption {table.caption.text if table.caption else None!r}")
    shape, wanted = (len(table.rows), len(table.rows[0])), (len(sample.rows), sample.columns)
    if shape != wanted:
        return [*found, f"{shape} rows and columns instead of {wanted}", *map(_printed, table.rows)]
    for index, (row, expected) in enumerate(zip(table.rows, sample.rows, strict=True)):
        for column, (cell, known) in enumerate(zip(row, expected, strict=True)):
            if (got := _seen(cell, known)) != (want := _wanted(known)):
                found.append(f"row {index}, column {column}: {got} instead of {want}")
    return found


def _printed(row: Sequence[TableCell | None]) -> str:
    return " | ".join(cell.text if cell else "" for cell in row)


Seen = tuple[str, int, int, bool] | None
"""Text, row span, column span, bold."""


def _wanted(cell: Cell | None) -> Seen:
    if cell is None or not cell.text:
        return None
    return (cell.text, *((1, 1) if cell.loose else (cell.rows, cell.columns)), cell.bold)


def _seen(cell: TableCell | None, known: Cell | None) -> Seen:
    if cell is None:
        return None
    if known is not None and known.loose:
        return cell.text, 1, 1, cell.bold
    return cell.text, cell.row_span, cell.column_span, cell.bold


def bold(cell: Cell) -> Cell:
    """The cell in bold type."""
    return replace(cell, bold=True)
