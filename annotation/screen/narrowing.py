"""A list that narrows as one types: each word must occur, in any order. Pure, as the prompts are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.content import Content

from annotation.screen.line import EMPTY, Line
from annotation.screen.paint import FAINT, STRONG, clipped, filled, rule, text

_STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "shift+tab": -1, "tab": 1}
_AROUND = 3
"""Lines of a list that are no rows: its title, what is typed, and the hint."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Some rows, what is typed of them, and which of those that are left is chosen."""

    rows: tuple[str, ...]
    heads: tuple[str, ...] = ()
    """What stands before each row, as a number, and is not looked for; none where it is empty."""
    line: Line = EMPTY
    at: int = 0
    """Of the rows that are left."""

    @property
    def chosen(self) -> int | None:
        """The place, among all rows, of the one that is chosen; None where none is left."""
        found = self._found()
        return found[self.at] if found else None

    def press(self, key: str, character: str | None) -> Narrowing:
        """Typing narrows, arrows and Tab choose."""
        if key in _STEPS:
            return replace(self, at=min(max(self.at + _STEPS[key], 0), max(len(self._found()) - 1, 0)))
        line = self.line.press(key, character)
        return replace(self, line=line, at=self.at if line.text == self.line.text else 0)

    def paste(self, words: str) -> Narrowing:
        """Words to look for, pasted."""
        return replace(self, line=self.line.insert(words.strip()), at=0)

    def lines(self, title: str, nothing: str, hint: str, width: int, height: int) -> list[Content]:
        """What is typed, and the rows that are left around the chosen one.

        Args:
            title: what the list is of.
            nothing: said where no row is left.
            hint: what the keys do.
            width: cells of a line.
            height: lines at most.
        """
        found = self._found()
        room = max(height - _AROUND, 1)
        start = min(max(self.at - room // 2, 0), max(len(found) - room, 0))
        shown = [
            _row(self._head(place) + self.rows[place], width, chosen=number == self.at)
            for number, place in enumerate(found[start : start + room], start=start)
        ]
        return [
            rule(f"{title}: {len(found)} found", width),
            text(("> ", STRONG)) + self.line.show(),
            *(shown or [text(f"  {nothing}")]),
            text((f"  {hint}", FAINT)),
        ][:height]

    def _head(self, place: int) -> str:
        return self.heads[place] if self.heads else ""

    def _found(self) -> list[int]:
        words = self.line.text.casefold().split()
        return [place for place, row in enumerate(self.rows) if all(word in row.casefold() for word in words)]


def _row(row: str, width: int, *, chosen: bool) -> Content:
    line = text("▸ " if chosen else "  ", row)
    return filled(line, width).stylize("reverse") if chosen else clipped(line, width)
