"""What a column of a result table measures: which benchmark, which metric, on which split, how.

Papers say it in the header, in the heading of a group of rows, in the caption, in the sentence that refers to the
table, or once for the whole paper, and rarely all in one place. The nearest place that says it wins; how far away it
was found stays with the meaning, because a benchmark that only the paper as a whole suggests is a weaker claim than
one in the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from extractors.facts.benchmarks import Direction, Metric
from extractors.facts.fields import Setting
from extractors.mentions import (
    COMMON_SPLITS,
    OTHER_DATA,
    UNTRACKED,
    benchmark_hits,
    cue_count,
    metric_hits,
    names_other_part,
    setting_in,
    split_around,
    split_in,
    vocabulary,
)
from extractors.tables.marks import without_marks

_DECISIVE = 2
"""Up to this distance a data set that is named shuts out those named farther away, even where it does not fit."""
_GENERIC = frozenset({"accuracy", "error", "f1", "average_score", "pckh", "ap_easy", "ap_medium", "ap_hard"})
"""Metrics of too many data sets to take the benchmark from the paper as a whole."""
_TELLING_TASK = frozenset({"box_ap", "mask_ap"})
"""Metrics that say themselves what is found: a plain `AP` may be of keypoints too."""
_OF_SIZE = re.compile(r"\]?\s?\((?:small|mid|medium|large|[SML])\)$")
"""Average precision of objects of one size."""
_OVER_CLASSES = re.compile(r"\W*(?:mean|avg\.?|average)\W*", re.IGNORECASE)
"""What stands over the mean of a table of average precisions by class."""
_DEV_SET = re.compile(
    r"\b(?:on|of|for) (?:the |our |a )?(?:[^\s,.;:()]+ ){0,2}(?:development|validation|dev|valid|held-out) (?:sets?|data|split)\b",
    re.IGNORECASE,
)
_OF_CLASSES = ("map", "box_ap")
_PROTOCOL = re.compile(
    r"\W*(?:linear|lin\.|k-?\s?NN|fine-?tun(?:e|ed|ing)|FT|LP)(?:\s(?:eval\w*\.?|prob(?:e|ing)|classif\w+|cls\.?))?\W*",
    re.IGNORECASE,
)
_JUDGED = re.compile(
    r"\b(?:linear (?:and|eval\w*|prob\w+|classif\w+|protocol)|k-?\s?NN|nearest[- ]neighbou?r|self-supervised|fine-?tuning|frozen)\b",
    re.IGNORECASE,
)
"""How features of self-supervised models are judged, and what says that a table is about that."""
_ACCURACIES = ("top1_accuracy", "accuracy")
_FIRST_AND_FIFTH = frozenset({"top1_accuracy", "top5_accuracy"})
"""What a plain `accuracy` may be; the first guess is meant."""
_WHOLE_PAPER = 5
"""So far away stands what only the paper as a whole is about: no column of it that says not even what it measures."""
_SIBLINGS = 2
"""So far away other columns name a benchmark: nearer than the caption does."""


@dataclass(frozen=True)
class Surroundings:
    """What stands around a table, nearest first."""

    caption: str
    references: str
    """The sentences of the text that name the table."""
    section: str
    paper: tuple[str, ...]
    """Benchmarks of the whole paper, most often named first."""
    title: str = ""
    """The paper's title, which may say what task a data set is used for."""
    sections: str = ""
    """The headings over the sentences that name the table."""
    headers: str = ""
    """The headers of all columns of numbers."""

    @cached_property
    def said_of_all(self) -> str:
        """The caption without what it says of single rows."""
        return without_marks(self.caption)

    @property
    def near(self) -> str:
        """The words of and above the table."""
        return f"{self.caption} {self.section}"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the numbers of a column, or one of several in its cells, are."""

    benchmark: str
    metric: str
    split: str | None
    setting: Setting | None
    benchmark_distance: int
    """0 in the header, 1 in the row's group, then caption, references, section, whole paper."""
    metric_distance: int
    """0 in the header, 1 in the caption, 2 where only the values tell."""
    alternatives: int
    """How many other benchmarks the place names that would do as well."""
    values_decide: bool = False
    """Whether error or accuracy was told from the values alone."""


def header_metrics(header: Sequence[str]) -> tuple[str, ...]:
    """The metrics a header may mean, by its lowest line that names any; `UNTRACKED` alone if it is none of ours.

    Higher lines narrow the choice: `top-1` under `error` can only be the error.
    """
    found: tuple[str, ...] = ()
    for line in reversed(header):
        if _OF_SIZE.search(line):
            return (UNTRACKED,)
        for hit in reversed(metric_hits(line)):
            tracked = tuple(id for id in hit.ids if id != UNTRACKED)
            if found in ((), (UNTRACKED,)):
                found = tracked or hit.ids
            else:
                found = tuple(id for id in found if id in tracked) or found
        if found == (UNTRACKED,):
            return found
    return found


