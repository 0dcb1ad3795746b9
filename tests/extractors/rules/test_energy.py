"""Energy and carbon of a training are read in kWh and kg; rates, grids, flights and inference are not."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.energy import EMISSIONS, ENERGY, Emissions, Energy
from extractors.rules.findings import Rule


def read(rule: Rule, path: str, paragraph: Paragraph) -> list[float]:
    values = [finding.value(path) for sentence in sentences_of(paragraph) for finding in rule.read(sentence)]
    return [value.value for value in values if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "kwh"),
    [
        ("Training consumed 239 MWh of energy.", 239e3),
        ("Pre-training used about 1.2 GWh of electricity.", 1.2e6),
        ("The energy of the run is 27.8 kWh.", 27.8),
        ("Training our model takes 48 GJ of energy.", 48 / 0.0036),
        ("The power consumption of training amounts to 1,287 MWh.", 1_287e3),
        ("We estimate that training consumed 433 megawatt-hours.", 433e3),
        ("Total energy use was 0.5-0.7 kWh.", 0.6),
        ("Training drew 310 kilowatt hours.", None),
        ("Training drew 310 kilowatt hours of electric energy.", 310),
        ("Training needed 3.6 MJ of energy.", 1),
        ("The total energy for training is 962 Wh.", 0.962),
        ("Energy: 12,000 KWh for all training runs.", 12e3),
        ("Our fine-tuning consumed 15 kW h of energy.", 15),
    ],
)
def test_energy_is_read(text: str, kwh: float | None, paragraph: Callable[..., Paragraph]) -> None:
    assert read(Energy(), ENERGY, paragraph(text)) == ([pytest.approx(kwh)] if kwh else [])


@pytest.mark.parametrize(
    "text",
    [
        "The grid emits 0.4 kg of CO2 per kWh.",
        "Each query consumes 3 Wh per inference.",
        "An average household uses 10,000 kWh of energy a year.",
        "The chip draws 300 W of power.",
        "Energy costs $0.10 per kWh.",
        "The energy is 5 kWh per epoch.",
        "It saves 40 MWh of energy.",
        "Energy is conserved over 200 steps.",
        "Power usage effectiveness is 1.1.",
        "We train for 12 h.",
        "The consumption is 2 kWh/day.",
        "A flight consumes 1 MWh of energy.",
    ],
)
def test_power_rates_and_other_energy_are_none(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(Energy(), ENERGY, paragraph(text)) == []


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("Training emitted 25 tCO2eq.", 25e3),
        ("We estimate total emissions of 69.8 tCO2eq.", 69.8e3),
        ("The carbon footprint of training is 539 tonnes of CO2e.", 539e3),
        ("Training produced 12.3 kg of CO2.", 12.3),
        ("This amounts to 1,015 tons of carbon dioxide.", 1_015e3),
        ("The emissions of our training are 3.5 kg CO2eq.", 3.5),
        ("Our run emits roughly 626 lbs of CO2.", 626 * 0.45359237),
        ("Total carbon emissions for training: 552 tons.", 552e3),
        ("Our CO2 emissions were about 30 t.", 30e3),
        ("Training released 2 metric tons of CO2 equivalent.", 2e3),
        ("Pre-training has a footprint of 8.4 tonnes.", 8.4e3),
        ("It emitted 900 gCO2eq.", 0.9),
        ("We emitted 1.5 kgCO2e in total.", 1.5),
        ("The footprint is 51 kg-CO2eq.", 51),
    ],
)
def test_carbon_is_read(text: str, kg: float, paragraph: Callable[..., Paragraph]) -> None:
    assert read(Emissions(), EMISSIONS, paragraph(text)) == [pytest.approx(kg)]


@pytest.mark.parametrize(
    "text",
    [
        "The carbon intensity is 0.432 kg CO2 per kWh.",
        "A car emits 57 tonnes of CO2 over its life.",
        "A passenger's flight emits 1 t of CO2.",
        "We offset 30 tonnes of CO2.",
        "Our method saves 12 kg of CO2.",
        "Emissions rose by 12% in 2019.",
        "The model has 25 t.",
        "CO2 is a gas of 44 g per mol.",
        "The average American emits 16.4 t of CO2 a year.",
        "COCO 2017 has 5 tasks.",
        "Inference emits 2 kg of CO2.",
        "The grid factor implies emissions of 3 kg CO2.",
    ],
)
def test_intensities_flights_and_savings_are_none(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(Emissions(), EMISSIONS, paragraph(text)) == []


def test_other_peoples_energy_is_not_the_papers(told: Callable[..., list[object]]) -> None:
    assert told(ENERGY, "We trained the large model, which consumed 40 MWh of energy.") == [40e3]
    assert told(ENERGY, "[12] used 40 MWh of energy to train their model.") == []
    assert told(EMISSIONS, "Training our model would emit 40 tCO2eq.") == []
