"""What keys open that other rooms make: the page as a picture, the paper at its page, and the whole paper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from textual.app import App

from annotation.session import Item

Door = Callable[[App[Any], Item], Awaitable[str]]
"""Opens something of an item: pushes a screen of its own, or starts a program. What it returns is told below the item."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors there are; None where one is locked."""

    picture: Door | None = None
    """`v`: the page around the value, as a picture."""
    source: Door | None = None
    """`o`: the PDF or the HTML, opened at the page."""
    paper: Door | None = None
    """`p`: the whole paper, with all its values."""

    def of(self, name: str) -> Door | None:
        """A door by its name."""
        return {"picture": self.picture, "source": self.source, "paper": self.paper}[name]
