"""Judged values made here: a feature that tells right from wrong, one that tells nothing, and papers that err together."""

from __future__ import annotations

import numpy as np

from extractors.facts.ids import PaperId
from extractors.judgements import Judgement


def judgements(
    papers: int = 40, each: int = 8, seed: int = 0, signal: float = 2.0, path: str = "run.count"
) -> list[Judgement]:
    """Judged values of a field: `telling` decides as far as `signal` goes, `noise` does not."""
    random = np.random.default_rng(seed)
    found = []
    for paper in range(papers):
        for _ in range(each):
            telling, noise = random.normal(size=2)
            right = random.random() < 1 / (1 + np.exp(-(1.5 + signal * telling)))
            inputs = {"telling": float(telling), "noise": float(noise), f"field:{path.split('.')[1]}": 1.0}
            id = PaperId(f"24{paper // 1000 + 1:02}.{paper % 1000 + 10000:05}")
            found.append(Judgement(id, path, inputs, bool(right), 1.0, "labels"))
    return found
