"""Pages as pictures: a frame stands around its box, and nowhere else; what was read is outlined."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops

from extractors.documents.draw import (
    BLUE,
    GREEN,
    MOST_PIXELS,
    ORANGE,
    PADDING,
    RED,
    Colour,
    Frame,
    draw,
    outline,
    painted,
)
from extractors.documents.model import Document
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Box

HandMade = Callable[..., bytes]
BOX = Box(1, 100, 200, 180, 230)
PAGE = """
We train on eight devices.#footnote[Some of them were slow.]
#figure(caption: [Scores.], booktabs(2, ([Model], [Score]), [Small], [71.2], [Large], [75.9]))
"""


@pytest.fixture
def data(hand_made: HandMade) -> bytes:
    return hand_made(["BT /F1 12 Tf 72 700 Td (A line) Tj ET", ""])


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def coloured(image: Image.Image, colour: Colour = RED) -> list[tuple[int, int]]:
    width, height = image.size
    return [(x, y) for x in range(width) for y in range(height) if image.getpixel((x, y)) == colour]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_page_is_a_png_of_its_size(scale: float, data: bytes) -> None:
    image = opened(draw(data, 1, scale=scale))
    assert (image.format, image.size) == ("PNG", (612 * scale, 792 * scale))
    assert coloured(image) == []


def test_a_frame_stands_around_its_box(data: bytes) -> None:
    scale = 2.0
    found = coloured(opened(draw(data, 1, [Frame(BOX)], scale=scale)))
    assert min(x for x, _ in found) == (BOX.x0 - PADDING) * scale
    assert max(x for x, _ in found) == (BOX.x1 + PADDING) * scale
    assert min(y for _, y in found) == (BOX.top - PADDING) * scale
    assert max(y for _, y in found) == (BOX.bottom + PADDING) * scale


def test_a_frame_has_its_colour_and_its_name_above_it(data: bytes) -> None:
    bare = opened(draw(data, 1, [Frame(BOX, BLUE)]))
    named = opened(draw(data, 1, [Frame(BOX, BLUE, "Table 1")]))
    assert coloured(bare, BLUE) == coloured(named, BLUE) != []
    differ = ImageChops.difference(bare, named).getbbox()
    assert differ is not None
    assert differ[3] <= min(y for _, y in coloured(bare, BLUE))


def test_the_words_in_a_frame_stay_free(data: bytes) -> None:
    image = opened(draw(data, 1, [Frame(BOX)], scale=1.0))
    assert image.getpixel((140, 215)) == (255, 255, 255)


def test_boxes_of_other_pages_are_left_out(data: bytes) -> None:
    assert coloured(opened(draw(data, 2, [Frame(BOX)], scale=1.0))) == []


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_does_not_exist_is_a_mistake_of_the_caller(page: int, data: bytes) -> None:
    with pytest.raises(UsageError, match=f"there is no page {page}"):
        draw(data, page)


def test_the_outline_shows_tables_with_cells_and_headers_captions_and_notes(
    read: Callable[[str], Document],
) -> None:
    document = read(PAGE)
    table = document.tables[0]
    frames = outline(document)
    assert [frame.name for frame in frames if frame.box == table.box] == ["Table 1"]
    cells = {frame.box: frame.colour for frame in frames if not frame.name}
    assert [cells[cell.box] for row in table.rows for cell in row if cell] == [ORANGE] * 2 + [RED] * 4
    colours = {
        paragraph.kind: GREEN if paragraph.kind == "caption" else BLUE for paragraph in document.paragraphs
    }
    for paragraph in document.paragraphs:
        expected = [colours[paragraph.kind]] if paragraph.kind in ("caption", "footnote") else []
        assert [frame.colour for frame in frames if frame.box == paragraph.boxes[0]] == expected


def test_a_document_from_elsewhere_than_a_page_has_no_outline_of_columns(
    read: Callable[[str], Document],
) -> None:
    document = Document("0" * 64, (), "", (), ())
    assert outline(document) == ()


def test_a_part_of_a_page_is_that_of_the_whole_picture(data: bytes) -> None:
    whole = opened(draw(data, 1, [Frame(BOX)]))
    part = painted(data, 1, [Frame(BOX)], part=Box(1, 90, 190, 200, 240))
    assert part.size == (220, 100)
    assert ImageChops.difference(part, whole.convert("RGB").crop((180, 380, 400, 480))).getbbox() is None


def test_a_part_beside_the_page_is_the_whole_page(data: bytes) -> None:
    assert painted(data, 1, part=Box(1, 700, 0, 900, 50)).size == (1224, 1584)


def test_no_scale_makes_a_picture_too_large(data: bytes) -> None:
    image = painted(data, 1, scale=1000.0)
    assert image.width * image.height <= 1.01 * MOST_PIXELS
    assert image.width / image.height == pytest.approx(612 / 792, abs=0.01)
