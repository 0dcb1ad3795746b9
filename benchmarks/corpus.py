"""The labelled corpus: where it is, what its scorer says, and how proposals compare with its labels."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from extractors.facts.errors import UsageError
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity
from extractors.guide import as_printed
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

    def gold(self) -> dict[str, Json]:
        """Labels by file name."""
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


class Judge:
    """Whether a proposal agrees with the labels of its paper, in the scorer's own terms."""

    def __init__(self, scorer: ModuleType, gold: Json, reading: Reading) -> None:
        self._scorer = scorer
        self._facts = {field: [value for value, _ in scorer.facts(gold, field)] for field in scorer.FIELDS}
        self._counts = {entry.get("count") for entry in scorer.entries(gold, "training")}
        self._cells = {(p.cell.entity, p.cell.field): p for p in reading.proposals}

    def right(self, proposal: Proposal) -> bool | None:
        """True or false for fields that the labels cover; None for the others and for baselines, which they do not."""
        value, field = proposal.value, proposal.cell.field
        if self._name(proposal, "role") == "baseline":
            return None
        if field == "accelerator" and isinstance(value, Name):
            return self._scorer.device(value.id) in self._facts["accelerator"]
        if not isinstance(value, Quantity):
            return None
        number = value.value
        match field:
            case "count":
                return number in self._counts
            case "wall_time" | "device_time":
                return self._near("training_time", number)
            case "epochs":
                return number in self._facts["epochs"] if self._facts["epochs"] else None
            case "parameters":
                return self._near("parameters", number)
            case "flops" | "multiply_adds":
                return self._near("operations", ("flop" if field == "flops" else "mac", number))
            case "score":
                return self._near("own_scores", self._result(proposal, as_printed(value)))
            case _:
                return None

    def _result(self, proposal: Proposal, number: float | None) -> object:
        names = {key: self._name(proposal, key) for key in ("benchmark", "metric")}
        return self._scorer.result({**names, "value": number})

    def _name(self, proposal: Proposal, field: str) -> str | None:
        """The id in a name cell of the proposal's entity."""
        cell = self._cells.get((proposal.cell.entity, field))
        return cell.value.id if cell and isinstance(cell.value, Name) else None

    def _near(self, field: str, value: object) -> bool:
        return any(self._scorer.same(field, value, known) for known in self._facts[field])
