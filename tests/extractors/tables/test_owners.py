"""Whose a row is."""

from __future__ import annotations

import pytest

from extractors.ownership import Ownership
from extractors.tables.owners import Habits, habits_of, judge, marked_names, taken_names

PLAIN = Habits(has_ours=False, has_cited=False)
MARKED = Habits(has_ours=True, has_cited=False)
OWNER = Ownership(("ZipNet",))


@pytest.mark.parametrize(
    ("label", "group", "habits", "own"),
    [
        ("ZipNet-50", "", PLAIN, True),
        ("OldNet + zip (ours)", "", MARKED, True),
        ("ZipNet-50 [7]", "", PLAIN, False),
        ("ZipNet on OldNet [7]", "", PLAIN, True),
        ("OldNet [12]", "", PLAIN, False),
        ("OldNet (Author et al., 2017)", "", PLAIN, False),
        ("OldNet [AUT+17]", "", PLAIN, False),
        ("OldNet", "Published methods", PLAIN, False),
        ("base", "Our models", MARKED, True),
        ("CitedNet-101", "", MARKED, False),
        ("Human performance", "", PLAIN, False),
        ("some row", "", MARKED, False),
        ("some row", "", PLAIN, True),
    ],
)
def test_a_row_is_ours_or_not(label: str, group: str, habits: Habits, own: bool) -> None:
    assert judge(label, group, label, OWNER, habits, frozenset({"citednet"})).own is own


def test_beside_marked_rows_an_unmarked_one_is_not_ours_even_where_others_cite() -> None:
    habits = habits_of(["NewNet (ours)", "CitedNet [4]", "PlainNet"])
    assert not judge("PlainNet", "", "PlainNet", OWNER, habits, frozenset()).own


def test_an_own_run_of_a_baseline_does_not_make_unmarked_rows_foreign() -> None:
    labels = ["OldNet (our implementation)", "OldNet [4]", "PlainNet"]
    habits = habits_of(labels)
    baseline, _, plain = (judge(label, "", label, OWNER, habits, frozenset()) for label in labels)
    assert plain.own
    assert baseline.own
    assert baseline.certain < judge("Net (ours)", "", "Net (ours)", OWNER, habits, frozenset()).certain


def test_beside_rows_of_the_proposed_model_a_name_is_not_ours_where_nothing_cites() -> None:
    habits = Habits(has_ours=False, has_cited=False, has_named=True)
    assert not judge("PlainNet", "", "PlainNet", OWNER, habits, frozenset()).own


@pytest.mark.parametrize(
    ("caption", "own"),
    [
        ("Error rates. * denotes results reported in the original papers.", False),
        ("Error rates. * indicates numbers published in prior works.", False),
        ("Error rates (*: taken from the respective papers).", False),
        ("Error rates. * denotes our largest model.", True),
    ],
)
def test_a_mark_may_say_that_a_row_is_taken_from_elsewhere(caption: str, own: bool) -> None:
    habits = habits_of(["SomeNet*", "OtherNet"], caption)
    assert judge("SomeNet*", "", "SomeNet*", OWNER, habits, frozenset()).own is own
    assert judge("OtherNet", "", "OtherNet", OWNER, habits, frozenset()).own


@pytest.mark.parametrize(("cited", "marked"), [("wildnetb0", False), ("wildnet", False), ("tamenet", True)])
def test_an_own_run_of_a_cited_model_marks_no_other_rows(cited: str, marked: bool) -> None:
    habits = habits_of(["Spine-53", "WildNet-B3 (ours)"], "", frozenset({cited}))
    assert habits.has_ours is marked
    assert judge("Spine-53", "", "Spine-53", Ownership(), habits, frozenset({cited})).own is not marked


def test_a_proposed_size_on_a_cited_method_is_ours() -> None:
    label = "UpNet [69] Slim-S"
    assert judge(label, "", label, Ownership(("Slim Transformer",)), PLAIN, frozenset({"upnet"})).own


@pytest.mark.parametrize(
    "caption",
    [
        "† reproduced by us.",
        "†: our re-implementation.",
        "(† we retrained these)",
        "† denotes models re-implemented by us.",
    ],
)
def test_a_mark_may_say_that_the_authors_ran_a_cited_model_themselves(caption: str) -> None:
    habits = habits_of(["OldNet [12]†", "WildNet [13]"], f"Error rates. {caption}")
    verdict = judge("OldNet [12]†", "", "OldNet [12]†", OWNER, habits, frozenset())
    assert (verdict.own, verdict.certain) == (True, 0.4)
    assert not judge("WildNet [13]", "", "WildNet [13]", OWNER, habits, frozenset()).own


@pytest.mark.parametrize("label", ["OldNet (reimplemented)", "OldNet (re-trained)", "OldNet (re-run)"])
def test_a_row_may_say_that_the_authors_ran_a_model_themselves(label: str) -> None:
    verdict = judge(label, "", label, OWNER, habits_of(["WildNet [13]"]), frozenset({"oldnet"}))
    assert (verdict.own, verdict.certain) == (True, 0.4)


def test_an_assumption_is_given_as_a_reason() -> None:
    verdict = judge("some row", "", "some row", OWNER, PLAIN, frozenset())
    assert verdict.certain == 0
    assert "whose row" in verdict.reason


def test_the_habits_of_a_table_are_seen() -> None:
    assert habits_of(["OldNet [12]", "NewNet (ours)"]) == Habits(has_ours=True, has_cited=True)


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        (
            "Error rates. Baseline, OldNet and WildNet results are from [3].",
            {"baseline", "oldnet", "wildnet"},
        ),
        ("Error rates. OldNet is taken from (Author, 2019).", {"oldnet"}),
        ("Error rates; OldNet and WildNet are as reported in Author et al. [4].", {"oldnet", "wildnet"}),
        ("Images are from [3], as in the figure.", {"images"}),
        ("OldNet results are from our runs.", set()),
    ],
)
def test_a_caption_may_say_whose_results_names_are(caption: str, names: set[str]) -> None:
    assert set(taken_names(caption)) == names


def test_a_row_that_the_caption_says_is_of_a_cited_paper_is_not_ours() -> None:
    habits = habits_of(["Baseline", "ZipNet"], "Errors. Baseline results are from [3].")
    assert not judge("Baseline", "", "Baseline", OWNER, habits, frozenset()).own


def test_a_change_that_is_ours_says_nothing_of_other_rows() -> None:
    habits = habits_of(["OldNet [2]", "+ longer training", "+ our weighting"])
    assert not habits.has_ours
    assert judge("+ longer training", "", "+ longer training", OWNER, habits, frozenset()).own
    assert habits_of(["OldNet [2]", "+ Zip (ours)"]).has_ours


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("+ Lull (ours)", {"Lull"}),
        ("Full model (ours)", set()),
        ("CitedNet (ours)", set()),
        ("Lull", set()),
        ("LSTM (ours)", set()),
    ],
)
def test_names_marked_as_ours_are_those_of_nobody_else(label: str, names: set[str]) -> None:
    assert marked_names([label], frozenset({"citednet"})) == names
