"""What became of cells is told by their values, and what readers and reviewers would notice apart from the rest."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.cells import CellState
from db.differences import KEPT, Differences, Kind, change_as_json, kind_of, overwrites, shift_of
from db.refresh import Change
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, Quantity, Value

KEY = CellKey(EntityId(PaperId("2401.00001"), "run", "net.training"), "count")
EIGHT, NINE = Quantity.exact(8, "devices"), Quantity.exact(9, "devices")
AUTOMATIC = CellState(KEY, "automatic", EIGHT, probability=0.99)
QUEUED, REJECTED, VOID = (replace(AUTOMATIC, status=status) for status in ("queued", "rejected", "void"))
GONE = CellState(KEY, "void")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, AUTOMATIC, "added"),
        (GONE, QUEUED, "added"),
        (AUTOMATIC, replace(AUTOMATIC, value=NINE), "changed"),
        (AUTOMATIC, GONE, "gone"),
        (AUTOMATIC, QUEUED, "moved"),
        (AUTOMATIC, replace(AUTOMATIC, probability=0.98, extractor="burden-2"), None),
        (None, GONE, None),
    ],
)
def test_a_change_is_what_became_of_the_value(
    before: CellState | None, after: CellState, kind: Kind | None
) -> None:
    assert kind_of(Change(before, after)) == kind


@pytest.mark.parametrize(
    ("before", "after", "shift"),
    [
        (EIGHT, NINE, 0.125),
        (Quantity.exact(0, "devices"), NINE, None),
        (Quantity.exact(8, "chips"), NINE, None),
        (Name("a", "a"), Name("b", "b"), None),
    ],
)
def test_only_quantities_of_one_unit_change_by_an_amount(
    before: Value, after: Value, shift: float | None
) -> None:
    assert shift_of(Change(replace(AUTOMATIC, value=before), replace(AUTOMATIC, value=after))) == shift


def test_what_readers_would_notice_is_counted_apart() -> None:
    found = Differences()
    changes = [
        Change(AUTOMATIC, replace(AUTOMATIC, value=NINE)),
        Change(QUEUED, GONE),
        Change(None, AUTOMATIC),
    ]
    found.add([*changes, Change(QUEUED, AUTOMATIC), Change(AUTOMATIC, QUEUED)], [KEY])
    found.add([], [])
    assert (found.papers, found.changed_papers, found.reopened) == (2, 1, 1)
    assert (found.published.number, found.newly_published) == (2, 2)
    assert found.as_json()["fields"] == {
        "run.count": {"changed": 1, "gone": 1, "added": 1, "moved": 2, "median_shift": 0.125}
    }


def test_of_many_only_the_first_are_kept() -> None:
    found = Differences()
    found.add([Change(AUTOMATIC, GONE)] * (KEPT + 5), [KEY] * (KEPT + 5))
    assert (found.published.number, len(found.published.first), len(found.asked_again)) == (
        KEPT + 5,
        KEPT,
        KEPT,
    )


def test_another_value_in_place_of_a_decided_one_would_be_an_overwriting() -> None:
    decided = replace(AUTOMATIC, status="reviewed", decided_at=datetime(2024, 3, 1, tzinfo=UTC))
    assert overwrites(Change(decided, replace(decided, value=NINE)))
    assert not overwrites(Change(decided, replace(decided, look="machine-disagrees")))
    assert not overwrites(Change(AUTOMATIC, replace(AUTOMATIC, value=NINE)))


def test_a_change_is_told_with_both_of_its_ends() -> None:
    told = change_as_json(Change(None, AUTOMATIC))
    assert (told["cell"], told["kind"], told["before"]) == (str(KEY), "added", None)
