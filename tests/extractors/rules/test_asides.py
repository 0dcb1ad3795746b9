"""Hardware and times of others or of another use are set aside; what says nothing of the kind is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Table
from extractors.drafts import Draft
from extractors.facts.values import Name, Quantity
from extractors.rules.training import trainings

SETTING = "We train every network with a learning rate of 0.1."
HOUR, DAY = 3600.0, 86_400.0
V100, T4, P100 = "NVIDIA Tesla V100", "NVIDIA T4", "NVIDIA Tesla P100"
Asides = Callable[..., list[dict[str, float | str]]]


def facts(draft: Draft) -> dict[str, float | str]:
    return {
        candidate.path.removeprefix("run."): candidate.value.value
        if isinstance(candidate.value, Quantity)
        else candidate.value.id
        for candidate in draft.candidates
        if isinstance(candidate.value, Quantity | Name) and candidate.path != "run.phase"
    }


@pytest.fixture
def read(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> Callable[..., tuple[Draft, ...]]:
    """What is set aside of a paper of one paragraph, with tables if there are any."""

    def aside(text: str, tables: tuple[Table, ...] = ()) -> tuple[Draft, ...]:
        paper = document(paragraph(SETTING), paragraph(text), tables=tables)
        return trainings(context_of(paper)).aside

    return aside


@pytest.mark.parametrize(
    ("text", "wanted", "reason"),
    [
        (
            "Others [12] used 64 V100 GPUs for 9 days.",
            {"accelerator": V100, "count": 64.0, "wall_time": 9 * DAY},
            "a citation stands beside it",
        ),
        (
            "Inference runs on 2 T4 GPUs.",
            {"accelerator": T4, "count": 2.0},
            "words about inference or speed stand nearer than words about training",
        ),
        (
            "One report reads: \u201cIt was trained on 64 V100 GPUs for 9 days.\u201d",
            {"accelerator": V100, "count": 64.0, "wall_time": 9 * DAY},
            "the words are a quotation",
        ),
        (
            "Others have used more: OldNet was trained on 64 V100 GPUs for 9 days.",
            {"accelerator": V100, "count": 64.0, "wall_time": 9 * DAY},
            "the sentence compares with other work",
        ),
        (
            "After training, its speed was measured on 2 T4 GPUs.",
            {"accelerator": T4, "count": 2.0},
            "it is said to be for evaluation",
        ),
        (
            "Training would take 40 days on 2 P100 GPUs.",
            {"accelerator": P100, "count": 2.0, "wall_time": 40 * DAY},
            "the sentence supposes rather than reports",
        ),
        (
            "We measure the latency on a T4 GPU.",
            {"accelerator": T4},
            "words about inference or speed stand nearer than words about training",
        ),
    ],
)
def test_what_is_said_of_others_or_of_another_use_is_set_aside_with_its_reason(
    read: Callable[..., tuple[Draft, ...]], text: str, wanted: dict[str, float | str], reason: str
) -> None:
    (draft,) = read(text)
    assert facts(draft) == wanted
    assert reason in draft.reasons
    assert draft.candidates[0].evidence.quote in text


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("Training OldNet takes 9 days on 64 V100 GPUs.", True),
        ("OldNet trains in 9 days on 64 V100 GPUs.", True),
        ("Training ZipNet takes 9 days on 64 V100 GPUs.", False),
    ],
)
def test_what_an_introduction_tells_of_a_named_model_that_is_not_proposed_is_set_aside(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], text: str, aside: bool
) -> None:
    paper = document(
        paragraph(SETTING),
        paragraph("We propose ZipNet.", "1 Introduction"),
        paragraph(text, "1 Introduction"),
    )
    found = trainings(context_of(paper))
    assert (len(found.aside), len(found.own)) == (aside, not aside)


def test_who_trained_a_model_is_left_open_where_a_paper_tells_of_its_own_work(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    cites = paragraph("We compare with OldNet [3].")
    text = paragraph("Training OldNet at full size takes 9 days on 64 V100 GPUs.", "4 Experiments")
    (own,) = trainings(context_of(document(paragraph(SETTING), cites, text))).own
    assert own.candidates[0].features["unknown_subject"] == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "We train on 8 V100 GPUs for 3 days.",
        "The latency is measured on a GPU.",
        "Each clip of the test set is 30 minutes long.",
        "The previous model [3] was trained with a batch size of 512 for 90 epochs.",
        "",
    ],
)
def test_what_is_the_papers_own_or_says_little_is_not_set_aside(
    read: Callable[..., tuple[Draft, ...]], text: str
) -> None:
    assert read(text) == ()


def test_several_devices_of_a_sentence_are_set_aside_one_by_one(
    read: Callable[..., tuple[Draft, ...]],
) -> None:
    found = read("The latency is 3 ms on 1 V100 GPU and 9 ms on 2 T4 GPUs.")
    assert [facts(draft).get("accelerator") for draft in found] == [V100, T4]


def test_a_row_of_somebody_else_is_set_aside_with_its_model(
    read: Callable[..., tuple[Draft, ...]], table: Callable[..., Table]
) -> None:
    rows = [["Model", "Training time (h)"], ["OldNet [4]", "30"], ["ZipNet (ours)", "9"]]
    (draft,) = read("We propose ZipNet.", tables=(table(rows, "Times of training.", 1),))
    assert (draft.mention, facts(draft)) == ("OldNet [4]", {"wall_time": 30 * HOUR})
    (reason,) = draft.reasons
    assert reason
