"""What readers ask to project to."""

import pytest

from analysis.targets import GIVEN, HALF, PUBLISHED, Target, is_same, parse_target, refuse_strays, targets_of
from extractors.facts.errors import UsageError


@pytest.mark.parametrize(
    ("text", "benchmark", "error"),
    [
        ("imagenet=0.05", "imagenet", 0.05),
        ("imagenet-1k = 5%", "imagenet-1k", 0.05),
        ("a=b=1e-3", "a=b", 0.001),
    ],
)
def test_a_target_is_read_as_people_type_it(text: str, benchmark: str, error: float) -> None:
    found = parse_target(text)
    assert (found.benchmark, found.why) == (benchmark, GIVEN)
    assert found.error == pytest.approx(error)


@pytest.mark.parametrize("text", ["imagenet", "=0.05", "imagenet=", "imagenet=half", "imagenet=%", "0.05"])
def test_what_is_no_target_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="is no target") as caught:
        parse_target(text)
    assert "imagenet=5%" in str(caught.value)


@pytest.mark.parametrize("text", ["imagenet=0", "imagenet=1", "imagenet=5", "imagenet=-0.1", "imagenet=nan"])
def test_an_error_outside_of_0_and_1_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no target"):
        parse_target(text)


def test_a_benchmark_has_half_its_smallest_error_the_published_targets_and_the_reader_s() -> None:
    found = targets_of("imagenet-1k", 0.12, [Target("imagenet", 0.02), Target("squad-1.1", 0.1)])
    assert [(item.error, item.why) for item in found][:2] == [(0.06, HALF), (0.115, PUBLISHED)]
    assert found[-1] == Target("imagenet-1k", 0.02)
    assert len(found) == 5
    assert [item.why for item in targets_of("mpii", 0.2, [])] == [HALF]


def test_an_error_that_is_asked_twice_is_the_reader_s() -> None:
    found = targets_of("imagenet-1k", 0.12, [parse_target("imagenet=5%")])
    assert [item.why for item in found if item.error == 0.05] == [GIVEN]


def test_the_authors_names_and_ours_are_of_one_benchmark() -> None:
    assert is_same("wmt2014-en-fr", "wmt14-en-fr")
    assert not is_same("imagenet", "imagenet-gen")


def test_a_target_for_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(UsageError, match="no points of 'mnist'") as caught:
        refuse_strays([Target("mnist", 0.1)], ["squad-1.1", "imagenet-1k"])
    assert caught.value.remedy == "Give a target for one of imagenet-1k, squad-1.1"
