"""What people said, side by side, each with its evidence and reason."""

from datetime import UTC, datetime

import pytest

from annotation.opinions import Opinion
from annotation.screen.opinions_view import opinion_lines
from extractors.facts.evidence import Evidence
from extractors.facts.values import Quantity

PLACE = Evidence("a" * 64, 6, None, "Table 2", "It was trained on 64 devices for long.", "test.rule")
AT = datetime(2026, 11, 23, tzinfo=UTC)


def opinion(who: str, value: Quantity | None, reason: str) -> Opinion:
    return Opinion(1, who, value, PLACE if value else None, reason, AT, None)


@pytest.mark.parametrize("width", [80, 105])
def test_two_opinions_stand_side_by_side_each_with_its_evidence_and_reason(width: int) -> None:
    said = [
        opinion("ann", Quantity.exact(64, "devices", "64"), "the table says so"),
        opinion("bob", None, "of other work"),
    ]
    lines = [line.plain for line in opinion_lines(said, width)]
    assert max(map(len, lines)) <= width
    assert "ann, 2026-11-23" in lines[0]
    assert lines[0].index("bob, 2026-11-23") > width // 2
    left = " ".join(line[: width // 2 - 2] for line in lines)
    right = " ".join(line[width // 2 :] for line in lines)
    for words in ("64 devices", "page 6, Table 2", "[[64]] devices", "because the table says so"):
        assert words in left
    for words in ("nothing here is right", "because of other work"):
        assert words in right


def test_a_third_opinion_stands_below_the_first() -> None:
    lines = [line.plain for line in opinion_lines([opinion(who, None, "") for who in "xyz"], 80)]
    heads = [line for line in lines if "2026" in line]
    assert ["x, " in heads[0], "y, " in heads[0], "z, " in heads[1]] == [True] * 3
