"""Reading speed: our reader against pdfplumber's words and tables on the same pages, in turn, as a ratio."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import pdfplumber

from benchmarks.corpus import Corpus
from extractors.documents.pdf import read_pdf

PAPERS = 8
"""Every so many papers of the corpus one is read, so that the sample has all its years and layouts."""


def compare(corpus: Corpus) -> None:
    """Print pages per second of both readers and the median ratio, paper by paper."""
    ratios = []
    for path in corpus.pdfs[:: max(len(corpus.pdfs) // PAPERS, 1)]:
        data = path.read_bytes()
        ours, pages = _timed(_read, data)
        theirs, _ = _timed(_plumbed, data)
        ratios.append(theirs / ours)
        print(
            f"{path.name[:40]:<42}{pages:>4} pages  ours {pages / ours:6.1f}/s  pdfplumber {pages / theirs:6.1f}/s"
        )
    print(f"median ratio {statistics.median(ratios):.2f} (pdfplumber's words and tables = 1)")


def _read(data: bytes) -> int:
    return len(read_pdf(data).pages)


def _plumbed(data: bytes) -> int:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_words(x_tolerance_ratio=0.15)
            page.find_tables()
            page.close()
        return len(pdf.pages)


def _timed(read: Callable[[bytes], int], data: bytes) -> tuple[float, int]:
    start = time.perf_counter()
    pages = read(data)
    return time.perf_counter() - start, pages
