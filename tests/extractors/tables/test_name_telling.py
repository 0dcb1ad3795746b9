"""What tells rows of one name apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from extractors.documents.model import Table
from extractors.tables.name_telling import told_apart
from extractors.tables.rows import labelled_rows


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["Model", "Input", "AP"], ["Zip", "320 × 320", "30.0"], ["Zip", "512 × 512", "31.0"]], ["320 × 320", "512 × 512"]),
        ([["Model", "# layers", "AP"], ["Zip", "20", "30.0"], ["Zip", "56", "31.0"]], [", # layers 20", ", # layers 56"]),
        ([["Model", "Gates", "Wide [3]", "AP"], ["Zip", "", "", "30.0"], ["Zip", "✓", "✓", "31.0"]], ["", "(Gates, Wide)"]),
        ([["Model", "# params", "AP"], ["Zip", "20M", "30.0"], ["Zip", "56M", "31.0"]], ["", ""]),
        ([["Model", "train data", "AP"], ["Zip", "07", "30.0"], ["Zip", "07+12", "31.0"]], ["", ""]),
        ([["Model", "# layers", "AP"], ["Zip", "20", "30.0"], ["Zap", "56", "31.0"]], ["", ""]),
    ],
)  # fmt: skip
def test_rows_of_one_name_are_told_apart_by_what_is_set_of_them(
    rows: Sequence[Sequence[str]], told: list[str], table: Callable[..., Table]
) -> None:
    made = table(rows, "Results.")
    labelled = labelled_rows(made)
    labels = {row.index: row.label.split()[0] for row in labelled}
    assert list(told_apart(made, labelled, labels).values()) == told
