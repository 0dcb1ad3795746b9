"""Tells short names that mean other things as often (`T4`, `3090`) from those things, by what stands beside them."""

from __future__ import annotations

from spacy.tokens import Doc, Span

from extractors.facts.ontology import hardware_words

_CARRIERS = hardware_words().carriers
_TIMES = frozenset({"x", "×"})
_GOES_ON = frozenset({"for", "in", "with", "and", "using", "over"})
"""Behind a name that stands by itself."""
_NO_WIDTH = 2060
"""Numbers from which a card is meant by `on a 3090`; 1080 are pixels as often."""
_ON, _ONE = frozenset({"on", "using"}), frozenset({"a", "an", "one", "single"})


def means_hardware(tokens: Doc, start: int, end: int, span: Span) -> bool:
    """Whether a short name stands with a vendor's name, a word for hardware or the `x` of a count.

    Args:
        tokens: the sentence.
        start: where the name begins with all words that belong to it.
        end: where it ends with them.
        span: the name itself.
    """
    if start < span.start:
        return True
    near = [token.lower_ for token in tokens[max(0, start - 2) : min(len(tokens), end + 2)]]
    beside = any(word in _CARRIERS for word in near) or _is_one(tokens, start, end, span.text)
    if not (beside or _is_multiple(tokens, start, end, span.text)):
        return False
    return span.text[0].isupper() or span.text[0].isdigit()


def _is_one(tokens: Doc, start: int, end: int, name: str) -> bool:
    """Whether a short name stands by itself where a device is used: `on a T4.`, not `on a T4 network`."""
    front = [token.lower_ for token in tokens[max(0, start - 3) : start]]
    if len(front) > 2 and front[1] in _ONE and front[2] in _ONE:
        del front[1]  # on a single
    behind = tokens[end : end + 1]
    alone = not behind.text or behind[0].is_punct or behind[0].lower_ in _GOES_ON
    big = not name.isdigit() or int(name) >= _NO_WIDTH
    return alone and big and len(front) > 1 and front[-2] in _ON and front[-1] in _ONE


def _is_multiple(tokens: Doc, start: int, end: int, name: str) -> bool:
    """Whether a short name stands in a product with a count: `4 x 3090`, `T4 x 2`; `1920 x 1080` are pixels."""
    if name.isdigit():
        count = tokens[start - 2].text if start > 1 and tokens[start - 1].lower_ in _TIMES else ""
        behind = tokens[end : end + 1].text
        return count.isdigit() and len(count) < 3 and behind not in _TIMES and not behind.startswith("pix")
    return any(token.lower_ in _TIMES for token in tokens[max(0, start - 2) : end + 2])
