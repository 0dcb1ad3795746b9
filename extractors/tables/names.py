"""What the model of a row is called, where the row's label alone does not say.

Labels name a model, or what was changed of one (`+ mixup`, `w/o dropout`, a loss, a pre-training set), and say what is
no part of a name: citations, tick marks, `(ours)`, the title of a group. A changed model is called by what names it
nearest (the row above, the header, the title of the group, the caption) with the change behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from extractors.documents.labels import is_absent
from extractors.documents.model import Table
from extractors.mentions import benchmark_hits, metric_hits
from extractors.ownership import Ownership
from extractors.rules.costed import models_in
from extractors.tables.citations import without_citations
from extractors.tables.rows import Row
from extractors.tables.slots import Slot

_NAME_LIKE = re.compile(r"[^\W\d_]{2}|[^\W\d_][-\s]?\d")
"""Labels without it are tick marks, numbers and percentages of a study, not names of models."""
_ROLE = re.compile(
    r"\((?:ours?|single(?: model)?|ensemble|this (?:work|paper)|proposed)\)|\[(?:ours?|this work)\]|^ours?\s?[,:]\s|[✓✗✔✘√…]|\.{3}",
    re.IGNORECASE,
)
"""Whose and how, and marks of what is switched on."""
_TITLE = re.compile(
    r"(?:ours?|prior|previous|other|existing|published) ?(?:results?|works?|methods?|models?)?:?",
    re.IGNORECASE,
)
"""Titles of groups that stand beside the rows."""
_CHANGE = re.compile(
    r"\s*(?:[+\u2212\u2013-]\s?[^\W\d_]|w/o?\.?\s?|w\.\s|with(?:out)?\s|no\s|replac\w+\s|remov\w+\s|add(?:ing)?\s)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?:(?:the |our )?(?:full|default|proposed|plain|vanilla|standard|original)?\s?(?:baselines?|settings?|default|none|full|ensemble|single|yes|no)"
    r"|\d+[\d.,]*\s?[-\w]{0,2}\s?(?:layers?|blocks?|heads?|units?|epochs?|steps?|images?|scales?)?"
    r"|(?:random|scratch)\b.{0,20}|(?:fine-?tun\w+|pre-?train\w+|init\w*) (?:from|on|with)\b.{0,40})",
    re.IGNORECASE,
)
_TESTED = re.compile(r"(?:the |our )?(?:ensemble|single)(?: model)?", re.IGNORECASE)
"""How a model was tested, which is no part of its name."""
_BASELINE = re.compile(r"(?:the |our )?baseline(?=\s*\+)", re.IGNORECASE)
_PREFIX = re.compile(r"baseline\s(?=\w)", re.IGNORECASE)
_STUDIED = re.compile(
    r"\b(?:loss(?:es)?|tasks?|initiali[sz]ations?|pre-?train\w*|refinements?|heuristics?|variants?|variations?|augmentations?|modules?"
    r"|usage|components?|regulari[sz]\w*|optimi[sz]ers?|schemes?|strateg(?:y|ies)|settings?|positions?|masks?|activations?|dropout|ablations?)\b",
    re.IGNORECASE,
)
"""What stands over labels that are no names."""
_NAMING = re.compile(
    r"\b(?:models?|methods?|names?|systems?|networks?|architectures?|detectors?|approach(?:es)?)\b",
    re.IGNORECASE,
)
_BACKBONE = re.compile(
    r"\b(?:backbone|base ?net\w*|net|network|architecture|encoder)s?(?: architecture)?$", re.IGNORECASE
)
_OF_DATA = re.compile(
    r"\b(?:train(?:ing)?|data|set|proposals?)\b(?!.*\b(?:model|method|net\w*)\b)", re.IGNORECASE
)
_AMOUNTS = re.compile(r"(?:\d[\d.,]*[KMBk]?|[\s+/&()-])*")
_INTRODUCED = re.compile(
    r"(?:\b(?:on|for|using|with|by|in|to|all|of our)\s(?:the\s|an?\s)?|\()$", re.IGNORECASE
)
"""What stands before the model that a caption says its table is of."""
_DESCRIBED = re.compile(
    r"\s(?:\w+\s)?(?:performance|results?|configurations?|models?|networks?|detectors?|classifiers?|baselines?|system)\b"
)
_BASE = re.compile(
    r"\d|[A-Z]{2,}N\b|[Nn]et|BERT|former|(?<![A-Za-z])(?=[A-Za-z]*[a-z])[A-Z][A-Za-z]*[A-Z]|-[A-Z]{2}"
)
"""What names of models have that other short forms in headers do not."""
_FAMILY = re.compile(r"\b[A-Z][a-z]+\s$")


class RowNames:
    """What the rows of one table are called."""

    def __init__(self, table: Table, rows: Sequence[Row], ownership: Ownership) -> None:
        self._table, self._ownership = table, ownership
        self._labels = dict(self._printed(rows))
        self._above = self._models_above(rows)
        self._told: dict[tuple[str, bool], str] = {}

    def of(self, slot: Slot) -> str | None:
        """The model of a cell; None if nothing in the table names one."""
        label = self._labels.get(slot.cell.row, "") if not slot.turned else clean(slot.label)
        if slot.turned or not self._is_change(label):
            return label if _NAME_LIKE.search(label) else None
        tested = bool(_TESTED.fullmatch(label))
        above = self._above.get(slot.cell.row) if tested or _CHANGE.match(label) else None
        base = above or self._named_by(slot)
        change = "" if tested else _BASELINE.sub("", label).strip()
        return f"{base} {change}".strip() if base else None

    def changed(self, slot: Slot) -> int | None:
        """The row of the model that a row adds to or only tests otherwise: `+ a longer training`, `ensemble`."""
        label = self._labels.get(slot.cell.row, "")
        follows = not slot.turned and (label.startswith("+") or _TESTED.fullmatch(label))
        base = self._above.get(slot.cell.row) if follows else None
        return next(
            (row for row, other in self._labels.items() if base and _PREFIX.sub("", other) == base), None
        )

    def has_change(self, slot: Slot) -> bool:
        """Whether a cell's row says what was changed, so that another place names its model."""
        return not slot.turned and self._is_change(self._labels.get(slot.cell.row, ""))

    def _named_by(self, slot: Slot) -> str:
        """The model that the header, the corner, the group or the caption names."""
        near = (self._told_in(text) for text in (*reversed(slot.header), self._corner, slot.group))
        caption = self._table.caption.text.removeprefix(self._table.label) if self._table.caption else ""
        return next(filter(None, near), "") or self._told_in(caption, running=True)

    def _told_in(self, text: str, *, running: bool = False) -> str:
        key = (text, running)
        if key not in self._told:
            self._told[key] = self._search(text, running=running)
        return self._told[key]

    def _search(self, text: str, *, running: bool) -> str:
        said = without_citations(text)
        found = [name for name in models_in(said, self._ownership) if self._may_be_base(name[0])]
        if running:
            listed = " ".join(self._labels.values())
            found = [
                name
                for name in found
                if _INTRODUCED.search(said, 0, name.start()) or _DESCRIBED.match(said, name.end())
            ] or [name for name in found if self._ownership.is_own(name[0])]
            found = [name for name in found if name[0] not in listed]
        if not found:
            return ""
        family = _FAMILY.search(found[0].string, 0, found[0].start()) if "CNN" in found[0][0] else None
        return f"{family[0] if family else ''}{found[0][0]}"

    def _may_be_base(self, name: str) -> bool:
        return bool(self._ownership.is_own(name) or (_BASE.search(name) and not metric_hits(name)))

    def _is_change(self, label: str) -> bool:
        """Whether a label says what was changed of a model, or how it was trained, rather than name it."""
        if not label or _CHANGE.match(label) or _SETTING.fullmatch(label) or _BASELINE.match(label):
            return True
        if self._ownership.is_own(label):
            return False
        if _only_data(label):
            return True
        return bool(_STUDIED.search(self._corner)) and not _NAMING.search(self._corner)

    @cached_property
    def _corner(self) -> str:
        """What stands over the labels."""
        return " ".join(
            line
            for column in range(self._table.stub)
            if not self._is_switch(column)
            for line in self._table.header(column)
        )

    def _is_switch(self, column: int) -> bool:
        """Whether a column holds nothing but tick marks, so that its header names a change."""
        texts = [cell.text for row in self._table.body() if (cell := row[column])]
        return bool(texts) and all(map(is_absent, texts))

    def _models_above(self, rows: Sequence[Row]) -> dict[int, str]:
        """The model that was last named at or above each row of its group."""
        found: dict[int, str] = {}
        last, group = "", ""
        for row in rows:
            label = self._labels[row.index]
            last = last if row.group == group else ""
            group = row.group
            last = last if self._is_change(label) else _PREFIX.sub("", label)
            found[row.index] = last
        return found

    def _printed(self, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
        """The name of each row: its labels and its backbone, blank cells in front of others filled from above."""
        stub = self._table.stub
        backbones = [c for c in range(stub, len(rows[0].cells) if rows else 0) if self._is_over(c, _BACKBONE)]
        kept: list[str] = []
        for row in rows:
            texts = [cell.text if cell else "" for cell in row.cells]
            filled = next((c for c in range(stub) if texts[c]), stub)
            if kept and row.label and row.label != " ".join(filter(None, texts[:stub])):
                texts[:filled] = kept[:filled]
            kept = texts[:stub]
            columns = (*self._naming(texts), *backbones)
            said = [texts[c] for c in columns if not is_absent(texts[c])] or [row.label]
            yield row.index, clean(" ".join(dict.fromkeys(said)))

    def _naming(self, texts: Sequence[str]) -> list[int]:
        """The columns at the left that name a row; not the titles of groups nor data beside a name."""
        columns = [c for c in range(self._table.stub) if clean(texts[c]) and not is_absent(texts[c])]
        named = [c for c in columns if not (_TITLE.fullmatch(texts[c]) or self._is_over(c, _OF_DATA))]
        backbones = [c for c in named[2:] if self._is_over(c, _BACKBONE)]
        return [*named[:2], *backbones] or columns[:2]

    def _is_over(self, column: int, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(line.strip()) for line in self._table.header(column))


def clean(label: str) -> str:
    """A label without citations, tick marks, `(ours)` and double blanks."""
    return " ".join(_ROLE.sub(" ", without_citations(label)).split())


def _only_data(label: str) -> bool:
    """Whether a label is nothing but names of data and amounts: `ImageNet+300M`, `1K ImageNet`."""
    letters = list(label)
    for hit in benchmark_hits(label):
        letters[hit.start : hit.end] = " " * (hit.end - hit.start)
    return bool(_AMOUNTS.fullmatch("".join(letters)))
