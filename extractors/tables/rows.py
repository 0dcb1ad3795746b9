"""A table's rows as the rules want them: each with its name, its group and all that is said in words.

Which columns name the rows and which rows are titles is told in `documents.labels`; what columns mean in
`extractors.tables.meaning`.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.documents.model import Table, TableCell

Cells = tuple[TableCell | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header."""

    index: int
    """Its place in `Table.rows`."""
    label: str
    """What stands at its left, a name spanning several rows included."""
    group: str
    """The heading row above it, or empty."""
    notes: str
    """All its cells that are text, the label included."""
    cells: Cells


def labelled_rows(table: Table) -> tuple[Row, ...]:
    """The rows that hold values, each with its label, group and texts."""
    numeric = frozenset(table.number_columns())
    found = []
    for label in table.row_labels():
        cells = table.rows[label.row]
        carried = label.texts[:1] if label.carried else ()
        said = (cell for cell in cells if cell and (cell.column < table.stub or cell.column not in numeric))
        texts = [*carried, *(cell.text for cell in said)]
        notes = " ".join(texts or label.texts)
        found.append(Row(label.row, " ".join(label.texts[:2]), label.group, notes, cells))
    return tuple(found)
