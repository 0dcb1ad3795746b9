"""A run that names only the design, or nothing, is one of the family of models that the results are of."""

from __future__ import annotations

import pytest

from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.linking.families import family_of, with_methods
from extractors.ownership import Ownership

EVIDENCE = Evidence("0" * 64, 3, None, "Training", "words", "test.rule")
BEST = Candidate("result.standing", Name("best", "best"), EVIDENCE)
DAY = Candidate("run.wall_time", Quantity.exact(86400, "s", "a day"), EVIDENCE)


def result(name: str | None, *candidates: Candidate) -> Draft:
    return Draft("result", name, candidates)


@pytest.mark.parametrize(
    ("names", "family"),
    [
        (["TransSeq (BPE)", "TransSeq", "TransSeq (8 models)"], "TransSeq"),
        (["Transfer-B", "Transfer-L"], None),
        (["Transfer-L"], "Transfer-L"),
        (["TransSeq", "Conv2"], None),
        ([None], None),
        (["ours"], None),
    ],
)
def test_the_family_is_what_all_best_results_are_called(names: list[str | None], family: str | None) -> None:
    assert family_of([result(name, BEST) for name in names], Ownership()) == family


def test_sizes_beside_the_best_result_make_it_no_family() -> None:
    assert family_of([result("Transfer-L", BEST), result("Transfer-B")], Ownership()) is None


def test_a_timed_run_of_a_design_is_one_by_the_proposed_method() -> None:
    drafts = [Draft("run", "ResNet-50", (DAY,)), result("ZipCo 1B images", BEST)]
    assert with_methods(drafts, Ownership(("ZipCo",)))[0].mention == "ZipCo"


@pytest.mark.parametrize(
    "drafts",
    [
        [Draft("run", "ResNet-50", (DAY,)), result("ZipCo"), result("ResNet-50 supervised")],
        [Draft("run", "ResNet-50", ()), result("ZipCo")],
        [Draft("run", "ResNet-50", (DAY,)), result("another")],
        [Draft("run", "ResNet-50", (DAY,), {"in_table": 1.0}), result("ZipCo")],
        [
            Draft("run", "ResNet-50", (Candidate(DAY.path, DAY.value, EVIDENCE, None, {"of_another": 1.0}),)),
            result("ZipCo"),
        ],
    ],
    ids=["with results of its own", "no time", "no results of the method", "row of a table", "a teacher"],
)
def test_other_runs_keep_their_model(drafts: list[Draft]) -> None:
    assert with_methods(drafts, Ownership(("ZipCo",)))[0].mention == "ResNet-50"


def test_a_run_of_a_design_is_one_of_the_model_that_is_built_on_it() -> None:
    drafts = [Draft("run", "ResNet-50", (DAY,)), result("ZipCo ResNet-50"), result("ZipCo ResNet-101")]
    assert with_methods(drafts, Ownership(("ZipCo",)))[0].mention == "ZipCo ResNet-50"


def test_it_is_not_where_the_design_has_results_of_its_own() -> None:
    drafts = [Draft("run", "ResNet-50", (DAY,)), result("ZipCo ResNet-50"), result("ResNet-50")]
    assert with_methods(drafts, Ownership(("ZipCo",)))[0].mention == "ResNet-50"