def meaning_of(
    header: Sequence[str],
    group: str,
    row: str,
    around: Surroundings,
    values: Sequence[float],
    *,
    bare: bool,
    order: Direction | None = None,
) -> Meaning | None:
    """What numbers under a header measure, or None where that is none of ours or cannot be told.

    Args:
        header: the header's lines, top down.
        group: the heading of the rows' group.
        row: what the row says of itself, as in a column of data sets.
        around: the words around the table.
        values: the numbers themselves, which tell 76 % accuracy from 24 % error.
        bare: whether a metric named by the caption alone may be meant.
        order: which scores the table's own numbers show to be better, where they do.
    """
    named = (*header_metrics(header), *_mean_of_classes(header, around.caption)) or _of_protocol(
        header, around
    )
    if named == (UNTRACKED,) or not any(header):
        return None
    distance = 0 if named else 1
    candidates = named or (_tracked(around.caption) if bare else ())
    found = _benchmark(header, group, row, around, candidates)
    if found is None or not (bare or named or _names_part(header[-1], found.benchmark)):
        return None
    if found.distance == _WHOLE_PAPER and not named:
        return None
    if names_other_part(found.benchmark, (*header, row)) or _is_of_dev_set(found.benchmark, header, around):
        return None
    if not candidates:
        around_it = _tracked(around.caption) or _tracked(around.references)
        if not around_it and found.distance > 0:
            return None
        known = tuple(vocabulary().benchmarks[found.benchmark].ranges)
        candidates, distance = tuple(id for id in around_it if id in known) or known, 2
    near = (" ".join(header), group, around.caption, around.references)
    metric = _metric(found.benchmark, candidates, near, values, named=bool(named))
    if metric is None:
        return None
    chosen, by_values = metric
    if _is_ruled_out(chosen, found.benchmark, candidates, values, order):
        chosen, by_values = vocabulary().metrics[chosen.counterpart or chosen.id], True
    places = (" ".join(header), group, row, around.caption, around.references)
    split = split_in(found.benchmark, places[0], last=True) or next(
        (split for text in places[1:] if (split := split_around(found.benchmark, text))), None
    )
    said = (*places[:3], around.said_of_all)
    setting = next((setting for text in said if (setting := setting_in(text))), None)
    return Meaning(
        found.benchmark, chosen.id, split, setting, found.distance, distance, found.alternatives, by_values
    )


def _is_of_dev_set(benchmark: str, header: Sequence[str], around: Surroundings) -> bool:
    """Whether a caption says that its scores are of held-out data of a benchmark that is tracked on its test set alone."""
    splits = vocabulary().benchmarks[benchmark].splits
    if not splits or not _DEV_SET.search(around.caption) or {"val", "dev"} & set(splits):
        return False
    return not any(split_in(benchmark, text) for text in (*header, around.caption))


def _mean_of_classes(header: Sequence[str], caption: str) -> tuple[str, ...]:
    """The metric of a column `mean` in a table whose caption says that it prints average precisions."""
    if not header or not _OVER_CLASSES.fullmatch(header[-1]):
        return ()
    told = _tracked(caption)
    return tuple(id for id in _OF_CLASSES if id in told)


def _of_protocol(header: Sequence[str], around: Surroundings) -> tuple[str, ...]:
    """The metric of a column that names how features were judged, beside words that say that they were: `k-NN`, `Linear`."""
    if not header or not _PROTOCOL.fullmatch(header[-1]):
        return ()
    return _ACCURACIES if _JUDGED.search(f"{around.near} {around.references}") else ()


def _names_part(line: str, benchmark: str) -> bool:
    """Whether the lowest line of a header names the benchmark or a split of it, rather than a class or a task."""
    return bool(benchmark_hits(line) or split_in(benchmark, line))


@dataclass(frozen=True, slots=True)
class _Place:
    benchmark: str
    distance: int
    alternatives: int


def _benchmark(
    header: Sequence[str], group: str, row: str, around: Surroundings, metrics: Sequence[str]
) -> _Place | None:
    if any(_is_other(line, around) for line in header):
        return None
    places = (
        " ".join(header),
        group,
        around.caption,
        around.references,
        f"{around.section} {around.sections}",
    )
    for distance, text in enumerate(places):
        if distance == _SIBLINGS and (ids := _told_by_siblings(header, around, metrics)):
            return _Place(ids[0], 0, 0)
        named = _named(text, around)
        ids = _fitting(named, metrics)
        if len(ids) > 1:
            of_row = [id for id in _named(row, around) if id in ids]
            return _Place((of_row or _most_named(ids, around))[0], distance, 0 if of_row else len(ids) - 1)
        if ids := ids or _told_by_metric(text, metrics):
            return _Place(ids[0], distance, 0)
        if named and distance <= _DECISIVE:
            return None
    ids = _fitting(around.paper, metrics)
    return _Place(ids[0], _WHOLE_PAPER, len(ids) - 1) if ids and _is_specific(metrics) else None


