"""A picture shows the place of a value with what is needed to judge it, its box outlined, and little else."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from annotation.picture.crop import Picture, crop
from annotation.picture.parts import MARGIN, TALLEST, view
from extractors.documents.draw import LONGEST_SIDE, MOST_PIXELS, RED
from extractors.documents.pdf import read_pdf
from extractors.facts.errors import DocumentError, UsageError
from extractors.facts.evidence import Box, Evidence

Typeset = Callable[[str], bytes]
Cite = Callable[[bytes, str], Evidence]
TEXT = "Before it.\n\nWe train on #strong[eightfold] machines. #lorem(60)\n\n#lorem(400)"
TABLE = """#figure(caption: [Costs.], table(columns: 3, table.header([Model], [Devices], [Days]),
  ..range(%d).map(i => ([net#i], [d#i], [t#i])).flatten()))"""
SIDEWAYS = f"#rotate(%s, reflow: true)[{TABLE % 9}]\n#lorem(40)"
LINE = 12.0
"""Points from one line to the next, about."""


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.png))
    assert (image.format, image.size) == ("PNG", (picture.width, picture.height))
    return image


def frame(image: Image.Image) -> tuple[int, int, int, int] | None:
    """What surrounds the red pixels: left, top, right, bottom."""
    red = [(x, y) for x in range(image.width) for y in range(image.height) if image.getpixel((x, y)) == RED]
    if not red:
        return None
    return min(x for x, _ in red), min(y for _, y in red), max(x for x, _ in red), max(y for _, y in red)


def hand_made(page: str, content: str = "BT /F1 12 Tf 72 700 Td (A line) Tj ET") -> bytes:
    """One page with further entries in its dictionary; pdfium mends the missing table of objects."""
    return (
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        "2 0 obj\n<< /Type /Pages /Kids [4 0 R] /Count 1 >>\nendobj\n"
        "3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n"
        f"4 0 obj\n<< /Type /Page /Parent 2 0 R {page} /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>\nendobj\n"
        f"5 0 obj\n<< /Length {len(content)} >>\nstream\n{content}\nendstream\nendobj\n"
        "trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n"
    ).encode()


def at(box: Box | None, page: int = 1) -> Evidence:
    return Evidence("0" * 64, page, box, "", "a quote", "test.rule")


def test_a_paragraph_is_shown_whole_over_its_column_with_the_value_outlined(
    typeset: Typeset, cite: Cite
) -> None:
    data = typeset(TEXT)
    evidence = cite(data, "eightfold")
    assert evidence.box is not None
    shown = view(read_pdf(data), evidence.box)
    (strip,) = shown.strips
    assert strip.x0 == pytest.approx(72 - MARGIN, abs=2)
    assert strip.x1 == pytest.approx(612 - 72 + MARGIN, abs=2)
    assert evidence.box.top - LINE < strip.top < evidence.box.top
    assert evidence.box.bottom + 3 * LINE < strip.bottom < evidence.box.bottom + 12 * LINE
    image = opened(crop(data, evidence))
    found = frame(image)
    scale = image.width / (strip.x1 - strip.x0)
    assert found is not None
    assert found[0] / scale == pytest.approx(evidence.box.x0 - strip.x0, abs=4)
    assert found[3] / scale == pytest.approx(evidence.box.bottom - strip.top, abs=4)


def test_a_value_in_two_columns_is_shown_in_its_own_only(typeset: Typeset, cite: Cite) -> None:
    data = typeset(f"#columns(2)[{TEXT}\n\n#lorem(500)]")
    evidence = cite(data, "eightfold")
    assert evidence.box is not None
    (strip,) = view(read_pdf(data), evidence.box).strips
    assert strip.x1 < 612 / 2
    assert strip.x1 - strip.x0 > 200


def test_a_long_paragraph_is_shown_around_the_value(typeset: Typeset, cite: Cite) -> None:
    data = typeset("#lorem(300) eightfold #lorem(300)")
    evidence = cite(data, "eightfold")
    assert evidence.box is not None
    (strip,) = view(read_pdf(data), evidence.box).strips
    assert strip.bottom - strip.top < TALLEST
    assert strip.top < evidence.box.top - 5 * LINE
    assert strip.bottom > evidence.box.bottom + 5 * LINE


def test_a_small_table_is_shown_whole_with_its_caption(typeset: Typeset, cite: Cite) -> None:
    data = typeset(f"#lorem(80)\n\n{TABLE % 4}\n\n#lorem(80)")
    document, evidence = read_pdf(data), cite(data, "d2")
    assert evidence.box is not None
    table = document.tables[0]
    assert table.caption is not None
    (strip,) = view(document, evidence.box).strips
    for box in (table.box, *table.caption.boxes):
        assert strip.top <= box.top and box.bottom <= strip.bottom
    assert strip.bottom - strip.top < table.box.bottom - table.box.top + 60


def test_a_tall_table_is_shown_as_its_header_and_the_rows_around(typeset: Typeset, cite: Cite) -> None:
    data = typeset(TABLE % 32)
    document, evidence = read_pdf(data), cite(data, "d25")
    assert evidence.box is not None
    head, rows = view(document, evidence.box).strips
    first = document.tables[0].rows[0][0]
    assert first is not None
    assert head.top <= first.box.top and first.box.bottom <= head.bottom
    assert rows.top < evidence.box.top - LINE and evidence.box.bottom + LINE < rows.bottom
    assert head.bottom < rows.top
    assert (head.x0, head.x1) == (rows.x0, rows.x1)
    assert frame(opened(crop(data, evidence))) is not None


def test_near_the_header_of_a_tall_table_nothing_is_left_out_between(typeset: Typeset, cite: Cite) -> None:
    data = typeset(TABLE % 32)
    evidence = cite(data, "d2")
    assert evidence.box is not None
    assert len(view(read_pdf(data), evidence.box).strips) == 1


@pytest.mark.parametrize(("angle", "turned"), [("-90deg", 90), ("90deg", 270)])
def test_a_table_set_sideways_is_turned_upright(
    typeset: Typeset, cite: Cite, angle: str, turned: int
) -> None:
    data = typeset(SIDEWAYS % angle)
    evidence = cite(data, "d2")
    assert evidence.box is not None
    shown = view(read_pdf(data), evidence.box)
    assert shown.turned == turned
    found = frame(opened(crop(data, evidence)))
    assert found is not None
    assert found[2] - found[0] > found[3] - found[1]  # the word lies
    upright = frame(opened(crop(typeset(TABLE % 9), cite(typeset(TABLE % 9), "d2"))))
    assert upright is not None
    # the value stands where it stands in the same table set upright
    sides = [(a - b) / max(upright) for a, b in zip(found, upright, strict=True)]
    assert max(map(abs, sides)) < 0.15


def test_a_page_that_is_shown_rotated_has_its_frame_around_the_words() -> None:
    data = hand_made("/MediaBox [0 0 612 792] /Rotate 90", "0 1 -1 0 400 100 cm BT /F1 12 Tf (A line) Tj ET")
    document = read_pdf(data)
    box = document.paragraphs[0].boxes[0]
    image = opened(crop(data, at(box)))
    found = frame(image)
    assert found is not None
    inside = image.crop((found[0] + 8, found[1] + 8, found[2] - 8, found[3] - 8)).convert("L")
    assert min(inside.tobytes()) < 100  # ink


def test_evidence_without_a_box_shows_the_whole_page_without_a_frame(typeset: Typeset) -> None:
    image = opened(crop(typeset(TEXT), at(None)))
    assert image.width / image.height == pytest.approx(612 / 792, abs=0.01)
    assert frame(image) is None


@pytest.mark.parametrize(
    "box",
    [Box(1, 0, 0, 612, 792), Box(1, -500, -500, 9e6, 9e6), Box(1, 2e3, 2e3, 3e3, 3e3), Box(1, 5, 5, 5, 5)],
)
def test_any_box_gives_a_picture(typeset: Typeset, box: Box) -> None:
    picture = crop(typeset(TEXT), at(box))
    assert 0 < picture.width * picture.height <= MOST_PIXELS


@pytest.mark.parametrize("size", ["200000 200000", "14400 3", "0.01 0.01", "1 1000000"])
def test_a_page_of_any_size_gives_a_picture_of_bounded_size(size: str) -> None:
    data = hand_made(f"/MediaBox [0 0 {size}]")
    for evidence in (at(None), at(Box(1, 0, 0, 100, 100))):
        picture = crop(data, evidence)
        assert 0 < picture.width * picture.height <= 1.01 * MOST_PIXELS
        assert max(picture.width, picture.height) <= LONGEST_SIDE + 1


def test_the_second_page_is_shown_where_the_evidence_says_so(typeset: Typeset, cite: Cite) -> None:
    data = typeset(f"First.\n#pagebreak()\n{TEXT}")
    evidence = cite(data, "eightfold")
    assert evidence.page == 2
    assert crop(data, evidence).page == 2
    assert (
        crop(data, evidence).png == replace(crop(typeset(TEXT), cite(typeset(TEXT), "eightfold")), page=2).png
    )


def test_a_page_of_html_has_no_picture() -> None:
    with pytest.raises(UsageError, match="no picture"):
        crop(b"<!DOCTYPE html><html><body><p>Text</p></body></html>", at(None))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 and nothing", b"no paper"])
def test_bytes_that_are_no_paper_are_told_as_such(data: bytes) -> None:
    with pytest.raises(DocumentError):
        crop(data, at(None))


def test_a_page_that_is_not_there_is_told(typeset: Typeset) -> None:
    with pytest.raises(UsageError, match="no page 9"):
        crop(typeset(TEXT), at(None, 9))
