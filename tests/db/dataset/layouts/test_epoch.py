"""Models in Epoch AI's columns: which have a row, where training compute is from, and that notes say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from db.dataset.layouts.epoch import COLUMNS, row_of
from db.dataset.layouts.training import trained_models
from db.dataset.schema import Scalar
from extractors.facts.values import Name, Quantity, Value

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
RUN, MODEL = "sparsenet.training", "sparsenet"


def rows(world: World, said: tuple[Said, ...], paper: str = PAPER) -> list[dict[str, Scalar]]:
    """The rows of a paper that says this, by the names of their columns, without what is empty."""
    world.read(paper, said)
    found = [row_of(trained) for trained in trained_models(world.parts()[0])]
    named = [dict(zip(COLUMNS, row, strict=True)) for row in found if row is not None]
    return [{name: cell for name, cell in row.items() if cell is not None} for row in named]


def changed(said: tuple[Said, ...], slug: str, **fields: Value | None) -> tuple[Said, ...]:
    """What is said, with some fields of an entity changed, added, or (None) gone."""
    kind = next(item[0] for item in said if item[1] == slug)
    kept = tuple(item for item in said if item[1] != slug or item[2] not in fields)
    return (*kept, *((kind, slug, name, value) for name, value in fields.items() if value is not None))


def again(said: tuple[Said, ...], slug: str, **fields: Value | None) -> tuple[Said, ...]:
    """What is said, with a further run like the one it tells of but for some fields."""
    copied = tuple((kind, slug, name, value) for kind, old, name, value in said if old == RUN)
    return (*said, *changed(copied, slug, **fields))


def test_the_columns_are_theirs() -> None:
    assert (len(COLUMNS), len(set(COLUMNS))) == (47, 47)
    assert COLUMNS[:3] == ("Model", "Organization", "Publication date")


def test_a_row_says_what_the_paper_says_with_page_and_words(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    (row,) = rows(world, sparsenet)
    operations = 2 * 2e9 * 3 * 1000 * 256
    assert row == {
        "Model": "SparseNet",
        "Publication date": "2026-11-20",
        "Domain": "Vision",
        "Task": "Image classification",
        "Parameters": 25.6e6,
        "Parameters notes": 'p. 5: "the parameters of sparsenet" (automatic)',
        "Training compute (FLOP)": pytest.approx(operations),
        "Training compute notes": (
            "Counted: FLOP of a forward pass x 3 x examples shown."
            ' p. 5: "the multiply_adds of sparsenet" (automatic).'
            ' p. 5: "the steps of sparsenet.training" (automatic).'
            ' p. 5: "the batch_size of sparsenet.training" (automatic).'
        ),
        "Confidence": "Confident",
        "Link": "https://arxiv.org/abs/2403.00042",
        "Reference": "Sparse Networks",
        "Training time (hours)": 96.0,
        "Training time notes": 'p. 5: "the wall_time of sparsenet.training" (automatic).',
        "Training hardware": "NVIDIA Tesla V100",
        "Hardware quantity": 8.0,
        "Batch size": 256.0,
        "Batch size notes": 'p. 5: "the batch_size of sparsenet.training" (automatic). In examples.',
    }


def test_compute_that_the_paper_states_comes_first(world: World, sparsenet: tuple[Said, ...]) -> None:
    (row,) = rows(world, changed(sparsenet, RUN, compute=Quantity.exact(3e18, "FLOP", "3e18")))
    assert row["Training compute (FLOP)"] == 3e18
    assert str(row["Training compute notes"]).startswith('Stated in the paper. p. 5: "the compute of')


@pytest.mark.parametrize(
    ("fields", "utilisation"), [({}, 0.4), ({"utilisation": Quantity.exact(46.0, "percent", "46%")}, 0.46)]
)
def test_from_hardware_it_is_at_a_share_of_the_peak_and_less_sure(
    world: World, sparsenet: tuple[Said, ...], fields: dict[str, Value], utilisation: float
) -> None:
    (row,) = rows(world, changed(sparsenet, RUN, steps=None, **fields))
    assert row["Training compute (FLOP)"] == pytest.approx(345_600 * 8 * 14.13e12 * utilisation)
    assert f"utilisation {utilisation:g}" in str(row["Training compute notes"])
    assert row["Confidence"] == "Likely"


def test_what_a_paper_says_of_all_its_models_is_no_more_than_a_guess_for_each(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    (row,) = rows(world, changed(sparsenet, RUN, steps=None, model=None))
    assert row["Training compute (FLOP)"] == pytest.approx(345_600 * 8 * 14.13e12 * 0.4)
    assert str(row["Training compute notes"]).endswith(
        "The paper says it of all its models, or of none by name."
    )
    assert row["Confidence"] == "Speculative"


def test_a_model_of_language_is_taken_to_reach_less(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = changed(sparsenet, RUN, steps=None)
    said = changed(
        said, "sparsenet.top1", benchmark=Name("squad-1.1", "SQuAD"), metric=Name("em", "EM"), split=Name("test", "")
    )  # fmt: skip
    (row,) = rows(world, said)
    assert row["Training compute (FLOP)"] == pytest.approx(345_600 * 8 * 14.13e12 * 0.3)
    assert (row["Domain"], row["Task"]) == ("Language", "Question answering")


def test_pre_training_counts_as_training_and_fine_tuning_does_not(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = changed(sparsenet, RUN, steps=None)
    pretrained = again(said, "sparsenet.pretraining", phase=Name("pretraining", "pre-trained"))
    (row,) = rows(world, pretrained)
    assert row["Training time (hours)"] == 192.0
    assert row["Training compute (FLOP)"] == pytest.approx(2 * 345_600 * 8 * 14.13e12 * 0.4)
    (row,) = rows(world, again(said, "sparsenet.finetuning", phase=Name("finetuning", "")), "2403.00041")
    assert row["Training time (hours)"] == 96.0
    assert row["Finetune compute (FLOP)"] == pytest.approx(345_600 * 8 * 14.13e12 * 0.4)


def test_where_runs_say_different_things_a_column_of_one_value_is_empty_and_its_notes_have_all(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    (row,) = rows(world, again(sparsenet, "sparsenet.training-2", batch_size=Quantity.exact(512, "examples")))
    assert "Batch size" not in row
    assert str(row["Batch size notes"]).count("batch_size of sparsenet.training") == 2


def test_without_a_number_of_theirs_nobody_is_sure_of_anything(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = changed(changed(sparsenet, RUN, steps=None, wall_time=None), MODEL, parameters=None)
    (row,) = rows(world, said)
    assert row["Confidence"] == "Unknown"
    assert "Training compute (FLOP)" not in row


def test_a_model_of_others_or_without_training_has_no_row(world: World, sparsenet: tuple[Said, ...]) -> None:
    assert rows(world, changed(sparsenet, MODEL, role=Name("baseline", ""))) == []
    untrained = tuple(item for item in sparsenet if item[0] != "run")
    assert rows(world, untrained, "2403.00041") == []


def test_a_search_is_in_no_column_and_the_note_says_so(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = again(changed(sparsenet, RUN, steps=None), "sparsenet.search", phase=Name("search", "search"))
    (row,) = rows(world, said)
    assert row["Training compute (FLOP)"] == pytest.approx(345_600 * 8 * 14.13e12 * 0.4)
    assert "search time excluded" in str(row["Training compute notes"])
