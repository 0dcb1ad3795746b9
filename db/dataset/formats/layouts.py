"""Tables in the columns of others, as CSV: what `db.dataset.layouts` makes of each paper, written as it comes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from db.dataset.formats.csv_tables import csv_text
from db.dataset.layouts.authors import layouts
from db.dataset.layouts.training import trained_models
from db.dataset.rows import Part

COMPUTATIONAL_LIMITS = "computational_limits"
"""The folder of the tables in the layout of arXiv:2007.05558, one a benchmark."""


class AuthorsTables:
    """Writes `computational_limits/<benchmark>.csv`."""

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        (folder / COMPUTATIONAL_LIMITS).mkdir()
        self._files = [
            (layout, self._open.enter_context((folder / COMPUTATIONAL_LIMITS / layout.file).open("wb")))
            for layout in layouts()
        ]
        for layout, file in self._files:
            file.write(csv_text(layout.head))

    def add(self, part: Part) -> None:
        """Take the next part."""
        for trained in trained_models(part):
            for layout, file in self._files:
                if (row := layout.row(trained)) is not None:
                    file.write(csv_text([row]))

    def close(self) -> None:
        """Let go of the files."""
        self._open.close()
