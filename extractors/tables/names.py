"""What the model of a row is called, where the row's label alone does not say.

Labels name a model, or what was changed of one (`+ mixup`, `w/o dropout`, a loss, a pre-training set, a size). A changed
model is called by what names it nearest (the row above, the header, the title of the group, the caption, the paper) with
the change behind it. What else stands in a label is told in `tables.name_parts`, where a model is named in
`tables.name_bases`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.documents.labels import is_absent, is_ditto
from extractors.documents.model import Table
from extractors.mentions import benchmark_hits, metric_hits
from extractors.rules.models import SIZES
from extractors.tables.marks import is_switch
from extractors.tables.name_bases import Bases, PaperNames
from extractors.tables.name_parts import OURS, clean, named_for_ours, telling_marks
from extractors.tables.name_telling import told_apart
from extractors.tables.numbers import scores_in
from extractors.tables.rows import Row
from extractors.tables.slots import Slot

_NAME_LIKE = re.compile(r"[^\W\d_]{2}|[^\W\d_][-\s]?\d")
"""Labels without it are tick marks, numbers and percentages of a study, not names of models."""
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
    r"\b(?:tricks?|techniques?|options?|shortcuts?|poolings?|normali[sz]ations?|loss(?:es)?|tasks?|initiali[sz]ations?|pre-?train\w*|refinements?|heuristics?|variants?|variations?|augmentations?|modules?"
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
_BARE = re.compile(r"\d[\d.,]*%?|yes|no|none|on|off|[A-Wa-w]", re.IGNORECASE)
"""What says nothing without the header over it."""
_SHORT = 4
"""A header of at most so many words is a part of a name."""
_AS_IT_WAS = re.compile(
    r"(?:the |our )?(?:baseline|vanilla|plain|none|no augmentation|without)(?: model| network)?|(?:un|not )(?:pruned|compressed|quanti[sz]ed)",
    re.IGNORECASE,
)
"""The row or column of a model before it was changed."""
_WHOLE = re.compile(r"full|final|complete", re.IGNORECASE)
"""What names a model at the left of a table, and a part of the data over its columns."""
_BASELINE_ROW = re.compile(r"(?:the |our )?baseline\b", re.IGNORECASE)
_PLAIN_BASE = re.compile(r"\s\(?(?:baseline|vanilla)\)?$", re.IGNORECASE)
_BACKBONE_ALONE = re.compile(
    r"(?:the )?(?:backbones?|base ?net\w*)(?: architecture| network| model)?", re.IGNORECASE
)
_INSIDE = re.compile(r"(?:Res|VGG|Inception|Mobile|Dense|Dark|Efficient|Swin|Hourglass|HRNet)", re.IGNORECASE)
"""How names of networks begin that detectors are built on."""
_DETECTOR = re.compile(r"R-?CNN|R-?FCN|RetinaNet|SSD|YOLO|DETR|Det\b")
_NETWORK = re.compile(r"\d|[Nn]ets?\b|former\b|BERT|CNN|LSTM|VGG|YOLO")
"""What names of networks have that names of changes do not."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name is asked for."""

    row: int | None
    """The row, or None where models stand in columns."""
    header: tuple[str, ...]
    group: str
    own: bool = True
    """Whether it is the paper's own for certain, so that the model it proposes may be meant."""


