"""Characters as they were meant: accents on their letters, glyphs without a code by their font, one print of each glyph.

Typesetters before Unicode set an accent as a glyph of its own over its letter, name the glyphs of mathematical fonts by
position only, and print text twice to make it look bold. Readers give these as they stand in the file; here they become
the characters that a person sees. How characters make words is in `documents.words`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from extractors.documents.characters import Character

_ACCENTS = {
    "`": "\u0300", "\u00b4": "\u0301", "\u02c6": "\u0302", "^": "\u0302", "\u02dc": "\u0303", "~": "\u0303",
    "\u00af": "\u0304", "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a",
    "\u02dd": "\u030b", "\u02c7": "\u030c", "\u00b8": "\u0327", "\u02db": "\u0328",
}  # fmt: skip
"""Accents that stand by themselves, and the same as a mark on the letter before."""
_FAR = 40
"""Characters between an accent and its letter at most: pdfium may move it to the end of the line."""
_RAISED = 0.35
"""Sizes by which the accent of a capital may stand above its letter's baseline."""
_OVER = 0.3
"""Share of a letter's width that its accent's middle may be away from its own."""
_TWICE = 0.3
"""Points up to which two prints of a character are one."""
_GLYPHS = {
    "CMMI": dict(enumerate("\u0393\u0394\u0398\u039b\u039e\u03a0\u03a3\u03a5\u03a6\u03a8\u03a9"
        "\u03b1\u03b2\u03b3\u03b4\u03f5\u03b6\u03b7\u03b8\u03b9\u03ba\u03bb\u03bc\u03bd\u03be\u03c0\u03c1\u03c3\u03c4\u03c5\u03d5\u03c7")),
    "CMSY": dict(enumerate("\u2212\u22c5\u00d7\u2217\u00f7\u22c4\u00b1\u2213\u2295\u2296\u2297\u2298\u2299\u25ef\u2218\u2219"
        "\u224d\u2261\u2286\u2287\u2264\u2265\u227c\u227d\u223c\u2248\u2282\u2283\u226a\u226b\u227a\u227b")),
    "CMEX": dict(enumerate("()[]\u230a\u230b\u2308\u2309{}\u27e8\u27e9|\u2016/\\()()[]\u230a\u230b\u2308\u2309{}\u27e8\u27e9/\\")),
    "CMR": {11: "ff", 12: "fi", 13: "fl", 14: "ffi", 15: "ffl"},
}  # fmt: skip
"""What Knuth's fonts have at the codes below 32, from Appendix F of The TeXbook."""
_FAMILY = re.compile(r"(?:[A-Z]{6}\+)?(CMMI|CMSY|CMEX|CMR)B?\d")
_HYPHEN = "\x02"
"""pdfium's mark for a hyphen at the end of a line."""


def mended(characters: Iterable[Character]) -> list[Character]:
    """The characters as a person reads them, in the same order."""
    found = list(_named(characters))
    accents = [index for index, c in enumerate(found) if c.text in _ACCENTS and not c.generated]
    return _accented(found, accents) if accents else found


def _named(characters: Iterable[Character]) -> Iterator[Character]:
    """Control codes become the glyphs they stand for; a glyph printed twice in place comes once."""
    before = ""
    last: Character | None = None
    for character in characters:
        text = character.text
        if text != before or last is None or not _again(last, character):
            coded = text < " " and not character.generated
            yield character._replace(text=_glyph(character)) if coded else character
        last, before = character, text


def _glyph(character: Character) -> str:
    """What a control code stands for in its font; a hyphen at the end of a line stays."""
    family = _FAMILY.match(character.font)
    glyphs = _GLYPHS[family[1]] if family else {}
    return glyphs.get(ord(character.text), _HYPHEN if character.text == _HYPHEN else "\ufffd")


def _again(last: Character, character: Character) -> bool:
    """Whether a character is the last one printed again; the letters of a ligature have one and the same box."""
    shift = abs(character.x0 - last.x0)
    return 0 < shift < _TWICE and abs(character.baseline - last.baseline) < _TWICE and not character.generated


def _accented(found: list[Character], accents: Sequence[int]) -> list[Character]:
    """The characters with each accent put on the letter under it; those over none stay."""
    gone = set()
    for index in accents:
        near = sorted(
            range(max(index - _FAR, 0), min(index + _FAR, len(found))), key=lambda i: abs(i - index)
        )
        for other in near:
            letter = found[other]
            whole = unicodedata.normalize("NFC", letter.text + _ACCENTS[found[index].text])
            if letter.text.isalpha() and len(whole) == 1 and _stands_over(found[index], letter):
                found[other] = letter._replace(text=whole)
                gone.add(index)
                break
    return [character for index, character in enumerate(found) if index not in gone]


def _stands_over(accent: Character, letter: Character) -> bool:
    middle = (letter.x0 + letter.x1) / 2
    return (
        abs((accent.x0 + accent.x1) / 2 - middle) < _OVER * (letter.x1 - letter.x0)
        and -0.05 * letter.size < letter.baseline - accent.baseline < _RAISED * letter.size
        and abs(accent.size - letter.size) < 0.1 * letter.size
    )
