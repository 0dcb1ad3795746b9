"""Tables and sentences together: the best of each kind, agreement and disagreement."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Region, Table
from extractors.documents.pdf import read_pdf
from extractors.drafts import Draft
from extractors.facts.values import Name, Quantity
from extractors.scores import score_drafts

Read = Callable[..., tuple[Draft, ...]]


@pytest.fixture
def read(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> Read:
    """Read the scores of a paper with an abstract and one table."""

    def drafts(abstract: str, rows: Sequence[Sequence[str]], caption: str) -> tuple[Draft, ...]:
        paper = document(paragraph(abstract, region="abstract"), tables=[table(rows, caption)])
        return score_drafts(context_of(paper))

    return drafts


def best(drafts: Sequence[Draft]) -> list[float]:
    """Scores that stand as the best."""
    return [
        next(c.value.value for c in draft.candidates if isinstance(c.value, Quantity))
        for draft in drafts
        if any(isinstance(c.value, Name) and c.value.id == "best" for c in draft.candidates)
    ]


ROWS = [["Model", "top-1 err.", "top-5 err."], ["ZipNet-S", "24.0", "7.2"], ["ZipNet-L", "21.5", "5.9"]]


def test_the_lowest_error_is_the_best(read: Read) -> None:
    assert best(read("We propose ZipNet.", ROWS, "ImageNet validation.")) == [21.5, 5.9]


def test_the_highest_accuracy_is_the_best(read: Read) -> None:
    rows = [["Model", "top-1 acc."], ["ZipNet-S", "76.0"], ["ZipNet-L", "78.5"]]
    assert best(read("We propose ZipNet.", rows, "ImageNet validation.")) == [78.5]


def test_an_ensemble_is_best_of_its_own_kind(read: Read) -> None:
    rows = [["Model", "top-5 err."], ["ZipNet", "5.9"], ["ZipNet ensemble", "4.4"]]
    assert best(read("We propose ZipNet.", rows, "ImageNet test.")) == [5.9, 4.4]


def test_several_scales_have_a_best_of_their_own_beside_one(read: Read) -> None:
    rows = [["Model", "AP"], ["ZipNet (single-scale)", "40.1"], ["ZipNet (multi-scale)", "42.3"]]
    assert best(read("We propose ZipNet.", rows, "COCO test-dev.")) == [40.1, 42.3]


def test_a_score_whose_split_is_assumed_must_beat_those_that_name_theirs(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    rows = [["Model", "top-1 err."], ["ZipNet", "24.0"]]
    better = [["Model", "top-1 err."], ["ZipNet", "22.0"]]
    tables = [table(rows, "ImageNet."), table(better, "ImageNet test set.")]
    paper = document(paragraph("We propose ZipNet.", region="abstract"), tables=tables)
    assert best(score_drafts(context_of(paper))) == [22.0]


def test_a_sentence_takes_the_split_and_setting_of_the_row_that_it_repeats(read: Read) -> None:
    rows = [["Model", "Test F1"], ["ZipNet (single)", "91.8"], ["ZipNet (ensemble)", "93.2"]]
    abstract = "We propose ZipNet. ZipNet reaches 93.2 F1 on the SQuAD 1.1 test set."
    assert best(read(abstract, rows, "SQuAD 1.1.")) == [91.8, 93.2, 93.2]


def test_a_row_that_nothing_marks_does_not_beat_the_proposed_model(read: Read) -> None:
    rows = [["Model", "top-1 err."], ["plain", "20.0"], ["ZipNet", "21.5"]]
    assert best(read("We propose ZipNet.", rows, "ImageNet validation.")) == [21.5]


def test_agreement_of_abstract_and_table_is_a_feature_of_both(read: Read) -> None:
    drafts = read("We propose ZipNet. ZipNet has a top-1 error of 21.5% on ImageNet.", ROWS, "ImageNet.")
    agreeing = [draft for draft in drafts if draft.features["agrees_elsewhere"]]
    assert [draft.features["in_table"] for draft in agreeing] == [1.0, 0.0]
    assert all(draft.features["in_abstract"] for draft in agreeing)


@pytest.mark.parametrize(("region", "where"), [("abstract", "abstract"), ("body", "text")])
def test_disagreement_is_a_reason_and_the_other_score_a_rival(
    region: Region,
    where: str,
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    table: Callable[..., Table],
) -> None:
    text = "We propose ZipNet. ZipNet has a top-1 error of 21.6% on ImageNet."
    paper = document(paragraph(text, region=region), tables=[table(ROWS, "ImageNet.")])
    doubt = f"table and {where} disagree: 21.5 or 21.6%"
    doubted = [draft for draft in score_drafts(context_of(paper)) if doubt in draft.reasons]
    assert [draft.features["in_table"] for draft in doubted] == [1.0, 0.0]
    scores = [c for c in doubted[0].candidates if c.path == "result.score"]
    assert len(scores) == 2


def test_a_paper_without_scores_has_none(read: Read) -> None:
    assert read("We prove a bound.", [["n", "bound"], ["2", "3"]], "Bounds.") == ()


def test_a_score_of_the_abstract_competes_with_rows_that_nothing_marks(read: Read) -> None:
    abstract = "Our single model has a top-1 error of 22.0% on ImageNet."
    rows = [["Model", "top-1 err."], ["wide", "21.5"], ["narrow", "25.0"]]
    assert 21.5 in best(read(abstract, rows, "ImageNet validation."))


@pytest.mark.parametrize("file", ["2403.99101v1.pdf", "2403.99108v1.pdf", "2403.99114v1.pdf"])
def test_the_headline_scores_of_a_typeset_paper_are_found(file: str, repository: Path) -> None:
    papers = repository / "flows" / "demo" / "papers"
    truths = map(json.loads, (papers / "truth.jsonl").read_text("utf-8").splitlines())
    truth = next(paper for paper in truths if paper["file"] == file)
    expected = {
        entry["value"] for entry in truth["results"] if entry["best_own"] and entry["table"] != "text"
    }
    found = best(score_drafts(context_of(read_pdf((papers / file).read_bytes()))))
    assert expected <= set(found)


def test_an_own_row_of_a_study_may_be_the_best(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    main = [["Model", "top-1 err."], ["ZipNet", "24.0"]]
    study = [["Model", "top-1 err."], ["ZipNet-L", "22.0"]]
    tables = [table(main, "ImageNet validation."), table(study, "Impact of width on ImageNet validation.")]
    paper = document(paragraph("We propose ZipNet.", region="abstract"), tables=tables)
    assert best(score_drafts(context_of(paper))) == [22.0]


def test_an_assumed_split_is_the_only_one_that_other_tables_name(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    rows = [["Model", "AP"], ["ZipNet", "40.1"]]
    more = [["Model", "AP"], ["ZipNet-L", "42.3"]]
    tables = [table(rows, "COCO val2017."), table(more, "COCO, longer schedule.")]
    paper = document(paragraph("We propose ZipNet.", region="abstract"), tables=tables)
    drafts = score_drafts(context_of(paper))
    splits = [
        c.value.id
        for d in drafts
        for c in d.candidates
        if c.path == "result.split" and isinstance(c.value, Name)
    ]
    assert splits == ["val", "val"]
    assert best(drafts) == [42.3]


def test_a_sentence_that_rounds_a_row_does_not_beat_it(read: Read) -> None:
    rows = [["Model", "top-1 err."], ["ZipNet-S", "24.02"], ["ZipNet-L", "21.52"]]
    abstract = "We propose ZipNet. Our best model has a top-1 error of 21.5% on ImageNet."
    assert best(read(abstract, rows, "ImageNet validation.")) == [21.52]


def test_a_plain_map_in_a_sentence_is_of_the_ensemble_whose_row_has_it(read: Read) -> None:
    rows = [["Model", "@.5", "@[.5:.95]"], ["ZipNet", "55.2", "34.5"], ["ensemble", "58.7", "37.1"]]
    abstract = "We propose ZipNet. Our ensemble has an mAP of 58.7% on COCO test-dev."
    assert best(read(abstract, rows, "COCO test-dev detection mAP.")) == [55.2, 34.5, 58.7, 37.1, 58.7]


def test_of_tables_that_print_one_score_the_first_is_told(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    rows = [["Model", "top-1 err."], ["ZipNet", "24.0"]]
    again = [["Model", "top-1 err."], ["ZipNet", "24.0"], ["ZipNet-S", "24.9"]]
    tables = [
        replace(table(rows, "ImageNet."), label="Table 1"),
        replace(table(again, "ImageNet."), label="Table 2"),
    ]
    paper = document(paragraph("We propose ZipNet.", region="abstract"), tables=tables)
    told = [
        (draft.features["repeated"], draft.features["first_table"])
        for draft in score_drafts(context_of(paper))
    ]
    assert told == [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]
