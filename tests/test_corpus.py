"""Extraction over a fixed sample of the labelled papers: no crash, quotes where they are said to be, floors of accuracy.

The sample is every ninth paper in the order of its hash, about 150 pages. It is a smoke alarm, not a measurement:
`make bench` scores the whole corpus, and the figures that count come from there.
"""

from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.corpus import Corpus
from extractors.confidence import default_model
from extractors.facts.records import Reading
from extractors.guide import Json, to_guide
from extractors.promise import Promise
from flows.workers import Job, read_many

EVERY = 9
pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    return Corpus(shared / "corpus")


@pytest.fixture(scope="module")
def sample(corpus: Corpus) -> list[Path]:
    listed = sorted(corpus.manifest(), key=lambda entry: str(entry["sha256"]))
    return [corpus.folder / "pdf" / str(entry["file"]) for entry in listed[::EVERY]]


@pytest.fixture(scope="module")
def predicted(sample: list[Path]) -> dict[str, Json]:
    found = {}
    for job, outcome in read_many([Job(path.name, path) for path in sample], workers=2):
        assert isinstance(outcome, Reading), f"{job.subject}: {outcome.error}"
        found[job.subject] = to_guide(outcome, job.subject, default_model(), Promise())
    return found


@pytest.fixture(scope="module")
def scorer(corpus: Corpus) -> ModuleType:
    return corpus.scorer()


def test_the_sample_is_about_150_pages(corpus: Corpus, sample: list[Path]) -> None:
    pages = {str(entry["file"]): int(str(entry["pages"])) for entry in corpus.manifest()}
    assert 100 <= sum(pages[path.name] for path in sample) <= 200


def test_every_label_is_read(corpus: Corpus) -> None:
    assert corpus.labels().keys() == corpus.gold().keys()


def test_every_quote_stands_on_its_page(
    corpus: Corpus, predicted: dict[str, Json], scorer: ModuleType
) -> None:
    figures = scorer.quotes_on_page(predicted, corpus.folder / "pdf")
    assert figures["entries"] > 50
    assert figures["quote_on_page"] >= 0.98
    assert figures["longest_quote"] <= 160


@pytest.mark.parametrize(
    ("field", "floor"), [("accelerator", 0.6), ("training_time", 0.4), ("own_scores", 0.3)]
)
def test_accuracy_does_not_fall_through_the_floor(
    corpus: Corpus, predicted: dict[str, Json], scorer: ModuleType, field: str, floor: float
) -> None:
    gold = {file: paper for file, paper in corpus.gold().items() if file in predicted}
    report, _ = scorer.score(gold, predicted)
    assert report[field]["f1"] >= floor
