import pytest

from extractors.facts.measures import Exposure, Work
from extractors.facts.trainings import Told, by_stage, is_one, only, shown

RATE = 1e12


def told(name: str, phase: str = "training", hours: float | None = 1.0, *, feeds: bool = False, of_all: bool = False, said: int = 3) -> Told[str]:  # fmt: skip
    work = Work(RATE, wall_time=hours and hours * 3600.0, count=1.0)
    return Told(name, name, phase, feeds, work, said, of_all)  # type: ignore[arg-type]


def test_of_several_runs_of_a_phase_the_costliest_stands() -> None:
    found = by_stage([told("short"), told("long", hours=9.0), told("without a time", hours=None)])
    assert [item.id for item in found["training", False]] == ["long", "short", "without a time"]


def test_phases_stand_beside_each_other_and_a_nameless_one_is_training() -> None:
    found = by_stage([told("a", "pretraining"), told("b", "unspecified"), told("c", "finetuning"), told("d", "search")])  # fmt: skip
    assert {stage: runs[0].id for (stage, _), runs in found.items()} == {
        "pretraining": "a", "training": "b", "finetuning": "c", "search": "d",
    }  # fmt: skip


def test_a_cpu_stands_beside_what_it_fed() -> None:
    found = by_stage([told("gpus"), told("cpus", feeds=True)])
    assert {place: runs[0].id for place, runs in found.items()} == {
        ("training", False): "gpus",
        ("training", True): "cpus",
    }


def test_without_costs_the_run_that_says_most_stands() -> None:
    found = by_stage([told("little", hours=None, said=1), told("much", hours=None, said=3)])
    assert found["training", False][0].id == "much"


@pytest.mark.parametrize(
    ("hours", "of_all", "one"),
    [
        ([1.0, 9.0], False, True),
        ([1.0, 9.0], True, False),
        ([1.0], True, True),
        ([1.0, 1.04], True, True),
        ([1.0, None], True, True),
        ([None, None], True, False),
    ],
)
def test_what_a_paper_says_of_all_its_models_must_be_one_training(
    hours: list[float | None], of_all: bool, one: bool
) -> None:
    runs = [told(str(at), hours=length, of_all=of_all) for at, length in enumerate(hours)]
    assert is_one(by_stage(runs)["training", False]) == one


def test_what_was_shown_is_what_the_only_run_says_that_says_all_of_it() -> None:
    whole, part = Exposure(epochs=90.0, examples=1e6), Exposure(epochs=10.0)
    assert shown([whole, part], of_all=False) == whole
    assert shown([whole, part], of_all=True) == Exposure(examples=1e6)


def test_numbers_that_contradict_each_other_say_nothing() -> None:
    found = shown([Exposure(90.0, 1e6), Exposure(10.0, 1e6)], of_all=False)
    assert found == Exposure(examples=1e6)


def test_only_what_all_say_that_say_any() -> None:
    assert only([None, 3, 3]) == 3
    assert only([1, 2]) is None
    assert only([None]) is None
