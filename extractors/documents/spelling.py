"""How printed words are spelt as running text: signs that are no part of a word, exponents, note marks, broken words.

Everything here works on texts; which words stand after each other is the business of `documents.model.compose`. A
digit that marks a footnote comes as a Unicode superscript (`GPUs³`), which no pattern reads as a number; an exponent
is written with `^` (`10^18`). Subscripts are written against their base (`H2O`), as most programs copy them; a word below a name is
parted from it (`BERT-BASE`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

HYPHENS = ("-", "\u00ad", "\u2010")
BREAKS = (*HYPHENS, "\u2013")
"""How a line may end whose last word goes on in the next."""
_SIGNS = str.maketrans("", "", "\u00ae\u2122\u2120\u00a9\u200b\u2060\ufeff")
"""Trademark and copyright signs, and blanks without width."""
_NAME_BELOW, _NAME_ABOVE = re.compile(r"[A-Z]{4,}|[Bb]ase|[Ll]arge|[Ss]mall"), re.compile(r"[A-Za-z]{3}$")
_RAISED_SIGNS = frozenset({"TM", "SM", "R", "(R)", "(TM)"})
_RAISED_DIGITS = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_SUPERSCRIPT = re.compile(f"[\u207b\u207a]?[{_SUPERSCRIPTS}]+")
_PARTS = {"\u00bd": 0.5, "\u00bc": 0.25, "\u00be": 0.75}
_PART = re.compile("(?P<whole>\\d+)?(?P<part>[\u00bd\u00bc\u00be])")
_BASE = re.compile(
    r"(?<![\w.,])(?<![A-Za-z]-)(?:\d{1,4}|[A-Za-z\u0370-\u03ff])$|[\u00b7\u00d7*]10$|[eE]?\d[x\u00d7]10$"
)
"""What an exponent may stand on: a whole number that ends no name (`ResNet-50`), or one letter."""
_THIN = re.compile("(?<=\\d)[\u2009\u202f\u00a0](?=\\d{3}(?!\\d))")
"""A blank between the thousands of a number."""
_LONGEST_BASE = 12
"""Characters before an exponent that can tell what it stands on."""
_POWER_BASE = re.compile(r"(?<![\d.,])(?:10|2)$")
_SUSPENDED = frozenset({"and", "or", "to"})
"""Words after a hyphen that stands for the end of a compound: `pre- and post-training`."""
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def spelt(text: str) -> str:
    """A printed word without ligatures, compatibility forms and trademark signs; empty where nothing is left.

    `½` becomes a decimal, and superscript digits are kept where they are no exponent.
    """
    if text.isascii():
        return text
    decimals = _PART.sub(lambda found: f"{int(found['whole'] or 0) + _PARTS[found['part']]:g}", text)
    pieces, at = "", 0
    for found in _SUPERSCRIPT.finditer(decimals):
        pieces += _plain(decimals[at : found.start()])
        at = found.end()
        raised = found[0] if not _BASE.search(pieces) else "^" + unicodedata.normalize("NFKC", found[0])
        pieces += raised
    return pieces + _plain(decimals[at:])


def _plain(text: str) -> str:
    joined = _THIN.sub("", text.translate(_SIGNS).replace("\u2044", "/"))
    return unicodedata.normalize("NFKC", joined)


def lowered(text: str, printed: str) -> str:
    """What is printed below the end of a text: a word behind a name gets a hyphen (`BERT-BASE`), an index none (`H2O`)."""
    return f"-{printed}" if _NAME_BELOW.fullmatch(printed) and _NAME_ABOVE.search(text) else printed


def is_sign(raised: str) -> bool:
    """Whether raised letters are a trademark sign."""
    return raised in _RAISED_SIGNS


def noted(mark: str) -> str:
    """The mark of a note, its digits as superscripts."""
    return mark.translate(_RAISED_DIGITS)


def raised(text: str, printed: str) -> str:
    """A superscript after a text: an exponent with `^`, other digits as superscripts, letters as they are."""
    end = text[-_LONGEST_BASE:]  # a search for an end tries every beginning
    if re.fullmatch(r"[-\u2212+]?\d[\d.]*|[-\u2212]", printed) and _BASE.search(end):
        return "^" + printed
    if re.search(r"\^[-\u2212+]?$", end):
        return printed
    return noted(printed) if re.match(r"\d", printed) else printed


def is_power(text: str) -> bool:
    """Whether what is raised on the end of a text is surely an exponent: 10 and 2 carry no notes."""
    return bool(_POWER_BASE.search(text))


def over_line(text: str, printed: str, compounds: AbstractSet[str]) -> str | None:
    """A text that ends a line with a hyphen, ready for the next line's first word; None where it needs a blank.

    The hyphen goes where the word goes on in lower case, and stays in compounds: `GPU-hours`, `8-layer`, and those
    that stand within a line elsewhere in the paper. Of words in capitals both parts are.
    """
    hyphen = text[-1:]
    if hyphen == "\u2013" and text[-2:-1].isdecimal() and printed[:1].isdecimal():
        return text
    if hyphen not in HYPHENS or not text[-2:-1].isalnum() or not printed[:1].isalnum():
        return None
    kept = text[:-1]
    if hyphen == "\u00ad":
        return kept
    if printed in _SUSPENDED:
        return None
    last = kept[kept.rfind(" ") + 1 :]  # a search for an end tries every beginning
    before, after = re.search(r"[\w-]*$", last), re.match(r"[\w-]*", printed)
    head, tail = before[0] if before else "", after[0] if after else ""
    if f"{head}-{tail}".lower() in compounds or re.search(r"\d", head):
        return text
    capitals = len(head) > 2 and len(tail) > 2 and f"{head}{tail}".isupper()
    return kept if capitals or (printed[0].islower() and not head[-2:].isupper()) else text


def compounds_in(texts: Sequence[str]) -> frozenset[str]:
    """The words of texts that are written with a hyphen, in lower case."""
    parts = {part for text in texts if "-" in text for part in text.split() if "-" in part}
    return frozenset([found[0].lower() for part in parts for found in _COMPOUND.finditer(part)])
