"""The labelled corpus: where it is, its labels, and its scorer."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from extractors.facts.errors import UsageError
from extractors.facts.records import Reading
from extractors.labels import Labels, read_labels
from flows.workers import FailedPaper, Job, read_many

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The corpus folder with its labels and its scorer."""

    folder: Path

    @property
    def pdfs(self) -> list[Path]:
        """The papers, sorted by name."""
        return sorted((self.folder / "pdf").glob("*.pdf"))

    def manifest(self) -> list[Json]:
        """Facts about each paper: file, pages, sha256 and the like."""
        lines = (self.folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line]

    def labels(self) -> dict[str, Labels]:
        """What proposals are judged by, by file name."""
        return read_labels(self.folder / "gold.jsonl")

    def gold(self) -> dict[str, Json]:
        """The labels as the scorer takes them, by file name."""
        lines = (self.folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        return {str(paper["file"]): paper for paper in map(json.loads, filter(None, lines))}

    def scorer(self) -> ModuleType:
        """The scoring script as a module, so that its comparisons are the ones we measure by."""
        spec = importlib.util.spec_from_file_location("corpus_score", self.folder / "score.py")
        if spec is None or spec.loader is None:
            raise UsageError("the corpus has no score.py", where=str(self.folder))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def find_corpus() -> Corpus:
    """The corpus beside the repository.

    Raises:
        UsageError: there is none.
    """
    shared = Path(os.environ.get("BURDEN_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if not (shared / "corpus" / "gold.jsonl").is_file():
        raise UsageError(
            "no labelled corpus", where=str(shared), remedy="Set BURDEN_SHARED to the folder that has it"
        )
    return Corpus(shared / "corpus")


def readings(corpus: Corpus) -> Iterator[tuple[str, Reading]]:
    """What the extractor reads from each paper; papers that fail are named and left out."""
    return read(corpus.pdfs)


def read(paths: Iterable[Path]) -> Iterator[tuple[str, Reading]]:
    """The same of some papers, by their file names."""
    for job, outcome in read_many([Job(path.name, path) for path in paths]):
        if isinstance(outcome, FailedPaper):
            print(f"unreadable: {outcome.error}")
        else:
            yield job.subject, outcome
