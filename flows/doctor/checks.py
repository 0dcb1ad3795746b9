"""What an examination tells: checks as values, and what was mended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from extractors.facts.errors import BurdenError

Outcome = Literal["ok", "warn", "fail", "skipped"]
"""warn: works, and somebody should know. fail: something is wrong, or the next night will fail."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    outcome: Outcome
    what: str
    """What was found, in words without a full stop; of one that was skipped, why."""
    remedy: str = ""
    """What to do about it, as a sentence without a full stop."""


@dataclass(frozen=True, slots=True)
class Examination:
    """All checks, as they are after mending."""

    checks: tuple[Check, ...]
    mended: tuple[str, ...] = ()
    """What was changed, a sentence each."""

    @property
    def outcome(self) -> Outcome:
        """The worst of all; a skipped check is no worse than one that is ok."""
        found = {check.outcome for check in self.checks}
        return "fail" if "fail" in found else "warn" if "warn" in found else "ok"

    def as_json(self) -> dict[str, object]:
        """As plain JSON."""
        return {
            "outcome": self.outcome,
            "mended": list(self.mended),
            "checks": [asdict(check) for check in self.checks],
        }


def failed(name: str, error: BurdenError) -> Check:
    """A check that an error ended."""
    return Check(name, "fail", f"{error.what} ({error.where})" if error.where else error.what, error.remedy)


def skipped(why: str, *names: str) -> tuple[Check, ...]:
    """Checks that could not be made, for one reason."""
    return tuple(Check(name, "skipped", why) for name in names)
