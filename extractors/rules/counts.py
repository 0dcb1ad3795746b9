"""Reads how many accelerators a sentence names: `8 V100 GPUs`, `4x RTX 2080 Ti`, `two machines with 8 GPUs each`.

The names are found by `rules.accelerators`; Matcher patterns over them read the numbers. A count is of devices unless
chips, cores, boards or nodes are said. `TPU v3-32` counts cores, because that is what the name of a slice counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from spacy.matcher import Matcher
from spacy.tokens import Doc, Span, Token

from extractors.facts.errors import ParseError
from extractors.facts.ontology import accelerator, hardware_words
from extractors.facts.parsing import NUMBER_IN, parse_count, parse_number
from extractors.facts.systems import part_of
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence, language
from extractors.phrases import Hit
from extractors.rules.accelerators import Named, machines_in, named_in, names_any
from extractors.rules.findings import Fact, Finding

ACCELERATOR, COUNT = "run.accelerator", "run.count"

_Pattern = list[dict[str, Any]]
"""As spaCy's Matcher types it."""
_Matches = Mapping[str, Sequence[tuple[int, int]]]
"""Where the patterns of each label match: first token and the one behind the last."""

_TIMES = {"LOWER": {"IN": ["x", "×", "*", "times"]}}
_NUMBER = {"LIKE_NUM": True, "ENT_TYPE": ""}
_WORDS = hardware_words()
_BETWEEN = {"LOWER": {"IN": sorted(_WORDS.qualifiers)}, "ENT_TYPE": {"NOT_IN": ["ACCELERATOR"]}}
_MEMORY = {"ENT_TYPE": "MEMORY"}
_DEVICES = {"ENT_TYPE": "ACCELERATOR", "OP": "+"}
_HOSTS = sorted(_WORDS.hosts)
_COUNTED = ["cores", "chips", "boards", "nodes", "cards", "units", "sockets"]
_PATTERNS: dict[str, list[_Pattern]] = {
    "before": [[_NUMBER, {**_TIMES, "OP": "?"}, {**_BETWEEN, "OP": "{0,4}"}, {**_MEMORY, "OP": "{0,4}"},
                {**_BETWEEN, "OP": "{0,2}"}, _DEVICES]],
    "parts": [[_NUMBER, {"LOWER": {"IN": _COUNTED}}, {"LOWER": {"IN": ["of", "on"]}}, {"LOWER": {"IN": ["a", "an", "the", "one"]}, "OP": "?"},
               {**_BETWEEN, "OP": "{0,2}"}, _DEVICES]],
    "within": [[_DEVICES, {"LOWER": {"IN": ["pod", "pods", "slice", "slices", "cluster"]}, "OP": "{1,2}"}, {"LOWER": {"IN": ["with", "of", "(", "using"]}},
                {"LOWER": {"IN": ["a", "total", "of", "all"]}, "OP": "{0,3}"}, _NUMBER, {"LOWER": {"IN": _COUNTED}}]],
    "holding": [[_DEVICES, {"LOWER": {"IN": ["with", "("]}}, _NUMBER, {"LOWER": {"IN": ["cores", "chips"]}}]],
    "after": [[_DEVICES, {"LOWER": {"IN": ["x", "×", "*"]}}, _NUMBER],
              [_DEVICES, {"ORTH": "("}, _NUMBER, {"LOWER": {"IN": ["in", "total"]}}]],
    "hosts": [[_NUMBER, {"IS_ALPHA": True, "LOWER": {"NOT_IN": ["on", "a", "the", "of", "in", "with", "per", "and"]}, "OP": "{0,2}"}, {"LOWER": {"IN": _HOSTS}}],
              [_NUMBER, {"LOWER": "dgx"}]],
}  # fmt: skip
_SIZE_PATTERNS: list[_Pattern] = [
    [{"LIKE_NUM": True}, {"ORTH": "-", "OP": "?"}, {"LOWER": {"IN": ["gb", "g", "gib"]}}],
    [{"TEXT": {"REGEX": r"^\d{1,3}G$"}}],
]
_PARTS = {
    "chip": "chips",
    "core": "cores",
    "board": "boards",
    "node": "nodes",
    "server": "nodes",
    "machine": "nodes",
}
_SLICE = re.compile(
    r"(?P<name>TPU[\s-]?v\d[ep]?|(?<![\w-])v\d[ep]?(?=[-–]\d+\s(?:(?:Google|Cloud)\s)*TPU))[-‐–](?P<size>\d{1,4})\b"
    r"(?:\s(?:(?:Google|Cloud)\s)*TPU(?:\s?v\d)?)?",
    re.IGNORECASE,
)
_WORKERS = re.compile(
    rf"(?<![\w.])(?P<number>{NUMBER_IN})\s(?:\w+\s)?(?:replicas|workers|accelerators|devices)\b",
    re.IGNORECASE,
)
_CROSS = frozenset({"x", "×", "*"})
_TO = frozenset({"to", "-", "–", "~"})
_BEHIND = frozenset({"on", "with", "using", "across", "over", "use", "used"})
_MOST = 1e6
"""Devices beyond which a number is something else."""
_VAGUE = re.compile(r"\b(?:a|an)\b", re.IGNORECASE)
_NOT_ONE = frozenset({"multi", "/", "no", "modern", "most", "current", "today", "purpose", "recent"})
_DEVICE_TIME = re.compile(
    r"[\s/·×*-]*(?:(?:cores?|chips?|cards?|devices?)[\s-]*)?(?:seconds?|minutes?|hours?|hrs?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"[\s-]*(?:memory|ram|kernels?|utili[sz]ation|acceleration|code|bound|performance|architectures?|time)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every|per)\b", re.IGNORECASE)
