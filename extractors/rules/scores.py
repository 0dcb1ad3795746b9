"""Benchmark scores of a paper's own models from its sentences: `achieves 28.4 BLEU on WMT 2014 English-to-German`.

A number is a score if a metric stands beside it and a benchmark near it; it is ours if the sentence speaks of us and
nothing between says that it is a difference, a comparison or somebody else's. Tables are read in
`extractors.tables.scores`; whether both agree is looked at in `extractors.scores`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    settle,
    split_in,
    vocabulary,
)
from extractors.ownership import Ownership
from extractors.phrases import Hit
from extractors.rules.score_authors import WE, speaks_of_nobody, speaks_of_us
from extractors.rules.score_lists import remoteness
from extractors.rules.score_numbers import Names, Said, lists_like, numbers_of

RULE = "scores.sentence"

_DIGIT = re.compile(r"\d")
_VAGUE = frozenset(
    {"average", "avg", "mean", "total", "score", "easy", "medium", "med", "hard", "exact", "acc", "is"}
)
"""Metric words that running text uses for much else."""
_COMMON = frozenset({"accuracy", "error", "f1", "average_score"})
"""Metrics of too many data sets to take the benchmark from the paper as a whole."""
_PARAGRAPH = 5
"""So many sentences back a benchmark may be named; what only the paper as a whole names is as far away."""
_IN_BRACKETS = re.compile(r"\(\s?\d[^()]{0,80}\)")
"""One more number behind a number, which says of itself what it is of."""
_EXCEPT = re.compile(r"\b(?:without|except|excluding)\s(?:the\s)?$")
"""What stands before a data set that is left out: `on GLUE without WNLI`."""
_CLAUSE = re.compile(r"[;:]\s|,\s|\.\s|\band\b|\bwhile\b|\bwhereas\b")


def text_scores(context: Context) -> Iterator[Draft]:
    """Drafts of the own results that the sentences of a paper state, in reading order."""
    before: list[Sentence] = []
    earlier: list[Draft] = []
    for sentence in context.sentences:
        if sentence.paragraph.kind in ("text", "list"):
            if before and before[0].paragraph is not sentence.paragraph:
                before, earlier = [], []
            found = list(_scores_of(sentence, before, context))
            yield from found or _again(sentence, before, earlier, context)
            before.insert(0, sentence)
            earlier = found if len(found) > 1 else earlier


def _again(
    sentence: Sentence, before: Sequence[Sentence], earlier: Sequence[Draft], context: Context
) -> Iterator[Draft]:
    """Scores of a sentence that names nothing and lists as many numbers as an earlier one: they are of the same."""
    text = sentence.text
    if not earlier or metric_hits(text) or not speaks_of_us(sentence, before, context.ownership):
        return
    ids = [{c.path: c.value.id for c in one.candidates if isinstance(c.value, Name)} for one in earlier]
    benchmarks = {told["result.benchmark"] for told in ids}
    if len(benchmarks) > 1 or benchmark_hits(text) or any(split_in(id, text) for id in benchmarks):
        return
    printed = [
        one.candidates[-1].value.printed for one in earlier if isinstance(one.candidates[-1].value, Quantity)
    ]
    metrics = [told["result.metric"] for told in ids]
    splits = [told.get("result.split") for told in ids]
    if len(set(zip(metrics, splits, strict=True))) == len(earlier):
        for said in lists_like(text, printed, metrics, splits):
            yield from _draft(sentence, said, (Hit(tuple(benchmarks), 0, 0),), _PARAGRAPH, context)


def _scores_of(sentence: Sentence, before: Sequence[Sentence], context: Context) -> Iterator[Draft]:
    text = sentence.text
    if not _DIGIT.search(text):
        return
    if not (speaks_of_us(sentence, before, context.ownership) or speaks_of_nobody(sentence)):
        return
    metrics = tuple(hit for hit in metric_hits(text) if _is_metric(hit, text))
    title = context.document.title
    here = benchmark_hits(text, sentence.paragraph.text, title) or _known_from_paper(text, context)
    if not metrics and not here:
        return
    here = tuple(hit for hit in here if not _EXCEPT.search(text, 0, hit.start))
    benchmarks, distance = (here, 0) if here else _said_before(text, metrics, before, context)
    names = Names(text, metrics, here, _splits(text, benchmarks), context.ownership.headline)
    for said in numbers_of(names):
        yield from _draft(sentence, said, benchmarks, distance, context)


def _known_from_paper(text: str, context: Context) -> tuple[Hit, ...]:
    """Benchmarks by names that need a companion beside them, which stands elsewhere in the paper: `En-De`."""
    words = vocabulary()
    hits = words.benchmark_names.find(text)
    if any(OTHER_DATA in hit.ids for hit in hits):
        return ()
    named = (
        Hit(
            tuple(id for id in hit.ids if id in context.benchmarks and id in words.companions),
            hit.start,
            hit.end,
        )
        for hit in hits
    )
    return tuple(hit for hit in named if hit.ids)


def _is_metric(hit: Hit, text: str) -> bool:
    return (
        any(id != UNTRACKED for id in hit.ids) and text[hit.start : hit.end].strip(" .").lower() not in _VAGUE
    )


def _said_before(
    text: str, metrics: Sequence[Hit], before: Sequence[Sentence], context: Context
) -> tuple[tuple[Hit, ...], int]:
    """The benchmarks that a sentence speaks of without a name, and how far away it was found.

    They stand in the sentence before, or earlier in the paragraph; else it is the only one of the paper that has the metric.
    """
    if before and (found := benchmark_hits(before[0].text, before[0].paragraph.text, context.document.title)):
        return found, 1
    wanted = {id for hit in metrics if _COMMON.isdisjoint(hit.ids) for id in hit.ids}
    if not wanted:
        return (), 0
    for distance, sentence in enumerate(before[1:_PARAGRAPH], start=2):
        if found := benchmark_hits(sentence.text, sentence.paragraph.text, context.document.title):
            return found, distance
    known = vocabulary().benchmarks
    listed = {id for hit in metric_hits(text) for id in hit.ids}
    fitting = [id for id in context.benchmarks if wanted & set(known[id].ranges)] or [
        id for id in context.benchmarks if len(listed & set(known[id].ranges)) > 1
    ]
    only = settle(fitting, text, context.document.title) if len(fitting) == 1 else ()
    return ((Hit(only, 0, 0),), _PARAGRAPH) if only else ((), 0)


def _splits(text: str, benchmarks: Sequence[Hit]) -> tuple[tuple[Hit, ...], ...]:
    """The parts of each benchmark that a text names."""
    named = dict.fromkeys(id for hit in benchmarks for id in hit.ids)
    known = (vocabulary().splits.get(id) for id in named)
    return tuple(found for parts in known if parts and (found := parts.find(text)))


def _draft(
    sentence: Sentence, said: Said, benchmarks: Sequence[Hit], distance: int, context: Context
) -> Iterator[Draft]:
    found = _meant(sentence, said, benchmarks)
    if found is None:
        return
    benchmark, metric = found
    sha256 = context.document.sha256
    start = sentence.start + said.start
    evidence = sentence.paragraph.evidence(sha256, RULE, start, sentence.start + said.end)
    printed_split = said.split or _split(benchmark.id, sentence.text, said)
    split = printed_split or benchmark.usual_split
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
        "own_sentence": float(bool(WE.search(sentence.text))),
        "split_assumed": float(printed_split is None),
        "benchmark_alternatives": float(len({hit.ids for hit in benchmarks}) - 1),
    }
    yield Draft(
        "result",
        _mention(sentence.text, said, context.ownership),
        (*candidates, Candidate("result.score", score, evidence)),
        features,
        _reasons(distance, printed_split),
    )


def _reasons(distance: int, split: str | None) -> tuple[str, ...]:
    found = ["the sentence does not name the benchmark"] if distance else []
    return tuple(found if split else [*found, "nothing names the split"])


def _meant(sentence: Sentence, said: Said, benchmarks: Sequence[Hit]) -> tuple[Benchmark, Metric] | None:
    """The nearest benchmark that has one of the metrics and can have such a score; what follows counts as nearer."""
    words, text = vocabulary(), sentence.text
    listed = [hit for hit in benchmarks if said.name and hit.start == said.name.start]
    for hit in listed or sorted(benchmarks, key=lambda hit: remoteness(text, (said.start, said.end), hit)):
        if OTHER_DATA in hit.ids:
            return None
        for benchmark in (words.benchmarks[id] for id in hit.ids):
            rate = "error" in said.metrics and not said.printed.isdecimal()
            metrics = said.metrics + (_errors_of(benchmark) if rate else ())
            fitting = [id for id in metrics if benchmark.plausible(id, said.value)]
            if fitting:
                return benchmark, words.metrics[_nearest_metric(fitting, sentence)]
    return None


def _errors_of(benchmark: Benchmark) -> tuple[str, ...]:
    """The metric of a benchmark that has no other, if it is a rate of errors: `an error of 4.6` on words."""
    only = tuple(benchmark.ranges)
    return only if len(only) == 1 and vocabulary().metrics[only[0]].error == "value" else ()


def _nearest_metric(ids: Sequence[str], sentence: Sentence) -> str:
    """The metric for which most words speak; of several the one named last: `a top-5 error of 8.1%. Others have an error ...`."""
    counts = {id: cue_count(id, sentence.text) for id in ids}
    best = [id for id in ids if counts[id] == max(counts.values())]
    if len(best) > 1:
        for hit in reversed(metric_hits(sentence.paragraph.text[: sentence.start])):
            named = [id for id in best if id in hit.ids]
            if 0 < len(named) < len(best):
                return named[0]
    return best[0]


def _split(benchmark: str, text: str, said: Said) -> str | None:
    """The part of a benchmark that a number is of: what its list calls it, what follows it, or what stands before it."""
    if said.name and (named := split_in(benchmark, text[said.name.start : said.name.end])):
        return named
    behind = _IN_BRACKETS.sub(" ", text[said.end :])
    end = _CLAUSE.search(behind)
    followed = split_in(benchmark, behind[: end.start() if end else None])
    return followed or split_in(benchmark, text[: said.start], last=True) or split_in(benchmark, behind)


def _setting(text: str, said: Said) -> Setting:
    """The way of testing that the sentence names last before the number; one named only behind it may be another's."""
    before = [hit for hit in vocabulary().settings.find(text) if hit.start < said.start]
    named = text[before[-1].start : before[-1].end] if before else text[: said.start]
    setting = setting_in(named)
    return setting if setting and (before or setting == "ensemble") else "unspecified"


def _mention(text: str, said: Said, ownership: Ownership) -> str | None:
    """The proposed model that the sentence names last before the number, if it names one."""
    places = [(text.rfind(name, 0, said.start), name) for name in ownership.headline]
    named = [place for place in places if place[0] >= 0]
    return max(named)[1] if named else None
