"""An item on the screen: what to decide, what the paper prints, what speaks for and against it, and what is known beside it.

Pure: from an item and a size to lines. Everything essential fits 80 columns by 24 lines; more room goes to the evidence,
and to a column at the side where there are 110 columns or more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from annotation.page import link
from annotation.passage import Passage
from annotation.screen.evidence import evidence_lines, where
from annotation.screen.opinions_view import opinion_lines
from annotation.screen.paint import FAINT, MARK, STRONG, beside, broken, clipped, rule, text, wrapped
from annotation.session import CHOICES, Item
from annotation.values import brief, reason_to_look, show
from db.cells import CellState
from db.refresh import Option
from extractors.facts.fields import FIELDS, field_of
from extractors.physics import FITTING

SIDE_FROM = 110
"""Columns from which what is known beside the item stands beside it."""
_SIDE = 56
_LEAST_EVIDENCE = 3
_BEFORE = 20
"""Characters that are shown of a quote before a value."""
_PLACES = {path: place for place, path in enumerate(FIELDS)}
_MOST = 30
"""Known values that are laid out at all: more fit no screen, and each costs time between a key and the next item."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the screen whose length can give way."""

    lines: Callable[[int], list[Content]]
    """As many lines as there is room for, at most as many as asked."""
    least: int
    """Lines it must have, if it has so many."""


