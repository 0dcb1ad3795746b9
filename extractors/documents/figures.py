"""Text inside pictures: labels of axes, legends and words of diagrams, told apart from what the paper says.

Such text stands above its figure's caption with no line of prose between, or is small, short and in a type that the
text is not set in. Whatever could be a sentence of the paper's stays text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.documents.structure import Block
from extractors.documents.words import RawPage
from extractors.facts.evidence import Box

_SENTENCE = 6.0
"""Words of a line from which it may be one of a sentence."""
_OTHER_SIZE = 0.04
"""Difference from the text's size, as a share, that is another size."""
_SMALL = 0.86
"""Share of the text's size up to which short pieces are labels wherever they stand."""
_LETTER = re.compile(r"[^\W\d_]")
_HEAD = 3.0
"""Lines above a first page's text, its heading, at least; what stands higher is its title and authors."""
_TITLE = 1.15
_MANY = 8
"""Such pieces on a page from which it has a picture, though no caption names one."""


def body_fonts(pages: Iterable[RawPage], body: float) -> frozenset[str]:
    """The fonts in which at least a hundredth of the text of that size is set."""
    fonts: Counter[str] = Counter()
    for page in pages:
        for segment in page.segments:
            if abs(segment.size - body) <= _OTHER_SIZE * body and len(segment.words) >= _SENTENCE:
                fonts[segment.words[0].font] += len(segment.text)
    return frozenset(font for font, count in fonts.items() if count >= 0.01 * fonts.total())


def with_figures(
    blocks: Sequence[Block], captions: Sequence[Block], body: float, fonts: frozenset[str]
) -> list[Block]:
    """The blocks of a page, those inside of pictures with the kind `figure`.

    Args:
        blocks: those of running text.
        captions: the page's captions.
        body: size of the paper's text.
        fonts: those of the paper's text, as `body_fonts` gives them.
    """
    prose = [_box(block) for block in blocks if is_prose(block, body)]
    stops = prose + [_box(block) for block in captions]
    named = [_box(block) for block in captions if block.label.startswith("Figure")]
    titled = any(block.size > _TITLE * body for block in blocks)
    first = min((box.top for box in prose), default=0.0) - _HEAD * body if titled else 0.0
    zones = [_zone(caption, stops, first) for caption in named]
    labels = {id(block) for block in blocks if _label_like(block, body, fonts)}
    pictured = bool(named) or len(labels) >= _MANY

    def in_picture(block: Block) -> bool:
        if block.kind not in ("text", "list"):
            return False
        if pictured and id(block) in labels:
            return True
        if not zones or is_prose(block, body) or _may_say(block, body, fonts):
            return False
        around = _box(block)
        return any(_holds(zone, around) for zone in zones)

    return [replace(block, kind="figure") if in_picture(block) else block for block in blocks]


def is_prose(block: Block, body: float) -> bool:
    """Whether a block is surely running text: two full lines or more in about the text's size."""
    long = [s for s in block.segments if len(s.words) >= _SENTENCE]
    return len(long) >= 2 and len(long) >= 0.5 * len(block.segments) and block.size > _SMALL * body


def _label_like(block: Block, body: float, fonts: frozenset[str]) -> bool:
    """Whether a block is small, short and in a type that is not the text's."""
    words = sum(len(s.words) for s in block.segments)
    short = words <= 3.0 * len(block.segments) or not any(
        map(_LETTER.search, (s.text for s in block.segments))
    )
    foreign = block.segments[0].words[0].font not in fonts
    return short and foreign and block.size < _SMALL * body and block.segments[0].words[0].script == "normal"


def _may_say(block: Block, body: float, fonts: frozenset[str]) -> bool:
    """Whether a block in a picture's place may yet be text: in the text's type, with a line of its size or several smaller."""
    if block.segments[0].words[0].font not in fonts:
        return False
    long = sum(len(s.words) >= _SENTENCE for s in block.segments)
    return long >= (1 if abs(block.size - body) <= _OTHER_SIZE * body else 2)


def _box(block: Block) -> Box:
    lines = block.segments
    left, right = min([s.x0 for s in lines]), max([s.x1 for s in lines])
    top, bottom = min([s.baseline - s.size for s in lines]), max([s.baseline for s in lines])
    return Box(block.page, left, top, right, bottom)


def _zone(caption: Box, stops: Sequence[Box], first: float) -> Box:
    """From the caption up to the nearest prose or caption above it, over the caption's width.

    On a first page that is no higher than `first`.
    """
    beside = [box for box in stops if box.x0 < caption.x1 and box.x1 > caption.x0]
    above = [box.bottom for box in beside if box.bottom <= caption.top + 1]
    least = first if caption.page == 1 else 0.0
    top = min(max(above, default=max(least, 0.0)), caption.top)
    return Box(caption.page, caption.x0, top, caption.x1, caption.top)


def _holds(zone: Box, box: Box) -> bool:
    middle = (box.top + box.bottom) / 2
    overlaps = box.x0 < zone.x1 + 20 and box.x1 > zone.x0 - 20
    return zone.top - 1 <= middle <= zone.bottom and overlaps
