from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Table
from extractors.drafts import Draft
from extractors.facts.values import Name, Quantity
from extractors.rules.lines import lines_of
from extractors.rules.table_runs import table_drafts

HOUR, DAY = 3600.0, 86_400.0
Run = dict[str, object]


def drafts_of(paper: Document) -> list[Draft]:
    """What its tables state of the paper's own trainings."""
    context = context_of(paper)
    return list(table_drafts(context, list(lines_of(context))))


@pytest.fixture
def runs(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> Callable[..., list[Run]]:
    """Read the training runs of a table: the model with its values by field."""

    def read(rows: Sequence[Sequence[str]], caption: str = "", header_rows: int = 1) -> list[Run]:
        paper = document(
            paragraph("We propose ZipNet.", region="abstract"), tables=[table(rows, caption, header_rows)]
        )
        found = []
        for draft in drafts_of(paper):
            run: Run = {"model": draft.mention}
            for candidate in draft.candidates:
                value = candidate.value
                if isinstance(value, Quantity):
                    run[candidate.path.removeprefix("run.")] = value.value
                elif isinstance(value, Name):
                    run[candidate.path.removeprefix("run.")] = value.id
            found.append(run)
        return found

    return read


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("Training time (h)", "9.5", "wall_time", 9.5 * HOUR),
        ("Train time (days)", "2", "wall_time", 2 * DAY),
        ("Training time in minutes", "17.4 ± 1.4", "wall_time", 17.4 * 60),
        ("Training Time", "34h", "wall_time", 34 * HOUR),
        ("Training Time", "2.7 days (3.5×)", "wall_time", 2.7 * DAY),
        ("Training time (speedup)", "3.0 days (1.6×)", "wall_time", 3 * DAY),
        ("Training time", "2444 (min)", "wall_time", 2444 * 60),
        ("Search cost (GPU days)", "0.5", "device_time", 0.5 * DAY),
        ("GPU hours", "1,200", "device_time", 1200 * HOUR),
        ("GPU hours (thousands)", "3.1", "device_time", 3100 * HOUR),
        ("GPU hours (k)", "3.1", "device_time", 3100 * HOUR),
        ("A100 hours (×10^3)", "3.1", "device_time", 3100 * HOUR),
        ("GPU days in thousands", "3.1", "device_time", 3100 * DAY),
        ("Training cost (V100-hours)", "96", "device_time", 96 * HOUR),
        ("Training Time (GPU-h)", "1,344h", "device_time", 1344 * HOUR),
        ("Training hours", "5.5k", "device_time", 5500 * HOUR),
        ("Training hours", "55", "wall_time", 55 * HOUR),
        ("A100-80GB hours", "82,432", "device_time", 82_432 * HOUR),
        ("MI250X GPU hours", "135", "device_time", 135 * HOUR),
        ("Training time (hh:mm)", "3:30", "wall_time", 3.5 * HOUR),
        ("Training time (mm:ss)", "90:30", "wall_time", 90.5 * 60),
        ("Training time (h)", "3:30:00", "wall_time", 3.5 * HOUR),
        ("min/epoch", "12", "epoch_time", 720),
        ("Time per epoch (min)", "12", "epoch_time", 720),
        ("Epoch time", "1.5 h", "epoch_time", 5400),
        ("Training speed (s/it)", "0.8", "step_time", 0.8),
        ("Train FLOPs", "6.4e19", "compute", 6.4e19),
        ("Training compute (ZFLOPs)", "2.5", "compute", 2.5e21),
        ("Pre-training FLOPs (×10^21)", "5.2", "compute", 5.2e21),
        ("Train / Infer FLOPs", "6.4e19 / 2.9e10", "compute", 6.4e19),
    ],
)
def test_a_header_says_what_its_numbers_are(
    header: str, cell: str, field: str, value: float, runs: Callable[..., list[Run]]
) -> None:
    (run,) = runs([["Model", "Acc", header], ["ZipNet-S", "75.1", cell]])
    assert run[field] == pytest.approx(value)
    assert run["model"] == "ZipNet-S"


@pytest.mark.parametrize(
    "header",
    [
        "Inference time (min)",
        "Test time (h)",
        "Time per step (s)",
        "Decoding time per step (s)",
        "Iterations per second",
        "Speed (s/im)",
        "Latency (ms)",
        "Speech (hours)",
    ],
)
def test_other_times_make_no_run(header: str, runs: Callable[..., list[Run]]) -> None:
    assert runs([["Model", header], ["ZipNet", "120"]]) == []


def test_a_cell_can_say_time_and_hardware(runs: Callable[..., list[Run]]) -> None:
    (run,) = runs([["Model", "Train Time + Hardware"], ["ZipNet", "4d on 16 TPUv3s"]])
    assert (run["wall_time"], run["count"], run["accelerator"]) == (4 * DAY, 16, "Google TPU v3")


