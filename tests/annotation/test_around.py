"""What stands around a quote is found again in the paper it was read from."""

from functools import cache
from pathlib import Path

import pytest

from annotation.around import passage
from annotation.passage import InTable, InText
from extractors.documents.locate import folded
from extractors.documents.model import Document
from extractors.documents.pdf import read_pdf
from extractors.facts.evidence import Evidence
from extractors.paper import read_paper

PAPERS = sorted((Path(__file__).parents[2] / "flows" / "demo" / "papers").glob("*.pdf"))[:4]


@cache
def document(file: Path) -> Document:
    return read_pdf(file.read_bytes())


@pytest.mark.parametrize("file", PAPERS, ids=lambda file: file.stem)
def test_every_quote_of_a_paper_is_found_in_its_paragraph_or_its_row(file: Path) -> None:
    places = [proposal.evidence for proposal in read_paper(file.read_bytes()).proposals]
    assert places
    for place in places:
        found = passage(document(file), place)
        assert found is not None, place.quote
        if isinstance(found, InText):
            assert folded(found.text[slice(*found.quote)]) == folded(place.quote)
            assert found.text[slice(*found.value)].strip()
        else:
            row = folded(" ".join(found.rows[found.row]))
            assert all(folded(part) in row for part in place.quote.split(" | "))


def test_without_a_box_the_quote_is_searched_for() -> None:
    paper = document(PAPERS[0])
    paragraph = next(part for part in paper.paragraphs if part.kind == "text" and len(part.text) > 200)
    place = paragraph.evidence(paper.sha256, "test", 80, 90)
    found = passage(paper, Evidence(paper.sha256, place.page, None, "", place.quote, "test"))
    assert isinstance(found, InText)
    assert folded(found.text[slice(*found.quote)]) == folded(place.quote)


def test_a_row_without_a_box_is_found_by_its_cells() -> None:
    paper = next(read for read in map(document, PAPERS) if read.tables)
    table = paper.tables[0]
    cell = next(cell for row in table.body() for cell in row if cell and cell.column > 0)
    place = table.evidence(paper.sha256, "test", cell)
    found = passage(paper, Evidence(paper.sha256, place.page, None, "", place.quote, "test"))
    assert isinstance(found, InTable)
    assert cell.text in found.rows[found.row]
    assert found.header_rows == table.header_rows


def test_a_quote_of_another_paper_has_no_passage() -> None:
    place = Evidence("0" * 64, 1, None, "", "Zebras graze quietly beyond the seventh lighthouse.", "test")
    assert passage(document(PAPERS[0]), place) is None
