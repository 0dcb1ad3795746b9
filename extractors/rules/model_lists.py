"""Which models the runs of one sentence are of, where it lists them: in order, group by group, or all of one run.

`Zip-S, -M and -L were trained on 8, 16 and 32 GPUs`; `Zip-A and Zip-B on four K20 GPUs, Zip-C on eight`; `training Zip-S
and Zip-L takes 3 days`. What a sentence says of one model alone is found in `rules.models`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.ownership import is_benchmark
from extractors.rules.models import NO_MODEL, SIZES
from extractors.rules.pairing import Part, Parts, times_of

Names = tuple[str, ...]

_FULL = rf"(?!(?:The|Our|Both|In|On|For|We|It|Each|All)\b)[A-Z][\w+]*(?:(?:-[\w+.]+)+|[A-Z\d][\w+]*)?(?:[ -](?:{SIZES.pattern}|v?\d+[A-Za-z]?)\b)?"
_BETWEEN = r"(?:,\s(?:and\s|or\s)?(?:the\s)?|\s(?:and|or|&)\s(?:the\s|our\s)?|\s?/\s?(?!\d))"
_LIST = rf"(?P<list>{_FULL}(?:{_BETWEEN}(?:{_FULL}|-\w+|(?<=/)\w+))*)"
_SIZED = rf"(?:[Tt]he|[Oo]ur)\s(?P<sizes>(?:{SIZES.pattern})(?:{_BETWEEN}(?:{SIZES.pattern}))+)\s(?:models|networks|variants|configurations|versions)\b"
_KIND = r"(?:\s(?:models?|networks?|variants?))?"
_TRAINS = r"(?:pre-?|re-?)?train|fine-?tun|optimi[sz]"
_SAID = (
    re.compile(
        rf"\b(?i:{_TRAINS})(?:ing|ed|s|e)?\s(?:of\s)?(?:(?:the|our|both|all)\s)?{_LIST}{_KIND}(?=[\s,.;)])",
    ),
    re.compile(
        rf"{_LIST}{_KIND}\s(?:(?:is|are|was|were|has been|have been)\s(?:\w+\s)?(?:{_TRAINS})|(?:takes?|took|requires?|required|needs?|needed|uses?|used|ran)\b)",
    ),
    re.compile(rf"\b(?:[GT]PUs?|hours?|days?|weeks?|minutes)\sfor\s(?:the\s|our\s)?{_LIST}(?=[\s,.;)])"),
    re.compile(
        rf"(?:^|[,;]\s|\b(?:and|or|but)\s){_LIST}\s(?:(?:on|for|in)\s(?=(?:an?|one|two|four|eight|\d+)\b)|(?=\(\d))"
    ),
    re.compile(rf"(?:^|[,;.]\s|\band\s){_LIST}(?::\s|\s)(?=\d+\s[^\W\d])"),
    re.compile(rf"\((?:for\s)?{_LIST}\)"),
    re.compile(_SIZED),
)
"""Where names of what is trained stand, in lists or alone."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SEPARATOR = re.compile(_BETWEEN)


@dataclass(frozen=True, slots=True)
class Group:
    """Names that stand together, and where in the sentence."""

    start: int
    end: int
    names: Names


def models_of(runs: Sequence[Parts]) -> list[Names]:
    """The models of each run of a paragraph, as its sentence lists them; none where it lists none."""
    found: list[Names] = [()] * len(runs)
    for told in _by_sentence(runs):
        sentence = _lead(runs[told[0]]).statement.sentence
        places = [_start(runs[index]) - sentence.start for index in told]
        for index, names in zip(told, _assigned(groups_in(sentence.text), places), strict=True):
            found[index] = names
    return found


def groups_in(text: str) -> list[Group]:
    """The names of what a sentence says is trained, those of a list together, in order; of what overlaps the longest."""
    ranked = sorted(_groups(text), key=lambda group: (group.start, -group.end))
    kept: list[Group] = []
    for group in ranked:
        if not kept or group.start >= kept[-1].end:
            kept.append(group)
    return kept


def _groups(text: str) -> Iterator[Group]:
    for pattern in _SAID:
        for found in pattern.finditer(text):
            start, end = found.span(pattern.groups)
            names = tuple(_spelt_out(_SEPARATOR.split(text[start:end])))
            if all(map(_may_be_name, names)):
                yield Group(start, end, names)


def _may_be_name(printed: str) -> bool:
    """Whether a word is a model's name by its letters, or a size: `Zip-S`, `ZipNet`, not `Zoph` or `Le 2017`."""
    if NO_MODEL.match(printed) or is_benchmark(printed) or _YEAR.search(printed):
        return False
    return bool(re.search(r"[A-Z\d-]", printed[1:]) or SIZES.fullmatch(printed))


def _spelt_out(printed: Sequence[str]) -> Iterator[str]:
    """Names in full: `Zip-S`, `-M`, `L` of `Zip-S, -M/L`."""
    stem = ""
    for name in printed:
        first, hyphen, last = name.rpartition("-")
        stem = first if first else stem
        short = hyphen and not first
        letter = not hyphen and bool(stem) and len(name) <= 2 and printed[0] != name
        yield f"{stem}-{last}" if stem and (short or letter) else name


def _by_sentence(runs: Sequence[Parts]) -> list[list[int]]:
    """The runs of each sentence, by their numbers and in its order."""
    found: dict[int, list[int]] = {}
    for index, run in enumerate(runs):
        found.setdefault(id(_lead(run).statement), []).append(index)
    return [sorted(told, key=lambda index: _start(runs[index])) for told in found.values()]


def _lead(run: Parts) -> Part:
    return next(iter(times_of(run)), run[0])


def _start(run: Parts) -> int:
    """Where the sentence of a run begins to tell of it."""
    lead = _lead(run)
    return min(part.told.finding.start for part in run if part.statement is lead.statement)


def _assigned(groups: Sequence[Group], places: Sequence[int]) -> list[Names]:
    """The names for runs that are told at some places: a group for each, or the names of the only group in order."""
    if len(groups) == len(places) > 1 and _take_turns(groups, places):
        return [group.names for group in groups]
    listed = [group for group in groups if len(group.names) > 1]
    if len(listed) == 1 and len(groups) == 1:
        names = listed[0].names
        if len(places) == 1:
            return [names]
        if len(places) == len(names):
            return [(name,) for name in names]
    return [()] * len(places)


def _take_turns(groups: Sequence[Group], places: Sequence[int]) -> bool:
    """Whether names and runs alternate."""
    order = sorted([(group.start, 0) for group in groups] + [(place, 1) for place in places])
    return all(one != other for (_, one), (_, other) in pairwise(order))
