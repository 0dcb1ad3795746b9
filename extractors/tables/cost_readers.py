"""Which model each row of a table of costs is, and whose: by its label, its caption, its size or the title over its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.context import Context
from extractors.documents.model import Table
from extractors.facts.known_models import papers_behind
from extractors.facts.values import Quantity
from extractors.rules.costed import first_named
from extractors.tables.cost_columns import Known
from extractors.tables.cost_headers import PARAMETERS
from extractors.tables.cost_labels import is_number, name_beside, sized, text_in
from extractors.tables.name_parts import clean
from extractors.tables.names import RowNames
from extractors.tables.owners import COMPARED, Habits, Verdict, habits_of, is_rerun, judge, says_rerun
from extractors.tables.rows import Row
from extractors.tables.strips import Strip

_ORIGINAL = re.compile(r"(?:original|reported|published)(?:\s\w+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CostReader:
    """What is the same for all rows of a table of costs."""

    context: Context
    table: Table
    rows: Sequence[Row]
    known: Known

    @property
    def caption(self) -> str:
        """Its caption, or nothing."""
        return self.table.caption.text if self.table.caption else ""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.table.rows[0]) if self.table.rows else 0

    @property
    def captioned(self) -> str | None:
        """The model that the caption names: `Settings of Zip-XL` is about the one model."""
        return first_named(self.caption.removeprefix(self.table.label), self.context.ownership)

    @property
    def family(self) -> str | None:
        """The models that rows without names are of: the caption's, else those of the paper's one name."""
        headline = self.context.ownership.headline
        return self.captioned or (headline[0] if len(headline) == 1 else None)

    def habits(self, texts: Sequence[str]) -> Habits:
        """How the table marks what is its own, told by the texts of its rows or columns."""
        named = any(
            self.context.ownership.is_own(text) and not is_rerun(text, self.context.cited_anywhere)
            for text in texts
        )
        compares = papers_behind(row.label for row in self.rows) >= COMPARED
        marked = habits_of(texts, self.caption, self.context.cited_anywhere)
        return replace(marked, has_named=named, compares=compares)

    def judged(self, label: str, group: str, notes: str, habits: Habits) -> Verdict:
        """Whose a row or column is."""
        return judge(label, group, notes, self.context.ownership, habits, self.context.cited_anywhere)


def names_of(reader: CostReader, habits: Habits) -> dict[int, str]:
    """The names of rows by their number: own ones as their scores have them, others as printed but for citations and marks."""
    names, found = RowNames(reader.table, reader.rows, reader.context.naming), dict[int, str]()
    for row in reader.rows:
        if not is_number(row.label):
            own = reader.judged(row.label, row.group, row.notes, habits).own
            found[row.index] = (names.of_row(row) if own else None) or clean(row.label) or row.label
    return found


def owners_of(reader: CostReader, titles: Sequence[str]) -> dict[str, bool | None]:
    """Whose the costs under each title are; beside `original` and `re-implementation` the rest is what is proposed."""
    found = {title: True if says_rerun(title) else reader.context.ownership.is_own(title) for title in titles}
    compared = any(found.values()) and any(map(_ORIGINAL.fullmatch, titles))
    if compared:
        found |= {title: not _ORIGINAL.fullmatch(title) for title, own in found.items() if own is None}
    return found


def called(reader: CostReader, row: Row, label: str, strip: Strip) -> tuple[str, str | None, str]:
    """The name that a row is judged by, its label in full, None if it is to be named by its size, and all its texts."""
    if strip.start:
        name = text_in(row, strip.start)
        return name, name, name
    if not is_number(label):
        return row.label, label, row.notes
    known = name_beside(reader.table, row)
    heading = " ".join(reader.table.header(0)) if 0 not in strip.columns else ""
    setting = f"{reader.family}, {heading} {label}" if reader.family and heading else None
    return known or "", known or setting, row.notes


def by_size(reader: CostReader, costs: Mapping[str, Quantity]) -> str:
    """The name of a row that has none of its own, by its family and size."""
    return sized(reader.family, costs[PARAMETERS]) if reader.family and PARAMETERS in costs else ""
