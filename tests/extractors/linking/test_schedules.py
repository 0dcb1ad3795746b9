"""Schedules that stand alone go to the run whose hardware the same section tells of."""

from __future__ import annotations

import pytest

from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity, Value
from extractors.linking.schedules import with_schedules


def draft(
    values: dict[str, Value], section: str = "Training", page: int = 4, mention: str | None = None
) -> Draft:
    evidence = Evidence("0" * 64, page, None, section, "words", "test.rule")
    return Draft("run", mention, tuple(Candidate(path, value, evidence) for path, value in values.items()))


def epochs(value: float, phase: str = "training") -> dict[str, Value]:
    return {"run.epochs": Quantity.exact(value, "epochs"), "run.phase": Name(phase, phase)}


GPUS: dict[str, Value] = {
    "run.accelerator": Name("NVIDIA Tesla V100", "V100"),
    "run.phase": Name("pretraining", "pre-trained"),
}
EIGHT: dict[str, Value] = {"run.count": Quantity.exact(8, "devices")}


def lengths(drafts: list[Draft]) -> list[list[float]]:
    return [
        [c.value.value for c in draft.candidates if c.path == "run.epochs" and isinstance(c.value, Quantity)]
        for draft in with_schedules(drafts)
    ]


def test_a_length_goes_to_every_run_of_its_section_that_has_none() -> None:
    assert lengths([draft(epochs(40)), draft(GPUS), draft(EIGHT, page=5)]) == [[40], [40]]


def test_lengths_that_agree_are_one() -> None:
    assert lengths([draft(epochs(40)), draft(epochs(40)), draft(GPUS)]) == [[40, 40]]


@pytest.mark.parametrize(
    "loose",
    [
        [draft(epochs(40), section="Tuning")],
        [draft(epochs(40), page=9)],
        [draft(epochs(3, "finetuning"))],
        [draft(epochs(40)), draft(epochs(90))],
        [draft(epochs(40), mention="OtherNet")],
    ],
)
def test_what_may_be_of_another_run_stands_alone(loose: list[Draft]) -> None:
    stated = draft(GPUS, mention="ZipNet")
    assert lengths([*loose, stated])[-1] == []
    assert len(with_schedules([*loose, stated])) == len(loose) + 1


def test_a_run_keeps_its_own_length() -> None:
    assert lengths([draft(epochs(3)), draft({**EIGHT, **epochs(90)})]) == [[3], [90]]


def test_resources_of_the_paragraph_go_along_with_its_schedule() -> None:
    words: dict[str, Value] = {"run.training_set_size": Quantity.exact(3.3e9, "words")}
    (run,) = with_schedules([draft({**epochs(40), **words}), draft(GPUS)])
    assert {c.path for c in run.candidates} >= {"run.accelerator", "run.epochs", "run.training_set_size"}
