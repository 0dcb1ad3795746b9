"""The numbers of a sentence that can be scores, each with the metric that is printed with it.

A metric stands beside its number, `28.4 BLEU`, `an error of 4.2%`, or once for several of them, `2.1/4.8 WER`, `54.9 on
the validation set and 52.8 on the test set`. Numbers that are differences, thresholds, counts or the scores of others
are left out here. Which benchmark a score is of, `rules.scores` tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.mentions import OTHER_DATA, UNTRACKED, metric_hits, vocabulary
from extractors.ownership import NAME
from extractors.phrases import Hit
from extractors.rules.score_lists import has_part, names_of, number_lists

_NUMBER = re.compile(
    r"(?<![\w.,^-])(?<!(?<![\d%])/)\d{1,3}(?:\.\d+)?(?![\w^]|\.\d|,\d|\s?-\s?[A-Za-z])(?:\s?%)?"
)
_DIFFERENCE_BEFORE = re.compile(
    r"(?:\bby(?:\s+\w+){0,3}|[+\u2212±]|\b(?:improvement|improvements|gain|gains|margin|drop|increase|decrease|reduction|boost|difference|gap)s?"
    r"(?:\s+\w+){0,3}\s+of(?:\s+\w+){0,2})\s*\(?\s*[~≈∼+]?\s*$",
    re.IGNORECASE,
)
_DIFFERENCE_AFTER = re.compile(
    r"\s*(?:%|percent)?\s*(?:absolute|relative|percentage points?|points?|pts?|(?:\w+[\s-]){0,3}(?:improvement|gain|increase|reduction|drop"
    r"|decrease|higher|lower|better|worse|more|less|boost))\b",
    re.IGNORECASE,
)
_COMPARED_BEFORE = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:to|with)|against|over|instead of|whereas|while|baselines?|previous(?:ly)?|prior|from"
    r"|outperform\w*|surpass\w*|exceed\w*|beat\w*|improv\w+ (?:up)?on|reported|state[- ]of[- ]the[- ]art (?:of|at|result))\b[^,;]{0,60}$",
    re.IGNORECASE,
)
_OUTDONE = re.compile(
    r"\b(?:obtain|achiev|reach|yield|attain|get|giv|result|establish|set)\w*\b[^,;]*$", re.IGNORECASE
)
_CITED_AFTER = re.compile(
    r"\s*(?:%|\w+\s*){0,2}(?:\[\s*\d+|\((?:[^()]*\b(?:19|20)\d{2}))|\s*(?:of|by|from|in)\s+[A-Z][\w-]*\s*(?:\[|\(|et al)"
)
_OTHER_UNIT = re.compile(
    r"\s*(?:FPS|fps|frames|ms|s\b|sec|min|hours?|days?|epochs?|iterations|steps|layers?|GPUs?|TPUs?|images?|classes|categories|crops?|models?|networks?"
    r"|x\b|×|[KMBG]\b|[kK]\s|million|billion|parameters|proposals|boxes|labels|examples|tasks|runs|times|of the|I[oO]U)"
)
_BOUND = re.compile(
    r"(?:above|below|over|under|within|exceed\w*|at least|more than|less than|>|<|to reach|until|target(?: of)?|thresholds?(?: of)?|\b(?:tab|table|fig|figure|sec|section|eq|appendix)s?\.?)\s*\(?$",
    re.IGNORECASE,
)
_TO_METRIC = re.compile(
    r"[%\s]*(?:(?:test|single|model|single-model|absolute|mean|of|in|overall|score|points?|\w+-crop)\s+){0,2}"
)
_FROM_METRIC = re.compile(
    r"\s*(?:\([^()\d]{0,30}\)\s*)?(?:[\w'’-]+[\s,]+|[=:(]\s*){0,9}?(?:of|at|to|is|was|are|with|=|:|\(|reach\w*|achiev\w*|obtain\w*|as|only|about|score|scores|rate)?\s*[~≈∼(]?\s*",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[;.]\s|\d|\b(?:than|while|whereas|by|versus|vs|but|improve\w*|gains?|increase\w*|reduc\w+|drops?)\b",
    re.IGNORECASE,
)
_UPON = re.compile(r"\s+(?:on|for)\s+(?:the\s+)?")
_PAIRED = re.compile(r"\brespectively\b")
"""Numbers and names in two lists: which belongs to which is not a matter of distance."""
_AND = re.compile(r"[,;]|\band\b|/")
_CARRIED_OVER = 80
"""Characters over which a metric holds for a further number."""


@dataclass(frozen=True, slots=True)
class Said:
    """A number of a sentence with the metric it is printed with."""

    start: int
    end: int
    value: float
    printed: str
    metrics: tuple[str, ...]
    distance: int
    """Characters between number and metric."""
    name: Hit | None = None
    """What a list of as many names calls it."""
    split: str | None = None
    """Its part of the data, where an earlier sentence tells it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a sentence names."""

    text: str
    metrics: tuple[Hit, ...]
    """Words that surely are metrics."""
    benchmarks: tuple[Hit, ...]
    splits: tuple[tuple[Hit, ...], ...]
    """Parts of each benchmark that may be meant, from left to right."""
    own: tuple[str, ...] = ()
    """Names of the paper's own models."""

    @property
    def kinds(self) -> tuple[Sequence[Hit], ...]:
        """What numbers in a list may be distinguished by; metrics by words that running text uses for much else, too."""
        return (*self.splits, self.benchmarks, metric_hits(self.text))

    @property
    def masked(self) -> str:
        """The sentence with its data sets and own models blotted out, whose digits and capitals say nothing here."""
        places = [(hit.start, hit.end) for hits in (self.benchmarks, *self.splits) for hit in hits]
        places += [found.span() for name in self.own for found in re.finditer(re.escape(name), self.text)]
        letters = list(self.text)
        for start, end in places:
            letters[start:end] = "_" * (end - start)
        return "".join(letters)


