"""Text that strangers wrote, made harmless: for a terminal (`safe`), to a width (`cut`, `wrapped`), for a spreadsheet.

`safe` leaves square brackets as they are, and Rich and Textual take them for markup: `[bold red]`, and even
`[@click=...]`, which runs an action of the application. So what is shown by them must never be parsed. Give widgets
`textual.content.Content(safe(text))` or `rich.text.Text(safe(text))` instead of a `str`, or say `markup=False` (`Static`,
`Label`, `OptionList`, `notify`). A `str` is always parsed in a `DataTable`'s cells, in `border_title`, `border_subtitle`
and `tooltip`, and by `console.print`.
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len

LONGEST = 2_000
"""Characters of one text that are shown, by default. No title or quote is near it; what is longer ends in an ellipsis."""
MARKS = 3
"""Accents and other marks that one letter may carry; no living language needs more, and stacks of them cover other lines."""
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of control, format and surrogate characters, line and paragraph separators."""
_UNKNOWN = frozenset({"Co", "Cn"})
"""Characters for private use, and those that have no meaning yet: what a terminal shows for them is not known."""
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Fillers, joiners and variation selectors that are no format characters to Unicode, and as little to be seen."""
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
"""Colours of emoji, which are nothing in one terminal and two cells wide in the next."""
_FORMULA = re.compile(r"'*(?:[\t\r\n]|[\s\x00-\x1f\u200b\ufeff]*[=+\-@\uff0b\uff0d\uff1d\uff20])")
"""What a spreadsheet may take for a formula, also behind what cannot be seen; quotes before it are those that keep it from that."""
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d*)?(?:[eE][+-]?\d+)?%?")


def safe(text: object, longest: int | None = LONGEST) -> str:
    """The text as one line of visible characters, as long as it was or shorter.

    Escape sequences could steer the terminal, direction marks could show a value otherwise than it is, and stacks of marks
    could cover the lines around. Each control, format, surrogate, separator or invisible character becomes a blank, a
    character that nobody knows `\ufffd`; marks beyond `MARKS` on one letter are left out.

    Args:
        text: anything; its `str` is taken.
        longest: characters after which an ellipsis ends it; None shows all, for who asked for a whole paper.
    """
    whole = str(text)
    if longest is not None and len(whole) > longest:
        whole = whole[: longest - 1] + "…"
    if whole.isascii() and whole.isprintable():
        return whole
    shown: list[str] = []
    marks = MARKS  # a mark without a letter would stand on whatever is printed before the text
    for char in _SKIN.sub(" ", _INVISIBLE.sub(" ", whole)):
        category = unicodedata.category(char)
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= MARKS:
            shown.append(" " if category in _UNSAFE else "\ufffd" if category in _UNKNOWN else char)
    return "".join(shown)


def cut(text: object, width: int) -> str:
    """The text, safe, in at most as many cells of a terminal; what is left out shows as an ellipsis.

    Args:
        text: anything.
        width: in cells, at least 1; a Chinese character or an emoji takes two.
    """
    line = safe(text)
    return line if cell_len(line) <= width else line[: _fitting(line, width - 1)].rstrip() + "…"


def wrapped(text: object, width: int, *, indent: str = "", most: int | None = None) -> list[str]:
    """The text, safe, as lines that fit, broken at blanks where there are any; no line for a text of blanks.

    Args:
        text: anything.
        width: of a line with its indent, in cells; at least two more than the indent.
        indent: what each line begins with.
        most: lines after which the rest is left out, with an ellipsis at the end of the last.
    """
    room, rest, lines = width - cell_len(indent), safe(text).strip(), list[str]()
    while rest and len(lines) != most:
        if most is not None and len(lines) == most - 1:
            line, rest = cut(rest, room), ""
        else:
            end = _line_end(rest, room)
            line, rest = rest[:end].rstrip(), rest[end:].lstrip()
        lines.append(indent + line)
    return lines


def _line_end(text: str, room: int) -> int:
    """How much of a text makes a line: up to the last blank that fits, else as much as fits."""
    end = _fitting(text, room)
    if end == len(text):
        return end
    return max(text.rfind(" ", 0, end + 1), 0) or max(end, 1)


def _fitting(text: str, room: int) -> int:
    """How many characters of a safe text fit, a letter with all its marks or not at all."""
    for index, char in enumerate(text):
        room -= cell_len(char)
        if room < 0:
            return index
    return len(text)


def spreadsheet_safe(text: str) -> str:
    """The text with a quote before what a spreadsheet would run as a formula; numbers such as -0.5 stay as they are.

    Commas, quotes and line ends are for the writer of the CSV.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def spreadsheet_plain(text: str) -> str:
    """The text that `spreadsheet_safe` was given; one that a person typed stays as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
