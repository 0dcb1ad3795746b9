"""An article that LaTeXML made, as paragraphs and tables in reading order.

Structure is taken from the elements' classes: sections, captions, notes and references need no guessing here. The rules
get what they get from a PDF: displayed formulas are words of the paragraph that they interrupt, a title that runs into
its paragraph is the beginning of it, notes follow the paragraph that they are marked in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bs4.element import NavigableString, Tag

from extractors.documents.latexml.parts import (
    FLOATS,
    SECTIONS,
    THANKS,
    Place,
    ends_paragraph,
    float_of,
    lone_captions,
    region_of,
    surveyed,
)
from extractors.documents.latexml.tables import Bounds, grid_of, is_layout
from extractors.documents.latexml.text import (
    BLANK,
    NOTES,
    Inline,
    Piece,
    Style,
    classes_of,
    fitting,
    is_unread,
    note_pieces,
    style_of,
    words_of,
)
from extractors.documents.model import (
    NOWHERE,
    Paragraph,
    ParagraphKind,
    Region,
    Table,
    Word,
    compose,
)
from extractors.documents.structure import label_of

_LONGEST_TITLE = 500
"""Characters of a section's title that are kept."""
_RUN_IN = {"ltx_runin", "ltx_title_classification", "ltx_title_keywords"}
_NESTEDFLOATS = 4
"""Floats in floats beyond this are read as plain parts."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What parts of an article may be at most; what is beyond is left out and said."""

    paragraph: int = 20_000
    """Characters; also those of a cell."""
    table: Bounds = field(default_factory=Bounds)
    cells: int = 200_000
    """Cells of all tables, empty ones included."""


