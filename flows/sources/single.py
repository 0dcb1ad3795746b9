"""Papers that a person named one by one: only they are fetched, from where the crawl would fetch them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from db.papers import FileOf, Validators
from extractors.facts.errors import RefusedRequestError
from extractors.facts.ids import PaperId
from flows.fetch import Fetched
from flows.sources import Feed
from flows.sources.atom import AtomSource


@dataclass(slots=True)
class SingleSource:
    """Some papers of arXiv, or none where only files were brought."""

    arxiv: AtomSource | None
    elsewhere: Callable[[str, Validators], Fetched | None]
    """Fetches the PDF at an address that a person typed, unless it is the one that is known."""
    papers: set[PaperId] = field(default_factory=set)
    """What may be fetched."""
    name: str = "added"
    is_chosen: bool = True
    feeds: tuple[Feed, ...] = ()
    """None: each paper is listed as it is named."""

    def can_fetch(self, file: FileOf) -> bool:
        """Whether the file is of a paper that was named, and on arXiv."""
        return self.arxiv is not None and file.paper_id in self.papers and self.arxiv.can_fetch(file)

    def address(self, file: FileOf) -> str:
        """Where arXiv has it."""
        return self._arxiv(file).address(file)

    def fetch(self, file: FileOf) -> Fetched | None:
        """The file from arXiv; None where it is the one that it is known by."""
        return self._arxiv(file).fetch(file)

    def _arxiv(self, file: FileOf) -> AtomSource:
        if self.arxiv is None:
            raise RefusedRequestError(f"{file.paper_id} was not named as a paper of arXiv")
        return self.arxiv
