"""The invented papers that a model is tried on are all labelled, and can be typeset anywhere."""

import json
import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from benchmarks.strangers import BLIND, KNOWN, MENDED, Papers, fitted_of

QUOTED = [(papers, source) for papers in (MENDED, BLIND[1]) for source in papers.sources()]
"""Papers whose every quote is verbatim, line breaks aside."""
SETS = (*KNOWN, *BLIND, MENDED)
NAMES = [papers.folder.name for papers in SETS]


@pytest.mark.parametrize(
    ("papers", "number"), list(zip(SETS, (20, 16, 20, 18, 10, 10), strict=True)), ids=NAMES
)
def test_every_stranger_is_labelled_and_every_label_has_its_paper(papers: Papers, number: int) -> None:
    assert sorted(papers.labels()) == [f"{path.stem}.pdf" for path in papers.sources()]
    assert len(papers.sources()) == number


@pytest.mark.parametrize("papers", SETS, ids=NAMES)
def test_a_stranger_is_typeset_to_the_same_bytes(papers: Papers) -> None:
    source = papers.sources()[0]
    first = papers.typeset(source)
    assert first.startswith(b"%PDF")
    assert papers.typeset(source) == first


@pytest.mark.parametrize("papers", [MENDED, *BLIND], ids=lambda papers: papers.folder.name)
def test_nothing_but_sizes_and_operations_is_fitted_to_the_blind_ones(papers: Papers) -> None:
    assert fitted_of(papers) == {"costs"}


def test_scores_are_fitted_to_the_first_set_alone() -> None:
    assert ["scores" in fitted_of(papers) for papers in KNOWN] == [True, False, False]


def pages(pdf: bytes) -> list[str]:
    """Plain text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Text without what line breaks change: blanks and hyphens."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", unicodedata.normalize("NFKC", text)).casefold()


@pytest.mark.parametrize(("papers", "source"), QUOTED, ids=[source.stem for _, source in QUOTED])
def test_every_quote_of_a_label_stands_on_its_page(papers: Papers, source: Path) -> None:
    lines = (papers.folder / "gold.jsonl").read_text("utf-8").splitlines()
    paper = next(of for of in map(json.loads, lines) if of["file"] == f"{source.stem}.pdf")
    text = pages(papers.typeset(source))
    entries = [entry for listed in paper.values() if isinstance(listed, list) for entry in listed]
    assert squeezed(paper["title"]) in text[0]
    assert len(entries) > 20
    for entry in entries:
        assert 0 < len(entry["quote"]) <= 160
        assert squeezed(entry["quote"]) in text[entry["page"] - 1], entry
