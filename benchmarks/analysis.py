"""The time of a full report: 1,000 points with 1,000 draws, on the cores there are.

A planted release of 1,000 papers on one benchmark goes through what `burden analyze` does after reading it: both fits, every
estimator, forms, conventions, imputation, projections, figures and files; then the imputation of vague and missing burdens, by itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from analysis.conventions import Options
from analysis.load import Accelerator, Benchmark, Model, Paper, Release, Result, Run
from analysis.report.contents import Contents
from analysis.report.files import write_report
from analysis.uncertainty import UncertainPoint, impute
from analysis.whole import analyze

POINTS, DRAWS = 1_000, 1_000


def report() -> None:
    """Print seconds by the clock and of the processor, step by step."""
    release, options = planted(), Options()
    began, worked = perf_counter(), process_time()
    found = analyze((release,), options, DRAWS)
    _tell("fits, estimators, forms, conventions, imputation and projections", began, worked)
    with tempfile.TemporaryDirectory() as folder:
        write_report(Contents(found, options), Path(folder))
    _tell("and files and figures", began, worked)
    impute(vague(), draws=DRAWS)
    _tell("and imputation of vague and missing burdens", began, worked)


def planted(n: int = POINTS) -> Release:
    """Papers of one model each, whose error falls with their burden by a known line."""
    random = np.random.default_rng(0)
    names = [f"2401.{at:05d}" for at in range(n)]
    seconds = 86_400.0 * 10.0 ** random.uniform(-1.0, 3.0, n)
    errors = 10.0 ** -(-1.0 + 0.06 * np.log10(seconds * 8e13) + random.normal(0.0, 0.05, n))
    nothing = (None,) * 8
    return Release(
        version="planted",
        name="planted",
        papers=tuple(Paper(name, f"On {name}", None) for name in names),
        models=tuple(Model(f"{name}/m", name, "Net", "headline", None, None, None) for name in names),
        runs=tuple(
            Run(
                f"{name}/r",
                name,
                f"{name}/m",
                "training",
                "Graphics 1",
                8.0,
                "devices",
                float(time),
                None,
                *nothing,
            )
            for name, time in zip(names, seconds, strict=True)
        ),
        results=tuple(
            Result(
                f"{name}/x", name, f"{name}/m", "imagenet-1k", "top1_accuracy", None, float(min(error, 1.0))
            )
            for name, error in zip(names, errors, strict=True)
        ),
        accelerators=(Accelerator("Graphics 1", "GPU", 1e13, 8e13, 1, 1),),
        benchmarks=(Benchmark("imagenet-1k", "top1_accuracy", "image classification", True),),
    )


def vague(n: int = POINTS) -> list[UncertainPoint]:
    """As many points, of which a third has no burden and the others are printed within a factor of two."""
    random = np.random.default_rng(1)
    logs = random.uniform(18.0, 24.0, n)
    errors = 10.0 ** -(-0.8 + 0.06 * logs + random.normal(0.0, 0.05, n))
    return [
        UncertainPoint(
            float(min(error, 1.0)), None if at % 3 == 0 else float(10.0**log), float(10.0 ** ((log - 3.0) / 0.87)), 0.1, 0.001, 0.97
        )
        for at, (log, error) in enumerate(zip(logs, errors, strict=True))
    ]  # fmt: skip


def _tell(what: str, began: float, worked: float) -> None:
    print(
        f"{what}: {perf_counter() - began:.1f} s, of the processor {process_time() - worked:.1f} s",
        flush=True,
    )
