"""Plain text for people: how a paper's extraction looks in a terminal. Strangers' text loses its control characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from annotation.safe_text import safe

_SECTIONS = (
    ("training", ("model", "phase", "accelerator", "count", "time_printed", "epochs")),
    ("parameters", ("model", "value")),
    ("operations", ("model", "value", "kind")),
    ("training_compute", ("model", "value_flop")),
    ("resources", ("model", "phase", "field", "value", "unit")),
    ("results", ("benchmark", "metric", "split", "value", "model")),
)

_SCORE_HEADER = (
    "place",
    "best",
    "benchmark",
    "metric",
    "split",
    "setting",
    "model",
    "score",
    "status",
    "words",
)


def render_paper(found: Mapping[str, object]) -> str:
    """One paper of `extractors.guide.to_guide`, or its error, as indented lines."""
    lines = [f"{safe(found['file'])}: {safe(found.get('title') or found.get('error') or 'no title')}"]
    for section, keys in _SECTIONS:
        entries = found.get(section)
        if isinstance(entries, list) and entries:
            lines += [f"  {section.replace('_', ' ')}", *(_entry(entry, keys) for entry in entries)]
    return "\n".join(lines) + "\n"


def render_scores(found: Mapping[str, object]) -> str:
    """The scores of one paper of `extractors.guide.to_guide` as a table in the order of its pages."""
    lines = [f"{safe(found['file'])}: {safe(found.get('title') or 'no title')}"]
    entries = found.get("results")
    if not isinstance(entries, list) or not entries:
        return f"{lines[0]}\n  no scores of its own on the tracked benchmarks\n"
    rows = [
        _SCORE_HEADER,
        *map(_score_row, sorted(entries, key=lambda entry: (entry["page"], entry["table"]))),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def _score_row(entry: Mapping[str, object]) -> tuple[str, ...]:
    """A score's cells: where it stands, what it is, whose, and the words to look for."""
    setting = "" if entry["setting"] == "unspecified" else entry["setting"]
    named = (entry["benchmark"], entry["metric"], entry["split"], setting, entry["model"])
    return (
        f"p. {entry['page']}, {safe(entry['table'])}",
        "*" if entry["best_own"] else "",
        *(safe(value) if value else "" for value in named),
        f"{entry['value']:g}",
        f"{entry['status']} {entry['confidence']:.2f}",
        safe(entry["quote"]),
    )


def _entry(entry: Mapping[str, object], keys: Iterable[str]) -> str:
    said = "  ".join(_shown(entry[key]) for key in keys if entry.get(key) is not None)
    place = f"p. {entry['page']}, {entry['status']}, {entry['confidence']:.2f}"
    return f"    {said}\n      {place}: “{safe(entry['quote'])}”"


def _shown(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else safe(value)
