from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.facts.errors import OntologyError
from extractors.facts.ontology import (
    Accelerator,
    accelerator,
    accelerators,
    name_key,
    parse_accelerators,
    units,
)

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
        ("E5-2690 v4", "Intel Xeon E5-2690 v4"),
        ("Intel Xeon E5-2690", "Intel Xeon E5-2690"),
        ("Nvidia GeForce RTX 2080Ti", "NVIDIA GeForce RTX 2080 Ti"),
        ("T4", "NVIDIA T4"),
    ],
)
def test_spacing_case_and_hyphens_do_not_matter(printed: str, meant: str) -> None:
    found = accelerator(printed)
    assert found is not None and found.id == meant


def test_an_unknown_part_is_none() -> None:
    assert accelerator("Voodoo 2") is None


@pytest.mark.parametrize("name", ["Titan X", "RTX 6000", "TPU v5", "Xeon Phi", "E5-2690", "Graphcore IPU"])
def test_a_name_of_several_parts_has_no_rate(name: str) -> None:
    part = accelerator(name)
    assert part is not None and part.fp32 is None and part.tensor is None


def test_no_two_parts_claim_one_name() -> None:
    names = [name_key(name) for part in accelerators() for name in {part.id, *part.names, *part.short}]
    owners = {name: {part.id for part in accelerators() if accelerator(name) == part} for name in names}
    assert {name: parts for name, parts in owners.items() if len(parts) != 1} == {}


def test_what_every_part_says_is_possible() -> None:
    assert {part.id: faults for part in accelerators() if (faults := tuple(_faults(part)))} == {}


def _faults(part: Accelerator) -> Iterator[str]:
    rates = [rate for rate in (part.fp32, part.tensor) if rate is not None]
    if not all(0.05 < rate < 20_000 for rate in rates):
        yield "a rate that no device has, in TFLOP/s"
    if part.fp32 and part.tensor and part.tensor < part.fp32:
        yield "half precision slower than single"
    if rates and part.tdp and not 0.001 < max(rates) / part.tdp < 5:
        yield "a rate that its power cannot give, in TFLOP/s and W"
    if not all(1 <= size <= 512 for size in part.memory):
        yield "memory that no device has, in GB"
    if part.chips_per_board not in {1, 4} or not 1 <= part.cores_per_chip <= 8:
        yield "chips or cores that no device has"
    if not re.fullmatch(
        r"20[012]\d(?:-(?:0[1-9]|1[0-2]))?" if rates else r"(?:20[012]\d(?:-\d\d)?)?", part.released
    ):
        yield "no date, or a wrong one"
    if not part.source or not part.names:
        yield "no source or no name"


def test_a_part_whose_name_is_open_says_why() -> None:
    open_names = [part for part in accelerators() if part.source.startswith("ambiguous")]
    assert open_names and all(part.fp32 is None and part.tensor is None for part in open_names)


def test_every_unit_has_its_names_for_itself() -> None:
    for kind in (units().times, units().magnitudes, units().compute):
        names = [name for unit in kind for name in unit.names]
        assert len(names) == len(set(names))
        assert all(unit.factor > 0 for unit in kind)


@pytest.mark.parametrize(
    ("word", "value"),
    [("seven", 7), ("seventeen", 17), ("forty-eight", 48), ("half", 0.5), ("octa", None)],
)
def test_number_words(word: str, value: float | None) -> None:
    assert units().number_words.get(word) == value


@pytest.mark.parametrize(
    ("printed", "factor"), [("zettaFLOPs", 1e21), ("PFLOP", 1e15), ("MFLOPs", 1e6), ("petaflop", 1e15)]
)
def test_amounts_of_compute(printed: str, factor: float) -> None:
    (unit,) = [unit for unit in units().compute if printed.casefold() in {n.casefold() for n in unit.names}]
    assert unit.factor == factor


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


EPOCH_NAMES = {
    "Tianshu Zhixin Zhikai 100": "Iluvatar Zhikai 100",
    "Tianshu Zhixin Tiangai 100": "Iluvatar BI-V100",
    "GroqChip LPU v1": "Groq LPU",
    "NVIDIA GeForce GTX TITAN X": "NVIDIA Titan X (Maxwell)",
}
"""Epoch's names that are none of ours."""

