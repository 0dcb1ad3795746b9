"""Benchmark scores of a paper's own models from its sentences: `achieves 28.4 BLEU on WMT 2014 English-to-German`.

A number is a score if a metric stands beside it and a benchmark near it; it is ours if the sentence speaks of us and
nothing between says that it is a difference, a comparison or somebody else's. Tables are read in
`extractors.tables.scores`; whether both agree is looked at in `extractors.scores`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.context import Context
from extractors.drafts import Draft
from extractors.facts.benchmarks import Benchmark, Metric
from extractors.facts.fields import Setting
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.mentions import (
    OTHER_DATA,
    UNTRACKED,
    benchmark_hits,
    cue_count,
    metric_hits,
    setting_in,
    split_in,
    vocabulary,
)
from extractors.ownership import Ownership
from extractors.phrases import Hit

RULE = "scores.sentence"

_NUMBER = re.compile(r"(?<![\w.,/^-])\d{1,3}(?:\.\d+)?(?![\w^]|\.\d|,\d|\s?-\s?[A-Za-z])(?:\s?%)?")
_VAGUE = frozenset(
    {"average", "avg", "mean", "total", "score", "easy", "medium", "med", "hard", "exact", "acc", "is"}
)
"""Metric words that running text uses for much else."""
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
    r"(?:above|below|over|under|within|exceed\w*|at least|more than|less than|>|<|to reach|until|target(?: of)?)\s*$",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|our|ours|us|this (?:work|paper)|the proposed)\b", re.IGNORECASE)
_TO_METRIC = re.compile(
    r"[%\s]*(?:(?:the|test|single|model|single-model|absolute|mean|of|in|overall|score|points?|\w+-crop)\s+){0,2}"
)
_FROM_METRIC = re.compile(
    r"\s*(?:\([^()\d]{0,30}\)\s*)?(?:[\w'’-]+[\s,]+|[=:(]\s*){0,9}?(?:of|at|to|is|was|are|with|=|:|\(|reach\w*|achiev\w*|obtain\w*|as|only|about|score|scores|rate)?\s*[~≈∼(]?\s*",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"\brespectively\b")
"""Numbers and names in two lists: which belongs to which is not a matter of distance."""
_UPON = re.compile(r"\s+(?:on|for)\s+(?:the\s+)?")
_ON = re.compile(r"(?:(?!\band\b)[^,;]){0,50}\b(?:on|in|for)\s+(?:the\s+)?(?:\w+\s+)?")
_STOP = re.compile(
    r"[;.]\s|\d|\b(?:than|while|whereas|by|versus|vs|but|improve\w*|gains?|increase\w*|reduc\w+|drops?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A number of a sentence with the metric it is printed with."""

    start: int
    end: int
    value: float
    printed: str
    metrics: tuple[str, ...]
    distance: int
    """Characters between number and metric."""


def text_scores(context: Context) -> Iterator[Draft]:
    """Drafts of the own results that the sentences of a paper state, in reading order."""
    before: Sentence | None = None
    for sentence in context.sentences:
        if sentence.paragraph.kind in ("text", "list"):
            same = before is not None and before.paragraph is sentence.paragraph
            yield from _scores_of(sentence, before if same else None, context)
            before = sentence


def _scores_of(sentence: Sentence, before: Sentence | None, context: Context) -> Iterator[Draft]:
    text = sentence.text
    numbered = _NUMBER.search(text) is not None
    metrics = [hit for hit in metric_hits(text) if _is_metric(hit, text)] if numbered else []
    if not numbered or _PAIRED.search(text) or not _speaks_of_us(sentence, before, context.ownership):
        return
    benchmarks = benchmark_hits(text, sentence.paragraph.text)
    distance = 0
    if not benchmarks and metrics and before is not None:
        benchmarks, distance = benchmark_hits(before.text, sentence.paragraph.text), 1
    for said in _numbers(text, metrics, benchmarks if distance == 0 else ()):
        if not _is_other(text, said):
            yield from _draft(sentence, said, benchmarks, distance, context)


def _is_metric(hit: Hit, text: str) -> bool:
    return (
        any(id != UNTRACKED for id in hit.ids) and text[hit.start : hit.end].strip(" .").lower() not in _VAGUE
    )


def _speaks_of_us(sentence: Sentence, before: Sentence | None, ownership: Ownership) -> bool:
    if sentence.paragraph.region in ("front", "abstract") or _WE.search(sentence.text):
        return True
    if any(name in sentence.text for name in ownership.headline):
        return True
    return (
        before is not None and bool(_WE.search(before.text)) and not re.search(r"\[\d+|et al", sentence.text)
    )


