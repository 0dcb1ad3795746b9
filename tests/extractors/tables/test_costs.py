"""Costs in tables: the scale stands in the cell, the header or the caption; a cost without one is left out."""

from collections.abc import Callable, Sequence

import pytest

from extractors.documents.model import Document, Table
from extractors.drafts import Draft
from extractors.facts.values import Name, Quantity
from extractors.ownership import Ownership
from extractors.tables.costs import table_drafts

MakeTable = Callable[..., Table]
MakeDocument = Callable[..., Document]
Read = Callable[..., list[Draft]]


@pytest.fixture
def read(table: MakeTable, document: MakeDocument) -> Read:
    def drafts(rows: Sequence[Sequence[str]], caption: str = "", header_rows: int = 1) -> list[Draft]:
        made = table(rows, caption, header_rows)
        return list(table_drafts(document(tables=[made]), Ownership(("NewNet",))))

    return drafts


def values(draft: Draft) -> dict[str, float]:
    return {c.path: c.value.value for c in draft.candidates if isinstance(c.value, Quantity)}


@pytest.mark.parametrize(
    ("header", "cell", "path", "value"),
    [
        ("#Params", "25.6M", "model.parameters", 25.6e6),
        ("Params (M)", "25.6", "model.parameters", 25.6e6),
        ("# parameters", "25,557,032", "model.parameters", 25_557_032),
        ("params (x10^6)", "1.7", "model.parameters", 1.7e6),
        ("#P", "27M", "model.parameters", 27e6),
        ("GFLOPs", "4.1", "model.flops", 4.1e9),
        ("FLOPs (B)", "4.1", "model.flops", 4.1e9),
        ("FLOPs", "4.1 G", "model.flops", 4.1e9),
        ("MAdds (M)", "569", "model.multiply_adds", 569e6),
        ("Mult-Adds", "0.6B", "model.multiply_adds", 0.6e9),
    ],
)
def test_a_cost_is_read_with_the_scale_nearest_to_it(
    header: str, cell: str, path: str, value: float, read: Read
) -> None:
    (draft,) = read([["Model", header, "Top-1"], ["NewNet", cell, "76.3"]])
    assert draft.mention == "NewNet"
    assert values(draft) == {path: pytest.approx(value)}


def test_the_caption_may_give_the_scale(read: Read) -> None:
    (draft,) = read([["Model", "Params", "Top-1"], ["NewNet", "25.6", "76.3"]], "Sizes; params in millions.")
    assert values(draft) == {"model.parameters": pytest.approx(25.6e6)}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Params", "25.6"),
        ("Params (M)", "-"),
        ("Hyperparams", "25M"),
        ("FLOPs reduction", "4.1G"),
        ("GFLOPs/s", "90"),
        ("Params (%)", "50"),
    ],
)
def test_what_is_no_cost_or_has_no_scale_is_left_out(header: str, cell: str, read: Read) -> None:
    assert read([["Model", header, "Top-1"], ["NewNet", cell, "76.3"]]) == []


def test_a_cited_row_is_a_baseline(read: Read) -> None:
    old, new = read([["Model", "Params (M)"], ["OldNet [3]", "25.6"], ["NewNet (ours)", "20.1"]])
    roles = [
        [c.value.id for c in draft.candidates if isinstance(c.value, Name) and c.path == "model.role"]
        for draft in (old, new)
    ]
    assert roles == [["baseline"], []]


def test_models_may_stand_in_columns(read: Read) -> None:
    found = read([["", "NewNet-S", "NewNet-L"], ["Params (M)", "5.1", "25.6"], ["Top-1", "70.0", "76.3"]])
    assert {draft.mention: values(draft) for draft in found} == {
        "NewNet-S": {"model.parameters": pytest.approx(5.1e6)},
        "NewNet-L": {"model.parameters": pytest.approx(25.6e6)},
    }


def test_a_second_header_further_down_counts(read: Read) -> None:
    rows = [["Method", "", "Error"], ["A [1]", "", "9.4"], ["", "# params", ""], ["NewNet", "1.7M", "6.4"]]
    assert [values(draft) for draft in read(rows)] == [{"model.parameters": pytest.approx(1.7e6)}]


def test_a_cost_in_both_ways_of_counting_is_two(read: Read) -> None:
    (draft,) = read([["Model", "BFLOPs", "FPS"], ["NewNet", "30 (15.0 FMA)", "62"]])
    assert values(draft) == {
        "model.flops": pytest.approx(30e9),
        "model.multiply_adds": pytest.approx(15e9),
    }


@pytest.mark.parametrize("cell", ["57.1 → 59.9", "57.1 -> 59.9", "57.1⇒59.9"])
def test_of_a_change_the_second_number_is_read(cell: str, read: Read) -> None:
    (draft,) = read([["Model", "params (M)"], ["NewNet", cell]])
    assert values(draft) == {"model.parameters": pytest.approx(59.9e6)}


def test_sizes_that_name_their_rows_are_parameters(read: Read) -> None:
    found = read(
        [["Size", "Layers", "Width"], ["1B", "16", "2048"], ["7B", "32", "4096"], ["65B*", "80", "8192"]]
    )
    assert [values(draft)["model.parameters"] for draft in found] == [1e9, 7e9, 65e9]


@pytest.mark.parametrize(
    "rows",
    [
        [["Size", "GPUs"], ["1B", "8"], ["1B", "16"], ["7B", "64"]],
        [["Size", "Layers"], ["small", "16"], ["7B", "32"]],
        [["Size", "Top-1"], ["224", "76.3"], ["320", "77.1"]],
    ],
)
def test_other_sizes_are_none(rows: list[list[str]], read: Read) -> None:
    assert not read(rows)


def test_what_a_device_can_do_is_no_operation_of_a_model(read: Read) -> None:
    assert not read([["Device", "Memory", "FLOPS"], ["V100", "16", "125T"], ["TPU v3", "16", "420T"]])