def item_lines(item: Item, passage: Passage | None, width: int, height: int) -> list[Content]:
    """An item as exactly `height` lines of at most `width` cells.

    Args:
        item: what to decide.
        passage: what stands around its evidence, where that is known by now.
        width: cells of a line.
        height: lines.
    """
    side = min(_SIDE, width // 3) if width >= SIDE_FROM else 0
    main = width - side - 3 if side else width
    if not side:
        return _fitted(
            [
                *_head(item, main),
                _guide(item, main),
                *_values(item, passage, main),
                _doubts(item, main),
                *_known(item, main, titled=False),
            ],
            height,
        )
    left = _fitted([*_head(item, main), *_values(item, passage, main)], height)
    right = [_guide(item, side), _doubts(item, side, titled=True), *_known(item, side, titled=True)]
    return beside(left, _fitted(right, height), main, height)


def _fitted(parts: Sequence[Part], height: int) -> list[Content]:
    """All parts at their least, and the room that is left to those that want it, in their order of wish."""
    full = [len(part.lines(height)) for part in parts]
    given = [min(part.least, wanted) for part, wanted in zip(parts, full, strict=True)]
    spare = height - sum(given)
    for at, wanted in enumerate(full):
        more = max(min(wanted - given[at], spare), 0)
        given[at] += more
        spare -= more
    lines = [line for part, room in zip(parts, given, strict=True) if room for line in part.lines(room)]
    return (lines + [Content("")] * height)[:height]


def _head(item: Item, width: int) -> Iterator[Part]:
    entity = item.key.entity
    day = f" ({item.published:%Y-%m-%d})" if item.published else ""
    title = wrapped(text((item.title, STRONG), day), width, 2)
    short = [clipped(text((item.title, STRONG)), width - len(day)) + Content(day)]
    yield Part(lambda room: title if room >= len(title) else short, 1)
    where = link(entity.paper)
    yield Part(_always(text(f"{entity.paper}  {where}" if where else entity.paper), width), 1)
    why = f"  {_why(item)}"
    what = broken(text(f"{entity.kind} ", (entity.slug, STRONG), why), width, 2)
    yield Part(lambda _room: what, len(what))  # whole: results differ in how their ids end
    yield Part(_always(rule(item.field.path, width), width), 1)


def _always(line: Content, width: int) -> Callable[[int], list[Content]]:
    return lambda _room: [clipped(line, width)]


def _why(item: Item) -> str:
    """Why it is asked, and how sure the machine is."""
    why = reason_to_look(item.claim.why)
    sure = f", probability {item.state.probability:.2f}" if item.state.probability is not None else ""
    return f"({why}{sure})"


def _guide(item: Item, width: int) -> Part:
    said = [
        *wrapped(text(item.field.meaning), width),
        *wrapped(text((item.field.guideline, FAINT)), width, indent=0),
    ]
    brief = wrapped(text(item.field.guideline), width, 2)
    return Part(lambda room: said[:room] if room >= len(said) else brief[:room], 2)


def _values(item: Item, passage: Passage | None, width: int) -> Iterator[Part]:
    options = item.options[:CHOICES]
    rows = [_choice(number, option, width) for number, option in enumerate(options, start=1)]
    rows = rows or wrapped(text((_nothing(item), FAINT)), width, indent=2)
    yield Part(lambda room: rows[:room], len(rows))
    if item.opinions:
        lines = opinion_lines(item.opinions, width)
        yield Part(lambda room: lines[:room], len(lines))
    place = item.evidence
    if place is None:
        return
    printed = printed_of(item)
    yield Part(_always(rule(where(place), width), width), 1)
    yield Part(lambda room: evidence_lines(place, printed, passage, width, room), _LEAST_EVIDENCE)


def _nothing(item: Item) -> str:
    """What there is to do where no value can be accepted."""
    if item.field.use == "whole":
        return "Read the paper; p adds what is missing, n says that it reports nothing else"
    return "nothing is proposed any more"


def printed_of(item: Item) -> str:
    """The proposed value as the paper prints it."""
    return str(getattr(item.options[0].value, "printed", "")) if item.options else ""


def _choice(number: int, option: Option, width: int) -> Content:
    """A value with the key that picks it; the proposed one is what `a` accepts."""
    value = show(option.value)
    if number == 1:
        return clipped(text((f" 1 {value} ", MARK), "  a accepts"), width)
    words = _around(option.evidence.quote, str(getattr(option.value, "printed", "")))
    return clipped(text(f" {number} {value}  ", (f"{where(option.evidence)}: {words}", FAINT)), width)


def _around(quote: str, printed: str) -> str:
    """The words of a quote from shortly before a value on, so that it is in sight where they are cut."""
    start = max(quote.find(printed) - _BEFORE, 0)
    begin = quote.find(" ", start) + 1 if start else 0
    return f"… {quote[begin:]}" if begin else quote


def _doubts(item: Item, width: int, *, titled: bool = False) -> Part:
    """Doubts with a question mark, what a check of physics bears out with an equals sign."""
    reasons = item.options[0].reasons if item.options else ()
    lines = [rule("doubts and checks", width)] if titled and reasons else []
    for words in reasons:
        fits = words.startswith(FITTING)
        sign = text(("= ", STRONG) if fits else ("? ", STRONG), words.removeprefix(FITTING))
        lines += wrapped(sign, width, 2)
    return Part(lambda room: lines[:room], 2)


def _known(item: Item, width: int, *, titled: bool) -> Iterator[Part]:
    """The entity's other values, then what people decided of the paper's other entities."""
    mates = [(state.key.field, _said(state)) for state in sorted(item.siblings, key=_place) if state.value]
    decided = [
        (f"{state.key.entity.slug} {state.key.field}", _said(state))
        for state in item.decided[: 2 * _MOST]
        if state.value
    ]
    for title, known in (("beside it", mates[:_MOST]), ("decided in this paper", decided[:_MOST])):
        yield _listed(title, known, width) if titled else _run(title, known, width)


def _place(state: CellState) -> int:
    """Of a field in the registry: first what an entity is, and of that the model that it belongs to."""
    return _PLACES.get(field_of(state.key).path, len(_PLACES))


def _listed(title: str, known: Sequence[tuple[str, str]], width: int) -> Part:
    lines = [rule(title, width)] if known else []
    lines += [line for name, said in known for line in wrapped(text((f"{name} ", FAINT), said), width, 2)]
    return Part(lambda room: lines[:room], min(len(lines), 4))


def _run(title: str, known: Sequence[tuple[str, str]], width: int) -> Part:
    words = "; ".join(f"{name} {said}" for name, said in known)
    content = text((f"{title}: ", STRONG), words) if known else Content("")
    return Part(lambda room: wrapped(content, width, room), 1)


def _said(cell: CellState) -> str:
    """A value, with a tick if people decided it."""
    value = brief(cell.value, cell.key.field)
    return f"{value} ✓" if cell.reviewers else value
