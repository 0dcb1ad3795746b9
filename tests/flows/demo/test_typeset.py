"""The committed PDFs are what their sources say."""

import pypdfium2
import pytest

from flows.demo.catalogue import Sample, catalogue, pdf_of
from flows.demo.typeset import typeset

pytest.importorskip("typst", reason="typst, of the development environment, typesets the sample papers")

SAMPLES = catalogue()


def text_of(pdf: bytes) -> list[str]:
    """Text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_paper_typeset_anew_reads_as_the_committed_one(sample: Sample) -> None:
    assert text_of(typeset(sample)) == text_of(pdf_of(sample))


def test_typesetting_twice_gives_the_bytes_that_are_committed() -> None:
    sample = SAMPLES[0]
    assert typeset(sample) == typeset(sample) == pdf_of(sample)


def test_versions_of_a_paper_differ() -> None:
    first, second = (sample for sample in SAMPLES if sample.id == "2403.99115")
    assert typeset(first) != typeset(second)
