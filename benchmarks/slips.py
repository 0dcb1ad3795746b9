"""What the gate makes of planted slips: one value of a paper is wrong by a unit, and everything else is as it was read.

The corpus is read into a database and its papers become rows as in a release. In each trial a value of one random paper is multiplied; the paper is
built anew and held against the checks that look at values. A slip is refused if a check that was content before refuses now, told if one
for people finds something. Columns that an extractor fills less often are planted too, after eight releases that grew by a
twentieth each, in random orders of the papers.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.corpus import Corpus
from benchmarks.layouts import release
from db.cells import CellState
from db.dataset.checks import Check, Checking
from db.dataset.gate.bands import RECENT, bands
from db.dataset.gate.world import World
from db.dataset.part import Part
from db.dataset.rows import build
from db.dataset.source import PaperFacts, load_source, papers_of
from db.dataset.statistics import Statistics
from db.engine import open_database, snapshot
from extractors.facts.errors import BurdenError
from extractors.facts.values import Quantity

SEEDS = 200
"""Trials of each kind."""
DRAWS = 100
"""Sequences of releases for each share that is missing."""
GROWTH = 0.05
"""Papers that a release has more than the one before, as a share of its own."""
_ENOUGH = 20
"""Cells of a column of which some are taken."""
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Slip:
    """A way in which a value is read wrong."""

    words: str
    field: str
    """As the registry has it."""
    factor: float


SLIPS = (
    Slip("millions for billions", "model.parameters", 1e-3),
    Slip("billions for millions", "model.parameters", 1e3),
    Slip("the M is dropped", "model.parameters", 1e-6),
    Slip("the M is taken twice", "model.parameters", 1e6),
    Slip("MFLOP for GFLOP", "model.flops", 1e-3),
    Slip("TFLOP for GFLOP", "model.flops", 1e3),
    Slip("MFLOP for GFLOP", "model.multiply_adds", 1e-3),
    Slip("hours for days", "run.wall_time", 1 / 24),
    Slip("days for hours", "run.wall_time", 24),
    Slip("seconds for hours", "run.wall_time", 1 / 3600),
    Slip("minutes for hours", "run.wall_time", 1 / 60),
    Slip("x1000", "run.wall_time", 1e3),
    Slip("hours for days", "run.device_time", 1 / 24),
    Slip("seconds for hours", "run.device_time", 1 / 3600),
    Slip("x1000", "run.device_time", 1e3),
    Slip("of a node, not of all", "run.count", 1 / 8),
    Slip("nodes counted as devices of 8", "run.count", 8),
    Slip("x1000", "run.count", 1e3),
    Slip("the k is dropped", "run.steps", 1e-3),
    Slip("x1000", "run.steps", 1e3),
    Slip("x1000", "run.batch_size", 1e3),
    Slip("x1000", "run.epochs", 1e3),
    Slip("exa for zetta", "run.compute", 1e-3),
    Slip("x1000", "run.compute", 1e3),
    Slip("a share for percent", "result.score", 1e-2),
    Slip("percent of percent", "result.score", 1e2),
)


def report(corpus: Corpus) -> None:
    """Print how many slips of each kind are refused or told, then how often a column that lost cells is."""
    with tempfile.TemporaryDirectory() as folder:
        release(corpus, Path(folder))
        papers = facts_of(Path(folder) / "burden.sqlite")
    failing = [paper.id for paper in papers if refusing(build(paper))]
    cells = sum(len(paper.cells) for paper in papers)
    print(
        f"without a slip: {len(failing)} of {len(papers)} papers ({cells:,} cells) refused {' '.join(failing)}"
    )
    print(f"{'field':22}{'slip':32}{'places':>7}{'refused':>9}{'told':>7}  by")
    for slip in SLIPS:
        print(_line(slip, papers))
    print(f"\n{'cells of a column missing':28}{'releases refused by coverage':>30}")
    for share in SHARES:
        found = sum(_is_refused(papers, Random(seed), share) for seed in range(DRAWS))
        print(f"{share:<28.0%}{found / DRAWS:>30.0%}")


def facts_of(database: Path) -> list[PaperFacts]:
    """What a release takes from each paper of a database that has rows."""
    engine = open_database(f"sqlite:///{database}")
    with snapshot(engine) as opened:
        found = list(papers_of(opened, load_source(opened)))
    engine.dispose()
    return [paper for paper in found if build(paper).tables["papers"]]


def planted(paper: PaperFacts, state: CellState, factor: float) -> PaperFacts:
    """The paper with one value multiplied."""
    value = state.value
    assert isinstance(value, Quantity)
    wrong = replace(value, value=value.value * factor, low=value.low * factor, high=value.high * factor)
    cells = tuple(replace(state, value=wrong) if one is state else one for one in paper.cells)
    return replace(paper, cells=cells)


def checks_of(part: Part) -> Mapping[str, Check]:
    """The checks that look at values, of one paper."""
    world, checking = World(), Checking()
    for one in (world, checking):
        one.add(part)
    return {check.name: check for check in (*world.outcomes(), *checking.outcomes())}


def refusing(part: Part) -> set[str]:
    """The names of the checks that refuse a paper."""
    return {name for name, check in checks_of(part).items() if check.refuses}


def outcome(paper: PaperFacts, slipped: PaperFacts) -> tuple[set[str], set[str]]:
    """The checks that refuse, and that tell, what they had nothing to say of before."""
    before, after = checks_of(build(paper)), checks_of(build(slipped))
    worse = {
        name for name, check in after.items() if not check.success and check.observed > before[name].observed
    }
    return {name for name in worse if after[name].required}, {
        name for name in worse if not after[name].required
    }


def _line(slip: Slip, papers: Sequence[PaperFacts]) -> str:
    places = [(paper, state) for paper in papers for state in _values(paper, slip.field)]
    refused = told = 0
    by: Counter[str] = Counter()
    for seed in range(SEEDS if places else 0):
        paper, state = Random(seed).choice(places)
        try:
            required, others = outcome(paper, planted(paper, state, slip.factor))
        except BurdenError:  # no quantity at all, as below its lower end: it could not even be read
            required, others = {"readable"}, set()
        refused += bool(required)
        told += bool(others) and not required
        by.update(required or others)
    trials = max(1, SEEDS if places else 0)
    said = ", ".join(f"{name} {found}" for name, found in by.most_common())
    return (
        f"{slip.field:22}{slip.words:32}{len(places):>7}{refused / trials:>9.0%}{told / trials:>7.0%}  {said}"
    )


def _values(paper: PaperFacts, field: str) -> Iterator[CellState]:
    for state in paper.cells:
        path = f"{state.key.entity.kind}.{state.key.field}"
        if path == field and state.status == "automatic" and isinstance(state.value, Quantity):
            yield state


def _is_refused(papers: Sequence[PaperFacts], chance: Random, share: float) -> bool:
    """Whether a release is refused of which a random column lacks a share of its cells, after eight that grew to it paper by paper."""
    order = chance.sample(papers, len(papers))
    sizes = [round(len(papers) * (1 - GROWTH) ** back) for back in range(1, RECENT + 1)]
    recent = [_counted(order[:size]).summary() for size in sizes]
    statistics = _counted(order)
    columns = sorted(name for name, found in recent[0]["cells"].items() if found >= _ENOUGH)
    column = chance.choice(columns)
    table, _, name = column.partition(".")
    lost = sum(chance.random() < share for _ in range(statistics.cells[table, name]))
    statistics.cells[table, name] -= lost
    return any(check.name == "coverage" and check.refuses for check in bands(statistics, recent))


_PARTS: dict[str, Part] = {}


def _counted(papers: Sequence[PaperFacts]) -> Statistics:
    statistics = Statistics()
    for paper in papers:
        if paper.id not in _PARTS:
            _PARTS[paper.id] = build(paper)
        statistics.add(_PARTS[paper.id])
    return statistics
