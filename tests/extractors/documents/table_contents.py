"""What the tables of `table_styles` say: invented models with random numbers, headers and labels of every kind.

Everything is drawn from the random source that comes in, so the same seed makes the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Literal

from tests.extractors.documents.table_styles import Cell, Row, Sample, bold

Head = Literal[
    "one", "two", "two bare", "two tall", "corner", "units", "wrapped", "bold", "arrows", "numbers"
]
"""Header rows: `two` has spanning headers with lines of their own, `two bare` has them without; in `two tall` the first
column's header is as tall as both rows; in `corner` the first header is empty."""
Labels = Literal[
    "plain",
    "wrapped",
    "groups",
    "centred groups",
    "multirow",
    "multirow top",
    "multirow turned",
    "long",
    "numbers",
]
"""Labels of several rows stand in their middle, at the top, or read up the page."""
Values = Literal[
    "numbers",
    "decimal",
    "deviations",
    "tight deviations",
    "lowered deviations",
    "percents",
    "missing",
    "empty",
    "powers",
    "marks",
    "gains",
    "gains apart",
    "words",
    "checks",
    "sentences",
    "tall",
    "mixed",
]
"""`decimal` has the points below each other, if it is set to the right; in `lowered deviations` they are subscripts; the
last column of `sentences` has words that go on below each other, that of `tall` such a cell beside all rows but two."""

MODELS = (
    "Alder-12",
    "Birch",
    "Cedar-L",
    "Elm (ours)",
    "Fir + labels",
    "Hazel-XL",
    "Larch v2",
    "Maple",
    "Oak",
)
MARKED = ("Attention-452†", "Willow-64", "Rowan*", "Spruce‡")
WRAPPED = (
    ("Alder with distilled", "labels"),
    ("Larch trained on all", "of the images"),
    ("Maple and a larger", "teacher (ours)"),
)
NAMES = ("Top-1", "Top-5", "Params", "Time", "BLEU", "Error", "Memory", "Steps", "Loss")
UNITS = (
    Cell("Params (×10^6)", "Params (×10#super[6])"),
    Cell("Time (minutes)"),
    Cell("FLOPs ×10^9", "FLOPs ×10#super[9]"),
    Cell("Memory [GB]"),
    Cell("Acc. (%)"),
    Cell("Speed (images/s)"),
)
TALL = (
    Cell("Training time", "Training \\ time"),
    Cell("Number of params", "Number of \\ params"),
    Cell("FLOPs per image", "FLOPs per \\ image"),
    Cell("Top-1"),
    Cell("Error"),
)
ARROWS = tuple(Cell(f"{name} {arrow}") for name, arrow in zip(NAMES, "↑↑↓↓↑↓↓↓↓", strict=True))
STEPS = ("1", "2", "4", "8", "16", "32", "64")
SHORT = ("New", "Old", "All")
GROUPS = ("ImageNet", "Places", "COCO", "CIFAR-10")
TITLES = ("Convolutional models", "Models with attention", "Trained on more data")
SENTENCES = (
    ("trained from scratch on", "eight cards for two days"),
    ("distilled from a larger", "model without labels"),
    ("as published",),
    ("with twice the steps and", "a longer warm-up, which", "takes more memory"),
)
BESIDE = (
    "all of these are trained",
    "from scratch on the same",
    "images, with as many steps",
    "as the first of them, and",
    "compared after the last",
)
SUBJECTS = ("Costs", "Sizes and scores", "Results", "What it takes to train models", "Errors", "A comparison")
OBJECTS = (
    "on images",
    "on sentences",
    "of small models",
    "with labels",
    "without labels",
    "after one day",
    "over seeds",
)
CLAUSES = (
    "",
    "; higher is better",
    ". All of our models are trained from scratch with the same number of steps, and we report means over five seeds",
    "; numbers of others are as published, and ours are those of the last step of training rather than of the best",
)
ENDS = (".", ". Best in bold.", ". See the appendix for more.", ". Details in Section 4.", "")
WORDS = ("SGD", "Adam", "cosine", "none", "V100", "TPU v3", "yes", "no")


@dataclass(frozen=True, slots=True)
class Content:
    """What kind of table to make."""

    head: Head = "one"
    labels: Labels = "plain"
    values: Values = "numbers"
    rows: int = 5
    columns: int = 4
    """With the labels; four or more leave room for every head and all labels."""
    best: bool = False
    """Whether the best value of each column is bold."""


def make(content: Content, chance: Random) -> Sample:
    """A table of that kind."""
    numbers = content.columns - (2 if content.labels.startswith("multirow") else 1)
    head = _head(content, numbers, chance)
    body, lines = _body(content, numbers, chance)
    caption = (
        f"{chance.choice(SUBJECTS)} {chance.choice(OBJECTS)}{chance.choice(CLAUSES)}{chance.choice(ENDS)}"
    )
    return Sample((*head, *body), len(head), caption, tuple(len(head) + line for line in lines))


