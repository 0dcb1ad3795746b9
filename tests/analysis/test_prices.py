"""Stated inputs and the costs that follow from them."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.prices import Prices, dollars, load, parse, pounds_of_co2, published, stated
from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.measures import AUTHORS, Convention


def test_the_rent_of_the_device_gives_the_dollars_of_the_authors() -> None:
    assert 10.0 ** stated().under().flop_per_usd == pytest.approx(published("2022").flop_per_usd, rel=1e-6)


def test_costs_are_powers_of_ten_like_the_burden() -> None:
    assert dollars(26.0, published("2020")) == pytest.approx(9.086, abs=1e-3)
    assert pounds_of_co2(26.0, published("2020")) == pytest.approx(8.903, abs=1e-3)


def test_an_hour_of_the_device_costs_its_rent_its_power_and_the_grid_s_co2() -> None:
    prices, costs = stated(), stated().under()
    hour = 3600.0 * prices.device.fp32_flop_s
    power = math.log10(hour)
    drawn = prices.device.watts / 1000.0 * prices.overhead.value
    assert 10.0 ** costs.usd(power) == pytest.approx(prices.rent.value)
    assert 10.0 ** costs.kwh(power) == pytest.approx(drawn)
    assert 10.0 ** costs.kg_co2(power) == pytest.approx(drawn * prices.grid.value)


@pytest.mark.parametrize(
    ("convention", "ratio"),
    [
        (replace(AUTHORS, utilisation=0.3), 0.3),
        (replace(AUTHORS, rate="tensor"), 112 / 14.13),
        (replace(AUTHORS, rate="stated"), 1.0),
        (replace(AUTHORS, method="operations"), 0.33),
        (replace(AUTHORS, method="6nd", rate="tensor"), 0.33 * 112 / 14.13),
    ],
)
def test_the_same_hour_costs_the_same_however_its_burden_is_counted(
    convention: Convention, ratio: float
) -> None:
    usual, other = stated().under(), stated().under(convention)
    for name in ("flop_per_usd", "flop_per_kwh", "flop_per_kg_co2"):
        assert 10.0 ** (getattr(other, name) - getattr(usual, name)) == pytest.approx(ratio)
    assert other.words.startswith("NVIDIA Tesla V100 at ")


def test_every_input_has_a_date_and_a_source() -> None:
    prices = stated()
    stated_ones = [prices.rent, prices.reached, prices.overhead, prices.grid]
    sources = [item.source for item in stated_ones] + [item.source for item in prices.published]
    dates = [item.date for item in stated_ones] + [item.date for item in prices.published]
    sources += [prices.device.source, prices.trend.source]
    dates += [prices.device.date, prices.trend.date]
    assert all(sources) and all(date.startswith("20") for date in dates)
    assert all(date in prices.under().words for date in ("2022-07", "2023-07"))


def test_a_cost_falls_to_half_in_the_time_of_the_trend() -> None:
    costs = stated().under()
    assert costs.affordable(6.0, 0.5e6) == pytest.approx(costs.year + 2.46)
    assert costs.affordable(6.0, 0.25e6, 3.0) == pytest.approx(costs.year + 6.0)
    assert costs.affordable(5.0, 1e6) == costs.year
    assert costs.year == pytest.approx(2022.54, abs=0.01)


@pytest.mark.parametrize("budget", [0.0, -1.0, float("inf"), float("nan")])
def test_a_budget_that_is_none_is_refused(budget: float) -> None:
    with pytest.raises(UsageError, match="buys nothing"):
        stated().under().affordable(6.0, budget)


def packaged() -> str:
    return Path(__file__).resolve().parents[2].joinpath("analysis/prices.toml").read_text("utf-8")


def test_a_reader_s_own_file_takes_the_place_of_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(packaged().replace("value = 0.74", "value = 7.4"), "utf-8")
    mine: Prices = load(tmp_path / "mine.toml")
    assert mine.under().usd(20.0) == pytest.approx(stated().under().usd(20.0) + 1.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("watts = 250", "watt = 250", "watt"),
        ("value = 0.74", "value = 0", "not above 0"),
        ("value = 0.74", 'value = "much"', "rent.value"),
        ("[rent]", "[rent", "not TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        parse(packaged().replace(old, new, 1), "mine.toml")
    with pytest.raises(DatasetError, match="cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_prices_that_nobody_published_are_refused() -> None:
    with pytest.raises(UsageError, match="2020, 2022"):
        published("2019")
