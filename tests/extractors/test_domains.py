"""The papers typeset for benchmarks that few labelled papers report on: their labels say what stands on their pages.

What the extractor makes of them is measured by `python -m benchmarks domains`.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from benchmarks.corpus import Json
from benchmarks.domains import labels, results, sources, typeset
from extractors.facts.benchmarks import catalogue

pytest.importorskip("typst", reason="typst, of the development environment, typesets the papers")

SOURCES = {f"{path.stem}.pdf": path for path in sources()}
LABELS = labels()
THIN = (
    "cifar-10",
    "coco-keypoints",
    "conll-2003-ner",
    "imagenet-gen",
    "librispeech",
    "mpii",
    "ptb",
    "switchboard",
    "wider-face",
    "wmt14-en-de",
    "wmt14-en-fr",
    "wsj",
)
"""Benchmarks with fewer than five labelled papers; of CIFAR-10 only its generation."""
LOWER = {"wer", "fid", "bits_per_dim", "perplexity"}
KINDS = ("results", "training", "parameters", "operations", "training_compute", "other_hardware")


@cache
def pages(source: Path) -> list[str]:
    """Plain text of each page."""
    document = pypdfium2.PdfDocument(typeset(source))
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Text without what line breaks change: blanks and hyphens."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", unicodedata.normalize("NFKC", text)).casefold()


def entries(paper: Json) -> list[Json]:
    return [entry for kind in KINDS for entry in paper[kind]]  # type: ignore[attr-defined]


def reporting(benchmark: str) -> dict[str, list[Json]]:
    """Results on a benchmark by file."""
    found = {
        file: [entry for entry in results(paper) if entry["benchmark"] == benchmark]
        for file, paper in LABELS.items()
    }
    return {file: own for file, own in found.items() if own}


def test_every_paper_has_labels_and_every_label_a_paper() -> None:
    assert set(SOURCES) == set(LABELS)


@pytest.mark.parametrize("file", SOURCES)
def test_a_paper_typesets_to_a_few_pages_with_its_title_on_the_first(file: str) -> None:
    text = pages(SOURCES[file])
    assert 1 <= len(text) <= 3
    assert squeezed(str(LABELS[file]["title"])) in squeezed(text[0])


@pytest.mark.parametrize("file", SOURCES)
def test_every_labelled_value_stands_on_its_page(file: str) -> None:
    for entry in results(LABELS[file]):
        text = pages(SOURCES[file])[int(str(entry["page"])) - 1]
        assert entry["value"] in {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}, entry


@pytest.mark.parametrize("file", SOURCES)
def test_every_quote_stands_on_its_page_and_is_short(file: str) -> None:
    for entry in entries(LABELS[file]):
        quote = str(entry["quote"])
        assert 0 < len(quote) <= 160
        assert squeezed(quote) in squeezed(pages(SOURCES[file])[int(str(entry["page"])) - 1]), entry


@pytest.mark.parametrize("file", SOURCES)
def test_every_result_is_quoted_with_its_value(file: str) -> None:
    for entry in results(LABELS[file]):
        numbers = re.findall(r"\d+(?:\.\d+)?", str(entry["quote"]))
        assert entry["value"] in {float(number) for number in numbers}, entry


@pytest.mark.parametrize("file", SOURCES)
def test_labels_name_tracked_benchmarks_and_their_metrics_only(file: str) -> None:
    tracked = catalogue().benchmarks()
    for entry in results(LABELS[file]):
        assert entry["metric"] in tracked[str(entry["benchmark"])].ranges


@pytest.mark.parametrize("file", SOURCES)
def test_of_each_benchmark_metric_split_and_setting_one_result_is_the_best(file: str) -> None:
    groups: dict[tuple[object, ...], list[Json]] = defaultdict(list)
    for entry in results(LABELS[file]):
        groups[tuple(entry[key] for key in ("benchmark", "metric", "split", "setting"))].append(entry)
    for (_, metric, *_), group in groups.items():
        best = [entry for entry in group if entry["best_own"]]
        values = [float(str(entry["value"])) for entry in group]
        assert len(best) == 1
        assert best[0]["value"] == (min if metric in LOWER else max)(values)


@pytest.mark.parametrize("benchmark", THIN)
def test_a_benchmark_has_four_papers_in_several_styles_one_of_them_without_a_table(benchmark: str) -> None:
    found = reporting(benchmark)
    looks = Counter(
        re.findall(r'paper\.with\("(\w+)"', "".join(SOURCES[file].read_text("utf-8") for file in found))
    )
    assert len(found) >= 4
    assert len(looks) >= 3
    assert any(all(entry["table"] == "text" for entry in own) for own in found.values())
