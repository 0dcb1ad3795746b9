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
