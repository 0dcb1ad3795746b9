"""Lines for the screen: harmless text that fits a width, with styles that no colour is needed to see."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from annotation.safe_text import safe

STRONG = "bold"
MARK = "bold reverse"
QUOTED = "underline"
FAINT = "dim"
BAR = "reverse"
ELLIPSIS = "…"

Part = str | tuple[str, str]


def text(*parts: Part) -> Content:
    """One line of parts, each plain or with a style; none of them can be markup or steer the terminal."""
    pieces = [(part, "") if isinstance(part, str) else part for part in parts]
    return Content.assemble(*((safe(said, None), style) for said, style in pieces))


def wrapped(content: Content, width: int, limit: int | None = None, indent: int = 0) -> list[Content]:
    """Lines of a width; what goes beyond the limit ends in an ellipsis.

    Args:
        content: one paragraph.
        width: cells of a line.
        limit: most lines.
        indent: blanks before each line.
    """
    room = max(width - indent, 1)
    lines = [line.rstrip() for line in content.wrap(room)] if content.plain.strip() else []
    if limit is not None and len(lines) > limit:
        lines = [*lines[: limit - 1], _last(lines[limit - 1 :], room)] if limit else []
    return [Content(" " * indent) + line if indent else line for line in lines]


def broken(content: Content, width: int, limit: int) -> list[Content]:
    """Lines of a width, of which a word that is too long for one is broken behind a point or a hyphen: ids are long."""
    lines, rest = list[Content](), content
    while len(lines) < limit - 1 and rest.cell_length > width:
        end = next(
            (end for signs in (" ", ".-") if (end := _end(rest.plain[:width], signs)) > width // 2), width
        )
        lines.append(rest[:end].rstrip())
        rest = rest[end:]
    return [*lines, clipped(rest, width)]


def _end(words: str, signs: str) -> int:
    """Behind the last of some signs."""
    return max(words.rfind(sign) for sign in signs) + 1


def _last(rest: list[Content], width: int) -> Content:
    """The last line there is room for: it ends at a word, but for one that would leave it half empty."""
    if rest[0].cell_length * 2 > width:
        return _cut(rest[0], width)
    return clipped(Content(" ").join(rest), width)


def _cut(line: Content, width: int) -> Content:
    """A line that says that more would follow."""
    return line.truncate(max(width - 2, 0)).rstrip() + Content(f" {ELLIPSIS}")


def clipped(content: Content, width: int) -> Content:
    """One line of a width, cut with an ellipsis."""
    return content.truncate(width, ellipsis=True)


def filled(content: Content, width: int) -> Content:
    """A line of exactly a width."""
    line = clipped(content, width)
    return line + Content(" " * max(width - line.cell_length, 0))


def bar(left: str, right: str, width: int) -> Content:
    """A line in reverse with something at either end; the right end stays whole."""
    end = safe(right)
    room = max(width - len(end) - 1, 0)
    return filled(clipped(Content(safe(left)), room), room).append(f" {end}").stylize(BAR)


def rule(title: str, width: int) -> Content:
    """A line across with a title in it."""
    line = Content.assemble(("── ", FAINT), (safe(title), STRONG), " ")
    return clipped(line, width) + Content("─" * max(width - line.cell_length, 0)).stylize(FAINT)


def beside(left: Iterable[Content], right: Iterable[Content], width: int, height: int) -> list[Content]:
    """Two columns with a line between; the left one has a width."""
    lefts, rights = list(left)[:height], list(right)[:height]
    blank = Content("")
    lefts += [blank] * (height - len(lefts))
    rights += [blank] * (height - len(rights))
    return [
        filled(one, width) + Content(" │ ", spans=[]) + two for one, two in zip(lefts, rights, strict=True)
    ]
