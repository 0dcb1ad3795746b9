"""What a key asks further at a paper: one of a few, one of many, a reason, a yes. Pure, as the prompts of the queue are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from textual.content import Content

from annotation.screen.line import EMPTY, Line
from annotation.screen.paint import FAINT, STRONG, clipped, filled, rule, text, wrapped
from annotation.screen.prompts import ESCAPE, Closed, typed_line

_STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "shift+tab": -1, "tab": 1}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, by its place in what was offered, or why something is to be done."""

    number: int = 0
    reason: str = ""


class Asking(Protocol):
    """Something between a person and the paper."""

    @property
    def covers(self) -> bool:
        """Whether it takes the whole screen."""
        ...

    def press(self, key: str, character: str | None, /) -> Asking | Chosen | Closed:
        """What a key leads to."""
        ...

    def paste(self, words: str, /) -> Asking:
        """What pasted text leads to."""
        ...

    def lines(self, width: int, height: int) -> list[Content]:
        """How it looks, in at most so many lines."""
        ...


@dataclass(frozen=True, slots=True)
class Menu:
    """One of a few, by a digit."""

    title: str
    picks: tuple[str, ...]
    covers: bool = False

    def press(self, _key: str, character: str | None) -> Asking | Chosen | Closed:
        """A digit chooses, Esc goes back."""
        if _key == ESCAPE:
            return Closed()
        if character is not None and character in "123456789"[: len(self.picks)]:
            return Chosen(int(character) - 1)
        return self

    def paste(self, _words: str) -> Self:
        """Nothing to paste into."""
        return self

    def lines(self, width: int, height: int) -> list[Content]:
        """What there is, with its digits."""
        return [
            rule(self.title, width),
            *(
                clipped(text((f"  {number} ", STRONG), words), width)
                for number, words in enumerate(self.picks, start=1)
            ),
            text(("  a digit chooses, Esc goes back", FAINT)),
        ][:height]


@dataclass(frozen=True, slots=True)
class Sure:
    """A yes before something that others see."""

    title: str
    words: str
    covers: bool = False

    def press(self, key: str, character: str | None) -> Asking | Chosen | Closed:
        """Only `y` does it; any other key goes back."""
        return Chosen() if character == "y" else Closed() if key else self

    def paste(self, _words: str) -> Self:
        """Pasted text is no yes."""
        return self

    def lines(self, width: int, height: int) -> list[Content]:
        """What would be done."""
        said = wrapped(text(self.words), width, 3, indent=2)
        return [rule(self.title, width), *said, text(("  y does it, ", STRONG), "any other key goes back")][
            :height
        ]


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: a digit picks one of a few, anything else is typed."""

    title: str
    picks: tuple[str, ...]
    line: Line = EMPTY
    refused: bool = False
    covers: bool = False

    def press(self, key: str, character: str | None) -> Asking | Chosen | Closed:
        """What a key leads to: a digit is a reason only where nothing is typed yet."""
        if key == ESCAPE:
            return Closed()
        typed = self.line.text.strip()
        if key == "enter":
            return Chosen(reason=typed) if typed else replace(self, refused=True)
        if not self.line.text and character is not None and character in "123456789"[: len(self.picks)]:
            return Chosen(reason=self.picks[int(character) - 1])
        return replace(self, line=self.line.press(key, character), refused=False)

    def paste(self, words: str) -> Self:
        """The reason, pasted."""
        return replace(self, line=self.line.insert(words.strip()))

    def lines(self, width: int, height: int) -> list[Content]:
        """The reasons to pick, and the line that is typed."""
        how = ("  a reason is needed: a digit, or words", STRONG) if self.refused else None
        return [
            rule(self.title, width),
            *(
                clipped(text((f"  {number} ", STRONG), words), width)
                for number, words in enumerate(self.picks, start=1)
            ),
            typed_line(self.line, width),
            text(how or ("  a digit, or words and Enter; Esc goes back", FAINT)),
        ][:height]


@dataclass(frozen=True, slots=True)
class Picker:
    """A list that narrows as one types: each word must occur, in any order."""

    title: str
    rows: tuple[str, ...]
    line: Line = EMPTY
    at: int = 0
    covers: bool = True

    def press(self, key: str, character: str | None) -> Asking | Chosen | Closed:
        """Typing narrows, arrows choose, Enter takes it."""
        found = self._found()
        if key == ESCAPE:
            return Closed()
        if key == "enter":
            return Chosen(found[self.at][0]) if found else self
        if key in _STEPS:
            return replace(self, at=min(max(self.at + _STEPS[key], 0), max(len(found) - 1, 0)))
        line = self.line.press(key, character)
        return replace(self, line=line, at=self.at if line.text == self.line.text else 0)

    def paste(self, words: str) -> Self:
        """Words to look for, pasted."""
        return replace(self, line=self.line.insert(words.strip()), at=0)

    def lines(self, width: int, height: int) -> list[Content]:
        """What is typed, and what it finds around the chosen row."""
        found = self._found()
        room = max(height - 3, 1)
        start = min(max(self.at - room // 2, 0), max(len(found) - room, 0))
        shown = list(enumerate(found[start : start + room], start=start))
        rows = [_picked(row, width, chosen=number == self.at) for number, (_, row) in shown]
        return [
            rule(f"{self.title}: {len(found)} found", width),
            text(("> ", STRONG)) + self.line.show(),
            *(rows or [text("  nothing like that is here")]),
            text(("  type words, arrows choose, Enter takes it, Esc goes back", FAINT)),
        ][:height]

    def _found(self) -> Sequence[tuple[int, str]]:
        words = self.line.text.casefold().split()
        return [
            (number, row)
            for number, row in enumerate(self.rows)
            if all(word in row.casefold() for word in words)
        ]


def _picked(row: str, width: int, *, chosen: bool) -> Content:
    line = text("▸ " if chosen else "  ", row)
    return filled(line, width).stylize("reverse") if chosen else clipped(line, width)
