"""Finds the names of accelerators in a sentence, and what is printed around them.

Names come from the ontology. A PhraseMatcher looks for every way to space and hyphenate them; short names that mean
other things too (`T4`, `3090`) count only beside a word for hardware. How many there are is read in `rules.counts`, and
what is in a machine (`DGX A100`) in `rules.systems`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from extractors.facts.ontology import GENERIC, Accelerator, accelerators, hardware_words
from extractors.facts.parsing import NOTE
from extractors.facts.systems import systems
from extractors.language import Sentence, language, tokens_of
from extractors.phrases import Hit, Phrases

_WORDS = hardware_words()
_TIMES = frozenset({"x", "×"})
_SIZE = re.compile(r"\d+\s?-?\s?(?:G|GB|GiB)", re.IGNORECASE)
_FILLING = re.compile(
    r"[\s(®)@-]*(?:(?:R|TM|SXM\d?|PCIe|NVL|v\d|[a-z]?\d{3,5}[a-z]{0,2}|[\d.]+\s?GHz|\d+\s?-?\s?(?:G|GB|GiB))[\s(®)@-]*){0,3}",
    re.IGNORECASE,
)
_DEVICES = re.compile(r"\s?(?:GPU|card)", re.IGNORECASE)
_LIKE_A_UNIT = re.compile(r"\d(?:m|d|x[emtx]*|g|w|h)\b", re.IGNORECASE)
_FORM = re.compile(r"sxm\d?|pcie|nvl", re.IGNORECASE)
_ATOM = re.compile(rf"(?<=\d)x|[^\W\d_{NOTE[1:-2]}]+|\d+")
"""A run of letters or of digits; tokens part an `x` behind a number, and the mark of a note, from what stands beside them."""
_MODEL_NUMBER = re.compile(r"v\d|\d{4}v?\d?|sxm\d?|pcie|nvl", re.IGNORECASE)


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
    return _may_name(sentence.lowered) and bool(_matcher()(sentence.tokens))


def _may_name(lowered: str) -> bool:
    """Whether a text has the letters and digits with which a name begins; only then its tokens are looked at."""
    atoms = _ATOM.findall(lowered)
    alone, pairs = _beginnings()
    return not (alone.isdisjoint(atoms) and pairs.isdisjoint(pairwise(atoms)))


def named_in(tokens: Doc) -> tuple[Named, ...]:
    """The accelerators that a text names, in order, each as long as it is printed: vendor and memory size included."""
    parts = _parts()
    named = list[Named]()
    for span in _longest(tokens):
        part, short = parts[span.label_]
        start, end = _dressed(tokens, span.start, span.end)
        if short and not _beside_hardware(tokens, start, end, span):
            continue
        if named and start < named[-1].end:
            continue
        one = _one_thing(tokens, named[-1], Named(part, start, end)) if named else None
        named = [*named[:-1], one] if one else [*named, Named(part, start, end)]
    return tuple(named)


def machines_in(text: str) -> tuple[Hit, ...]:
    """The machines that a text names, with the ids of their systems; `DGX A100 GPUs` are GPUs, not machines."""
    lowered = text.lower()
    if not any(start in lowered for start in _machine_starts()):
        return ()
    return tuple(hit for hit in _machines().find(text) if not _DEVICES.match(text, hit.end))


def _longest(tokens: Doc) -> list[Span]:
    """The names in a text, of those that overlap the one that says most, vendor words in front included.

    `Xeon E5` wins over `Intel Xeon` in `Intel Xeon E5`, though both are two words.
    """
    found = [Span(tokens, start, end, label=key) for key, start, end in _matcher()(tokens)]
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


def _beside_hardware(tokens: Doc, start: int, end: int, span: Span) -> bool:
    """Whether a short name stands with a vendor's name, a word for hardware or an `x` of a count."""
    if start < span.start:
        return True
    near = [token.lower_ for token in tokens[max(0, start - 2) : min(len(tokens), end + 2)]]
    beside = any(word in _WORDS.carriers for word in near) or _is_one(tokens, start, end, span.text)
    if not (beside or _times(tokens, start, end, span.text)):
        return False
    return span.text[0].isupper() or span.text[0].isdigit()


def _is_one(tokens: Doc, start: int, end: int, name: str) -> bool:
    """Whether a short name stands by itself where a device is used: `on a T4.`, not `on a T4 network`."""
    front = [token.lower_ for token in tokens[max(0, start - 2) : start]]
    behind = tokens[end : end + 1]
    alone = (
        not behind.text
        or behind[0].is_punct
        or behind[0].lower_ in {"for", "in", "with", "and", "using", "over"}
    )
    return (
        alone
        and not name.isdigit()
        and len(front) > 1
        and front[0] in {"on", "using"}
        and front[1] in {"a", "an", "one", "single"}
    )


