"""A release's rows in the authors' layout beside their own rows of the same papers, column by column.

The corpus is read into a database, of which a release is built; what is compared are the files `computational_limits/<benchmark>.csv`
as a reader finds them, published cells alone. A paper is one of theirs if their link has its arXiv id or it has their title; of our rows of a paper the one with
their score stands for it, else the one with the nearest. Scores and years agree as printed, other numbers within 5%, as their rounding has it, and processors by what they are.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from analysis.authors import Table, read_wide
from benchmarks.corpus import Corpus, readings
from db.cells import Judge
from db.dataset.formats.layouts import COMPUTATIONAL_LIMITS
from db.dataset.layouts.authors import Layout, layouts
from db.dataset.release import build_release
from db.engine import migrate, open_database, session
from db.papers import Listing, record_file, record_listings
from db.readings import save
from extractors.confidence import default_model
from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import ArxivId, slugify
from extractors.facts.ontology import accelerator
from extractors.promise import Promise

Verdict = Literal["same", "differs", "only theirs", "only ours"]
VERDICTS: Final[tuple[Verdict, ...]] = ("same", "differs", "only theirs", "only ours")
_SAID: Final = frozenset({"name", "title", "paper_with_code", "paper_link", "fp_bp_ratio", "comments"})
"""Columns that tell which row it is, or nothing that could differ."""
_ROUNDING: Final = 0.05
_SLACK: Final = FIELDS["result.score"].slack
_BUILD: Final = re.compile(r" (?:PCIe|SXM\d?)\b.*")
_AT: Final = datetime(2026, 11, 20, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of theirs and ours of the same paper."""

    benchmark: str
    paper: str
    theirs: Mapping[str, str]
    ours: Mapping[str, str]

    def verdicts(self) -> Iterator[tuple[str, Verdict]]:
        """Of each column that one of them fills, whether they say the same."""
        for column, their in self.theirs.items():
            our = self.ours.get(column, "")
            if column not in _SAID and (their.strip() or our.strip()):
                yield column, verdict(column, their.strip(), our.strip())


def verdict(column: str, theirs: str, ours: str) -> Verdict:
    """Whether two cells of a column say the same, at least one of which is filled."""
    if not theirs or not ours:
        return "only theirs" if theirs else "only ours"
    printed = column == "year" or column.startswith("(")
    rounding, slack = (0.0, _SLACK) if printed else (_ROUNDING, 0.0)
    try:
        return (
            "same" if math.isclose(float(theirs), float(ours), rel_tol=rounding, abs_tol=slack) else "differs"
        )
    except ValueError:
        return "same" if _meant(theirs) == _meant(ours) else "differs"


def pairs(layout: Layout, theirs: Table, ours: Table) -> Iterator[Pair]:
    """The papers that are in both tables, with the rows nearest to each other."""
    known: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in ours.rows:
        for key in filter(None, {_paper(row), slugify(row["title"])}):
            known[key].append(row)
    for row in theirs.rows:
        paper = _paper(row)
        if found := known.get(paper) or known.get(slugify(row["title"])):
            yield Pair(layout.benchmark, paper, row, _nearest(found, row, next(iter(layout.scores))))


def _nearest(rows: Sequence[Mapping[str, str]], to: Mapping[str, str], score: str) -> Mapping[str, str]:
    """The row with the nearest score, of several the one that says most."""

    def apart(row: Mapping[str, str]) -> tuple[float, int]:
        both = row[score] and to[score]
        return abs(float(row[score]) - float(to[score])) if both else math.inf, -sum(map(bool, row.values()))

    return min(rows, key=apart)


def report(corpus: Corpus) -> None:
    """Build a release of the corpus and print where rows differ, then how often each column agrees."""
    found = _compared(corpus)
    counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for pair in found:
        print(
            f"{pair.benchmark} {pair.paper}: theirs {pair.theirs['name'].strip()}, ours {pair.ours['name']}"
        )
        for column, outcome in pair.verdicts():
            counts[column][outcome] += 1
            if outcome in ("differs", "only theirs"):
                print(f"    {column}: {outcome}, {pair.theirs[column].strip()} | {pair.ours[column] or '-'}")
    print(f"\n{len(found)} rows of theirs are of papers that have rows here")
    print(f"{'column':32}" + "".join(f"{name:>13}" for name in VERDICTS))
    for column, counted in {**counts, "all": sum(counts.values(), Counter())}.items():
        print(f"{column:32}" + "".join(f"{counted[name]:>13}" for name in VERDICTS))


def _compared(corpus: Corpus) -> list[Pair]:
    reference = corpus.folder.parent / "reference" / "thompson2022"
    with tempfile.TemporaryDirectory() as folder:
        built = release(corpus, Path(folder)) / COMPUTATIONAL_LIMITS
        return [
            pair
            for layout in layouts()
            for pair in pairs(layout, read_wide(reference / layout.file), read_wide(built / layout.file))
        ]


def release(corpus: Corpus, folder: Path) -> Path:
    """The folder of a release of the corpus, of which nobody has reviewed anything."""
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    migrate(engine)
    judge = Judge.of(default_model(), Promise())
    for _, reading in readings(corpus):
        listing = Listing(reading.paper, 1, reading.title, "", (), (), None, _AT, b"")
        with session(engine) as opened:
            record_listings(opened, "folder", [listing], _AT)
            record_file(opened, reading.paper, 1, sha256=reading.sha256, size=1, at=_AT)
            save(opened, reading, judge, _AT)
    return build_release(engine, folder / "releases").folder


def _paper(row: Mapping[str, str]) -> str:
    try:
        return ArxivId.parse(row["paper_link"].strip().removesuffix(".pdf")).id
    except ParseError:
        return ""


def _meant(text: str) -> str:
    found = accelerator(_BUILD.sub("", text))
    return found.id if found else text.casefold()