def test_a_row_joins_its_hardware_count_and_time(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "#GPUs", "Training time (days)"], ["ZipNet-S", "4", "2"], ["ZipNet-L", "64", "9"]]
    assert [(run["count"], run["wall_time"]) for run in runs(rows)] == [(4, 2 * DAY), (64, 9 * DAY)]


def test_a_header_may_give_the_devices_of_its_times(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "8 GPUs", "64 V100"], ["ZipNet-S", "29 h", "4.2 h"]]
    found = runs(rows, "Table 1: Training time.")
    assert [(run["count"], run["accelerator"], run["wall_time"]) for run in found] == [
        (8, "GPU", 29 * HOUR),
        (64, "NVIDIA Tesla V100", 4.2 * HOUR),
    ]


def test_numbers_of_devices_may_stand_where_names_do(runs: Callable[..., list[Run]]) -> None:
    rows = [["#GPUs", "Images/s", "Time (h)"], ["8", "3200", "27"], ["64", "24000", "3.6"]]
    found = runs(rows, "Table 1: Scaling of training.")
    assert [(run["model"], run["count"], run["wall_time"]) for run in found] == [
        (None, 8, 27 * HOUR),
        (None, 64, 3.6 * HOUR),
    ]


def test_chips_beside_a_time_are_counted(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "Wall-clock (days)", "Chips"], ["ZipNet-XL", "57", "6144"]]
    assert [(run["count"], run["wall_time"]) for run in runs(rows)] == [(6144, 57 * DAY)]


def test_a_table_on_its_side_may_name_its_hardware_without_a_word_of_training(
    runs: Callable[..., list[Run]],
) -> None:
    rows = [
        ["", "ZipNet-S", "ZipNet-L"],
        ["Hardware", "8 V100", "32 A100"],
        ["Training time (days)", "2", "9"],
    ]
    assert [(run["accelerator"], run["count"]) for run in runs(rows, "Table 1: Setup.")] == [
        ("NVIDIA Tesla V100", 8),
        ("NVIDIA A100", 32),
    ]


def test_the_time_of_an_epoch_is_not_the_whole(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "Epoch time (min)", "Total time (h)"], ["ZipNet-S", "4", "6"]]
    assert [(run["epoch_time"], run["wall_time"]) for run in runs(rows, "Table 1: Training time.")] == [
        (240, 6 * HOUR)
    ]


def test_a_pace_makes_no_time_with_epochs_from_elsewhere(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    rows = [["Model", "Epoch time (min)"], ["ZipNet-S", "4"], ["ZipNet-L", "9"]]
    paper = document(paragraph("We propose ZipNet.", region="abstract"), tables=[table(rows)])
    features = [c.features for draft in drafts_of(paper) for c in draft.candidates]
    assert all("several_paces" in known for known in features[::2])


def test_the_memory_of_a_device_is_no_count_of_devices(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "total train time", "GPU memory"], ["ZipNet-S", "120 (min)", "2.39 (GB)"]]
    assert [(run.get("count"), run["wall_time"]) for run in runs(rows)] == [(None, 2 * HOUR)]


def test_the_caption_states_hardware_for_the_whole_table(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "Training time"], ["ZipNet-S", "2 days"], ["ZipNet-L", "9 days"]]
    found = runs(rows, "Table 1: Results. Training time reported on 8 A100 GPUs.")
    assert [(run["accelerator"], run["count"]) for run in found] == [("NVIDIA A100", 8)] * 2


def test_a_table_on_its_side_has_its_models_above(runs: Callable[..., list[Run]]) -> None:
    rows = [["", "ZipNet-S", "ZipNet-L"], ["Training Time", "9h", "34h"], ["Accuracy", "71.0", "74.2"]]
    found = runs(rows)
    assert [(run["model"], run["wall_time"]) for run in found] == [
        ("ZipNet-S", 9 * HOUR),
        ("ZipNet-L", 34 * HOUR),
    ]


def test_cited_rows_are_other_peoples(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "GPU days"], ["Elder [12]", "3150"], ["ZipNet (ours)", "0.5"]]
    (run,) = runs(rows)
    assert (run["model"], run["phase"]) == ("ZipNet (ours)", "unspecified")


def test_the_header_names_the_phase(runs: Callable[..., list[Run]]) -> None:
    (run,) = runs([["Model", "Search cost (GPU days)"], ["ZipNet", "0.5"]])
    assert run["phase"] == "search"


def test_hardware_of_inference_in_the_caption_is_not_that_of_training_times(
    runs: Callable[..., list[Run]],
) -> None:
    rows = [["Model", "Infer-time (ms)", "Train-time (hours)"], ["ZipNet", "19", "10"]]
    caption = "Results. Infer-time is measured on a V100 with a batch of 16."
    assert [run.get("accelerator") for run in runs(rows, caption)] == [None]


