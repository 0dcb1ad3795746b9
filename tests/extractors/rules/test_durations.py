from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.durations import WALL_TIME, TrainingTime
from extractors.rules.findings import Rule

HOUR, DAY = 3600.0, 86_400.0


def read(rule: Rule, paragraph: Paragraph, path: str) -> list[float]:
    found = [finding.value(path) for sentence in sentences_of(paragraph) for finding in rule.read(sentence)]
    return [value.value for value in found if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Training took 3.5 days on 8 GPUs.", [3.5 * DAY]),
        ("The run finished in two weeks.", [14 * DAY]),
        ("Training time: 14h.", [14 * HOUR]),
        ("We trained for 3-4 days.", [3.5 * DAY]),
        ("It converges within 90 minutes.", [1.5 * HOUR]),
        ("The small net needs 12 hours and the large one 2 days.", [12 * HOUR, 2 * DAY]),
        ("A batch takes 0.9s per mini-batch and 10 days in total.", [10 * DAY]),
        ("Training ran for 100k steps or 12 hours.", [12 * HOUR]),
        ("The model converges after 1.5 days.", [1.5 * DAY]),
        ("Training time falls from 84 hours to 9.5.", [9.5 * HOUR]),
        ("The three nets took 1, 3 and 8 days, respectively.", [DAY, 3 * DAY, 8 * DAY]),
        ("The two nets were trained for 5 and 9 hours.", [5 * HOUR, 9 * HOUR]),
        ("Training takes between 24 and 48 hours.", [36 * HOUR]),
        ("Training takes 3 or 4 days.", [3.5 * DAY]),
        ("Training takes 3 days and 5 days for the two nets.", [3 * DAY, 5 * DAY]),
        ("Training takes 1 day and 3 hours.", [27 * HOUR]),
        ("It takes 3.5 wall-clock days to train.", [3.5 * DAY]),
        ("Training took 30h20min.", [30 * HOUR + 1200]),
        ("We reduce training from 3 days to 76 minutes.", [76 * 60]),
        ("We use batches of size 64, which takes 2 days.", [2 * DAY]),
        ("We train for one epoch, which takes 4 days.", [4 * DAY]),
        ("Training took 2d 14h on four cards.", [62 * HOUR]),
        ("The whole training needs 1h30m.", [1.5 * HOUR]),
        ("The total training time is 3:20:15 h.", [12_015]),
        ("We trained it for three and a half weeks.", [24.5 * DAY]),
        ("Training takes about a day and a half.", [36 * HOUR]),
        ("We train five models, each taking 4 hours.", [4 * HOUR]),
        ("Training time: 72 hrs/model.", [72 * HOUR]),
        ("In total, we trained our network for 3 days.", [3 * DAY]),
        ("Training both stages requires 5 days each.", [5 * DAY]),
        ("Each epoch takes 20 minutes, the whole training time is about 9 hours.", [9 * HOUR]),
        ("We tune it for an additional 2 days.", [2 * DAY]),
    ],
)
def test_a_time_by_the_clock_is_read(
    text: str, seconds: list[float], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(TrainingTime(), paragraph(text), WALL_TIME) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "Each step takes 0.4 seconds.",
        "Training takes 20 minutes per epoch.",
        "An epoch of the smaller set takes 17 minutes with OldNet and 17.5 minutes with ZipNet.",
        "We trained on 100 hours, and on 2,000 hours with all of them.",
        "One pass over the data takes 40 minutes.",
        "Weights are trained anew once a month.",
        "Training goes on with ten million requests a day.",
        "Retraining from scratch is done on 60 days of logs.",
        "One epoch takes 2 hours.",
        "Decoding needs 90 seconds / image.",
        "We train on 960 hours of transcribed speech.",
        "The Welsh model was trained on 1900 hours of our own training set.",
        "The clean 100-hour subset is used for training.",
        "In the last 12 months training became cheaper.",
        "Checkpoints are saved every 2 hours.",
        "In recent years, 5 years of training data appeared.",
        "This includes 20 hours of autotuning.",
        "Training the 16×4d variant of ZipNet takes longer.",
        "Training took 9000 months.",
        "The training set covers 30 days and the test set the following 7 days.",
        "The learning rate warms up over 2 hours.",
        "The training time was 1:30 hours.",
        "We launched the training overnight.",
        "We train on clicks of a shop from Monday to Friday.",
        "All experiments of this paper together took about 3 weeks.",
        "Altogether, the experiments took 5 days.",
    ],
)
def test_times_of_steps_amounts_of_data_and_dates_are_no_run(
    text: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert read(TrainingTime(), paragraph(text), WALL_TIME) == []


def test_a_time_goes_on_with_what_was_said_of_the_one_before(paragraph: Callable[..., Paragraph]) -> None:
    text = (
        "Training the deep net takes 32 hours in our synchronous version with 8 workers (0.7 s a batch), and 44 hours with "
        "more layers."
    )
    found = list(TrainingTime().read(next(sentences_of(paragraph(text)))))
    assert [finding.features["time_cue"] for finding in found] == [1.0, 1.0]
