"""What makes rows a release: its version and date, what was counted and checked, and which files hold the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.dataset.checks import Check
from db.dataset.part import Part
from db.dataset.quality import Quality
from db.dataset.seals import Stored
from db.dataset.statistics import Statistics

TITLE = "What deep learning costs: hardware, training time, parameters, operations and scores of papers"
DESCRIPTION = "Hardware, training time, parameters, operations and benchmark scores of deep-learning papers, each cell with its evidence."
LICENCE = "CC BY 4.0"
LICENCE_ID = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
METHOD = "Thompson, Greenewald, Lee and Manso, The Computational Limits of Deep Learning, arXiv:2007.05558"


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
