"""What the operator promises of a release, and how much may differ from what recent ones had."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.promise import Promise


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of the gate."""

    promise: Promise = field(default_factory=Promise)
    unreviewed: float = 1.0
    """Share of the cells that may be published unseen, at most."""
    unexplained: float = 0.002
    """Share of the last release's cells that may be gone without a reason that is known."""
