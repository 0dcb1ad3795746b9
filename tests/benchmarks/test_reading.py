"""The measuring of readers: every one counts the same pages, in a process of its own, and the table says who is quick."""

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from benchmarks.reading import READERS, Run, measured, repeated, run, table, verdicts


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three blank pages."""
    pdf, buffer = pdfium.PdfDocument.new(), io.BytesIO()
    for _ in range(3):
        pdf.new_page(612, 792)
    pdf.save(buffer)
    pdf.close()
    path = tmp_path_factory.mktemp("papers") / "blank.pdf"
    path.write_bytes(buffer.getvalue())
    return path


@pytest.mark.parametrize("name", READERS)
def test_every_reader_counts_the_pages(name: str, paper: Path) -> None:
    assert run(name, [paper, paper]).pages == 6


def test_a_reader_is_measured_in_a_process_of_its_own(paper: Path) -> None:
    found = measured("pdfium", [paper])
    assert found.pages == 3
    assert 1 < found.megabytes < 400


def test_a_paper_is_put_after_itself(paper: Path) -> None:
    pdf = pdfium.PdfDocument(repeated(paper.read_bytes(), 4))
    assert len(pdf) == 12
    pdf.close()


def test_the_table_has_rates_and_ratios() -> None:
    runs = {"burden": Run(100, 2, 70.4), "pdfplumber": Run(100, 25, 110), "pdfium": Run(100, 0.5, 60)}
    lines = [line.split() for line in table(runs)]
    assert lines[1] == ["burden", "100", "50.0", "12.5", "70"]
    assert lines[2] == ["pdfplumber", "100", "4.0", "1.0", "110"]


@pytest.mark.parametrize(
    ("seconds", "megabytes", "met"),
    [(1, 100, [True, True, True]), (3, 100, [False, True, True]), (9, 500, [False, False, False])],
)
def test_targets_are_met_or_missed(seconds: float, megabytes: float, met: list[bool]) -> None:
    runs = {"burden": Run(100, seconds, megabytes), "pdfplumber": Run(100, 25, 1), "pdfium": Run(100, 0.5, 1)}
    assert [line.startswith("met") for line in verdicts(runs)] == met
