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


def render_paper(found: Mapping[str, object]) -> str:
    """One paper of `extractors.guide.to_guide`, or its error, as indented lines."""
    lines = [f"{safe(found['file'])}: {safe(found.get('title') or found.get('error') or 'no title')}"]
    for section, keys in _SECTIONS:
        entries = found.get(section)
        if isinstance(entries, list) and entries:
            lines += [f"  {section.replace('_', ' ')}", *(_entry(entry, keys) for entry in entries)]
    return "\n".join(lines) + "\n"


def _entry(entry: Mapping[str, object], keys: Iterable[str]) -> str:
    said = "  ".join(_shown(entry[key]) for key in keys if entry.get(key) is not None)
    place = f"p. {entry['page']}, {entry['status']}, {entry['confidence']:.2f}"
    return f"    {said}\n      {place}: “{safe(entry['quote'])}”"


def _shown(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else safe(value)
