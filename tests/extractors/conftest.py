"""Papers made of a few sentences and small tables, for tests of the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

import pytest

from extractors.documents.model import (
    Document,
    Page,
    Paragraph,
    ParagraphKind,
    Region,
    Table,
    TableCell,
    Word,
    compose,
)
from extractors.facts.evidence import Box

MakeParagraph = Callable[..., Paragraph]
MakeDocument = Callable[..., Document]
MakeTable = Callable[..., Table]


def _words(text: str, line: int = 0) -> tuple[Word, ...]:
    return tuple(
        Word(word, Box(1, 10.0 * index, 10.0 * line, 10.0 * index + 9, 10.0 * line + 9), 10.0, line=line)
        for index, word in enumerate(text.split())
    )


def _paragraph(
    text: str, section: str = "", kind: ParagraphKind = "text", region: Region = "body", label: str = ""
) -> Paragraph:
    words = _words(text)
    composed, starts = compose(words)
    return Paragraph(kind, region, section, words, composed, starts, label)


def _table(rows: Sequence[Sequence[str]], caption: str = "", header_rows: int = 1) -> Table:
    grid = tuple(
        tuple(
            TableCell(text, _words(text, line), line, column) if text else None
            for column, text in enumerate(row)
        )
        for line, row in enumerate(rows)
    )
    words = _paragraph(caption, kind="caption", label="Table 1") if caption else None
    return Table(1, Box(1, 0, 0, 500, 500), "Table 1" if caption else "", words, header_rows, grid)


def _styled_tables(lines: list[str]) -> list[Table]:
    heads = [index for index, line in enumerate(lines) if line.startswith("table ")]
    made = []
    for index in heads:
        rows = list(takewhile(lambda line: line.startswith("|"), lines[index + 1 :]))
        header_rows, caption = lines[index].removeprefix("table ").split(": ", 1)
        cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
        made.append(_table(cells, caption, int(header_rows)))
    return made


def _document(*paragraphs: Paragraph, tables: Sequence[Table] = (), title: str = "A paper") -> Document:
    return Document("0" * 64, (Page(1, 612, 792),), title, paragraphs, tuple(tables))


@pytest.fixture(scope="session")
def paragraph() -> MakeParagraph:
    """Make a paragraph from its text."""
    return _paragraph


@pytest.fixture(scope="session")
def table() -> MakeTable:
    """Make a table from rows of cell texts."""
    return _table


@pytest.fixture(scope="session")
def styled_tables() -> Callable[[list[str]], list[Table]]:
    """Make the tables that lines hold: `table 1: Its caption.` with its number of header rows, then `| a | b |` a row."""
    return _styled_tables


@pytest.fixture(scope="session")
def document() -> MakeDocument:
    """Make a paper from paragraphs and tables."""
    return _document