DISAGREEMENTS = {
    "Baidu Kunlun 2": "the R200; the R100 is slower",
    "Cambricon MLU370": "the X4; the S4 and S8 are slower, the X8 draws more",
    "Cambricon MLU270": "the F4 draws twice as much as the S4",
    "Huawei Ascend 910": "the 910A; the Pro and Premium are faster",
    "Huawei Ascend 910B": "the B2; B1, B3 and B4 differ",
    "MetaX C500": "the OAM; the PCIe board is slower",
    "NVIDIA A100": "the SXM's power; the PCIe board draws 300 W",
    "NVIDIA A800": "the SXM's power; the PCIe boards draw 250 W",
    "NVIDIA GeForce RTX 4070": "Epoch has the power of the 4070 Ti",
    "NVIDIA H100": "the SXM; the PCIe board and NVL are slower and draw less",
    "NVIDIA Tesla P100": "the PCIe board, as the authors; SXM2 and DGXS are faster and draw more",
    "NVIDIA Tesla V100": "the PCIe board, as the authors; SXM and DGXS are faster and draw more",
    "Google TPU v2": "45, a quarter of a board's 180, where Epoch rounds up to 46",
}
"""Where a row of Epoch's is not ours, and what we chose; docs/ontology.md says the same to readers."""
_VARIANT = re.compile(
    r"\((?!Maxwell|Pascal)[^)]*\)|(?<=MLU370)-\S+|(?<=MLU290)-\S+"
    r"|\b(?:PC[IL]e|SXM\d?|DGXS|NVL|HGX|Generation|\d+ ?GB)(?=\s|$)",
    re.IGNORECASE,
)


def _part_of(row: dict[str, str]) -> Accelerator | None:
    """The part that a row of Epoch's is a board of: `NVIDIA Tesla V100 PCIe 16 GB` is a V100."""
    name = re.sub(r"\s+", " ", _VARIANT.sub("", row["Hardware name"])).strip()
    return accelerator(EPOCH_NAMES.get(name, name))


def _epoch(shared: Path) -> list[dict[str, str]]:
    table = shared / "reference" / "epoch_ml_hardware.csv"
    with table.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.corpus
def test_every_part_of_epochs_table_is_known(shared: Path) -> None:
    assert [row["Hardware name"] for row in _epoch(shared) if _part_of(row) is None] == []


@pytest.mark.corpus
def test_rates_and_power_agree_with_epochs_table(shared: Path) -> None:
    differing: dict[str, set[str]] = {}
    for row in _epoch(shared):
        part = _part_of(row)
        for ours, theirs in _pairs(part, row) if part else ():
            if abs(ours - theirs) > 0.011 * theirs:
                differing.setdefault(part.id if part else "", set()).add(f"{ours:g} against {theirs:g}")
    assert set(differing) == set(DISAGREEMENTS), differing


def _pairs(part: Accelerator, row: dict[str, str]) -> Iterator[tuple[float, float]]:
    """What both say: FP32, dense 16-bit matrix rate (where Epoch has only FP16, for chips without tensor cores), power."""
    matrix = row["Tensor-FP16/BF16 performance (FLOP/s)"]
    if not matrix and part.kind == "NPU":
        matrix = row["FP16 (half precision) performance (FLOP/s)"]
    single = row["FP32 (single precision) performance (FLOP/s)"]
    for ours, theirs in (
        (part.fp32_flop_per_second, single),
        (part.tensor_flop_per_second, matrix),
        (part.tdp, row["TDP (W)"]),
    ):
        if ours and theirs:
            yield ours, float(theirs)


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
    assert set(disagreements) == set(KNOWN_DISAGREEMENTS_WITH_THE_AUTHORS), disagreements


def _rates(row: dict[str, str]) -> Iterator[tuple[str, float, float]]:
    for column, rate in ((name, f"{name.removesuffix('_model')}_ptp_gflops") for name in row if name):
        printed = row.get(rate) or ""
        if not column.endswith("pu_model") or not re.fullmatch(r"[\d.]+(?:E\+\d+)?", printed.strip()):
            continue
        part = accelerator(re.sub(r"\s+", " ", _VARIANT.sub("", row[column])).strip())
        if part is None or float(printed) < 1000:
            continue
        ours = part.fp32 if part.kind != "TPU" else (part.tensor or 0) * part.chips_per_board
        if ours:
            yield part.id, ours * 1e3, float(printed)


@pytest.mark.parametrize("part", [*DISAGREEMENTS, *KNOWN_DISAGREEMENTS_WITH_THE_AUTHORS])
def test_every_disagreement_is_explained_to_readers(repository: Path, part: str) -> None:
    assert part in (repository / "docs" / "ontology.md").read_text("utf-8")