def numbers_of(names: Names) -> Iterator[Said]:
    """The numbers that can be scores of ours; what they are differences to or are compared with is left out."""
    text, masked = names.text, names.masked
    taken = (*names.metrics, *names.benchmarks, *(hit for hits in names.splits for hit in hits))
    numbers = [
        n for n in _NUMBER.finditer(text) if not any(hit.start <= n.start() < hit.end for hit in taken)
    ]
    before: Said | None = None
    for group in number_lists(text, numbers):
        named = names_of(text, group, numbers, names.kinds) if len(group) > 1 else ()
        found = list(_paired(group, named, names) if named else _single(group, masked, names, before))
        other = bool(named) and any(_is_other(text, said) for said in found)
        for said in found:
            before = None if other or _is_other(text, said) else said
            if before:
                yield before


def lists_like(
    text: str, printed: Sequence[str], metrics: Sequence[str], splits: Sequence[str | None]
) -> Iterator[Said]:
    """Numbers in a list like one of an earlier sentence: `A plain net gives 3.2% and 7.1%`, each again of the same.

    Args:
        text: a sentence that names neither metrics nor data.
        printed: the numbers of the earlier sentence, in order.
        metrics: the metric of each.
        splits: the part of the data of each.
    """
    for group in number_lists(text, list(_NUMBER.finditer(text))):
        alike = [("%" in a[0]) == ("%" in b) and "." in a[0] for a, b in zip(group, printed, strict=False)]
        if len(group) != len(printed) or not all(alike) or _OTHER_UNIT.match(text, group[-1].end()):
            continue
        found = [
            replace(_said(number, (metric,), 0), split=split)
            for number, metric, split in zip(group, metrics, splits, strict=True)
        ]
        if not any(_is_other(text, said) for said in found):
            yield from found


def _paired(group: Sequence[re.Match[str]], named: Sequence[Hit], names: Names) -> Iterator[Said]:
    """The numbers of a list with the names of another; the metric is their name or stands beside one of them."""
    beside = [
        (gap, hit)
        for n in group
        for hit in names.metrics
        if (gap := _gap(names.text, *n.span(), hit)) is not None
    ]
    distance, shared = min(beside, key=lambda pair: pair[0]) if beside else (0, None)
    for number, name in zip(group, named, strict=True):
        ids = tuple(id for id in name.ids if id in vocabulary().metrics)
        known = ids or (_tracked_ids(shared) if shared else _errors_of(names.benchmarks, group))
        if known:
            yield _said(number, known, distance, name)


