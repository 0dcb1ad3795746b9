"""Characters as they were meant: accents on their letters, glyphs without a code by their font, one print of each glyph.

Typesetters before Unicode set an accent as a glyph of its own over its letter, name the glyphs of mathematical fonts by
position only, and print text twice to make it look bold. Readers give these as they stand in the file; here they become
the characters that a person sees. How characters make words is in `documents.words`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from extractors.documents.characters import Characters, Flags, Integers, signs_of

_ACCENTS = {
    "`": "\u0300", "\u00b4": "\u0301", "\u02c6": "\u0302", "^": "\u0302", "\u02dc": "\u0303", "~": "\u0303",
    "\u00af": "\u0304", "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a",
    "\u02dd": "\u030b", "\u02c7": "\u030c", "\u00b8": "\u0327", "\u02db": "\u0328",
}  # fmt: skip
"""Accents that stand by themselves, and the same as a mark on the letter before."""
_ACCENT = re.compile(f"[{re.escape(''.join(_ACCENTS))}]")
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
_SIGNS = {
    "MSAM": {0x03: "\u25a1", 0x04: "\u25a0", 0x06: "\u25ca", 0x26: "\u2273", 0x2e: "\u2272", 0x36: "\u2a7d", 0x3e: "\u2a7e",
        0x42: "\u22b3", 0x43: "\u22b2", 0x46: "\u2605", 0x48: "\u25bc", 0x49: "\u25b6", 0x4a: "\u25c0", 0x4d: "\u25b3",
        0x4e: "\u25b2", 0x4f: "\u25bd", 0x58: "\u2713"},
    "BBDING": {0x21: "\u2713", 0x22: "\u2714", 0x23: "\u2717", 0x24: "\u2718", 0x25: "\u2717"},
}  # fmt: skip
"""Signs that fonts without Unicode have where other fonts have letters: a check mark must not be read as an X.

From the tables of the American Mathematical Society's symbol font A (`amssymb`) and of `bbding`.
"""
_FAMILY = re.compile(r"(?:[A-Z]{6}\+)?(CMMI|CMSY|CMEX|CMR)B?\d")
_HYPHEN, _BLANK = 0x02, 0x20
"""pdfium's mark for a hyphen at the end of a line, and the first code that is none of control."""


def mended(characters: Characters) -> Characters:
    """The characters as a person reads them, in the same order."""
    found = _named(_signed(_once(characters)))
    accents = [at.start() for at in _ACCENT.finditer(found.text) if not found.generated[at.start()]]
    return _accented(found, accents) if accents else found


def _once(characters: Characters) -> Characters:
    """The characters without those that are the one before printed again."""
    if len(characters) < 2:
        return characters
    shift = np.abs(np.diff(characters.x0))
    # The letters of a ligature have one and the same box.
    again = (np.diff(characters.codes.astype(int)) == 0) & (shift > 0) & (shift < _TWICE)
    again &= (np.abs(np.diff(characters.baseline)) < _TWICE) & ~characters.generated[1:]
    return characters.where(np.append(True, ~again)) if again.any() else characters


def _signed(characters: Characters) -> Characters:
    """The characters with the signs of fonts that have signs where others have letters."""
    families = [
        (number, family) for number, font in enumerate(characters.fonts) if (family := signs_of(font))
    ]
    codes = characters.codes.copy() if families else characters.codes
    for number, family in families:
        for code, sign in _SIGNS[family].items():
            codes[(characters.font == number) & (characters.codes == code)] = ord(sign)
    return replace(characters, codes=codes) if families else characters


def _named(characters: Characters) -> Characters:
    """The characters with the glyphs that control codes stand for."""
    coded = np.flatnonzero((characters.codes < _BLANK) & ~characters.generated)
    names = [characters.fonts[number] for number in characters.font[coded].tolist()]
    glyphs = [_glyph(code, name) for code, name in zip(characters.codes[coded].tolist(), names, strict=True)]
    letters = np.ones(len(characters), int)
    letters[coded] = [len(glyph) for glyph in glyphs]
    codes = characters.codes.copy()
    codes[coded] = [ord(glyph[0]) for glyph in glyphs]
    found = replace(characters, codes=codes)
    return (
        found
        if letters.max(initial=1) == 1
        else _spelt_out(found, letters, dict(zip(coded.tolist(), glyphs, strict=True)))
    )


def _spelt_out(characters: Characters, letters: Integers, glyphs: Mapping[int, str]) -> Characters:
    """The characters with ligatures as many times as they have letters, all in one place."""
    found = characters.where(np.repeat(np.arange(len(characters)), letters))
    begins = np.cumsum(letters) - letters
    for at, glyph in glyphs.items():
        found.codes[begins[at] : begins[at] + len(glyph)] = [ord(letter) for letter in glyph]
    return found


def _glyph(code: int, font: str) -> str:
    """What a control code stands for in its font; a hyphen at the end of a line stays."""
    family = _FAMILY.match(font)
    glyphs = _GLYPHS[family[1]] if family else {}
    return glyphs.get(code, chr(code) if code == _HYPHEN else "\ufffd")


def _accented(found: Characters, accents: Sequence[int]) -> Characters:
    """The characters with each accent put on the letter under it; those over none stay."""
    codes, gone = found.codes.copy(), np.zeros(len(found), bool)
    for index in accents:
        start, end = max(index - _FAR, 0), min(index + _FAR, len(found))
        under = start + np.flatnonzero(_stands_over(found, index, slice(start, end)))
        for at in sorted(under.tolist(), key=lambda at: abs(at - index)):
            letter = chr(codes[at])
            whole = unicodedata.normalize("NFC", letter + _ACCENTS[found.text[index]])
            if letter.isalpha() and len(whole) == 1:
                codes[at], gone[index] = ord(whole), True
                break
    return replace(found, codes=codes).where(~gone)


def _stands_over(found: Characters, index: int, near: slice) -> Flags:
    """Over which of the characters near it an accent stands."""
    x0, x1, size = found.x0[near], found.x1[near], found.size[near]
    height = found.baseline[near] - found.baseline[index]
    stands: Flags = (
        (np.abs((found.x0[index] + found.x1[index]) - (x0 + x1)) / 2 < _OVER * (x1 - x0))
        & (-0.05 * size < height)
        & (height < _RAISED * size)
        & (np.abs(found.size[index] - size) < 0.1 * size)
    )
    return stands
