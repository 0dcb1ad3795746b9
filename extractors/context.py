"""All that rules may look at, made once per paper and handed to each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from extractors.documents.model import Document, Table
from extractors.language import Sentence, sentences
from extractors.mentions import OTHER_DATA, benchmark_hits
from extractors.ownership import Ownership, own_models
from extractors.tables.citations import cited_names, cited_rows
from extractors.tables.name_bases import PaperNames, names_of_paper
from extractors.tables.rows import Row, labelled_rows

_NAMED_ENOUGH = 5
"""A paper is about a benchmark if it names it in its abstract, or this often."""


@dataclass(frozen=True)
class Context:
    """A paper, its sentences, and which of the models in it are its own."""

    document: Document
    sentences: tuple[Sentence, ...]
    ownership: Ownership

    @cached_property
    def tables(self) -> tuple[tuple[Table, tuple[Row, ...]], ...]:
        """Its tables in reading order, each with its labelled rows."""
        return tuple((table, labelled_rows(table)) for table in self.document.tables)

    @cached_property
    def cited(self) -> frozenset[str]:
        """Keys of the names that its statements print with a citation."""
        return cited_names(paragraph.text for paragraph in self.document.statements())

    @cached_property
    def cited_anywhere(self) -> frozenset[str]:
        """The same, and those that rows of tables cite: a name cited once is somebody else's everywhere."""
        rows = (name for table, labelled in self.tables for name in cited_rows(table, labelled))
        return self.cited | frozenset(rows)

    @cached_property
    def naming(self) -> PaperNames:
        """What it says of names, for the rows of its tables."""
        return names_of_paper([sentence.text for sentence in self.sentences], self.ownership)

    @cached_property
    def benchmarks(self) -> tuple[str, ...]:
        """The benchmarks that it is about, most often named first; title and abstract count five times."""
        counts: Counter[str] = Counter()
        for paragraph in self.document.statements():
            weight = 5 if paragraph.region in ("front", "abstract") or paragraph.kind == "title" else 1
            for hit in benchmark_hits(paragraph.text, title=self.document.title):
                counts.update(dict.fromkeys(hit.ids, weight))
        del counts[OTHER_DATA]
        return tuple(id for id, count in counts.most_common() if count >= _NAMED_ENOUGH)


def context_of(document: Document) -> Context:
    """The context of a document."""
    return Context(document, sentences(document), own_models(document))
