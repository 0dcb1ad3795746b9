"""What the rest of a paper says about a model's parameters or operations: how many sizes it gives, and which."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from statistics import median

from extractors.surroundings.outline import TEXT, Features, Outline, Subject, amount, grouped

COSTS = ("parameters", "flops", "multiply_adds")


def around_costs(outline: Outline) -> Features:
    """What is said about every cost of a model of the paper's own; nobody asks for those of others."""
    own = [one for one in outline.models if one.name("role") != "baseline"]
    best_in = {one.place("score") for one in outline.results if one.name("standing") == "best"} - {TEXT}
    told: Features = {}
    for field in COSTS:
        told |= _of_field(field, [one for one in own if one.number(field)], best_in)
    return told


def _of_field(field: str, sized: Sequence[Subject], best_in: Set[str]) -> Features:
    told: Features = {}
    for place, here in grouped(sized, lambda one: one.place(field)).items():
        for one in here:
            told[one.cells[field].cell] = {
                "sizes": amount(len(sized)),
                "sizes_here": amount(len(here)),
                "from_middle": _from_middle(one, field, sized),
                "best_here": float(place in best_in),
            }
    return told


def _from_middle(one: Subject, field: str, sized: Sequence[Subject]) -> float:
    """How far a size is from the median of the paper's, in powers of ten."""
    return abs(math.log10(one.number(field)) - median(math.log10(other.number(field)) for other in sized))
