"""Tables of real papers against facts read off pictures of their pages, and the judge that compares them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.corpus import Corpus
from benchmarks.tables import PARTS, CellFact, TableFact, judge, judged, load_facts
from extractors.documents.model import Document

Read = Callable[[str], Document]
PAGE = """#figure(caption: [Scores.], booktabs(3, ([Model], table.cell(colspan: 2)[Score], [], [dev], [test]),
  [Small], [71.2], [$10^18$], [A model with a long name], [75.9], [--]))"""
CELLS = (
    CellFact("Score", 0, 1, 0, 2),
    CellFact("test", 1, 2, 1, 2),
    CellFact("A model with a…", 3, 0, 3, 0),
    CellFact("10^18", 2, 2, 2, 2),
    CellFact("-", 3, 2, 3, 2),
)
FACT = TableFact("a.pdf", "Table 1", 1, 4, 3, CELLS, "booktabs", "seen")


def test_a_table_that_came_back_is_right_in_all(read: Read) -> None:
    verdict = judge(read(PAGE), FACT)
    assert (verdict.shape, verdict.exact, verdict.right, verdict.wrong) == ((4, 3), True, 5, ())


def test_a_table_with_another_label_or_page_is_missing(read: Read) -> None:
    for fact in (replace(FACT, label="Table 2"), replace(FACT, page=2)):
        verdict = judge(read(PAGE), fact)
        assert (verdict.shape, verdict.exact, verdict.wrong) == (None, False, CELLS)


def test_a_cell_elsewhere_or_with_other_text_is_wrong(read: Read) -> None:
    cells = (CellFact("71.2", 2, 2, 2, 2), CellFact("71.3", 2, 1, 2, 1), CellFact("Small model", 2, 0, 2, 0))
    verdict = judge(read(PAGE), replace(FACT, cells=cells, rows=5))
    assert (verdict.exact, verdict.wrong) == (False, cells)


def test_facts_are_short_and_many_and_of_many_papers() -> None:
    facts = load_facts()
    assert len(facts) >= 60
    assert len({(fact.file, fact.label) for fact in facts}) == len(facts)
    assert max(Counter(fact.file for fact in facts).values()) <= 7
    assert all(len(cell.text) <= 40 for fact in facts for cell in fact.cells)
    assert {fact.part for fact in facts} <= set(PARTS)
    inside = [
        0 <= cell.row <= cell.last_row < fact.rows and 0 <= cell.column <= cell.last_column < fact.columns
        for fact in facts
        for cell in fact.cells
    ]
    assert all(inside)


@pytest.mark.corpus
def test_tables_of_real_papers_come_back(shared: Path) -> None:
    corpus = Corpus(shared / "corpus")
    pages = {str(paper["file"]): int(str(paper["pages"])) for paper in corpus.manifest()}
    kept = [fact for fact in load_facts() if fact.part != "fresh"]
    short = [fact for fact in kept if pages[fact.file] <= 12]
    verdicts = list(judged(corpus, short[::2]))
    cells = sum(len(verdict.fact.cells) for verdict in verdicts)
    assert sum(verdict.shape is not None for verdict in verdicts) >= 0.9 * len(verdicts)
    assert sum(verdict.exact for verdict in verdicts) >= 0.6 * len(verdicts)
    assert sum(verdict.right for verdict in verdicts) >= 0.7 * cells
