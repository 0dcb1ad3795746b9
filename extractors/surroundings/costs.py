"""What the rest of a paper says about a model's parameters or operations: how many sizes it gives, and which."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from statistics import median

from extractors.surroundings.outline import TEXT, Outline, Said, Subject, Surroundings, amount, grouped

COSTS = ("parameters", "flops", "multiply_adds")


_OUTLYING = 10
"""How many times the median a size is, or it the size, for which it may not be that of a model."""


def around_costs(outline: Outline) -> Surroundings:
    """What is said about every cost of a model of the paper's own; nobody asks for those of others."""
    own = [one for one in outline.models if one.name("role") != "baseline"]
    others = amount(len(outline.models) - len(own))
    best_in = {one.place("score") for one in outline.results if one.name("standing") == "best"} - {TEXT}
    told: Surroundings = {}
    for field in COSTS:
        told |= _of_field(field, [one for one in own if one.number(field)], best_in, others)
    return told


def _of_field(field: str, sized: Sequence[Subject], best_in: Set[str], others: float) -> Surroundings:
    told: Surroundings = {}
    middle = median(one.number(field) for one in sized) if sized else 0.0
    for place, here in grouped(sized, lambda one: one.place(field)).items():
        for one in here:
            ratio = one.number(field) / middle
            features = {
                "sizes": amount(len(sized)),
                "sizes_here": amount(len(here)),
                "from_middle": abs(math.log10(ratio)),
                "best_here": float(place in best_in),
                "headline": float(one.name("role") == "headline"),
                "baselines": others,
            }
            told[one.cells[field].cell] = Said(features, tuple(_doubts(one, ratio)))
    return told


def _doubts(one: Subject, ratio: float) -> Iterator[str]:
    """What speaks against a size, which is so many times the median of the paper."""
    if "name" not in one.cells:
        yield "nothing names the model"
    if ratio >= _OUTLYING:
        yield f"{ratio:,.0f} times the median of the paper's models"
    elif ratio <= 1 / _OUTLYING:
        yield f"the median of the paper's models is {1 / ratio:,.0f} times as large"
