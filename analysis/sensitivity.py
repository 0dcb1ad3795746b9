"""How far the result depends on how burdens are counted: each choice changed by itself, and the slope beside it.

People who count compute disagree about peak rates, what one TPU is, utilisation, search time, and about the measure
itself. None of these is an error; a result that hangs on one of them is no result. A factor on all burdens alike (a
utilisation) moves projections and no slope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from analysis.conventions import Options
from analysis.estimators import Estimate, regress
from analysis.inverse import FAR, burden_to_reach
from analysis.load import Release
from analysis.points import Point, join
from analysis.regressions import FORMS, NoFit
from analysis.sample import sample_of
from extractors.facts.measures import Convention

UTILISATIONS: Final[Mapping[str, float]] = {
    "OpenAI, AI and compute, 2018": 0.33,
    "Epoch AI, language models": 0.30,
    "Epoch AI, other models": 0.40,
}
"""Shares of the peak that others take training to reach."""
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One benchmark under one convention, by the polynomial form."""

    benchmark: str
    convention: str
    changed: str
    """What differs from the convention of the analysis, or nothing."""
    n: int
    slope: float | None
    low: float | None
    high: float | None
    """Of the slope, at 95%, by HC3 errors."""
    r2: float | None
    target: float | None
    """Half the smallest error among the points."""
    log10_flop: float | None
    """Power of ten of the burden at which the line reaches it."""
    beyond: float | None
    """Powers of ten from the largest burden to there."""
    no_fit: str = ""

    @property
    def far(self) -> bool:
        """Whether the projection leaves the data by more than two powers of ten."""
        return self.beyond is not None and self.beyond > FAR

    def row(self) -> dict[str, str | float | int | None]:
        """One tidy row."""
        far = None if self.beyond is None else "far outside the data" if self.far else "near the data"
        return {**asdict(self), "extrapolation": far}


def conventions(base: Convention) -> Iterator[tuple[str, Convention]]:
    """The convention of an analysis, and each in which one choice is another, with what was changed."""
    yield "", base
    yield from ((f"{rate} rates", replace(base, rate=rate)) for rate in ("fp32", "tensor", "stated") if rate != base.rate)  # fmt: skip
    yield from ((f"a TPU is a {tpu}", replace(base, tpu=tpu)) for tpu in ("board", "chip") if tpu != base.tpu)
    shares = sorted({1.0, *UTILISATIONS.values()} - {base.utilisation})
    yield from ((f"utilisation {share:g}", replace(base, utilisation=share)) for share in shares)
    yield from ((f"search time {search}d", replace(base, search=search)) for search in ("include", "exclude") if search != base.search)  # fmt: skip
    names = {
        "hardware": "hardware burden",
        "operations": "network operations",
        "6nd": "6 x parameters x tokens",
    }
    yield from (
        (names[method], replace(base, method=method))
        for method in ("hardware", "operations", "6nd")
        if method != base.method
    )


def sensitivity(releases: Sequence[Release], options: Options) -> Sequence[Sensitivity]:
    """Slope, R2 and projection of every benchmark under every convention, those of the analysis first.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be.
    """
    found = [
        _under(joined.benchmark, joined.points, replace(options, convention=convention), changed)
        for changed, convention in conventions(options.convention)
        for joined in join(releases, replace(options, convention=convention))
    ]
    order = {item.benchmark: at for at, item in reversed(list(enumerate(found)))}
    return tuple(sorted((item for item in found), key=lambda item: order[item.benchmark]))


def _under(benchmark: str, points: Sequence[Point], options: Options, changed: str) -> Sensitivity:
    sample = sample_of(points)
    fit = regress(sample, errors="hc3", convention=options.name)
    if isinstance(fit, NoFit):
        return Sensitivity(
            benchmark, options.name, changed, len(sample),
            None, None, None, None, None, None, None, fit.reason,
        )  # fmt: skip
    target = _HALF * float(sample.error.min())
    power = _power(fit, target)
    beyond = None if power is None else power - float(sample.log_burden.max())
    return Sensitivity(
        benchmark, options.name, changed, len(sample), fit.slope.value, fit.slope.low, fit.slope.high, fit.r2,
        target, power, beyond,
    )  # fmt: skip


def _power(fit: Estimate, target: float) -> float | None:
    """Where a line reaches an error; a line that falls, or is level, never does."""
    if fit.slope.value <= 0.0:
        return None
    return burden_to_reach(FORMS[0], fit.intercept.value, fit.slope.value, target)