class RowNames:
    """What the rows of one table are called."""

    def __init__(self, table: Table, rows: Sequence[Row], paper: PaperNames) -> None:
        """Read the labels of a table's rows.

        Args:
            table: the table.
            rows: its labelled rows.
            paper: what the paper says of names.
        """
        self._table, self._rows, self._paper, self._ownership = table, rows, paper, paper.ownership
        self._bases = Bases(paper.ownership)
        printed = dict(self._printed(rows))
        self._marks = telling_marks(printed.values())
        self._labels = {row: self._name(label) for row, label in printed.items()}

    def of(self, slot: Slot) -> str | None:
        """The model of a cell; None if nothing in the table or the paper names one."""
        if slot.turned:
            return self._called(self._name(slot.label), _Place(None, slot.header, ""))
        row, method = slot.cell.row, self._methods.get(slot.cell.column, "")
        name = self._called(self._labels.get(row, ""), _Place(row, slot.header, slot.group), method)
        return _joined(name, self._apart.get(row, "")) if name else None

    def of_row(self, row: Row) -> str | None:
        """The model of a whole row, whosever it is; None if nothing in the table names one."""
        return self._called(self._labels.get(row.index, ""), _Place(row.index, (), row.group, own=False))

    def _called(self, label: str, place: _Place, method: str = "") -> str | None:
        if not _NAME_LIKE.search(label) or self._is_change(label):
            return self._changed(label, place, method)
        family = "" if _NETWORK.search(label) else self._bases.titled(place.group)
        return _joined(family, label, method)

    def has_change(self, slot: Slot) -> bool:
        """Whether a cell's row says what was changed, so that another place names its model."""
        return not slot.turned and self._is_change(self._labels.get(slot.cell.row, ""))

    def changed(self, slot: Slot) -> int | None:
        """The row of the model that a row changes or only tests otherwise: `+ a longer training`, `ensemble`."""
        label = self._labels.get(slot.cell.row, "")
        follows = not slot.turned and (_CHANGE.match(label) or _TESTED.fullmatch(label))
        return self._above.get(slot.cell.row) if follows else None

    def _name(self, label: str) -> str:
        return named_for_ours(clean(label, self._marks, self._paper.marked), self._paper.proposed)

    def _changed(self, label: str, place: _Place, method: str) -> str | None:
        """The model that a row's change is of, with the change; what stands in the row itself where none is named."""
        tested = bool(_TESTED.fullmatch(label))
        above = self._model_above(place.row) if tested or _CHANGE.match(label) else ""
        base = above or self._named_by(place)
        if not base and method:
            base, method = method, ""
        if not base and label:
            base = self._fallback(label, place)
        if not base:
            return label if _BASELINE_ROW.match(label) or SIZES.fullmatch(label) else None
        change = "" if tested else self._stated(_BASELINE.sub("", label).strip())
        plain = _PLAIN_BASE.sub("", base) if change else base
        return _joined(plain, change, method)

    def _model_above(self, row: int | None) -> str:
        above = self._above.get(row) if row is not None else None
        return _PREFIX.sub("", self._labels[above]) if above is not None else ""

    def _fallback(self, label: str, place: _Place) -> str:
        """The model that the paper's sentences name as its baseline, or propose."""
        if _BASELINE_ROW.match(label):
            return self._paper.baseline
        return self._paper.proposed if place.own else ""

    def _stated(self, change: str) -> str:
        """A change, with what stands over it where it is a number or says yes or no: `, Number of layers 24`."""
        told = self._corner and len(self._corner.split()) <= _SHORT and not _NAMING.search(self._corner)
        if not (told and _BARE.fullmatch(change)):
            return change
        return f", {self._corner} {change}"

    def _named_by(self, place: _Place) -> str:
        """The model that the header, the corner, the group or the caption names."""
        near = (self._bases.first_in(text) for text in (*reversed(place.header), self._corner, place.group))
        base = next(filter(None, near), "")
        return _joined(self._around(base), base) if base else self._captioned

    def _around(self, base: str) -> str:
        """The detector that the caption names, where what is named nearer is the network inside of it."""
        named = self._captioned
        return named if _INSIDE.match(base) and _DETECTOR.search(named) else ""

    @cached_property
    def _captioned(self) -> str:
        caption = self._table.caption.text.removeprefix(self._table.label) if self._table.caption else ""
        return self._bases.captioned(caption, tuple(self._labels.values()))

    def _is_change(self, label: str) -> bool:
        """Whether a label says what was changed of a model, or how it was trained, rather than name it."""
        if self._says_no_model(label) or SIZES.fullmatch(label):
            return True
        if _BASELINE_ROW.match(label) and (self._captioned or _BASELINE.match(label)):
            return True
        if self._lists_changes and not _NETWORK.search(label):
            return True
        if self._ownership.is_own(label):
            return self._studies and bool(self._captioned) and not _NETWORK.search(label)
        if self._captioned and _BACKBONE_ALONE.fullmatch(self._corner):
            return True
        if _NETWORK.search(label) and self._bases.titled(label):
            return False
        return self._studies

    @cached_property
    def _studies(self) -> bool:
        """Whether what stands over the rows says that they are changes: `Loss`, `Mask`."""
        return bool(_STUDIED.search(self._corner)) and not _NAMING.search(self._corner)

    def _says_no_model(self, label: str) -> bool:
        """Whether a label can be no name, whatever stands around it."""
        if not label or _CHANGE.match(label) or _SETTING.fullmatch(label):
            return True
        return not self._ownership.is_own(label) and _only_data(label)

    @cached_property
    def _lists_changes(self) -> bool:
        """Whether the rows are a model that the caption names, as it was and with changes: one of them is its baseline."""
        return bool(self._captioned) and any(map(_AS_IT_WAS.fullmatch, self._labels.values()))

    @cached_property
    def _methods(self) -> dict[int, str]:
        """What was done to the model of each row, by column, where a line of the header lists that: `baseline`, `+ mixup`."""
        headers = {column: self._table.header(column) for column in self._table.number_columns()}
        for depth in range(1, self._table.header_rows + 1):
            lines = {column: lines[-depth] for column, lines in headers.items() if len(lines) >= depth}
            found = {column: clean(line) for column, line in lines.items() if not _measures(line)}
            if len(set(found.values())) > 1 and any(map(self._is_method, found.values())):
                return found
        return {}

    def _is_method(self, line: str) -> bool:
        return bool(_AS_IT_WAS.fullmatch(line) or OURS.fullmatch(line) or _CHANGE.match(line)) or bool(
            self._ownership.is_own(line)
        )

    @cached_property
    def _corner(self) -> str:
        """What stands over the labels."""
        return " ".join(
            line
            for column in range(self._table.stub)
            if not is_switch(self._table, column)
            for line in self._table.header(column)
        )

    @cached_property
    def _apart(self) -> Mapping[int, str]:
        """What tells rows of one name apart."""
        return told_apart(self._table, self._rows, self._labels)

    @cached_property
    def _above(self) -> Mapping[int, int]:
        """The row in which a model was last named at or above each row of its group."""
        found = dict[int, int]()
        last: Row | None = None
        for row in self._rows:
            named = not self._is_change(self._labels[row.index])
            last = row if named else last if last and last.group == row.group else None
            if last:
                found[row.index] = last.index
        return found

    def _printed(self, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
        """The name of each row: its labels and its backbone, blank cells in front of others filled from above."""
        stub = self._table.stub
        backbones = [c for c in range(stub, len(rows[0].cells) if rows else 0) if self._is_over(c, _BACKBONE)]
        kept: list[str] = []
        for row in rows:
            texts = [cell.text if cell else "" for cell in row.cells]
            texts = [kept[c] if c < len(kept) and is_ditto(text) else text for c, text in enumerate(texts)]
            filled = next((c for c in range(stub) if texts[c]), stub)
            if kept and row.label and row.label != " ".join(filter(None, texts[:stub])):
                texts[:filled] = kept[:filled]
            kept = texts[:stub]
            columns = (*self._naming(texts), *backbones)
            said = [texts[c] for c in columns if not is_absent(texts[c])] or [row.label]
            yield row.index, " ".join(dict.fromkeys(said))

    def _naming(self, texts: Sequence[str]) -> list[int]:
        """The columns at the left that name a row; not the titles of groups nor data beside a name."""
        columns = [c for c in range(self._table.stub) if clean(texts[c]) and not is_absent(texts[c])]
        named = [c for c in columns if not (_TITLE.fullmatch(texts[c]) or self._is_over(c, _OF_DATA))]
        backbones = [c for c in named[2:] if self._is_over(c, _BACKBONE)]
        return [*named[:2], *backbones] or columns[:2]

    def _is_over(self, column: int, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(line.strip()) for line in self._table.header(column))


def _measures(line: str) -> bool:
    """Whether a line of a header names a metric, a data set or a number."""
    return bool(metric_hits(line) or benchmark_hits(line) or scores_in(line))


def _joined(*parts: str) -> str:
    """A name of its parts, each said once."""
    name = ""
    for part in parts:
        if part and part.casefold() not in name.casefold():
            name += part if part.startswith(",") else f" {part}"
    return name.strip()


def _only_data(label: str) -> bool:
    """Whether a label is nothing but names of data and amounts: `ImageNet+300M`, `1K ImageNet`."""
    letters = list(label)
    for hit in benchmark_hits(label):
        letters[hit.start : hit.end] = " " * (hit.end - hit.start)
    return bool(_AMOUNTS.fullmatch("".join(letters)))
