"""Pages as pictures: a frame stands around its box, and nowhere else."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from extractors.documents.draw import COLOUR, PADDING, draw
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Box

HandMade = Callable[..., bytes]
BOX = Box(1, 100, 200, 180, 230)


@pytest.fixture
def data(hand_made: HandMade) -> bytes:
    return hand_made(["BT /F1 12 Tf 72 700 Td (A line) Tj ET", ""])


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def coloured(image: Image.Image) -> list[tuple[int, int]]:
    width, height = image.size
    return [(x, y) for x in range(width) for y in range(height) if image.getpixel((x, y)) == COLOUR]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_page_is_a_png_of_its_size(scale: float, data: bytes) -> None:
    image = opened(draw(data, 1, scale=scale))
    assert (image.format, image.size) == ("PNG", (612 * scale, 792 * scale))
    assert coloured(image) == []


def test_a_frame_stands_around_its_box(data: bytes) -> None:
    scale = 2.0
    found = coloured(opened(draw(data, 1, [BOX], scale=scale)))
    assert min(x for x, _ in found) == (BOX.x0 - PADDING) * scale
    assert max(x for x, _ in found) == (BOX.x1 + PADDING) * scale
    assert min(y for _, y in found) == (BOX.top - PADDING) * scale
    assert max(y for _, y in found) == (BOX.bottom + PADDING) * scale


def test_the_words_in_a_frame_stay_free(data: bytes) -> None:
    image = opened(draw(data, 1, [BOX], scale=1.0))
    assert image.getpixel((140, 215)) == (255, 255, 255)


def test_boxes_of_other_pages_are_left_out(data: bytes) -> None:
    assert coloured(opened(draw(data, 2, [BOX], scale=1.0))) == []


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_does_not_exist_is_a_mistake_of_the_caller(page: int, data: bytes) -> None:
    with pytest.raises(UsageError, match=f"there is no page {page}"):
        draw(data, page)