_LINK = re.compile(
    r"\b(?:each|with|of|equipped|consist\w*|having|has|have|contain\w*|x|×|per)\b|×", re.IGNORECASE
)
_TOTAL = re.compile(r"\btotal|\bin all\b|\baltogether\b", re.IGNORECASE)
_PER_HOST = re.compile(
    rf"\b(?:per|each|every)\s(?:\w+\s)?(?:{'|'.join(_HOSTS)})\b|\b(?:{'|'.join(_HOSTS)}),?\s(?:each|every)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Group:
    """An accelerator with its count; token indices count within the sentence."""

    named: Named
    count: Quantity | None = None
    start: int = 0
    end: int = 0


class AcceleratorCount:
    """Reads an accelerator and how many: `8 NVIDIA V100 GPUs`, `4x A100`, `eight-GPU`, `8 GPUs (Tesla V100)`."""

    name: ClassVar[str] = "training.accelerator-count"
    example: ClassVar[str] = "We train on 8 NVIDIA V100 GPUs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each accelerator that the sentence names."""
        if not names_any(sentence):
            return
        tokens = sentence.tokens
        slices = [found.span() for found in _SLICE.finditer(tokens.text)]
        machines = machines_in(tokens.text)
        slices += [(hit.start, hit.end) for hit in machines]
        accelerators = [_in_machine(named, machines) for named in _marked(tokens)]
        matches = _matches(tokens)
        groups = [group for named in accelerators for group in _counted(tokens, named, matches)]
        for group in _shared(tokens, _paired(tokens, groups), matches):
            span = tokens[group.named.start : group.named.end]
            start, end = span.start_char, span.end_char
            if _only_a_measure(tokens, group) or any(first < end and start < last for first, last in slices):
                continue
            yield _finding(self.name, sentence, tokens, group)


class WorkerCount:
    """Reads a number of workers where no accelerator is named: `with 32 replicas`, `on 16 workers`."""

    name: ClassVar[str] = "training.worker-count"
    example: ClassVar[str] = "We train with 32 replicas."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding, without an accelerator."""
        may = sentence.has("replicas", "workers", "accelerators", "devices")
        found = _WORKERS.search(sentence.text) if may else None
        if not found or names_any(sentence):
            return
        value = _whole(found["number"], "devices")
        if value is not None and value.value > 1:
            start, end = sentence.start + found.start(), sentence.start + found.end()
            yield Finding(self.name, (Fact(COUNT, value, start, end),), {"generic_name": 1.0})


class SliceCount:
    """Reads a TPU slice by its name: `TPUv3-512`, `a v3-32 Cloud TPU Pod`; the number is cores (chips from v5e on)."""

    name: ClassVar[str] = "training.tpu-slice"
    example: ClassVar[str] = "All models were trained on a TPUv3-512."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each slice."""
        for found in _SLICE.finditer(sentence.text) if sentence.has("tpu") else ():
            part = accelerator("TPU " + re.sub(r"(?i)tpu[\s-]?", "", found["name"]))
            if part is None:
                continue
            start, end = sentence.start + found.start(), sentence.start + found.end()
            unit = "cores" if part.cores_per_chip > 1 else "chips"
            count = Quantity.exact(float(found["size"]), unit, found[0])
            yield Finding(
                self.name,
                (Fact(ACCELERATOR, Name(part.id, found[0]), start, end), Fact(COUNT, count, start, end)),
            )


def _in_machine(named: Named, machines: Sequence[Hit]) -> Named:
    """An accelerator by the name of the one machine that a sentence speaks of: the GPUs of `a DGX-2 with 16 GPUs`."""
    part = part_of(machines[0].ids[0]) if len(machines) == 1 else None
    return replace(named, part=part) if part and named.generic and part.kind == named.part.kind else named


def _marked(tokens: Doc) -> tuple[Named, ...]:
    """The accelerators of a text, which is marked with them and with sizes of memory for the patterns."""
    named = named_in(tokens)
    spans = [Span(tokens, item.start, item.end, label="ACCELERATOR") for item in named]
    taken = {index for item in named for index in range(item.start, item.end)}
    sizes = [(start, end) for _, start, end in _sizes()(tokens)]
    memory = [
        Span(tokens, start, end, label="MEMORY")
        for start, end in sizes
        if taken.isdisjoint(range(start, end))
    ]
    tokens.set_ents([*spans, *_disjoint(memory)])
    return named


def _disjoint(spans: list[Span]) -> list[Span]:
    return [span for index, span in enumerate(spans) if index == 0 or span.start >= spans[index - 1].end]


@cache
def _sizes() -> Matcher:
    matcher = Matcher(language().vocab)
    matcher.add("MEMORY", _SIZE_PATTERNS)
    return matcher


@cache
def _counts() -> Matcher:
    matcher = Matcher(language().vocab)
    for label, patterns in _PATTERNS.items():
        matcher.add(label, patterns)
    return matcher


def _matches(tokens: Doc) -> _Matches:
    """All that the patterns find in a marked text, looked for once."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for label, start, end in _counts()(tokens):
        found[tokens.vocab.strings[label]].append((start, end))
    return {label: found[label] for label in _PATTERNS}


def _counted(tokens: Doc, named: Named, matches: _Matches) -> list[_Group]:
    """An accelerator with the number printed right before or behind it; several where it lists numbers."""
    parts = [start for start, end in matches["parts"] if start < named.start < end <= named.end]
    if parts:
        return _with_numbers(tokens, named, parts[0], _part(tokens[parts[0] + 1]))
    holding = matches["within"] if named.part.kind != "TPU" else [*matches["within"], *matches["holding"]]
    within = [end for start, end in holding if named.start <= start < named.end < end]
    if within:
        last = within[0] - 1
        return [_Group(named, _number(tokens, last - 1, _part(tokens[last])), named.start, last + 1)]
    before = [start for start, end in matches["before"] if start < named.start < end <= named.end]
    if before and not (tokens[max(before)].lower_ in {"a", "an", "the"} and _is_crowd(tokens, named.end)):
        return _with_numbers(tokens, named, max(before), _unit(tokens, named))
    after = [end for start, end in matches["after"] if named.start <= start < named.end < end]
    if after and not before:
        last = max(at for at in range(named.end, after[0]) if tokens[at].like_num)
        return [_Group(named, _number(tokens, last, _unit(tokens, named)), named.start, after[0])]
    return [_Group(named, None, named.start, named.end)]


def _with_numbers(tokens: Doc, named: Named, index: int, unit: str) -> list[_Group]:
    """An accelerator with the number at an index in front of it, or those listed or the range that end there."""
    if index > 1 and tokens[index - 1].lower_ in _CROSS and _plain(tokens[index - 2]):
        count, times = _number(tokens, index, unit), _number(tokens, index - 2, unit)
        if count and times:
            printed = tokens[index - 2 : index + 1].text
            count = Quantity.exact(count.value * times.value, unit, printed)
            return [_Group(named, count, index - 2, named.end)]
    first = _first_number(tokens, index)
    join = tokens[index - 1].lower_
    front = tokens[max(0, first - 1)].lower_
    if first < index and front != "from" and (join in _TO or front == "between"):
        printed = tokens[first : index + 1].text
        return [_Group(named, _whole(re.sub(r"\band\b", "to", printed), unit), first, named.end)]
    if first < index and join == "and" and _is_list(tokens, first):
        numbers = [at for at in range(first, index + 1) if tokens[at].like_num]
        return [_Group(named, _number(tokens, at, unit), at, named.end) for at in numbers]
    return [_Group(named, _number(tokens, index, unit), index, named.end)]


def _first_number(tokens: Doc, index: int) -> int:
    """Where the list or range of numbers begins that ends at an index: `4 to 8`, `4, 8 and 16`."""
    first = index
    joins = {*_TO, "and"}
    while first > 1 and tokens[first - 1].lower_ in joins and _plain(tokens[first - 2]):
        first, joins = first - 2, {","}
    return first


def _is_list(tokens: Doc, first: int) -> bool:
    """Whether numbers joined by `and` are all counts: two behind a preposition, or said to be in order."""
    if any(token.lower_ == "respectively" for token in tokens):
        return True
    return first > 0 and tokens[first - 1].lower_ in _BEHIND and tokens[first + 1].lower_ == "and"


def _plain(token: Token) -> bool:
    """Whether a token is a number by itself, not the end of a name: `8`, but not the 50 of `ResNet-50`."""
    return bool(token.like_num) and (token.i == 0 or token.nbor(-1).text != "-")


def _part(token: Token) -> str:
    return _PARTS.get(token.lower_.removesuffix("s"), "devices")


def _is_crowd(tokens: Doc, end: int) -> bool:
    return any(token.lower_ in _WORDS.crowds for token in tokens[end : end + 2])


def _number(tokens: Doc, index: int, unit: str) -> Quantity | None:
    return _whole(tokens[index].text, unit)


def _whole(printed: str, unit: str) -> Quantity | None:
    """A printed whole number as a count; None if it is not one that devices can have."""
    try:
        count = parse_count(printed, unit)
    except ParseError:
        return None
    return count if count.value == int(count.value) and 1 <= count.value <= _MOST else None


def _unit(tokens: Doc, named: Named) -> str:
    """What is counted, by the words behind the accelerator or right in front: `32 TPU v3 cores`, `32-core TPU`."""
    kind = named.start if tokens[named.start].lower_ == "core" else max(0, named.start - 1)
    if tokens[kind].lower_ in ("core", "chip") and kind > 0 and tokens[kind - 1].text == "-":
        return _part(tokens[kind])
    for token in tokens[max(named.end - 1, named.start) : named.end + 2]:
        part = _PARTS.get(token.lower_.removesuffix("s"))
        if part and not (part == "nodes" and tokens[named.start - 1].text == "-"):
            return part
        if (token.is_punct and token.lower_ != "-") or token.lower_ in {"per", "each", "on", "and"}:
            break
    return "devices"


def _paired(tokens: Doc, groups: list[_Group]) -> list[_Group]:
    """`8 GPUs (Tesla V100)`, `8 GPUs of NVIDIA M40`: a generic count and the name beside it become one."""
    paired = list[_Group]()
    for group in groups:
        last = paired[-1] if paired else None
        if last and _says_which(tokens, last, group):
            count = last.count or group.count
            paired[-1] = _Group(group.named, count, last.start, group.end)
        else:
            paired.append(group)
    return paired


def _says_which(tokens: Doc, first: _Group, second: _Group) -> bool:
    if not first.named.generic or second.named.generic or first.named.part.kind != second.named.part.kind:
        return False
    gap = tokens[first.end : second.start].text.strip().lower()
    close = re.fullmatch(r"[(:,–—-]?\s?(?:of( type)?|each an?|all|i\.e\.,?|namely|specifically|model)?", gap)
    return close is not None and (second.count is None or first.count is None or second.count.value == 1)


def _shared(tokens: Doc, groups: list[_Group], matches: _Matches) -> list[_Group]:
    """`a 1080 Ti or 2080 Ti`: the count before the first holds for the second too. And hosts are multiplied out."""
    shared = list[_Group]()
    for item in groups:
        last, group = shared[-1] if shared else None, item
        if (
            last
            and group.count is None
            and tokens[last.end : group.start].text.strip() in {"or", "/", "and/or"}
        ):
            group = replace(group, count=last.count)
        shared.append(_times_hosts(tokens, group, matches["hosts"]))
    return shared


def _times_hosts(tokens: Doc, group: _Group, named_hosts: Sequence[tuple[int, int]]) -> _Group:
    """`256 nodes with 4 GPUs each` is 1,024; `each node has 8 GPUs` counts no run's devices."""
    if group.count is None or group.count.unit != "devices":
        return group
    behind = tokens[group.end : group.end + 4].text
    if _TOTAL.search(behind) or _TOTAL.search(tokens[max(0, group.start - 3) : group.start].text):
        return group
    hosts = [(start, end) for start, end in named_hosts if end <= group.start and _plain(tokens[start])]
    between = tokens[hosts[-1][1] : group.start].text if hosts else ""
    if hosts and len(between) < 120 and _LINK.search(between) and not re.search(r"[;.]", between):
        return _multiplied(tokens, group, hosts[-1][0])
    if (
        group.start > 0
        and _plain(tokens[group.start - 1])
        and tokens[group.end : group.end + 1].text in _HOSTS
    ):
        return _multiplied(tokens, group, group.start - 1)
    around = tokens[max(0, group.start - 8) : group.start].text + " | " + behind
    if _PER_HOST.search(around):
        later = [start for start, _ in named_hosts if start >= group.end]
        if later and not _EACH.search(tokens[max(0, later[0] - 1) : later[0]].text):
            return _multiplied(tokens, group, later[0])
        return replace(group, count=None)
    return group


def _multiplied(tokens: Doc, group: _Group, host: int) -> _Group:
    if group.count is None:
        return group
    hosts = parse_number(tokens[host].text)
    printed = tokens[min(host, group.start) : group.end].text
    return replace(
        group,
        count=Quantity.exact(group.count.value * hosts, "devices", printed),
        start=min(host, group.start),
    )


def _only_a_measure(tokens: Doc, group: _Group) -> bool:
    """Whether the device is part of a unit: `450 GPU days`, `32 images per GPU`, `GPU memory`."""
    behind, front = (
        tokens[group.named.end : group.named.end + 3].text,
        tokens[max(0, group.start - 1) : group.start].text,
    )
    if _DEVICE_TIME.match(behind):
        return True
    if group.named.generic and _BESIDE.match(behind):
        return True
    loose = group.named.generic and group.count is None
    return loose and (bool(_EACH.fullmatch(front)) or front.lower() in _NOT_ONE)


def _characters(tokens: Doc, group: _Group) -> tuple[int, int]:
    span = tokens[group.start : group.end]
    return span.start_char, span.end_char


def _finding(rule: str, sentence: Sentence, tokens: Doc, group: _Group) -> Finding:
    offset = sentence.start
    name = tokens[group.named.start : group.named.end]
    facts = [
        Fact(
            ACCELERATOR,
            Name(group.named.part.id, name.text),
            offset + name.start_char,
            offset + name.end_char,
        )
    ]
    if group.count is not None:
        start, end = _characters(tokens, group)
        facts.append(Fact(COUNT, group.count, offset + start, offset + end))
    vague = group.count is not None and bool(_VAGUE.fullmatch(group.count.printed))
    features = {"generic_name": float(group.named.generic), "vague_count": float(vague)}
    return Finding(rule, tuple(facts), features)
