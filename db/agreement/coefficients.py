"""How far people say the same, beyond chance too, with intervals: percent agreement, Cohen's kappa, Krippendorff's alpha.

Two values are the same or they are not, as `same_value` has it; there is nothing between. A level of measurement that
counts how far apart quantities are would forgive near misses, which a release does not, and let one slip of a unit
outweigh all else. So both coefficients are nominal, and their distance of two values is 0 or 1 by that one definition:
no classes are formed, in which values near each other could run together.

Kappa's chance is that of two people who each answer as often as they do but at random, alpha's that of answers dealt
from one pot. Over several fields chance stays within each field: disagreements that were seen and that were to be
expected are summed over the fields. Intervals draw papers with replacement, as values of one paper are mistaken together.

In the order of their size, quantities that are the same as one are neighbours. So only neighbours are compared, and what differs
from a value is counted by running sums: work and room grow with the number of answers, not with its square. What is counted are
whole numbers, so that no digit differs from that of each value compared with each.

Cohen, Educational and Psychological Measurement 20 (1960), 37-46; Krippendorff, Content Analysis (2004), chapter 11;
Field and Welsh, Journal of the Royal Statistical Society B 69 (2007), 369-390, on drawing clusters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import krippendorff
import numpy as np
from krippendorff import DistanceMetric
from numpy.typing import NDArray
from scipy.sparse import csr_array

from db.cells import say_the_same
from extractors.facts.fields import FIELDS, Field
from extractors.facts.ids import PaperId
from extractors.facts.values import Name, Quantity, Value

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

FEWEST_ITEMS = 10
FEWEST_PAPERS = 5
"""Below either, chance rules: no coefficient and no interval is given."""
DRAWS = 1000
_SEED = 20200710
_USABLE = 0.5
"""Share of draws in which a coefficient must be defined to have an interval."""
_ROOM = 1_000_000
"""Numbers that a library may lay out at once (with `krippendorff` items times values squared); some 30 MB."""
_DRAWN_AT_ONCE = 2_000_000
"""Numbers that draws of answers may take at once (draws times values, or times items); some 50 MB."""

TOO_FEW = "too few"
ONE_ANSWER = "one answer"
NO_DISAGREEMENT = "all agree"
UNEVEN = "uneven"
WORDS: Mapping[str, str] = {
    TOO_FEW: f"fewer than {FEWEST_ITEMS} items or {FEWEST_PAPERS} papers",
    ONE_ANSWER: "everybody always gave the same one answer, so that chance explains all",
    NO_DISAGREEMENT: "nobody disagreed, so that draws say nothing of how far chance reaches",
    UNEVEN: "in most draws of papers there is no disagreement to expect",
}
"""Why there is no figure, or no interval."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question that several people answered, each alone."""

    paper: PaperId
    field: str
    """Its path."""
    said: Mapping[str, Value | None]
    """By person; two at least."""

    def of(self, people: Iterable[str]) -> Item:
        """The same with the answers of some people only."""
        return Item(self.paper, self.field, {person: self.said[person] for person in people})


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95% interval, or the reason that there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""
    """A key of `WORDS` where the figure or its interval is missing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on some items."""

    items: int
    papers: int
    percent: Estimate
    """Share of pairs of answers that are the same, 0 to 1; of each item, then of all."""
    alpha: Estimate
    kappa: Estimate | None = None
    """Of two people only."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Papers as they are drawn with replacement, the same for all figures of a report."""

    place: Mapping[PaperId, int]
    times: Floats
    """How often each draw has each paper."""

    @classmethod
    def of(cls, papers: Iterable[PaperId]) -> Draws:
        """Draws of some papers, always the same ones."""
        names = sorted(set(papers))
        random = np.random.default_rng(_SEED)
        shares = np.full(len(names), 1 / max(1, len(names)))
        times = random.multinomial(len(names), shares, size=DRAWS) if names else np.zeros((DRAWS, 0))
        return cls({name: place for place, name in enumerate(names)}, times.astype(float))

    def share(self, counted: Mapping[PaperId, tuple[float, float]]) -> Estimate:
        """A share of things that are counted by paper, as (what counts, of how many).

        Where all of them count, or none, draws say nothing: the bound is then the exact one for as many independent things
        as there are papers.
        """
        part, of = (np.array(column, dtype=float) for column in zip(*counted.values(), strict=True))
        value = float(part.sum() / of.sum())
        if of.sum() < FEWEST_ITEMS or len(counted) < FEWEST_PAPERS:
            return Estimate(value, why=TOO_FEW)
        if value in {0.0, 1.0}:
            reach = 0.025 ** (1 / len(counted))
            return Estimate(value, reach, 1.0) if value else Estimate(value, 0.0, 1 - reach)
        times = self.times[:, [self.place[paper] for paper in counted]]
        drawn = times @ of
        return _with_interval(value, (times @ part)[drawn > 0] / drawn[drawn > 0])


