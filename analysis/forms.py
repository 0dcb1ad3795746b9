"""Polynomial or exponential: which form of growth the points speak for, by what each says of papers it has not seen.

The two forms regress different responses, so neither R2 nor a plain likelihood compares them. Both are judged on one
scale: the root mean square of what a form predicts wrongly for a paper left out, in powers of ten of the error; and
Akaike's and Schwarz's criteria of the density of the error itself, the change of variables included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from analysis.regressions import FORMS, Form, FormName, NoFit
from analysis.sample import Numbers, Points, Sample, sample_of


@dataclass(frozen=True, slots=True)
class FormScore:
    """How one form does."""

    form: FormName
    n: int
    papers: int
    left_out_rmse: float
    """Powers of ten of the error, over points of papers that the line has not seen."""
    aic: float
    bic: float


@dataclass(frozen=True, slots=True)
class FormComparison:
    """Both forms on the same points."""

    scores: tuple[FormScore, ...]
    convention: str

    @property
    def better(self) -> FormName | None:
        """The form that both yardsticks prefer, or None where they disagree."""
        unseen = min(self.scores, key=lambda score: score.left_out_rmse).form
        return unseen if unseen == min(self.scores, key=lambda score: score.aic).form else None

    @property
    def sentence(self) -> str:
        """What the comparison says."""
        first, second = (score.left_out_rmse for score in self.scores)
        gap = abs(self.scores[0].aic - self.scores[1].aic)
        words = (
            f"out of sample the {self.scores[0].form} form is off by {first:.3f} powers of ten, the "
            f"{self.scores[1].form} form by {second:.3f}; their AIC differ by {gap:.1f}"
        )
        if self.better is None:
            return f"The forms cannot be told apart: {words}."
        strength = "much better" if gap > _STRONG else "better, though not by much"
        return f"The {self.better} form is {strength}: {words}."

    def rows(self) -> Iterator[dict[str, str | float | int | None]]:
        """One tidy row a form."""
        yield from ({**asdict(score), "convention": self.convention} for score in self.scores)

    def as_frame(self) -> pd.DataFrame:
        """The tidy rows as a data frame."""
        return pd.DataFrame(list(self.rows()))


_STRONG = 10.0
"""Difference of AIC from which the worse model has essentially no support.

Source: Burnham and Anderson, Model Selection and Multimodel Inference, 2002, section 2.6."""


def compare_forms(points: Points | Sample, *, convention: str = "") -> FormComparison | NoFit:
    """Both forms on the same points, or why there is no line.

    Raises:
        DatasetError: a cell cannot be what it says.
    """
    sample = points if isinstance(points, Sample) else sample_of(points)
    if reason := sample.no_line():
        return NoFit(len(sample), reason)
    if len(set(sample.papers)) < 3:
        return NoFit(len(sample), f"{len(set(sample.papers))} papers, of at least 3 to leave one out")
    return FormComparison(tuple(_score(form, sample) for form in FORMS), convention)


def _score(form: Form, sample: Sample) -> FormScore:
    result = OLS(form.response(sample.error), _design(sample)).fit()
    likelihood = float(result.llf) + float(np.log(_stretch(form, sample.error)).sum())
    known = 3.0  # intercept, slope and the scatter
    off = _left_out(form, sample)
    return FormScore(
        form.name,
        len(sample),
        len(set(sample.papers)),
        float(np.sqrt(np.mean(off[np.isfinite(off)] ** 2))),
        2.0 * known - 2.0 * likelihood,
        known * float(np.log(len(sample))) - 2.0 * likelihood,
    )


def _stretch(form: Form, error: Numbers) -> Numbers:
    """How much a small step of the error moves the response."""
    return 1.0 / (error * np.log(10.0)) if form.name == "polynomial" else error**-2.0


def _left_out(form: Form, sample: Sample) -> Numbers:
    """log10 of predicted over true error, each paper by a line through the others; NaN where those carry none."""
    response, design, codes = form.response(sample.error), _design(sample), sample.paper_codes
    worst = form.response(np.ones(1))[0]
    off = np.full(len(sample), np.nan)
    for code in range(codes.max() + 1):
        out = codes == code
        if np.ptp(sample.log_burden[~out]) > 0.0:
            line = OLS(response[~out], design[~out]).fit().params
            # an error above one cannot be, and no form means it
            off[out] = np.log10(form.error(np.maximum(design[out] @ line, worst)) / sample.error[out])
    return off


def _design(sample: Sample) -> Numbers:
    return np.column_stack([np.ones(len(sample)), sample.log_burden])
