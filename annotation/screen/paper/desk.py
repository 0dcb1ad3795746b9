"""What the screen of one paper asks of the world: the database, the file of the paper, and the clock.

`flows.paper_desk` has the real one. `whole` and `change` are called from one thread, one after the other; what reads the
file has a thread of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlmodel import Session
from textual.app import App

from annotation.adding import Signed
from annotation.citing import Citation, Placed
from annotation.whole import WholePaper
from extractors.facts.evidence import Evidence
from extractors.facts.ids import PaperId
from extractors.facts.values import Value

T = TypeVar("T")
Change = Callable[[Session, Signed], T]
"""A change of `annotation.adding` or `annotation.session`, in a transaction that the desk opens."""


class PaperDesk(Protocol):
    """One person's place at papers."""

    @property
    def name(self) -> str:
        """Who sits there."""
        ...

    def whole(self, paper: PaperId) -> WholePaper:
        """All that is known of a paper.

        Raises:
            UsageError: there is no such paper.
        """
        ...

    def change(self, make: Change[T], reason: str, seconds: float) -> T:
        """Make a change, signed by this person.

        Raises:
            ConflictError: somebody changed it first.
            UsageError: it makes no sense there.
        """
        ...

    def pages(self, sha256: str) -> int | None:
        """How many pages a file has, 0 for HTML; None where it cannot be read."""
        ...

    def place(self, sha256: str, citation: Citation, values: tuple[Value, ...]) -> Placed | None:
        """Where typed words stand in a file; None where it cannot be read."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


Door = Callable[[App[Any], PaperId, Evidence], Awaitable[str]]
"""Opens a place of a paper: pushes a screen of its own, or starts a program. What it returns is told at the foot."""


@dataclass(frozen=True, slots=True)
class PaperDoors:
    """The doors there are; None where one is locked."""

    picture: Door | None = None
    """`v`: the page around the value, as a picture."""
    source: Door | None = None
    """`o`: the PDF or the HTML, opened at the page."""
