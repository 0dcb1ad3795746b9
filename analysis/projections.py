"""What a fitted line says it would take: the burden at which an error is reached, and what that burden costs.

A line is read backwards, beyond the data or not; who prints such a number says how far it is from the points it was
made of. Prices are arguments with their sources, because they change faster than lines do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.regressions import Form
from extractors.facts.errors import UsageError

FAR: Final = 2.0
"""Powers of ten beyond the largest burden from which on a projection is called far outside the data."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a FLOP costs at one time, by one source."""

    flop_per_usd: float
    flop_per_pound_co2: float
    source: str


PRICES_2020: Final = Price(
    8.2e16, 1.25e17, "the ratio of the columns of the projections in arXiv:2007.05558v1"
)
PRICES_2022: Final = Price(
    6.874054e16,
    3.4975635e17,
    "the site of the authors of arXiv:2007.05558v2: one V100 at its FP32 peak, 0.74 US dollars an hour",
)


def burden_to_reach(form: Form, intercept: float, slope: float, error: float) -> float:
    """log10 of the burden at which a line of this form has this error, in the unit that the line was fitted in.

    Raises:
        UsageError: the error is not above 0 and below 1, or the line is level.
    """
    if not 0.0 < error < 1.0:
        raise UsageError(f"an error of {error:g} is no target", remedy="Give one above 0 and below 1")
    if not slope:
        raise UsageError("a level line reaches no other error", remedy="Project from a line with a slope")
    return (float(form.response(np.array([error]))[0]) - intercept) / slope


def dollars(log_flop: float, price: Price) -> float:
    """log10 of US dollars."""
    return log_flop - math.log10(price.flop_per_usd)


def pounds_of_co2(log_flop: float, price: Price) -> float:
    """log10 of pounds of carbon dioxide."""
    return log_flop - math.log10(price.flop_per_pound_co2)
