"""PDFs that a stranger might write: each gives a document that says what it lacks, or an error of its own, and soon.

What takes all memory or for ever is stopped by `flows.workers` (and tested there); what chance makes of good files is read
in `benchmarks.fuzzing`. Here are the files that somebody thought out. A file that hangs its reader hangs this test.
"""

import hashlib
import zlib

import pytest

from extractors.documents.opening import Limits
from extractors.documents.pdf import read_pdf
from extractors.facts.errors import DamagedDocumentError, EncryptedDocumentError, OversizedDocumentError

Objects = dict[int, bytes]

LINE = b"BT /F1 12 Tf 72 700 Td (A line of text) Tj ET"
LATIN = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
BOX = b"/MediaBox [0 0 612 792]"
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
"""What the standard fills passwords up with (ISO 32000-1, 7.6.3.3)."""
COMPOSITE = b"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /%s /DescendantFonts [7 0 R] /ToUnicode 8 0 R >>"
CID = (
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /DW 1000"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
)
DRAWN = (
    b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /a 7 0 R >>"
    b" /Encoding << /Type /Encoding /Differences [65 /a] >> /FirstChar 65 /LastChar 65 /Widths [1000]"
    b" /Resources << /Font << /F1 3 0 R >> >> >>"
)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def packed(content: bytes) -> bytes:
    return stream(zlib.compress(content, 1), b"/Filter /FlateDecode")


