"""A picture of the place in a paper where a value stands. Pure: bytes in, bytes out.

Strangers made the paper, and a page can take its renderer for ever; whoever makes pictures runs this in a process that
can be stopped (`flows.pictures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from annotation.picture.parts import View, view
from extractors.documents.challenge import looks_like_html
from extractors.documents.draw import RED, Frame, painted, png
from extractors.documents.opening import page_alone
from extractors.documents.pdf import read_pdf
from extractors.facts.errors import DocumentError, UsageError
from extractors.facts.evidence import Box, Evidence

_WIDTH = 1_200
"""Pixels a picture is to be wide: a terminal's width, and enough for small print over a page."""
_SCALES = (1.5, 3.0)
"""Pixels a point at least and at most."""
_GAP = 10
"""Pixels between a header and the rows that do not follow it at once."""
_CUT = (170, 170, 170)
_UPRIGHT = {90: Image.Transpose.ROTATE_270, 270: Image.Transpose.ROTATE_90}
"""What makes text read left to right that stands turned counter-clockwise by as many degrees."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a page."""

    png: bytes
    width: int
    height: int
    """In pixels."""
    page: int


def crop(data: bytes, evidence: Evidence) -> Picture:
    """The paragraph, or the table's row with its header, in which the evidence stands, its box outlined in red.

    Text that stands sideways on the page is turned upright. Of evidence without a box the whole page is shown.

    Args:
        data: the paper's PDF.
        evidence: its page and box are what is shown.

    Raises:
        UsageError: the paper is a page of HTML, or has no such page.
        DocumentError: it cannot be read or drawn.
    """
    if looks_like_html(data):
        raise UsageError(
            "a page of HTML has no picture",
            where=evidence.anchor,
            remedy="Open the paper at its place instead",
        )
    alone = page_alone(data, evidence.page)
    if evidence.box is None:
        return _picture([painted(alone, 1, scale=_SCALES[0])], 0, evidence.page)
    box = Box(1, *evidence.box[1:])
    shown = _view(alone, box)
    scale = _scale(shown)
    frame = [Frame(box, RED)]
    parts = [painted(alone, 1, frame, scale=scale, part=strip) for strip in shown.strips]
    return _picture(parts, shown.turned, evidence.page)


def _view(alone: bytes, box: Box) -> View:
    """What is shown of the page; where it cannot be read, the box with its surroundings."""
    try:
        return view(read_pdf(alone), box)
    except DocumentError:
        return View((Box(1, max(box.x0 - 200, 0), max(box.top - 90, 0), box.x1 + 200, box.bottom + 90),))


def _scale(shown: View) -> float:
    wide = max(strip.bottom - strip.top if shown.turned else strip.x1 - strip.x0 for strip in shown.strips)
    return min(max(_WIDTH / max(wide, 1.0), _SCALES[0]), _SCALES[1])


def _picture(parts: Sequence[Image.Image], turned: int, page: int) -> Picture:
    whole = _stacked(parts)
    if turned in _UPRIGHT:
        whole = whole.transpose(_UPRIGHT[turned])
    return Picture(png(whole), whole.width, whole.height, page)


def _stacked(parts: Sequence[Image.Image]) -> Image.Image:
    """Parts below each other, with a grey line where something between them is left out."""
    if len(parts) == 1:
        return parts[0]
    height = sum(part.height for part in parts) + _GAP * (len(parts) - 1)
    whole = Image.new("RGB", (max(part.width for part in parts), height), _CUT)
    y = 0
    for part in parts:
        whole.paste(part, (0, y))
        y += part.height + _GAP
    return whole
