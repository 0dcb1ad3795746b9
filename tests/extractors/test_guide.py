"""A reading is printed in the layout of the labelling guide, each entry with its place and its confidence."""

from dataclasses import replace

import pytest

from extractors.confidence import Linear
from extractors.facts.evidence import Box, Evidence
from extractors.facts.fields import Family
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Problem, Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.guide import Json, to_guide
from extractors.promise import Promise
from tests.models import model_of

PAPER = PaperId("2007.05558")
FAMILIES: tuple[Family, ...] = ("training", "resources", "costs", "scores")
WEIGHTS = {"sure": 9.0, "unsure": -1.0, "hopeless": -9.0}


def cell(
    kind: EntityKind, slug: str, field: str, value: Value, mood: str = "sure", page: int = 3
) -> Proposal:
    evidence = Evidence(
        "0" * 64, page, Box(page, 1, 2, 3, 4), "Table 2", f"the {field} of {slug}", "test.rule"
    )
    return Proposal(CellKey(EntityId(PAPER, kind, slug), field), value, evidence, features={mood: 1.0})


def guide(*proposals: Proposal, rejected: bool = False) -> Json:
    model = model_of(dict.fromkeys(FAMILIES, Linear(0.0, WEIGHTS)))
    reading = Reading(
        "0" * 64, "test-1", PAPER, "A title", 9, proposals, (Problem("document", "page 4: no text"),)
    )
    return to_guide(reading, "paper.pdf", model, Promise(), rejected=rejected)


def entries(found: Json, key: str) -> list[Json]:
    listed = found[key]
    assert isinstance(listed, list)
    return listed


def only(found: Json, key: str) -> Json:
    (entry,) = entries(found, key)
    return entry


NAME = cell("model", "net", "name", Name("Net", "DemoNet"))
HARDWARE = (
    cell("run", "net", "model", Name("net", "DemoNet")),
    cell("run", "net", "accelerator", Name("NVIDIA Tesla V100", "V100s"), "unsure"),
    cell("run", "net", "count", Quantity.exact(8, "devices")),
)
TIME = cell("run", "net", "wall_time", Quantity.exact(86_400, "s", "one day"), page=5)


def test_a_paper_without_facts_has_empty_lists_and_its_problems() -> None:
    found = guide()
    assert (found["file"], found["paper"], found["title"]) == ("paper.pdf", PAPER, "A title")
    assert not any(
        found[key] for key in ("training", "parameters", "operations", "training_compute", "results")
    )
    assert found["problems"] == ["page 4: no text"]


def test_a_run_is_an_entry_at_the_place_of_its_time_after_what_other_pages_say() -> None:
    elsewhere, entry = entries(guide(NAME, *HARDWARE, TIME), "training")
    assert (elsewhere["page"], elsewhere["count"], elsewhere["time_seconds"]) == (3, 8, None)
    assert (entry["model"], entry["accelerator"], entry["accelerator_raw"]) == (
        "DemoNet",
        "NVIDIA Tesla V100",
        "V100s",
    )
    assert (entry["count"], entry["count_unit"]) == (8, "devices")
    assert (entry["time_seconds"], entry["time_printed"], entry["time_basis"]) == (
        86_400,
        "one day",
        "wall_clock",
    )
    assert (entry["page"], entry["box"], entry["quote"]) == (5, [1, 2, 3, 4], "the wall_time of net")


def test_a_schedule_alone_is_an_entry_only_where_no_run_with_hardware_or_time_gives_one() -> None:
    alone = cell("run", "tuned", "epochs", Quantity.exact(3, "epochs"))
    given = cell("run", "net", "epochs", Quantity.exact(90, "epochs"))
    assert [e["epochs"] for e in entries(guide(NAME, *HARDWARE, alone), "training")] == [None, 3]
    assert [e["epochs"] for e in entries(guide(NAME, *HARDWARE, given, alone), "training")] == [90]


def test_of_schedules_alone_that_say_different_things_none_is_an_entry_beside_a_run_with_hardware() -> None:
    one = cell("run", "tuned", "epochs", Quantity.exact(3, "epochs"))
    other = cell("run", "probed", "epochs", Quantity.exact(90, "epochs"))
    assert [e["epochs"] for e in entries(guide(NAME, *HARDWARE, one, other), "training")] == [None]
    assert [e["epochs"] for e in entries(guide(NAME, one, other), "training")] == [3, 90]


def test_an_entry_is_as_sure_as_its_least_sure_part() -> None:
    entry = entries(guide(NAME, *HARDWARE, TIME), "training")[-1]
    assert (entry["confidence"], entry["status"]) == (0.2689, "queued")


def test_a_run_with_two_times_is_two_entries() -> None:
    device = cell("run", "net", "device_time", Quantity.exact(8 * 86_400, "device-s", "8 GPU days"))
    found = entries(guide(NAME, TIME, device), "training")
    assert [entry["time_basis"] for entry in found if entry["time_basis"]] == ["wall_clock", "device_time"]


