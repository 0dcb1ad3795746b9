"""Forms for what a person adds or changes: a few lines to type, each read as it is typed, and where it all stands. Pure.

A form knows the file that it cites only by what the screen tells it: whether the words stand there, and if not what
could be meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from textual.content import Content

from annotation.citing import Citation, Placed
from annotation.scale import Scale, scale_of
from annotation.screen.line import EMPTY, Line
from annotation.screen.paint import FAINT, MARK, STRONG, clipped, rule, text, wrapped
from annotation.screen.paper.asking import Asking, Chosen
from annotation.screen.prompts import ESCAPE, Closed
from annotation.typed import expected, parse_typed
from annotation.values import show
from extractors.facts.errors import BurdenError, ParseError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS, Field
from extractors.facts.ids import EntityKind
from extractors.facts.values import Name, Value

_LABEL = 14
_MOST_CHOICES = 12
PLACE = ("page", "element", "quote")
"""Lines that say where it stands."""


@dataclass(frozen=True, slots=True)
class Blank:
    """One line to type."""

    name: str
    """A field of the entity, `field` and `value` for one to choose, or one of `PLACE`."""
    line: Line = EMPTY
    needed: bool = False
    choices: tuple[str, ...] = ()
    """What can be meant; typed in part, it is completed."""

    @property
    def typed(self) -> str:
        """The words."""
        return self.line.text.strip()

    def completed(self) -> Blank:
        """The line with the one choice that is meant by what is typed."""
        if not self.typed or self.typed in self.choices:
            return self
        words = self.typed.casefold()
        begin = [choice for choice in self.choices if choice.casefold().startswith(words)]
        meant = begin or [choice for choice in self.choices if words in choice.casefold()]
        return replace(self, line=typed_as(meant[0])) if len(meant) == 1 else self


def typed_as(words: str) -> Line:
    """A line with words in it and the cursor behind them."""
    return EMPTY.insert(words)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is complete: what it says by field, and where that stands."""

    values: Mapping[str, Value]
    citation: Citation
    same_place: Evidence | None
    """The evidence that was there before, if its words were left as they are."""


