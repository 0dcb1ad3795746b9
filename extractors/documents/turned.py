"""Text turned by a quarter: pages and tables set sideways, and headers that run up their columns.

A page's turned text is read as a page of its own, turned so that the text reads left to right; everything found on it
goes back to the upright page before anybody sees it, so that boxes are always those of the page as it is shown. Text
at other angles (a plot's labels, watermarks) is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from extractors.documents.characters import Bar, Characters, Flags, Rule, quarter
from extractors.documents.layout import LaidOut
from extractors.documents.model import Paragraph, Table, TableCell, Word
from extractors.documents.stamp import is_stamp
from extractors.documents.structure import Block, label_of
from extractors.documents.words import RawPage, Segment, segments
from extractors.facts.evidence import Box

QUARTERS = (90, 270)
"""Degrees counter-clockwise at which text is read; upside down nobody sets it."""
_UPRIGHT = 0.1
"""Radians within which text counts as reading left to right."""
_MOST = 0.5
"""Share of a page's characters from which the page as a whole is set sideways."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The way between an upright page and the page turned clockwise by `degrees`.

    `width` and `height` are those of the upright page, in points.
    """

    degrees: int
    width: float
    height: float

    def lines(self, rules: Iterable[Rule], bars: Iterable[Bar]) -> tuple[tuple[Rule, ...], tuple[Bar, ...]]:
        """The upright page's ruling lines on the turned page, where horizontal ones stand and vertical ones lie."""
        if self.degrees == 90:
            flat = [Rule(self.height - bar.bottom, self.height - bar.top, bar.x) for bar in bars]
            tall = [Bar(self.height - rule.y, rule.x0, rule.x1) for rule in rules]
        else:
            flat = [Rule(bar.top, bar.bottom, self.width - bar.x) for bar in bars]
            tall = [Bar(rule.y, self.width - rule.x1, self.width - rule.x0) for rule in rules]
        return tuple(sorted(flat, key=lambda rule: (rule.y, rule.x0))), tuple(tall)

    def back(self, box: Box) -> Box:
        """A box of the turned page on the upright page."""
        if self.degrees == 90:
            return Box(box.page, box.top, self.height - box.x1, box.bottom, self.height - box.x0)
        return Box(box.page, self.width - box.bottom, box.x0, self.width - box.top, box.x1)


def directions(characters: Characters) -> tuple[int, ...]:
    """Which of `QUARTERS` some of the characters read in."""
    angles = np.unique(characters.angle).tolist()
    return tuple(
        q for q in QUARTERS if any(abs(angle) > _UPRIGHT and quarter(angle) == q for angle in angles)
    )


def turned_lines(characters: Characters, number: int) -> dict[int, list[Segment]]:
    """The lines of a page's turned text, on the page turned so that they read left to right, by `QUARTERS`.

    Args:
        characters: those of the page, of every angle.
        number: that of the page.
    """
    return {degrees: segments(_turned(characters, degrees), number) for degrees in directions(characters)}


def sideways(page: RawPage, found: Sequence[Segment], degrees: int, printed: int) -> RawPage | None:
    """A page's turned text as a page of its own, or None where it is only labels.

    Args:
        page: the upright page.
        found: the lines of the turned text.
        degrees: which of `QUARTERS` they read in.
        printed: how many characters the page has, of every angle.
    """
    lines = _downwards(degrees, [line for line in found if not is_stamp(line.text)])
    aside = sum(len(word.text) for line in lines for word in line.words)
    most = len(lines) > 1 and aside > _MOST * printed
    if not most and not any(label_of(line.text).startswith("Table") for line in lines):
        return None
    turn = Turn(degrees, page.width, page.height)
    rules, bars = turn.lines(page.rules, page.bars)
    return RawPage(page.number, page.height, page.width, lines, rules, bars, turned=degrees)


def _downwards(degrees: int, lines: Sequence[Segment]) -> tuple[Segment, ...]:
    """Lines as they are read: pdfium gives those of text that reads down the page from the last to the first."""
    steps = [after.baseline - before.baseline for before, after in pairwise(lines)]
    upwards = sum(step < 0 for step in steps) > sum(step > 0 for step in steps)
    return tuple(
        sorted(lines, key=lambda line: (round(line.baseline), line.x0))
        if upwards or degrees == 270
        else lines
    )


def _turned(characters: Characters, degrees: int) -> Characters:
    """The characters of one direction, with the blanks and line ends that follow them."""
    quarters = np.rint(characters.angle / (math.pi / 2)).astype(int) % 4 * 90
    inside: Flags = (np.abs(characters.angle) > _UPRIGHT) & (quarters == degrees)
    before = np.maximum.accumulate(np.where(characters.generated, 0, np.arange(len(characters))))
    return characters.where(inside[before])


def labels(page: RawPage, turned: Mapping[int, Sequence[Segment]]) -> tuple[Segment, ...]:
    """Turned text as words of the upright page, one for each line of it: a table's headers may stand so."""
    found = []
    for degrees, lines in turned.items():
        turn = Turn(degrees, page.width, page.height)
        for line in lines:
            first = line.words[0]
            around = turn.back(first.box)
            for word in line.words[1:]:
                around = around.union(turn.back(word.box))
            found.append(Segment((first._replace(text=line.text, box=around),), around.bottom, line.size))
    return tuple(found)


def laid_back(laid: LaidOut, page: RawPage) -> LaidOut:
    """What was found on a turned page, where it stands on the upright page; nothing changes on an upright one."""
    if not page.turned:
        return laid
    turn = Turn(page.turned, page.height, page.width)
    return LaidOut(
        tuple(_block_back(block, turn) for block in laid.blocks),
        tuple(_table_back(table, turn) for table in laid.tables),
    )


def _block_back(block: Block, turn: Turn) -> Block:
    lines = (replace(line, words=_words_back(line.words, turn)) for line in block.segments)
    return replace(block, segments=tuple(lines))


def _table_back(table: Table, turn: Turn) -> Table:
    rows = tuple(tuple(cell and _cell_back(cell, turn) for cell in row) for row in table.rows)
    caption = table.caption and _paragraph_back(table.caption, turn)
    return replace(table, box=turn.back(table.box), caption=caption, rows=rows, turned=turn.degrees)


def _cell_back(cell: TableCell, turn: Turn) -> TableCell:
    return replace(cell, words=_words_back(cell.words, turn))


def _paragraph_back(paragraph: Paragraph, turn: Turn) -> Paragraph:
    return replace(paragraph, words=_words_back(paragraph.words, turn))


def _words_back(words: Iterable[Word], turn: Turn) -> tuple[Word, ...]:
    return tuple(word._replace(box=turn.back(word.box)) for word in words)