def _numbers(text: str, metrics: Sequence[Hit], taken: Sequence[Hit]) -> Iterator[_Said]:
    """The numbers that a metric stands beside."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if any(hit.start <= start < hit.end for hit in (*metrics, *taken)):
            continue
        beside = [(gap, hit) for hit in metrics if (gap := _gap(text, start, end, hit)) is not None]
        if beside and not _OTHER_UNIT.match(text, end) and not _BOUND.search(text, 0, start):
            gap, hit = min(beside, key=lambda pair: pair[0])
            ids = tuple(id for id in hit.ids if id != UNTRACKED)
            yield _Said(start, end, float(match[0].rstrip("% ")), match[0], ids, gap)
        elif not beside and (implied := _implied(text, match, taken)):
            yield _Said(start, end, float(match[0].rstrip("% ")), match[0], (implied,), end - start)


def _implied(text: str, number: re.Match[str], benchmarks: Sequence[Hit]) -> str | None:
    """The error rate that a percentage on a benchmark of nothing else must be: `5.2% on eval92`."""
    if not number[0].endswith("%"):
        return None
    for hit in benchmarks:
        known = [vocabulary().benchmarks[id] for id in hit.ids if id != OTHER_DATA]
        metrics = {id for benchmark in known for id in benchmark.ranges}
        errors = [id for id in metrics if vocabulary().metrics[id].error == "value"]
        if len(metrics) == len(errors) == 1 and _stands_on(text, number.end(), hit):
            return errors[0]
    return None


def _stands_on(text: str, end: int, hit: Hit) -> bool:
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


def _is_other(text: str, said: _Said) -> bool:
    """Whether a number is a difference, or the score of something that ours is compared with."""
    before, after = text[: said.start], text[said.end :]
    if _DIFFERENCE_BEFORE.search(before) or _DIFFERENCE_AFTER.match(after) or _CITED_AFTER.match(after):
        return True
    compared = _COMPARED_BEFORE.search(before)
    return compared is not None and not _OUTDONE.search(before[compared.start() :])


def _draft(
    sentence: Sentence, said: _Said, benchmarks: Sequence[Hit], distance: int, context: Context
) -> Iterator[Draft]:
    found = _meant(sentence.text, said, benchmarks)
    if found is None:
        return
    benchmark, metric, hit = found
    text = sentence.text
    upon = distance == 0 and _stands_on(text, said.end, hit)
    of_name = split_in(benchmark.id, text[hit.start : hit.end]) if upon else None
    sha256 = context.document.sha256
    start = sentence.start + said.start
    evidence = sentence.paragraph.evidence(sha256, RULE, start, sentence.start + said.end)
    split = of_name or split_in(benchmark.id, text) or benchmark.usual_split
    setting = _setting(sentence.text, said)
    values = [("benchmark", benchmark.id, benchmark.name), ("metric", metric.id, metric.name)]
    values += [("split", split, split)] if split else []
    values += [("setting", setting, setting)]
    candidates = [Candidate(f"result.{field}", Name(id, printed), evidence) for field, id, printed in values]
    score = Quantity.exact(said.value, metric.unit, said.printed)
    features = {
        "in_table": 0.0,
        "in_abstract": float(sentence.paragraph.region in ("front", "abstract")),
        "in_appendix": float(sentence.paragraph.region == "appendix"),
        "benchmark_distance": float(distance),
        "token_distance": min(said.distance / 10, 9.0),
        "own_sentence": float(bool(_WE.search(sentence.text))),
        "benchmark_alternatives": float(len({hit.ids for hit in benchmarks}) - 1),
    }
    yield Draft(
        "result",
        _mention(sentence.text, said, context.ownership),
        (*candidates, Candidate("result.score", score, evidence)),
        features,
    )


def _meant(text: str, said: _Said, benchmarks: Sequence[Hit]) -> tuple[Benchmark, Metric, Hit] | None:
    """The nearest benchmark that has one of the metrics and can have such a score; what follows counts as nearer."""
    words = vocabulary()
    for hit in sorted(benchmarks, key=lambda hit: _remoteness(text, said, hit)):
        if OTHER_DATA in hit.ids:
            return None
        for benchmark in (words.benchmarks[id] for id in hit.ids):
            fitting = [id for id in said.metrics if benchmark.plausible(id, said.value)]
            if fitting:
                best = max(fitting, key=lambda id: cue_count(id, text))
                return benchmark, words.metrics[best], hit
    return None


def _remoteness(text: str, said: _Said, hit: Hit) -> float:
    """How far a data set's name is from a number; one behind the next comma is farther."""
    if hit.start >= said.end:
        between = text[said.end : hit.start]
        if _ON.fullmatch(between):
            return 0.0
        return len(between) + (60.0 if re.search(r",|;|\band\b", between) else 0.0)
    return 1.2 * (said.start - hit.end)


def _setting(text: str, said: _Said) -> Setting:
    """The way of testing that the sentence names last before the number; one named only behind it may be another's."""
    before = [hit for hit in vocabulary().settings.find(text) if hit.start < said.start]
    return setting_in(text[before[-1].start : before[-1].end]) or "unspecified" if before else "unspecified"


def _mention(text: str, said: _Said, ownership: Ownership) -> str | None:
    """The proposed model that the sentence names last before the number, if it names one."""
    places = [(text.rfind(name, 0, said.start), name) for name in ownership.headline]
    named = [place for place in places if place[0] >= 0]
    return max(named)[1] if named else None
