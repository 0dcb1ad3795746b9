"""Counts what is wrong and names the first few, as every check does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from db.dataset.checks import NAMED, Check, named


@dataclass(slots=True)
class Tally:
    """What one check found."""

    name: str
    description: str
    required: bool = True
    acceptable: bool = False
    """Whether a person may take responsibility for its failing once."""
    found: int = 0
    first: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Something is wrong."""
        self.found += 1
        if self.found <= NAMED:
            self.first.append(what)

    def note_all(self, wrong: Iterable[str]) -> None:
        """Some things are wrong."""
        for what in wrong:
            self.note(what)

    def check(self, bound: int = 0) -> Check:
        """The outcome, once all was looked at."""
        return Check(
            self.name,
            self.description,
            self.required,
            self.found <= bound,
            self.found,
            bound,
            named(self.first, self.found),
            self.acceptable,
        )
