from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.facts.errors import OntologyError
from extractors.facts.ontology import accelerator, accelerators, name_key, parse_accelerators, units

PART = """
[[accelerator]]
id = "Acme T100"
vendor = "Acme"
kind = "NPU"
names = ["T100"]
fp32 = 12.5
source = "Acme datasheet"
"""


def test_a_part_takes_seven_lines() -> None:
    (part,) = parse_accelerators(PART, "test")
    assert part.id == "Acme T100"
    assert part.fp32_flop_per_second == 12.5e12
    assert part.tensor_flop_per_second is None


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (PART.replace("fp32", "fp31"), "fp31"),
        (PART.replace('"NPU"', '"DSP"'), "kind"),
        (PART.replace('names = ["T100"]', ""), "names"),
        (PART + PART, "stands for two parts"),
        (PART + PART.replace('"Acme T100"', '"Acme T101"'), "'t100' stands for two parts"),
        ("[[accelerator", "not TOML"),
    ],
)
def test_a_broken_entry_is_refused_with_its_reason(broken: str, complaint: str) -> None:
    with pytest.raises(OntologyError) as caught:
        parse_accelerators(broken, "parts.toml")
    assert complaint in str(caught.value)
    assert "parts.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("V100", "NVIDIA Tesla V100"),
        ("nvidia tesla v100", "NVIDIA Tesla V100"),
        ("GTX-1080Ti", "NVIDIA GeForce GTX 1080 Ti"),
        ("TPU-v3", "Google TPU v3"),
        ("titan x", "NVIDIA Titan X"),
        ("Titan X (Pascal)", "NVIDIA Titan X (Pascal)"),
        ("E5-2690 v4", "Intel Xeon E5-2690"),
        ("T4", "NVIDIA T4"),
    ],
)
def test_spacing_case_and_hyphens_do_not_matter(printed: str, meant: str) -> None:
    found = accelerator(printed)
    assert found is not None and found.id == meant


def test_an_unknown_part_is_none() -> None:
    assert accelerator("Voodoo 2") is None


def test_an_ambiguous_part_has_no_rate() -> None:
    part = accelerator("NVIDIA Titan X")
    assert part is not None and part.fp32 is None and part.tensor is None


def test_rates_of_the_published_method() -> None:
    rates = {name: part.fp32 for name in ("V100", "P100") if (part := accelerator(name))}
    assert rates == {"V100": 14.13, "P100": 9.526}
    boards = {
        name: part.tensor * part.chips_per_board
        for name in ("TPU v2", "TPU v3")
        if (part := accelerator(name)) and part.tensor
    }
    assert boards == {"TPU v2": 180, "TPU v3": 492}


def test_generic_names_are_known() -> None:
    assert {"GPU", "TPU", "CPU"} <= {part.id for part in accelerators()}


def test_single_letters_mind_their_case() -> None:
    assert units().magnitude("M") == 1e6
    assert units().magnitude("m") is None
    assert units().magnitude("Million") == 1e6


def test_units_of_time_do_not() -> None:
    hour = units().time("Hrs.")
    assert hour is not None and hour.factor == 3600


KNOWN_DISAGREEMENTS = {
    "NVIDIA Tesla P100": "the PCIe board is meant, as the authors do; SXM2 and DGXS are faster",
    "NVIDIA Tesla V100": "the PCIe board is meant, as the authors do; SXM and DGXS are faster",
    "NVIDIA H100": "the SXM board is meant; PCIe is slower",
    "NVIDIA Tesla K20": "K20X is its own part",
    "Google TPU v2": "per chip of a 180 TFLOP/s board, where Epoch rounds up to 46",
}


@pytest.mark.corpus
def test_rates_agree_with_epochs_table(shared: Path) -> None:
    table = shared / "reference" / "epoch_ml_hardware.csv"
    disagreements: dict[str, list[str]] = {}
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            part = accelerator(_without_variant(row["Hardware name"]))
            if part is None:
                continue
            pairs = (
                (part.fp32_flop_per_second, row["FP32 (single precision) performance (FLOP/s)"]),
                (part.tensor_flop_per_second, row["Tensor-FP16/BF16 performance (FLOP/s)"]),
            )
            for ours, theirs in pairs:
                if ours and theirs and abs(ours - float(theirs)) > 0.02 * float(theirs):
                    disagreements.setdefault(part.id, []).append(f"{ours:g} against {theirs}")
    assert set(disagreements) <= set(KNOWN_DISAGREEMENTS), disagreements


KNOWN_DISAGREEMENTS_WITH_THE_AUTHORS = {
    "NVIDIA Tesla K40": "they have three rates, at base and at boost clocks and one of the K20",
    "NVIDIA Tesla K80": "they have one of its two chips, or the base clock",
    "NVIDIA Tesla V100": "one row has the P100's rate",
    "NVIDIA Titan": "base against boost clock",
    "NVIDIA Titan Black": "base against boost clock",
    "NVIDIA Titan Xp": "base against boost clock",
    "NVIDIA Quadro RTX 8000": "they have the rate of the RTX 2080 Ti",
    "NVIDIA RTX A6000": "rounded to 40",
    "Google TPU v3": "they rate a board at 420; four chips of 123 make 492",
}


@pytest.mark.corpus
def test_rates_agree_with_the_authors_tables(shared: Path) -> None:
    disagreements: dict[str, set[str]] = {}
    for table in sorted((shared / "reference" / "thompson2022").glob("*-on-*.csv")):
        with table.open(encoding="utf-8") as file:
            for row in list(csv.DictReader(file))[3:]:
                for part, ours, theirs in _rates(row):
                    if abs(ours - theirs) > 0.02 * theirs:
                        disagreements.setdefault(part, set()).add(f"{ours:g} against {theirs:g}")
    assert set(disagreements) <= set(KNOWN_DISAGREEMENTS_WITH_THE_AUTHORS), disagreements


def _rates(row: dict[str, str]) -> Iterator[tuple[str, float, float]]:
    for column, rate in ((name, f"{name.removesuffix('_model')}_ptp_gflops") for name in row if name):
        printed = row.get(rate) or ""
        if not column.endswith("pu_model") or not re.fullmatch(r"[\d.]+(?:E\+\d+)?", printed.strip()):
            continue
        part = accelerator(_without_variant(row[column].removeprefix("Cloud ")))
        if part is None or float(printed) < 1000:
            continue
        ours = part.fp32 if part.kind != "TPU" else (part.tensor or 0) * part.chips_per_board
        if ours:
            yield part.id, ours * 1e3, float(printed)


def _without_variant(name: str) -> str:
    """`NVIDIA Tesla V100 PCIe 16 GB` as `V100`: Epoch lists each board, we list the part."""
    words = [word for word in name.split() if name_key(word) not in _DRESSING]
    return " ".join(words)


_DRESSING = {
    "nvidia", "amd", "google", "tesla", "geforce", "instinct", "radeon", "pcie", "sxm", "sxm2", "sxm3", "sxm4", "sxm5",
    "dgxs", "12", "16", "32", "40", "80", "gb", "16gb", "12gb", "80gb", "11gb", "(blackwell", "ultra)", "hgx", "nvl",
}  # fmt: skip
