"""A paper's benchmark scores from all its places: tables and sentences, which is the best, and whether they agree.

Here the drafts of tables and sentences meet. The best own score per benchmark, metric, split and way of testing is
the paper's headline; a score that abstract and table both state is surer than either, and one that they state
differently is a doubt to show. Finding scores is the work of `tables.scores` and `rules.scores`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.context import Context
from extractors.drafts import Draft
from extractors.facts.benchmarks import Metric
from extractors.facts.fields import FIELDS, Standing, same_value
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.mentions import vocabulary
from extractors.rules.scores import text_scores
from extractors.tables.scores import table_scores

_MARKED = 0.4
"""From this certainty on a row is marked as own by itself, its heading or its name."""
_CLOSE = 0.01
"""Table and text within this share of each other but not equal are taken to disagree about one score."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A draft with what it says."""

    draft: Draft
    group: tuple[str, ...]
    """Benchmark, metric, split, and ensemble apart from other ways of testing."""
    score: Quantity

    @property
    def in_table(self) -> bool:
        """Whether it stands in a table."""
        return bool(self.draft.features.get("in_table"))

    @property
    def metric(self) -> Metric:
        """The metric that decides which score is better."""
        return vocabulary().metrics[self.group[1]]


def score_drafts(context: Context) -> tuple[Draft, ...]:
    """Drafts of kind `result` for every own score of a paper, each with its standing."""
    tables = [_scored(draft) for draft in table_scores(context)]
    sentences = [_scored(draft) for draft in text_scores(context)]
    return tuple(_standing([*_compared(tables, sentences), *_compared(sentences, tables)]))


def _scored(draft: Draft) -> _Scored:
    names = {c.path: c.value.id for c in draft.candidates if isinstance(c.value, Name)}
    score = next(c.value for c in draft.candidates if isinstance(c.value, Quantity))
    setting = "ensemble" if names.get("result.setting") == "ensemble" else ""
    group = (names["result.benchmark"], names["result.metric"], names.get("result.split", ""), setting)
    return _Scored(draft, group, score)


def _compared(found: Iterable[_Scored], others: Sequence[_Scored]) -> list[_Scored]:
    """The drafts with what the other kind of place says of the same score."""
    return [replace(one, draft=_with_agreement(one, others)) for one in found]


def _with_agreement(one: _Scored, others: Sequence[_Scored]) -> Draft:
    alike = [other for other in others if other.group[:2] == one.group[:2]]
    agreeing = [other for other in alike if same_value(FIELDS["result.score"], one.score, other.score)]
    features = {**one.draft.features, "agrees_elsewhere": float(bool(agreeing))}
    if agreeing:
        abstract = max(other.draft.features.get("in_abstract", 0.0) for other in agreeing)
        features["in_abstract"] = max(features.get("in_abstract", 0.0), abstract)
        return replace(one.draft, features=features)
    rival = next((other for other in alike if _nearly(one, other)), None)
    if rival is None:
        return replace(one.draft, features=features)
    doubt = f"table and text disagree: {one.score.printed} or {rival.score.printed}"
    other_score = next(c for c in rival.draft.candidates if c.path == "result.score")
    candidates = (*one.draft.candidates, other_score)
    return replace(one.draft, candidates=candidates, features=features, reasons=(*one.draft.reasons, doubt))


def _nearly(one: _Scored, other: _Scored) -> bool:
    return abs(one.score.value - other.score.value) <= _CLOSE * one.score.value and one.group == other.group


def _standing(found: Sequence[_Scored]) -> list[Draft]:
    best: dict[tuple[str, ...], float] = {}
    for one in _eligible(found):
        known = best.get(one.group)
        if known is None or one.metric.better(one.score.value, known):
            best[one.group] = one.score.value
    return [_with_standing(one, "best" if one.score.value == best[one.group] else "other") for one in found]


def _eligible(found: Sequence[_Scored]) -> Iterator[_Scored]:
    """The drafts that can be the best of their group: sentences, and rows of the surest kind that the group has.

    Proposed models before rows that nothing marks, and results before ablations, whose best row is an own model on a
    part of the data, or one that the paper then improved.
    """
    surest: dict[tuple[str, ...], int] = {}
    for one in found:
        if one.in_table:
            surest[one.group] = max(surest.get(one.group, 0), _rank(one))
    for one in found:
        if not one.in_table or _rank(one) == surest[one.group]:
            yield one


def _rank(one: _Scored) -> int:
    features = one.draft.features
    marked = features.get("own_certain", 0.0) > _MARKED
    return 2 * (not features.get("ablation")) + marked


def _with_standing(one: _Scored, standing: Standing) -> Draft:
    evidence = one.draft.candidates[-1].evidence
    candidate = Candidate("result.standing", Name(standing, standing), evidence)
    return replace(one.draft, candidates=(*one.draft.candidates, candidate))