@dataclass(frozen=True, slots=True)
class Article:
    """What an article holds."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    problems: tuple[str, ...]


def read_article(article: Tag, sizes: Sizes) -> Article:
    """The paragraphs and tables in an element of class `ltx_document`."""
    walk = _Walk(article, sizes)
    walk.visit(article, Place())
    walk.end()
    return Article(walk.title, tuple(walk.paragraphs), tuple(walk.tables), tuple(walk.problems()))


class _Walk:
    """One pass over the article. What is read stands in `title`, `paragraphs` and `tables`."""

    def __init__(self, article: Tag, sizes: Sizes) -> None:
        self.title = ""
        self.paragraphs: list[Paragraph] = []
        self.tables: list[Table] = []
        self._sizes = sizes
        self._inline = Inline()
        self._holders, self._missing = surveyed(article)
        self._has_abstract = article.find(class_="ltx_abstract") is not None
        self._flow: list[Piece] = []
        self._flow_place = Place()
        self._ahead: list[Piece] = []
        self._captions: dict[int, Paragraph] = {}
        self._lone = lone_captions(article)
        self._last: int | None = None
        self._broken: int | None = None
        self._regions: set[Region] = set()
        self._cells = sizes.cells
        self._cut: list[str] = []
        self._handlers: dict[str, Callable[[Tag, Place], None]] = {
            "ltx_title": self._heading,
            "ltx_caption": self._caption,
            "ltx_tabular": self._table,
            "ltx_tag_item": self._item_tag,
            "ltx_authors": self._leaf,
            "ltx_bibitem": self._leaf,
            "ltx_listing": self._leaf,
            **dict.fromkeys(FLOATS, self._float),
            **dict.fromkeys(("ltx_equation", "ltx_equationgroup", "ltx_eqn_table"), self._formula),
        }

    def visit(self, tag: Tag, place: Place) -> None:
        """Read an element and what is in it."""
        classes = classes_of(tag)
        if tag.name == "svg":
            self._picture(tag, place)
            return
        if is_unread(tag, classes) or classes & NOTES:
            pieces = self._inline.element(tag, place.style)
            self._say(pieces if place.paragraph else [], place)
            return
        here = self._within(tag, classes, place)
        handler = next((self._handlers[name] for name in sorted(classes) if name in self._handlers), None)
        ends = ends_paragraph(tag, classes, here)
        if ends:
            self._flush()
        if handler:
            handler(tag, here)
        elif id(tag) in self._holders:
            self._content(tag, here)
        else:
            self._say(self._inline.element(tag, place.style), here)
        if ends:
            self._flush()

    def end(self) -> None:
        """Make a paragraph of what is left."""
        self._flow, self._ahead = [*self._ahead, *self._flow], []
        self._flush()

    def problems(self) -> Iterator[str]:
        """What is missing, in words."""
        for name, count in self._missing.most_common(20):
            yield (
                f"the conversion to HTML left out {name!r}, {count} times"
                if count > 1
                else f"the conversion to HTML left out {name!r}"
            )
        yield from self._cut

    def _content(self, tag: Tag, place: Place) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                self.visit(child, place)
                if "ltx_ERROR" in classes_of(child) and THANKS.match(child.get_text()[:80]):
                    place = replace(place, region="acknowledgements")
            elif type(child) is NavigableString:
                self._say([Piece(str(child), place.style)], place)

    def _within(self, tag: Tag, classes: frozenset[str], place: Place) -> Place:
        """Where the content of an element stands."""
        place = replace(place, style=style_of(tag, classes, place.style))
        if classes & SECTIONS:
            return self._section(tag, classes, place)
        if "ltx_para" in classes or "ltx_p" in classes:
            front = place.region == "front" and (self._has_abstract is False or "abstract" in self._regions)
            place = replace(place, region="body") if front else place
            return replace(place, paragraph=place.paragraph or "ltx_para" in classes)
        if "ltx_item" in classes or "ltx_bibitem" in classes:
            return replace(place, kind="list", paragraph=False)
        return place

    def _section(self, tag: Tag, classes: frozenset[str], place: Place) -> Place:
        heading = tag.find(class_="ltx_title", recursive=False)
        title = place.section
        if isinstance(heading, Tag) and "ltx_runin" not in classes_of(heading):
            title = compose(fitting(words_of(Inline().pieces(heading, Style())), _LONGEST_TITLE))[0]
        region = region_of(classes, title, place.region)
        if place.region == "front" and region == "body" and "references" in self._regions:
            region = "appendix"
        return replace(place, region=region, section=title or ("Abstract" if region == "abstract" else ""))

    def _heading(self, tag: Tag, place: Place) -> None:
        classes = classes_of(tag)
        if classes & _RUN_IN:
            self._ahead += [*self._inline.pieces(tag, place.style), BLANK]
            return
        kind: ParagraphKind = "title" if "ltx_title_document" in classes else "heading"
        self._flush()
        self._say(self._inline.pieces(tag, place.style), replace(place, kind=kind))
        self._flush()
        if kind == "title" and not self.title and self.paragraphs:
            title = next((p.words for p in reversed(self.paragraphs) if p.kind == "title"), ())
            self.title = compose([word for word in title if word.script != "note"])[0][:300]

    def _leaf(self, tag: Tag, place: Place) -> None:
        self._flush()
        self._say(self._inline.pieces(tag, place.style), place)
        self._flush()

    def _formula(self, tag: Tag, place: Place) -> None:
        self._say([BLANK, *self._inline.pieces(tag, place.style), BLANK], place)

    def _picture(self, tag: Tag, place: Place) -> None:
        """The boxes of text in a drawing; its labels say nothing on their own."""
        boxes = tag.find_all(class_="ltx_minipage") if id(tag) in self._holders else []
        known = set(map(id, boxes))
        for box in boxes:
            if known.isdisjoint(map(id, box.parents)):
                self._flush()
                self._content(box, replace(place, paragraph=False))
                self._flush()

    def _item_tag(self, tag: Tag, place: Place) -> None:
        """The number or the term of an item; a bullet says nothing."""
        pieces = self._inline.pieces(tag, place.style)
        if any(letter.isalnum() for piece in pieces for letter in piece.text):
            self._ahead += [*pieces, BLANK]

    def _float(self, tag: Tag, place: Place) -> None:
        self._flush()
        if not place.floats and self._broken is None:
            self._broken = self._last
        if place.region in ("references", "acknowledgements"):
            place = replace(place, region="body", section="")
        place = replace(place, kind="text", paragraph=False, floats=place.floats + 1)
        if place.floats <= _NESTEDFLOATS:
            place = self._captioned(tag, place)
        self._content(tag, place)
        self._flush()

    def _captioned(self, tag: Tag, place: Place) -> Place:
        """A float's place with its caption; where it has several, each table gets its own."""
        parts = [
            part for part in tag.find_all(class_=["ltx_caption", "ltx_tabular"]) if float_of(part) is tag
        ]
        told: dict[int, Paragraph | None] = {}
        seen: dict[str, Paragraph] = {}
        for part in parts:
            if "ltx_caption" not in classes_of(part):
                continue
            if (text := part.get_text()) in seen:  # panels side by side may repeat the caption over them
                self._captions[id(part)] = seen[text]
            elif caption := self._told(part, place):
                told[id(part)] = seen[text] = caption
            else:
                told[id(part)] = None
        left = [part for part in parts if id(part) in told or id(part) not in self._captions]
        self._captions |= _matched(left, told)
        captions = [caption for caption in told.values() if caption]
        return replace(place, caption=captions[0]) if len(captions) == 1 else place

    def _told(self, tag: Tag, place: Place) -> Paragraph | None:
        """The paragraph of a caption, with that of the float around it in front where it has no label itself."""
        count = len(self.paragraphs)
        self._caption(tag, place)
        self._captions[id(tag)] = self.paragraphs[count] if len(self.paragraphs) > count else _EMPTY
        own = self._captions[id(tag)]
        if own is _EMPTY or own.label or place.caption is None:
            return own if own is not _EMPTY else None
        words = (*place.caption.words, *own.words)
        text, starts = compose(words)
        return replace(place.caption, words=words, text=text, starts=starts)

    def _caption(self, tag: Tag, place: Place) -> None:
        if id(tag) not in self._captions:
            self._leaf(tag, replace(place, kind="caption"))

    def _table(self, tag: Tag, place: Place) -> None:
        if is_layout(tag):
            self._content(tag, replace(place, paragraph=False))
            return
        notes = len(self._inline.notes)
        grid = grid_of(tag, lambda cell: self._cell(cell, place), self._sizes.table)
        if grid is None:
            self._inline.forget(notes)
            self._say([BLANK, *self._inline.pieces(tag, place.style), BLANK], place)
            return
        self._flush()
        if lone := self._lone.get(id(tag)):
            if id(lone) not in self._captions:
                self._told(lone, replace(place, caption=None))
            self._captions[id(tag)] = self._captions[id(lone)]
        caption = self._captions.get(id(tag), place.caption)
        label = caption.label if caption else ""
        name = label or f"the table at {place.style.anchor}"
        self._cells -= len(grid.rows) * len(grid.rows[0])
        if grid.cut or self._cells < 0:
            self._cut.append(
                f"{name}: {'rows or columns' if self._cells >= 0 else 'all cells'} beyond the limit were left out"
            )
        if self._cells >= 0:
            self.tables.append(Table(1, NOWHERE, label, caption, grid.header_rows, grid.rows))

    def _cell(self, cell: Tag, place: Place) -> tuple[Word, ...]:
        return fitting(self._words(self._inline.pieces(cell, place.style)), self._sizes.paragraph)

    def _words(self, pieces: list[Piece]) -> tuple[Word, ...]:
        return words_of(pieces, self._line, self._sizes.paragraph + 1)

    @property
    def _line(self) -> int:
        return len(self.paragraphs)

    def _say(self, pieces: list[Piece], place: Place) -> None:
        if not self._flow:
            self._flow_place = place
        self._flow += pieces

    def _flush(self) -> None:
        """Make a paragraph of the text so far, and of each note in it."""
        words = self._words(self._flow)
        if words and self._ahead:
            words = self._words([*self._ahead, *self._flow])
            self._ahead = []
        self._flow = []
        if words and not self._flow_place.floats:
            words = self._joined(words)
        self._add(words, self._flow_place)
        while self._inline.notes:
            note = self._inline.notes.popleft()
            place = replace(self._flow_place, kind="footnote", style=note.style)
            words = self._words(note_pieces(note, self._inline))
            self._add(words if any(word.script != "note" for word in words) else (), place)

    def _joined(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """No words, where they go on with the paragraph that a float breaks and have become part of it."""
        at, self._broken = self._broken, None
        if at is None or self._flow_place.kind != "text" or not _goes_on(self.paragraphs[at], words):
            return words
        broken = self.paragraphs[at]
        every = (*broken.words, *(word._replace(line=broken.words[-1].line) for word in words))
        text, starts = compose(every)
        self.paragraphs[at] = replace(broken, words=every, text=text, starts=starts)
        return ()

    def _add(self, words: tuple[Word, ...], place: Place) -> None:
        kept = fitting(words, self._sizes.paragraph)
        if not kept:
            return
        if kept != words:
            self._cut.append(
                f"paragraph {self._line + 1}: only the first {self._sizes.paragraph:,} characters were read"
            )
        text, starts = compose(kept)
        label = label_of(text) if place.kind == "caption" else ""
        self._regions.add(place.region)
        if place.kind != "footnote":
            self._last = len(self.paragraphs) if place.kind == "text" else None
        self.paragraphs.append(Paragraph(place.kind, place.region, place.section, kept, text, starts, label))


def _goes_on(broken: Paragraph, words: Sequence[Word]) -> bool:
    """Whether words go on with a paragraph: it ends within a sentence, and they begin within one."""
    return broken.text[-1:] not in '.!?:;"”' and words[0].text[:1].islower()


def _matched(parts: Sequence[Tag], captions: Mapping[int, Paragraph | None]) -> dict[int, Paragraph]:
    """The captions of tables: in their order where all stand before or behind as many tables, else the nearest."""
    tabular = {id(part) for part in parts if id(part) not in captions and not is_layout(part)}
    tables = {
        key for part in parts if (key := id(part)) in tabular and tabular.isdisjoint(map(id, part.parents))
    }
    order = [id(part) in captions for part in parts if id(part) in captions or id(part) in tables]
    told = [caption for caption in captions.values() if caption]
    if len(told) == len(tables) and sorted(order) in (order, order[::-1]):
        return dict(zip((id(part) for part in parts if id(part) in tables), told, strict=True))
    below = bool(parts) and id(parts[0]) not in captions
    found: dict[int, Paragraph] = {}
    nearest: Paragraph | None = None
    for part in reversed(parts) if below else parts:
        if id(part) in captions:
            nearest = captions[id(part)] or nearest
        elif nearest:
            found[id(part)] = nearest
    return found


_EMPTY = Paragraph("caption", "body", "", (), "", ())
