"""All that rules may look at, made once per paper and handed to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from extractors.documents.model import Document
from extractors.language import Sentence, sentences
from extractors.ownership import Ownership, own_models
from extractors.tables.owners import cited_names


@dataclass(frozen=True)
class Context:
    """A paper, its sentences, and which of the models in it are its own."""

    document: Document
    sentences: tuple[Sentence, ...]
    ownership: Ownership

    @cached_property
    def cited(self) -> frozenset[str]:
        """Keys of the names that its statements print with a citation."""
        return cited_names(paragraph.text for paragraph in self.document.statements())


def context_of(document: Document) -> Context:
    """The context of a document."""
    return Context(document, sentences(document), own_models(document))
