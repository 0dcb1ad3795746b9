from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.context import context_of
from extractors.documents.model import Document, Page, Paragraph, Table, Word, compose
from extractors.drafts import Draft
from extractors.facts.evidence import Box
from extractors.facts.fields import FIELDS
from extractors.facts.values import Name, Quantity
from extractors.rules.training import training_drafts

DAY = 86_400.0
V100, A100, P100 = "NVIDIA Tesla V100", "NVIDIA A100", "NVIDIA Tesla P100"
SETTING = "We train every network with a learning rate of 0.1."

Facts = dict[str, object]


def facts(draft: Draft) -> Facts:
    """The first value of each field, names by id, quantities by number."""
    found: Facts = {}
    for candidate in draft.candidates:
        value, field = candidate.value, candidate.path.removeprefix("run.")
        if isinstance(value, Quantity):
            found.setdefault(field, value.value)
        elif isinstance(value, Name):
            found.setdefault(field, value.id)
    return found


@pytest.fixture
def drafts(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> Callable[..., list[Facts]]:
    """Read the training runs of a paper that has one paragraph."""

    def read(text: str, section: str = "", tables: tuple[Table, ...] = ()) -> list[Facts]:
        paper = document(paragraph(SETTING), paragraph(text, section), tables=tables)
        return [facts(draft) for draft in training_drafts(context_of(paper))]

    return read


def holds(found: list[Facts], wanted: Facts) -> bool:
    return any(wanted.items() <= draft.items() for draft in found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Training took 3 days on 8 V100 GPUs.", {"accelerator": V100, "count": 8, "wall_time": 3 * DAY}),
        ("We use 8 V100 GPUs. Training takes 3 days.", {"accelerator": V100, "count": 8, "wall_time": 3 * DAY}),
        ("We trained on one machine with 8 P100s. A step took 0.4 seconds. The base net ran for 12 hours.",
         {"accelerator": P100, "count": 8, "wall_time": DAY / 2}),
        ("Pre-training used 64 TPU v3 chips. It took four days.",
         {"accelerator": "Google TPU v3", "count": 64, "wall_time": 4 * DAY, "phase": "pretraining"}),
        ("The architecture search ran on 5 A100 GPUs for 2 days.",
         {"accelerator": A100, "count": 5, "wall_time": 2 * DAY, "phase": "search"}),
        ("Fine-tuning needs less than one hour on a single V100.",
         {"accelerator": V100, "count": 1, "wall_time": 3600, "phase": "finetuning"}),
        ("The search cost 450 GPU days.", {"device_time": 450 * DAY}),
        ("Training ran on 32 GPUs; it completed in 24h for a total of 32 GPU/day.",
         {"count": 32, "wall_time": DAY, "device_time": 32 * DAY}),
        ("Our small net trains on one A100. With 16 workers, training is reduced to 6 hours.",
         {"accelerator": A100, "count": 16, "wall_time": 6 * 3600}),
        ("We train for 90 epochs with a batch size of 256 on 8 V100 GPUs.",
         {"accelerator": V100, "count": 8, "epochs": 90, "batch_size": 256}),
        ("Training time falls from 84 hours to 9.5 on 4 V100 GPUs.",
         {"accelerator": V100, "count": 4, "wall_time": 9.5 * 3600}),
        ("All experiments are processed in a GPU cluster.", {"accelerator": "GPU"}),
        ("We trained this model on 128 cores of TPU v3 for 48 hours.",
         {"accelerator": "Google TPU v3", "count": 128, "wall_time": 2 * DAY}),
        ("Training on 4 nodes of 8 A100-SXM4-40GB GPUs took 21 days.",
         {"accelerator": A100, "count": 32, "wall_time": 21 * DAY}),
        ("All experiments were performed on a single Titan X.", {"accelerator": "NVIDIA Titan X", "count": 1}),
        ("Thanks to sparse layers, training takes only 9 h on 8 V100 GPUs.",
         {"accelerator": V100, "count": 8, "wall_time": 9 * 3600}),
        ("The network is optimized for 200k iterations on one P100 GPU.", {"accelerator": P100, "count": 1}),
        ("Hardware: 8 V100 GPUs. Training time: 3 days.",
         {"accelerator": V100, "count": 8, "wall_time": 3 * DAY}),
        ("Following [3], training takes 2 days on 8 A100 GPUs.",
         {"accelerator": A100, "count": 8, "wall_time": 2 * DAY}),
        ("The model trains at 8 steps per second and reaches a million in 1.5 days on 8 V100 GPUs.",
         {"accelerator": V100, "count": 8, "wall_time": 1.5 * DAY}),
        ("We train each net for five to six days on two GTX 580 3GB GPUs.",
         {"accelerator": "NVIDIA GeForce GTX 580", "count": 2, "wall_time": 5.5 * DAY}),
        ("The nets were trained with either a GTX 1080 Ti or an RTX 2080 Ti.",
         {"accelerator": "NVIDIA GeForce RTX 2080 Ti", "count": 1}),
        ("After 4 hours (300k steps) it reaches 70%; training runs for 3 days on 8 V100 GPUs.",
         {"accelerator": V100, "count": 8, "wall_time": 3 * DAY}),
        ("We use a workstation with two V100 cards. On this setup, training takes 20 hours.",
         {"accelerator": V100, "count": 2, "wall_time": 20 * 3600}),
        ("We trained the base net on four V100 GPUs for 10 days. With the same hardware, fine-tuning took 8 hours.",
         {"accelerator": V100, "count": 4, "wall_time": 8 * 3600, "phase": "finetuning"}),
        ("The small model took 3,000 GPU hours on A100.", {"device_time": 3000 * 3600}),
        ("Total compute: 1,000 V100-days.", {"accelerator": V100, "device_time": 1000 * DAY}),
        ("Training takes 3 days instead of 10 days on 8 V100 GPUs.", {"wall_time": 3 * DAY}),
        ("We ran hyperparameter search for 2 weeks on 100 CPUs and trained the final model for 1 day on 4 V100s.",
         {"accelerator": "CPU", "count": 100, "wall_time": 14 * DAY, "phase": "search"}),
        ("We ran hyperparameter search for 2 weeks on 100 CPUs and trained the final model for 1 day on 4 V100s.",
         {"accelerator": V100, "count": 4, "wall_time": DAY}),
        ("The hyper-parameter sweep took 4 days on 32 V100 GPUs.", {"accelerator": V100, "count": 32, "phase": "search"}),
        ("We trained the small net for 3 days on 8 V100 GPUs and the large one with 64 for a week.",
         {"accelerator": V100, "count": 64, "wall_time": 7 * DAY}),
        ("Our search used 500 GPUs across 4 days.", {"accelerator": "GPU", "count": 500, "wall_time": 4 * DAY}),
        ("Training A/B on four P100 GPUs takes 3-4 weeks.",
         {"accelerator": P100, "count": 4, "wall_time": 24.5 * DAY}),
        ("For the long schedule that prior work followed we train for 500 epochs; this takes 5 days on 16 V100 GPUs.",
         {"accelerator": V100, "count": 16, "wall_time": 5 * DAY}),
        ("When training the largest model, we process 380 tokens/sec/GPU on 2048 A100 GPUs.",
         {"accelerator": A100, "count": 2048}),
        ("Decoding takes 40 minutes on a single V100, and training took 60 hours on 8 P100 GPUs.",
         {"accelerator": P100, "count": 8, "wall_time": 2.5 * DAY}),
        ("Preprocessing the corpus took 12 hours on 64 CPU cores. We trained the model on 4 P100 GPUs for 2 days.",
         {"accelerator": P100, "count": 4, "wall_time": 2 * DAY}),
        ("We train the two models on 64 and 128 A100 GPUs, respectively. Training takes 5 and 9 days.",
         {"accelerator": A100, "count": 128, "wall_time": 9 * DAY}),
    ],
)  # fmt: skip
def test_facts_of_one_run_are_joined(text: str, wanted: Facts, drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(text)
    assert holds(found, wanted), found


def test_each_means_all_runs_just_named(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(
        "The small model was trained on 4 V100 GPUs. The large model was trained on 16 A100 GPUs. Each training took 4 days."
    )
    assert holds(found, {"accelerator": V100, "count": 4, "wall_time": 4 * DAY})
    assert holds(found, {"accelerator": A100, "count": 16, "wall_time": 4 * DAY})


def test_phases_of_one_sentence_stay_with_their_hardware(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(
        "Pretraining took 2.5 days on a v4-128 TPU slice, and fine-tuning took 3 hours on 8 A100 GPUs."
    )
    assert holds(found, {"accelerator": "Google TPU v4", "wall_time": 2.5 * DAY, "phase": "pretraining"})
    assert holds(found, {"accelerator": A100, "wall_time": 3 * 3600, "phase": "finetuning"})


def test_a_cpu_beside_a_gpu_is_its_host(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(
        "We run our experiments on a workstation with an Intel Core i7-6700K CPU and a GTX 1070 GPU."
    )
    assert [draft["accelerator"] for draft in found if "accelerator" in draft] == ["NVIDIA GeForce GTX 1070"]


def test_a_host_beside_its_gpu_takes_no_time_of_its_own(drafts: Callable[..., list[Facts]]) -> None:
    text = "On a Core i7-6700K CPU and a GTX 1070 GPU, training takes 3 days and fine-tuning takes 5 hours."
    assert {draft["accelerator"] for draft in drafts(text)} == {"NVIDIA GeForce GTX 1070"}


def test_hardware_and_times_in_order_are_paired_in_order(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(
        "Training takes 2 days on 4 V100 GPUs for the small net and 5 days on 8 A100 GPUs for the large."
    )
    assert holds(found, {"accelerator": V100, "count": 4, "wall_time": 2 * DAY})
    assert holds(found, {"accelerator": A100, "count": 8, "wall_time": 5 * DAY})
    assert not holds(found, {"accelerator": V100, "wall_time": 5 * DAY})


@pytest.mark.parametrize(
    "text",
    [
        "At test time the network runs at 20 FPS on a Titan X.",
        "Inference takes 3 minutes on 8 V100 GPUs.",
        "Latency is measured on an A100 GPU.",
        "Miller et al. (2018) trained their network on 512 A100 GPUs for 6 days.",
        "[12] used 512 V100 GPUs for training.",
        "The previous system needed 96 V100 GPUs for training.",
        "Unlike the method of Miller, which was trained on 800 V100 GPUs, ours is cheap.",
        "It would take 288 years to train on a single V100.",
        "We estimate that a full run would need 6 weeks on 8 V100 GPUs, so we did not train it.",
        "Data preparation took 3 days on 64 CPU cores.",
        "Tokenizing the text took 5 hours on 32 CPU cores before training.",
        "We ran an A/B test for 3 days after training.",
        "We find that our short model can be trained on a GPU with much less memory.",
        "The original implementation needed 14 days on 8 A100 GPUs for training.",
        "Feature extraction took 2 days on 4 V100 GPUs, before the net was trained.",
        "We train on many devices, though one V100 GPU is enough.",
        "We discuss training within the memory limits of current GPUs.",
        "Our training of larger networks on more data met the slowdown of general-purpose CPU performance.",
        "Such a net can be trained in 67 minutes on a 1024 GPU cluster [26].",
        "A sliding window needs 1.5 days of training per class.",
        "We thank Acme for the donation of two V100 GPUs used for training.",
        "Training loss is shown after each step of 3 seconds.",
        "Training is costly. Ten such racks are sufficient to train a large net in 20 days.",
    ],
)
def test_what_is_not_the_papers_own_training_makes_no_run(
    text: str, drafts: Callable[..., list[Facts]]
) -> None:
    found = drafts(text)
    assert not any({"accelerator", "wall_time", "device_time"} & draft.keys() for draft in found), found


@pytest.mark.parametrize(
    "text",
    [
        "Solving the equations took 9 hours on 4 V100 GPUs.",
        "Stage B: 16 A100 GPUs for 3 weeks.",
        "The outputs were cached once, which took about 5 hours on one V100 GPU.",
    ],
)
def test_a_time_beside_hardware_is_a_run_only_where_something_speaks_of_training(
    text: str, drafts: Callable[..., list[Facts]]
) -> None:
    assert drafts(text) == []
    assert drafts(f"We then trained the net. {text}")
    assert drafts(text, section="Training details")


@pytest.mark.parametrize(
    "text",
    [
        "Zip-XL took 40 hours on 8 V100 GPUs.",
        "The large variant took 40 hours on 8 V100 GPUs.",
    ],
)
def test_what_a_model_takes_is_its_training(text: str, drafts: Callable[..., list[Facts]]) -> None:
    assert holds(drafts(text), {"accelerator": V100, "count": 8})


def test_a_count_may_say_a_card_again(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("Zip-B was trained on 16 A100 cards for 9 days; Zip-S on a single card for 2 days.")
    assert holds(found, {"accelerator": A100, "count": 1, "wall_time": 2 * DAY})


def test_a_test_of_speed_beside_a_training_is_no_run(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("Decoding takes 40 minutes on a single V100, and training took 60 hours on 8 P100 GPUs.")
    assert not holds(found, {"accelerator": V100})


def test_a_clause_behind_while_speaks_of_another_model(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    text = "Zip-XL was trained on a single V100 while the larger networks were trained on 16 A100 GPUs."
    found = training_drafts(context_of(document(paragraph(SETTING), paragraph(text))))
    assert [(draft.mention, facts(draft)["accelerator"]) for draft in found] == [
        ("Zip-XL", V100),
        (None, A100),
    ]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Training takes 32 hours for ZapNet-50 and 44 hours for ZapNet-101 on 8 V100 GPUs.",
         {"ZapNet-50": 32, "ZapNet-101": 44}),
        ("To train took 20 hours for the 7B model, and training the 13B model took 40 hours on 8 V100 GPUs.",
         {"7B": 20, "13B": 40}),
        ("Our ZapNet-B/16 was trained for 30 hours on 8 V100 GPUs.", {"ZapNet-B/16": 30}),
    ],
)  # fmt: skip
def test_each_time_has_the_model_it_is_said_of(
    text: str,
    times: dict[str, float],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
) -> None:
    found = training_drafts(context_of(document(paragraph(SETTING), paragraph(text))))
    assert {draft.mention: facts(draft)["wall_time"] for draft in found} == {
        name: hours * 3600 for name, hours in times.items()
    }


def test_following_somebody_does_not_make_it_theirs(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("Following prior work [3], we train our networks on 8 V100 GPUs.")
    assert holds(found, {"accelerator": V100, "count": 8})


def test_a_cited_model_was_trained_by_somebody_else(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(
        "ZipNet [4] is our baseline. ZipNet was trained on a single A100 GPU while our agents were trained using 8 V100 GPUs."
    )
    assert holds(found, {"accelerator": V100, "count": 8})
    assert not holds(found, {"accelerator": A100})


def test_a_paper_that_trains_nothing_reports_no_training(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    filler = paragraph("The kernel moves each tile of the matrix once and keeps it in fast memory. " * 300)
    paper = document(filler, paragraph("All experiments are run on 4 A100 GPUs."))
    assert training_drafts(context_of(paper)) == ()


def test_every_fact_names_its_rule_its_page_and_its_words(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    (draft,) = training_drafts(
        context_of(document(paragraph(SETTING), paragraph("Training took 3 days on 8 V100 GPUs.")))
    )
    rules = {candidate.path: candidate.evidence.rule for candidate in draft.candidates}
    assert rules["run.count"] == "training.accelerator-count"
    assert rules["run.wall_time"] == "training.wall-time"
    assert all("8 V100 GPUs" in candidate.evidence.quote for candidate in draft.candidates)
    assert all(candidate.features["training_word"] == 1.0 for candidate in draft.candidates)


PIECES = [
    "We", "trained", "on", "8", "1,024", "10^999999", "9e400", "eight", "V100", "TPUv3-512", "GPUs", "GPU", "days", "for", "3-4",
    "to", "hours", "less than", "nodes", "with", "each", "450", "GPU-days", "epochs", "batch size of", "(", ")", "[12]", "et al.",
    ".", "and", "FLOPs", "×", "half", "hundred", "0", "10^400 FLOPs", "replicas", "from 84 hours to 9.5", "\ud835", "–",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30))
def test_no_sentence_breaks_the_rules(pieces: list[str]) -> None:
    words = tuple(Word(piece, Box(1, 0, 0, 9, 9), 10.0) for piece in " ".join(pieces).split())
    text, starts = compose(words)
    paper = Document(
        "0" * 64, (Page(1, 612, 792),), "", (Paragraph("text", "body", "", words, text, starts),), ()
    )
    for draft in training_drafts(context_of(paper)):
        assert all(FIELDS[candidate.path].admits(candidate.value) for candidate in draft.candidates)


@pytest.mark.parametrize(
    ("text", "epochs"),
    [
        ("The teacher is trained for 20 epochs with Adam. The student is trained for 60 epochs.", [20, 60]),
        (
            "The encoder is trained for 40 epochs. We train the head for 15 epochs. Both use one A100 GPU.",
            [15, 40],
        ),
        ("Networks are trained for 40 epochs. We train all of them for 40 epochs with a rate of 0.1.", [40]),
    ],
)
def test_epochs_that_no_run_takes_are_a_run_of_their_own(
    text: str, epochs: list[float], drafts: Callable[..., list[Facts]]
) -> None:
    found = [draft["epochs"] for draft in drafts(text) if "epochs" in draft]
    assert len(found) == len(epochs)
    assert set(found) == set(epochs)


def test_a_time_after_just_or_only_is_placed_beside_hardware(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("Our method lifts the accuracy of a small net in only 5 hours on 4 A100 GPUs.")
    assert holds(found, {"accelerator": A100, "count": 4, "wall_time": 5 * 3600})


@pytest.mark.parametrize(
    "text",
    [
        "We train on 16 nodes, each with 8 A100 GPUs and 80 CPU cores.",
        "Training used 128 A100 GPUs. The host machine was equipped with an Intel Xeon Gold processor.",
        "We use 128 A100 GPUs for training and one V100 GPU for inference.",
        "For evaluation we use a single T4, training used 128 A100 GPUs for 3 days.",
    ],
)
def test_hosts_and_what_inference_runs_on_are_not_what_was_trained_on(
    text: str, drafts: Callable[..., list[Facts]]
) -> None:
    found = [(draft["accelerator"], draft["count"]) for draft in drafts(text) if "accelerator" in draft]
    assert found == [(A100, 128)]


def test_cores_of_a_processor_may_be_set_against_an_accelerator(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("Our agents are trained on 16 CPU cores, whereas the critic is trained on one A100 GPU.")
    assert holds(found, {"accelerator": "CPU", "count": 16})


def test_a_count_stands_before_the_size_of_memory(drafts: Callable[..., list[Facts]]) -> None:
    assert holds(drafts("The net is trained on 8x80GB A100 GPUs."), {"accelerator": A100, "count": 8})


def test_a_sentence_goes_on_with_what_others_did(drafts: Callable[..., list[Facts]]) -> None:
    theirs = "Miller et al. (2019) train on 64 V100 GPUs."
    assert drafts(f"{theirs} It took 12 days with all GPUs in use.") == []
    assert holds(
        drafts(f"{theirs} Our training took 2 days on 4 A100 GPUs."), {"accelerator": A100, "count": 4}
    )


@pytest.mark.parametrize(
    "text",
    [
        "Training on this setup took 5 days.",
        "Training took 5 days with the same hardware.",
        "The net is spread over the 64 GPUs. Training took 5 days on this cluster.",
    ],
)
def test_the_hardware_of_others_lends_nothing(text: str, drafts: Callable[..., list[Facts]]) -> None:
    assert drafts(f"Miller et al. (2019) train on 64 V100 GPUs. {text}") == []
    assert holds(drafts(f"We train on 64 V100 GPUs. {text}"), {"count": 64, "wall_time": 5 * DAY})


def test_a_time_is_ours_where_we_take_the_hardware_of_others(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts(
        "Miller et al. (2019) train on 64 V100 GPUs. On the same hardware our training took 5 days."
    )
    assert holds(found, {"wall_time": 5 * DAY})
    assert not holds(found, {"accelerator": V100})


def test_a_setup_that_is_referred_to_may_stand_far_before(drafts: Callable[..., list[Facts]]) -> None:
    between = "The batch size is 64. We use Adam. Weights are averaged. The loss is plain."
    found = drafts(f"We train on 4 A100 GPUs. {between} On this setup, training takes 2 days.")
    assert holds(found, {"accelerator": A100, "count": 4, "wall_time": 2 * DAY})


def test_processor_time_may_be_spent_on_a_device_that_is_named(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("The net is trained for a total of 40 GPU-days on NVIDIA A100 GPUs.")
    assert holds(found, {"accelerator": A100, "device_time": 40 * DAY})


def test_several_pods_are_not_so_many_devices(drafts: Callable[..., list[Facts]]) -> None:
    found = drafts("We train the net over two TPU v4 pods.")
    assert [draft.get("count") for draft in found] == [None]


def test_a_count_without_a_noun_is_said_where_it_stands(told: Callable[..., list[object]]) -> None:
    text = "OldNet [14] was trained on 512 TPU v4 chips, whereas we train on 16."
    assert told("run.count", text) == [16]


def test_a_part_that_models_are_deployed_on_is_no_hardware_of_training(
    told: Callable[..., list[object]],
) -> None:
    text = "We evaluate on a Jetson Nano; all training was on a desktop with an RTX 2080 Ti."
    assert told("run.accelerator", text) == ["NVIDIA GeForce RTX 2080 Ti"]


def test_what_is_supposed_ends_where_the_authors_set_theirs_against_it(
    drafts: Callable[..., list[Facts]],
) -> None:
    found = drafts("Such a search takes hundreds of GPU days, whereas our search ends within 0.4 GPU days.")
    assert holds(found, {"device_time": 0.4 * DAY})
