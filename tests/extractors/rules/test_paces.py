"""The time of a step or an epoch of training is read as such; other steps and parts of a step are something else."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.durations import WALL_TIME
from extractors.rules.paces import EPOCH_TIME, STEP_TIME, Pace

Told = Callable[..., list[object]]


def read(paragraph: Paragraph) -> list[tuple[str, float]]:
    findings = [found for sentence in sentences_of(paragraph) for found in Pace().read(sentence)]
    facts = [fact for found in findings for fact in found.facts]
    return [(fact.path, round(fact.value.value, 6)) for fact in facts if isinstance(fact.value, Quantity)]


@pytest.mark.parametrize(
    ("text", "path", "seconds"),
    [
        ("Each epoch takes 45 minutes.", EPOCH_TIME, 2700),
        ("Training needs about 0.4 seconds per step.", STEP_TIME, 0.4),
        ("The larger network trains at about 2.3 s/iteration.", STEP_TIME, 2.3),
        ("An epoch took 1.5 h on 8 V100s.", EPOCH_TIME, 5400),
        ("Our network trains with 30 minutes per epoch.", EPOCH_TIME, 1800),
        ("One epoch of training on 8 V100 GPUs takes roughly 2 hours.", EPOCH_TIME, 7200),
        ("We train for 20 epochs, and the time per epoch is 12 minutes.", EPOCH_TIME, 720),
        ("Each training step takes 350 ms.", STEP_TIME, 0.35),
        ("Training takes 3 hours on four A100 GPUs per epoch.", EPOCH_TIME, 10800),
        ("We measured an average epoch time of 20 min.", EPOCH_TIME, 1200),
        ("The training speed is 0.6s/it on one card.", STEP_TIME, 0.6),
        ("Training takes 20-30 minutes for each epoch.", EPOCH_TIME, 1500),
        ("Step time: 0.25 s.", STEP_TIME, 0.25),
        ("Epochs take 15 minutes each.", EPOCH_TIME, 900),
        ("Training runs at 10 minutes per 1,000 iterations.", STEP_TIME, 0.6),
        ("Training needs 5 minutes for every 10 epochs.", EPOCH_TIME, 30),
        ("Every 500 training steps take about 4 minutes.", STEP_TIME, 0.48),
        ("On our cards 1000 iterations take 12 minutes.", STEP_TIME, 0.72),
        ("Larger batches bring training from 14 min per epoch to 5 min per epoch.", EPOCH_TIME, 300),
    ],
)
def test_the_time_of_a_step_or_an_epoch_is_read(
    text: str, path: str, seconds: float, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text)) == [(path, seconds)]


@pytest.mark.parametrize(
    "text",
    [
        "Training takes 3 days on 8 GPUs.",
        "Training 90 epochs takes 3 days.",
        "The 90 epochs take 3 days.",
        "Its 200k iterations took 3 days.",
        "Inference takes 12 ms per image.",
        "We train with 0.2 seconds per batch.",
        "A query takes 2 s per sentence.",
        "Each decoding step takes 5 ms.",
        "Every denoising step takes 40 ms.",
        "The sampler needs 40 ms per step.",
        "Validation after each epoch takes 3 minutes.",
        "Our regulariser adds 20 seconds per epoch.",
        "Communication takes 0.1 s per step.",
        "We decay the rate every epoch and training takes 2 days.",
        "The loss is averaged over each epoch, training takes 2 days.",
        "We save the weights every epoch since a run takes 2 days.",
        "The environment is simulated with 20 ms per step.",
        "The time step is 2 seconds.",
        "We run 30 epochs per hour.",
        "Each epoch sees 45 minutes of music.",
    ],
)
def test_other_times_are_no_pace(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert read(paragraph(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Each epoch takes 45 minutes on 8 V100 GPUs.",
        "We train on 8 V100 GPUs, and the time per epoch was 45 minutes.",
        "We train on 8 V100 GPUs with an epoch time of 45 minutes.",
    ],
)
def test_a_pace_is_no_time_of_the_run(text: str, told: Told) -> None:
    assert told(EPOCH_TIME, text) == [2700]
    assert told(WALL_TIME, text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("We train on 8 V100 GPUs. Each step takes 0.4 seconds.", [0.4]),
        ("The training speed is 0.4 s per step.", [0.4]),
        ("Translating with our decoder, each step takes 0.4 seconds.", []),
        ("Unlike previous models, which train with 0.4 s per step, ours is small.", []),
        ("[12] trained with 0.4 s per step.", []),
        ("Inference speed is 0.4 s per step.", []),
        ("Training would take 0.4 s per step on such a machine.", []),
    ],
)
def test_a_pace_must_be_said_of_the_papers_own_training(text: str, values: list[float], told: Told) -> None:
    assert told(STEP_TIME, text) == values


def test_of_several_paces_in_a_sentence_each_says_that_it_is_not_alone(
    paragraph: Callable[..., Paragraph],
) -> None:
    text = "An epoch takes 10 minutes on the small set, and an epoch takes 3 hours on the large one."
    (sentence,) = sentences_of(paragraph(text))
    assert [found.features["several_paces"] for found in Pace().read(sentence)] == [1.0, 1.0]


def test_the_times_of_a_step_and_of_an_epoch_go_together(paragraph: Callable[..., Paragraph]) -> None:
    (sentence,) = sentences_of(paragraph("Each step takes 0.5 seconds, and each epoch takes 45 minutes."))
    assert [found.features["several_paces"] for found in Pace().read(sentence)] == [0.0, 0.0]


def test_the_time_of_many_steps_is_kept_as_printed_and_is_no_time_of_the_run(
    told: Told, paragraph: Callable[..., Paragraph]
) -> None:
    text = "Training our network takes 10 minutes per 1,000 iterations."
    (finding,) = Pace().read(next(sentences_of(paragraph(text))))
    value = finding.value(STEP_TIME)
    assert isinstance(value, Quantity) and value.printed == "10 minutes per 1,000 iterations"
    assert told(WALL_TIME, text) == []
