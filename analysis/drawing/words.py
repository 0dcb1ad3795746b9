"""Text from papers as figures can bear it: on one line, without marks that turn it round, and as wide as it will be.

Widths are those of DejaVu Sans, the widest of the faces that a figure may be shown in; what fits by them fits in Arial and
Liberation Sans too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate, takewhile
from typing import Final

_FIRST = 32
_WIDTHS: Final = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
    634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
"""Of ASCII from the blank on, in thousandths of the size."""
_OTHER, _WIDE = 800, 1100
_BOLD: Final = 1.12
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(text: str) -> str:
    """Text on one line without control and format characters, which could turn a line round or hide in it."""
    return " ".join(
        "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_shown(char)).split()
    )


def width(text: str, size: float, bold: bool = False) -> float:
    """How many pixels a line takes at most."""
    return _pixels(sum(map(_advance, text)), size, _BOLD if bold else 1.0)


def _pixels(thousandths: int, size: float, weight: float = 1.0) -> float:
    return thousandths * size * weight / 1000.0


def cut(text: str, room: float, size: float) -> str:
    """Text that is no wider than the room, with an ellipsis where it was."""
    if width(text, size) <= room:
        return text
    taken = accumulate(map(_advance, text), initial=_advance("…"))
    fits = sum(1 for _ in takewhile(lambda thousandths: _pixels(thousandths, size) <= room, taken))
    return text[: max(0, fits - 1)].rstrip() + "…"


def short(name: str, room: float, size: float) -> str:
    """The name of a model that is no wider than the room, first without what stands in brackets behind it."""
    if width(name, size) > room and " (" in name:
        name = name[: name.index(" (")]
    return cut(name, room, size)


def wrapped(text: str, room: float, size: float) -> Iterator[str]:
    """Lines that are no wider than the room; a word that is wider by itself is cut."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width(longer, size) > room:
            yield line
            longer = word
        line = cut(longer, room, size)
    if line:
        yield line


def power(exponent: int) -> str:
    """A power of ten as print has it."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def scientific(number: float, digits: int = 3) -> str:
    """A number above 0 as a factor and a power of ten, the factor left out where it is one."""
    factor, _, exponent = f"{number:.{digits - 1}e}".partition("e")
    factor = factor.rstrip("0").rstrip(".") if "." in factor else factor
    return power(int(exponent)) if factor == "1" else f"{factor}×{power(int(exponent))}"


def _is_shown(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"


def _advance(char: str) -> int:
    at = ord(char) - _FIRST
    if 0 <= at < len(_WIDTHS):
        return _WIDTHS[at]
    if unicodedata.combining(char):
        return 0
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _OTHER
