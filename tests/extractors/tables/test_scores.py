"""Own scores of tables as drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Table
from extractors.drafts import Draft
from extractors.facts.values import Name, Quantity
from extractors.tables.scores import table_scores

Read = Callable[..., list[Draft]]


@pytest.fixture
def read(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> Read:
    """Read the scores of one table in a paper that proposes ZipNet."""

    def drafts(
        rows: Sequence[Sequence[str]], caption: str, text: str = "", header_rows: int = 1
    ) -> list[Draft]:
        abstract = paragraph("We propose ZipNet.", region="abstract")
        body = [paragraph(text)] if text else []
        return list(
            table_scores(context_of(document(abstract, *body, tables=[table(rows, caption, header_rows)])))
        )

    return drafts


def values(drafts: Sequence[Draft]) -> list[tuple[str | None, str, float]]:
    """Model, metric and score of each draft."""
    found = []
    for draft in drafts:
        score = next(c.value.value for c in draft.candidates if isinstance(c.value, Quantity))
        found.append((draft.mention, named(draft, "metric"), score))
    return found


def named(draft: Draft, field: str) -> str:
    """The id of an identity field."""
    ids = {c.path: c.value.id for c in draft.candidates if isinstance(c.value, Name)}
    return ids.get(f"result.{field}", "")


def test_rows_with_a_citation_are_left_out(read: Read) -> None:
    rows = [["Model", "top-1 err."], ["OldNet [4]", "24.7"], ["ZipNet", "22.1"]]
    assert values(read(rows, "Results on ImageNet.")) == [("ZipNet", "top1_error", 22.1)]


def test_a_name_cited_in_one_row_is_foreign_in_the_next(read: Read) -> None:
    rows = [
        ["Model", "EM"],
        ["OldNet (Author, 2018)", "74.6"],
        ["OldNet (ensemble)", "77.2"],
        ["ZipNet", "78.0"],
    ]
    assert values(read(rows, "SQuAD 1.1 dev.")) == [("ZipNet", "em", 78.0)]


def test_columns_of_costs_are_no_scores(read: Read) -> None:
    rows = [["Model", "Params", "FLOPs", "Top-1 acc."], ["ZipNet", "25.6", "4.1", "77.9"]]
    assert values(read(rows, "Results on ImageNet.")) == [("ZipNet", "top1_accuracy", 77.9)]


def test_two_metrics_in_one_column_are_two_scores(read: Read) -> None:
    rows = [["Model", "EM/F1"], ["ZipNet", "84.1/91.2"]]
    assert values(read(rows, "SQuAD 1.1 dev.")) == [("ZipNet", "em", 84.1), ("ZipNet", "f1", 91.2)]


def test_fractions_of_one_become_percent(read: Read) -> None:
    rows = [["Model", "top-1 accuracy"], ["ZipNet", "0.779"], ["ZipNet-L", "0.801"]]
    assert [score for _, _, score in values(read(rows, "ImageNet"))] == [77.9, 80.1]


def test_the_spread_of_runs_is_the_interval(read: Read) -> None:
    draft = read([["Model", "CIFAR-10 error"], ["ZipNet", "3.1 ± 0.2"]], "Results")[0]
    score = next(c.value for c in draft.candidates if isinstance(c.value, Quantity))
    assert [score.low, score.high] == pytest.approx([2.9, 3.3])
    assert score.printed == "3.1 ± 0.2"


def test_an_implausible_number_is_no_score(read: Read) -> None:
    assert read([["Model", "BLEU"], ["ZipNet", "92.0"]], "WMT14 English-German") == []


def test_missing_cells_are_passed_over(read: Read) -> None:
    rows = [["Model", "AP", "AP50"], ["ZipNet", "-", "61.0"]]
    assert values(read(rows, "COCO test-dev")) == [("ZipNet", "ap50", 61.0)]


def test_models_in_columns_are_read_too(read: Read) -> None:
    rows = [["", "OldNet [4]", "ZipNet"], ["top-1", "23.9", "22.1"], ["top-5", "7.1", "6.0"]]
    found = values(read(rows, "Error (%) on ImageNet."))
    assert found == [("ZipNet", "top1_error", 22.1), ("ZipNet", "top5_error", 6.0)]


def test_the_sentence_that_refers_to_the_table_may_name_the_benchmark(read: Read) -> None:
    rows = [["Model", "AP75"], ["ZipNet", "44.0"]]
    draft = read(rows, "Comparison.", "Table 1 compares detectors on COCO test-dev.")[0]
    assert named(draft, "benchmark") == "coco-detection"
    assert draft.features["benchmark_distance"] > 2
    assert any("caption" in reason for reason in draft.reasons)


@pytest.mark.parametrize(
    ("cell", "caption", "doubts"),
    [
        ("76.1", "ImageNet top-1 accuracy.", ()),
        ("76.1", "Ablation study on ImageNet, top-1 accuracy.", ("the table compares variants",)),
        ("76.1 / 92.8", "ImageNet accuracy (top-1 / top-5).", ("several numbers stand in its cell",)),
    ],
)
def test_what_makes_a_table_doubtful_is_said(
    cell: str, caption: str, doubts: tuple[str, ...], read: Read
) -> None:
    draft = read([["Model", "top-1"], ["ZipNet (ours)", cell]], caption)[0]
    assert draft.reasons == doubts


def test_ensembles_are_told_by_their_row(read: Read) -> None:
    rows = [["Model", "top-5 err."], ["ZipNet (single)", "5.1"], ["ZipNet (ensemble)", "4.2"]]
    drafts = read(rows, "ImageNet test.")
    assert [named(draft, "setting") for draft in drafts] == ["single", "ensemble"]
    assert [named(draft, "split") for draft in drafts] == ["test", "test"]


def test_the_benchmark_may_stand_over_the_names_of_models(read: Read) -> None:
    rows = [
        ["WMT'14 English-German", "BLEU"],
        ["ZipNet", "26.1"],
        ["WMT'14 English-French", "BLEU"],
        ["ZipNet", "40.2"],
    ]
    drafts = read(rows, "Accuracy on WMT tasks.")
    assert [named(draft, "benchmark") for draft in drafts] == ["wmt14-en-de", "wmt14-en-fr"]


def test_of_two_numbers_under_a_question_answering_benchmark_f1_is_the_higher(read: Read) -> None:
    rows = [["Model", "SQuAD 2.0"], ["ZipNet", "83.2/80.1"]]
    assert values(read(rows, "Development set.")) == [("ZipNet", "f1", 83.2), ("ZipNet", "em", 80.1)]


def test_tick_marks_are_no_name(read: Read) -> None:
    assert values(read([["Zip?", "top-1"], ["X", "70.1"]], "ImageNet accuracy.")) == [
        (None, "top1_accuracy", 70.1)
    ]


def test_columns_of_recall_are_no_precision(read: Read) -> None:
    rows = [["Proposals", "AR100", "AR1k m"], ["ZipNet", "44.0", "57.1"]]
    assert read(rows, "Average recall on COCO minival, by a detector of 36.0 AP.") == []


def test_a_benchmark_under_attack_is_another_benchmark(read: Read) -> None:
    rows = [["Model", "top-1"], ["ZipNet", "40.1"]]
    assert read(rows, "Accuracy on ImageNet after an adversarial attack.") == []


def test_data_sets_in_rows_without_any_header_are_not_taken_for_benchmarks(read: Read) -> None:
    rows = [["ImageNet", "37.4", "58.0"], ["ImageNet+300M", "38.1", "59.0"]]
    assert read(rows, "Initial weights and their detection results.", header_rows=0) == []


def test_a_table_of_ablations_says_so(read: Read) -> None:
    rows = [["Variant", "top-1"], ["ZipNet without zip", "70.1"]]
    assert read(rows, "Ablation on ImageNet, accuracy.")[0].features["ablation"] == 1.0


def test_the_evidence_is_the_cell_with_its_row(read: Read) -> None:
    evidence = (
        read([["Model", "BLEU"], ["ZipNet", "27.9"]], "WMT14 English-German")[0].candidates[-1].evidence
    )
    assert (evidence.anchor, evidence.quote) == ("Table 1", "ZipNet | 27.9")
    assert evidence.box is not None


def test_a_table_about_something_else_gives_nothing(read: Read) -> None:
    assert read([["Dataset", "Size"], ["Words", "25.0"]], "Sizes of vocabularies.") == []


def test_a_table_of_parts_of_the_test_set_gives_nothing(read: Read) -> None:
    rows = [["Class", "AP"], ["person", "47.7"], ["bicycle", "26.4"]]
    assert values(read(rows, "Per-class detection results on COCO test-dev.")) == []
    assert values(read(rows, "AP on COCO test-dev by length.")) == []


def test_a_citation_in_all_rows_says_what_they_are_built_on(read: Read) -> None:
    rows = [["Method", "AP"], ["OldNet [3]", "35.9"], ["OldNet [3] + zip", "37.4"]]
    assert [score for _, _, score in values(read(rows, "COCO test-dev."))] == [35.9, 37.4]


def test_three_numbers_under_average_precision_are_those_of_the_usual_thresholds(read: Read) -> None:
    rows = [["Model", "AP"], ["ZipNet", "40.1/60.2/43.3"]]
    assert [metric for _, metric, _ in values(read(rows, "COCO test-dev."))] == ["box_ap", "ap50", "ap75"]


def test_several_models_together_are_an_ensemble(read: Read) -> None:
    rows = [["Model", "top-5 err."], ["1 ZipNet", "5.9"], ["5 ZipNets", "4.8"]]
    assert [named(draft, "setting") for draft in read(rows, "ImageNet test.")] == [
        "unspecified",
        "unspecified",
    ]
    rows = [["Model", "top-5 err."], ["1 CNN", "5.9"], ["5 CNNs", "4.8"]]
    assert [named(draft, "setting") for draft in read(rows, "ImageNet test.")] == ["unspecified", "ensemble"]


def test_beside_average_precision_at_one_half_the_plain_one_is_another_metric(read: Read) -> None:
    rows = [["Model", "AP50", "AP"], ["ZipNet", "81.6", "55.5"]]
    assert values(read(rows, "Detection on VOC 2007 test.")) == [("ZipNet", "map", 81.6)]


def test_a_mark_that_the_caption_explains_sets_the_way_of_testing_of_its_rows_alone(read: Read) -> None:
    rows = [["Model", "AP"], ["ZipNet", "31.0"], ["ZipNet+", "33.0"]]
    drafts = read(rows, "COCO test-dev. “+” denotes multi-scale testing.")
    assert [named(draft, "setting") for draft in drafts] == ["unspecified", "multi-scale"]


def test_columns_that_cite_whom_they_are_by_are_of_others(read: Read) -> None:
    rows = [
        ["pre-training", "OldNet, by [5]", "ZipNet"],
        ["", "AP50", "AP50"],
        ["unlabelled", "70.0", "72.0"],
    ]
    found = values(read(rows, "PASCAL VOC 2007 test.", header_rows=2))
    assert [score for _, _, score in found] == [72.0]


@pytest.mark.parametrize(
    ("caption", "rows", "study"),
    [
        ("Results on ImageNet. Models have different input sizes.", [["ZipNet", "22.1"]], 0.0),
        ("Effect of input sizes on ImageNet.", [["ZipNet", "22.1"], ["ZipNet-L", "21.1"]], 1.0),
        ("Impact of ZipNet on ImageNet.", [["OldNet [4]", "24.0"], ["ZipNet", "22.1"]], 0.0),
        ("Ablation on ImageNet.", [["OldNet [4]", "24.0"], ["ZipNet", "22.1"]], 1.0),
    ],
)
def test_a_study_is_told_by_the_title_and_by_rows_of_others(
    read: Read, caption: str, rows: Sequence[Sequence[str]], study: float
) -> None:
    drafts = read([["Model", "top-1 err."], *rows], caption)
    assert {draft.features["ablation"] for draft in drafts} == {study}


def test_data_that_models_were_trained_on_are_no_models_of_others(read: Read) -> None:
    rows = [["Initialisation", "AP"], ["OldNet [4]", "32.2"], ["ImageNet", "34.3"], ["ImageNet+9M", "37.4"]]
    text = "We take the weights of ImageNet [8] for the first, and our ImageNet classifiers for the others."
    assert [score for _, _, score in values(read(rows, "COCO test-dev.", text))] == [34.3, 37.4]


def test_a_table_that_prints_a_row_of_another_measures_the_same(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    told = [
        ["Layers", "AP@0.5", "AP@0.7", "ms"],
        ["2", "78.4", "62.3", "81.5"],
        ["3", "79.6", "63.1", "84.5"],
    ]
    bare = [["Rate", "AP@0.5", "AP@0.7", "ms"], ["4", "77.2", "61.9", "84.5"], ["8", "79.6", "63.1", "84.5"]]
    tables = [table(told, "Layers, on VOC 2007 test."), table(bare, "Rates.")]
    paper = document(paragraph("We propose ZipNet."), *[paragraph("We use COCO.")] * 6, tables=tables)
    drafts = list(table_scores(context_of(paper)))
    assert {named(draft, "benchmark") for draft in drafts} == {"pascal-voc-2007"}
    assert [score for _, _, score in values(drafts)] == [78.4, 79.6, 77.2, 79.6]


def test_what_is_out_of_distribution_is_no_result_of_the_benchmark(read: Read) -> None:
    rows = [["Model", "Detection acc."], ["ZipNet", "89.4"]]
    assert values(read(rows, "Out-of-distribution detection by models of CIFAR-100.")) == []


def test_what_a_caption_says_of_a_way_of_testing_is_said_of_the_row_that_names_it(read: Read) -> None:
    rows = [["Method", "AP"], ["Single scale", "34.1"], ["Multi-scale", "35.2"], ["ZipNet (ours)", "37.0"]]
    drafts = read(rows, "COCO test-dev. Single scale is 800 pixels.")
    assert [named(draft, "setting") for draft in drafts][-1] == "unspecified"
    drafts = read([rows[0], ["OldNet [3] (ensemble)", "36.2"], rows[3]], "Ensembles on COCO test-dev.")
    assert [named(draft, "setting") for draft in drafts] == ["ensemble"]


def test_what_adds_to_a_model_is_of_those_that_the_model_is_of(read: Read) -> None:
    rows = [
        ["Method", "AP"],
        ["OldNet [3]", "30.9"],
        ["+ zip", "31.8"],
        ["FastNet (ours)", "32.4"],
        ["+ longer", "34.0"],
    ]
    assert [score for _, _, score in values(read(rows, "COCO test-dev."))] == [32.4, 34.0]


def test_scores_of_a_development_set_are_no_results_on_a_test_set(read: Read) -> None:
    rows = [["Beam", "BLEU"], ["ZipNet, 5", "34.1"]]
    assert values(read(rows, "Speed on the development set of WMT14 English-French.")) == []
    assert values(read(rows, "BLEU on the WMT14 En\u2013Fr validation set.")) == []
    assert len(read(rows, "BLEU on newstest2014, WMT14 English-French; chosen on the development set.")) == 1


def test_a_column_under_the_proposed_name_is_marked_and_the_others_are_not(read: Read) -> None:
    rows = [["Network", "OldAct", "ZipNet"], ["A-20", "91.2", "92.0"], ["B-32", "92.4", "92.9"]]
    drafts = read(rows, "Accuracy (%) on CIFAR-10.")
    assert [draft.features["own_certain"] > 0.4 for draft in drafts] == [False, True, False, True]


def test_columns_of_cited_methods_beside_the_proposed_one_are_of_others(read: Read) -> None:
    rows = [
        ["Network", "Baseline", "OldMix [3]", "WildMix", "ZipNet"],
        ["A-20", "91.2", "91.5", "91.6", "92.1"],
    ]
    found = values(read(rows, "Accuracy (%) on CIFAR-10. WildMix results are from [4]."))
    assert [score for _, _, score in found] == [91.2, 92.1]


@pytest.mark.parametrize(
    ("caption", "certain"),
    [
        ("Sharing weights in our detectors, COCO test-dev.", 0.5),
        ("We share weights in detectors, COCO test-dev.", 0.0),
        ("Our re-implementation of a detector, COCO test-dev.", 0.0),
        ("Ablation of our detector, COCO test-dev.", 0.0),
    ],
)
def test_rows_are_the_authors_where_the_caption_says_our(read: Read, caption: str, certain: float) -> None:
    drafts = read([["Shared", "AP"], ["no", "31.0"], ["yes", "31.9"]], caption)
    assert [draft.features["own_certain"] for draft in drafts] == [certain] * 2


def test_a_name_that_another_table_marks_as_ours_is_ours(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    marked = table([["Method", "FID"], ["OldGAN [2]", "9.6"], ["+ Lull (ours)", "7.8"]], "FID on CIFAR-10.")
    other = table(
        [["Method", "FID"], ["StyleNet [4]", "2.9"], ["StyleNet + Lull", "2.7"]], "FID on CIFAR-10."
    )
    drafts = list(table_scores(context_of(document(paragraph("Text."), tables=[marked, other]))))
    assert [(values([draft])[0][2], draft.features["own_certain"]) for draft in drafts] == [
        (7.8, 1.0),
        (2.7, 0.8),
    ]


def test_the_citation_of_a_title_is_not_that_of_rows_among_which_some_cite(read: Read) -> None:
    rows = [["Model", "EM"], ["Reading sets [6]", ""], ["OldNet [4]", "71.0"], ["plain", "74.6"]]
    assert [score for _, _, score in values(read(rows, "SQuAD 1.1."))] == [74.6]


def test_rows_below_the_cited_ones_are_ours_where_the_caption_says_so(read: Read) -> None:
    caption = "COCO test-dev. Top: from the literature. Bottom: our detectors."
    cited, plain = ["OldNet [3]", "30.9"], ["plain", "31.8"]
    (below,) = read([["Detector", "AP"], cited, plain], caption)
    (above,) = read([["Detector", "AP"], plain, cited], caption)
    assert (below.features["own_certain"], above.features["own_certain"]) == (0.5, 0.0)


def test_the_data_that_models_are_compared_with_is_no_model(read: Read) -> None:
    rows = [["Model", "FID"], ["plain", "3.1"], ["(validation data)", "1.8"]]
    assert [score for _, _, score in values(read(rows, "ImageNet 256x256, samples."))] == [3.1]


def test_a_part_of_the_data_that_another_column_names_is_of_the_same(read: Read) -> None:
    rows = [["Model", "SWB", "CH"], ["ZipNet", "4.9", "8.4"]]
    assert [named(draft, "split") for draft in read(rows, "Results after 2000 hours.")] == ["swb", "callhome"]


def test_the_values_of_a_setting_stand_over_the_scores_of_one_row(read: Read) -> None:
    rows = [["Temperature", "0.01", "0.1", "0.5"], ["ZipNet", "96.2", "96.6", "96.4"]]
    assert [score for _, _, score in values(read(rows, "CoNLL-2003 development set (F1)."))] == [
        96.2,
        96.6,
        96.4,
    ]


def test_columns_that_say_nothing_in_a_table_that_names_no_data_are_of_none(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document], table: Callable[..., Table]
) -> None:
    about = paragraph("We propose ZipNet. On Switchboard it is good.", region="abstract")
    rows = [["System", "Clean (94)", "Noisy (82)"], ["ZipNet", "6.4", "18.8"]]
    found = table(rows, "Results (%WER) on the original audio.")
    assert list(table_scores(context_of(document(about, tables=[found])))) == []


def test_a_caption_that_explains_the_parts_tells_none_of_a_column_of_all(read: Read) -> None:
    rows = [["Model", "SWB", "CH", "Full"], ["ZipNet", "11.9", "18.5", "15.2"]]
    drafts = read(rows, "WER. SWB and CH are the easy and the hard part of Hub5'00.")
    assert [named(draft, "split") for draft in drafts] == ["swb", "callhome", "hub5-2000"]


def test_what_a_model_was_trained_on_besides_is_not_the_split(read: Read) -> None:
    caption = "CoNLL-2003 test set. † uses the development set for training."
    (draft,) = read([["Model", "F1"], ["ZipNet†", "93.6"]], caption)
    assert named(draft, "split") == "test"


def test_a_row_named_combination_is_an_ensemble(read: Read) -> None:
    rows = [["Model", "SWB"], ["VGG", "7.2"], ["Combination", "5.7"]]
    assert [named(draft, "setting") for draft in read(rows, "WER on eval2000.")] == [
        "unspecified",
        "ensemble",
    ]


def test_a_column_of_another_language_is_no_result_on_english(read: Read) -> None:
    rows = [["Model", "CoNLL-03 En", "CoNLL-03 De"], ["ZipNet", "93.2", "88.2"]]
    assert [score for _, _, score in values(read(rows, "F1."))] == [93.2]