def agreement(items: Sequence[Item], draws: Draws, pair: tuple[str, str] | None = None) -> Agreement:
    """How far people agree.

    Args:
        items: at least one; where a pair is given, with answers of these two only.
        draws: of papers, those of the items among them.
        pair: the two people, whose kappa is wanted.
    """
    fields: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        fields[item.field].append(item)
    tables = [_Table.of(FIELDS[path], of, pair) for path, of in sorted(fields.items())]
    counted: defaultdict[PaperId, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for table in tables:
        for paper, apart, people in zip(table.papers, table.disagreed, table.people, strict=True):
            same, of_all = counted[paper]
            counted[paper] = same + 1 - apart / people, of_all + 1
    enough = len(items) >= FEWEST_ITEMS and len(counted) >= FEWEST_PAPERS
    missing = Estimate(None, why=TOO_FEW)
    return Agreement(
        len(items),
        len(counted),
        draws.share(counted),
        _beyond_chance(tables, draws, "alpha") if enough else missing,
        (_beyond_chance(tables, draws, "kappa") if enough else missing) if pair else None,
    )


# Beyond chance


@dataclass(frozen=True, slots=True)
class _Values:
    """Values of one field, in an order in which those that are the same as one stand together."""

    place: Mapping[object, int]
    """Of each, by what `_core` gives."""
    low: Places
    """Of each, the place of the first that is the same."""
    high: Places
    """Of each, the place after the last that is the same."""

    @classmethod
    def of(cls, field: Field, given: Iterable[Value | None]) -> _Values:
        """Order values; each comparison puts a value or a candidate behind it, so that there are at most two for each."""
        ordered = sorted({_core(value): value for value in given}.items(), key=lambda item: _rank(item[1]))
        low, first = np.zeros(len(ordered), dtype=np.intp), 0
        for place, (_, value) in enumerate(ordered):
            while first < place and not say_the_same(field, ordered[first][1], value):
                first += 1
            low[place] = first
        high = np.searchsorted(low, np.arange(len(ordered)), side="right")
        return cls({core: place for place, (core, _) in enumerate(ordered)}, low, high)

    def apart(self) -> Floats:
        """Of two values, by row and column: 1 where they are not the same."""
        places = np.arange(len(self.low))
        same = (self.low[:, None] <= places) & (places < self.high[:, None])
        return np.where(same, 0.0, 1.0)

    def others(self, counts: Floats) -> Floats:
        """How many answers are not the same as each value, where a row of `counts` has how many there are of each."""
        running = np.pad(np.cumsum(counts, axis=1), ((0, 0), (1, 0)))
        return running[:, -1:] - (running[:, self.high] - running[:, self.low])

    def differing(self, places: Sequence[int]) -> int:
        """How many pairs of some answers are not the same, both ways round."""
        return sum(not self.low[one] <= other < self.high[one] for one in places for other in places)


@dataclass(frozen=True, slots=True)
class _Table:
    """The answers to one field's items. A matrix has a row for each item and a column for each value that anybody gave."""

    papers: Sequence[PaperId]
    values: _Values
    answers: csr_array
    """How many people gave which value."""
    people: Floats
    """How many answered each item."""
    disagreed: Floats
    """Krippendorff's observed disagreement: pairs that differ, both ways round, over the number of people less one."""
    pair: tuple[csr_array, csr_array] | None
    """What each of a pair said; None where no pair is asked for."""

    @classmethod
    def of(cls, field: Field, items: Sequence[Item], pair: tuple[str, str] | None) -> _Table:
        """The table of a field's items."""
        values = _Values.of(field, (value for item in items for value in item.said.values()))
        said = [{person: values.place[_core(value)] for person, value in item.said.items()} for item in items]
        people = np.array([len(one) for one in said], dtype=float)
        differing = np.array([values.differing(tuple(one.values())) for one in said], dtype=float)

        def matrix(rows: Iterable[Iterable[int]]) -> csr_array:
            spots = [(row, column) for row, columns in enumerate(rows) for column in columns]
            shape = (len(items), len(values.place))
            return csr_array((np.ones(len(spots)), tuple(zip(*spots, strict=True))), shape=shape)

        return cls(
            [item.paper for item in items],
            values,
            matrix(one.values() for one in said),
            people,
            differing / (people - 1),
            (matrix([one[pair[0]]] for one in said), matrix([one[pair[1]]] for one in said))
            if pair
            else None,
        )

    def seen_and_expected(self, times: Floats, figure: str) -> tuple[Floats, Floats]:
        """Disagreement that was seen, and that chance would give, where items count so often.

        Args:
            times: a row for each draw, a column for each item.
            figure: alpha or kappa.
        """
        if figure == "alpha" or self.pair is None:
            pot = times @ self.answers
            others = np.maximum(pot.sum(1) - 1, 1)
            return times @ self.disagreed, (self.values.others(pot) * pot).sum(1) / others
        one, other = (times @ said for said in self.pair)
        # two answers of two people: what differs between them both ways round is what differs twice
        return times @ (self.disagreed / 2), (self.values.others(one) * other).sum(1) / np.maximum(
            times.sum(1), 1
        )

    def drawn(self, draws: Draws, figure: str) -> tuple[Floats, Floats]:
        """The same of each draw of papers, some draws at once so that many values do not take all memory."""
        columns = [draws.place[paper] for paper in self.papers]
        parts = -(-len(draws.times) * max(self.answers.shape) // _DRAWN_AT_ONCE)
        found = [
            self.seen_and_expected(times[:, columns], figure)
            for times in np.array_split(draws.times, max(1, min(parts, len(draws.times))))
        ]
        seen, expected = zip(*found, strict=True)
        return np.concatenate(seen), np.concatenate(expected)

    def by_the_library(self, figure: str) -> float | None:
        """The coefficient as its library has it; None where the library would not have the room."""
        items, values = self.answers.shape
        if (values**2 if figure == "kappa" else items * values**2) > _ROOM:
            return None
        apart = self.values.apart()
        if figure == "kappa" and self.pair is not None:
            from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415  # takes seconds

            crossed = (self.pair[0].T @ self.pair[1]).toarray()
            return float(cohens_kappa(crossed, weights=apart, return_results=False))

        def distance(*_: object, i1: Places, i2: Places, **__: object) -> Floats:
            found: Floats = apart[i1, i2]
            return found

        counts, metric = self.answers.toarray().astype(int), cast(DistanceMetric, distance)
        return float(krippendorff.alpha(value_counts=counts, level_of_measurement=metric))


def _beyond_chance(tables: Sequence[_Table], draws: Draws, figure: str) -> Estimate:
    alone = [table.seen_and_expected(np.ones((1, len(table.papers))), figure) for table in tables]
    seen, expected = (float(sum(part[0] for part in parts)) for parts in zip(*alone, strict=True))
    if expected == 0:
        return Estimate(None, why=ONE_ANSWER)
    value = tables[0].by_the_library(figure) if len(tables) == 1 else None
    value = 1 - seen / expected if value is None else value
    if seen == 0:
        return Estimate(value, why=NO_DISAGREEMENT)
    drawn = [table.drawn(draws, figure) for table in tables]
    all_seen, all_expected = (np.sum(parts, axis=0) for parts in zip(*drawn, strict=True))
    defined = all_expected > 0
    if defined.mean() < _USABLE:
        return Estimate(value, why=UNEVEN)
    return _with_interval(value, 1 - all_seen[defined] / all_expected[defined])


def _with_interval(value: float, drawn: Floats) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def _core(value: Value | None) -> object:
    """What of a value `same_value` looks at, so that values that are equal share a column."""
    match value:
        case Quantity():
            return value.unit, value.value
        case Name():
            return value.id
        case _:
            return type(value)


def _rank(value: Value | None) -> tuple[str, str, float]:
    """What values are sorted by: kinds, units and names apart, quantities by size."""
    match value:
        case Quantity():
            return "quantity", value.unit, value.value
        case Name():
            return "name", value.id, 0.0
        case _:
            return type(value).__name__, "", 0.0
