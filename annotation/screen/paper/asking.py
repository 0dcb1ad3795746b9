"""What a key asks further at a paper: one of a few, one of many, a reason, a yes. Pure, as the prompts of the queue are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, Self

from textual.content import Content

from annotation.screen.line import EMPTY, Line
from annotation.screen.narrowing import Narrowing
from annotation.screen.paint import FAINT, STRONG, clipped, rule, text, wrapped
from annotation.screen.prompts import ESCAPE, Closed, typed_line


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
    """One of many."""

    title: str
    narrowing: Narrowing
    covers: bool = True

    def press(self, key: str, character: str | None) -> Asking | Chosen | Closed:
        """Enter takes the chosen one."""
        if key == ESCAPE:
            return Closed()
        if key == "enter":
            return self if self.narrowing.chosen is None else Chosen(self.narrowing.chosen)
        return replace(self, narrowing=self.narrowing.press(key, character))

    def paste(self, words: str) -> Self:
        """Words to look for, pasted."""
        return replace(self, narrowing=self.narrowing.paste(words))

    def lines(self, width: int, height: int) -> list[Content]:
        """The list."""
        hint = "type words, arrows choose, Enter takes it, Esc goes back"
        return self.narrowing.lines(self.title, "nothing like that is here", hint, width, height)


def picker(title: str, rows: Iterable[str]) -> Picker:
    """A list to pick from."""
    return Picker(title, Narrowing(tuple(rows)))
