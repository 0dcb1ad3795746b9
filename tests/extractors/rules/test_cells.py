"""Cells in words speak for themselves, bare numbers are in the header's unit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Table
from extractors.facts.values import Quantity
from extractors.rules.cells import facts_in
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.meanings import Meaning

HOURS = Meaning(WALL_TIME, "s", 3600.0)


@pytest.mark.parametrize(
    ("text", "meaning", "said"),
    [
        ("9.5", HOURS, {WALL_TIME: 9.5 * 3600}),
        ("9.5 ± 0.2", HOURS, {WALL_TIME: 9.5 * 3600}),
        ("90 (min)", HOURS, {WALL_TIME: 90 * 60}),
        ("5.5k", HOURS, {DEVICE_TIME: 5500 * 3600}),
        ("12h on 16 V100 GPUs", Meaning(WALL_TIME), {WALL_TIME: 12 * 3600, COUNT: 16, ACCELERATOR: None}),
        ("12 hours", Meaning(DEVICE_TIME, "device-s", 3600.0), {DEVICE_TIME: 12 * 3600}),
        ("16", Meaning(COUNT, "devices", device="GPUs"), {COUNT: 16, ACCELERATOR: None}),
        ("12", Meaning(WALL_TIME), {}),
        ("-", HOURS, {}),
        ("0.01", HOURS, {}),
    ],
)
def test_a_cell_says_what_its_words_or_its_header_say(
    text: str, meaning: Meaning, said: dict[str, float | None], table: Callable[..., Table]
) -> None:
    cell = table([["ZipNet", text]], header_rows=0).rows[0][1]
    assert cell is not None
    found = {fact.path: fact.value for fact in facts_in(cell, meaning, 0)}
    assert {p: v.value if isinstance(v, Quantity) else None for p, v in found.items()} == said
