"""What would be published unseen of invented papers, and how much of it is right.

There are six sets with the tests, of many fields; all in them is invented except what they say of cited systems. Each was written
and labelled before any rule or model had read it.

- `first` (20), `second` (16) and `third` (20) are no strangers any more: rules were mended looking at them, and models are fitted to
  all (`benchmarks.confidence`, which tells how they fare with models that had not seen them). `second` came as a night would bring
  it, and was the blind set of the models before; `first` and `third` are denser than most papers in what is not the authors' own.
- `fourth` (10): rules were mended with what was wrong in it; models are fitted to its sizes and operations alone.
- `blind` (18) and `fifth` (10), as nights would bring them, of several hands. No rule is mended with them, and only what judges sizes and
  operations is fitted to them: what this report says of their trainings and scores is what to expect of new papers; of sizes and
  operations it is told by cross-validation. Who looks at one to mend a rule has to write others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from benchmarks.domains import STAMP
from benchmarks.unseen import rows_of
from extractors.confidence import Model, default_model, score
from extractors.facts.fields import FIELDS, Family, field_of
from extractors.facts.records import Reading
from extractors.judgements import Judgement
from extractors.labels import Labels, read_labels
from extractors.promise import Promise, route
from flows.workers import FailedPaper, Job, read_many

_FOLDER = Path(__file__).resolve().parents[1] / "tests" / "extractors" / "strangers"


@dataclass(frozen=True, slots=True)
class Papers:
    """Invented papers, in a folder with their labels and what they are typeset with."""

    folder: Path

    def sources(self) -> list[Path]:
        """Their sources, sorted by name."""
        return sorted(self.folder.glob("*[0-9].typ"))

    def labels(self) -> dict[str, Labels]:
        """What their authors mean, by file name."""
        return read_labels(self.folder / "gold.jsonl")

    def typeset(self, source: Path) -> bytes:
        """The PDF of one; the typesetter's own fonts, so that it looks the same everywhere.

        Raises:
            ModuleNotFoundError: the `typst` package, of the development environment, is not installed.
        """
        import typst

        compiler = typst.Compiler(source, root=self.folder, ignore_system_fonts=True)
        return cast(bytes, compiler.compile(format="pdf", timestamp=STAMP, pdf_tags=False))

    def readings(self) -> Iterator[tuple[str, Reading]]:
        """What the extractor reads from each, by file name; papers that fail are named and left out."""
        jobs = [Job(f"{path.stem}.pdf", self.typeset(path)) for path in self.sources()]
        for job, outcome in read_many(jobs):
            if isinstance(outcome, FailedPaper):
                print(f"unreadable: {outcome.error}")
            else:
                yield job.subject, outcome


KNOWN = tuple(Papers(_FOLDER / name) for name in ("first", "second", "third"))
"""The fifty-six that models are fitted to."""
MENDED = Papers(_FOLDER / "fourth")
"""The ten that rules were mended with, and of which models are fitted to sizes and operations alone."""
BLIND = tuple(Papers(_FOLDER / name) for name in ("blind", "fifth"))
"""The twenty-eight that no rule is mended with."""


def known_rows() -> list[Judgement]:
    """The judged values of the papers that models are fitted to: of the first set scores too, of every set sizes and operations.

    Labels of the corpus list some fifteen rows a benchmark, those of the later sets every row: with many of them a score's
    probability would tell how complete labels are, and not how right a score is. Of sizes and operations too few were wrong to prove
    anything of, until all sets were taken.
    """
    return [
        row
        for papers in (*KNOWN, MENDED, *BLIND)
        for row in rows_of(dict(papers.readings()), papers.labels())
        if row.family in fitted_of(papers)
    ]


def fitted_of(papers: Papers) -> frozenset[Family]:
    """The families of values that models are fitted to, of a set."""
    every = frozenset(get_args(Family))
    if papers in KNOWN:
        return every if papers is KNOWN[0] else every - {"scores"}
    return frozenset({"costs"})


@dataclass(frozen=True, slots=True)
class Stranger:
    """A judged value with what the model makes of it."""

    judgement: Judgement
    probability: float
    is_published: bool


def report() -> None:
    """Print, for each set, family and field, how much is published unseen and how much of that is right; then for all blind ones."""
    model = default_model()
    found = {papers: _strangers(papers, model) for papers in (*KNOWN, MENDED, *BLIND)}
    for papers, strangers in found.items():
        _report(papers.folder.name, strangers, model, fitted_of(papers))
    _report("all blind ones", [one for papers in BLIND for one in found[papers]], model, fitted_of(BLIND[0]))


def _strangers(papers: Papers, model: Model) -> list[Stranger]:
    known = papers.labels()
    return [one for file, reading in papers.readings() for one in _judged(known[file], reading, model)]


def _report(name: str, found: list[Stranger], model: Model, fitted: Collection[Family]) -> None:
    papers = {stranger.judgement.paper for stranger in found}
    seen = len(papers & set(model.seen))
    of = "" if not fitted or "training" in fitted else f", of {' and '.join(sorted(fitted))}"
    print(f"{name}: the packaged model was fitted to {seen} of these {len(papers)} papers with values{of}")
    for family in sorted({stranger.judgement.family for stranger in found}):
        _print(family, [s for s in found if s.judgement.family == family])
    for path in FIELDS:
        _print(path, [s for s in found if s.judgement.path == path and s.judgement.family != "asides"])
    _print("all but asides", [s for s in found if s.judgement.family != "asides"])


def _judged(said: Labels, reading: Reading, model: Model) -> Iterator[Stranger]:
    for proposal in reading.proposals:
        right = said.right(proposal, reading)
        if right is not None:
            probability, path = score(proposal, model), field_of(proposal.cell).path
            is_published = route(path, probability, model, Promise()) == "accepted"
            yield Stranger(Judgement.of(proposal, "labels", right=right), probability, is_published)


def _print(name: str, of: list[Stranger]) -> None:
    if not of:
        return
    published = [stranger.judgement.right for stranger in of if stranger.is_published]
    right = [stranger.judgement.right for stranger in of]
    told = sum(stranger.probability for stranger in of) / len(of)
    precision = f"{sum(published) / len(published):.3f}" if published else "-"
    print(
        f"{name:20}{len(of):5} judged, {sum(right) / len(of):.3f} right, told {told:.3f} | {len(published):4} published unseen, {precision} right"
    )
