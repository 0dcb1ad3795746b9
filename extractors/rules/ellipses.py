"""Counts whose noun is left out: `on 8 V100s for the base model and 64 for the large one`, `on 8 and on 16 V100 GPUs`.

Such a number stands as the counted devices of its sentence do, behind a word like `on` or in front of `for the`, and has
no noun of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from extractors.rules.count_patterns import HOSTS
from extractors.rules.devices import Devices, is_vague, whole
from extractors.rules.numbers import is_plain

_ON = frozenset({"on", "with", "using", "over", "across"})
_ENDS = frozenset({",", ".", ";", ")", "and", "or", "while", "whereas", "respectively"})
_JOINS = frozenset({"and", "or", ","})
_WHOSE = frozenset({"the", "a", "an", "our", "all", "each", "its"})
_THEM = frozenset({"of them", "of these", "of those"})
_DEGREES = frozenset({"parallelism", "parallel", "factor", "degree", "size", "rate"})
"""Words for numbers that count no devices: `tensor parallelism over 2`."""
_NEEDS = frozenset({"needs", "needed", "used", "uses", "use", "requires", "required", "took", "takes"})
_NEAR = frozenset({"about", "around", "under", "less", "only", "roughly"})
"""In front of a time."""
_BARE = frozenset({"card", "cards", "board", "boards", "chip", "chips", "device", "devices"})
"""Nouns that say again what was counted: `on 16 A100 cards and on two cards`."""
_FAR = 24
"""Tokens between a count and another that leaves the noun out."""


def ellipses(tokens: Doc, counted: Sequence[Devices]) -> Iterator[Devices]:
    """Further counts of devices that a sentence counts, each of the nearest of them.

    Args:
        tokens: the sentence.
        counted: all its devices, in order.
    """
    homes = [one for one in counted if one.count is not None and not is_vague(one.count)]
    if not homes:
        return
    taken = {index for one in counted for index in range(one.start, one.end)}
    for token in tokens:
        if token.i in taken or not _is_number(token) or token.ent_type_:
            continue
        home = min(homes, key=lambda one: _gap(one, token))
        if _gap(home, token) <= _FAR and (
            _is_placed(tokens, token, home) or _is_parallel(tokens, token, home)
        ):
            count = whole(token.text, home.count.unit if home.count else "devices")
            if count is not None and not is_vague(count):
                yield Devices(home.named, count, token.i, token.i + 1, elliptic=True)


def _is_number(token: Token) -> bool:
    return token.lower_ == "single" or is_plain(token)


def _gap(devices: Devices, token: Token) -> int:
    return max(devices.start - token.i, token.i - devices.end)


def _is_placed(tokens: Doc, token: Token, home: Devices) -> bool:
    """`on 64.`, `with sixteen in ten hours`: behind a word like that in front of the devices, without a noun."""
    behind = tokens[token.i + 1 : token.i + 3]
    lacks = _lacks_noun(behind) or behind[0].lower_ in _BARE
    if not (_is_behind_on(tokens, token.i) and lacks):
        return False
    return behind.text.lower() in _THEM or _is_behind_on(tokens, home.start) or _is_needed(tokens, home.start)


def _is_behind_on(tokens: Doc, index: int) -> bool:
    """`on 64`, `on a node of 64`; not `parallelism over 2`."""
    index -= index > 0 and tokens[index - 1].lower_ in {"a", "only"}
    front = [token.lower_ for token in tokens[max(0, index - 2) : index]]
    if len(front) < 2 or front[0] in _DEGREES:
        return False
    return front[1] in _ON or (front[1] == "of" and front[0] in HOSTS)


def _is_needed(tokens: Doc, index: int) -> bool:
    """`needs 64 V100s`."""
    return index > 0 and tokens[index - 1].lower_ in _NEEDS


def _is_parallel(tokens: Doc, token: Token, home: Devices) -> bool:
    """`8 V100s for the base model and 64 for the large one`."""
    fronts = tokens[token.i - 1].lower_ if token.i else ""
    said = [tokens[index : index + 2].text.lower().split() for index in (home.end, token.i + 1)]
    return fronts in _JOINS and all(
        len(words) == 2 and words[0] == "for" and words[1] in _WHOSE for words in said
    )


def _lacks_noun(behind: Span) -> bool:
    if not len(behind) or behind[0].lower_ in _ENDS or behind.text.lower() in _THEM:
        return True
    following = behind[1] if len(behind) > 1 else None
    if behind[0].lower_ == "for":
        return following is not None and (following.like_num or following.lower_ in _WHOSE)
    timed = following is not None and (following.like_num or following.lower_ in _NEAR)
    return behind[0].lower_ == "in" and timed
