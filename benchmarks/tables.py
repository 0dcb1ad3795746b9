"""How well tables come back: against facts read off pictures of the pages of real papers, without the reader.

The facts (which table, where, how many rows and columns, five cells) stand with the tests, in
`tests/extractors/documents/table_facts.jsonl`. A table counts as found where one with its label stands on its page; its
shape as exact where rows and columns are as many; a cell as right where its text stands in its row and column.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import Corpus
from extractors.documents.model import Document, Table, TableCell
from extractors.documents.pdf import read_pdf

FACTS = Path(__file__).resolve().parents[1] / "tests" / "extractors" / "documents" / "table_facts.jsonl"
PARTS = ("seen", "unseen", "fresh")
"""What those who wrote the rules knew of a table: everything; no fact of it, but how it came back; nothing at all."""
_CUT = "…"
"""Ends the text of a long cell, of which only the beginning is compared."""
_SAME = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "∗": "*", "⋆": "*", "ˆ": "^", "’": "'", "×": "x"}
)


@dataclass(frozen=True, slots=True)
class CellFact:
    """A cell's text and the rows and columns that it covers, from 0, last ones included."""

    text: str
    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class TableFact:
    """What was read off the picture of a table."""

    file: str
    label: str
    page: int
    rows: int
    columns: int
    cells: tuple[CellFact, ...]
    kind: str
    """How it is set, in words."""
    part: str
    """One of `PARTS`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one table came back."""

    fact: TableFact
    shape: tuple[int, int] | None
    """Rows and columns that were read; None where no such table was found."""
    wrong: tuple[CellFact, ...]

    @property
    def exact(self) -> bool:
        """Whether rows and columns are as many as they should be."""
        return self.shape == (self.fact.rows, self.fact.columns)

    @property
    def right(self) -> int:
        """How many cells came back."""
        return len(self.fact.cells) - len(self.wrong)


def load_facts(path: Path = FACTS) -> list[TableFact]:
    """The facts, in the order of the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_fact(json.loads(line)) for line in lines if line]


def _fact(found: dict[str, object]) -> TableFact:
    cells = found["cells"]
    if not isinstance(cells, list):
        raise TypeError(f"{FACTS.name}: cells of {found['label']} are no list")
    return TableFact(
        str(found["file"]),
        str(found["label"]),
        int(str(found["page"])),
        int(str(found["rows"])),
        int(str(found["columns"])),
        tuple(_cell(cell) for cell in cells),
        str(found["kind"]),
        str(found["part"]),
    )


def _cell(cell: Sequence[object]) -> CellFact:
    row, column, text, *last = cell
    places = [int(str(place)) for place in (row, column, *(last or (row, column)))]
    return CellFact(str(text), *places)


def judge(document: Document, fact: TableFact) -> Verdict:
    """How one table of a document came back."""
    table = next((table for table in document.tables if _is(table, fact)), None)
    if table is None:
        return Verdict(fact, None, fact.cells)
    rows, columns = _filled(table)
    wrong = tuple(cell for cell in fact.cells if not _holds(table, cell, rows, columns))
    return Verdict(fact, (len(rows), len(columns)), wrong)


def _is(table: Table, fact: TableFact) -> bool:
    return table.page == fact.page and _plain(table.label) == _plain(fact.label)


def _filled(table: Table) -> tuple[list[int], list[int]]:
    """The rows and columns in which a cell begins; those that are blank or only covered do not count."""
    cells = [cell for row in table.rows for cell in row if cell]
    rows = sorted({cell.row for cell in cells})
    return rows, sorted({cell.column for cell in cells})


def _holds(table: Table, fact: CellFact, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether the fact's text stands in one of the rows and columns that it covers."""
    return any(
        _same(cell.text, fact.text)
        for row in rows[fact.row : fact.last_row + 1]
        for column in columns[fact.column : fact.last_column + 1]
        for cell in _over(table, row, column)
    )


def _over(table: Table, row: int, column: int) -> Iterator[TableCell]:
    """The cells that cover a place."""
    for cell in (cell for line in table.rows for cell in line if cell):
        in_row = cell.row <= row < cell.row + cell.row_span
        if in_row and cell.column <= column < cell.column + cell.column_span:
            yield cell


def _same(found: str, expected: str) -> bool:
    wanted = _plain(expected.removesuffix(_CUT))
    return _plain(found).startswith(wanted) if expected.endswith(_CUT) else _plain(found) == wanted


def _plain(text: str) -> str:
    """Text without what people and machines write differently: blanks, carets, braces, kinds of dashes, case."""
    folded = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return re.sub(r"[\s^_{}~]", "", folded).casefold()


def report(corpus: Corpus) -> None:
    """Print the shares of tables found, of exact shapes and of right cells, and the tables that are not right.

    Of the fresh ones only the shares, so that nobody fits rules to them.
    """
    facts = load_facts()
    verdicts = list(judged(corpus, facts))
    for verdict in verdicts:
        if verdict.fact.part != "fresh" and (verdict.wrong or not verdict.exact):
            print(_line(verdict))
    for part in PARTS:
        if of_part := [verdict for verdict in verdicts if verdict.fact.part == part]:
            print(f"{part:<8}{_summary(of_part)}")
    print(f"{'all':<8}{_summary(verdicts)}")


def judged(corpus: Corpus, facts: Iterable[TableFact]) -> Iterator[Verdict]:
    """The verdicts, paper by paper."""
    by_file: dict[str, list[TableFact]] = defaultdict(list)
    for fact in facts:
        by_file[fact.file].append(fact)
    for file, wanted in by_file.items():
        document = read_pdf((corpus.folder / "pdf" / file).read_bytes())
        yield from (judge(document, fact) for fact in wanted)


def _line(verdict: Verdict) -> str:
    fact = verdict.fact
    shape = "missing" if verdict.shape is None else f"{verdict.shape[0]} x {verdict.shape[1]}"
    wrong = "; ".join(f"({cell.row}, {cell.column}) {cell.text[:30]}" for cell in verdict.wrong)
    return f"{fact.file[:36]:<38}{fact.label:<10} p. {fact.page:<3}{fact.rows} x {fact.columns}: {shape}  {wrong}"


def _summary(verdicts: Sequence[Verdict]) -> str:
    found = [verdict for verdict in verdicts if verdict.shape]
    exact = sum(verdict.exact for verdict in verdicts)
    cells = sum(len(verdict.fact.cells) for verdict in verdicts)
    right = sum(verdict.right for verdict in verdicts)
    near = sum(len(verdict.fact.cells) for verdict in found)
    return (
        f"{len(verdicts)} tables: found {len(found) / len(verdicts):.3f}, exact shape {exact / len(verdicts):.3f},"
        f" cells right {right / cells:.3f} ({right / near:.3f} of those in tables found)"
    )
