"""The band of recent releases lets chance and growth through, and nothing else."""

from collections import Counter

import pytest

from db.dataset.gate.bands import Summary, bands
from db.dataset.statistics import Statistics


def summary(rows: int, filled: int) -> Summary:
    return {
        "tables": {"papers": rows, "models": rows, "training_runs": rows, "results": rows},
        "cells": {"training_runs.count": filled},
    }


def failed(rows: int, filled: int, recent: list[Summary]) -> dict[str, str]:
    statistics = Statistics(Counter(summary(rows, 0)["tables"]))
    statistics.cells["training_runs", "count"] = filled
    return {check.name: check.notes for check in bands(statistics, recent) if not check.success}


def test_a_first_release_has_nothing_to_be_held_against() -> None:
    assert failed(1, 0, []) == {}


@pytest.mark.parametrize(("rows", "filled"), [(1000, 600), (1100, 655), (960, 570), (1900, 1150)])
def test_chance_and_growth_are_no_sign(rows: int, filled: int) -> None:
    assert failed(rows, filled, [summary(1000, 600), summary(950, 575)]) == {}


def test_a_table_that_loses_a_third_of_its_rows_is_named() -> None:
    found = failed(660, 400, [summary(1000, 600)])
    assert found["rows"].startswith("papers: 660 instead of 1,000, at least 874")


def test_a_column_that_is_filled_half_as_often_is_named() -> None:
    found = failed(1000, 300, [summary(1000, 600)])
    assert found == {"coverage": "training_runs.count: 30.0% of rows instead of 60.0%, at least 53.8%"}


def test_a_column_that_is_gone_is_named() -> None:
    assert set(failed(1000, 0, [summary(1000, 40)])) == {"coverage"}


def test_a_rise_is_told() -> None:
    assert set(failed(5000, 4800, [summary(1000, 600)])) == {"surges"}


def test_releases_that_always_differed_have_a_wider_band() -> None:
    unsteady = [summary(1000, share) for share in (600, 300, 620, 310, 450)]
    assert failed(1000, 300, unsteady) == {}


def test_few_rows_are_no_sign() -> None:
    assert failed(3, 1, [summary(6, 6)]) == {}