def test_values_below_the_floor_are_printed_only_on_demand() -> None:
    doubtful = cell("model", "net", "parameters", Quantity.exact(1e6, "parameters"), "hopeless")
    assert guide(NAME, doubtful)["parameters"] == []
    assert only(guide(NAME, doubtful, rejected=True), "parameters")["status"] == "rejected"


def test_a_baseline_is_not_own() -> None:
    role = cell("model", "net", "role", Name("baseline", "DemoNet"), "hopeless")
    entry = only(
        guide(NAME, role, cell("model", "net", "parameters", Quantity.exact(1e6, "parameters"))), "parameters"
    )
    assert (entry["own"], entry["headline"], entry["value"]) == (False, False, 1e6)


def test_flops_and_multiply_adds_are_kept_apart() -> None:
    flops = cell("model", "net", "flops", Quantity.exact(8e9, "FLOP"))
    adds = cell("model", "net", "multiply_adds", Quantity.exact(4e9, "multiply-add"))
    found = entries(guide(NAME, flops, adds), "operations")
    assert [(entry["kind"], entry["value"]) for entry in found] == [("FLOPs", 8e9), ("multiply-adds", 4e9)]


def test_printed_compute_stands_under_its_own_key() -> None:
    compute = cell("run", "net", "compute", Quantity.exact(2.3e19, "FLOP"))
    entry = only(guide(NAME, *HARDWARE, compute), "training_compute")
    assert (entry["model"], entry["value_flop"]) == ("DemoNet", 2.3e19)


def test_a_result_names_its_benchmark_model_and_table() -> None:
    result = [
        cell("result", "r", "model", Name("net", "DemoNet")),
        cell("result", "r", "benchmark", Name("imagenet-1k", "ImageNet")),
        cell("result", "r", "metric", Name("top1_error", "top-1 err.")),
        cell("result", "r", "standing", Name("best", "bold")),
        cell("result", "r", "score", Quantity.exact(23.7, "percent")),
    ]
    entry = only(guide(NAME, *result), "results")
    assert (entry["benchmark"], entry["metric"], entry["value"]) == ("imagenet-1k", "top1_error", 23.7)
    assert (entry["model"], entry["best_own"], entry["table"]) == ("DemoNet", True, "Table 2")


@pytest.mark.parametrize(
    ("anchor", "table"),
    [
        ("Table 2", "Table 2"),
        ("TABLE IV", "TABLE IV"),
        ("S4.SS2.T1", "S4.SS2.T1"),
        ("A1.T3.2", "A1.T3.2"),
        ("S4.p2", "text"),
        ("T5 results", "text"),
        ("", "text"),
    ],
)
def test_a_result_of_a_table_says_so_in_print_and_in_html(anchor: str, table: str) -> None:
    score = cell("result", "r", "score", Quantity.exact(23.7, "percent"))
    placed = replace(score, evidence=replace(score.evidence, anchor=anchor))
    names = [
        cell("result", "r", "benchmark", Name("imagenet-1k", "ImageNet")),
        cell("result", "r", "metric", Name("top1_error", "top-1 err.")),
    ]
    assert only(guide(*names, placed), "results")["table"] == table


@pytest.mark.parametrize(
    ("score", "value"),
    [
        (Quantity.exact(91.1, "percent", "0.911"), 0.911),
        (Quantity.exact(91.1, "percent", ".911"), 0.911),
        (Quantity.exact(91.1, "percent", "91.1%"), 91.1),
        (Quantity.exact(0.5, "percent", "0.5"), 0.5),
        (Quantity.exact(2.58, "points", "2.58"), 2.58),
    ],
)
def test_a_score_is_given_as_printed_and_normalised(score: Quantity, value: float) -> None:
    names = [
        cell("result", "r", "benchmark", Name("wider-face", "WIDER Face")),
        cell("result", "r", "metric", Name("ap_hard", "hard")),
    ]
    entry = only(guide(*names, cell("result", "r", "score", score)), "results")
    assert (entry["value"], entry["normalised"], entry["printed"]) == (value, score.value, score.printed)


def test_resources_stand_under_a_key_of_their_own_and_in_no_training_entry() -> None:
    energy = cell("run", "net", "energy", Quantity.exact(239e3, "kWh", "239 MWh"), "unsure", page=7)
    format = cell("run", "net", "number_format", Name("bf16", "bfloat16"))
    found = guide(NAME, *HARDWARE, TIME, energy, format)
    first, second = entries(found, "resources")
    assert (first["model"], first["field"], first["value"], first["unit"]) == (
        "DemoNet",
        "energy",
        239e3,
        "kWh",
    )
    assert (first["page"], first["status"], first["printed"]) == (7, "queued", "239 MWh")
    assert (second["field"], second["value"], second["unit"]) == ("number_format", "bf16", None)
    assert entries(found, "training") == entries(guide(NAME, *HARDWARE, TIME), "training")


def test_a_run_of_resources_alone_is_no_training_entry() -> None:
    found = guide(cell("run", "all", "training_set", Name("pebbles", "Pebbles")))
    assert found["training"] == []
    assert only(found, "resources")["value"] == "pebbles"
