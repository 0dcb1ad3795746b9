"""Reading speed and memory: this reader beside public tools, on the same pages, each in a process of its own.

`python -m benchmarks speed` takes a few papers, `python -m benchmarks speed --all` the whole corpus. Times are of the
processor, so that a busy machine does not change what is compared; opening the file is part of them.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pdfplumber
import pypdfium2 as pdfium
from pdfminer.high_level import extract_pages

from benchmarks.corpus import Corpus
from extractors.documents.pdf import read_pdf

EVERY = 14
"""Every so many papers of the corpus one is read, so that the sample has all its years and layouts."""
REPEATS = (1, 2, 4)
"""How often a paper is put after itself, to see whether time grows with its pages."""
PAGES = 20
"""Least pages of that paper."""
MEMORY = 400
"""Megabytes that reading any paper may take at most."""

Read = Callable[[bytes], int]
"""Reads a PDF as a whole, and says how many pages it has."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one reader took for a number of files."""

    pages: int
    seconds: float
    megabytes: float
    """The most memory that its process ever had."""

    @property
    def rate(self) -> float:
        """Pages per second."""
        return self.pages / self.seconds if self.seconds else 0.0


def compare(corpus: Corpus, *, every: int = EVERY) -> None:
    """Print pages per second, the ratio to pdfplumber and peak memory of each reader, and how time grows with pages."""
    papers = corpus.pdfs[::every]
    runs = {name: measured(name, papers) for name in READERS}
    print("\n".join(table(runs)))
    print("\n".join(verdicts(runs)))
    long = next(path for path in corpus.pdfs if _pages(path) >= PAGES)
    for repeat, run in zip(REPEATS, growth(long), strict=True):
        print(f"a paper {repeat} times: {run.pages:>4} pages, {1000 * run.seconds / run.pages:.1f} ms each")


def table(runs: dict[str, Run]) -> list[str]:
    """One line for each reader, under a line of titles."""
    base = runs["pdfplumber"].rate
    lines = [f"{'reader':<12}{'pages':>7}{'pages/s':>10}{'ratio':>8}{'peak MB':>9}"]
    for name, run in runs.items():
        ratio = run.rate / base if base else 0.0
        lines.append(f"{name:<12}{run.pages:>7}{run.rate:>10.1f}{ratio:>8.1f}{run.megabytes:>9.0f}")
    return lines


def verdicts(runs: dict[str, Run]) -> list[str]:
    """Whether the reader is as quick and as small as it has to be."""
    ours, loop, floor = runs["burden"], runs["pdfplumber"], runs["pdfium"]
    found = {
        "at least 10 times pdfplumber": ours.rate >= 10 * loop.rate,
        "at least a tenth of pdfium's plain text": 10 * ours.rate >= floor.rate,
        f"under {MEMORY} MB": ours.megabytes < MEMORY,
    }
    return [f"{'met' if met else 'MISSED':<7}{target}" for target, met in found.items()]


def measured(name: str, papers: Sequence[Path]) -> Run:
    """What a reader takes for some papers, in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.reading", name, *map(str, papers)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return Run(**json.loads(done.stdout))


def growth(path: Path) -> list[Run]:
    """What a paper takes that is put after itself, as often as `REPEATS` says."""
    with TemporaryDirectory() as folder:
        runs = []
        for repeat in REPEATS:
            copy = Path(folder, f"{repeat}.pdf")
            copy.write_bytes(repeated(path.read_bytes(), repeat))
            runs.append(measured("burden", [copy]))
    return runs


def repeated(data: bytes, times: int) -> bytes:
    """A PDF with its pages several times over."""
    source, target, buffer = pdfium.PdfDocument(data), pdfium.PdfDocument.new(), io.BytesIO()
    try:
        for _ in range(times):
            target.import_pages(source)
        target.save(buffer)
    finally:
        target.close()
        source.close()
    return buffer.getvalue()


def run(name: str, papers: Iterable[Path]) -> Run:
    """Read papers in this process."""
    read, pages, seconds = READERS[name], 0, 0.0
    for path in papers:
        data = path.read_bytes()
        start = time.process_time()
        pages += read(data)
        seconds += time.process_time() - start
    return Run(pages, seconds, _peak())


def _peak() -> float:
    """Most megabytes that this process took.

    Linux counts in `ru_maxrss` what the process that started this one took, so its own high-water mark is asked for.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())[0]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _pages(path: Path) -> int:
    pdf = pdfium.PdfDocument(path)
    try:
        return len(pdf)
    finally:
        pdf.close()


def _burden(data: bytes) -> int:
    return len(read_pdf(data).pages)


def _pdfplumber(data: bytes) -> int:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def _pdfminer(data: bytes) -> int:
    return sum(1 for _ in extract_pages(io.BytesIO(data)))


def _pdfium(data: bytes) -> int:
    pdf = pdfium.PdfDocument(data)
    try:
        for page in pdf:
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()
        return len(pdf)
    finally:
        pdf.close()


READERS: dict[str, Read] = {
    "burden": _burden,
    "pdfplumber": _pdfplumber,
    "pdfminer": _pdfminer,
    "pdfium": _pdfium,
}
"""This reader (words, layout and tables), the plain loop to beat, what that is built on, and the floor: plain text."""


if __name__ == "__main__":
    result = run(sys.argv[1], [Path(name) for name in sys.argv[2:]])
    print(json.dumps({"pages": result.pages, "seconds": result.seconds, "megabytes": result.megabytes}))