@dataclass(frozen=True, slots=True)
class Form:
    """Lines to fill in about one entity."""

    title: str
    kind: EntityKind
    blanks: tuple[Blank, ...]
    field: str = ""
    """The field that `value` is of; empty where a line chooses it, or each line is a field."""
    before: Evidence | None = None
    """Where the value stood."""
    scale: Scale | None = None
    """Of the entity's score, where it is a result that has a metric."""
    at: int = 0
    told: str = ""
    """Why it was not taken."""
    placed: tuple[Citation, Placed] | None = None
    """What is known of where the words stand."""
    covers: bool = False

    # Typing

    def press(self, key: str, character: str | None) -> Asking | Chosen | Closed:
        """What a key leads to; Enter takes all of it, or goes to the first line that is missing or wrong."""
        if key == ESCAPE:
            return Closed()
        if key == "enter":
            return self._enter()
        if key in ("tab", "down", "shift+tab", "up"):
            return self._step(key)
        if key == "ctrl+y":
            return self._meant()
        return self._with(replace(self.blanks[self.at], line=self.blanks[self.at].line.press(key, character)))

    def paste(self, words: str) -> Self:
        """Words, pasted into the line."""
        blank = self.blanks[self.at]
        return self._with(replace(blank, line=blank.line.insert(" ".join(words.split()))))

    def _with(self, blank: Blank) -> Self:
        blanks = (*self.blanks[: self.at], blank, *self.blanks[self.at + 1 :])
        return replace(self, blanks=blanks, told="" if blank != self.blanks[self.at] else self.told)

    def _step(self, key: str) -> Self:
        """To another line; Tab stays where several things can be meant, as in a shell."""
        blank = self.blanks[self.at].completed()
        form = self._with(blank)
        is_open = bool(blank.typed and blank.choices) and blank.typed not in blank.choices
        if key == "tab" and is_open:
            return form
        return replace(form, at=(self.at + (1 if key in ("tab", "down") else -1)) % len(self.blanks))

    def _enter(self) -> Asking | Chosen:
        form = self._with(self.blanks[self.at].completed())
        for at, blank in enumerate(form.blanks):
            try:
                form.check(blank)
            except BurdenError as error:
                told = "" if not blank.typed and at != self.at else str(error)
                return replace(form, at=at, told=told)
        return Chosen() if form == self else replace(form, told="")

    def _meant(self) -> Self:
        """The form with the words or the page that are meant instead."""
        known = self.looked()
        if known is None or not (known.quote or known.page):
            return self
        new = {"quote": known.quote} if known.quote else {}
        new |= {"page": str(known.page)} if known.page else {}
        blanks = tuple(
            replace(blank, line=typed_as(new[blank.name])) if blank.name in new else blank
            for blank in self.blanks
        )
        return replace(self, blanks=blanks, told="")

    # What it says

    @property
    def citation(self) -> Citation:
        """Where it stands."""
        page = self._typed("page")
        return Citation(
            self._typed("quote"),
            int(page) if page.isdecimal() and len(page) < 6 else None,
            self._typed("element"),
        )

    @property
    def is_placed_already(self) -> bool:
        """Whether the place was left as it was."""
        before = self.before
        if before is None:
            return False
        is_there = self.citation.page in (None, before.page) and self.citation.quote == before.quote
        return is_there and self._typed("element") in ("", before.anchor)

    def looked(self) -> Placed | None:
        """What is known of where the words stand; None while that is not known."""
        return self.placed[1] if self.placed is not None and self.placed[0] == self.citation else None

    def filled(self) -> Filled:
        """All that it says.

        Raises:
            ParseError: a line is missing or wrong.
        """
        values: dict[str, Value] = {}
        for blank in self.blanks:
            found = self.check(blank)
            if found is not None:
                values[self._field(blank).name] = found
        return Filled(values, self.citation, self.before if self.is_placed_already else None)

    def check(self, blank: Blank) -> Value | None:
        """The value on a line; None where it has none to say.

        Raises:
            ParseError: it is missing or wrong.
        """
        words = blank.typed
        if not words:
            if blank.needed:
                raise ParseError(f"the {blank.name} is missing")
            return None
        if blank.name == "page" and self.citation.page is None:
            raise ParseError(f"{words!r} is no page", remedy="Type its number in the file, from 1")
        if blank.name == "field" and words not in blank.choices:
            raise ParseError(f"there is no field {words!r}", remedy=f"One of {', '.join(blank.choices)}")
        if blank.name in (*PLACE, "field"):
            return None
        return self._value(blank, words)

    def _value(self, blank: Blank, words: str) -> Value:
        field = self._field(blank)
        is_closed = field.links is not None or field.path == "result.metric"
        if is_closed and words not in blank.choices:
            raise ParseError(
                f"{words!r} is no {blank.name} here", remedy=f"One of {', '.join(blank.choices) or 'none'}"
            )
        return Name(words, words) if field.links is not None else parse_typed(field, words, self._scale())

    def _scale(self) -> Scale | None:
        """Of a score: of the result, or as the lines above it say."""
        said = {name: Name(words, words) for name in ("metric", "benchmark") if (words := self._typed(name))}
        return self.scale or scale_of(said)

    def _field(self, blank: Blank) -> Field:
        name = blank.name if blank.name != "value" else self.field or self._typed("field")
        field = FIELDS.get(f"{self.kind}.{name}")
        if field is None:
            raise ParseError("its field is not chosen yet")
        return field

    def _typed(self, name: str) -> str:
        return next((blank.typed for blank in self.blanks if blank.name == name), "")

    # How it looks

    def lines(self, width: int, height: int) -> list[Content]:
        """The lines with what is typed, and below them what the one under the cursor means."""
        hint = self._hints(width)[: max(height - len(self.blanks) - 2, 1)]
        return [
            rule(f"{self.title}; * is needed", width),
            *(self._line(number, width) for number in range(len(self.blanks))),
            *hint,
            text(("  Enter takes it, Tab goes on, Ctrl-U empties the line, Esc goes back", FAINT)),
        ][:height]

    def _line(self, number: int, width: int) -> Content:
        blank = self.blanks[number]
        label = f"{blank.name.replace('_', ' ')}{' *' if blank.needed else ''}"
        mark = f"{'>' if number == self.at else ' '}{self._mark(blank)}"
        if number != self.at:
            return clipped(text(f"{mark} {label:<{_LABEL}} ", blank.line.text), width)
        head = text((f"{mark} {label:<{_LABEL}} ", STRONG))
        shown = blank.line.show()
        start = max(blank.line.at - max(width - _LABEL - 6, 1) + 1, 0)
        return clipped(head + shown[start:], width)

    def _mark(self, blank: Blank) -> str:
        if blank.name == "quote" and blank.typed and not self.is_placed_already:
            known = self.looked()
            return "…" if known is None else "✓" if known.evidence else "×"
        try:
            self.check(blank)
        except BurdenError:
            return "×" if blank.typed else " "
        return "✓" if blank.typed else " "

    def _hints(self, width: int) -> list[Content]:
        if self.told:
            return wrapped(text(("  no: ", STRONG), self.told), width, 3)
        blank = self.blanks[self.at]
        if blank.name in PLACE:
            return self._place_hint(width)
        if blank.choices and blank.typed not in blank.choices:
            return wrapped(text((f"  {_choices(blank)}", FAINT)), width, 2)
        return wrapped(self._meaning(blank), width, 2)

    def _meaning(self, blank: Blank) -> Content:
        try:
            found = self.check(blank)
        except BurdenError as error:
            words = str(error) if blank.typed else self._wanted(blank)
            return text(("  not yet: " if blank.typed else "  ", STRONG), (words, FAINT))
        if found is None:
            return text((f"  {self._wanted(blank)}", FAINT))
        doubt = "" if self._prints(blank, found) else "  (the quote does not print it)"
        return text("  = ", (f" {show(found)} ", MARK), doubt)

    def _wanted(self, blank: Blank) -> str:
        if blank.name == "field":
            return self._chosen_field(blank)
        try:
            field = self._field(blank)
        except ParseError as error:
            return str(error)
        example = f" Type {expected(field)}." if field.units or field.path == "run.accelerator" else ""
        return f"{field.meaning} {field.guideline}{example}"

    def _chosen_field(self, blank: Blank) -> str:
        field = FIELDS.get(f"{self.kind}.{blank.typed}")
        return f"{field.meaning} {field.guideline}" if field else _choices(blank)

    def _prints(self, blank: Blank, value: Value) -> bool:
        """Whether the quote has the value as it was typed, or there is no quote yet, or the value is a word of ours."""
        quote, printed = self._typed("quote"), getattr(value, "printed", "")
        is_ours = bool(blank.choices) or (isinstance(value, Name) and value.id != value.printed)
        return not quote or is_ours or _squeezed(printed) in _squeezed(quote)

    def _place_hint(self, width: int) -> list[Content]:
        if self.is_placed_already:
            return [text(("  the words that are cited now", FAINT))]
        if not self._typed("quote"):
            return wrapped(
                text(
                    ("  Type or paste words of the paper that say it; a row with ' | ' between cells", FAINT)
                ),
                width,
                2,
            )
        known = self.looked()
        if known is None:
            return [text(("  looking for these words in the paper …", FAINT))]
        if known.evidence:
            place = known.evidence[0]
            return wrapped(
                text("  = ", (f" page {place.page}, {place.anchor}: “{place.quote}” ", MARK)), width, 2
            )
        if known.quote:
            page = f"page {known.page}, " if known.page else ""
            return wrapped(text(("  not there. ", STRONG), f"Ctrl-Y takes {page}“{known.quote}”"), width, 3)
        if known.page:
            return wrapped(
                text(("  not there. ", STRONG), f"Ctrl-Y takes page {known.page}, where they stand"), width, 2
            )
        return wrapped(text(("  no: ", STRONG), known.refused), width, 3)


def _choices(blank: Blank) -> str:
    """What can be meant by what is typed."""
    words = blank.typed.casefold()
    found = [choice for choice in blank.choices if words in choice.casefold()]
    if not found:
        return f"nothing like {blank.typed!r}; there is {', '.join(blank.choices[:_MOST_CHOICES])}"
    more = f" and {len(found) - _MOST_CHOICES} more" if len(found) > _MOST_CHOICES else ""
    return f"{', '.join(found[:_MOST_CHOICES])}{more}"


def _squeezed(words: str) -> str:
    return "".join(words.split()).casefold()