def _single(group: Sequence[re.Match[str]], masked: str, names: Names, before: Said | None) -> Iterator[Said]:
    """The numbers of a list that each have a metric of their own; nothing else tells which of two is which."""
    text = names.text
    if _PAIRED.search(text) or any("/" in text[a.end() : b.start()] for a, b in pairwise(group)):
        return
    for number in group:
        start, end = number.span()
        if _OTHER_UNIT.match(text, end) or _BOUND.search(text, 0, start):
            continue
        beside = [(gap, hit) for hit in names.metrics if (gap := _gap(masked, start, end, hit)) is not None]
        if beside:
            gap, hit = min(beside, key=lambda pair: pair[0])
            before = _said(number, _tracked_ids(hit), gap)
        elif implied := _implied(text, number, names.benchmarks):
            before = _said(number, (implied,), end - start)
        elif (
            before and len({hit.ids for hit in names.metrics}) < 2 and _goes_on(names, masked, number, before)
        ):
            before = _said(number, before.metrics, start - before.end)
        else:
            continue
        yield before


def _said(number: re.Match[str], metrics: tuple[str, ...], distance: int, name: Hit | None = None) -> Said:
    start, end = number.span()
    return Said(start, end, float(number[0].rstrip("% ")), number[0], metrics, distance, name)


def _tracked_ids(hit: Hit) -> tuple[str, ...]:
    return tuple(id for id in hit.ids if id not in (UNTRACKED, OTHER_DATA))


def _goes_on(names: Names, masked: str, number: re.Match[str], before: Said) -> bool:
    """Whether a number goes on after a score with one more of the same metric: `54.9 on one set and 52.8 on the other`."""
    between = masked[before.end : number.start()]
    if between.strip() == "(":
        return "." in number[0] and has_part(names.text, number.end(), names.splits)
    if len(between) > _CARRIED_OVER or "." not in number[0] or ("%" in number[0]) != ("%" in before.printed):
        return False
    followed = re.match(rf"\s?(?:for|of|by)\s(?:the\s)?{NAME}", masked[number.end() :])
    return bool(_AND.search(between)) and not (_STOP.search(between) or re.search(NAME, between) or followed)


def _errors_of(benchmarks: Sequence[Hit], group: Sequence[re.Match[str]]) -> tuple[str, ...]:
    """The error rate that percentages on benchmarks of nothing else must be."""
    errors = {_only_error(hit) for hit in benchmarks}
    return (
        (errors.pop() or "",)
        if len(errors) == 1 and None not in errors and group[-1][0].endswith("%")
        else ()
    )


def _only_error(hit: Hit) -> str | None:
    """The metric of a benchmark that has no other, if it is an error rate."""
    metrics = {id for one in _tracked_ids(hit) for id in vocabulary().benchmarks[one].ranges}
    errors = [id for id in metrics if vocabulary().metrics[id].error == "value"]
    return errors[0] if len(metrics) == len(errors) == 1 else None


def _implied(text: str, number: re.Match[str], benchmarks: Sequence[Hit]) -> str | None:
    """The error rate that a percentage on a benchmark of nothing else must be: `5.2% on eval92`."""
    if not number[0].endswith("%"):
        return None
    upon = (hit for hit in benchmarks if stands_on(text, number.end(), hit))
    return next((error for hit in upon if (error := _only_error(hit))), None)


def stands_on(text: str, end: int, hit: Hit) -> bool:
    """Whether a number that ends at `end` is said to be on the benchmark of a hit: `5.2% on eval92`."""
    return end <= hit.start and _UPON.fullmatch(text, end, hit.start) is not None


def _gap(text: str, start: int, end: int, hit: Hit) -> int | None:
    """Characters between a number and a metric it is printed with; None if it is not printed with it."""
    if end <= hit.start:
        between = text[end : hit.start]
        return len(between) if _TO_METRIC.fullmatch(between) else None
    between = text[hit.end : start]
    if len(between) > 90 or _STOP.search(between):
        return None
    return len(between) + 3 if _FROM_METRIC.fullmatch(between) else None


def _is_other(text: str, said: Said) -> bool:
    """Whether a number is a difference, or the score of something that ours is compared with."""
    before, after = text[: said.start], text[said.end :]
    if _DIFFERENCE_BEFORE.search(before) or _DIFFERENCE_AFTER.match(after) or _CITED_AFTER.match(after):
        return True
    compared = _COMPARED_BEFORE.search(before)
    return compared is not None and not _OUTDONE.search(before[compared.start() :])