def _told_by_siblings(header: Sequence[str], around: Surroundings, metrics: Sequence[str]) -> tuple[str, ...]:
    """The benchmark that another column names and of which this one names a part of its own: `CH` beside `SWB`."""
    if not header:
        return ()
    ids = _fitting(_named(around.headers, around), metrics)
    return tuple(id for id in ids if (split_in(id, header[-1]) or "test") not in COMMON_SPLITS)


def _named(text: str, around: Surroundings) -> list[str]:
    return [id for hit in benchmark_hits(text, around.near, around.title) for id in hit.ids]


def _told_by_metric(text: str, metrics: Sequence[str]) -> tuple[str, ...]:
    """The task on a data set of several that alone has a metric, whatever else is spoken of: `AP box` beside keypoints."""
    if not metrics or not _TELLING_TASK.issuperset(metrics):
        return ()
    hits = vocabulary().benchmark_names.find(text)
    return next((ids for hit in hits if len(hit.ids) > 1 and (ids := _fitting(hit.ids, metrics))), ())


def _most_named(ids: Sequence[str], around: Surroundings) -> list[str]:
    """Benchmarks in the order in which the paper names them most often, where one name stands for all of them."""
    shared = set(ids) in [set(hit.ids) & set(ids) for hit in benchmark_hits(around.caption)]
    return (
        sorted(ids, key=lambda id: around.paper.index(id) if id in around.paper else len(around.paper))
        if shared
        else list(ids)
    )


def _is_other(line: str, around: Surroundings) -> bool:
    """Whether a line of a header names other data sets last."""
    return _named(line, around)[-1:] == [OTHER_DATA]


def _is_specific(metrics: Sequence[str]) -> bool:
    """Whether a metric is of so few data sets that the paper as a whole tells which: AP, BLEU, top-1, but not accuracy."""
    known = vocabulary().metrics
    rest = [id for id in metrics if id not in _GENERIC]
    if len(rest) == len(metrics):
        return bool(rest)
    return bool(rest) and set(rest) <= {rest[0], known[rest[0]].counterpart}


def _fitting(ids: Iterable[str], metrics: Sequence[str]) -> tuple[str, ...]:
    """The benchmarks that have one of the metrics, each once; all of them where no metric is known."""
    known, wanted = vocabulary().benchmarks, set(metrics)
    tracked = dict.fromkeys(id for id in ids if id != OTHER_DATA)
    return tuple(id for id in tracked if not metrics or not wanted.isdisjoint(known[id].ranges))


def _tracked(text: str) -> tuple[str, ...]:
    hits = metric_hits(text)
    return tuple(dict.fromkeys(id for hit in hits for id in hit.ids if id != UNTRACKED))


def _is_ruled_out(
    chosen: Metric,
    benchmark: str,
    candidates: Sequence[str],
    values: Sequence[float],
    order: Direction | None,
) -> bool:
    """Whether the numbers say that the counterpart of a metric is meant, where the header leaves both open.

    What stands around a table may speak of errors and of accuracies.
    """
    if chosen.counterpart is None or chosen.counterpart not in candidates:
        return False
    if order:
        return chosen.direction != order
    data, middle = vocabulary().benchmarks[benchmark], median(values) if values else 0.0
    return not data.plausible(chosen.id, middle) and data.plausible(chosen.counterpart, middle)


def _metric(
    benchmark: str, candidates: Sequence[str], places: Sequence[str], values: Sequence[float], *, named: bool
) -> tuple[Metric, bool] | None:
    """The metric among candidates with the nearest cues, and whether only the values told it from its counterpart.

    Where the header names a metric and no cue tells which (AP of boxes or masks), the primary one is meant; so it is
    where a caption speaks of accuracy.
    """
    known, ranges = vocabulary().metrics, vocabulary().benchmarks[benchmark].ranges
    fitting = [id for id in candidates if id in ranges]
    if not fitting:
        return None
    for text in places:
        counts = {id: cue_count(id, text) for id in fitting}
        fitting = [id for id in fitting if counts[id] == max(counts.values())]
        if len(fitting) == 1:
            return known[fitting[0]], False
    rivals = [id for id in fitting if known[id].counterpart in fitting]
    if not rivals:
        primary = vocabulary().benchmarks[benchmark].primary
        told = named or _FIRST_AND_FIFTH.issuperset(fitting)
        return (known[primary], False) if told and primary in fitting else None
    if not values:
        return None
    direction = "higher" if median(values) > 50 else "lower"
    by_value = [id for id in rivals if known[id].direction == direction]
    return known[by_value[0] if by_value else fitting[0]], True
