"""Training facts in tables: columns and rows that give hardware, times and processor times.

Placeholder until the table rules land.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.context import Context
from extractors.drafts import Draft


def table_drafts(context: Context) -> Iterator[Draft]:
    yield from ()
