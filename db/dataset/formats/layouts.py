"""Tables in the columns of others, as CSV: what `db.dataset.layouts` makes of each paper, written as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from db.dataset.formats.csv_tables import csv_text
from db.dataset.layouts import authors, epoch
from db.dataset.layouts.training import trained_models
from db.dataset.part import Part
from db.dataset.schema import Scalar

EPOCH = "epoch.csv"
"""The table in the columns of Epoch AI."""
COMPUTATIONAL_LIMITS = "computational_limits"
"""The folder of the tables in the layout of arXiv:2007.05558, one a benchmark."""


class LayoutTables:
    """Writes `epoch.csv` and `computational_limits/<benchmark>.csv`."""

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        (folder / COMPUTATIONAL_LIMITS).mkdir()
        self._epoch = self._file(folder / EPOCH, [epoch.COLUMNS])
        self._authors = [
            (layout, self._file(folder / COMPUTATIONAL_LIMITS / layout.file, layout.head))
            for layout in authors.layouts()
        ]

    def add(self, part: Part) -> None:
        """Take the next part."""
        for trained in trained_models(part):
            if (row := epoch.row_of(trained)) is not None:
                self._epoch.write(csv_text([row]))
            for layout, file in self._authors:
                if (row := layout.row(trained)) is not None:
                    file.write(csv_text([row]))

    def end(self) -> None:
        """Make the files complete."""
        for file in (self._epoch, *(file for _, file in self._authors)):
            file.flush()

    def close(self) -> None:
        """Let go of the files."""
        self._open.close()

    def _file(self, path: Path, head: Iterable[Sequence[Scalar]]) -> BinaryIO:
        file = self._open.enter_context(path.open("wb"))
        file.write(csv_text(head))
        return file
