"""Two thousand damaged PDFs, each of which must give a document or one of the errors for documents; and how they are made."""

import os
import signal
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest

from benchmarks import fuzzing
from benchmarks.fuzzing import Finding, damaged, fuzz

PAPERS = Path(__file__).resolve().parents[2] / "flows" / "demo" / "papers"
INPUTS = 2_000
LINE = "BT /F1 12 Tf 72 700 Td (A line of text) Tj 0 -14 Td [(An) -300 (other,) 20 ( wider)] TJ ET"
TABLE = "".join(
    f"BT /F1 9 Tf 1 0 0 1 {90 + 80 * column} {600 - 12 * row} Tm ({row}.{column}) Tj ET "
    for row in range(6)
    for column in range(4)
)
RULES = "0.8 w 80 612 m 420 612 l S 80 596 340 0.4 re f 80 530 m 420 530 l S "
LATIN = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
WIDE = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    " /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    " /DW 500 /W [1 [400 600] 10 90 550] >>] /ToUnicode 8 0 R >>"
)
CMAP = (
    "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <0041> <0002> <D835DC00>"
    " endbfchar 1 beginbfrange <0020> <007E> <0020> endbfrange endcmap"
)
DRAWN = (
    "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /a 8 0 R >>"
    " /Encoding << /Type /Encoding /Differences [65 /a] >> /FirstChar 65 /LastChar 65 /Widths [1000] >>"
)


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def packed(content: str) -> str:
    return stream(zlib.compress(content.encode("latin-1")).decode("latin-1"), "/Filter /FlateDecode")


def written(content: str, font: str = LATIN, page: str = "", further: str = "<< >>") -> bytes:
    """A PDF of one page with its page tree, font and content, and an object 8 for whatever else there is."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) << /EF << /F 8 0 R >> >>] >> >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        "<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 3 0 R /CropBox [10 10 600 780] /Rotate 0 /Contents 6 0 R /Resources 7 0 R {page} >>",
        font,
        content,
        "<< /Font << /F1 5 0 R >> /XObject << /X1 8 0 R >> >>",
        further,
    ]
    data, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    ending = f"trailer\n<< /Size 9 /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return f"{data}xref\n0 9\n0000000000 65535 f \n{table}{ending}".encode("latin-1")


@pytest.fixture(scope="module")
def seeds() -> list[bytes]:
    """Whole PDFs of one to three pages: every third sample paper, and small ones in which a mutation meets structure."""
    wide = "BT /F1 12 Tf 72 700 Td <000100020041004200430020004400450046> Tj ET"
    form = stream(
        LINE, "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Matrix [1 0 0 1 5 5] /Resources 7 0 R"
    )
    picture = "q 99 0 0 99 50 50 cm BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI Q "
    by_hand = [
        written(stream(LINE + RULES + TABLE)),
        written(packed(LINE + RULES + TABLE)),
        written(stream(wide), WIDE, further=stream(CMAP)),
        written(packed(wide), WIDE, "/Rotate 90", packed(CMAP)),
        written(
            stream("BT /F1 12 Tf 72 700 Td (AAAA) Tj ET"), DRAWN, further=stream("1000 0 d0 0 0 750 750 re f")
        ),
        written(stream("/X1 Do q 0.5 0 0 0.5 9 9 cm /X1 Do Q " + picture), further=form),
        written(
            packed(picture + "BT /F1 9 Tf 0 1 -1 0 300 72 Tm (Up the side of it) Tj ET"), page="/Rotate 270"
        ),
    ]
    papers = [path.read_bytes() for path in sorted(PAPERS.glob("*.pdf"))[::3]]
    return [*by_hand, *papers]


def test_a_seed_is_read_whole(seeds: list[bytes]) -> None:
    assert all(len(seed) < 100_000 for seed in seeds)
    # In a process of its own: the ceiling counts all that a process holds, and this one holds what other tests left.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = set(pool.map(fuzzing.outcome_of, seeds))
    assert found <= {("Document", True), ("Document with problems", True)}


def test_every_damaged_pdf_gives_a_document_or_an_error_of_its_own(seeds: list[bytes]) -> None:
    tally = fuzz(seeds, range(INPUTS))
    assert tally.findings == []
    assert sum(tally.outcomes.values()) == INPUTS
    assert tally.outcomes["Document"] > INPUTS / 10
    assert tally.outcomes["DamagedDocumentError"] > INPUTS / 20


def test_the_same_number_is_the_same_input(seeds: list[bytes]) -> None:
    assert [damaged(seeds, number) for number in range(50)] == [
        damaged(seeds, number) for number in range(50)
    ]
    assert len({damaged(seeds, number) for number in range(500)}) > 490


def test_what_lies_in_a_compressed_stream_is_damaged_too(seeds: list[bytes]) -> None:
    changed = fuzzing._within_a_stream(seeds[1], Random(5))
    start = changed.index(b"stream\n") + len(b"stream\n")
    assert zlib.decompressobj().decompress(changed[start:]) != (LINE + RULES + TABLE).encode("latin-1")


def failing(how: str, which: bytes, data: bytes) -> tuple[str, bool]:
    """A reader that does badly with one input."""
    if data != which:
        return "Document", True
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "hang":
        time.sleep(3_600)
    return "KeyError: 'x'", False


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ("crash", f"kills the process with code -{int(signal.SIGSEGV)}"),
        ("hang", "takes too long"),
        ("raise", "KeyError: 'x'"),
    ],
)
def test_a_finding_names_the_one_input_that_did_it(how: str, what: str, seeds: list[bytes]) -> None:
    reader = partial(failing, how, damaged(seeds, 37))
    tally = fuzz(seeds, range(60), reader=reader, seconds=3)
    assert tally.findings == [Finding(37, what)]
    assert tally.outcomes["Document"] == 59
