"""A paper's benchmark scores from all its places: tables and sentences, which is the best, and whether they agree.

Here the drafts of tables and sentences meet. The best own score per benchmark, metric, split and way of testing is
the paper's headline; a score that abstract and table both state is surer than either, and one that they state
differently is a doubt to show. Finding scores is the work of `tables.scores` and `rules.scores`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.context import Context
from extractors.drafts import Draft
from extractors.facts.benchmarks import Metric
from extractors.facts.fields import FIELDS, Standing, same_value
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.mentions import may_mean, vocabulary
from extractors.rules.scores import text_scores
from extractors.tables.scores import table_scores

_MARKED = 0.4
"""From this certainty on a row is marked as own by itself, its heading or its name."""
_CLOSE = 0.01
"""Table and text within this share of each other but not equal are taken to disagree about one score."""


_ALWAYS_APART = frozenset({"ensemble"})
_APART = frozenset({"ensemble", "multi-crop", "multi-scale"})


@dataclass(frozen=True, slots=True)
class _Scored:
    """A draft with what it says."""

    draft: Draft
    group: tuple[str, ...]
    """Benchmark, metric, split and way of testing."""
    score: Quantity

    @property
    def in_table(self) -> bool:
        """Whether it stands in a table."""
        return bool(self.draft.features.get("in_table"))

    @property
    def assumed(self) -> bool:
        """Whether nothing in or around its table names the split."""
        return self.in_table and not self.draft.features.get("split_printed")

    @property
    def metric(self) -> Metric:
        """The metric that decides which score is better."""
        return vocabulary().metrics[self.group[1]]


def score_drafts(context: Context) -> tuple[Draft, ...]:
    """Drafts of kind `result` for every own score of a paper, each with its standing."""
    read = [_scored(draft) for draft in (*table_scores(context), *text_scores(context))]
    scored = _by_setting(_on_known_splits(read))
    tables = _with_repeats([one for one in scored if one.in_table])
    sentences = [_in_its_group(one, tables) for one in scored if not one.in_table]
    return tuple(_standing([*_compared(tables, sentences), *_compared(sentences, tables)]))


def _scored(draft: Draft) -> _Scored:
    names = {c.path: c.value.id for c in draft.candidates if isinstance(c.value, Name)}
    score = next(c.value for c in draft.candidates if isinstance(c.value, Quantity))
    group = (names["result.benchmark"], names["result.metric"], names.get("result.split", ""))
    return _Scored(draft, (*group, names.get("result.setting", "")), score)


def _on_known_splits(found: Sequence[_Scored]) -> list[_Scored]:
    """Results with an assumed split on the one that the paper's other tables name, where they name but one."""
    named: dict[str, set[str]] = {}
    for one in found:
        if one.in_table and not one.assumed:
            named.setdefault(one.group[0], set()).add(one.group[2])
    return [
        _on_split(one, *named[one.group[0]]) if one.assumed and len(named.get(one.group[0], ())) == 1 else one
        for one in found
    ]


def _on_split(one: _Scored, split: str) -> _Scored:
    candidates = tuple(
        replace(known, value=Name(split, split)) if known.path == "result.split" else known
        for known in one.draft.candidates
    )
    return replace(
        one, draft=replace(one.draft, candidates=candidates), group=(*one.group[:2], split, one.group[3])
    )


def _by_setting(found: Sequence[_Scored]) -> list[_Scored]:
    """Results with the ways of testing that have a best of their own: ensembles, and several crops or scales beside one."""
    single = {one.group[:3] for one in found if one.group[3] == "single"}
    kept = [_APART if one.group[:3] in single else _ALWAYS_APART for one in found]
    return [
        replace(one, group=(*one.group[:3], one.group[3] if one.group[3] in apart else ""))
        for one, apart in zip(found, kept, strict=True)
    ]


def _in_its_group(one: _Scored, tables: Sequence[_Scored]) -> _Scored:
    """A sentence's score with the group of the table that prints it, for sentences leave out split and way of testing."""
    same = [
        table
        for table in tables
        if _may_be_of(one, table) and same_value(FIELDS["result.score"], one.score, table.score)
    ]
    return replace(one, group=same[0].group) if same and all(t.group != one.group for t in same) else one


