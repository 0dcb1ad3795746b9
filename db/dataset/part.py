"""What a release is passed on in, from who makes its rows to who writes, counts and checks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db.dataset.schema import Row
from extractors.facts.ids import CellKey, PaperId

if TYPE_CHECKING:  # who writes rows knows no cells
    from db.cells import CellState


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a release that come together: those of one paper, or those of what no single paper says."""

    paper: PaperId | None
    tables: Mapping[str, tuple[Row, ...]]
    """Rows by the names of their tables, sorted by the key; a row's cells are in the order of its columns."""
    cells: Mapping[CellKey, CellState] = field(default_factory=dict)
    """Published cells that have a row."""
    dangling: tuple[CellKey, ...] = ()
    """Links to entities that people removed: their rows are left out until somebody links them anew."""
