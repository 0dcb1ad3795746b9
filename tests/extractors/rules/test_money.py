"""What a training cost and what a device costs an hour are read apart; other sums are not read."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.findings import Rule
from extractors.rules.money import COST, PRICE, DevicePrice, TrainingCost


def read(rule: Rule, path: str, paragraph: Paragraph) -> list[tuple[object, str]]:
    values = [finding.value(path) for sentence in sentences_of(paragraph) for finding in rule.read(sentence)]
    return [(value.value, value.unit) for value in values if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("Training cost about $4.6M.", 4.6e6),
        ("The whole training cost less than $50.", 50),
        ("Our training budget was $12,500.", 12_500),
        ("We spent roughly 2,000 USD on training.", 2_000),
        ("Training the model costs US$ 1.5 million on a public cloud.", 1.5e6),
        ("Pre-training took two weeks at a total cost of $7,600.", 7_600),
        ("Fine-tuning takes three hours and costs only 100 dollars.", 100),
        ("The search cost $380 of cloud compute.", 380),
        ("The final run amounts to $2.1 million of compute.", 2.1e6),
        ("Training was done under a budget of USD 300.", 300),
        ("The training costs $40-50 at current prices.", 45),
        ("We trained it for under $600.", 600),
        ("At this price the training run costs $5.576M.", 5.576e6),
    ],
)
def test_the_cost_of_a_training_is_read(
    text: str, dollars: float, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(TrainingCost(), COST, paragraph(text)) == [(pytest.approx(dollars), "USD")]


@pytest.mark.parametrize(
    "text",
    [
        "Annotators were paid $15 for their training.",
        "Each pack cost $4, so he spent $32.",
        "The API costs $0.03 per 1,000 tokens in training.",
        "We train on prices below $100 of the stock data.",
        "Workers earn $12 an hour to compute labels.",
        "The prize for the best training run was $1,000, a total of $3,000.",
        "The training split has questions such as how many dollars are 20 dimes.",
        "A V100 costs $0.74 an hour on the cloud.",
        "Training cost 4.6 million GPU hours.",
        "We bought a workstation for $3,000 to train on.",
        "Computing the loss costs little.",
        "Our grant paid $20,000 for computing.",
    ],
)
def test_pay_prices_and_examples_are_no_cost(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(TrainingCost(), COST, paragraph(text)) == []


@pytest.mark.parametrize(
    ("text", "price", "unit"),
    [
        ("We assume $2 per GPU-hour.", 2, "USD/device-h"),
        ("A V100 GPU costs $0.74 per hour.", 0.74, "USD/device-h"),
        ("At $1.35 an hour for a TPU, this is cheap.", 1.35, "USD/device-h"),
        ("GPUs are rented at $3.06/hour.", 3.06, "USD/device-h"),
        ("We rented each A100 at $1.10 an hour.", 1.1, "USD/device-h"),
        ("The cloud price is $1.10 per GPU per hour.", 1.1, "USD/device-h"),
        ("An instance with 8 GPUs costs $24.48 per hour.", 24.48, "USD/node-h"),
        ("TPU time costs $3.22 per chip-hour.", 3.22, "USD/chip-h"),
        ("Preemptible TPU cores cost $0.30 per core-hour.", 0.3, "USD/core-h"),
        ("H100 GPUs cost 2 dollars per hour.", 2, "USD/device-h"),
        ("Renting an A100 GPU at USD 1.5 per hour is enough.", 1.5, "USD/device-h"),
        ("The compute price is about $0.5 per device-hour.", 0.5, "USD/device-h"),
        ("Training on GPUs at $4/h would be dear.", 4, "USD/device-h"),
    ],
)
def test_the_price_of_a_device_is_read_with_what_it_pays_for(
    text: str, price: float, unit: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(DevicePrice(), PRICE, paragraph(text)) == [(pytest.approx(price), unit)]


@pytest.mark.parametrize(
    "text",
    [
        "Training cost $4.6M.",
        "Annotators compute labels for $15 per hour.",
        "The API costs $2 per million tokens of compute.",
        "GPU power costs $0.10 per kWh.",
        "A GPU costs $10,000.",
        "The cloud bill was $300 a month.",
        "It runs 2 hours on a GPU.",
        "Lawyers ask $400 an hour.",
        "A computed price of $5 per barrel is predicted.",
        "The GPU has $ in its name.",
        "We pay workers $12 per hour to check computed labels.",
        "Training takes $n$ GPUs per hour.",
    ],
)
def test_other_prices_are_none(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(DevicePrice(), PRICE, paragraph(text)) == []


def test_other_peoples_costs_are_not_the_papers(told: Callable[..., list[object]]) -> None:
    assert told(COST, "We trained our model for a total cost of $1,200.") == [1_200]
    assert told(COST, "[12] spent $2M to train their model.") == []
