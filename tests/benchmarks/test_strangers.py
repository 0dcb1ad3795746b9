"""The invented papers that a model is tried on are all labelled, and can be typeset anywhere."""

import re

import pytest

from benchmarks.strangers import BLIND, KNOWN, Papers
from extractors.confidence import default_model

SETS = (*KNOWN, BLIND)
NAMES = [papers.folder.name for papers in SETS]


@pytest.mark.parametrize(("papers", "number"), list(zip(SETS, (20, 16, 20, 18), strict=True)), ids=NAMES)
def test_every_stranger_is_labelled_and_every_label_has_its_paper(papers: Papers, number: int) -> None:
    assert sorted(papers.labels()) == [f"{path.stem}.pdf" for path in papers.sources()]
    assert len(papers.sources()) == number


@pytest.mark.parametrize("papers", SETS, ids=NAMES)
def test_a_stranger_is_typeset_to_the_same_bytes(papers: Papers) -> None:
    source = papers.sources()[0]
    first = papers.typeset(source)
    assert first.startswith(b"%PDF")
    assert papers.typeset(source) == first


def test_no_model_is_fitted_to_the_blind_ones() -> None:
    stamps = [
        re.search(r"stamp: \[arXiv:(\d{4}\.\d{5})", path.read_text("utf-8")) for path in BLIND.sources()
    ]
    ids = {stamp[1] for stamp in stamps if stamp}
    assert len(ids) > 8
    assert ids.isdisjoint(default_model().seen)
