"""The sample papers hold together: catalogue, sources, PDFs and known truth agree with one another.

That the papers are read correctly is not tested here but where they are read.
"""

import json
import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from flows.demo.typeset import PAPERS

LISTS = ("training", "parameters", "operations", "training_compute", "results", "other_hardware")
REJECTED = ("2403.99201", "2403.99202", "2403.99203")
CATALOGUE: list[dict[str, Any]] = json.loads((PAPERS / "catalogue.json").read_text(encoding="utf-8"))
TRUTH: list[dict[str, Any]] = [
    json.loads(line) for line in (PAPERS / "truth.jsonl").read_text(encoding="utf-8").splitlines()
]
FILES = [entry["pdf"] for entry in CATALOGUE]


def squeeze(text: str) -> str:
    """Text without white space, hyphens and ligatures, for looking a quote up."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", unicodedata.normalize("NFKC", text)).lower()


@cache
def pages(file: str) -> tuple[str, ...]:
    """Squeezed text of each page of a sample PDF."""
    pdf = pypdfium2.PdfDocument(PAPERS / file)
    try:
        return tuple(squeeze(page.get_textpage().get_text_range()) for page in pdf)
    finally:
        pdf.close()


def entry_of(file: str) -> dict[str, Any]:
    """Catalogue entry of a PDF."""
    return next(entry for entry in CATALOGUE if entry["pdf"] == file)


def truth_of(file: str) -> dict[str, Any]:
    """Truth of a PDF."""
    return next(paper for paper in TRUTH if paper["file"] == file)


def entries(paper: dict[str, Any]) -> list[dict[str, Any]]:
    """All entries of a paper's truth."""
    return [entry for key in LISTS for entry in paper[key]]


def papers_on(benchmark: str) -> set[str]:
    """Ids of the papers with an own result on a benchmark."""
    return {
        paper["file"][:10] for paper in TRUTH for entry in paper["results"] if entry["benchmark"] == benchmark
    }


def test_catalogue_truth_and_folder_hold_the_same_papers() -> None:
    assert [paper["file"] for paper in TRUTH] == FILES
    assert sorted(path.name for path in PAPERS.glob("*.pdf")) == sorted(FILES)
    assert {path.stem for path in (PAPERS / "src").iterdir()} == {entry["id"] for entry in CATALOGUE}


def test_all_papers_together_stay_below_three_megabytes() -> None:
    assert sum(path.stat().st_size for path in PAPERS.rglob("*") if path.is_file()) < 3_000_000


def test_there_are_papers_for_every_benchmark() -> None:
    wanted = {
        "imagenet-1k": 6,
        "coco-detection": 3,
        "squad-1.1": 3,
        "conll-2003-ner": 2,
        "wmt14-en-de": 3,
        "wmt14-en-fr": 2,
    }
    assert {name: count for name, count in wanted.items() if len(papers_on(name)) < count} == {}


def test_one_paper_has_two_versions_with_different_dates() -> None:
    versions = Counter(entry["id"] for entry in CATALOGUE)
    (twice,) = [paper for paper, count in versions.items() if count > 1]
    first, second = (entry for entry in CATALOGUE if entry["id"] == twice)
    assert (first["version"], second["version"]) == (1, 2)
    assert first["updated"] == first["published"] == second["published"] < second["updated"]


def test_dates_lie_on_four_consecutive_days() -> None:
    days = {datetime.fromisoformat(entry["updated"]).date() for entry in CATALOGUE}
    assert days == {date(2024, 3, day) for day in (11, 12, 13, 14)}


@pytest.mark.parametrize("file", FILES)
def test_a_catalogue_entry_is_complete(file: str) -> None:
    entry = entry_of(file)
    assert file == f"{entry['id']}v{entry['version']}.pdf"
    assert entry["categories"][0] == entry["primary_category"]
    assert entry["authors"]
    assert entry["licence"].startswith("http://")
    assert len(re.findall(r"[.?](?: |$)", entry["abstract"])) >= 3
    assert datetime.fromisoformat(entry["published"]).tzinfo is not None


@pytest.mark.parametrize("file", FILES)
def test_a_paper_has_as_many_pages_as_a_paper_should(file: str) -> None:
    fewest, most = (1, 1) if file.startswith(REJECTED) else (2, 5)
    assert fewest <= len(pages(file)) <= most


@pytest.mark.parametrize("file", FILES)
def test_the_first_page_shows_title_abstract_stamp_and_disclaimer(file: str) -> None:
    entry, first = entry_of(file), pages(file)[0]
    assert 0 <= first.find(squeeze(entry["title"])) < 80, (
        "nothing but stamp and running head before the title"
    )
    assert squeeze(entry["abstract"]) in first
    assert squeeze(f"arXiv:{entry['id']}v{entry['version']} [{entry['primary_category']}]") in first
    assert squeeze("Sample paper written for burden’s demonstration; its results are invented.") in first


@pytest.mark.parametrize("file", FILES)
def test_each_quote_of_the_truth_stands_on_its_page(file: str) -> None:
    missing = [
        (entry["page"], entry["quote"])
        for entry in entries(truth_of(file))
        if not all(squeeze(part) in pages(file)[entry["page"] - 1] for part in entry["quote"].split("|"))
    ]
    assert missing == []


@pytest.mark.parametrize("file", FILES)
def test_quotes_are_short_and_times_add_up(file: str) -> None:
    paper = truth_of(file)
    assert all(0 < len(entry["quote"]) <= 160 for entry in entries(paper))
    seconds = {"minutes": 60, "hours": 3600, "days": 86400}
    for run in (run for run in paper["training"] if run["time_value"] is not None):
        assert run["time_seconds"] == pytest.approx(run["time_value"] * seconds[run["time_unit"]])
        assert run["time_basis"] == "wall_clock" or run["count"] is None


@pytest.mark.parametrize("file", FILES)
def test_there_is_one_best_score_for_each_kind_of_score(file: str) -> None:
    results = truth_of(file)["results"]
    kinds = [(r["benchmark"], r["metric"], r["split"], r["setting"]) for r in results]
    best = Counter(kind for kind, result in zip(kinds, results, strict=True) if result["best_own"])
    assert dict(best) == dict.fromkeys(kinds, 1)


@pytest.mark.parametrize("file", FILES)
def test_a_value_stands_in_its_quote(file: str) -> None:
    paper = truth_of(file)
    wrong = [r for r in paper["results"] if not re.search(rf"(?<![\d.]){r['value']:g}", r["quote"])]
    assert wrong == []


def test_papers_to_turn_away_report_nothing() -> None:
    turned_away = [paper for paper in TRUTH if paper["file"].startswith(REJECTED)]
    assert [paper["kind"] for paper in turned_away] == ["no_training"] * 3
    assert [entry for paper in turned_away for entry in entries(paper)] == []


def test_no_source_refers_to_a_file_outside_the_folder() -> None:
    imports = {
        line
        for source in (PAPERS / "src").glob("*.typ")
        for line in Path(source).read_text(encoding="utf-8").splitlines()
        if line.startswith("#import")
    }
    assert imports == {'#import "/style.typ": *'}
