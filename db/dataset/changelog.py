"""The change log of the data: which cells a release says otherwise than the one before, and why.

`changes.csv` has every such cell; `CHANGELOG.md` sums them up and goes on with the summaries of earlier releases, which the database
keeps. Both follow from what is recorded of a release, so that it can be made again elsewhere. A first release has no changes: all of
it is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from db.dataset.changes import Change, ChangeKind, PaperFate
from db.dataset.formats.csv_tables import csv_text
from db.dataset.metadata.markdown import grid
from db.dataset.rows import plain
from db.dataset.schema import CHANGES
from db.dataset.seals import Stored
from extractors.facts.ids import EntityId, PaperId

CHANGES_FILE = f"{CHANGES.name}.csv"
CHANGELOG = "CHANGELOG.md"
NAMED = 50
"""Papers, and corrections, that the summary names; all are in the list of changes."""
REASONS = 20
"""Reasons of machines that it names, those of most cells first."""
_AT_ONCE = 2_000
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")
_KINDS: tuple[ChangeKind, ...] = ("added", "changed", "removed")


@dataclass(slots=True)
class News:
    """What changed with a release, summed up as the changes come."""

    counts: Counter[ChangeKind] = field(default_factory=Counter)
    fields: Counter[tuple[str, ChangeKind]] = field(default_factory=Counter)
    """Cells by field of the registry."""
    papers: Counter[PaperFate] = field(default_factory=Counter)
    came: list[PaperId] = field(default_factory=list)
    went: list[tuple[PaperId, str]] = field(default_factory=list)
    corrections: list[Change] = field(default_factory=list)
    """Of what the release before had, the first that people changed."""
    corrected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Cells by the reason that a machine gave, of papers that stayed."""
    _paper: PaperId | None = None

    def add(self, change: Change) -> None:
        """Count the next change."""
        self.counts[change.kind] += 1
        self.fields[f"{EntityId.parse(change.entity).kind}.{change.field}", change.kind] += 1
        if change.paper != self._paper:
            self._paper = change.paper
            self._add_paper(change)
        if change.fate != "stayed" or change.reason is None:
            return
        if not change.reason.by_person:
            self.reasons[change.reason.sentence] += 1
        elif change.kind != "added":
            self.corrected += 1
            if len(self.corrections) < NAMED:
                self.corrections.append(change)

    def _add_paper(self, change: Change) -> None:
        self.papers[change.fate] += 1
        if change.fate == "came" and len(self.came) < NAMED:
            self.came.append(change.paper)
        if change.fate == "went" and len(self.went) < NAMED:
            self.went.append((change.paper, change.reason.sentence if change.reason else ""))


def write_changes(changes: Iterable[Change], folder: Path) -> News:
    """Write the list of changes into a release's folder; what they come to."""
    news, coming = News(), iter(changes)
    with (folder / CHANGES_FILE).open("wb") as file:
        file.write(csv_text([[column.name for column in CHANGES.columns]]))
        while some := list(islice(coming, _AT_ONCE)):
            file.write(csv_text(map(_row, some)))
            for change in some:
                news.add(change)
    return news


def _row(change: Change) -> list[str | None]:
    before, after = (side.value if side else None for side in (change.before, change.after))
    return [change.cell, change.kind, before, after, change.reason.sentence if change.reason else None]


def write_changelog(sections: Iterable[str], folder: Path) -> None:
    """Write the summaries of releases, the newest first, into a release's folder."""
    head = (
        "# What changed\n\n"
        f"Cell by cell against the release before; `{CHANGES_FILE}` has every cell that this release changed.\n\n"
    )
    (folder / CHANGELOG).write_bytes((head + "\n".join(sections)).encode())


def written(folder: Path) -> dict[str, Stored]:
    """The two files as they lie in a release's folder."""
    return {name: Stored.of(folder / name) for name in (CHANGELOG, CHANGES_FILE)}


def first_section(version: str, as_of: datetime, papers: int, cells: int) -> str:
    """The summary of a first release."""
    return f"{_heading(version, as_of)}The first release: {_number(cells, 'cell')} of {_number(papers, 'paper')}.\n"


def section(version: str, as_of: datetime, news: News) -> str:
    """The summary of a release that had one before it."""
    counted = [f"{_number(news.counts[kind], 'cell')} {kind}" for kind in _KINDS]
    lines = [f"{', '.join(counted)}."]
    lines += _papers(news)
    if news.counts:
        lines += ["", "### Cells by field", "", *grid(("field", *_KINDS), _by_field(news))]
    if news.corrections:
        lines += ["", "### What people changed", "", *map(_correction, news.corrections)]
        lines += _rest(news.corrected - len(news.corrections))
    if news.reasons:
        ordered = sorted(news.reasons.items(), key=lambda item: (-item[1], item[0]))
        lines += ["", "### What else changed cells", ""]
        lines += [f"- {_number(cells, 'cell')}: {_text(reason)}" for reason, cells in ordered[:REASONS]]
        lines += _rest(len(ordered) - REASONS)
    return _heading(version, as_of) + "\n".join(lines) + "\n"


def _heading(version: str, as_of: datetime) -> str:
    return f"## {version} - {as_of:%Y-%m-%d}\n\n"


def _papers(news: News) -> Sequence[str]:
    lines: list[str] = []
    if news.came:
        others = news.papers["came"] - len(news.came)
        more = f" and {others:,} more" if others else ""
        lines += ["", "### Papers that came", "", f"{', '.join(map(_text, news.came))}{more}."]
    if news.went:
        lines += ["", "### Papers that went", ""]
        lines += [f"- {_text(paper)}: {_text(why)}" for paper, why in news.went]
        lines += _rest(news.papers["went"] - len(news.went))
    return lines


def _by_field(news: News) -> Iterable[Sequence[str]]:
    for path in sorted({path for path, _ in news.fields}):
        yield f"`{path}`", *(f"{news.fields[path, kind]:,}" for kind in _KINDS)


def _correction(change: Change) -> str:
    before, after = (side.value if side else None for side in (change.before, change.after))
    said = change.reason.sentence if change.reason else ""
    return f"- {_text(change.cell)}: {_text(before or '?')} → {_text(after or 'nothing')}. {_text(said)}"


def _rest(number: int) -> Sequence[str]:
    return [f"- and {number:,} more"] if number > 0 else []


def _text(text: str) -> str:
    """Strangers' words, which Markdown is not to take for anything else."""
    return _MARKDOWN.sub(r"\\\1", plain(text))


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
