"""A run of `the large model` is one of the model that the paper's other places call large."""

from __future__ import annotations

import pytest

from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.linking.sizes import with_sizes
from extractors.ownership import Ownership

EVIDENCE = Evidence("0" * 64, 3, None, "Training", "words", "test.rule")
BASELINE = Candidate("model.role", Name("baseline", "baseline"), EVIDENCE)


def meant(size: str, *others: Draft) -> str | None:
    said = Draft("run", size, ())
    return with_sizes([said, *others], Ownership(("Merlin",)))[0].mention


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ("base", "Merlin (base)"),
        ("large", "Merlin-Large"),
        ("big", "Merlin big (ours)"),
        ("tiny", "Merlin-T"),
        ("Small", "small Merlin"),
        ("65B", "Merlin-65B"),
        ("1.5B", "Merlin 1.5b"),
    ],
)
def test_the_one_name_with_the_size_is_meant(size: str, name: str) -> None:
    assert meant(size, Draft("result", name, ()), Draft("model", "Merlin-X", ())) == name


@pytest.mark.parametrize("names", [[], ["Merlin-Large", "Merlin-2 Large"], ["Merlin-Largest", "Merlin-LX"]])
def test_where_several_names_have_it_or_none_a_description_names_no_model(names: list[str]) -> None:
    others = [Draft("result", name, ()) for name in names]
    assert meant("large", *others) is None
    assert meant("Large", *others) == "Large"


def test_models_of_others_are_not_meant() -> None:
    assert (
        meant("large", Draft("model", "BERT-Large", (BASELINE,)), Draft("result", "GPT Large [3]", ()))
        is None
    )


def test_a_name_that_is_more_than_a_size_stays() -> None:
    assert meant("Merlin-B", Draft("result", "Merlin-Large", ())) == "Merlin-B"


def test_a_size_is_no_part_of_another() -> None:
    assert meant("5B", Draft("result", "Merlin-65B", ()), Draft("result", "Merlin-1.5B", ())) == "5B"
