"""A report of an invented release whose papers were written by people who wish it ill."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.conventions import Options
from analysis.load import Benchmark, Evidence, Release
from analysis.report.contents import Contents
from analysis.report.files import report_files
from analysis.whole import analyze
from benchmarks.analysis import planted
from extractors.facts.measures import AUTHORS_CONVERSION

HOSTILE = (
    "</script><script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202egnp.exe\u202c turned", "A" * 900,
    "<img src=x onerror=alert(1)>", "\\input{/etc/passwd} $x_1$ & 100% #1 {", "مدل بزرگ", "a\x00b\nc", "🙂" * 40,
)  # fmt: skip
LINKS = (
    "https://arxiv.org/abs/2401.00001", "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "https://user:secret@example.org/", "https://example.org/paper?a=1&b=2", "",
)  # fmt: skip


def release(n: int) -> Release:
    """Papers on ImageNet with names and links of strangers; one in eight does not say how long it trained, and SQuAD has few."""
    made = planted(n)
    runs = tuple(
        replace(run, wall_time_s=None if at % 8 == 7 else run.wall_time_s) for at, run in enumerate(made.runs)
    )
    results = tuple(
        replace(
            result,
            benchmark="squad-1.1" if at % 6 == 5 else "imagenet-1k",
            metric="em" if at % 6 == 5 else "top1_accuracy",
        )
        for at, result in enumerate(made.results)
    )
    return replace(
        made,
        papers=tuple(replace(paper, title=HOSTILE[at % len(HOSTILE)], link=LINKS[at % len(LINKS)], year=2016 + at % 7) for at, paper in enumerate(made.papers)),
        models=tuple(replace(model, name=HOSTILE[(at + 2) % len(HOSTILE)]) for at, model in enumerate(made.models)),
        runs=runs,
        results=results,
        benchmarks=(*made.benchmarks, Benchmark("squad-1.1", "em", "question answering", True), Benchmark("glue", "average_score", "", True)),
    )  # fmt: skip


def cell(row: str, column: str, value: str, **known: object) -> Evidence:
    """A cell with its place."""
    said: dict[str, object] = {
        "cell": f"{row}#{column}", "row_id": row, "column_name": column, "paper_id": row.split("/", maxsplit=1)[0], "paper_version": 2,
        "value": value, "low": None, "high": None, "printed": None, "page": 5, "quote": "We train <b>for</b> two days",
        "rule": "training.sentence", "probability": 0.97, "status": "automatic",
    }  # fmt: skip
    return Evidence(**(said | known))  # type: ignore[arg-type]


def contents_of(found: Release, since: Sequence[Release] = ()) -> Contents:
    """All that a report shows of a release."""
    options = Options(conversion=AUTHORS_CONVERSION)
    done = analyze([found], options, 20, since=since)
    return Contents(done, options)


@pytest.fixture(scope="session")
def contents() -> Contents:
    """Thirty-six hostile papers."""
    made = contents_of(release(36), since=[release(30)])
    point = next(
        point for point in made.study.sections[0].points if point.link.startswith("https://arxiv.org")
    )
    run = point.runs[0]
    evidence = {
        point.result_id: (cell(point.result_id, "score", "81.3", status="reviewed"),),
        run: (
            cell(run, "wall_time_s", "172800.0", printed="2 days"),
            cell(run, "count", "8", page=None, quote=None),
            cell(run, "accelerator", "NVIDIA Tesla V100", quote="on </q><script>alert(1)</script> GPUs"),
        ),
    }
    return replace(
        made,
        analysis=replace(made.analysis, evidence=evidence),
    )


@pytest.fixture(scope="session")
def empty() -> Contents:
    """A release without a paper."""
    made = release(1)
    return contents_of(replace(made, papers=(), models=(), runs=(), results=()))


@pytest.fixture(scope="session")
def files(contents: Contents) -> dict[str, bytes]:
    """The files of the report."""
    return report_files(contents)


@pytest.fixture(scope="session")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as it is written."""
    place = tmp_path_factory.mktemp("report")
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="session")
def thousand() -> Contents:
    """A thousand hostile papers."""
    return contents_of(release(1_000))
