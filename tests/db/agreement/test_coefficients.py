"""The figures are those of the literature and of the libraries, and say so where there is none."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from krippendorff import alpha as their_alpha
from statsmodels.stats.inter_rater import cohens_kappa

from db.agreement import coefficients
from db.agreement.coefficients import (
    NO_DISAGREEMENT,
    ONE_ANSWER,
    TOO_FEW,
    UNEVEN,
    Agreement,
    Draws,
    Item,
    agreement,
)
from db.cells import say_the_same
from extractors.facts.fields import FIELDS, Field, same_value
from extractors.facts.ids import PaperId
from extractors.facts.values import NotReported, Quantity, Value
from tests.logs import devices, named

FIELD = "run.accelerator"
PAIR = ("ann", "bob")

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers, twelve units, gaps
RELIABILITY = (
    (1, 1, None, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (None, 5, 5, 5),
    (None, None, 1, 1),
    (None, 3, None, None),
)
# Cohen, Psychological Bulletin 70 (1968), table 1, 200 cases: kappa .492 (without weights)
DIAGNOSES = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
# Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969), 200 cases: kappa .429
DISORDERS = ((106, 10, 4), (22, 28, 10), (2, 12, 6))


def paper(number: int) -> PaperId:
    return PaperId(f"2401.{number:05d}")


def crossed(table: Sequence[Sequence[int]], papers: int = 40) -> list[Item]:
    """Items of two people from a table of how often they said what."""
    cells = [(a, b) for a, row in enumerate(table) for b, times in enumerate(row) for _ in range(times)]
    return [
        Item(paper(n % papers), FIELD, {"ann": named(str(a)), "bob": named(str(b))})
        for n, (a, b) in enumerate(cells)
    ]


def measured(items: list[Item], pair: tuple[str, str] | None = PAIR) -> Agreement:
    return agreement(items, Draws.of(item.paper for item in items), pair)


def test_alpha_is_krippendorff_s_own_on_his_data() -> None:
    items = [
        Item(paper(n), FIELD, {f"p{m}": named(str(value)) for m, value in enumerate(unit) if value})
        for n, unit in enumerate(RELIABILITY)
        if sum(value is not None for value in unit) > 1
    ]
    found = measured(items, None)
    assert found.items == 11
    assert found.alpha.value == pytest.approx(0.743, abs=0.0005)
    assert found.kappa is None


@pytest.mark.parametrize(("table", "printed"), [(DIAGNOSES, 0.492), (DISORDERS, 0.429)])
def test_kappa_is_the_one_that_was_printed(table: Sequence[Sequence[int]], printed: float) -> None:
    found = measured(crossed(table))
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(printed, abs=0.0005)
    assert found.percent.value == pytest.approx(0.70)


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    first = measured(crossed(DIAGNOSES))
    assert first == measured(crossed(DIAGNOSES))
    for figure in (first.percent, first.alpha, first.kappa):
        assert figure is not None
        assert None not in (figure.low, figure.value, figure.high)
        assert (figure.low or 0) < (figure.value or 0) < (figure.high or 0)


def test_the_interval_of_200_papers_is_about_that_of_theory() -> None:
    found = measured(crossed(DIAGNOSES, papers=200)).kappa
    theirs = cohens_kappa(np.array(DIAGNOSES))
    assert found is not None
    assert found.low == pytest.approx(theirs.kappa_low, abs=0.02)
    assert found.high == pytest.approx(theirs.kappa_upp, abs=0.02)


def test_items_of_few_papers_tell_less_than_as_many_of_many() -> None:
    apart = [Item(paper(n), FIELD, item.said) for n, item in enumerate(crossed(DIAGNOSES))]
    together = [Item(paper(n // 20), FIELD, item.said) for n, item in enumerate(crossed(DIAGNOSES))]
    wide, narrow = measured(together).percent, measured(apart).percent
    assert (wide.high or 0) - (wide.low or 0) > 2 * ((narrow.high or 0) - (narrow.low or 0))


VALUES = st.sampled_from([named("A"), named("B"), named("C"), NotReported(), None])
ITEMS = st.lists(
    st.builds(
        lambda n, said: Item(paper(n), FIELD, said),
        st.integers(0, 9),
        st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=2, max_size=4),
    ),
    min_size=10,
    max_size=40,
)
PAIRED = st.lists(
    st.builds(lambda n, a, b: Item(paper(n), FIELD, {"ann": a, "bob": b}), st.integers(0, 9), VALUES, VALUES),
    min_size=10,
    max_size=40,
)


def codes(items: list[Item], people: Sequence[str]) -> list[list[float]]:
    """Reliability data as krippendorff takes it: a row for each person."""
    known: dict[Value | None, float] = {
        None: 0.0,
        NotReported(): 1.0,
        named("A"): 2.0,
        named("B"): 3.0,
        named("C"): 4.0,
    }
    return [
        [known[item.said[who]] if who in item.said else np.nan for item in items] for who in people
    ]  # fmt: skip


@given(ITEMS)
@settings(deadline=None, max_examples=40)
def test_alpha_is_that_of_the_library_on_the_plain_matrix(items: list[Item]) -> None:
    found, plain = measured(items, None), np.array(codes(items, "abcd"))
    several = len(np.unique(plain[~np.isnan(plain)])) > 1
    if found.papers < 5:
        assert found.alpha.why == TOO_FEW
    elif several:
        assert found.alpha.value == pytest.approx(their_alpha(plain, level_of_measurement="nominal"))
    else:
        assert (found.alpha.value, found.alpha.why) == (None, ONE_ANSWER)


@given(PAIRED)
@settings(deadline=None, max_examples=40)
def test_kappa_is_that_of_the_library_on_the_plain_table(items: list[Item]) -> None:
    found, table = measured(items).kappa, np.zeros((5, 5))
    for one, other in zip(*codes(items, PAIR), strict=True):
        table[int(one), int(other)] += 1
    assert found is not None
    if found.value is None:
        assert found.why in {TOO_FEW, ONE_ANSWER}
    else:
        assert found.value == pytest.approx(cohens_kappa(table, return_results=False))


@given(PAIRED)
@settings(deadline=None, max_examples=40)
def test_too_large_for_the_library_or_for_all_draws_at_once_are_the_same_figures(items: list[Item]) -> None:
    whole = measured(items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coefficients, "_DRAWN_AT_ONCE", 1000)
        assert measured(items) == whole
        patch.setattr(coefficients, "_ROOM", 0)
        apart = measured(items)
    assert apart.alpha.value == pytest.approx(whole.alpha.value)
    assert whole.kappa is not None
    assert apart.kappa is not None
    assert apart.kappa.value == pytest.approx(whole.kappa.value)


def test_values_that_all_differ_are_compared_with_their_neighbours_only() -> None:
    compared = 0

    def counted(field: Field, one: Value | None, other: Value | None) -> bool:
        nonlocal compared
        compared += 1
        return say_the_same(field, one, other)

    items = [
        Item(paper(n), "run.count", {"ann": devices(n), "bob": devices(n if n % 2 else n + 500)})
        for n in range(1, 501)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coefficients, "say_the_same", counted)
        found = measured(items)
    assert found.percent.value == 0.5
    assert compared < 2 * 2 * 750, "for everybody and for the pair, two comparisons for each value"


NEAR = st.lists(st.integers(990, 1030), min_size=10, max_size=40)


@given(NEAR, NEAR)
@settings(deadline=None, max_examples=40)
def test_neighbours_tell_what_each_value_compared_with_each_tells(ours: list[int], theirs: list[int]) -> None:
    field = FIELDS["model.parameters"]
    pairs = list(
        zip(*([Quantity.exact(n, "parameters") for n in all] for all in (ours, theirs)), strict=False)
    )
    found = measured(
        [Item(paper(n), field.path, {"ann": a, "bob": b}) for n, (a, b) in enumerate(pairs)], None
    )
    said = [value for pair in pairs for value in pair]
    seen = sum(2 * (not same_value(field, a, b)) for a, b in pairs)
    chance = sum(not same_value(field, a, b) for a in said for b in said) / (len(said) - 1)
    assert found.alpha.value == (pytest.approx(1 - seen / chance) if chance else None)


@given(ITEMS, st.permutations("abcd"))
@settings(deadline=None, max_examples=40)
def test_nothing_changes_with_the_names_of_people(items: list[Item], others: list[str]) -> None:
    new = dict(zip("abcd", others, strict=True))
    renamed = [Item(i.paper, i.field, {new[who]: said for who, said in i.said.items()}) for i in items]
    before, after = measured(items, None), measured(renamed, None)
    assert (before.items, before.papers) == (after.items, after.papers)
    for one, other in ((before.percent, after.percent), (before.alpha, after.alpha)):
        assert one.why == other.why
        assert [one.value, one.low, one.high] == [
            None if figure is None else pytest.approx(figure)
            for figure in (other.value, other.low, other.high)
        ]


@given(st.lists(VALUES, min_size=10, max_size=40))
@settings(deadline=None, max_examples=40)
def test_who_always_agree_agree_wholly_or_have_nothing_to_disagree_about(said: list[Value | None]) -> None:
    found = measured([Item(paper(n), FIELD, {"ann": v, "bob": v}) for n, v in enumerate(said)])
    assert found.percent.value == 1
    for figure in (found.alpha, found.kappa):
        assert figure is not None
        expected = (1.0, NO_DISAGREEMENT) if len(set(said)) > 1 else (None, ONE_ANSWER)
        assert (figure.value, figure.why) == expected
        assert (figure.low, figure.high) == (None, None)


def test_who_never_disagreed_may_still_do_so_in_one_of_so_many_papers() -> None:
    found = measured([Item(paper(n), FIELD, {"ann": named("A"), "bob": named("A")}) for n in range(20)])
    assert found.percent.low == pytest.approx(0.025 ** (1 / 20))
    assert found.percent.high == 1


def test_too_few_items_or_papers_have_a_share_and_no_more() -> None:
    nine = [Item(paper(n), FIELD, {"ann": named("A"), "bob": named("B")}) for n in range(9)]
    found = measured(nine)
    assert (found.percent.value, found.percent.low, found.percent.why) == (0, None, TOO_FEW)
    assert found.kappa is not None
    assert (found.alpha.value, found.kappa.value) == (None, None)
    four_papers = [Item(paper(n % 4), FIELD, {"ann": named("A"), "bob": named("B")}) for n in range(40)]
    assert measured(four_papers).alpha.why == TOO_FEW


def test_two_people_of_one_answer_each_agree_no_more_than_chance() -> None:
    found = measured([Item(paper(n), FIELD, {"ann": named("A"), "bob": named("B")}) for n in range(20)])
    assert found.kappa is not None
    assert found.kappa.value == 0


def test_draws_that_hardly_ever_disagree_give_no_interval() -> None:
    items = [
        Item(paper(n % 6), FIELD, {"ann": named("A"), "bob": named("A" if n else "B")}) for n in range(12)
    ]
    draws = Draws.of(item.paper for item in items)
    without = Draws(draws.place, np.where(np.arange(6) == draws.place[paper(0)], 0.0, draws.times))
    assert agreement(items, draws, PAIR).alpha.low is not None
    assert agreement(items, without, PAIR).alpha.why == UNEVEN


def test_quantities_are_the_same_within_the_tolerance_of_their_field_and_units_differ() -> None:
    near, far = (Quantity.exact(value, "parameters") for value in (100.6e6, 101.4e6))
    base = Quantity.exact(100e6, "parameters")
    other = [{"ann": base, "bob": near}, {"ann": near, "bob": far}, {"ann": base, "bob": far}] * 4
    found = measured([Item(paper(n), "model.parameters", said) for n, said in enumerate(other)])
    # 100.0 and 100.6 are the same, 100.6 and 101.4 are, 100.0 and 101.4 are not: no chain makes them one
    assert found.percent.value == pytest.approx(2 / 3)
    units = [{"ann": devices(8), "bob": Quantity.exact(8, "nodes")}] * 12
    assert measured([Item(paper(n), "run.count", said) for n, said in enumerate(units)]).percent.value == 0


def test_over_several_fields_chance_stays_within_each() -> None:
    one = crossed(DIAGNOSES)
    other = [Item(item.paper, "run.training_set", item.said) for item in crossed(DIAGNOSES)]
    alone, both = measured(one), measured([*one, *other])
    assert both.items == 400
    assert alone.kappa is not None
    assert both.kappa is not None
    assert both.kappa.value == pytest.approx(alone.kappa.value)
    assert both.alpha.value == pytest.approx(alone.alpha.value)
