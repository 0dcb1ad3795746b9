"""Formulas as they would be printed on one line: presentation MathML, and the spans that MathJax makes of it.

Pages keep formulas as `<math>` or, where a server typeset them before, as nested spans with `mjx-` classes; both name
the same constructs. Blanks stand where TeX leaves a gap as wide as one, so that the words are those of the PDF.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bs4.element import NavigableString, Tag

from extractors.documents.model import Script

_LEAVES = {"mi", "mn", "mo", "ms", "mtext"}
_UNREAD = {
    "annotation",
    "annotation-xml",
    "line",
    "mphantom",
    "merror",
    "mprescripts",
    "none",
    "script",
    "strut",
    "style",
    "surd",
    "vsize",
}
_ROLES = {
    "msub": ("base", "sub"),
    "msup": ("base", "sup"),
    "msubsup": ("base", "sub", "sup"),
    "munder": ("base", "under"),
    "mover": ("base", "over"),
    "munderover": ("base", "under", "over"),
    "mfrac": ("numerator", "denominator"),
}
"""The parts of each construct, in the order of its children in MathML."""
_SPAN_ROLES = {"base", "op", "sub", "sup", "under", "over", "numerator", "denominator"}
_BINARY = frozenset("+-−±∓×·⋅*∗÷∪∩⊕⊗⊙∘•∧∨∖")
_RELATIONS = {*"=<>≤≥≈~∼≃≅≡∝→←↔⇒⇔∈∉⊂⊆≪≫≠↦⟶⩽⩾:∣", ":="}
_OPENING = frozenset("([{⟨⌈⌊,;|")
_CLOSING = frozenset(")]}⟩⌉⌋")
_APPLIED = "\u2061"
"""What stands unseen between a function and its argument."""
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
_BLANK_EM = 0.2
"""Spaces from this width on part words."""
_WIDTH = re.compile(r"(\d*\.?\d+)em")


@dataclass(frozen=True, slots=True)
class Token:
    """Something printed in a formula, or a blank."""

    text: str
    script: Script
    bold: bool = False
    operator: bool = False
    prose: bool = False
    """Whether it is text rather than a symbol."""


def tokens_of(math: Tag, script: Script = "normal") -> Iterator[Token]:
    """The tokens of a formula from left to right, with blanks between them.

    Args:
        math: a `<math>` element, or a span of class `mjx-math`.
        script: where the formula itself stands.
    """
    reader = _Reader()
    reader.read(math, script, bold=False)
    yield from _spaced(reader.found)


class _Reader:
    """Collects the tokens of constructs within constructs."""

    def __init__(self) -> None:
        self.found: list[Token] = []

    def read(self, tag: Tag, script: Script, *, bold: bool) -> None:
        kind = _kind(tag)
        bold = bold or _is_bold(tag)
        if kind in _UNREAD:
            return
        if kind in _LEAVES:
            self._leaf(tag, kind, script, bold=bold)
        elif kind in _ROLES:
            self._construct(_parts(tag, kind), script, bold=bold)
        elif kind == "mspace":
            width = _WIDTH.fullmatch(str(tag.get("width") or ""))
            self.found += [Token(" ", script)] * bool(width and float(width[1]) >= _BLANK_EM)
        else:
            self.found += [Token(" ", script)] * (kind in ("mtd", "mtr"))
            self.found += [Token("√", script, bold)] * (kind in ("msqrt", "mroot"))
            for child in _children(tag):
                self.read(child, script, bold=bold)

    def _leaf(self, tag: Tag, kind: str, script: Script, *, bold: bool) -> None:
        if kind == "mtext":
            self._text(tag, script, bold=bold)
        else:
            self._say("".join(tag.get_text().split()), script, bold=bold, operator=kind == "mo")

    def _text(self, tag: Tag, script: Script, *, bold: bool) -> None:
        """Text in a formula, which may hold formulas again."""
        for child in tag.children:
            if type(child) is NavigableString:
                self._say(str(child), script, bold=bold, prose=True)
            elif isinstance(child, Tag) and _kind(child) == "math":
                self.read(child, script, bold=bold)
            elif isinstance(child, Tag) and child.name not in _UNREAD:
                self._text(child, script, bold=bold)

    def _say(
        self, text: str, script: Script, *, bold: bool, operator: bool = False, prose: bool = False
    ) -> None:
        heavy = any("BOLD" in unicodedata.name(letter, "") for letter in text if letter >= "\U0001d400")
        if text:
            self.found.append(Token(text, script, bold or heavy, operator=operator, prose=prose))

    def _construct(self, parts: dict[str, Tag], script: Script, *, bold: bool) -> None:
        raised: Script = "super" if script == "normal" else script
        lowered: Script = "sub" if script == "normal" else script
        if "numerator" in parts:
            self._fraction(parts, script, bold=bold)
            return
        if "base" in parts:
            self.read(parts["base"], script, bold=bold)
        for role, where in (("sub", lowered), ("under", lowered), ("sup", raised), ("over", raised)):
            if role in parts and not _is_accent(role, parts[role]):
                self.read(parts[role], where, bold=bold)

    def _fraction(self, parts: dict[str, Tag], script: Script, *, bold: bool) -> None:
        for role in ("numerator", "denominator"):
            if role not in parts:
                continue
            self.found += [Token("/", script, bold)] * (role == "denominator")
            start = len(self.found)
            self.read(parts[role], script, bold=bold)
            if any(token.operator for token in self.found[start:]):
                self.found.insert(start, Token("(", script))
                self.found.append(Token(")", script))


def _kind(tag: Tag) -> str:
    """Name of the construct: of the element, or what follows `mjx-` in its classes."""
    names = (str(name) for name in tag.get_attribute_list("class") if name)
    return next((name[4:] for name in names if name.startswith("mjx-")), tag.name)


def _children(tag: Tag) -> list[Tag]:
    return [child for child in tag.children if isinstance(child, Tag)]


def _is_bold(tag: Tag) -> bool:
    if "bold" in str(tag.get("mathvariant") or ""):
        return True
    names = tag.get_attribute_list("class")
    return any(name in ("ltx_font_bold", "ltx_mathvariant_bold", "MJXc-TeX-main-B") for name in names)


def _parts(tag: Tag, kind: str) -> dict[str, Tag]:
    """The parts of a construct by their roles; in spans they may stand in boxes that only place them."""
    children = deque(_children(tag))
    if tag.name == kind:
        return dict(zip(_ROLES[kind], children, strict=False))
    parts: dict[str, Tag] = {}
    while children:
        child = children.popleft()
        role = _kind(child)
        if role in _SPAN_ROLES:
            parts.setdefault("base" if role == "op" else role, child)
        else:
            children += _children(child)
    return parts


def _is_accent(role: str, part: Tag) -> bool:
    """Whether what stands over or under a letter is a bar, a hat and the like: the letter is read alone."""
    return role in ("under", "over") and not any(letter.isalnum() for letter in part.get_text())


def _spaced(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with blanks around operators that stand between two operands, and without invisible ones."""
    before: Token | None = None
    for index, token in enumerate(tokens):
        last = index + 1 == len(tokens) or tokens[index + 1].text in _CLOSING
        if token.text in _INVISIBLE:
            if before is not None and not last and _is_gap(before, token, tokens[index + 1]):
                yield Token(" ", token.script)
            continue
        apart = token.operator and token.script == "normal" and _is_apart(before, token, last=last)
        if apart and before is not None:
            yield Token(" ", "normal")
        yield token
        if apart and not last:
            yield Token(" ", "normal")
        before = token


def _is_gap(before: Token, unseen: Token, after: Token) -> bool:
    """Whether a gap is printed where something unseen stands: behind the name of a function, before a unit."""
    if unseen.text == _APPLIED:
        return len(before.text) > 1 and before.text.isalpha()
    return after.prose and after.script == unseen.script and len(after.text) > 1 and after.text[0].isalpha()


def _is_apart(before: Token | None, token: Token, *, last: bool) -> bool:
    if token.text in _RELATIONS:
        return True
    if token.text not in _BINARY or last or before is None:
        return False
    follows = before.operator and (
        before.text in _BINARY or before.text in _RELATIONS or before.text in _OPENING
    )
    return not follows
