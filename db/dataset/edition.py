"""What makes rows a release: its version and date, what was counted and checked, and which files hold the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.dataset.checks import Check
from db.dataset.quality import Quality
from db.dataset.rows import Part
from db.dataset.statistics import Statistics

TITLE = "What deep learning costs: hardware, training time, parameters, operations and scores of papers"
DESCRIPTION = "Hardware, training time, parameters, operations and benchmark scores of deep-learning papers, each cell with its evidence."
LICENCE = "CC BY 4.0"
LICENCE_ID = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
METHOD = "Thompson, Greenewald, Lee and Manso, The Computational Limits of Deep Learning, arXiv:2007.05558"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it lies in the folder."""

    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Stored:
        """The size and hash of a file."""
        with path.open("rb") as file:
            return cls(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Edition:
    """A release but for what describes it."""

    version: str
    as_of: datetime
    """The state it shows."""
    statistics: Statistics
    common: Part
    """The rows of what no single paper says."""
    checks: Sequence[Check]
    files: Mapping[str, Stored]
    """Those that hold rows, by their paths in the folder."""
    quality: Quality
    """What review found."""
