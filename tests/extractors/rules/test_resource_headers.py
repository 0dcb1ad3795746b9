"""Headers that announce what training used give field, unit and factor; rates, intensities and scores announce nothing."""

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Table
from extractors.facts.values import Quantity
from extractors.rules.device_batches import DEVICE_BATCH
from extractors.rules.energy import EMISSIONS, ENERGY
from extractors.rules.lines import lines_of
from extractors.rules.money import COST
from extractors.rules.resource_headers import resource_of
from extractors.rules.table_runs import table_drafts
from extractors.rules.training_sizes import TRAINING_SET_SIZE
from extractors.rules.utilisation import UTILISATION


@pytest.mark.parametrize(
    ("header", "path", "unit", "factor"),
    [
        ("Energy (MWh)", ENERGY, "kWh", 1e3),
        ("Total energy consumption [kWh]", ENERGY, "kWh", 1),
        ("GPU power consumption (MWh)", ENERGY, "kWh", 1e3),
        ("Electricity (in GJ)", ENERGY, "kWh", 1 / 0.0036),
        ("Carbon emitted (tCO2eq)", EMISSIONS, "kg", 1e3),
        ("CO2 (kg)", EMISSIONS, "kg", 1),
        ("Emissions (tons of CO2)", EMISSIONS, "kg", 1e3),
        ("tCO2e", EMISSIONS, "kg", 1e3),
        ("MFU", UTILISATION, "percent", 1),
        ("MFU (%)", UTILISATION, "percent", 1),
        ("Percentage of theoretical peak FLOP/s", UTILISATION, "percent", 1),
        ("Model FLOPs utilization", UTILISATION, "percent", 1),
        ("Training cost ($)", COST, "USD", 1),
        ("Cost (USD)", COST, "USD", 1),
        ("# training images", TRAINING_SET_SIZE, "examples", 1),
        ("Training tokens (B)", TRAINING_SET_SIZE, "tokens", 1e9),
        ("Tokens trained", TRAINING_SET_SIZE, "tokens", 1),
        ("Number of training pairs", TRAINING_SET_SIZE, "examples", 1),
        ("Batch size per GPU", DEVICE_BATCH, "examples", 1),
        ("Batch/device", DEVICE_BATCH, "examples", 1),
    ],
)
def test_a_header_says_what_its_numbers_are(header: str, path: str, unit: str, factor: float) -> None:
    found = resource_of(header)
    assert found is not None
    assert found[:2] == (path, unit)
    assert found[2] == pytest.approx(factor)


@pytest.mark.parametrize(
    "header",
    [
        "Carbon intensity (kg CO2e/kWh)",
        "Power usage effectiveness",
        "Energy per image (J)",
        "Power (W)",
        "Precision",
        "Average precision",
        "GPU memory (GB)",
        "Cost",
        "Cost per hour ($)",
        "Test images",
        "Training time (h)",
        "Training accuracy",
        "Energy",
        "Batch size",
        "COCO 2017",
        "Inference energy (J)",
        "Peak learning rate",
        "Images",
    ],
)
def test_other_headers_announce_no_resource(header: str) -> None:
    assert resource_of(header) is None


def test_rows_of_the_paper_are_runs_and_settings_alone_or_beside_a_speed_are_none(
    table: Callable[..., Table], document: Callable[..., Document], paragraph: Callable[..., Paragraph]
) -> None:
    spent = table(
        [
            ["Model", "MFU (%)", "Energy (MWh)", "Training tokens (B)"],
            ["OldNet [3]", "31", "900", "300"],
            ["ZipNet (ours)", "46.2%", "1,210", "1.4"],
        ],
        "What training used.",
    )
    sizes = table([["Data", "Training images", "Test images"], ["Pebbles", "14,200", "900"]], "Data sets.")
    context = context_of(document(paragraph("We train ZipNet."), tables=(spent, sizes)))
    (draft,) = table_drafts(context, list(lines_of(context)))
    assert draft.mention == "ZipNet (ours)"
    found = {c.path: c.value.value for c in draft.candidates if isinstance(c.value, Quantity)}
    assert found == {UTILISATION: 46.2, ENERGY: 1_210e3}
