"""The second reader: characters and ruling lines of a page by pdfplumber, where pdfium gives none that can be used.

pdfplumber (over pdfminer) is slower and independent of pdfium, so it reads what pdfium cannot: pages that
pdfium refuses, and fonts whose characters pdfium leaves without meaning. It gives the same types as
`documents.characters`, and everything after them is the same.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from extractors.documents.characters import Bar, Character, Rule, is_bold, lines_of
from extractors.facts.errors import DamagedDocumentError

UNREADABLE_SHARE = 0.2
"""Share of characters without meaning from which a page is given to the second reader."""


def unreadable_share(characters: Sequence[Character]) -> float:
    """How many of a page's characters mean nothing: replacement marks, private and control codes, unmapped glyphs."""
    printed = [
        character.text for character in characters if not character.generated and not character.text.isspace()
    ]
    return sum(map(_means_nothing, printed)) / len(printed) if printed else 0.0


def _means_nothing(text: str) -> bool:
    code = ord(text[0])
    return text.startswith("(cid:") or code == 0xFFFD or 0xE000 <= code <= 0xF8FF or (code < 32 and code != 2)


def read_page(data: bytes, number: int, limit: int) -> tuple[list[Character], list[Rule], list[Bar]]:
    """Characters, at most `limit`, and ruling lines of one page.

    Args:
        data: the PDF.
        number: 1-based page.
        limit: characters of the page at most.

    Raises:
        DamagedDocumentError: pdfplumber cannot read the page either.
    """
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number]) as pdf:
            page = pdf.pages[0]
            found = [_character(char, float(page.height)) for char in page.chars[:limit]]
            shapes = [_shape(item) for item in (*page.lines, *page.rects)]
            return _with_line_ends(found), *lines_of(shapes)
    except (
        PDFException,
        PSException,
        PdfminerException,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise DamagedDocumentError(f"neither reader can read it ({error})", where=f"page {number}") from error


def _shape(item: dict[str, object]) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = (float(str(item[name])) for name in ("x0", "top", "x1", "bottom"))
    return x0, top, x1, bottom


def _character(char: dict[str, object], height: float) -> Character:
    matrix = char["matrix"]
    a, b, c, d, _, f = (
        (float(part) for part in matrix) if isinstance(matrix, tuple) else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    )
    x0, x1 = float(str(char["x0"])), float(str(char["x1"]))
    font = str(char["fontname"])
    size = float(str(char["size"])) if abs(b) < abs(a) else math.sqrt(abs(a * d - b * c))
    text = str(char["text"]) or "\ufffd"
    return Character(text, x0, x1, height - f, size, font, is_bold(font), math.atan2(b, a), generated=False)


def _with_line_ends(characters: Iterable[Character]) -> list[Character]:
    """The characters with a generated line end wherever the text jumps back, as pdfium has them."""
    found: list[Character] = []
    for character in characters:
        last = found[-1] if found else None
        if (
            last
            and character.x0 < last.x0 - last.size
            and abs(character.baseline - last.baseline) > 0.5 * last.size
        ):
            found.append(Character("\n", 0, 0, 0, 0, "", False, 0, generated=True))
        found.append(character)
    return found
