"""Labels are read with care, and say of a proposal whether any of them states the same."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.confidence import Model
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS, field_of, same_value
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.guide import to_guide
from extractors.labels import LINE_LIMIT, PAPER_LIMIT, Labels, judged, parse_labels, read_labels
from extractors.promise import Promise

PAPER = PaperId("2401.00001")
EMPTY: Mapping[str, object] = {
    key: [] for key in ("training", "parameters", "operations", "training_compute", "results")
}


def labels(**lists: object) -> Labels:
    """Labels of a paper that reports nothing else."""
    line = json.dumps({"file": "net.pdf", **EMPTY, **lists}).encode()
    return parse_labels([line], "labels.jsonl")["net.pdf"]


def proposal(path: str, value: Value, *, page: int = 3, slug: str = "net") -> Proposal:
    kind, _, name = path.partition(".")
    words = Evidence("0" * 64, page, None, "Training", f"the {name}", "test.rule")
    return Proposal(CellKey(EntityId(PAPER, _kind(kind), slug), name), value, words)


def _kind(word: str) -> EntityKind:
    return next(field.kind for field in FIELDS.values() if field.kind == word)


def reading(*proposals: Proposal) -> Reading:
    return Reading("0" * 64, "test-1", PAPER, "A Net", 9, proposals)


def right(known: Labels, path: str, value: Value, *beside: Proposal) -> bool | None:
    asked = proposal(path, value)
    return known.right(asked, reading(asked, *beside))


def aside(path: str, value: Value) -> Proposal:
    return replace(proposal(path, value, slug="aside"), features={"aside": 1.0})


def test_labels_judge_what_was_set_aside_unless_a_run_of_the_papers_own_says_it_too() -> None:
    known = labels(training=[{"count": 8}])
    eight, one = (
        aside("run.count", Quantity.exact(8, "devices")),
        aside("run.count", Quantity.exact(1, "devices")),
    )
    own = proposal("run.count", Quantity.exact(8, "devices"))
    alone, beside = reading(eight, one), reading(own, eight, one)
    assert [known.right(item, alone) for item in (eight, one)] == [True, False]
    assert [known.right(item, beside) for item in (own, eight, one)] == [True, None, False]


def score(
    value: float, metric: str = "top1_accuracy", benchmark: str = "imagenet-1k", *, page: int = 3
) -> tuple[Proposal, ...]:
    return (
        proposal("result.score", Quantity.exact(value, "percent"), page=page),
        proposal("result.benchmark", Name(benchmark, benchmark), page=page),
        proposal("result.metric", Name(metric, metric), page=page),
    )


def result(value: float, metric: str = "top1_accuracy", **more: object) -> dict[str, object]:
    return {"benchmark": "imagenet-1k", "metric": metric, "value": value, "page": 3, **more}


# What agrees


@pytest.mark.parametrize(
    ("label", "path", "value", "expected"),
    [
        ({"accelerator": "NVIDIA Tesla V100"}, "run.accelerator", Name("NVIDIA Tesla V100", "V100s"), True),
        ({"accelerator": "V100"}, "run.accelerator", Name("NVIDIA Tesla V100", "V100s"), True),
        ({"accelerator": "A100-SXM4-80GB"}, "run.accelerator", Name("NVIDIA A100", "A100"), True),
        ({"accelerator": "Abacus"}, "run.accelerator", Name("Abacus", "abaci"), True),
        ({"accelerator": "V100"}, "run.accelerator", Name("GPU", "GPUs"), False),
        ({"count": 8}, "run.count", Quantity.exact(8, "devices"), True),
        ({"count": 8, "count_unit": "cores"}, "run.count", Quantity.exact(8, "devices"), False),
        ({"time_seconds": 86_400}, "run.wall_time", Quantity.exact(86_500, "s"), True),
        ({"time_seconds": 86_400}, "run.wall_time", Quantity.exact(90_000, "s"), False),
        ({"time_seconds": 86_400}, "run.device_time", Quantity.exact(86_400, "device-s"), False),
        (
            {"time_seconds": 86_400, "time_basis": "device_time"},
            "run.device_time",
            Quantity.exact(86_400, "device-s"),
            True,
        ),
        (
            {"time_seconds": 86_400, "time_basis": "device_time", "count_unit": "cores"},
            "run.device_time",
            Quantity.exact(86_400, "core-s"),
            True,
        ),
        (
            {"time_seconds": 86_400, "time_basis": "device_time", "count_unit": "nodes"},
            "run.device_time",
            Quantity.exact(86_400, "device-s"),
            True,
        ),
        ({"epochs": 90}, "run.epochs", Quantity.exact(90, "epochs"), True),
        ({"epochs": 90}, "run.epochs", Quantity.exact(100, "epochs"), False),
    ],
)
def test_a_value_of_a_run_is_right_if_a_statement_says_it(
    label: dict[str, object], path: str, value: Value, expected: bool
) -> None:
    assert right(labels(training=[label]), path, value) is expected


def test_a_kind_of_part_is_no_answer_where_the_labels_name_one_of_that_kind() -> None:
    known = labels(training=[{"accelerator": name} for name in ("GPU", "V100", "CPU")])
    assert right(known, "run.accelerator", Name("GPU", "GPUs")) is False
    assert right(known, "run.accelerator", Name("CPU", "CPUs")) is True
    assert right(labels(training=[{"accelerator": "GPU"}]), "run.accelerator", Name("GPU", "GPUs")) is True


def test_only_costs_of_own_models_are_right_and_baselines_are_not_judged() -> None:
    own, other = {"value": 1e6, "own": True}, {"value": 2e6, "own": False}
    known = labels(parameters=[own, other])
    baseline = proposal("model.role", Name("baseline", "Net"))
    assert right(known, "model.parameters", Quantity.exact(1e6, "parameters")) is True
    assert right(known, "model.parameters", Quantity.exact(2e6, "parameters")) is False
    assert right(known, "model.parameters", Quantity.exact(2e6, "parameters"), baseline) is None


def test_flops_and_multiply_adds_are_labelled_apart() -> None:
    known = labels(operations=[{"value": 4e9, "kind": "multiply-adds"}])
    assert right(known, "model.multiply_adds", Quantity.exact(4e9, "multiply-add")) is True
    assert right(known, "model.flops", Quantity.exact(4e9, "FLOP")) is False


def test_printed_compute_is_labelled_by_itself() -> None:
    known = labels(training_compute=[{"value_flop": 3.3e18}])
    assert right(known, "run.compute", Quantity.exact(3.32e18, "FLOP")) is True


@pytest.mark.parametrize(
    ("value", "metric", "label", "expected"),
    [
        (76.3, "top1_accuracy", result(76.3), True),
        (76.3, "top1_accuracy", result(76.35), True),
        (76.3, "top1_accuracy", result(76.4), False),
        (23.7, "top1_error", result(76.3), True),
        (76.3, "top1_accuracy", result(23.7, "top1_error"), True),
        (76.3, "top5_accuracy", result(76.3), False),
        (76.3, "top1_accuracy", result(0.763), True),
        (76.3, "top1_accuracy", result(76.3, own=False), False),
    ],
)
def test_a_score_is_compared_with_its_benchmark_and_metric(
    value: float, metric: str, label: dict[str, object], expected: bool
) -> None:
    asked, *beside = score(value, metric)
    assert labels(results=[label]).right(asked, reading(asked, *beside)) is expected


def test_a_score_of_another_benchmark_or_of_none_is_wrong() -> None:
    known = labels(results=[result(76.3)])
    asked, *beside = score(76.3, "accuracy", "cifar-10")
    assert known.right(asked, reading(asked, *beside)) is False
    assert known.right(asked, reading(asked)) is False


def test_a_score_that_two_tables_print_is_listed_where_it_is_labelled() -> None:
    known = labels(results=[result(76.3, page=3)])
    for page, listed in ((3, True), (7, False)):
        asked, *beside = score(76.3, page=page)
        assert known.right(asked, reading(asked, *beside)) is True
        assert known.listed_here(asked, reading(asked, *beside)) is listed


# What is covered


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("run.accelerator", Name("GPU", "GPUs")),
        ("run.compute", Quantity.exact(1e20, "FLOP")),
        ("model.flops", Quantity.exact(1e9, "FLOP")),
        ("result.score", Quantity.exact(76.3, "percent")),
    ],
)
def test_what_an_empty_list_does_not_have_is_wrong_and_a_missing_list_was_not_labelled(
    path: str, value: Value
) -> None:
    assert right(labels(), path, value) is False
    bare = parse_labels([b'{"file": "net.pdf"}'], "labels.jsonl")["net.pdf"]
    assert right(bare, path, value) is None


def test_schedules_are_judged_by_epochs_where_some_are_labelled() -> None:
    silent = labels(training=[{"accelerator": "V100"}])
    assert right(silent, "run.epochs", Quantity.exact(90, "epochs")) is None
    said = labels(training=[{"accelerator": "V100", "epochs": 90, "steps": 100, "batch_size": 64}])
    assert right(said, "run.steps", Quantity.exact(200, "steps")) is None
    assert right(said, "run.batch_size", Quantity.exact(32, "examples")) is None


def test_what_is_not_covered_is_no_judgement() -> None:
    known = labels(training=[{"count": 8}])
    said = reading(
        proposal("run.count", Quantity.exact(8, "devices")),
        proposal("run.count", Quantity.exact(4, "devices"), slug="other"),
        proposal("run.phase", Name("training", "trained")),
        proposal("run.energy", Quantity.exact(5, "kWh")),
    )
    assert [(found.path, found.right, found.weight, found.origin) for found in judged(known, said)] == [
        ("run.count", True, 1.0, "labels"),
        ("run.count", False, 1.0, "labels"),
    ]


# Properties

_FACTS = {
    "run.count": (1, 1e6),
    "run.wall_time": (1, 3.2e8),
    "run.device_time": (1, 1e14),
    "run.epochs": (0.01, 1e5),
    "run.compute": (1e6, 1e30),
    "model.parameters": (1e2, 1e14),
    "model.flops": (1e3, 1e18),
    "model.multiply_adds": (1e3, 1e18),
}
facts = st.sampled_from(sorted(_FACTS)).flatmap(
    lambda path: st.floats(*_FACTS[path]).map(
        lambda number: (path, Quantity.exact(number, FIELDS[path].units[0]))
    )
)


@given(st.lists(facts, max_size=6))
def test_what_is_printed_in_the_layout_of_the_guide_agrees_with_itself(
    said: list[tuple[str, Quantity]],
) -> None:
    found = reading(*(proposal(path, value, slug=f"net-{n}") for n, (path, value) in enumerate(said)))
    printed = to_guide(found, "net.pdf", Model("test", {}), Promise(0, 0))
    known = parse_labels([json.dumps(printed).encode()], "labels.jsonl")["net.pdf"]
    assert all(known.right(item, found) is not False for item in found.proposals)


@given(facts, facts)
def test_agreeing_is_having_the_same_value_of_the_same_field(
    asked: tuple[str, Quantity], label: tuple[str, Quantity]
) -> None:
    (path, value), (labelled, said) = asked, label
    found = right(Labels("net.pdf", {labelled: (said,)}, ()), path, value)
    field = field_of(proposal(path, value).cell)
    assert found is (same_value(field, value, said) if path == labelled else None)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(str).map(str.encode)
)
def test_any_line_is_labels_or_a_refusal(line: bytes) -> None:
    try:
        parse_labels([line], "labels.jsonl")
    except UsageError as error:
        assert "labels.jsonl, line 1" in str(error)  # noqa: PT017  # the property is about both outcomes


# What is refused


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", r"not labels of a paper: .*\(labels.jsonl, line 2\)"),
        (b"[]", r"line 2"),
        (b"\xff\xfe", r"line 2"),
        (b"[" * 100_000, r"line 2"),
        (b"{}", r"Field required \(labels.jsonl, line 2, file\)"),
        (b'{"file": "b.pdf", "training": {}}', r"line 2, training"),
        (b'{"file": "b.pdf", "training": [{"count": "8"}]}', r"valid number.*line 2, training.0.count"),
        (b'{"file": "b.pdf", "training": [{"count": true}]}', r"training.0.count"),
        (b'{"file": "b.pdf", "training": [{"count": NaN}]}', r"training.0.count"),
        (b'{"file": "b.pdf", "training": [{"time_seconds": 1e999}]}', r"training.0.time_seconds"),
        (b'{"file": "b.pdf", "training": [{"count": 0}]}', r"0 devices is no value of run.count.*training.0"),
        (b'{"file": "b.pdf", "training": [{"count": 8, "count_unit": "racks"}]}', r"training.0.count_unit"),
        (b'{"file": "b.pdf", "training": [{"accelerator": " "}]}', r"training.0.accelerator"),
        (b'{"file": "b.pdf", "training": [{"accelerator": "%b"}]}' % (b"V100 " * 50), r"200 characters"),
        (b'{"file": "b.pdf", "operations": [{"value": 1e9, "kind": "MAC"}]}', r"multiply-adds.*operations.0"),
        (b'{"file": "b.pdf", "parameters": [{"value": -1}]}', r"-1 parameters is no value.*parameters.0"),
        (b'{"file": "x/a.pdf"}', r"a.pdf is labelled twice \(labels.jsonl, line 2\)"),
        (
            b'{"file": "b.pdf", "results": [{"benchmark": "imagenet", "metric": "f1", "value": 1, "page": 1}]}',
            r"'imagenet' is no benchmark \(labels.jsonl, line 2, results.0\). Use one of imagenet-1k",
        ),
        (
            b'{"file": "b.pdf", "results": [{"benchmark": "cifar-10", "metric": "wer", "value": 1, "page": 1}]}',
            r"'wer' is no metric of cifar-10 .*line 2, results.0",
        ),
        (b" " * (LINE_LIMIT + 1), r"longer than"),
    ],
    ids=range(20),
)
def test_a_line_that_is_no_labels_is_refused_with_its_number(line: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_labels([b'{"file": "a.pdf"}', line], "labels.jsonl")


def test_a_file_of_too_many_papers_is_refused() -> None:
    lines = (b'{"file": "%d.pdf"}' % number for number in range(PAPER_LIMIT + 1))
    with pytest.raises(UsageError, match=f"more than {PAPER_LIMIT:,} papers"):
        parse_labels(lines, "labels.jsonl")


def test_a_file_is_read_line_by_line_without_empty_lines_and_unknown_keys(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"file": "a/b.pdf", "notes": "?", "title": null}\n\n{"file": "c.pdf"}')
    assert list(read_labels(path)) == ["b.pdf", "c.pdf"]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match=r"cannot read labels.*nowhere.jsonl"):
        read_labels(Path("nowhere.jsonl"))


def test_a_line_too_long_is_not_held_in_memory_whole(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    with path.open("wb") as file:
        file.truncate(1 << 33)  # a sparse file of 8 GiB without a line break
    with pytest.raises(UsageError, match="longer than"):
        read_labels(path)
