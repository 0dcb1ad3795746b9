"""Elements of a LaTeXML page as words: what is read, how it is set, and where blanks part words.

What LaTeXML writes is documented at https://math.nist.gov/~BMiller/LaTeXML/manual/; its elements are told by their
`ltx_` classes, whatever their names. Which elements make paragraphs, captions and tables is decided in
`documents.latexml.article`; formulas are read in `documents.latexml.mathml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from bs4.element import NavigableString, Tag

from extractors.documents.latexml.mathml import tokens_of
from extractors.documents.model import NOWHERE, Script, Word


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNREAD_NAMES = _names(
    "annotation annotation-xml audio button canvas embed footer form head iframe img input link meta"
    " nav noscript object script select source style svg template textarea title video"
)
_UNREAD = _names(
    "ltx_ERROR ltx_TOC ltx_acm_description ltx_contact_name ltx_eqn_eqno ltx_indexphrase ltx_listing_data ltx_nodisplay ltx_note_mark"
    " ltx_note_name ltx_note_type ltx_page_footer ltx_page_header ltx_page_logo ltx_page_navbar ltx_pagination"
    " ltx_rule ltx_tag_equation ltx_tag_equationgroup ltx_tag_note package-alerts"
)
"""Classes of what a reader of the paper does not see as its text, or sees elsewhere."""
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_APART = _names(
    "address article blockquote br caption center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6"
    " hr li ol p pre section table tbody td tfoot th thead tr ul"
)
_APART_CLASSES = _names(
    "ltx_author_notes ltx_bibblock ltx_contact ltx_creator ltx_eqn_cell ltx_listingline ltx_p"
    " ltx_para ltx_personname ltx_pubnote ltx_tabular ltx_tag_bibitem ltx_tag_item ltx_tag_listingline ltx_td ltx_th ltx_tr"
)
"""What stands apart from the text around it, so that no word goes on over its borders."""
_ANCHORED = _names(
    "ltx_abstract ltx_appendix ltx_bibitem ltx_biblist ltx_bibliography ltx_chapter ltx_equation"
    " ltx_equationgroup ltx_figure ltx_float ltx_item ltx_note ltx_para ltx_paragraph ltx_proof"
    " ltx_section ltx_subparagraph ltx_subsection ltx_subsubsection ltx_table ltx_theorem"
)
"""Parts that LaTeXML numbers: their ids are the same from one conversion to the next, those of spans are not."""
NOTES = frozenset({"ltx_note", "ltx_pubnotes"})
"""Notes, and what the authors say of the publication: thanks, the journal and so on."""
_CONTENTS = ["ltx_note_content", "ltx_pubnotes_content"]
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_THIN = re.compile("(?<=\\d)[\u2006\u2009\u200a\u202f](?=\\d{3}(?!\\d)|%)")
"""A thin space within a number, as in `10 000` or `8 %`; others part words, as in `8 GB`."""
_LETTERS = re.compile("[\U0001d400-\U0001d7ff]")
"""Letters and digits that carry their own type, as formulas have them."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set, and the part of the paper it stands in."""

    anchor: str = ""
    bold: bool = False
    script: Script = "normal"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is set in one way; it may hold blanks, or be part of a word."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Note:
    """A note met in the text, to be read after the paragraph that it stands in."""

    element: Tag
    mark: str
    style: Style


BLANK = Piece(" ", Style())


def classes_of(tag: Tag) -> frozenset[str]:
    """The classes of an element."""
    return frozenset(str(name) for name in tag.get_attribute_list("class") if name)


def is_unread(tag: Tag, classes: frozenset[str]) -> bool:
    """Whether an element is no text of the paper: scripts, hidden parts, navigation, numbers of equations."""
    if tag.name in _UNREAD_NAMES or not classes.isdisjoint(_UNREAD) or tag.has_attr("hidden"):
        return True
    return bool(_HIDDEN.search(str(tag.get("style") or "")))


def style_of(tag: Tag, classes: frozenset[str], style: Style) -> Style:
    """How the text in an element is set, given how it is set around it."""
    if tag.name in ("b", "strong") or "ltx_font_bold" in classes:
        style = replace(style, bold=True)
    elif "ltx_font_medium" in classes:
        style = replace(style, bold=False)
    if tag.name in ("sup", "sub") and style.script == "normal":
        style = replace(style, script="super" if tag.name == "sup" else "sub")
    if (id_ := tag.get("id")) and not classes.isdisjoint(_ANCHORED):
        style = replace(style, anchor=str(id_)[:100])
    return style


