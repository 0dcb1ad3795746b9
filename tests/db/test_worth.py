"""What a look is worth: what the fits are made of first, papers as wholes, and the old before the new."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.worth import AUDIT, OPENING, URGENCY, Wait, entity_weights, places, visit, worth
from extractors.facts.ids import CellKey, EntityId, PaperId

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00001")
NET, SMALL, OTHERS = (EntityId(PAPER, "model", slug) for slug in ("net", "net-small", "rival"))
TRAINED, ABLATED, ALL = (EntityId(PAPER, "run", slug) for slug in ("net", "net-small", "all"))
BEST, FIFTH, ENSEMBLE, THEIRS = (
    EntityId(PAPER, "result", slug) for slug in ("best", "fifth", "ensemble", "theirs")
)
KNOWN = {
    NET: {"role": "own"},
    SMALL: {"role": "own"},
    OTHERS: {"role": "baseline"},
    TRAINED: {"model": "net", "phase": "pretraining"},
    ABLATED: {"model": "net-small", "phase": "training"},
    ALL: {"phase": "finetuning"},
    BEST: {"model": "net", "standing": "best"},
    FIFTH: {"model": "net-small", "standing": "other"},
    ENSEMBLE: {"model": "net-small", "standing": "best", "setting": "ensemble"},
    THEIRS: {"model": "rival", "standing": "other"},
}
shares = st.floats(0, 1)


def waits(entity: EntityId, field: str, probability: float | None = 0.8, days: float = 0.0) -> Wait:
    return Wait(CellKey(entity, field), "uncertain", probability, AT - timedelta(days=days))


def test_the_best_result_and_what_its_model_cost_matter_most() -> None:
    found = entity_weights(KNOWN)
    assert (found[BEST], found[NET], found[TRAINED]) == (1.0, 1.0, 1.0)
    assert found[ALL] == 0.8
    assert (found[SMALL], found[ABLATED]) == (0.5, 0.5)
    assert found[THEIRS] < found[FIFTH] == found[ENSEMBLE] < 0.2


def test_a_headlines_hardware_goes_before_an_ablations_epochs() -> None:
    items = [waits(ABLATED, "epochs", 0.9), waits(FIFTH, "score", 0.9), waits(TRAINED, "accelerator", 0.3)]
    found = places(items, KNOWN)
    assert min(found, key=lambda key: found[key].own).field == "accelerator"


@given(shares, shares)
def test_what_is_likelier_right_comes_first_and_the_open_is_worth_more_than_its_publication(
    one: float, other: float
) -> None:
    low, high = sorted((one, other))
    least, most = (worth(waits(TRAINED, "count", p), 1.0) for p in (low, high))
    assert low <= least <= most <= 1


def test_an_audit_is_worth_the_same_whatever_its_value() -> None:
    for probability, weight in ((0.99, 0.1), (0.9, 1.0)):
        assert worth(Wait(CellKey(TRAINED, "count"), "audit", probability, AT), weight) == AUDIT


@pytest.mark.parametrize("look", ["flagged", "reviewers-disagree", "machine-disagrees"])
def test_somebodys_doubt_goes_before_the_best_and_oldest_paper(look: str) -> None:
    other = EntityId(PaperId("2401.00002"), "run", "net")
    (urgent,) = [wait for wait in URGENCY if wait == look]
    late = places([Wait(CellKey(other, "epochs"), urgent, None, AT)], {})
    old = places([waits(TRAINED, field, 1.0, 3000) for field in ("count", "wall_time", "accelerator")], KNOWN)
    assert max(place.paper for place in late.values()) < min(place.paper for place in old.values())


def test_a_visit_is_worth_its_best_values_for_the_time_they_take() -> None:
    assert visit([]) == 0
    assert visit([0.9]) == 0.9 / (OPENING + 1)
    assert visit([0.9] * 4) > visit([0.9])
    assert visit([0.9, 0.9, 0.01]) == visit([0.9, 0.9])
    assert visit([0.02] * 100) < visit([0.9])


def test_a_papers_values_come_together_and_its_oldest_brings_it_forward() -> None:
    new = places([waits(TRAINED, "count"), waits(TRAINED, "epochs")], KNOWN)
    old = places([waits(TRAINED, "count"), waits(TRAINED, "epochs", days=90)], KNOWN)
    (later,), (earlier,) = ({place.paper for place in found.values()} for found in (new, old))
    assert earlier < later


def test_two_papers_keep_their_order_as_days_pass() -> None:
    """A place says nothing of the present, so no row is written for the time that passes."""
    rich = places([waits(TRAINED, "count"), waits(TRAINED, "wall_time")], KNOWN)
    poor = places([waits(ABLATED, "epochs", days=30)], KNOWN)
    forgotten = places([waits(ABLATED, "epochs", days=600)], KNOWN)
    first = [next(iter(found.values())).paper for found in (forgotten, rich, poor)]
    assert first == sorted(first)
