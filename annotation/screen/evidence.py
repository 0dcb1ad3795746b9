"""The evidence on the screen: a paragraph with the quote underlined and the value in brackets, or a table's row with headers."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from annotation.page import BRACKETS, place_of
from annotation.passage import InTable, InText, Passage
from annotation.safe_text import safe
from annotation.screen.paint import ELLIPSIS, FAINT, MARK, QUOTED, STRONG, clipped, text, wrapped
from extractors.facts.evidence import Evidence

MEASURE = 100
"""Longest line of running text that reads well."""
_WIDEST_CELL = 24
_GAP = "  "


def evidence_lines(
    place: Evidence, printed: str, passage: Passage | None, width: int, height: int
) -> list[Content]:
    """What the paper prints, as at most so many lines, the value always among them.

    Args:
        place: the evidence as stored.
        printed: the value as printed.
        passage: what stands around it, where it is known by now.
        width: cells of a line.
        height: most lines.
    """
    if isinstance(passage, InTable):
        return _table(passage, printed, width, height)
    if isinstance(passage, InText):
        marked, at = _marked(passage.text, printed, passage.quote, passage.value)
    else:
        marked, at = _marked(place.quote, printed, (0, 0), (0, 0))
    lines = wrapped(marked, min(width - 2, MEASURE), indent=2)
    return _window(lines, _line_of(lines, at), height)


def where(place: Evidence) -> str:
    """The place in the paper, in words."""
    return f"page {place.page}, {place.anchor}" if place.anchor else f"page {place.page}"


def _marked(said: str, printed: str, quote: tuple[int, int], value: tuple[int, int]) -> tuple[Content, int]:
    """A text with its quote underlined and its value in brackets, and where in it the value (or quote) begins."""
    first, last = quote if quote[0] < quote[1] else (0, len(said))
    start, end = value
    within = (first, last) if start >= end else value  # a box may take in what stands glued to the value
    found = place_of(said[slice(*within)], printed) if printed else (0, 0)
    if found[0] < found[1]:
        start, end = within[0] + found[0], within[0] + found[1]
    if start >= end:
        start = end = first
    first, last = min(first, start), max(last, end)
    line = QUOTED if quote[0] < quote[1] else ""
    # made harmless piece by piece: what is harmless may be shorter, and places are those of the text as it came
    before, front, inside, back, behind = (
        safe(said[a:b], None)
        for a, b in ((0, first), (first, start), (start, end), (end, last), (last, None))
    )
    opening, closing = BRACKETS if inside else ("", "")
    marked = Content.assemble(
        before, (front, line), (f"{opening}{inside}{closing}", MARK), (back, line), behind
    )
    return marked, len(before) + len(front)


def _line_of(lines: Sequence[Content], at: int) -> int:
    """The line that holds a place of the text they are."""
    seen = 0
    for number, line in enumerate(lines):
        seen += len(line.plain.strip()) + 1
        if at < seen:
            return number
    return 0


def _window(lines: list[Content], middle: int, height: int) -> list[Content]:
    """As many lines around one as there is room for, with an ellipsis where lines are left out."""
    if len(lines) <= height:
        return lines
    start = min(max(middle - height // 2, 0), len(lines) - height)
    kept = lines[start : start + height]
    if start > 0:  # in the indent and in the margin, so that no word is cut
        kept[0] = Content(f"{ELLIPSIS} ") + kept[0][2:]
    if start + height < len(lines):
        kept[-1] = kept[-1].rstrip() + Content(f" {ELLIPSIS}")
    return kept


# Tables


def _table(table: InTable, printed: str, width: int, height: int) -> list[Content]:
    column = table.column if table.column is not None else _column_of(table.rows[table.row], printed)
    shown = _columns(table, column, width - 4)
    heads = list(range(min(table.header_rows, max(height - 2, 0))))
    room = max(height - len(heads), 1)
    body = _rows_around(table, room)
    captioned = wrapped(text((table.caption, FAINT)), width, 2 if room - len(body) > 1 else 1, indent=2)
    spare = height - len(heads) - len(body)
    lines = captioned[: max(spare, 0)]
    for row in (*heads, *body):
        lines.append(_row(table, row, shown, column, width))
    return lines


def _rows_around(table: InTable, room: int) -> list[int]:
    """The row, and its neighbours below the header while there is room."""
    rows = range(table.header_rows, len(table.rows))
    if table.row not in rows:
        return [table.row]
    room = max(min(room - 1, len(rows)), 1)
    start = min(max(table.row - room // 2, rows.start), rows.stop - room)
    return list(range(start, start + room))


def _columns(table: InTable, column: int | None, width: int) -> dict[int, int]:
    """Which columns fit, with their widths: the first and the value's own always, then those nearest to it."""
    widths = [
        min(max((len(row[at]) for row in table.rows if at < len(row)), default=0), _WIDEST_CELL)
        for at in range(max(map(len, table.rows)))
    ]
    middle = column or 0
    full = [
        max((len(row[at]) for row in table.rows if at < len(row)), default=0) for at in range(len(widths))
    ]
    if column is not None:
        widths[column] += 4
        full[column] += 4
    kept = {0: widths[0], middle: widths[middle]}
    for at in sorted(range(len(widths)), key=lambda other: abs(other - middle)):
        if at in kept or not widths[at]:
            continue
        if sum(kept.values()) + widths[at] + len(_GAP) * (len(kept) + 1) > width:
            break
        kept[at] = widths[at]
    spare = width - sum(kept.values()) - len(_GAP) * len(kept)
    for at in sorted(kept):  # what names the rows first, so that they can be told apart
        more = max(min(full[at] - kept[at], spare), 0)
        kept[at] += more
        spare -= more
    return dict(sorted(kept.items()))


def _row(table: InTable, row: int, shown: dict[int, int], column: int | None, width: int) -> Content:
    is_meant = row == table.row
    style = FAINT if not is_meant else ""
    parts = [Content("▸ " if is_meant else "  ")]
    for at, room in shown.items():
        said = safe(table.rows[row][at]) if at < len(table.rows[row]) else ""
        if row < table.header_rows:
            cell = clipped(Content(said), room).stylize(STRONG if at == column else "")
        elif is_meant and at == column:
            front, back = BRACKETS
            cell = Content(f"{front}{said[: max(room - 4, 1)]}{back}").stylize(MARK)
        else:
            cell = clipped(Content(said), room).stylize(style)
        parts.append(cell + Content(" " * max(room - cell.cell_length, 0) + _GAP))
    return clipped(Content("").join(parts).rstrip(), width)


def _column_of(row: Sequence[str], printed: str) -> int | None:
    """The only cell of a row that prints the value."""
    found = [at for at, said in enumerate(row) if printed and said.strip() == printed.strip()]
    return found[0] if len(found) == 1 else None
