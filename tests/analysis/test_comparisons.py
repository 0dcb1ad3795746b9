"""Amounts in terms of sizes that are known."""

from typing import get_args

import pytest

from analysis.comparisons import Quantity, compared, comparisons, nearest


def test_every_quantity_has_sizes_and_each_has_a_source() -> None:
    assert {item.quantity for item in comparisons()} == set(get_args(Quantity))
    assert all(item.source and item.date and item.value > 0 for item in comparisons())


@pytest.mark.parametrize(
    ("quantity", "power", "words"),
    [
        ("usd", 11.42, "about the cost of the Apollo programme"),
        ("usd", 12.42, "about 10 times the cost of the Apollo programme"),
        ("usd", 2.0, "about 1/750 of a US household's median income of a year"),
        ("kwh", 13.77, "about 2 times the world's electricity of 2023"),
        ("kg_co2", 30.0, "about 10^16 times the world's CO2 from energy in 2023"),
        ("flop", 10.0, "about 10^-13 of the training of GPT-3"),
        ("flop", 23.5, "about the training of GPT-3"),
    ],
)
def test_an_amount_is_so_many_times_what_is_next_below_it(
    quantity: Quantity, power: float, words: str
) -> None:
    assert compared(quantity, power) == words


def test_the_size_grows_with_the_amount() -> None:
    sizes = [nearest("kwh", power).value for power in range(20)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == len([item for item in comparisons() if item.quantity == "kwh"])
