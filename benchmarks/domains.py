"""Scores on the benchmarks of which few labelled papers report: papers typeset for the purpose, judged by the corpus's script.

The papers and their labels stand with the tests, in `tests/extractors/domains`. They were written before the rules for
scores were worked on and without sight of them, from how papers of these fields set their results; all in them is
invented except the names of cited systems. A paper may report on several benchmarks. They came in sets, told by their
numbers (below 20 by the last digit: 1 to 6, 7, and so on; from 20 on by the tens): each younger set was written, blind
again, when the rules had been worked on with the older ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from benchmarks.corpus import Corpus, Json
from extractors.confidence import default_model
from extractors.guide import to_guide
from extractors.promise import Promise
from flows.workers import FailedPaper, Job, read_many

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "extractors" / "domains"
_FIELDS = ("headline_score", "own_scores")
_FIRST = (1, 7, 8, 9, 20, 30)
"""The number that each set starts at, oldest set first."""
STAMP = datetime(2024, 1, 1, tzinfo=UTC)
"""Creation date in the PDFs: the same sources give the same bytes."""


def sources() -> list[Path]:
    """The papers' sources, sorted by name."""
    return sorted(path for path in FOLDER.glob("*-*.typ"))


def typeset(source: Path) -> bytes:
    """The PDF of a paper.

    Raises:
        ModuleNotFoundError: the `typst` package, of the development environment, is not installed.
        typst.TypstError: the source does not compile.
    """
    import typst

    compiler = typst.Compiler(source, root=FOLDER, ignore_system_fonts=True)
    return cast(bytes, compiler.compile(format="pdf", timestamp=STAMP, pdf_tags=False))


def labels() -> dict[str, Json]:
    """Labels by file name, in the layout of the corpus."""
    lines = (FOLDER / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(paper["file"]): paper for paper in map(json.loads, lines)}


def results(paper: Json) -> list[Json]:
    """The result entries of a paper."""
    return cast(list[Json], paper["results"])


def benchmarks(papers: Mapping[str, Json]) -> list[str]:
    """Ids of all benchmarks that papers report on."""
    return sorted({str(entry["benchmark"]) for paper in papers.values() for entry in results(paper)})


def report(corpus: Corpus, *, misses: bool = False) -> None:
    """Print what was right and what was too much, precision, recall and F1 for each benchmark, and the headline's mean F1.

    Args:
        corpus: where the scorer is.
        misses: print also what was missed and what was too much, paper by paper.
    """
    scorer, gold, predicted = corpus.scorer(), labels(), dict(_predicted())
    known = benchmarks(gold)
    print(f"{'':<16}{'papers':>6}" + "".join(f"{field:>18}{'P':>7}{'R':>7}{'F1':>7}" for field in _FIELDS))
    for benchmark in known:
        papers = {file: paper for file, paper in _only(gold, benchmark).items() if results(paper)}
        figures, _ = scorer.score(_only(gold, benchmark), _only(predicted, benchmark))
        print(_line(benchmark, len(papers), figures))
    _, wrong = scorer.score(gold, predicted)
    parts = _parts(gold)
    for name, part in parts.items():
        print(_line(name, len(part), scorer.score(part, predicted)[0]))
    for name, part in parts.items():
        headlines = [
            scorer.score(_only(part, benchmark), _only(predicted, benchmark))[0]["headline_score"]["f1"]
            for benchmark in benchmarks(part)
        ]
        print(f"mean over benchmarks of the headline's F1, {name}: {sum(headlines) / len(headlines):.3f}")
    strays = [name for name in benchmarks(predicted) if name not in known]
    print(f"benchmarks that no paper reports on but that were read: {', '.join(strays) or 'none'}")
    if misses:
        _print_misses(wrong)


def _parts(papers: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """All papers, and those of each time they were written at."""
    parts = {"all": dict(papers)}
    for file, paper in sorted(papers.items(), key=lambda item: _set_of(item[0])):
        parts.setdefault(f"from {_set_of(file)} on", {})[file] = paper
    return parts


def _set_of(file: str) -> int:
    """The number that the set of a paper starts at."""
    number = int(Path(file).stem.rsplit("-", 1)[1])
    return max(first for first in _FIRST if first <= (number if number >= 20 else number % 10))


def _predicted() -> Iterator[tuple[str, Json]]:
    """What the extractor reads from each paper."""
    for job, outcome in read_many([Job(f"{path.stem}.pdf", typeset(path)) for path in sources()]):
        if isinstance(outcome, FailedPaper):
            print(f"unreadable: {outcome.error}")
        else:
            yield job.subject, to_guide(outcome, job.subject, default_model(), Promise())


def _only(papers: Mapping[str, Json], benchmark: str) -> dict[str, Json]:
    """The papers with no results but those of one benchmark."""
    return {
        file: {**paper, "results": [entry for entry in results(paper) if entry["benchmark"] == benchmark]}
        for file, paper in papers.items()
    }


def _line(name: str, papers: int, figures: Mapping[str, Mapping[str, float | None]]) -> str:
    shown = [f"{name:<16}{papers:>6}"]
    for field in _FIELDS:
        right, gold, read = (int(figures[field][key] or 0) for key in ("right", "gold", "predicted"))
        shown.append(f"{right:>8} of {gold:>3} +{read - right:>2}")
        shown += [f"{figures[field][key] or 0:>7.3f}" for key in ("precision", "recall", "f1")]
    return "".join(shown)


def _print_misses(wrong: Mapping[str, Mapping[str, Mapping[str, object]]]) -> None:
    for file, fields in sorted(wrong.items()):
        for field in _FIELDS:
            if field in fields:
                print(
                    f"{file} {field}: missed {fields[field]['missed']}, too much {fields[field]['spurious']}"
                )
