"""Bytes to documents: what is refused and how, what is read in part, stamps, rotations, and real typeset pages."""

import gc
import hashlib
from collections.abc import Callable

import pytest

from extractors.documents import plumbed
from extractors.documents.characters import Character, Characters
from extractors.documents.model import Document, Stamp
from extractors.documents.opening import Limits
from extractors.documents.pdf import _clearer, read_pdf
from extractors.facts.errors import (
    DamagedDocumentError,
    DocumentError,
    EncryptedDocumentError,
    NotADocumentError,
    OversizedDocumentError,
)

HandMade = Callable[..., bytes]
Typeset = Callable[[str], bytes]

LINE = "BT /F1 12 Tf 72 700 Td (A line of text) Tj ET"
LOCK = "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <" + "ab" * 32 + "> /U <" + "cd" * 32 + "> >>"
"""Standard encryption with a user's password that nobody knows."""


def stamped(stamp: str) -> str:
    return f"{LINE} BT /F1 20 Tf 0 1 -1 0 30 200 Tm ({stamp}) Tj ET"


def garbled(text: str) -> Characters:
    return Characters.of(
        Character(chr(0xE000 + ord(c)), 72 + 6 * i, 78 + 6 * i, 100, 12, "Helvetica", 0)
        for i, c in enumerate(text)
    )


def test_a_document_knows_its_bytes_and_pages(hand_made: HandMade) -> None:
    data = hand_made([LINE, LINE])
    document = read_pdf(data)
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert [(page.number, page.width, page.height) for page in document.pages] == [
        (1, 612, 792),
        (2, 612, 792),
    ]
    assert document.problems == ()


def test_the_same_bytes_give_the_same_document(typeset: Typeset) -> None:
    data = typeset("= 1 Introduction\n#lorem(200)")
    assert read_pdf(data) == read_pdf(data)


@pytest.mark.parametrize("collects", [True, False])
def test_reading_leaves_the_collection_of_garbage_as_it_was(hand_made: HandMade, *, collects: bool) -> None:
    (gc.enable if collects else gc.disable)()
    try:
        read_pdf(hand_made([LINE]))
        assert gc.isenabled() == collects
        with pytest.raises(DamagedDocumentError):
            read_pdf(b"%PDF-1.4 cut off")
        assert gc.isenabled() == collects
    finally:
        gc.enable()


@pytest.mark.parametrize("data", [b"", b"plain text", b"<!doctype html><html><body>%PDF</body></html>"])
def test_what_does_not_begin_like_a_pdf_is_none(data: bytes) -> None:
    with pytest.raises(NotADocumentError):
        read_pdf(data)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_pdf_that_was_cut_off_is_damaged(share: float, typeset: Typeset) -> None:
    data = typeset("#lorem(500)")
    with pytest.raises(DamagedDocumentError):
        read_pdf(data[: int(share * len(data))])


def test_a_pdf_that_needs_a_password_is_encrypted(hand_made: HandMade) -> None:
    ids = "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    with pytest.raises(EncryptedDocumentError):
        read_pdf(hand_made([LINE], trailer=f"/Encrypt 10 0 R {ids}", further=[LOCK]))


def test_a_pdf_without_pages_is_damaged(hand_made: HandMade) -> None:
    with pytest.raises(DamagedDocumentError):
        read_pdf(hand_made([]))


def test_too_many_pages_are_refused(hand_made: HandMade) -> None:
    with pytest.raises(OversizedDocumentError, match="3 pages are more than the 2 of any paper"):
        read_pdf(hand_made([LINE] * 3), Limits(most_pages=2))


def test_too_many_bytes_are_refused(hand_made: HandMade) -> None:
    with pytest.raises(OversizedDocumentError, match="more than the 100 allowed"):
        read_pdf(hand_made([LINE]), Limits(size=100))


def test_no_more_characters_of_a_page_are_read_than_the_limit(hand_made: HandMade) -> None:
    document = read_pdf(hand_made([LINE]), Limits(characters=6))
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line"]


def test_a_page_cut_at_the_limit_is_a_problem(hand_made: HandMade) -> None:
    document = read_pdf(hand_made([LINE, "BT /F1 12 Tf 72 700 Td (Short) Tj ET"]), Limits(characters=6))
    assert [problem.startswith("page 1: ") for problem in document.problems] == [True]


