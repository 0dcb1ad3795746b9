"""A document as text for people and as plain JSON for programs: what the rules are given, to be looked at.

Nothing is read back from either: a `Document` is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractors.documents.model import Document, Paragraph, Table, TableCell
from extractors.facts.evidence import Box

_WIDEST_COLUMN = 40
"""Characters of a cell shown in a table's text; longer cells are cut, with an ellipsis."""


def text_lines(document: Document, *, tables_only: bool = False) -> Iterator[str]:
    """The document as lines of text: headings with `#`, tables as grids, everything with its page.

    Args:
        document: what was read.
        tables_only: the tables and their captions, without the running text.
    """
    yield f"# {document.title or '(no title)'}"
    yield _summary(document)
    shown = () if tables_only else (p for p in document.paragraphs if not p.label.startswith("Table"))
    region = "front"
    for paragraph in shown:
        if paragraph.region != region and paragraph.kind != "caption":
            region = paragraph.region
            yield from ("", f"[{region}]")
        yield from ("", _line(paragraph))
    for table in document.tables:
        yield from ("", *table_lines(table))
    yield from (f"! {problem}" for problem in document.problems)


def _summary(document: Document) -> str:
    count = len(document.pages), len(document.tables)
    said = [
        f"{number} {name}{'' if number == 1 else 's'}"
        for number, name in zip(count, ("page", "table"), strict=True)
    ]
    if stamp := document.stamp:
        name = f"arXiv:{stamp.id}" if stamp.id else f"arXiv:submit/{stamp.submission}"
        said.append(f"{name} [{stamp.category}] {stamp.date}")
    return ", ".join(said)


def _line(paragraph: Paragraph) -> str:
    if paragraph.kind == "heading":
        return f"## {paragraph.text}  (p. {paragraph.page})"
    return (
        paragraph.text
        if paragraph.kind == "text"
        else f"({paragraph.kind}, p. {paragraph.page}) {paragraph.text}"
    )


def table_lines(table: Table) -> Iterator[str]:
    """A table as lines: its caption, then its rows in columns.

    A line stands below the header, a double stroke beside the columns that name the rows, `*` at bold cells.
    """
    size = f"{len(table.rows)} x {len(table.rows[0]) if table.rows else 0}"
    turned = f", turned by {table.turned}°" if table.turned else ""
    caption = table.caption.text if table.caption else "(no caption)"
    yield f"({table.label or 'table'}, p. {_pages(table)}, {size}{turned}) {caption}"
    texts = [[_shown(cell) for cell in row] for row in table.rows]
    widths = [max((len(row[i]) for row in texts), default=0) for i in range(len(texts[0]) if texts else 0)]
    for index, row in enumerate(texts):
        if index == table.header_rows and index:
            yield _row(["-" * width for width in widths], table.stub, "-+-", "-++-")
        padded = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        yield _row(padded, table.stub, " | ", " || ").rstrip()


def _row(texts: Sequence[str], stub: int, between: str, beside: str) -> str:
    return "  " + beside.join(between.join(part) for part in (texts[:stub], texts[stub:]) if part)


def _pages(table: Table) -> str:
    return f"{table.page}-{table.continued[-1].page}" if table.continued else str(table.page)


def _shown(cell: TableCell | None) -> str:
    if cell is None:
        return ""
    text = cell.text if len(cell.text) <= _WIDEST_COLUMN else cell.text[: _WIDEST_COLUMN - 1] + "…"
    return f"*{text}*" if cell.bold else text


def as_object(document: Document, *, tables_only: bool = False) -> dict[str, object]:
    """The document as plain values for JSON; boxes are `[page, x0, top, x1, bottom]` in points, rounded to 0.1.

    Args:
        document: what was read.
        tables_only: without the running text.
    """
    stamp = document.stamp
    return {
        "sha256": document.sha256,
        "title": document.title,
        "stamp": stamp
        and {
            "id": str(stamp.id) if stamp.id else None,
            "submission": stamp.submission or None,
            "category": stamp.category,
            "date": stamp.date,
        },
        "pages": [
            {
                "number": page.number,
                "width": page.width,
                "height": page.height,
                "columns": _boxes(page.columns),
            }
            for page in document.pages
        ],
        **(
            {}
            if tables_only
            else {"paragraphs": [_paragraph(paragraph) for paragraph in document.paragraphs]}
        ),
        "tables": [_table(table) for table in document.tables],
        "problems": list(document.problems),
    }


def _paragraph(paragraph: Paragraph) -> dict[str, object]:
    return {
        "kind": paragraph.kind,
        "region": paragraph.region,
        "section": paragraph.section,
        "label": paragraph.label,
        "page": paragraph.page,
        "text": paragraph.text,
        "boxes": _boxes(paragraph.boxes),
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "label": table.label,
        "caption": table.caption.text if table.caption else None,
        "page": table.page,
        "boxes": _boxes((table.box, *table.continued)),
        "turned": table.turned,
        "header_rows": table.header_rows,
        "label_columns": table.stub,
        "rows": len(table.rows),
        "columns": len(table.rows[0]) if table.rows else 0,
        "row_labels": [
            {"row": label.row, "label": list(label.texts), "group": label.group}
            for label in table.row_labels()
        ],
        "cells": [_cell(cell) for row in table.rows for cell in row if cell],
    }


def _cell(cell: TableCell) -> dict[str, object]:
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "text": cell.text,
        "bold": cell.bold,
        "box": next(iter(_boxes([cell.box])), None),
    }


def _boxes(boxes: Iterable[Box]) -> list[list[float]]:
    """Boxes as lists; those of words without a place on a page are left out."""
    return [
        [box.page, *(round(value, 1) for value in (box.x0, box.top, box.x1, box.bottom))]
        for box in boxes
        if box.x1 > box.x0
    ]
