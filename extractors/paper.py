"""One paper from bytes to reading: the story of extraction, in one function."""

from __future__ import annotations

from dataclasses import replace

from extractors.context import Context, context_of
from extractors.costs import cost_drafts
from extractors.documents.media import read_document
from extractors.documents.model import Document
from extractors.documents.opening import Limits
from extractors.documents.pdf import read_pdf
from extractors.drafts import Draft
from extractors.facts.errors import DocumentError
from extractors.facts.ids import PaperId, file_paper_id
from extractors.facts.records import Problem, Proposal, Reading
from extractors.linking import link
from extractors.linking.asides import set_aside
from extractors.physics import checked
from extractors.placing import placed
from extractors.rules.training import Trainings, trainings
from extractors.scores import score_drafts
from extractors.surroundings import surrounded

EXTRACTOR = "burden-0.9.1"
"""Name and version of this extractor; to be raised with every change that can change a value."""


def read_paper(
    data: bytes, paper: PaperId | None = None, limits: Limits | None = None, companion: bytes | None = None
) -> Reading:
    """All that the rules read from a paper.

    Args:
        data: the file, a PDF or a page that LaTeXML made.
        paper: which paper it is; by default what its arXiv stamp says, else `file:` and its sha256.
        limits: size, pages and characters of a PDF beyond which it is refused or read in part.
        companion: the PDF of the same version, in which evidence from a page without geometry is placed.

    Raises:
        DocumentError: the bytes are neither a readable PDF nor a readable page.
        ChallengePageError: a page that asks a person to prove to be one.
    """
    document = read_document(data, limits)
    context = context_of(document)
    known_as = paper or paper_id(document)
    proposals = proposed(known_as, context)
    problems = tuple(Problem("document", text) for text in document.problems)
    reading = Reading(
        document.sha256, EXTRACTOR, known_as, document.title, len(document.pages), proposals, problems
    )
    return _with_places(reading, companion, limits) if companion else reading


def proposed(paper: PaperId, context: Context) -> tuple[Proposal, ...]:
    """The proposals of what a paper states as its own, with what the rest of it says of each; then of what was set aside."""
    training = trainings(context)
    linked = checked(link(paper, _drafts(training, context), context.ownership))
    own = surrounded(linked, context.ownership)
    return (*own, *set_aside(paper, training.aside, own))


def drafts_of(context: Context) -> tuple[Draft, ...]:
    """What single places of a paper state as its own: of trainings first, then of costs and scores."""
    return _drafts(trainings(context), context)


def _drafts(training: Trainings, context: Context) -> tuple[Draft, ...]:
    return (*training.own, *cost_drafts(context), *score_drafts(context))


def paper_id(document: Document) -> PaperId:
    """Which paper a document is: what its arXiv stamp says, else `file:` and its sha256."""
    named = document.stamp and document.stamp.id
    return named.paper if named else file_paper_id(document.sha256)


def _with_places(reading: Reading, companion: bytes, limits: Limits | None) -> Reading:
    """The reading with its evidence placed in its companion, or with the problem that this could not be done."""
    try:
        return placed(reading, read_pdf(companion, limits))
    except DocumentError as error:
        problem = Problem("companion", f"the PDF beside it cannot be read: {error.what}")
        return replace(reading, problems=(*reading.problems, problem))