def test_a_page_without_text_is_a_problem(hand_made: HandMade) -> None:
    document = read_pdf(hand_made([LINE, ""]))
    assert document.problems == ("page 2: no text layer",)
    assert [page.number for page in document.pages] == [1, 2]


def test_a_page_that_nobody_can_read_leaves_the_others(hand_made: HandMade) -> None:
    document = read_pdf(hand_made([LINE, LINE]).replace(b"[10 0 R 12 0 R]", b"[10 0 R 40 0 R]"))
    assert [page.number for page in document.pages] == [1]
    assert len(document.problems) == 1 and document.problems[0].startswith("page 2: cannot be read")


@pytest.mark.parametrize("noise", [b"\x00" * 50, b"/Contents", b"endobj", b"\xff\xfe stream"])
@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8])
def test_damage_is_a_document_error_or_a_document(noise: bytes, share: float, typeset: Typeset) -> None:
    data = typeset("= 1 Introduction\n#lorem(100)\n#table(columns: 2)[a][b]")
    at = int(share * len(data))
    try:
        found: Document | DocumentError = read_pdf(data[:at] + noise + data[at + len(noise) :])
    except DocumentError as error:
        found = error
    assert isinstance(found, Document | DocumentError)


@pytest.mark.parametrize(
    ("printed", "id", "category"),
    [
        ("arXiv:2401.01234v2  [cs.CL]  5 Jan 2024", "2401.01234v2", "cs.CL"),
        ("arXiv:1401.0123v1 [stat.ML] 15 Dec 2014", "1401.0123v1", "stat.ML"),
        ("arXiv:hep-th/9901001v3 [hep-th] 25 Jan 1999", "hep-th/9901001v3", "hep-th"),
    ],
)
def test_the_stamp_up_the_side_is_read(printed: str, id: str, category: str, hand_made: HandMade) -> None:
    document = read_pdf(hand_made([stamped(printed)]))
    assert document.stamp is not None
    assert (str(document.stamp.id), document.stamp.category) == (id, category)
    assert printed.endswith(document.stamp.date)
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line of text"]


def test_the_stamp_of_a_submission_names_no_paper(hand_made: HandMade) -> None:
    stamp = read_pdf(hand_made([stamped("arXiv:submit/1234567 [cs.CL] 5 Jan 2024")])).stamp
    assert stamp == Stamp(None, "1234567", "cs.CL", "5 Jan 2024")


def test_a_stamp_that_is_quoted_in_the_text_is_none(hand_made: HandMade) -> None:
    level = LINE.replace("A line of text", "arXiv:2401.01234v2 [cs.CL] 5 Jan 2024")
    assert read_pdf(hand_made([level])).stamp is None


def test_a_page_that_is_turned_reads_upright(hand_made: HandMade) -> None:
    data = hand_made(["BT /F1 12 Tf 0 1 -1 0 300 72 Tm (A line across) Tj ET"], page="/Rotate 90")
    document = read_pdf(data)
    assert (document.pages[0].width, document.pages[0].height) == (792, 612)
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line across"]
    assert document.paragraphs[0].words[0].box.x0 == pytest.approx(72, abs=0.5)


def test_what_makes_no_sense_goes_to_the_second_reader(hand_made: HandMade) -> None:
    found, *_ = _clearer(hand_made([LINE]), 1, Limits(), garbled("A line of text"), [], [])
    assert found.text == "A line of text"


def test_what_makes_no_sense_to_either_reader_stays_with_the_first(hand_made: HandMade) -> None:
    cmap = "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <E020> endbfrange"
    stream = f"begincmap {cmap} endcmap"
    written = f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"
    data = hand_made([LINE], font="/ToUnicode 10 0 R", further=[written])
    first = garbled("A line of text")
    assert _clearer(data, 1, Limits(), first, [], [])[0] is first
    assert plumbed.unreadable_share(plumbed.read_page(data, 1, 100)[0]) == 1
    assert len(read_pdf(data).pages) == 1


def test_a_second_reader_that_fails_changes_nothing(hand_made: HandMade) -> None:
    first = garbled("A line of text")
    assert _clearer(hand_made([LINE]), 7, Limits(), first, [], [])[0] is first