def _times(tokens: Doc, start: int, end: int, name: str) -> bool:
    """Whether a short name stands in a product with a count: `4 x 3090`, `T4 x 2`; `1920 x 1080` are pixels."""
    if name.isdigit():
        count = tokens[start - 2].text if start > 1 and tokens[start - 1].lower_ in _TIMES else ""
        behind = tokens[end : end + 1].text
        return count.isdigit() and len(count) < 3 and behind not in _TIMES and not behind.startswith("pix")
    return any(token.lower_ in _TIMES for token in tokens[max(0, start - 2) : end + 2])


def _front(tokens: Doc, start: int) -> int:
    """Where a name begins with the vendor words in front of it."""
    while start > 0 and tokens[start - 1].lower_ in _WORDS.vendors:
        start -= 1
    return start


def _dressed(tokens: Doc, start: int, end: int) -> tuple[int, int]:
    start = _front(tokens, start)
    while end < len(tokens) and _belongs(tokens, end):
        end += 1
    while end > start + 1 and tokens[end - 1].lower_ in {"-", "(", ","}:
        end -= 1
    return start, end


def _belongs(tokens: Doc, index: int) -> bool:
    """Whether a token behind a name still belongs to it: memory, form factor, `GPUs`."""
    token, rest = tokens[index], tokens[index : index + 3].text
    if token.lower_ in {"gpu", "gpus", "s", "graphics", "card", "cards", "'s", "’s", "®", "tm"}:
        return True
    if _MODEL_NUMBER.fullmatch(token.text) or _SIZE.match(rest):
        return True
    if token.text == "-" and _FORM.fullmatch(tokens[index + 1 : index + 2].text):
        return True
    if token.lower_ in {"gb", "g", "-"}:
        return bool(_SIZE.match(tokens[index - 1 : index + 1].text)) or bool(
            _SIZE.match(tokens[index + 1 : index + 3].text)
        )
    return False


@cache
def _machines() -> Phrases:
    return Phrases.of([(system.id, system.names) for system in systems()])


@cache
def _machine_starts() -> frozenset[str]:
    """How the names of machines begin: most sentences have none of these."""
    return frozenset(name[:3].lower() for system in systems() for name in system.names)


@cache
def _parts() -> dict[str, tuple[Accelerator, bool]]:
    """Match label to the part and whether the name is a short one."""
    named = {f"{part.id}|name": (part, False) for part in accelerators()}
    return named | {f"{part.id}|short": (part, True) for part in accelerators()}


@cache
def _matcher() -> PhraseMatcher:
    matcher = PhraseMatcher(language().vocab, attr="LOWER")
    for label, spelt in _spelt().items():
        matcher.add(label, [tokens_of(spelling) for spelling in sorted(spelt)])
    return matcher


@cache
def _spelt() -> dict[str, set[str]]:
    """Every way to print the names of each part, by the labels of the matches."""
    return {
        f"{part.id}|{kind}": {
            case for name in names for spelling in spellings(name) for case in _cases(spelling)
        }
        for part in accelerators()
        for kind, names in (("name", part.names), ("short", part.short))
        if names
    }


@cache
def _beginnings() -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The names of one run of letters or digits, and the first two runs of the others."""
    runs = [_ATOM.findall(spelling.lower()) for spelt in _spelt().values() for spelling in spelt]
    alone = frozenset(found[0] for found in runs if len(found) == 1)
    return alone, frozenset((found[0], found[1]) for found in runs if len(found) > 1)


def _cases(name: str) -> tuple[str, ...]:
    """The cases of a name that tokens see: they split `k40m` as they split `40m`, and keep `K40M`.

    A last `s` is left alone, for `v100s` is a plural.
    """
    return (name, name.lower(), name.upper()) if _LIKE_A_UNIT.search(name) else (name,)


def spellings(name: str) -> Iterator[str]:
    """Every way a name may be spaced and hyphenated: `GTX 1080 Ti`, `GTX-1080Ti`, `GTX1080 Ti`..."""
    words = [re.findall(r"[^\W\d_]+|\d+|[^\w\s-]", word) for word in re.split(r"[\s-]+", name)]
    pieces, joiners = list[str](), list[tuple[str, ...]]()
    for atoms in words:
        pieces += atoms
        inner = [("",) if not (a.isalnum() and b.isalnum()) else ("", "-") for a, b in pairwise(atoms)]
        joiners += [*inner, ("", " ", "-")]
    plural = "s" if pieces[-1].isalpha() and len(pieces[-1]) > 2 else ""
    for chosen in product(*joiners[:-1]):
        spelt = "".join(piece + joiner for piece, joiner in zip(pieces, (*chosen, ""), strict=True))
        yield from {spelt, spelt + plural}
