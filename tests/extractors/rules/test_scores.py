"""Scores in sentences: which number, of what, and whose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Region
from extractors.facts.values import Name, Quantity
from extractors.rules.scores import text_scores

Found = list[tuple[str, str, float]]


@pytest.fixture(scope="session")
def scores(paragraph: Callable[..., Paragraph], document: Callable[..., Document]) -> Callable[..., Found]:
    """Read the scores of one paragraph: benchmark, metric and value."""

    def read(text: str, region: Region = "body") -> Found:
        paper = document(paragraph("We propose ZipNet.", region="abstract"), paragraph(text, region=region))
        found = []
        for draft in text_scores(context_of(paper)):
            ids = {c.path: c.value.id for c in draft.candidates if isinstance(c.value, Name)}
            value = next(c.value.value for c in draft.candidates if isinstance(c.value, Quantity))
            found.append((ids["result.benchmark"], ids["result.metric"], value))
        return found

    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Our model achieves 27.9 BLEU on the WMT 2014 English-to-German task.",
            ("wmt14-en-de", "bleu", 27.9),
        ),
        (
            "We reach a top-5 error of 4.21% on the ImageNet test set.",
            ("imagenet-1k", "top5_error", 4.21),
        ),
        (
            "ZipNet obtains 77.4% top-1 accuracy on ImageNet.",
            ("imagenet-1k", "top1_accuracy", 77.4),
        ),
        ("We report 42.7 AP on COCO test-dev.", ("coco-detection", "box_ap", 42.7)),
        ("Our tagger reaches an F1 of 92.6 on CoNLL-2003.", ("conll-2003-ner", "f1", 92.6)),
        ("On SQuAD 1.1 our model has an EM score of 84.3.", ("squad-1.1", "em", 84.3)),
        (
            "This work lowers the error rate on CIFAR-10 to 2.9% error.",
            ("cifar-10", "error", 2.9),
        ),
    ],
)
def test_a_number_beside_its_metric_and_near_its_benchmark_is_a_score(
    text: str, expected: tuple[str, str, float], scores: Callable[..., Found]
) -> None:
    assert scores(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "We outperform the best system by 2.0 BLEU on WMT 2014 English-to-German.",
        "We improve over the 76.1% top-1 accuracy of OldNet [12] on ImageNet.",
        "Compared to 76.1% top-1 accuracy of the baseline, we do better on ImageNet.",
        "We gain 1.3 points AP on COCO.",
        "OldNet [12] reports 76.1% top-1 accuracy on ImageNet.",
        "Our detector runs at 45 FPS with AP as high as others on COCO.",
        "We train for 90 epochs on ImageNet and report top-1 accuracy.",
        "Our model has 91.2% accuracy on MNLI.",
        "We are the first above 90% top-1 accuracy on ImageNet.",
    ],
)
def test_differences_comparisons_and_other_numbers_are_no_scores(
    text: str, scores: Callable[..., Found]
) -> None:
    assert scores(text) == []


def test_a_percentage_on_a_benchmark_with_one_metric_needs_no_word_for_it(
    scores: Callable[..., Found],
) -> None:
    text = "Together they gave us 5.2% on eval92 and 7.8% on dev93."
    assert scores(text) == [("wsj", "wer", 5.2), ("wsj", "wer", 7.8)]
    assert scores("We reach 85.7% on PASCAL VOC 2012.") == []
    assert scores("We improve by 5.2% on eval92 and use 7.8% for training.") == []


@pytest.fixture(scope="session")
def told(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> Callable[..., list[float]]:
    """Read the scores of one paragraph of a section: its values."""

    def read(text: str, section: str = "4 Results") -> list[float]:
        first = paragraph("We propose ZipNet. On WMT14 En-De, PTB and MPII it is good.", region="abstract")
        drafts = text_scores(context_of(document(first, paragraph(text, section))))
        return [c.value.value for draft in drafts for c in draft.candidates if isinstance(c.value, Quantity)]

    return read


def test_what_names_no_model_and_cites_nobody_among_the_results_is_the_authors_own(
    told: Callable[..., list[float]],
) -> None:
    text = "With two stacks, the mean PCKh on MPII is 89.6."
    assert told(text) == told(text, "5.2 Ablations") == [89.6]
    assert told(text, "2 Related work") == []
    assert told("With two stacks, the mean PCKh on MPII is 89.6 [4].") == []
    assert told("With two stacks, OldNet has a PCKh of 89.6 on MPII.") == []
    assert told("For others, the mean PCKh on MPII is 89.6.") == []


def test_a_direction_of_translation_needs_no_year_where_the_paper_has_said_it(
    told: Callable[..., list[float]],
) -> None:
    assert told("ZipNet has 27.4 BLEU in English-German.") == [27.4]
    assert told("ZipNet has 27.4 BLEU on IWSLT English-German.") == []


def test_an_error_on_words_is_a_word_error_rate(scores: Callable[..., Found]) -> None:
    assert scores("Our recogniser has an error of 4.6 on eval92.") == [("wsj", "wer", 4.6)]
    assert scores("ZipNet has errors of 12.4%, 8.1% and 6.0% on eval92.") == [
        ("wsj", "wer", value) for value in (12.4, 8.1, 6.0)
    ]


def test_how_many_errors_there_were_is_no_rate(scores: Callable[..., Found]) -> None:
    assert scores("We looked at errors on eval92: there were 21 without decay.") == []


def test_a_data_set_that_is_left_out_is_not_measured(scores: Callable[..., Found]) -> None:
    text = "On GLUE without WNLI, ZipNet has an average score of 82.3."
    assert scores(text) == [("glue", "average_score", 82.3)]


def test_a_list_of_parts_tells_the_benchmark_of_the_paper(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    first = paragraph("We detect faces and test on WIDER FACE.", region="abstract")
    said = paragraph("With five scales we reach 94.0, 93.1 and 87.2 AP on Easy, Medium and Hard.")
    drafts = text_scores(context_of(document(first, said)))
    ids = [{c.path: c.value.id for c in draft.candidates if isinstance(c.value, Name)} for draft in drafts]
    assert [one["result.metric"] for one in ids] == ["ap_easy", "ap_medium", "ap_hard"]
    assert {one["result.setting"] for one in ids} == {"multi-scale"}


def test_the_title_tells_which_of_two_benchmarks_of_one_name_is_meant(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    paper = document(paragraph("We reach 63.9 AP on COCO test-dev."))
    drafts = text_scores(context_of(replace(paper, title="Poses from Little")))
    assert [draft.candidates[0].value for draft in drafts] == [
        Name("coco-keypoints", "COCO keypoint detection")
    ]


def test_the_precision_of_a_detector_of_persons_is_not_that_of_keypoints(
    scores: Callable[..., Found],
) -> None:
    text = (
        "Poses on COCO val2017. With detected boxes (56.4 AP for persons), ZipNet has a keypoint AP of 74.8."
    )
    assert [value for _, _, value in scores(text)] == [74.8]


def test_data_that_open_the_next_clause_are_not_of_this_one(scores: Callable[..., Found]) -> None:
    text = (
        "On the WMT 2014 English-to-German translation task, our big model sets a BLEU score of 29.1, and on the "
        "English-to-French task a score of 42.1."
    )
    assert ("wmt14-en-fr", "bleu", 29.1) not in scores(text)
    assert ("wmt14-en-de", "bleu", 29.1) in scores(text)


def test_a_threshold_is_no_score(scores: Callable[..., Found]) -> None:
    assert scores("On COCO we report mAP at 50% IOU and its mean from 50% to 95%.") == []


def test_a_number_within_a_compound_is_no_score(scores: Callable[..., Found]) -> None:
    text = "Our word error rate on WSJ eval92 with the 5- gram is 10.4%."
    assert scores(text) == []


def test_the_benchmark_may_stand_in_the_sentence_before(scores: Callable[..., Found]) -> None:
    text = "We evaluate on ImageNet. Our best model has a top-1 error of 21.3%."
    assert scores(text) == [("imagenet-1k", "top1_error", 21.3)]


def test_each_of_two_scores_goes_to_its_own_benchmark(scores: Callable[..., Found]) -> None:
    text = "We reach 3.1% error on CIFAR-10 and 16.9% error on CIFAR-100."
    assert scores(text) == [("cifar-10", "error", 3.1), ("cifar-100", "error", 16.9)]


def test_a_clause_with_a_subject_of_its_own_is_not_of_the_benchmark_of_the_one_before(
    scores: Callable[..., Found],
) -> None:
    text = "Our wide net has a top-1 error of 15.4% on CIFAR-100, and a deep one has a top-1 error of 21.4% and a top-5 error of 5.6% on ImageNet."
    assert [(benchmark, value) for benchmark, _, value in scores(text)] == [
        ("cifar-100", 15.4),
        ("imagenet-1k", 21.4),
        ("imagenet-1k", 5.6),
    ]


def test_the_way_of_testing_is_the_one_named_before_the_number(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    text = "On SQuAD 1.1 our single model has an F1 of 84.1, and an ensemble an F1 of 86.0."
    settings = [
        next(c.value for c in draft.candidates if c.path == "result.setting")
        for draft in text_scores(context_of(document(paragraph(text))))
    ]
    assert settings == [Name("single", "single"), Name("ensemble", "ensemble")]


def test_the_proposed_model_is_the_mention(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    abstract = "We propose ZipNet. ZipNet reaches 77.4% top-1 accuracy on ImageNet."
    paper = document(paragraph(abstract, region="abstract"))
    draft = next(text_scores(context_of(paper)))
    assert draft.mention == "ZipNet"
    assert draft.features["in_abstract"] == 1.0


def test_the_evidence_is_the_number_with_the_words_around_it(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    paper = document(paragraph("We reach 77.4% top-1 accuracy on ImageNet.", "Results"))
    evidence = next(text_scores(context_of(paper))).candidates[-1].evidence
    assert (evidence.page, evidence.anchor) == (1, "Results")
    assert "77.4%" in evidence.quote


@given(number=st.floats(30, 90).map(lambda value: round(value, 1)))
def test_any_plausible_number_in_the_phrase_is_read_as_printed(
    number: float, scores: Callable[..., Found]
) -> None:
    assert scores(f"We obtain {number}% top-1 accuracy on ImageNet.") == [
        ("imagenet-1k", "top1_accuracy", number)
    ]


@pytest.fixture(scope="session")
def with_splits(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> Callable[..., list[tuple[str, str, float]]]:
    """Read the scores of paragraphs: metric, split and value."""

    def read(*texts: str, abstract: str = "We propose ZipNet.") -> list[tuple[str, str, float]]:
        paper = document(paragraph(abstract, region="abstract"), *map(paragraph, texts))
        found = []
        for draft in text_scores(context_of(paper)):
            ids = {c.path: c.value.id for c in draft.candidates if isinstance(c.value, Name)}
            value = next(c.value.value for c in draft.candidates if isinstance(c.value, Quantity))
            found.append((ids["result.metric"], ids["result.split"], value))
        return found

    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "We obtain 2.3/5.1 WER on the clean/other test sets of LibriSpeech.",
            [("wer", "test-clean", 2.3), ("wer", "test-other", 5.1)],
        ),
        (
            "Our model has word error rates of 6.4% and 12.7% on the Switchboard and CallHome parts of Hub5'00, respectively.",
            [("wer", "swb", 6.4), ("wer", "callhome", 12.7)],
        ),
        (
            "On WIDER FACE we reach an average precision of 93.1%, 91.8% and 82.4% for easy, medium and hard faces.",
            [("ap_easy", "val", 93.1), ("ap_medium", "val", 91.8), ("ap_hard", "val", 82.4)],
        ),
        (
            "We report 27.4 and 40.3 BLEU on the WMT14 English-German and English-French tasks, respectively.",
            [("bleu", "newstest2014", 27.4), ("bleu", "newstest2014", 40.3)],
        ),
    ],
)
def test_numbers_in_a_list_go_with_the_names_of_another(
    text: str,
    expected: list[tuple[str, str, float]],
    with_splits: Callable[..., list[tuple[str, str, float]]],
) -> None:
    assert with_splits(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Larger kernels reduce our top-1 and top-5 error rates on ImageNet by 1.9% and 1.2%, respectively.",
        "Our errors of 4.1/9.7 on LibriSpeech are from the first run.",
        "We obtain 3.4, 4.5 and 5.6 WER on test-clean and test-other of LibriSpeech, respectively.",
    ],
)
def test_a_list_without_as_many_names_and_differences_are_no_scores(
    text: str, scores: Callable[..., Found]
) -> None:
    assert scores(text) == []


def test_a_metric_holds_for_the_next_number_of_the_sentence_and_each_has_its_part(
    with_splits: Callable[..., list[tuple[str, str, float]]],
) -> None:
    text = "Our perplexity is 60.4 on the validation set of Penn Treebank and 58.1 on the test set."
    assert with_splits(text) == [("perplexity", "val", 60.4), ("perplexity", "test", 58.1)]
    assert with_splits("On Penn Treebank our perplexity is 60.4 and that of OldNet is 66.2.") == [
        ("perplexity", "test", 60.4)
    ]


def test_what_a_sentence_does_not_name_is_the_benchmark_of_the_paragraph_or_the_only_one_of_the_paper(
    with_splits: Callable[..., list[tuple[str, str, float]]],
) -> None:
    about = "We propose ZipNet. We evaluate on Penn Treebank."
    assert with_splits("Our perplexity on the test set is 58.1.", abstract=about) == [
        ("perplexity", "test", 58.1)
    ]
    assert with_splits("Our F1 on the test set is 88.1.", abstract="We tag CoNLL-2003.") == []
    assert with_splits("We use Penn Treebank. Training is short. Our perplexity is 58.1.") == [
        ("perplexity", "test", 58.1)
    ]


def test_the_number_of_a_table_is_no_score(scores: Callable[..., Found]) -> None:
    assert scores("On ImageNet our top-5 error on the test set (Table 8) is low.") == []


def test_a_threshold_of_overlap_is_no_score(scores: Callable[..., Found]) -> None:
    text = "We report the mean AP at IoU thresholds 50% to 95% (AP@[.5, .95]) on COCO test-dev."
    assert scores(text) == []


def test_a_plain_error_rate_is_of_the_kind_named_before_it(scores: Callable[..., Found]) -> None:
    text = "On ImageNet we reach a top-5 error of 8.2%. On ImageNet our deeper net has an error rate of 7.4%."
    assert scores(text) == [("imagenet-1k", "top5_error", 8.2), ("imagenet-1k", "top5_error", 7.4)]


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("On the ImageNet test set we reach a top-5 error of 8.2%.", ()),
        ("On ImageNet we reach a top-5 error of 8.2%.", ("nothing names the split",)),
        (
            "We use ImageNet. On its test set our net has a top-5 error of 8.2%.",
            ("the sentence does not name the benchmark",),
        ),
    ],
)
def test_what_a_sentence_leaves_out_is_said(
    text: str,
    doubts: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
) -> None:
    (draft,) = text_scores(context_of(document(paragraph(text))))
    assert draft.reasons == doubts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On ImageNet, averaging five networks, we have a top-5 error of 5.1%.", "ensemble"),
        ("On ImageNet our combination of 3 models reaches a top-5 error of 5.1%.", "ensemble"),
        ("On ImageNet, unlike three networks before it, our net has a top-5 error of 5.1%.", "unspecified"),
    ],
)
def test_several_models_asked_together_are_an_ensemble(
    text: str, expected: str, paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    drafts = list(text_scores(context_of(document(paragraph(text)))))
    assert [c.value for d in drafts for c in d.candidates if c.path == "result.setting"] == [
        Name(expected, expected)
    ]


def test_a_list_of_numbers_alone_is_of_what_the_list_before_it_is(
    with_splits: Callable[..., list[tuple[str, str, float]]],
) -> None:
    text = "Our WER is 2.7% on test-clean and 6.1% on test-other of LibriSpeech. "
    first = [("wer", "test-clean", 2.7), ("wer", "test-other", 6.1)]
    assert with_splits(text + "With a larger beam these become 2.5% and 5.8%.") == [
        *first,
        ("wer", "test-clean", 2.5),
        ("wer", "test-other", 5.8),
    ]
    assert with_splits(text + "OldNet [12] has 2.5% and 5.8%.") == first
    assert with_splits(text + "This improves on it by 0.2% and 0.4%.") == first
    assert with_splits(text + "The rest takes 2.5, 5.8 and 6.3 hours.") == first
