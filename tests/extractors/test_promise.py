"""A promise is a precision; what is proven of a model decides what is published unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from extractors.confidence import Linear, Model, Proof
from extractors.facts.errors import UsageError
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.promise import Promise, is_audited, lower_bound, reviews_needed, route, threshold
from tests.models import model_of

PATH = "run.count"
MODEL = model_of({"training": Linear(0.0)})


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "rejected"),
        (0.0999, "rejected"),
        (0.1, "queued"),
        (0.9499, "queued"),
        (0.95, "accepted"),
        (1.0, "accepted"),
    ],
)
def test_a_probability_is_routed_by_what_is_promised(probability: float, expected: str) -> None:
    assert route(PATH, probability, MODEL, Promise()) == expected


def test_where_nothing_is_proven_nothing_is_published_unseen() -> None:
    assert route(PATH, 1.0, Model("empty"), Promise()) == "queued"
    assert route("run.energy", 1.0, MODEL, Promise()) == "queued"


def test_the_lowest_probability_that_holds_the_promise_is_the_border() -> None:
    proofs = (
        Proof(0.5, 200, 40, 0.93, 0.91),
        Proof(0.7, 150, 40, 0.97, 0.955),
        Proof(0.8, 90, 30, 0.97, 0.94),
        Proof(0.9, 80, 30, 0.99, 0.96),
    )
    model = Model("test", pools={"training": proofs})
    assert threshold(PATH, model, Promise(0.95)) == 0.7
    assert threshold(PATH, model, Promise(0.9)) == 0.5
    assert threshold(PATH, model, Promise(0.99)) is None


def test_a_field_with_proofs_of_its_own_does_not_lean_on_its_family() -> None:
    own = (Proof(0.5, 200, 40, 0.8, 0.75),)
    model = Model("test", pools={**MODEL.pools, PATH: own})
    assert threshold(PATH, model, Promise(0.95)) is None
    assert threshold("run.accelerator", model, Promise(0.95)) == 0.95


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_stricter_promise_never_publishes_more(one: float, other: float) -> None:
    strict, lax = max(one, other), min(one, other)
    for step in range(21):
        if route(PATH, step / 20, MODEL, Promise(strict, 0.0)) == "accepted":
            assert route(PATH, step / 20, MODEL, Promise(lax, 0.0)) == "accepted"


def cells(count: int) -> list[CellKey]:
    entity = EntityId(PaperId("2007.05558"), "run", "all")
    return [CellKey(EntityId(entity.paper, "run", f"run-{n}"), "count") for n in range(count)]


def test_the_lot_takes_about_its_share_and_always_the_same_cells() -> None:
    picked = [key for key in cells(4000) if is_audited(key, Promise(audit_share=0.05))]
    assert 150 < len(picked) < 250
    assert set(picked) < {key for key in cells(4000) if is_audited(key, Promise(audit_share=0.1))}
    assert not any(is_audited(key, Promise(audit_share=0.0)) for key in cells(100))
    assert all(is_audited(key, Promise(audit_share=1.0)) for key in cells(100))


@pytest.mark.parametrize("given", [{"precision": 1.1}, {"reject_below": -0.1}, {"audit_share": 2.0}])
def test_a_promise_that_cannot_be_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=f"{next(iter(given))} .* is no share"):
        Promise(**given)


def test_the_bound_of_independent_values_is_the_exact_one() -> None:
    assert lower_bound(0.95, 100) == pytest.approx(beta.ppf(0.1, 95, 6))
    assert lower_bound(1.0, 45) == pytest.approx(0.1 ** (1 / 45))
    assert lower_bound(0.0, 45) == 0.0


@given(st.integers(0, 1000).map(lambda share: share / 1000), st.floats(1, 1e4))
def test_a_bound_is_below_what_was_seen_and_rises_with_the_number(precision: float, n: float) -> None:
    assert 0 <= lower_bound(precision, n) <= precision
    assert lower_bound(precision, n) <= lower_bound(precision, 2 * n) + 1e-9


def test_reviews_needed_would_prove_the_promise_if_they_came_out_alike() -> None:
    proof = Proof(0.9, 60, 30, precision=0.98, bound=lower_bound(0.98, 60), effective=60)
    more = reviews_needed([proof], 0.95)
    assert more is not None and more > 0
    assert lower_bound(0.98, 60 + more) >= 0.95 > lower_bound(0.98, 60 + 0.9 * more)


def test_no_number_of_reviews_proves_more_than_is_true() -> None:
    proof = Proof(0.9, 60, 30, precision=0.9, bound=lower_bound(0.9, 60), effective=60)
    assert reviews_needed([proof], 0.95) is None
    assert reviews_needed([], 0.95) is None
    assert reviews_needed([proof], 0.8) == 0
