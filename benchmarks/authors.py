"""Our headlines beside the scores that the authors of arXiv:2007.05558 took from the same papers into their tables.

A row of theirs is of a paper of the corpus where its link holds the paper's arXiv id, or its title is the paper's. A
headline is the best own score of a metric in one split and setting, so a paper has several; the one nearest to theirs
is shown. Why the two differ is for a person to find out: their value may be of another table, setting or version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from analysis.authors import WIDE_FILES, read_wide
from benchmarks.corpus import Corpus, Json, read
from extractors.confidence import default_model
from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import ParseError, UsageError
from extractors.facts.fields import FIELDS
from extractors.facts.ids import ArxivId, slugify
from extractors.guide import to_guide
from extractors.promise import Promise

Verdict = Literal["equal", "differs", "no headline", "nothing read"]

_BENCHMARKS: Final[Mapping[str, str]] = {
    "imagenet": "imagenet-1k",
    "conll-2003": "conll-2003-ner",
    "wmt2014-en-fr": "wmt14-en-fr",
    "wmt2014-en-de": "wmt14-en-de",
}
"""Our ids of their tables, where they are not the same."""
_METRICS: Final[Mapping[str, str]] = {
    "(TOP 1 score)": "top1_accuracy",
    "(TOP 5 score)": "top5_accuracy",
    "(BOX AP)": "box_ap",
    "(AP50)": "ap50",
    "(AP75)": "ap75",
    "(EM score)": "em",
    "(F1 score)": "f1",
    "(BLEU)": "bleu",
}
"""Our ids of their columns of scores; those of small, medium and large objects and SacreBLEU are not tracked."""
_PERCENT: Final = 100.0
_SLACK: Final = FIELDS["result.score"].slack


@dataclass(frozen=True, slots=True)
class Theirs:
    """One score in a table of theirs."""

    benchmark: str
    metric: str
    model: str
    title: str
    link: str
    value: float
    """As they give it; accuracies where a paper may print errors."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One score of theirs beside what is read from its paper."""

    file: str
    theirs: Theirs
    headlines: tuple[Json, ...]
    """Our headlines of the benchmark and metric, the nearest first."""
    read: bool
    """Whether their value is among the paper's own scores as we read them, headline or not."""

    @property
    def verdict(self) -> Verdict:
        """Whether a headline is theirs."""
        if not self.headlines:
            return "no headline" if self.read else "nothing read"
        return "equal" if abs(self.difference) <= _SLACK else "differs"

    @property
    def difference(self) -> float:
        """Nearest headline less theirs, in percent or points; NaN without a headline."""
        return _value(self.headlines[0]) - self.theirs.value if self.headlines else float("nan")


def their_scores(folder: Path) -> Iterator[Theirs]:
    """All scores in their tables of 2022 on metrics that we track.

    Raises:
        UsageError: the folder has none of the tables.
        DatasetError: a table cannot be read, or a score is no number.
    """
    tables = {name: folder / file for name, file in WIDE_FILES.items() if (folder / file).is_file()}
    if not tables:
        raise UsageError("no tables of the authors", where=str(folder))
    for name, path in tables.items():
        table = read_wide(path)
        columns = [column for column in _METRICS if column in table.columns]
        for row in range(len(table.rows)):
            model, title, link = (
                table.text(row, column).strip() for column in ("name", "title", "paper_link")
            )
            for column in columns:
                value = table.number(row, column)
                if value is not None:
                    yield Theirs(_BENCHMARKS.get(name, name), _METRICS[column], model, title, link, value)


def of_papers(theirs: Iterable[Theirs], manifest: Iterable[Json]) -> dict[str, list[Theirs]]:
    """The scores of each paper by its file, for papers that have any."""
    papers = list(manifest)
    ids = {str(paper["arxiv_id"]): str(paper["file"]) for paper in papers if paper.get("arxiv_id")}
    titles = {slugify(str(paper["title"])): str(paper["file"]) for paper in papers if paper.get("title")}
    found: dict[str, list[Theirs]] = {}
    for score in theirs:
        file = ids.get(_arxiv_id(score.link)) or titles.get(slugify(score.title))
        if file:
            found.setdefault(file, []).append(score)
    return found


def compare(file: str, theirs: Theirs, results: Sequence[Json]) -> Comparison:
    """A score of theirs beside the results that `burden extract` gives for its paper."""
    ours = [
        entry
        for entry in results
        if (entry["benchmark"], _metric(entry)) == (theirs.benchmark, theirs.metric)
    ]
    ours.sort(key=lambda entry: abs(_value(entry) - theirs.value))
    read = bool(ours) and abs(_value(ours[0]) - theirs.value) <= _SLACK
    return Comparison(file, theirs, tuple(entry for entry in ours if entry["best_own"]), read)


def lines(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """The comparison as text: a line a score, then how many there are of each verdict."""
    yield f"{'paper':<18} {'benchmark':<15} {'metric':<13} {'theirs':>7} {'ours':>7} {'page':>4}  verdict"
    for item in comparisons:
        yield _line(item)
    counts = Counter(item.verdict for item in comparisons)
    yield f"{len(comparisons)} scores of {len({item.file for item in comparisons})} papers: " + ", ".join(
        f"{verdict} {count}" for verdict, count in counts.most_common()
    )


def report(corpus: Corpus) -> None:
    """Print the comparison for all papers that both have; their tables are sought beside the corpus."""
    wanted = of_papers(their_scores(corpus.folder.parent / "reference" / "thompson2022"), corpus.manifest())
    paths = [corpus.folder / "pdf" / file for file in sorted(wanted)]
    found = []
    for file, reading in read(paths):
        results = cast(list[Json], to_guide(reading, file, default_model(), Promise())["results"])
        found += [compare(file, theirs, results) for theirs in wanted[file]]
    print("\n".join(lines(found)))


def _arxiv_id(link: str) -> str:
    try:
        return ArxivId.parse(link).id
    except ParseError:
        return ""


def _metric(entry: Json) -> str:
    """The metric of a result, accuracy for error."""
    metric = catalogue().metrics()[str(entry["metric"])]
    return metric.counterpart if metric.direction == "lower" and metric.counterpart else metric.id


def _value(entry: Json) -> float:
    """The score of a result under that metric, percentages as percent."""
    score = float(cast(float, entry["normalised"]))
    return score if _metric(entry) == entry["metric"] else _PERCENT - score


def _line(item: Comparison) -> str:
    theirs = item.theirs
    shown = f"{item.file.removesuffix('.pdf')[:18]:<18} {theirs.benchmark:<15} {theirs.metric:<13} {theirs.value:>7g} "
    if not item.headlines:
        return f"{shown}{'-':>7} {'-':>4}  {item.verdict}: {theirs.model}"
    nearest = item.headlines[0]
    where = f"{nearest['model'] or 'unnamed'}, {nearest['split']}, {nearest['setting']}"
    shown += f"{_value(nearest):>7g} {nearest['page']:>4}  {item.verdict}"
    if item.verdict == "equal":
        return f"{shown}: {where}"
    return f"{shown} {item.difference:+.2f}: {where}; theirs is {theirs.model}, {'read' if item.read else 'not read'}"
