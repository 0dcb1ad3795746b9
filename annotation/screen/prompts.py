"""What a key asks further: the right value, or a reason. Pure: a key leads to the next prompt, to an answer, or back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

from textual.content import Content

from annotation.screen.line import EMPTY, Line
from annotation.screen.paint import FAINT, MARK, STRONG, clipped, filled, rule, text, wrapped
from annotation.session import Answer, Item, corrected
from annotation.typed import expected_of, typed_for
from annotation.values import show
from db.events import Flagged, Rejected
from extractors.facts.errors import BurdenError
from extractors.facts.ids import CellKey, PaperId

ESCAPE = "escape"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to the item."""

    answer: Answer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Back to the item, undecided."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """To a paper, or to one cell of it."""

    paper: PaperId
    cell: CellKey | None = None


class Asking(Protocol):
    """Something between a person and the item: a prompt below it, or a page over it."""

    @property
    def covers(self) -> bool:
        """Whether it takes the whole screen."""
        ...

    def press(self, key: str, character: str | None, /) -> Outcome:
        """What a key leads to."""
        ...

    def paste(self, words: str, /) -> Asking:
        """What pasted text leads to."""
        ...

    def lines(self, width: int, height: int) -> list[Content]:
        """How it looks, in at most so many lines."""
        ...


Outcome = Asking | Said | GoTo | Closed


@dataclass(frozen=True, slots=True)
class Correcting:
    """Typing the right value, which is read as it is typed."""

    item: Item
    line: Line = EMPTY
    refused: bool = False
    """Whether Enter was pressed on what is no value."""
    covers: bool = False

    def press(self, key: str, character: str | None) -> Outcome:
        """What a key leads to; Enter takes the value only if it is one."""
        if key == ESCAPE:
            return Closed()
        if key != "enter":
            return replace(self, line=self.line.press(key, character), refused=False)
        try:
            return Said(corrected(self.item, typed_for(self.item, self.line.text)))
        except BurdenError:
            return replace(self, refused=True)

    def paste(self, words: str) -> Self:
        """The value, pasted."""
        return replace(self, line=self.line.insert(words.strip()))

    def lines(self, width: int, height: int) -> list[Content]:
        """The line that is typed, and what it means so far."""
        return [
            rule(f"correct {self.item.field.path}: type what the paper prints", width),
            typed_line(self.line, width),
            *wrapped(self._meaning(), width, 2, indent=2),
            _HOW,
        ][:height]

    def _meaning(self) -> Content:
        if not self.line.text.strip():
            return text((expected_of(self.item), STRONG if self.refused else FAINT))
        try:
            value = typed_for(self.item, self.line.text)
        except BurdenError as error:
            return text(("no: " if self.refused else "not yet: ", STRONG), str(error))
        return text("= ", (f" {show(value)} ", MARK))


@dataclass(frozen=True, slots=True)
class Reason:
    """Saying why: a digit picks one of a few, anything else is typed."""

    title: str
    answer: Answer
    picks: tuple[str, ...]
    line: Line = EMPTY
    refused: bool = False
    covers: bool = False

    def press(self, key: str, character: str | None) -> Outcome:
        """What a key leads to: a digit is a reason only where nothing is typed yet."""
        if key == ESCAPE:
            return Closed()
        typed = self.line.text.strip()
        if key == "enter":
            return Said(self.answer, typed) if typed else replace(self, refused=True)
        if not self.line.text and character is not None and character in "123456789"[: len(self.picks)]:
            return Said(self.answer, self.picks[int(character) - 1])
        return replace(self, line=self.line.press(key, character), refused=False)

    def paste(self, words: str) -> Self:
        """The reason, pasted."""
        return replace(self, line=self.line.insert(words.strip()))

    def lines(self, width: int, height: int) -> list[Content]:
        """The reasons to pick, and the line that is typed."""
        asked = text(("  a reason is needed: a digit, or words", STRONG)) if self.refused else None
        return [
            rule(self.title, width),
            *self._picks(width),
            typed_line(self.line, width),
            asked or _HOW_REASON,
        ][:height]

    def _picks(self, width: int) -> list[Content]:
        """The reasons with their digits, side by side where there is room."""
        picks = [
            filled(text((f"  {number} ", STRONG), words), _PICK)
            for number, words in enumerate(self.picks, start=1)
        ]
        beside = max(width // _PICK, 1)
        rows = (picks[at : at + beside] for at in range(0, len(picks), beside))
        return [clipped(Content("").join(row).rstrip(), width) for row in rows]


_PICK = 38
"""Cells of a reason to pick: two stand side by side in 80."""
_HOW = text(("  Enter takes it, Esc goes back", FAINT))
_HOW_REASON = text(("  a digit, or words and Enter; Esc goes back", FAINT))


def typed_line(line: Line, width: int) -> Content:
    """The line with its cursor in sight."""
    shown = line.show()
    room = max(width - 4, 1)
    start = max(line.at - room + 1, 0)
    return clipped(text(("> ", STRONG)) + shown[start:], width)


def rejecting() -> Reason:
    """Why the proposed values are wrong."""
    return Reason(
        "reject: why?",
        Rejected(),
        (
            "of other work",
            "of another model or run",
            "another quantity",
            "inference or data, not training",
            "misread: it prints something else",
            "only an example or a plan",
        ),
    )


def flagging() -> Reason:
    """Why a senior should look."""
    return Reason(
        "flag for a senior: why?",
        Flagged(),
        ("the paper is unclear", "the guideline does not say", "the paper contradicts itself"),
    )