def _head(content: Content, numbers: int, chance: Random) -> list[Row]:
    first = [Cell("Data"), Cell("Model")] if content.labels.startswith("multirow") else [Cell("Model")]
    if content.head == "corner":
        first[0] = Cell("")
    if content.head.startswith("two"):
        return _two_rows(content.head, first, numbers, chance)
    pools = {"units": UNITS, "wrapped": TALL, "arrows": ARROWS, "numbers": tuple(map(Cell, STEPS))}
    pool = pools.get(content.head) or tuple(map(Cell, NAMES))
    names = chance.sample(pool, min(numbers, len(pool)))
    if content.head == "wrapped" and not any("\\ " in name.source for name in names):
        names[0] = TALL[0]
    cells = [*first, *names, *(Cell(name) for name in NAMES[: numbers - len(names)])]
    return [tuple(bold(cell) for cell in cells) if content.head == "bold" else tuple(cells)]


def _two_rows(head: Head, first: list[Cell], numbers: int, chance: Random) -> list[Row]:
    """A row of headers over pairs of columns, and what they stand over; an odd column is named below only."""
    over: list[Cell | None] = []
    below: list[Cell | None] = []
    pair = chance.sample(NAMES, 2)
    groups = chance.sample(GROUPS, min(numbers // 2, len(GROUPS)))
    for name in groups:
        over += [Cell(name, columns=2, ruled=head != "two bare", align="center + top"), None]
        below += [Cell(pair[0]), Cell(pair[1])]
    rest = [Cell(name) for name in ("Params", "Epochs")[: numbers - len(over)]]
    if head == "two tall":
        tall: list[Cell | None] = [replace(cell, rows=2) for cell in rest]
        corner = [replace(cell, rows=2) for cell in first]
        return [(*corner, *over, *tall), (*[None] * len(first), *below, *[None] * len(rest))]
    blank = [Cell("")] * len(first)
    return [(*blank, *over, *[Cell("")] * len(rest)), (*first, *below, *rest)]


def _body(content: Content, numbers: int, chance: Random) -> tuple[list[Row], list[int]]:
    """The rows below the header, and the numbers of those above which a line stands."""
    schemes = [_scheme(content.values, chance) for _ in range(numbers)]
    if content.values in ("sentences", "tall"):
        schemes[-1] = partial(_lines, SENTENCES, chance)
    values = [[scheme() for scheme in schemes] for _ in range(content.rows)]
    if content.best:
        for column in range(numbers):
            row = chance.randrange(content.rows)
            if values[row][column].text:
                values[row][column] = bold(values[row][column])
    if content.labels.startswith("multirow"):
        return _multirow(values, chance, content.labels)
    rows: list[Row] = [(label, *row) for label, row in zip(_labels(content, chance), values, strict=True)]
    if content.values == "tall":
        beside = replace(_lines([BESIDE], chance), rows=content.rows - 2)
        rows[:-2] = [(*row[:-1], None if at else beside) for at, row in enumerate(rows[:-2])]
    if content.labels in ("groups", "centred groups"):
        return _grouped(rows, numbers + 1, chance, centred=content.labels == "centred groups")
    return rows, []


def _labels(content: Content, chance: Random) -> list[Cell]:
    pool = [Cell(name) for name in MODELS + (MARKED if content.values in ("marks", "mixed") else ())]
    if content.labels == "numbers":
        return [Cell(str(2**row)) for row in range(content.rows)]
    if content.labels == "long":
        pool = [Cell(f"{name.text} trained for {chance.randrange(2, 90)} epochs") for name in pool]
    labels = [replace(chance.choice(pool)) for _ in range(content.rows)]
    if content.labels == "wrapped":
        for row in range(chance.randrange(2), content.rows, 2):
            labels[row] = _lines(WRAPPED, chance)
    return labels


def _lines(pool: Sequence[tuple[str, ...]], chance: Random) -> Cell:
    lines = chance.choice(pool)
    return Cell(" ".join(lines), " \\ ".join(lines))


def _multirow(values: list[list[Cell]], chance: Random, labels: Labels) -> tuple[list[Row], list[int]]:
    rows: list[Row] = []
    lines: list[int] = []
    turned = labels.endswith("turned")
    for name in chance.sample(SHORT if turned else GROUPS, 3):
        size = min(chance.randrange(2, 4), len(values) - len(rows))
        if size <= 0:
            break
        if rows:
            lines.append(len(rows))
        source = f"#rotate(-90deg, reflow: true)[{name}]" if turned else ""
        tall = Cell(name, source, rows=size, align="top" if labels.endswith("top") else "horizon")
        for at in range(size):
            rows.append((tall if at == 0 else None, Cell(chance.choice(MODELS)), *values[len(rows)]))
    return rows, lines


def _grouped(rows: list[Row], columns: int, chance: Random, *, centred: bool) -> tuple[list[Row], list[int]]:
    found: list[Row] = []
    lines: list[int] = []
    half = (len(rows) + 1) // 2
    for start, title in zip((0, half), chance.sample(TITLES, 2), strict=True):
        if start:
            lines.append(len(found))
        align = "center" if centred else "left"
        over = Cell(title, columns=columns, italic=True, loose=not centred, align=align)
        found += [(over, *[None] * (columns - 1)), *rows[start : start + half]]
    return found, lines


def _scheme(values: Values, chance: Random) -> Callable[[], Cell]:
    """How the values of one column are drawn."""
    if values == "mixed":
        return _scheme(chance.choice(("numbers", "missing", "percents", "marks", "powers", "gains")), chance)
    if values in ("numbers", "sentences", "tall"):
        return chance.choice([_tenths(chance), _millions(chance), _counts(chance), _small(chance)])
    return _SCHEMES[values](chance)


def _tenths(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(f"{chance.uniform(1, 99):.1f}")


def _millions(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(f"{chance.uniform(1, 900):.{chance.choice((0, 1))}f}M")


def _counts(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(f"{chance.randrange(1, 60_000):,}")


def _small(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(f"{chance.uniform(0, 1):.3f}")


def _decimal(chance: Random) -> Callable[[], Cell]:
    """Numbers of one to three digits before the point and up to two behind it, the points below each other."""

    def value() -> Cell:
        whole, digits = chance.randrange(1, 900), chance.randrange(3)
        text = str(whole) + (f".{chance.randrange(10**digits):0{digits}}" if digits else "")
        hidden = "0" * (2 - digits) if digits else ".00"
        return Cell(text, f"{text}#hide[{hidden}]" if hidden else "")

    return value


def _deviations(chance: Random) -> Callable[[], Cell]:
    def value() -> Cell:
        number, spread = f"{chance.uniform(1, 99):.1f}", f"{chance.uniform(0, 2):.1f}"
        return Cell(f"{number} ± {spread}", f"${number} plus.minus {spread}$")

    return value


def _tight_deviations(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(f"{chance.uniform(1, 99):.2f}±{chance.uniform(0, 1):.2f}")


def _lowered_deviations(chance: Random) -> Callable[[], Cell]:
    def value() -> Cell:
        number, spread = f"{chance.uniform(1, 99):.1f}", f"±{chance.uniform(0, 2):.1f}"
        return Cell(number + spread, f"{number}#sub[{spread}]")

    return value


def _percents(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(f"{chance.uniform(1, 99):.1f}%")


def _missing(chance: Random) -> Callable[[], Cell]:
    dash = chance.choice("-–—")
    return lambda: Cell(dash) if chance.random() < 0.35 else Cell(f"{chance.uniform(1, 99):.1f}")


def _empty(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell("") if chance.random() < 0.3 else Cell(f"{chance.uniform(1, 99):.1f}")


def _powers(chance: Random) -> Callable[[], Cell]:
    def value() -> Cell:
        power, number = chance.randrange(15, 24), f"{chance.uniform(1, 9):.1f}"
        form = chance.choice(("dot", "times", ""))
        sign = {"dot": "⋅", "times": "×", "": ""}[form]
        if not form:
            return Cell(f"10^{power}", f"$10^{power}$")
        return Cell(f"{number} {sign} 10^{power}", f"${number} {form} 10^{power}$")

    return value


def _marks(chance: Random) -> Callable[[], Cell]:
    def value() -> Cell:
        number, mark = f"{chance.uniform(1, 99):.1f}", chance.choice(("†", "*", "¹", "²", "", "", ""))
        raised = {"*": "\\*", "¹": "1", "²": "2"}.get(mark, mark)
        return Cell(number + mark, f"{number}#super[{raised}]")

    return value


def _gains(chance: Random) -> Callable[[], Cell]:
    def value() -> Cell:
        return Cell(f"{chance.uniform(1, 99):.1f} ({chance.choice('+-')}{chance.uniform(0, 5):.1f})")

    return value


def _gains_apart(chance: Random) -> Callable[[], Cell]:
    """The gains of some rows, in a column of their own but for the space before it."""

    def value() -> Cell:
        number, gain = f"{chance.uniform(10, 99):.1f}", f"(+{chance.uniform(0, 5):.1f})"
        if chance.random() < 0.5:
            return Cell(number, f"{number}#h(0.6em)#hide[{gain}]")
        return Cell(f"{number} {gain}", f"{number}#h(0.6em);{gain}")

    return value


def _words(chance: Random) -> Callable[[], Cell]:
    return lambda: Cell(chance.choice(WORDS))


def _checks(chance: Random) -> Callable[[], Cell]:
    if chance.random() < 0.5:
        return _tenths(chance)
    return lambda: Cell(chance.choice("✓✗"))


_SCHEMES: dict[str, Callable[[Random], Callable[[], Cell]]] = {
    "decimal": _decimal,
    "deviations": _deviations,
    "tight deviations": _tight_deviations,
    "lowered deviations": _lowered_deviations,
    "percents": _percents,
    "missing": _missing,
    "empty": _empty,
    "powers": _powers,
    "marks": _marks,
    "gains": _gains,
    "gains apart": _gains_apart,
    "words": _words,
    "checks": _checks,
}