def _with_repeats(tables: Sequence[_Scored]) -> list[_Scored]:
    """Rows with whether another table prints their score too, and whether theirs is the first that does."""
    places: dict[tuple[str, str, float], dict[str, None]] = {}
    for one in tables:
        places.setdefault(_what(one), {})[_table_of(one)] = None
    return [replace(one, draft=_with_place_among(one, list(places[_what(one)]))) for one in tables]


def _with_place_among(one: _Scored, tables: Sequence[str]) -> Draft:
    told = {"repeated": float(len(tables) > 1), "first_table": float(tables[0] == _table_of(one))}
    return replace(one.draft, features={**one.draft.features, **told})


def _what(one: _Scored) -> tuple[str, str, float]:
    return one.group[0], one.group[1], one.score.value


def _table_of(one: _Scored) -> str:
    """The table where a row stands; of those without a number, one a page."""
    evidence = one.draft.candidates[-1].evidence
    return f"{evidence.anchor} {evidence.page}"


def _may_be_of(one: _Scored, table: _Scored) -> bool:
    """Whether a sentence's number can be of what a row measures; its plain `mAP` may be at the threshold that a column names."""
    said, printed = one.group[1], table.group[1]
    return one.group[0] == table.group[0] and (said == printed or may_mean(said, printed))


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
    doubt = _disagreement(*(one, rival) if one.in_table else (rival, one))
    other_score = next(c for c in rival.draft.candidates if c.path == "result.score")
    candidates = (*one.draft.candidates, other_score)
    return replace(one.draft, candidates=candidates, features=features, reasons=(*one.draft.reasons, doubt))


def _disagreement(table: _Scored, sentence: _Scored) -> str:
    where = "abstract" if sentence.draft.features.get("in_abstract") else "text"
    return f"table and {where} disagree: {table.score.printed} or {sentence.score.printed}"


def _nearly(one: _Scored, other: _Scored) -> bool:
    return abs(one.score.value - other.score.value) <= _CLOSE * one.score.value and one.group == other.group


def _standing(found: Sequence[_Scored]) -> list[Draft]:
    best: dict[tuple[str, ...], float] = {}
    for one in _eligible(found):
        known = best.get(one.group)
        if known is None or one.metric.better(one.score.value, known):
            best[one.group] = one.score.value
    return [_with_standing(one, "best" if _is_best(one, best) else "other") for one in found]


def _is_best(one: _Scored, best: Mapping[tuple[str, ...], float]) -> bool:
    """Whether a score is the best of its group and, where its split is assumed, of those that name theirs as well."""
    if one.score.value != best[one.group]:
        return False
    rivals = [value for group, value in best.items() if _differ_by_split(group, one.group)]
    return not one.assumed or not any(one.metric.better(value, one.score.value) for value in rivals)


def _differ_by_split(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return a[:2] == b[:2] and a[3] == b[3] and a[2] != b[2]


def _eligible(found: Sequence[_Scored]) -> Iterator[_Scored]:
    """The drafts that can be the best of their group: sentences, and rows of the surest kind that the group has.

    Proposed models before rows that nothing marks, and results before ablations, whose best row is an own model on a
    part of the data, or one that the paper then improved.
    """
    surest: dict[tuple[str, ...], int] = {}
    for one in found:
        if one.in_table:
            surest[one.group] = max(surest.get(one.group, 0), _rank(one))
    tables = [one for one in found if one.in_table]
    for one in found:
        if _rank(one) == surest[one.group] if one.in_table else not _is_rounded(one, tables):
            yield one


def _is_rounded(one: _Scored, tables: Sequence[_Scored]) -> bool:
    """Whether a sentence only rounds the score of a table: `10.5%` for the 10.53 of its row."""
    digits = len(one.score.printed.rstrip("% ").partition(".")[2])
    alike = (table.score.value for table in tables if table.group[:2] == one.group[:2])
    return any(round(value, digits) == one.score.value != value for value in alike)


def _rank(one: _Scored) -> int:
    features = one.draft.features
    marked = features.get("own_certain", 0.0) > _MARKED
    return 2 if marked else int(not features.get("ablation"))


def _with_standing(one: _Scored, standing: Standing) -> Draft:
    evidence = one.draft.candidates[-1].evidence
    candidate = Candidate("result.standing", Name(standing, standing), evidence)
    return replace(one.draft, candidates=(*one.draft.candidates, candidate))
