"""Where the number of an accelerator stands, as patterns of tokens, and the sentence marked for them.

Before a pattern is tried, names of accelerators are marked as entities `ACCELERATOR` and sizes of memory as `MEMORY`, so
that a pattern can speak of `a device` however it is printed, and never takes `80GB` for a number of them.
"""

from __future__ import annotations

from spacy.tokens import Doc, Span

from extractors.facts.ontology import hardware_words
from extractors.rules.accelerators import Named, named_in
from extractors.rules.patterns import Matches, Pattern, Patterns

_WORDS = hardware_words()
NUMBER = {"LIKE_NUM": True, "ENT_TYPE": ""}
TIMES = frozenset({"x", "×", "*"})
COLLECTIVES = {"pair": 2, "pairs": 2, "dozen": 12}
"""How many they are."""
DEVICES = {"ENT_TYPE": "ACCELERATOR", "OP": "+"}
MEMORY = {"ENT_TYPE": "MEMORY", "OP": "{0,4}"}
HOSTS = sorted(_WORDS.hosts)
_PARTS = ["cores", "chips", "boards", "nodes", "cards", "units", "sockets"]
_LARGE = ["thousand", "million", "billion", "trillion"]
_GROUPS = ["pod", "pods", "slice", "slices", "cluster"]


def _any(*words: str) -> dict[str, object]:
    return {"LOWER": {"IN": list(words)}}


def _up_to(most: int, *words: str) -> dict[str, object]:
    return {**_any(*words), "OP": f"{{0,{most}}}"}


def _between(most: int) -> dict[str, object]:
    """Words between a number and the name that it counts, such as `high-end`."""
    return {**_up_to(most, *sorted(_WORDS.qualifiers)), "ENT_TYPE": {"NOT_IN": ["ACCELERATOR"]}}


_COUNTS: dict[str, list[Pattern]] = {
    # 8 V100s; 4x RTX 2080 Ti; 6 high-end 80-GB A100 GPUs
    "before": [[NUMBER, _up_to(1, *TIMES, "times"), _between(4), MEMORY, _between(2), DEVICES]],
    # a pair of Titan Xp; half a dozen V100s
    "collective": [
        [_up_to(1, "half"), NUMBER, _any(*COLLECTIVES), _between(4), MEMORY, _between(2), DEVICES]
    ],
    # up to 64; at least four
    "bound": [
        [_any("up"), _any("to")],
        [_any("as"), _any("many"), _any("as")],
        [_any("at"), _any("most", "least")],
        [_any("maximum", "minimum"), _any("of")],
    ],
    # V100 x 8; V100 (x8); V100 GPUs (8 in total)
    "after": [
        [DEVICES, _any(*TIMES), NUMBER],
        [DEVICES, {"ORTH": "("}, _any(*TIMES), NUMBER, {"ORTH": ")"}],
        [DEVICES, {"ORTH": "("}, NUMBER, _any(*TIMES), {"ORTH": ")"}],
        [DEVICES, {"ORTH": "("}, NUMBER, _any("in", "total")],
    ],
    # 64 cores of a TPU v3 pod
    "parts": [[NUMBER, _any(*_PARTS), _any("of", "on"), _up_to(1, "a", "an", "the", "one"), _between(2), DEVICES]],
    # a TPU v4 pod with 256 chips; a GPU cluster (64 nodes)
    "within": [
        [DEVICES, {**_any(*_GROUPS), "OP": "{1,2}"}, _any("with", "of", "(", "using"), _up_to(3, "a", "total", "of", "all"), NUMBER, _any(*_PARTS)]
    ],
    # Cloud TPU v3 with 32 cores; a TPU v3 device (8 cores)
    "holding": [[DEVICES, _up_to(1, "device", "devices", "board", "boards"), _any("with", "("), NUMBER, _any("cores", "chips")]],
    # two machines; four large servers; 25 DGX; but 2 billion nodes are those of a graph
    "hosts": [
        [NUMBER, {"IS_ALPHA": True, "LOWER": {"NOT_IN": ["on", "a", "the", "of", "in", "with", "per", "and", *_LARGE]}, "OP": "{0,2}"}, _any(*HOSTS)],
        [NUMBER, _any("dgx")],
    ],
    # each node; per compute node; GPUs/node
    "each host": [
        [_any("per", "each", "every", "/"), {"IS_ALPHA": True, "OP": "?"}, _any(*HOSTS)],
        [_any(*HOSTS), _up_to(1, ","), _any("each", "every")],
    ],
    # 450 GPU days; GPU-core-hours
    "time": [
        [DEVICES, _up_to(9, *TIMES, "/", "·", "-", "–"), _up_to(1, "core", "cores", "chip", "chips", "card", "cards", "device", "devices"), _up_to(3, "-"), _any(
            "second", "seconds", "minute", "minutes", "hour", "hours", "hr", "hrs", "day", "days", "week", "weeks", "month", "months", "year", "years",
        )],
    ],
    # GPU memory; a CPU-bound program
    "property": [
        [DEVICES, _up_to(1, "-"), _any(
            "memory", "ram", "kernel", "kernels", "utilization", "utilisation", "acceleration", "code", "bound", "performance", "architecture", "architectures", "time",
        )],
    ],
}  # fmt: skip
_SIZES: dict[str, list[Pattern]] = {
    # 16GB; 80-GB; 32G
    "MEMORY": [
        [{"LIKE_NUM": True}, {"ORTH": "-", "OP": "?"}, _any("gb", "g", "gib")],
        [{"TEXT": {"REGEX": r"^\d{1,3}G$"}}],
    ],
}
_COUNT_PATTERNS, _SIZE_PATTERNS = Patterns(_COUNTS), Patterns(_SIZES)


def marked(tokens: Doc) -> tuple[Named, ...]:
    """The accelerators of a text, which is marked with them and with sizes of memory for the patterns."""
    named = named_in(tokens)
    spans = [Span(tokens, item.start, item.end, label="ACCELERATOR") for item in named]
    taken = {index for item in named for index in range(item.start, item.end)}
    for start, end in _SIZE_PATTERNS.find(tokens)["MEMORY"]:
        if taken.isdisjoint(range(start, end)):
            spans.append(Span(tokens, start, end, label="MEMORY"))
            taken.update(range(start, end))
    tokens.set_ents(spans)
    return named


def matches_in(tokens: Doc) -> Matches:
    """All that the patterns find in a marked text."""
    return _COUNT_PATTERNS.find(tokens)
