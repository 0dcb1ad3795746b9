"""Planted slips are held against the checks that look at values, and a paper as it was read against none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.slips import outcome, planted, refusing
from db.dataset.rows import build
from db.dataset.source import PaperFacts, load_source, papers_of
from db.engine import snapshot
from extractors.facts.values import Quantity
from tests.db.dataset.conftest import SPARSENET, World, world  # noqa: F401  # a fixture

if TYPE_CHECKING:
    from db.cells import CellState


@pytest.fixture
def paper(world: World) -> PaperFacts:  # noqa: F811
    """A paper that tells time, devices and their product."""
    product = Quantity.exact(8 * 345_600, "device-s")
    world.read("2403.00042", [*SPARSENET, ("run", "sparsenet.training", "device_time", product)])
    with snapshot(world.engine) as opened:
        (found,) = papers_of(opened, load_source(opened))
    return found


def state(paper: PaperFacts, field: str) -> CellState:
    return next(state for state in paper.cells if state.key.field == field)


def test_a_paper_as_it_was_read_is_refused_by_none(paper: PaperFacts) -> None:
    assert refusing(build(paper)) == set()


def test_a_slip_that_contradicts_the_rest_of_its_paper_is_refused(paper: PaperFacts) -> None:
    required, _ = outcome(paper, planted(paper, state(paper, "device_time"), 1 / 24))
    assert required == {"slips"}


def test_a_slip_that_nothing_else_tells_of_is_not(paper: PaperFacts) -> None:
    assert outcome(paper, planted(paper, state(paper, "steps"), 1e3)) == (set(), set())


def test_a_slip_that_is_out_of_proportion_and_not_as_printed_is_told(paper: PaperFacts) -> None:
    assert outcome(paper, planted(paper, state(paper, "parameters"), 1e3)) == (
        set(),
        {"printed", "proportions"},
    )
