"""All that rules may look at, made once per paper and handed to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.documents.model import Document
from extractors.language import Sentence, sentences
from extractors.ownership import Ownership, own_models


@dataclass(frozen=True, slots=True)
class Context:
    """A paper, its sentences, and which of the models in it are its own."""

    document: Document
    sentences: tuple[Sentence, ...]
    ownership: Ownership


def context_of(document: Document) -> Context:
    """The context of a document."""
    return Context(document, sentences(document), own_models(document))
