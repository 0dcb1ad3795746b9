"""What the data says: regressions of performance on compute, from a release or from the authors' tables.

Rows in, fits, figures and reports out. It knows a release only by the columns it declares and checks, never the
database that made it, so that anybody with the files can repeat every number. No network, no clock, no unseeded chance.

What a notebook needs is here by name, and loaded when it is asked for: `from analysis import load_release, points_of,
regress, project`. A worked one is `docs/notebooks/slope.ipynb`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.conventions import Options
    from analysis.estimators import regress
    from analysis.forms import compare_forms
    from analysis.load import load_release
    from analysis.notebook import cells_behind, left_out_of, moved_between, points_of
    from analysis.pooling import pool
    from analysis.projections import project
    from analysis.tabulated import release_of_tables
    from analysis.targets import parse_target
    from analysis.uncertainty import impute
    from analysis.whole import analyze
    from extractors.facts.measures import Convention

__all__ = [
    "Convention", "Options", "analyze", "cells_behind", "compare_forms", "impute", "left_out_of", "load_release",
    "moved_between", "parse_target", "points_of", "pool", "project", "regress", "release_of_tables",
]  # fmt: skip

_HOMES = {
    "Convention": "extractors.facts.measures",
    "Options": "analysis.conventions",
    "analyze": "analysis.whole",
    "cells_behind": "analysis.notebook",
    "compare_forms": "analysis.forms",
    "impute": "analysis.uncertainty",
    "left_out_of": "analysis.notebook",
    "load_release": "analysis.load",
    "moved_between": "analysis.notebook",
    "parse_target": "analysis.targets",
    "points_of": "analysis.notebook",
    "pool": "analysis.pooling",
    "project": "analysis.projections",
    "regress": "analysis.estimators",
    "release_of_tables": "analysis.tabulated",
}
"""No name is that of a module too, which would take its place as soon as it is loaded."""

if not TYPE_CHECKING:  # a checker would otherwise believe every name

    def __getattr__(name: str) -> object:
        """A name of the interface, loaded now: `burden --help` must not wait for statsmodels."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
