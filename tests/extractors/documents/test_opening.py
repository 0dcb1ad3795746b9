"""Opening: what is refused before a page is read, and what is said of what is not read."""

from collections.abc import Callable

import pytest

from extractors.documents.opening import Limits, left_out, opened, page_alone
from extractors.facts.errors import (
    DamagedDocumentError,
    EncryptedDocumentError,
    NotADocumentError,
    OversizedDocumentError,
    UsageError,
)

HandMade = Callable[..., bytes]

LINE = "BT /F1 12 Tf 72 700 Td (A line of text) Tj ET"
ATTACHED = "<< /Type /Filespec /F (more.pdf) /EF << /F 11 0 R >> >>"


def test_what_can_be_read_is_open_and_closed_again(hand_made: HandMade) -> None:
    with opened(hand_made([LINE, LINE]), Limits()) as pdf:
        assert len(pdf) == 2
        assert list(left_out(pdf, Limits())) == []
    assert pdf.raw is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", NotADocumentError),
        (b"\0" * 2_000 + b"%PDF-1.7", NotADocumentError),
        (b"%PDF-1.7\n", DamagedDocumentError),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * 10_000, DamagedDocumentError),
        (b"%PDF-1.7\ntrailer << /Root 1 0 R /Encrypt 2 0 R >>", DamagedDocumentError),
    ],
)
def test_what_is_no_whole_pdf_is_refused(data: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind), opened(data, Limits()):
        pass


@pytest.mark.parametrize("filter", ["/Standard", "/SomebodysOwn"])
def test_what_nobody_can_decrypt_is_encrypted(filter: str, hand_made: HandMade) -> None:
    lock = f"<< /Filter {filter} /V 1 /R 2 /Length 40 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
    data = hand_made([LINE], trailer="/Encrypt 10 0 R /ID [<00> <00>]", further=[lock])
    with pytest.raises(EncryptedDocumentError), opened(data, Limits()):
        pass


def test_an_error_of_the_file_before_is_not_taken_for_one_of_this_file(hand_made: HandMade) -> None:
    lock = f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
    data = hand_made([LINE], trailer="/Encrypt 10 0 R /ID [<00> <00>]", further=[lock])
    with pytest.raises(EncryptedDocumentError), opened(data, Limits()):
        pass
    with pytest.raises(DamagedDocumentError), opened(hand_made([]), Limits()):
        pass


def test_more_bytes_or_pages_than_a_paper_has_are_refused(hand_made: HandMade) -> None:
    data = hand_made([LINE] * 3)
    for limits in (Limits(size=len(data) - 1), Limits(most_pages=2)):
        with pytest.raises(OversizedDocumentError), opened(data, limits):
            pass


def test_pages_beyond_the_limit_and_attached_files_are_said_to_be_left_out(hand_made: HandMade) -> None:
    stream = "<< /Length 4 >>\nstream\n%PDF\nendstream"
    names = "/Names << /EmbeddedFiles << /Names [(more) 10 0 R] >> >>"
    data = hand_made([LINE] * 3, further=[ATTACHED, stream])
    data = data.replace(b"/Type /Catalog", b"/Type /Catalog " + names.encode())
    with opened(data, Limits(pages=2)) as pdf:
        assert list(left_out(pdf, Limits(pages=2))) == [
            "only the first 2 of its 3 pages were read",
            "files attached to it were not read: 1",
        ]


def test_a_page_alone_is_that_page(hand_made: HandMade) -> None:
    data = hand_made(["", "BT /F1 12 Tf 72 700 Td (A line) Tj ET"], page="/Rotate 90")
    alone = page_alone(data, 2)
    with opened(alone, Limits()) as pdf, opened(data, Limits()) as whole:
        assert len(pdf) == 1
        assert pdf[0].get_size() == whole[1].get_size() == (792, 612)
        assert pdf[0].get_textpage().get_text_bounded() == "A line"


@pytest.mark.parametrize("number", [0, 2])
def test_no_page_beyond_the_last_stands_alone(number: int, hand_made: HandMade) -> None:
    with pytest.raises(UsageError, match=f"no page {number}"):
        page_alone(hand_made([""]), number)
