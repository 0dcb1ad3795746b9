"""What two people decided differently, side by side: who, what, where it stands and why. Pure, as the item is."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from annotation.opinions import Opinion
from annotation.screen.evidence import evidence_lines, where
from annotation.screen.paint import FAINT, STRONG, beside, rule, text, wrapped

_QUOTE = 3
"""Lines of a quote; the proposed value's stands in its paragraph below."""
_BETWEEN = 3
"""Cells of the line between two columns."""


def opinion_lines(opinions: Sequence[Opinion], width: int) -> list[Content]:
    """Opinions in two columns, the third and fourth below the first and second."""
    room = (width - _BETWEEN) // 2
    lines: list[Content] = []
    for left, right in zip(opinions[::2], [*opinions[1::2], None], strict=False):
        one = _opinion(left, room)
        two = _opinion(right, width - room - _BETWEEN) if right else []
        lines += beside(one, two, room, max(len(one), len(two)))
    return lines


def _opinion(opinion: Opinion, width: int) -> list[Content]:
    lines = [rule(f"{opinion.who}, {opinion.at:%Y-%m-%d}", width)]
    lines += wrapped(text((opinion.said, STRONG)), width, 2, indent=1)
    if opinion.evidence is not None:
        printed = str(getattr(opinion.value, "printed", ""))
        lines += wrapped(text((where(opinion.evidence), FAINT)), width, 1, indent=1)
        lines += evidence_lines(opinion.evidence, printed, None, width, _QUOTE)
    because = text((f"because {opinion.reason}" if opinion.reason else "no reason given", FAINT))
    return [*lines, *wrapped(because, width, 2, indent=1)]
