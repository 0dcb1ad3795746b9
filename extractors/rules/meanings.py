"""What cells of a table are, as a header over them or a label beside them says: a field, and the unit of their numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells under a header, or beside a label, are."""

    path: str
    unit: str = ""
    """Empty where the cells themselves must say."""
    factor: float = 1.0
    device: str = ""
    """The processor that a header names with its numbers, as printed: `GPUs`, `TPUv3` of `TPUv3-days`."""
