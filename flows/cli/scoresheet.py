"""A paper's scores as a sheet that a person can check against its pages: a line for each row of a table, as it stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from annotation.safe_text import safe

Entry = Mapping[str, object]
Row = tuple[str, ...]

_LEGEND = "  * the best of its kind   ? waits for a person"
_INDENT = "    "
_GAP = "  "
_MODEL_SHARE = 2
"""Models may take this part of what the scores leave of a line; the words of the page get the rest."""


def render_scores(found: Mapping[str, object], width: int | None = None) -> str:
    """The scores of one paper of `extractors.guide.to_guide`, by tables in the order of its pages.

    Args:
        found: the paper.
        width: letters in a line, to which models and words are cut; None leaves them whole.
    """
    title = f"{safe(found['file'])}: {safe(found.get('title') or 'no title')}"
    entries = found.get("results")
    if not isinstance(entries, list) or not entries:
        return f"{title}\n  no scores of its own on the tracked benchmarks\n"
    lines = [_cut(title, width), _LEGEND]
    for heading, group in _grouped(sorted(entries, key=_page)).items():
        lines += ["", f"  {heading}", *_table(group, width)]
    return "\n".join(lines) + "\n"


def _page(entry: Entry) -> int:
    return int(cast(int, entry["page"]))


def _grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries that share place, benchmark, split and setting, by a heading that says these."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        setting = None if entry["setting"] == "unspecified" else entry["setting"]
        named = (entry["benchmark"], entry["split"], setting)
        said = ", ".join(safe(name) for name in named if name)
        groups.setdefault(f"{_place(entry)}: {said}", []).append(entry)
    return groups


def _place(entry: Entry) -> str:
    """Page and table; what has no box on a page, as in HTML, has no page to look at."""
    return f"p. {entry['page']}, {safe(entry['table'])}" if entry["box"] else safe(entry["table"])


def _table(entries: Sequence[Entry], width: int | None) -> list[str]:
    metrics = list(dict.fromkeys(safe(entry["metric"]) for entry in sorted(entries, key=_left)))
    rows: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        rows.setdefault((safe(entry["model"] or "no name"), safe(entry["quote"])), []).append(entry)
    scores = [(*metrics, "model"), *((*_scores(row, metrics), model) for (model, _), row in rows.items())]
    room = (
        None if width is None else width - len(_INDENT) - sum(_widths(scores)[:-1]) - len(_GAP) * len(metrics)
    )
    named = [(*row[:-1], _cut(row[-1], room and room // _MODEL_SHARE)) for row in scores]
    left = room and room - _widths(named)[-1] - len(_GAP)
    words = [_cut("on the page", left), *(_around(quote, row[0], left) for (_, quote), row in rows.items())]
    return _aligned([(*row, said) for row, said in zip(named, words, strict=True)])


def _left(entry: Entry) -> float:
    """Where a score begins on its page; 0 where there are no pages."""
    box = cast(Sequence[float] | None, entry["box"])
    return box[0] if box else 0.0


def _scores(row: Iterable[Entry], metrics: Sequence[str]) -> Row:
    """The scores of a row of the page, those of one metric beside each other, each with its marks."""
    cells: dict[str, list[str]] = {metric: [] for metric in metrics}
    for entry in row:
        marks = "*" * bool(entry["best_own"]) + "?" * (entry["status"] != "accepted")
        cells[safe(entry["metric"])].append(f"{safe(entry['printed'])}{marks}")
    return tuple(", ".join(cell) for cell in cells.values())


def _widths(rows: Sequence[Row]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _aligned(rows: Sequence[Row]) -> list[str]:
    widths = _widths(rows)
    lines = (_GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [f"{_INDENT}{line}".rstrip() for line in lines]


def _cut(text: str, room: int | None) -> str:
    """The text, its end left out where there is no room for it."""
    return text if room is None or len(text) <= room else f"{text[: max(room - 1, 0)]}…"


def _around(quote: str, entry: Entry, room: int | None) -> str:
    """The words of a row from its beginning, those of a sentence so that its score is among them."""
    place = quote.find(safe(entry["printed"])) if entry["table"] == "text" else 0
    if room is None or place < room // 2:
        return _cut(quote, room)
    return _cut(f"…{quote[place - room // 2 :]}", room)
