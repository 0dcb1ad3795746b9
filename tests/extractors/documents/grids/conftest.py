"""Tables typeset for the purpose, alone on their page between two paragraphs."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Table

Read = Callable[[str], Document]
Grid = Callable[[str], Table]


@pytest.fixture
def grid(read: Read) -> Grid:
    def only(table: str) -> Table:
        (found,) = read(
            f"#set table(inset: (x: 5pt, y: 3.5pt))\n#lorem(30)\n#figure({table}, caption: [A table.])\n#lorem(30)"
        ).tables
        return found

    return only
