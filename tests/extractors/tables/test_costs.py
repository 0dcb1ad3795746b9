"""Costs in tables: the scale stands in the cell, the header or the caption; a cost without one is left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from extractors.context import Context
from extractors.documents.model import Document, Paragraph, Table
from extractors.drafts import Draft
from extractors.facts.values import Name, Quantity
from extractors.ownership import Ownership
from extractors.tables.costs import table_drafts

MakeTable = Callable[..., Table]
MakeDocument = Callable[..., Document]
Read = Callable[..., list[Draft]]
Known = dict[str, list[float]]


@pytest.fixture
def beside_oldnet(
    document: MakeDocument, paragraph: Callable[..., Paragraph]
) -> Callable[[Table], list[Draft]]:
    """Read a table of a paper that proposes NewNet and cites OldNet."""

    def drafts(made: Table) -> list[Draft]:
        paper = document(paragraph("We follow OldNet [3]."), tables=[made])
        return list(table_drafts(Context(paper, (), Ownership(("NewNet",))), {}))

    return drafts


@pytest.fixture
def read(table: MakeTable, document: MakeDocument) -> Read:
    def drafts(
        rows: Sequence[Sequence[str]], caption: str = "", known: Known | None = None, header_rows: int = 1
    ) -> list[Draft]:
        made = table(rows, caption, header_rows)
        return list(table_drafts(Context(document(tables=[made]), (), Ownership(("NewNet",))), known or {}))

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
        ("Million Mult-Adds", "569", "model.multiply_adds", 569e6),
        ("Million Mult-Adds", "15300", "model.multiply_adds", 15.3e9),
        ("Params (M)", "25,557,032", "model.parameters", 25_557_032),
        ("Mul-Adds (M)", "300", "model.multiply_adds", 300e6),
        ("GMACs", "4.1", "model.multiply_adds", 4.1e9),
        ("Complexity (MFLOPs)", "140", "model.flops", 140e6),
        ("Bn Ops", "18.7", "model.flops", 18.7e9),
        ("# Operations", "5.6B", "model.flops", 5.6e9),
        ("Inference FLOPs [G]", "2", "model.flops", 2e9),
        ("n_params", "125M", "model.parameters", 125e6),
        ("Model size (M)", "25", "model.parameters", 25e6),
        ("# Weights", "60M", "model.parameters", 60e6),
        ("Trainable params", "1.2M", "model.parameters", 1.2e6),
        ("Non-embedding params", "85M", "model.parameters", 85e6),
        ("Params (×1e6)", "12", "model.parameters", 12e6),
        ("Params M", "12", "model.parameters", 12e6),
        ("Size (# Parameters)", "137 Billion", "model.parameters", 137e9),
        ("Params", "25.6m", "model.parameters", 25.6e6),
        ("Cost", "4.1 GFLOPs", "model.flops", 4.1e9),
        ("Complexity", "569M MAdds", "model.multiply_adds", 569e6),
        ("Mega-FLOPs", "41", "model.flops", 41e6),
        ("FLOPs", "4.1GFLOPs", "model.flops", 4.1e9),
        ("×+ (M)", "574", "model.multiply_adds", 574e6),
        ("GFLOPS/FPS", "86/28", "model.flops", 86e9),
        ("FPS / GFLOPs", "28 / 86", "model.flops", 86e9),
        ("FLOPs / image", "4.1G", "model.flops", 4.1e9),
        ("FLOPs (Pruned %)", "90.9M (27.6%)", "model.flops", 90.9e6),
        ("Params", "25.6M (+0.3M)", "model.parameters", 25.6e6),
        ("Params", "12.1M (1.2×)", "model.parameters", 12.1e6),
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
        ("FLOPs (% of the original)", "50"),
        ("FLOPs ↓ (%)", "50"),
        ("Model size (MB)", "98"),
        ("Activated params", "13B"),
        ("Embedding params", "30M"),
        ("Extra params", "2M"),
        ("KOps per pixel", "18"),
        ("Training FLOPs", "3e18"),
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


def test_one_column_may_give_two_costs(read: Read) -> None:
    (draft,) = read([["Model", "Params (M) / FLOPs (G)"], ["NewNet", "25.6 / 4.1"]])
    assert values(draft) == {"model.parameters": pytest.approx(25.6e6), "model.flops": pytest.approx(4.1e9)}


@pytest.mark.parametrize(
    ("known", "scale"), [([25.6e6], 1e6), ([25.6e9, 3e6], 1e9), ([25.9e6], None), ([], None)]
)
def test_the_text_may_give_the_scale_of_bare_numbers(
    known: list[float], scale: float | None, read: Read
) -> None:
    rows = [["Model", "Params"], ["NewNet", "25.6"], ["NewNet-L", "44.5"]]
    found = [values(draft)["model.parameters"] for draft in read(rows, known={"model.parameters": known})]
    assert found == ([pytest.approx(25.6 * scale), pytest.approx(44.5 * scale)] if scale else [])


def test_a_small_bare_number_is_no_proof_of_a_scale(read: Read) -> None:
    assert not read([["Model", "Params"], ["NewNet", "7"]], known={"model.parameters": [7e9]})


def test_rows_of_one_label_are_told_apart_by_what_differs(read: Read) -> None:
    rows = [
        ["Model", "Width", "Params"],
        ["NewNet", "64", "10M"],
        ["NewNet", "128", "12M"],
        ["Other", "64", "9M"],
    ]
    assert [draft.mention for draft in read(rows)] == ["NewNet, Width 64", "NewNet, Width 128", "Other"]


def test_rows_of_one_label_and_cost_keep_it(read: Read) -> None:
    rows = [["Model", "Width", "Params"], ["NewNet", "64", "10M"], ["NewNet", "128", "10M"]]
    assert {draft.mention for draft in read(rows)} == {"NewNet"}


@pytest.mark.parametrize(
    ("caption", "mention"), [("Table 1: Settings of NewNet-XL.", "NewNet-XL"), ("Table 1: Settings.", None)]
)
def test_values_of_a_list_of_settings_are_of_the_model_in_the_caption(
    caption: str, mention: str | None, read: Read
) -> None:
    (draft,) = read([["Hyperparameter", "Value"], ["Layers", "12"], ["Number of parameters", "63M"]], caption)
    assert (draft.mention, values(draft)) == (mention, {"model.parameters": 63e6})


def test_a_name_that_the_paper_cites_is_a_baseline_where_own_rows_are_named(
    table: MakeTable, beside_oldnet: Callable[[Table], list[Draft]]
) -> None:
    made = table([["Model", "Params"], ["OldNet (thin)", "9M"], ["NewNet", "4M"]])
    old, new = beside_oldnet(made)
    assert [c.value.id for c in old.candidates if isinstance(c.value, Name)] == ["baseline"]
    assert not [c for c in new.candidates if isinstance(c.value, Name)]


def test_two_lists_side_by_side_have_models_of_their_own(read: Read) -> None:
    rows = [
        ["Model", "Params", "Model", "Params"],
        ["NewNet", "4M", "OldNet [3]", "9M"],
        ["NewNet-L", "8M", "", ""],
    ]
    found = read(rows)
    assert [(draft.mention, values(draft)["model.parameters"]) for draft in found] == [
        ("NewNet", 4e6),
        ("OldNet [3]", 9e6),
        ("NewNet-L", 8e6),
    ]
    assert [any(c.path == "model.role" for c in draft.candidates) for draft in found] == [False, True, False]


def test_one_row_measured_under_several_methods_is_several_models(
    table: MakeTable, beside_oldnet: Callable[[Table], list[Draft]]
) -> None:
    rows = [
        ["Backbone", "original", "", "NewNet", ""],
        ["", "GFLOPs", "Top-1", "GFLOPs", "Top-1"],
        ["Plain-50 [9]", "3.86", "75", "3.87", "77"],
    ]
    made = table(rows, "", 2)
    old, new = beside_oldnet(made)
    assert [old.mention, new.mention] == ["Plain-50, original", "Plain-50, NewNet"]
    assert [values(draft)["model.flops"] for draft in (old, new)] == [3.86e9, 3.87e9]
    assert any(c.path == "model.role" for c in old.candidates)
    assert not any(c.path == "model.role" for c in new.candidates)


def test_beside_the_original_numbers_own_runs_and_the_proposal_are_own(read: Read) -> None:
    rows = [
        ["Backbone", "original", "re-implementation", "GateNet"],
        ["", "GFLOPs", "GFLOPs", "GFLOPs"],
        ["Plain-50 [9]", "3.80", "3.86", "3.87"],
    ]
    found = read(rows, header_rows=2)
    assert [any(c.path == "model.role" for c in draft.candidates) for draft in found] == [True, False, False]


def test_a_header_that_spans_columns_does_not_begin_another_list(
    table: MakeTable, beside_oldnet: Callable[[Table], list[Draft]]
) -> None:
    made = table([["Method", "", "Params"], ["NewNet", "32", "4M"]])
    head = replace(made.rows[0][0], column_span=2) if made.rows[0][0] else None
    made = replace(made, rows=((head, *made.rows[0][1:]), *made.rows[1:]))
    (draft,) = beside_oldnet(made)
    assert draft.mention == "NewNet"


@pytest.mark.parametrize(
    ("head", "caption", "names"),
    [
        ("Parameters (billion)", "Sizes of BigNet models.", ["BigNet 1.7B", "BigNet 7.5B"]),
        ("Parameters (billion)", "Sizes of NewNet-L.", ["NewNet-L 1.7B", "NewNet-L 7.5B"]),
        ("Parameters (billion)", "Sizes.", ["NewNet 1.7B", "NewNet 7.5B"]),
        ("GFLOPs", "Depths.", [None, None]),
    ],
)
def test_a_number_is_no_name_but_a_family_with_its_size_is(
    head: str, caption: str, names: list[str | None], read: Read
) -> None:
    found = read([[head, "Heads"], ["1.7", "24"], ["7.5", "32"]], caption)
    assert [draft.mention for draft in found] == names


def test_rows_for_widths_of_one_model_are_called_by_them(read: Read) -> None:
    found = read([["Width", "Params"], ["256", "4M"], ["512", "9M"]], "Widths of NewNet-L.")
    assert [draft.mention for draft in found] == ["NewNet-L, Width 256", "NewNet-L, Width 512"]


def test_a_column_for_names_names_rows_that_begin_with_a_number(read: Read) -> None:
    rows = [["Depth", "Backbone", "Params"], ["20", "Plain [3]", "9M"], ["24", "NewNet-24", "4M"]]
    assert [draft.mention for draft in read(rows)] == ["Plain [3]", "NewNet-24"]


def test_a_caption_explains_a_vague_header(read: Read) -> None:
    rows = [["Model", "Complexity"], ["NewNet", "146"]]
    (draft,) = read(rows, "Complexity (in MFLOPs) of our models.")
    assert values(draft) == {"model.flops": 146e6}
    assert read(rows, "Complexity of our models.") == []


def test_a_label_may_begin_with_its_power(read: Read) -> None:
    found = read([["", "NewNet-S", "NewNet-L"], ["10^9 mult-adds", "0.24", "0.71"]])
    assert [values(draft) for draft in found] == [
        {"model.multiply_adds": 0.24e9},
        {"model.multiply_adds": 0.71e9},
    ]


def test_a_header_of_training_and_pass_gives_the_cost_of_a_pass(read: Read) -> None:
    (draft,) = read([["Model", "Train / Infer FLOPs"], ["NewNet", "1.4e18 / 3.7e9"]])
    assert values(draft) == {"model.flops": pytest.approx(3.7e9)}


def test_operations_in_brackets_of_a_label_have_its_scale(read: Read) -> None:
    rows = [["input size", "Net-A", "Net-B"], ["complexity (ops., \u00d710^10)", "1.9", "5.3"]]
    assert [values(draft) for draft in read(rows)] == [
        {"model.flops": pytest.approx(1.9e10)},
        {"model.flops": pytest.approx(5.3e10)},
    ]