def words_of(pieces: Iterable[Piece], line: int = 0, characters: int = 100_000) -> tuple[Word, ...]:
    """Words of pieces: parted at blanks, and where a superscript or subscript begins or ends.

    Args:
        pieces: in the order in which they are read.
        line: the number of the line that they stand in.
        characters: how much of them is read, roughly; what is behind is left out.
    """
    found: list[Word] = []
    parts: list[Piece] = []
    spaced = True
    for run in _runs(pieces, characters):
        blank = run.text.isspace()
        if parts and (blank or parts[-1].style.script != run.style.script):
            found.append(_word(parts, line, spaced=spaced))
            parts, spaced = [], False
        if blank:
            spaced = True
        else:
            parts.append(run)
    if parts:
        found.append(_word(parts, line, spaced=spaced))
    return tuple(found)


def _runs(pieces: Iterable[Piece], characters: int) -> Iterator[Piece]:
    """Blanks, and what stands between them."""
    for piece in pieces:
        for run in re.finditer(r"\s+|\S+", _cleaned(piece.text)):
            characters -= 1 if run[0].isspace() else len(run[0])
            yield Piece(run[0], piece.style)
            if characters < 0:
                return


def _cleaned(text: str) -> str:
    text = _THIN.sub("", text.translate(_INVISIBLE).translate(_LIGATURES))
    return _LETTERS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _word(parts: list[Piece], line: int, *, spaced: bool) -> Word:
    first = parts[0].style
    bold = sum(len(part.text) for part in parts if part.style.bold) * 2 > sum(len(p.text) for p in parts)
    text = "".join(part.text for part in parts)
    return Word(text, NOWHERE, 0.0, "", bold, first.script, line, not spaced, first.anchor)


def fitting(words: tuple[Word, ...], characters: int) -> tuple[Word, ...]:
    """The words that a number of characters holds."""
    lengths = accumulate(len(word.text) + 1 for word in words)
    fitting = tuple(word for word, length in zip(words, lengths, strict=True) if length <= characters)
    return fitting or tuple(word._replace(text=word.text[:characters]) for word in words[:1])


class Inline:
    """Reads elements as running text, and keeps the notes that it meets.

    Attributes:
        notes: notes met and not yet taken out, first in, first out.
    """

    def __init__(self) -> None:
        self.notes: deque[Note] = deque()

    def forget(self, notes: int) -> None:
        """Keep only the first of the notes, because what the others stand in is read again."""
        while len(self.notes) > notes:
            self.notes.pop()

    def pieces(self, tag: Tag, style: Style) -> list[Piece]:
        """The pieces of an element's content."""
        found: list[Piece] = []
        self._content(tag, style_of(tag, classes_of(tag), style), found)
        return found

    def element(self, tag: Tag, style: Style) -> list[Piece]:
        """The pieces of an element itself: none where it is not read, a mark where it is a note."""
        found: list[Piece] = []
        self._element(tag, style, found)
        return found

    def _content(self, tag: Tag, style: Style, found: list[Piece]) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                self._element(child, style, found)
            elif type(child) is NavigableString:  # comments and the like are kinds of it
                found.append(Piece(str(child), style))

    def _element(self, tag: Tag, style: Style, found: list[Piece]) -> None:
        classes = classes_of(tag)
        if is_unread(tag, classes):
            return
        if not classes.isdisjoint(NOTES):
            found += self._note(tag, style_of(tag, classes, style), style)
        elif tag.name == "math" or "mjx-math" in classes:
            found += formula(tag, style)
        else:
            apart = tag.name in _APART or not classes.isdisjoint(_APART_CLASSES)
            found += [BLANK] * apart
            self._content(tag, style_of(tag, classes, style), found)
            found += [BLANK] * apart

    def _note(self, tag: Tag, own: Style, around: Style) -> list[Piece]:
        printed = tag.find(class_="ltx_note_mark", recursive=False)
        mark = printed.get_text().strip()[:10] if isinstance(printed, Tag) else ""
        if isinstance(tag.find(class_=_CONTENTS), Tag):
            self.notes.append(Note(tag, mark, own))
        return [Piece(mark, replace(around, script="note"))] if mark else []


def note_pieces(note: Note, inline: Inline) -> list[Piece]:
    """The pieces of a note: its mark, then its text."""
    content = note.element.find(class_=_CONTENTS)
    mark = [Piece(note.mark, replace(note.style, script="note")), BLANK] if note.mark else []
    return mark + (
        inline.pieces(content, replace(note.style, script="normal")) if isinstance(content, Tag) else []
    )


def formula(math: Tag, style: Style) -> list[Piece]:
    """The pieces of a formula."""
    return [
        Piece(token.text, replace(style, bold=token.bold or style.bold, script=token.script))
        for token in tokens_of(math, style.script)
    ]