def test_a_caption_can_say_what_all_numbers_are(runs: Callable[..., list[Run]]) -> None:
    rows = [["Method", "Permuted", "Incremental"], ["ZipNet-S", "16", "15"], ["ZipNet-L", "1,385", "N/A"]]
    found = runs(rows, "Table 1: Training time for each model in minutes.")
    assert [(run["model"], run["wall_time"]) for run in found] == [
        ("ZipNet-S", 16 * 60),
        ("ZipNet-S", 15 * 60),
        ("ZipNet-L", 1385 * 60),
    ]


def test_durations_without_a_header_are_what_the_caption_announces(runs: Callable[..., list[Run]]) -> None:
    rows = [["ZipNet-S", "18.2", "2.7 days (3.5×)"], ["ZipNet-L", "14.3", "6.9 days (3.0×)"]]
    found = runs(rows, "Table 1: Training time reported on 8 A100 GPUs.", header_rows=0)
    assert [run["wall_time"] for run in found] == [2.7 * DAY, 6.9 * DAY]


def test_schedules_beside_a_time_belong_to_its_run(runs: Callable[..., list[Run]]) -> None:
    rows = [
        ["Hyper-parameter", "ZipNet-S", "ZipNet-L"],
        ["Batch size", "256", "512"],
        ["Training epochs", "90", "300"],
        ["Training hardware", "8 V100", "64 V100"],
        ["Training time", "12h", "3 days"],
    ]
    (small, large) = runs(rows)
    assert (small["batch_size"], small["epochs"], small["count"], small["wall_time"]) == (
        256,
        90,
        8,
        12 * HOUR,
    )
    assert (large["batch_size"], large["epochs"], large["count"], large["wall_time"]) == (
        512,
        300,
        64,
        3 * DAY,
    )


def test_a_table_of_schedules_alone_states_no_run(runs: Callable[..., list[Run]]) -> None:
    assert runs([["Model", "Epochs", "Batch size"], ["ZipNet", "90", "256"]]) == []


def test_an_unmarked_row_with_a_cited_name_is_not_ours_beside_our_own(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    rows = [
        ["Model", "Training time"],
        ["OldNet", "14d on 3 GTX 1080 GPUs"],
        ["ZipNet-S", "4d on 1 V100 GPU"],
    ]
    abstract = paragraph("We propose ZipNet. It improves on OldNet (Miller et al., 2018).", region="abstract")
    paper = document(abstract, tables=[table(rows)])
    assert [draft.mention for draft in drafts_of(paper)] == ["ZipNet-S"]


def test_a_header_can_name_the_processors_of_its_times(runs: Callable[..., list[Run]]) -> None:
    rows = [["", "ZipNet-H", "ZipNet-L"], ["TPUv3-core-days", "2.5k", "0.68k"], ["Accuracy", "88.5", "87.7"]]
    assert [(run["accelerator"], run["device_time"]) for run in runs(rows)] == [
        ("Google TPU v3", pytest.approx(2500 * DAY)),
        ("Google TPU v3", pytest.approx(680 * DAY)),
    ]


def test_devices_beside_a_training_time_are_those_of_the_training(runs: Callable[..., list[Run]]) -> None:
    (run,) = runs(
        [["Method", "Hardware", "Training time"], ["ZipNet", "4× V100", "1.5d"]], "Table 1: Methods."
    )
    assert (run["accelerator"], run["count"], run["wall_time"]) == ("NVIDIA Tesla V100", 4, 1.5 * DAY)


def test_numbers_of_devices_take_their_name_from_the_caption(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "#GPUs", "Time"], ["ZipNet-S", "8", "12"], ["ZipNet-L", "16", "40"]]
    found = runs(rows, "Table 1: Training time in hours on A100 GPUs.")
    assert [run["count"] for run in found] == [8, 16]
    assert all(run["accelerator"] == "NVIDIA A100" for run in found)


def test_a_table_of_parallelism_states_no_run(runs: Callable[..., list[Run]]) -> None:
    rows = [["Params (B)", "Tensor-parallel size", "#GPUs", "Batch size"], ["1.7", "1", "32", "512"]]
    assert runs(rows, "Table 1: Throughput for several sizes.") == []


@pytest.mark.parametrize("label", ["76.1", "Parallelism", "without", "CIFAR-10", "Pretraining", "Stage 1"])
def test_a_number_a_group_or_a_data_set_names_no_model(label: str, runs: Callable[..., list[Run]]) -> None:
    (run,) = runs([["", "Acc", "Training time (h)"], [label, "75.1", "9.5"]])
    assert (run["model"], run["wall_time"]) == (None, 9.5 * HOUR)


