"""What waits as a spreadsheet, one row a question, and the sheet that comes back with three columns filled.

CSV as spreadsheets write it in any country: a mark at the beginning or none, commas, semicolons or tabs, columns in another
order, rows that were sorted, empty ones between. What strangers wrote is no formula when it is opened, and what people
typed is none when it goes out again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from annotation.exchange.answers import Answer, Answers, Refusal, choice, once
from annotation.exchange.questions import Question, shown, tidy
from annotation.safe_text import spreadsheet_plain, spreadsheet_safe
from extractors.facts.errors import BurdenError, ParseError

COLUMNS = (
    "cell", "seen", "why", "paper", "title", "link", "page", "quote", "meaning", "guideline", "proposed", "candidates",
    "probability", "reasons", "decided", "said",
)  # fmt: skip
"""What is shown."""
FILLED = ("decision", "value", "reason")
"""What people fill in."""
_NEEDED = ("cell", "seen", *FILLED)
_DELIMITERS = ",;\t"
_LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds; one with more is a quote that nobody closed."""


def write_sheet(questions: Iterable[Question], at: datetime) -> Iterator[str]:
    """The sheet as lines with their ends.

    Args:
        questions: one row each.
        at: now.
    """
    yield _row([*COLUMNS, *FILLED])
    for question in questions:
        texts = shown(question, at)
        yield _row([*(spreadsheet_safe(texts[name]) for name in COLUMNS), *("" for _ in FILLED)])


def _row(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def read_sheet(text: str) -> Answers:
    """The answers of a sheet; rows that say nothing that can be taken are told by number, the first row being 1.

    Raises:
        ParseError: it is not such a sheet, or breaks off in the middle of a cell.
    """
    rows = _rows(text)
    _, header = next(rows, (1, []))
    columns = _columns(header)
    given: list[Answer] = []
    refused: list[Refusal] = []
    blank = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: _plain(cells, at) for name, at in columns.items()}
        try:
            answer = _answer(f"row {number}", row)
        except BurdenError as error:
            refused.append(Refusal(f"row {number}", str(error)))
            continue
        if answer is None:
            blank += 1
        else:
            given.append(answer)
    return once(Answers(tuple(given), tuple(refused), blank))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, as a spreadsheet counts them."""
    first, _, rest = text.partition("\n")
    lines = text
    delimiter = max(_DELIMITERS, key=first.count)
    if first.strip().lower().strip('"').startswith("sep=") and len(first.strip().strip('"')) == 5:
        delimiter, lines = first.strip().strip('"')[4], rest
    # Excel counts no line for "sep="
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise ParseError(f"row {number} has a cell with more text than a spreadsheet holds")
            yield number, cells
    except csv.Error as error:
        raise ParseError(f"the sheet cannot be read behind row {number}: {error}") from error


def _columns(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise ParseError(
            f"this is not a sheet of burden: it has no column {', '.join(missing)}",
            remedy="Take a file of burden export csv, with its first row",
        )
    twice = [name for name in _NEEDED if names.count(name) > 1]
    if twice:
        raise ParseError(f"the column {', '.join(twice)} is there twice")
    return {name: names.index(name) for name in _NEEDED}


def _plain(cells: list[str], at: int) -> str:
    return spreadsheet_plain(cells[at].strip()).strip() if at < len(cells) else ""


def _answer(place: str, row: Mapping[str, str]) -> Answer | None:
    meant = choice(row["decision"], row["value"], row["reason"])
    if meant is None:
        return None
    if not row["cell"] or not row["seen"]:
        raise ParseError(
            "the row does not say which cell it answers", remedy="Leave cell and seen as they were"
        )
    word, number = meant
    return Answer(place, row["cell"], row["seen"], word, number, tidy(row["value"]), row["reason"])
