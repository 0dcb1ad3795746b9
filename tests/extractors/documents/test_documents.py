"""Documents of real papers: read without errors, quoted verbatim, and their tables found.

The sample is every ninth labelled paper in the order of its hash, about 150 pages.
"""

import json
import random
import re
import sys
import unicodedata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pypdfium2 as pdfium
import pytest

from extractors.documents.model import Document
from extractors.documents.pdf import read_pdf
from extractors.facts.evidence import Evidence

EVERY = 9
DRAWN = 40
"""Quotes drawn from each paper, of paragraphs and of tables each."""
pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def papers(shared: Path) -> list[Path]:
    folder = shared / "corpus"
    listed = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    ordered = sorted(listed, key=lambda entry: str(entry["sha256"]))
    return [folder / "pdf" / entry["file"] for entry in ordered[::EVERY]]


@pytest.fixture(scope="module")
def documents(papers: list[Path]) -> dict[Path, Document]:
    return {path: read_pdf(path.read_bytes()) for path in papers}


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    """The corpus's own scorer, whose idea of a quote on a page is the one that counts."""
    spec = spec_from_file_location("corpus_score", shared / "corpus" / "score.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules.setdefault(spec.name, module)
    spec.loader.exec_module(module)
    return module


def of_paragraphs(document: Document, chance: random.Random) -> list[Evidence]:
    paragraphs = [p for p in document.statements() if len(p.text) > 20]
    found = []
    for paragraph in chance.sample(paragraphs, min(DRAWN, len(paragraphs))):
        start = chance.randrange(len(paragraph.text) - 10)
        found.append(paragraph.evidence(document.sha256, "a-rule", start, start + 10))
    return found


def of_rows(document: Document, chance: random.Random) -> list[Evidence]:
    """Rows by a cell that begins with a number, as facts do; drawn brackets of architectures have no letters."""
    filled = [(table, cell) for table in document.tables for row in table.rows for cell in row if cell]
    cells = [(table, cell) for table, cell in filled if cell.text[0].isdigit()]
    drawn = chance.sample(cells, min(DRAWN, len(cells)))
    return [table.evidence(document.sha256, "a-rule", cell) for table, cell in drawn]


@pytest.mark.parametrize("kind", ["paragraphs", "rows"])
def test_quotes_stand_on_their_pages(kind: str, documents: dict[Path, Document], scorer: ModuleType) -> None:
    chance, drawn, right = random.Random(20), 0, 0
    for path, document in documents.items():
        found = (of_paragraphs if kind == "paragraphs" else of_rows)(document, chance)
        pages = printed(path, {evidence.page for evidence in found}, scorer)
        for evidence in found:
            parts = [
                bare(scorer.squeeze(part)) for part in re.split("[|\u2026]", evidence.quote) if part.strip()
            ]
            drawn += 1
            right += all(part in pages[evidence.page] for part in parts)
    assert drawn > 200
    assert right / drawn >= 0.98


def bare(text: str) -> str:
    """Text without accents, which we put on the letters that pdfium gives them beside."""
    parted = unicodedata.normalize("NFD", text.replace("\u0131", "i"))
    return "".join(
        c
        for c in parted
        if not unicodedata.combining(c) and c not in "\u00b4`\u00a8^\u02c6~\u02dc\u02c7\u00b8\u02d8\u02dd"
    )


def printed(path: Path, numbers: set[int], scorer: ModuleType) -> dict[int, str]:
    """What pdfium says of whole pages, squeezed."""
    pdf, found = pdfium.PdfDocument(path), {}
    for number in numbers:
        page = pdf[number - 1]
        textpage = page.get_textpage()
        found[number] = bare(scorer.squeeze(textpage.get_text_range()))
        textpage.close()
        page.close()
    pdf.close()
    return found


def test_table_captions_have_tables(documents: dict[Path, Document]) -> None:
    captions = {
        (path, paragraph.label, paragraph.page)
        for path, document in documents.items()
        for paragraph in document.paragraphs
        if paragraph.label.startswith("Table")
    }
    tables = {
        (path, table.label, table.page) for path, document in documents.items() for table in document.tables
    }
    assert len(captions) > 20
    assert len(captions & tables) / len(captions) >= 0.85


def test_papers_have_titles_and_statements(documents: dict[Path, Document]) -> None:
    for document in documents.values():
        assert document.title
        assert not [problem for problem in document.problems if not problem.startswith("files attached")]
        assert sum(len(paragraph.text) for paragraph in document.statements()) > 5_000
