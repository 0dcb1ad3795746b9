"""Finds the names of accelerators in a sentence, and what is printed around them.

Names come from the ontology, in every spelling of `rules.spellings`; short names that mean other things too (`T4`, `3090`)
count only where `rules.short_names` says so. How many there are is read in `rules.counts`, and what is in a machine
(`DGX A100`) in `rules.systems`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from extractors.facts.ontology import GENERIC, Accelerator, hardware_words
from extractors.language import Sentence, Wording
from extractors.rules.short_names import means_hardware
from extractors.rules.spellings import matcher, may_name, part_of_label

_VENDORS = hardware_words().vendors
_SIZE = re.compile(r"\d+\s?-?\s?(?:G|GB|GiB)", re.IGNORECASE)
_FILLING = re.compile(
    r"[\s(®)@-]*(?:(?:R|TM|SXM\d?|PCIe|NVL|HBM\d?e?|v\d|[a-z]?\d{3,5}[a-z]{0,2}|[\d.]+\s?GHz|\d+\s?-?\s?(?:G|GB|GiB))[\s(®)@-]*){0,3}",
    re.IGNORECASE,
)
"""What may stand between two names of one thing: form, version, memory, clock."""
_BELONGING = frozenset({"gpu", "gpus", "s", "graphics", "card", "cards", "'s", "’s", "®", "tm"})
"""Behind a name, part of it as printed."""
_FORM = re.compile(r"sxm\d?|pcie|nvl", re.IGNORECASE)
_MODEL_NUMBER = re.compile(r"v\d|\d{4}v?\d?|sxm\d?|pcie|nvl|hbm\d?e?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """An accelerator in a sentence; token indices count within the sentence."""

    part: Accelerator
    start: int
    end: int

    @property
    def generic(self) -> bool:
        """Whether only the kind of processor is said."""
        return self.part.id in GENERIC


def names_any(sentence: Sentence) -> bool:
    """Whether a sentence may name an accelerator: a quick look before `named_in`, for most sentences name none."""
    return may_name(sentence.lowered) and bool(matcher()(sentence.tokens))


def parts_in(wording: Wording) -> tuple[Named, ...]:
    """The accelerators that a label or sentence names, as `named_in` has them, after a quick look."""
    return named_in(wording.tokens) if may_name(wording.lowered) else ()


def named_in(tokens: Doc) -> tuple[Named, ...]:
    """The accelerators that a text names, in order, each as long as it is printed: vendor and memory size included."""
    parts = part_of_label()
    named = list[Named]()
    for span in _longest(tokens):
        part, short = parts[span.label_]
        start, end = _dressed(tokens, span.start, span.end)
        if short and not means_hardware(tokens, start, end, span):
            continue
        if named and start < named[-1].end:
            continue
        one = _one_thing(tokens, named[-1], Named(part, start, end)) if named else None
        named = [*named[:-1], one] if one else [*named, Named(part, start, end)]
    return tuple(named)


def _longest(tokens: Doc) -> list[Span]:
    """The names in a text, of those that overlap the one that says most, vendor words in front included.

    `Xeon E5` wins over `Intel Xeon` in `Intel Xeon E5`, though both are two words.
    """
    found = [Span(tokens, start, end, label=key) for key, start, end in matcher()(tokens)]
    fronts = {span.start: _front(tokens, span.start) for span in found}
    chosen, taken = list[Span](), set[int]()
    for span in sorted(found, key=lambda span: (fronts[span.start] - span.end, -len(span), span.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            chosen.append(span)
            taken.update(range(fronts[span.start], span.end))
    return sorted(chosen, key=lambda span: span.start)


def _one_thing(tokens: Doc, first: Named, second: Named) -> Named | None:
    """Two names of one thing as one: `A100 (40G) GPUs`, `Intel Xeon E5-2690`; None if they are two things."""
    gap = tokens[first.end : second.start].text
    if first.part.kind != second.part.kind or not _FILLING.fullmatch(gap):
        return None
    if second.generic:
        return Named(first.part, first.start, second.end)
    if first.generic or first.part.kind == "CPU":
        return Named(second.part, first.start, second.end)
    return None


def _front(tokens: Doc, start: int) -> int:
    """Where a name begins with the vendor words in front of it."""
    while start > 0 and tokens[start - 1].lower_ in _VENDORS:
        start -= 1
    return start


def _dressed(tokens: Doc, start: int, end: int) -> tuple[int, int]:
    """A name with the words that belong to it, without a mark at their end."""
    while end < len(tokens) and _belongs(tokens, end):
        end += 1
    while end > start + 1 and tokens[end - 1].lower_ in {"-", "(", ","}:
        end -= 1
    return _front(tokens, start), end


def _belongs(tokens: Doc, index: int) -> bool:
    """Whether a token behind a name still belongs to it: memory, form factor, `GPUs`."""
    token, rest = tokens[index], tokens[index : index + 3].text
    if token.lower_ in _BELONGING or _MODEL_NUMBER.fullmatch(token.text) or _SIZE.match(rest):
        return True
    if token.text == "-" and _FORM.fullmatch(tokens[index + 1 : index + 2].text):
        return True
    if token.lower_ not in {"gb", "g", "-"}:
        return False
    around = tokens[index - 1 : index + 1].text, tokens[index + 1 : index + 3].text
    return any(_SIZE.match(text) for text in around)
