"""What screening lets through: the labelled papers, the titles in the authors' tables, and recorded listings of all of arXiv.

Recall is measured on papers that are worth reading, and the share that passes on listings that nobody chose.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from lxml import etree

from benchmarks.corpus import Corpus
from extractors.screening import WANTED, Metadata, Screening, packaged_rules, screen

_ATOM = "{http://www.w3.org/2005/Atom}"
_ABSTRACT = 1500
"""Characters behind the word that are taken for the abstract of a PDF."""
_SHOWN = 20
_SAYS_NOTHING = "."
"""An abstract that adds no points, so that a title is judged by its words alone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Papers of one kind."""

    name: str
    papers: tuple[Metadata, ...]

    def screened(self) -> tuple[tuple[Metadata, Screening], ...]:
        """Each with what the packaged rules decide."""
        return tuple((paper, screen(paper, packaged_rules())) for paper in self.papers)


def report(corpus: Corpus) -> None:
    """Print how many papers of each sample pass, and which do not."""
    for sample in samples(corpus):
        found = sample.screened()
        decided = Counter(screening.decision for _, screening in found)
        passed = sum(decided[decision] for decision in WANTED)
        print(
            f"{sample.name}: {passed} of {len(found)} pass ({passed / max(len(found), 1):.1%}), "
            f"{decided['uncertain']} of them uncertain"
        )
        out = [(paper, screening) for paper, screening in found if screening.decision not in WANTED]
        for paper, screening in out[:_SHOWN]:
            print(
                f"  {screening.score:g}  {' '.join(paper.title.split())[:70]}  {' '.join(paper.categories[:2])}"
            )


def samples(corpus: Corpus) -> Iterator[Sample]:
    """All that is at hand."""
    shared = corpus.folder.parent
    for is_relevant, name in (
        (True, "labelled papers"),
        (False, "papers of the corpus that report no scores"),
    ):
        papers = [paper for paper in corpus.manifest() if paper["expected_relevant"] == is_relevant]
        yield Sample(name, tuple(_of_pdf(corpus, paper) for paper in papers))
        yield Sample(
            f"{name}, by title alone", tuple(Metadata(str(p["title"]), _SAYS_NOTHING) for p in papers)
        )
    titles = sorted(set(_titles(sorted((shared / "reference" / "thompson2022").glob("*-on-*.csv")))))
    yield Sample("titles of the authors' tables", tuple(Metadata(title, _SAYS_NOTHING) for title in titles))
    yield Sample(
        "titles of the authors' tables, as listed in cs.CV",
        tuple(Metadata(title, _SAYS_NOTHING, ("cs.CV",)) for title in titles),
    )
    recorded = {paper.title: paper for paper in _recorded(shared / "arxiv")}.values()
    yield Sample("recorded listings in cs, eess or stat", tuple(p for p in recorded if _is_asked(p)))
    yield Sample("recorded listings elsewhere", tuple(p for p in recorded if not _is_asked(p)))


def _of_pdf(corpus: Corpus, paper: dict[str, object]) -> Metadata:
    with pypdfium2.PdfDocument(corpus.folder / "pdf" / str(paper["file"])) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    begins = text.lower().find("abstract") + 1
    return Metadata(str(paper["title"]), text[begins : begins + _ABSTRACT], (str(paper["primary_category"]),))


def _titles(tables: Iterable[Path]) -> Iterator[str]:
    for table in tables:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))[3:]  # three rows of headings
        yield from (" ".join(row["title"].split()) for row in rows if row["title"].strip())


def _recorded(folder: Path) -> Iterator[Metadata]:
    for file in sorted(folder.glob("atom/*.xml")):
        for entry in etree.parse(file).iter(f"{_ATOM}entry"):
            terms = tuple(str(one.get("term")) for one in entry.iter(f"{_ATOM}category"))
            if terms:
                yield Metadata(_text(entry, f"{_ATOM}title"), _text(entry, f"{_ATOM}summary"), terms)
    for file in sorted(folder.glob("oai/*.xml")):
        for record in etree.parse(file).iter("{*}arXiv"):
            listed = _text(record, "{*}categories").split()
            yield Metadata(_text(record, "{*}title"), _text(record, "{*}abstract"), tuple(listed))


def _text(element: etree._Element, tag: str) -> str:
    return element.findtext(tag, "")


def _is_asked(paper: Metadata) -> bool:
    return any(_archive(category) in ("cs", "eess", "stat") for category in paper.categories)


def _archive(category: str) -> str:
    return category.partition(".")[0]
