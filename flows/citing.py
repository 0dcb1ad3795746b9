"""Typed citations located in a paper's file, in a process of its own, as a file is never opened here: strangers wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from annotation.citing import Citation, cite
from annotation.exchange import corrections
from annotation.exchange.answers import Refusal
from annotation.whole import WholePaper
from db.papers import FileOf
from db.store import Store
from extractors.documents.model import Document
from extractors.facts.errors import BurdenError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import PaperId
from extractors.facts.values import Value
from flows.settings import Settings
from flows.workers import FailedPaper, Job, Work, run_many

Asked = tuple[Citation, Value]
"""Where a value is said to stand."""


def located(
    settings: Settings, store: Store, paper: WholePaper, asked: Sequence[Asked]
) -> tuple[Evidence, ...]:
    """The evidence for each value, from the newest file of the paper that can hold it.

    Args:
        settings: how long, and with how much memory, the file may be read.
        store: where files are.
        paper: the paper.
        asked: of one file: all with pages, or all in HTML.

    Raises:
        UsageError: the paper has no file, or a quote does not stand where it is said to.
        DocumentError: the file cannot be read.
        StoreError: the file is not in the store.
    """
    file = _file(paper, asked)
    job = Job(f"{paper.id}v{file.version}", store.get(file.sha256 or ""), paper.id)
    found = _in_file(settings, job, tuple(asked))
    wrong = next((one for one in found if isinstance(one, BurdenError)), None)
    if wrong is not None:
        raise wrong
    return tuple(one for one in found if isinstance(one, Evidence))


def located_corrections(
    settings: Settings, store: Store, wanted: Sequence[corrections.Asked]
) -> tuple[Mapping[str, Evidence], Sequence[Refusal]]:
    """Where the words stand that corrections cite, by the corrections' uuid, and which do not stand where they are said to.

    Args:
        settings: how long, and with how much memory, a file may be read.
        store: where files are.
        wanted: what they cite.
    """
    found: dict[str, Evidence] = {}
    refused: list[Refusal] = []
    files: defaultdict[tuple[PaperId, str], list[corrections.Asked]] = defaultdict(list)
    for one in wanted:
        files[one.paper, one.sha256].append(one)
    for (paper, sha256), asked in sorted(files.items()):
        places: Sequence[Evidence | BurdenError]
        try:
            job = Job(str(paper), store.get(sha256), paper)
            places = _in_file(settings, job, tuple((one.citation, one.value) for one in asked))
        except BurdenError as error:
            places = [error] * len(asked)
        for one, place in zip(asked, places, strict=True):
            if isinstance(place, Evidence):
                found[one.correction.uuid] = place
            else:
                refused.append(Refusal(one.correction.place, str(place)))
    return found, refused


def _in_file(settings: Settings, job: Job, asked: tuple[Asked, ...]) -> tuple[Evidence | BurdenError, ...]:
    """The evidence for each value, or why there is none."""
    outcomes = run_many(
        partial(_finder, asked),
        [job],
        workers=1,
        timeout=settings.paper_seconds,
        memory=settings.paper_megabytes,
    )
    for _, outcome in outcomes:
        if isinstance(outcome, FailedPaper):
            raise outcome.error
        return outcome
    raise UsageError(f"nothing of {job.subject} can be cited")


def _file(paper: WholePaper, asked: Sequence[Asked]) -> FileOf:
    if not paper.files:
        why = f": it was screened out ({paper.screening[1]})" if paper.screening else ""
        raise UsageError(
            f"no file of {paper.id} is here to cite{why}", remedy=f"Bring it in with burden add {paper.id}"
        )
    is_paged = any(citation.page is not None for citation, _ in asked)
    wanted = "pdf" if is_paged else "html"
    return next((file for file in paper.files if file.media == wanted), paper.files[0])


def _finder(asked: tuple[Asked, ...]) -> Work[tuple[Evidence | BurdenError, ...]]:
    from extractors.documents.media import read_document

    def work(_: Job, data: bytes) -> tuple[Evidence | BurdenError, ...]:
        document = read_document(data)
        return tuple(_tried(document, citation, value) for citation, value in asked)

    return work


def _tried(document: Document, citation: Citation, value: Value) -> Evidence | BurdenError:
    try:
        return cite(document, citation, value)
    except UsageError as error:
        return error
