"""One paper from bytes to reading: the story of extraction, in one function."""

from __future__ import annotations

from extractors.context import context_of
from extractors.costs import cost_drafts
from extractors.documents.model import Document
from extractors.documents.opening import Limits
from extractors.documents.pdf import read_pdf
from extractors.facts.ids import PaperId, file_paper_id
from extractors.facts.records import Problem, Reading
from extractors.linking import link
from extractors.rules.training import training_drafts
from extractors.scores import score_drafts

EXTRACTOR = "burden-0.1.0"
"""Name and version of this extractor; to be raised with every change that can change a value."""


def read_paper(data: bytes, paper: PaperId | None = None, limits: Limits | None = None) -> Reading:
    """All that the rules read from a paper's PDF.

    Args:
        data: the file.
        paper: which paper it is; by default what its arXiv stamp says, else `file:` and its sha256.
        limits: size, pages and characters beyond which a file is refused.

    Raises:
        DocumentError: the bytes are not a readable PDF.
    """
    document = read_pdf(data, limits or Limits())
    context = context_of(document)
    drafts = (*training_drafts(context), *cost_drafts(context), *score_drafts(context))
    known_as = paper or _paper_id(document)
    proposals = link(known_as, drafts, context.ownership)
    problems = tuple(Problem("document", text) for text in document.problems)
    return Reading(
        document.sha256, EXTRACTOR, known_as, document.title, len(document.pages), proposals, problems
    )


def _paper_id(document: Document) -> PaperId:
    named = document.stamp and document.stamp.id
    return named.paper if named else file_paper_id(document.sha256)
