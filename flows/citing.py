"""Typed citations located in a paper's file, in a process of its own, as a file is never opened here: strangers wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from annotation.citing import Citation, cite
from annotation.whole import WholePaper
from db.papers import FileOf
from db.store import Store
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
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
    outcomes = run_many(
        partial(_finder, tuple(asked)),
        [job],
        workers=1,
        timeout=settings.paper_seconds,
        memory=settings.paper_megabytes,
    )
    for _, outcome in outcomes:
        if isinstance(outcome, FailedPaper):
            raise outcome.error
        return outcome
    raise UsageError(f"nothing of {paper.id} can be cited")


def _file(paper: WholePaper, asked: Sequence[Asked]) -> FileOf:
    if not paper.files:
        why = f": it was screened out ({paper.screening[1]})" if paper.screening else ""
        raise UsageError(
            f"no file of {paper.id} is here to cite{why}", remedy=f"Bring it in with burden add {paper.id}"
        )
    is_paged = any(citation.page is not None for citation, _ in asked)
    wanted = "pdf" if is_paged else "html"
    return next((file for file in paper.files if file.media == wanted), paper.files[0])


def _finder(asked: tuple[Asked, ...]) -> Work[tuple[Evidence, ...]]:
    from extractors.documents.media import read_document

    def work(_: Job, data: bytes) -> tuple[Evidence, ...]:
        document = read_document(data)
        return tuple(cite(document, citation, value) for citation, value in asked)

    return work