@pytest.mark.parametrize("label", ["ZipNet-S", "Large model", "base", "7B", "resnet50"])
def test_names_and_sizes_name_a_model(label: str, runs: Callable[..., list[Run]]) -> None:
    (run,) = runs([["", "Acc", "Training time (h)"], [label, "75.1", "9.5"]])
    assert run["model"] == label


def test_devices_in_a_table_of_speed_are_not_those_of_a_training(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "mAP", "Speed (fps)", "GPU"], ["ZipNet", "80.5", "41", "Titan Xp"]]
    assert runs(rows, "Table 1: Trained on the union of both sets.") == []


def test_a_caption_that_compares_sets_cited_names_against_our_own(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    text = paragraph("We compare with OldNet [7] in training time.")
    rows = [["Scheme", "Training time (days)"], ["OldNet without sharding", "74"], ["QP sharding", "43"]]
    compared = document(text, tables=[table(rows, "Table 1: Comparison of QP sharding to OldNet.")])
    assert [draft.mention for draft in drafts_of(compared)] == ["QP sharding"]
    listed = document(text, tables=[table(rows, "Table 1: Time of training.")])
    assert len(list(drafts_of(listed))) == 2


def test_a_table_on_its_side_gives_devices_and_phase(runs: Callable[..., list[Run]]) -> None:
    rows = [["", "ZipNet-S", "ZipNet-L"], ["GPUs", "4", "32"], ["Pre-training time (days)", "1", "6"]]
    assert [(run["count"], run["accelerator"], run["phase"]) for run in runs(rows)] == [
        (4, "GPU", "pretraining"),
        (32, "GPU", "pretraining"),
    ]


def test_a_device_in_a_column_beside_the_name_is_no_part_of_it(runs: Callable[..., list[Run]]) -> None:
    rows = [["Model", "GPU type", "GPU-hours"], ["ZipNet-7B", "A100-80GB", "82,432"]]
    (run,) = runs(rows, "Table 1: Training our models.")
    assert (run["model"], run["accelerator"]) == ("ZipNet-7B", "NVIDIA A100")


@pytest.mark.parametrize(
    ("rows", "caption"),
    [
        ([["Model", "#GPUs (V100)", "Time (h)"], ["ZipNet", "4", "44"]], "Table 1: Training."),
        ([["", "ZipNet"], ["GPUs (V100)", "4"], ["Training time (h)", "44"]], "Table 1: Training."),
        ([["Training", "GPU hours"], ["ZipNet", "176"]], "Table 1: GPU hours (V100) and energy."),
    ],
)
def test_brackets_behind_bare_devices_say_which_they_are(
    rows: list[list[str]], caption: str, runs: Callable[..., list[Run]]
) -> None:
    (run,) = runs(rows, caption)
    assert run["accelerator"] == "NVIDIA Tesla V100"


def test_hours_of_a_named_device_name_it_beside_bare_gpus(runs: Callable[..., list[Run]]) -> None:
    rows = [["Recipe", "GPUs", "Training time (V100 hours)"], ["ZipNet", "4", "440"]]
    (run,) = runs(rows)
    assert (run["accelerator"], run["count"]) == ("NVIDIA Tesla V100", 4)


@pytest.mark.parametrize(
    ("header", "caption"),
    [
        (["Model", "Hardware", "Days", "Year"], "Training of large models."),
        (["Model", "Hardware", "Days", "Source"], "Training of large models."),
        (["Model", "Hardware", "Days", "Score"], "Compute of some published models."),
        (["Model", "Hardware", "Days", "Score"], "Training as known from the papers."),
    ],
)
def test_a_table_of_others_systems_is_theirs(
    header: list[str], caption: str, runs: Callable[..., list[Run]]
) -> None:
    rows = [header, ["OldNet", "64 V100", "9", "2019"], ["PastNet", "8 P100", "3", "2017"]]
    assert runs(rows, f"Table 1: {caption}") == []
    assert len(runs([*rows, ["ZipNet", "4 A100", "2", "2024"]], f"Table 1: {caption}")) == 3
    assert [
        run["model"]
        for run in runs([*rows, ["PlainNet (ours)", "4 A100", "2", "2024"]], f"Table 1: {caption}")
    ] == ["PlainNet (ours)"]


@pytest.mark.parametrize(
    "caption",
    [
        "Cost of training. Rows above the line are from Miller et al. (2023).",
        "Cost of training. Costs of the other models are those given in Miller et al. (2023).",
    ],
)
def test_a_caption_may_say_where_rows_beside_the_papers_own_are_from(
    caption: str, runs: Callable[..., list[Run]]
) -> None:
    rows = [["Model", "GPU hours"], ["OldNet", "809,472"], ["ZipNet-S", "76,800"]]
    assert [run["device_time"] for run in runs(rows, f"Table 1: {caption}")] == [76_800 * HOUR]
