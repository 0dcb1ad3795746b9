"""What a column of a result table measures: which benchmark, which metric, on which split, how.

Papers say it in the header, in the heading of a group of rows, in the caption, in the sentence that refers to the
table, or once for the whole paper, and rarely all in one place. The nearest place that says it wins; how far away it
was found stays with the meaning, because a benchmark that only the paper as a whole suggests is a weaker claim than
one in the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.facts.benchmarks import Metric
from extractors.facts.fields import Setting
from extractors.mentions import (
    UNTRACKED,
    benchmark_hits,
    cue_count,
    metric_hits,
    setting_in,
    split_in,
    vocabulary,
)

SURE = 0
"""The distance of a place in the header; each further place adds one."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a table, nearest first."""

    caption: str
    references: str
    """The sentences of the text that name the table."""
    section: str
    paper: tuple[str, ...]
    """Benchmarks of the whole paper, most often named first."""

    @property
    def wide(self) -> str:
        """All the words around the table."""
        return f"{self.caption} {self.references} {self.section}"


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
        for hit in reversed(metric_hits(line)):
            tracked = tuple(id for id in hit.ids if id != UNTRACKED)
            if found in ((), (UNTRACKED,)):
                found = tracked or hit.ids
            else:
                found = tuple(id for id in found if id in tracked) or found
        if found == (UNTRACKED,):
            return found
    return found


def parts_of_header(header: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Headers of the numbers in one cell where the lowest line names several: `top-1 / top-5`, `EM/F1`."""
    if not header:
        return ((),)
    above, last = tuple(header[:-1]), header[-1]
    parts = [part for part in last.replace("|", "/").split("/") if part.strip()]
    named = [part for part in parts if metric_hits(part)]
    if len(parts) < 2 or len(named) < len(parts):
        return (tuple(header),)
    return tuple((*above, part) for part in parts)


def meaning_of(
    header: Sequence[str], group: str, around: Surroundings, values: Sequence[float], *, bare: bool
) -> Meaning | None:
    """What numbers under a header measure, or None where that is none of ours or cannot be told.

    Args:
        header: the header's lines, top down.
        group: the heading of the rows' group and what else the rows say of themselves.
        around: the words around the table.
        values: the numbers themselves, which tell 76 % accuracy from 24 % error.
        bare: whether a metric named by the caption alone may be meant.
    """
    named = header_metrics(header)
    if named == (UNTRACKED,):
        return None
    distance = 0 if named else 1
    candidates = named or (_tracked(around.caption) if bare else ())
    found = _benchmark(" ".join(header), group, around, candidates)
    if found is None or (not bare and not named and found.distance > 1):
        return None
    if not candidates:
        candidates, distance = tuple(vocabulary().benchmarks[found.benchmark].ranges), 2
    metric = _metric(
        found.benchmark, candidates, (" ".join(header), group, around.caption, around.wide), values
    )
    if metric is None:
        return None
    chosen, by_values = metric
    places = (" ".join(header), group, around.caption, around.references)
    split = next((split for text in places if (split := split_in(found.benchmark, text))), None)
    setting = next((setting for text in places[:3] if (setting := setting_in(text))), None)
    return Meaning(
        found.benchmark, chosen.id, split, setting, found.distance, distance, found.alternatives, by_values
    )


@dataclass(frozen=True, slots=True)
class _Place:
    benchmark: str
    distance: int
    alternatives: int


def _benchmark(header: str, group: str, around: Surroundings, metrics: Sequence[str]) -> _Place | None:
    places = (header, group, around.caption, around.references, around.section)
    for distance, text in enumerate(places):
        ids = _fitting((id for hit in benchmark_hits(text, around.wide) for id in hit.ids), metrics)
        if ids:
            return _Place(ids[0], distance, len(ids) - 1)
    ids = _fitting(around.paper, metrics)
    return _Place(ids[0], len(places), len(ids) - 1) if ids and metrics else None


def _fitting(ids: Iterable[str], metrics: Sequence[str]) -> tuple[str, ...]:
    """The benchmarks that have one of the metrics, each once; all of them where no metric is known."""
    known = vocabulary().benchmarks
    return tuple(
        dict.fromkeys(id for id in ids if not metrics or not set(metrics).isdisjoint(known[id].ranges))
    )


def _tracked(text: str) -> tuple[str, ...]:
    hits = metric_hits(text)
    return tuple(dict.fromkeys(id for hit in hits for id in hit.ids if id != UNTRACKED))


def _metric(
    benchmark: str, candidates: Sequence[str], places: Sequence[str], values: Sequence[float]
) -> tuple[Metric, bool] | None:
    """The metric among candidates with the nearest cues, and whether only the values told it from its counterpart."""
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
    if not rivals or not values:
        return known[fitting[0]], False
    direction = "higher" if median(values) > 50 else "lower"
    by_value = [id for id in rivals if known[id].direction == direction]
    return known[by_value[0] if by_value else fitting[0]], True
