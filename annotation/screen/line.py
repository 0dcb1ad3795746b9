"""A line that a person types: letters, a cursor, and the keys that every shell has."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.content import Content

from annotation.safe_text import safe

LIMIT = 500
"""Characters that are kept: a pasted page is no value."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is typed so far."""

    text: str = ""
    at: int = 0
    """Where the cursor is."""

    def press(self, key: str, character: str | None) -> Line:
        """The line after a key; the same line if the key means nothing here."""
        move = _MOVES.get(key)
        if move is not None:
            return move(self)
        if character is not None and character.isprintable():
            return self.insert(character)
        return self

    def insert(self, words: str) -> Line:
        """The line with words put in, in one line and made harmless."""
        clean = safe(words)[: max(LIMIT - len(self.text), 0)]
        return Line(self.text[: self.at] + clean + self.text[self.at :], self.at + len(clean))

    def show(self) -> Content:
        """The line with its cursor."""
        under = self.text[self.at : self.at + 1] or " "
        return Content.assemble(self.text[: self.at], (under, "reverse"), self.text[self.at + 1 :])


EMPTY = Line()


def _back(line: Line) -> Line:
    return Line(line.text[: max(line.at - 1, 0)] + line.text[line.at :], max(line.at - 1, 0))


def _word_back(line: Line) -> Line:
    kept = re.sub(r"\S+\s*$", "", line.text[: line.at])
    return Line(kept + line.text[line.at :], len(kept))


_MOVES: dict[str, Callable[[Line], Line]] = {
    "backspace": _back,
    "ctrl+h": _back,
    "delete": lambda line: replace(line, text=line.text[: line.at] + line.text[line.at + 1 :]),
    "ctrl+w": _word_back,
    "ctrl+u": lambda line: Line(line.text[line.at :], 0),
    "ctrl+k": lambda line: replace(line, text=line.text[: line.at]),
    "left": lambda line: replace(line, at=max(line.at - 1, 0)),
    "right": lambda line: replace(line, at=min(line.at + 1, len(line.text))),
    "home": lambda line: replace(line, at=0),
    "ctrl+a": lambda line: replace(line, at=0),
    "end": lambda line: replace(line, at=len(line.text)),
    "ctrl+e": lambda line: replace(line, at=len(line.text)),
}