def form(content: bytes, drawn: int) -> bytes:
    """A form that may draw another."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X %d 0 R >> /Font << /F1 3 0 R >> >>"
    return stream(content, entries % drawn)


def pdf(objects: Objects, trailer: bytes = b"") -> bytes:
    data, offsets = b"%PDF-1.5\n", {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size, start = max(objects) + 1, len(data)
    free = b"0000000000 65535 f \n"
    entries = [b"%010d 00000 n \n" % offsets[n] if n in offsets else free for n in range(size)]
    data += b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R %s >>\n" % (
        size,
        b"".join(entries),
        size,
        trailer,
    )
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def page(
    content: bytes = LINE,
    *,
    entries: bytes = BOX,
    font: bytes = LATIN,
    further: Objects | None = None,
    kids: bytes = b"[4 0 R] /Count 1",
    catalog: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF of one page: the catalog is object 1, the page tree 2, the font 3, the page 4, its content 5."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids %s >>" % kids,
        3: font,
        4: b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /X 20 0 R >> >> %s >>"
        % entries,
        5: stream(content),
    }
    return pdf(objects | (further or {}), trailer)


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in read_pdf(data).paragraphs]


def rc4(key: bytes, data: bytes) -> bytes:
    state, at = list(range(256)), 0
    for i in range(256):
        at = (at + state[i] + key[i % len(key)]) % 256
        state[i], state[at] = state[at], state[i]
    out, i, at = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        at = (at + state[i]) % 256
        state[i], state[at] = state[at], state[i]
        out.append(byte ^ state[(state[i] + state[at]) % 256])
    return bytes(out)


def locked(password: bytes) -> bytes:
    """A page encrypted for readers that know the password (ISO 32000-1, algorithms 1, 2 and 4)."""
    name, owner = b"0123456789abcdef", b"x" * 32
    rights = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5((password + PAD)[:32] + owner + rights + name).digest()[:5]
    content = hashlib.md5(key + (5).to_bytes(3, "little") + b"\0\0").digest()[:10]
    lock = b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <%s> /U <%s> >>"
    hexed = owner.hex().encode(), rc4(key, PAD).hex().encode()
    further = {5: stream(rc4(content, LINE)), 6: lock % hexed}
    return page(further=further, trailer=b"/Encrypt 6 0 R /ID [<%s> <%s>]" % ((name.hex().encode(),) * 2))


def pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 10 + count))
    body = b"<< /Type /Page /Parent 2 0 R %s /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % BOX
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: LATIN, 5: stream(LINE)}
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf(objects | dict.fromkeys(range(10, 10 + count), body))


def tree(depth: int) -> bytes:
    """A page under so many nodes of the page tree."""
    objects = {1: b"<< /Type /Catalog /Pages 10 0 R >>", 3: LATIN, 5: stream(LINE)}
    for number in range(10, 10 + depth):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
    leaf = b"<< /Type /Page /Parent %d 0 R %s /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    return pdf(objects | {10 + depth: leaf % (9 + depth, BOX)})


def test_a_paper_that_only_its_owner_may_change_is_read() -> None:
    assert texts(locked(b"")) == ["A line of text"]


def test_a_paper_with_a_password_is_not() -> None:
    with pytest.raises(EncryptedDocumentError):
        read_pdf(locked(b"secret"))


def test_of_five_thousand_pages_the_first_are_read_and_the_others_named() -> None:
    document = read_pdf(pages(5_000))
    assert len(document.pages) == Limits().pages
    assert document.problems == ("only the first 300 of its 5,000 pages were read",)
    with pytest.raises(OversizedDocumentError):
        read_pdf(pages(Limits().most_pages + 1))


def test_pages_after_more_text_than_a_paper_has_are_left_out_and_named() -> None:
    document = read_pdf(pages(4), Limits(total=20))
    assert [page.number for page in document.pages] == [1, 2]
    assert document.problems == ("pages 3 to 4 were not read: those before have 28 characters",)


def test_a_scanned_paper_says_so_once_and_for_each_page() -> None:
    picture = b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
    document = read_pdf(pages(2).replace(stream(LINE), stream(picture)))
    assert document.paragraphs == ()
    assert document.problems[0].startswith("no page has a text layer: the paper is a scan")
    assert document.problems[1:] == ("page 1: no text layer", "page 2: no text layer")


def test_a_portfolio_of_attached_files_says_that_they_were_not_read() -> None:
    names = b"/Collection << /Type /Collection >> /Names << /EmbeddedFiles << /Names [(a) 8 0 R] >> >>"
    further = {8: b"<< /Type /Filespec /F (a.pdf) /EF << /F 9 0 R >> >>", 9: packed(b"%PDF-1.4 another")}
    problems = read_pdf(page(b"", catalog=names, further=further)).problems
    assert "files attached to it were not read: 1" in problems


def test_actions_are_not_taken() -> None:
    actions = (
        b"/OpenAction << /S /JavaScript /JS (while (true) {}) >> /AA << /WC << /S /Launch /F (/bin/sh) >> >>"
    )
    assert texts(page(catalog=actions)) == ["A line of text"]


@pytest.mark.parametrize(
    "box",
    [
        "0 0 0 0",
        "612 792 0 0",
        "0 0 612",
        "(a) 0 /B 792",
        "0 0 nan inf",
        "0 0 1e38 1e38",
        "0 0 99999999999999999999 1",
    ],
)
def test_a_page_whose_box_makes_no_sense_has_a_usual_one(box: str) -> None:
    document = read_pdf(page(entries=b"/MediaBox [%s]" % box.encode()))
    assert [(page.width, page.height) for page in document.pages] == [(612, 792)]
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line of text"]


@pytest.mark.parametrize(
    "entries", [b"", BOX + b" /CropBox [5000 5000 6000 6000]", BOX + b" /CropBox [0 0 0 0]"]
)
def test_a_page_without_a_box_of_use_is_shown_whole(entries: bytes) -> None:
    document = read_pdf(page(entries=entries))
    assert (document.pages[0].width, document.pages[0].height) == (612, 792)
    assert document.paragraphs[0].words[0].box.bottom == pytest.approx(792 - 700, abs=4)


def test_a_page_takes_the_box_of_its_tree_and_the_part_of_its_crop_box_within_it() -> None:
    kids = b"[4 0 R] /Count 1 /MediaBox [0 0 300 710]"
    document = read_pdf(page(entries=b"/CropBox [50 -40 900 900]", kids=kids))
    assert (document.pages[0].width, document.pages[0].height) == (250, 710)
    first = document.paragraphs[0].words[0].box
    assert first.x0 == pytest.approx(72 - 50, abs=0.5)
    assert first.bottom == pytest.approx(710 - 700, abs=4)


def test_text_beside_the_page_is_said_to_stand_there() -> None:
    document = read_pdf(page(entries=b"/MediaBox [0 0 1 1]"))
    assert document.problems == ("page 1: most of its text stands outside of the page",)


@pytest.mark.parametrize(
    "data",
    [
        page(kids=b"[2 0 R] /Count 1"),
        page(kids=b"[4 0 R 2 0 R] /Count 40"),
        page(kids=b"[4 0 R] /Count 5000000"),
        page(kids=b"[4 0 R] /Count -7"),
        page(entries=b"", kids=b"[4 0 R] /Count 1 /Parent 2 0 R"),
        page().replace(b"startxref\n", b"startxref\n99"),
        page().replace(b"00000 n", b"00001 n"),
        page().replace(b"/Size 6", b"/Size 99999999"),
        page(trailer=b"/Prev 9"),
        b"junk\n" + page(),
        page(further={8: b"[" * 100_000 + b"]" * 100_000}, entries=BOX + b" /Own 8 0 R"),
        page(b"q " * 500_000 + LINE),
        page(b"[" * 100_000 + b"]" * 100_000 + b" TJ " + LINE),
        page(further={5: b"<< /Length 5 0 R >>\nstream\n" + LINE + b"\nendstream"}),
        page(b"/X Do", further={20 + n: form(b"/X Do", 21 + n) for n in range(10)} | {30: form(LINE, 40)}),
        tree(500),
    ],
    ids=lambda data: f"{zlib.crc32(data):x}",
)
def test_odd_structure_is_read_all_the_same(data: bytes) -> None:
    assert texts(data) == ["A line of text"]


@pytest.mark.parametrize(
    "data", [page(b"/X Do", further={20: form(b"/X Do", 20)}), page(further={5: b"[5 0 R]"})]
)
def test_what_holds_itself_holds_nothing(data: bytes) -> None:
    assert "page 1: no text layer" in read_pdf(data).problems


@pytest.mark.parametrize("data", [tree(5_000), page().split(b"xref\n0")[0], page()[: len(page()) // 2]])
def test_what_leads_to_no_page_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedDocumentError):
        read_pdf(data)


@pytest.mark.parametrize(
    "matrix",
    [
        "1 0 0 1 nan inf",
        "1 0 0 1 1e38 1e38",
        "0 0 0 0 72 700",
        "1 0 0 0 72 700",
        "-1 0 0 1 300 700",
        "1 1 1 1 9 9",
    ],
)
@pytest.mark.parametrize("size", ["12", "0", "-12", "1e-30", "1e38", "nan"])
def test_type_that_nobody_could_see_does_no_harm_to_what_can_be_seen(matrix: str, size: str) -> None:
    odd = f"BT /F1 {size} Tf {matrix} Tm (Unseen) Tj ET ".encode()
    assert any("A line of text" in text for text in texts(page(odd + LINE)))


def test_fonts_that_lie_about_widths_or_have_no_letters_are_read_by_what_they_say() -> None:
    widths = b" ".join([b"0", b"-500", b"1e30", b"99999"][n % 4] for n in range(95))
    liar = LATIN[:-2] + b"/FirstChar 32 /LastChar 126 /Widths [" + widths + b"] >>"
    assert texts(page(font=liar))
    glyphs = stream(b"1000 0 d0 BT /F1 12 Tf (AAAA) Tj ET")
    assert texts(page(b"BT /F1 12 Tf 72 700 Td (AAAA) Tj ET", font=DRAWN, further={7: glyphs})) == ["AAAA"]


@pytest.mark.parametrize("way", [b"Identity-H", b"Identity-V"])
def test_a_code_that_stands_for_ten_thousand_letters_is_no_bomb(way: bytes) -> None:
    cmap = b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0041> <%s> <0042> <D800> endbfchar"
    further = {7: CID, 8: stream(cmap % (b"00610062" * 5_000))}
    read = texts(page(b"BT /F1 12 Tf 72 700 Td <004100420041> Tj ET", font=COMPOSITE % way, further=further))
    assert 2 <= len("".join(read)) < 100_000


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 8 Tf "
        + b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (n * 7919 % 600, n * 104_729 % 790) for n in range(40_000))
        + b"ET",
        b"BT /F1 1 Tf 1 0 0 1 0 700 Tm (" + b"a " * 50_000 + b") Tj ET",
        b"BT /F1 9 Tf 1 0 0 1 0 700 Tm " + b"(a) Tj 3 Ts (b) Tj -3 Ts (c) Tj 0 Ts " * 15_000 + b"ET",
    ],
    ids=["scattered", "one line", "up and down"],
)
def test_a_page_of_letters_without_end_is_cut_and_says_so(content: bytes) -> None:
    document = read_pdf(page(further={5: packed(content)}))
    assert document.paragraphs
    assert max(len(paragraph.words) for paragraph in document.paragraphs) <= 15_000
    assert "page 1: only the first 30,000 characters were read" in document.problems


def test_a_page_of_lines_without_end_is_looked_at_in_part_and_says_so() -> None:
    lines = b"".join(
        b"%d %d m %d %d l S " % (n % 500, n % 791, n % 500 + 20, n % 791) for n in range(100_000)
    )
    document = read_pdf(page(further={5: packed(lines + LINE)}))
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line of text"]
    assert document.problems == ("page 1: only the first 50,000 of 100,001 drawn shapes were looked at",)


def test_text_that_never_ends_is_parted_into_paragraphs() -> None:
    """A paragraph that grows by a letter at a time, over thousands of blocks, would take for ever to put together."""
    letters = b"".join(
        b"1 0 0 1 %d %d Tm (a) Tj " % (n * 7919 % 600, n * 104_729 % 790) for n in range(2_000)
    )
    document = read_pdf(page(b"BT /F1 8 Tf " + letters + b"ET"))
    assert max(len(paragraph.words) for paragraph in document.paragraphs) < 500
