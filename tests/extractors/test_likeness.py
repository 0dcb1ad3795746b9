"""What makes two portraits alike, and what makes them different things."""

import pytest

from extractors.facts.evidence import Box, Evidence
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.likeness import WEIGHTS, Portrait, fullness, likeness, same_place, says_the_same

RUN = EntityId(PaperId("2401.00001"), "run", "net")
COUNT = Quantity.exact(8, "devices")
DAY = Quantity.exact(86_400, "s")


def at(quote: str, sha256: str = "a" * 64, box: Box | None = None) -> Evidence:
    return Evidence(sha256, box.page if box else 1, box, "Training", quote, "test.rule")


def portrait(quote: str = "here", *rivals: Value, **facts: Value) -> Portrait:
    said = {
        f"run.{field}": Proposal(
            CellKey(RUN, field), value, at(quote), tuple(Rival(item, at(quote)) for item in rivals)
        )
        for field, value in facts.items()
    }
    return Portrait("run", said)


def test_every_weight_is_of_a_field() -> None:
    assert WEIGHTS.keys() <= FIELDS.keys()


def test_a_portrait_is_most_like_itself() -> None:
    one = portrait(count=COUNT, wall_time=DAY)
    assert likeness(one, one) == pytest.approx(fullness(one))
    assert says_the_same(one, one)


def test_the_same_value_counts_most_at_its_place_then_elsewhere_then_as_a_rival() -> None:
    known = portrait(wall_time=DAY)
    scores = [
        likeness(known, portrait("here", wall_time=DAY)),
        likeness(known, portrait("there", wall_time=DAY)),
        likeness(portrait("here", DAY, wall_time=Quantity.exact(5, "s")), portrait("there", wall_time=DAY)),
        likeness(known, portrait("there", wall_time=Quantity.exact(5, "s"))),
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4
    assert scores[-1] == 0


def test_what_has_nothing_in_common_is_not_alike() -> None:
    assert likeness(portrait(count=COUNT), portrait(wall_time=DAY)) == 0
    assert likeness(portrait(), portrait(count=COUNT)) == 0


def test_an_unspecified_phase_goes_with_every_other() -> None:
    known = portrait(phase=Name("unspecified", ""), wall_time=DAY)
    assert likeness(known, portrait("there", phase=Name("training", "trained"), wall_time=DAY)) > 0


def test_another_phase_elsewhere_is_another_run() -> None:
    known = portrait(phase=Name("pretraining", "pre-trained"), count=COUNT, wall_time=DAY)
    assert (
        likeness(known, portrait("there", phase=Name("finetuning", "tuned"), count=COUNT, wall_time=DAY)) == 0
    )


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (at("x", box=Box(1, 0, 0, 10, 10)), at("y", box=Box(1, 1, 0, 11, 10)), True),
        (at("x", box=Box(1, 0, 0, 10, 10)), at("x", box=Box(1, 20, 0, 30, 10)), False),
        (at("x", box=Box(1, 0, 0, 10, 10)), at("x", box=Box(2, 0, 0, 10, 10)), False),
        (at("x  y", box=Box(1, 0, 0, 10, 10)), at("x y", "b" * 64, Box(3, 0, 0, 10, 10)), True),
        (at("x", box=Box(1, 0, 0, 10, 10)), at("y", "b" * 64, Box(1, 0, 0, 10, 10)), False),
        (at("x", box=Box(1, 5, 5, 5, 5)), at("y", box=Box(1, 5, 5, 5, 5)), True),
    ],
)
def test_a_place_is_a_box_in_the_same_file_and_words_in_another(a: Evidence, b: Evidence, same: bool) -> None:
    assert same_place(a, b) is same
    assert same_place(b, a) is same
