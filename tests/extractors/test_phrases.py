"""Phrases are found however they are hyphenated and cased, and never inside other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.phrases import Phrases

NAMES = Phrases.of(
    [("conll", ["CoNLL-2003"]), ("coco", ["COCO", "MS COCO"]), ("ap50", ["AP@.5", "AP50"]), ("is", ["IS"])]
)


@pytest.mark.parametrize(
    "text", ["CoNLL-2003", "CONLL 2003", "conll2003", "CoNLL\u20132003 NER", "(CoNLL-2003)"]
)
def test_case_hyphens_and_blanks_do_not_matter(text: str) -> None:
    assert NAMES.ids(text) == ("conll",)


@pytest.mark.parametrize("text", ["CoNLL-20031", "XCoNLL-2003", "CoNLL-2003.5"])
def test_a_phrase_inside_a_longer_word_is_not_found(text: str) -> None:
    assert NAMES.ids(text) == ()


@pytest.mark.parametrize("text", ["bc3", "B c-3", "(BC 3)"])
def test_phrases_that_begin_with_few_letters_stand_beside_those_with_more(text: str) -> None:
    short = Phrases({"B C 3": ("short",), "BCD": ("long",), "B": ("shortest",), "bcd 4": ("longest",)})
    assert short.ids(text) == ("short",)
    assert short.ids("BCD, bcd4, B") == ("long", "longest", "shortest")


def test_the_zero_before_a_decimal_point_does_not_matter() -> None:
    assert NAMES.ids("AP@0.5") == NAMES.ids("AP@[.5]") == NAMES.ids("AP 50") == ("ap50",)


def test_capitals_alone_must_be_printed_so() -> None:
    assert NAMES.ids("it is a cocoon of coco") == ()
    assert NAMES.ids("IS on COCO") == ("is", "coco")


def test_the_longest_phrase_at_a_place_is_found() -> None:
    over = Phrases({"ImageNet": ("imagenet",), "ImageNet-21k": ()})
    assert over.ids("trained on ImageNet-21k") == ()
    assert over.ids("trained on ImageNet and ImageNet 21k") == ("imagenet",)


def test_a_phrase_of_two_ids_stands_for_both() -> None:
    shared = Phrases.of([("error", ["top-1"]), ("accuracy", ["top-1"])])
    assert shared.ids("Top 1") == ("error", "accuracy")


def test_no_phrases_find_nothing() -> None:
    assert Phrases({}).find("anything") == ()


@given(st.text())
def test_hits_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    ends = [0]
    for hit in NAMES.find(text):
        assert ends[-1] <= hit.start < hit.end <= len(text)
        ends.append(hit.end)


@given(st.sampled_from(["CoNLL-2003", "MS COCO", "AP50"]), st.sampled_from(["", " ", "-", "\u2013"]))
def test_any_separator_gives_the_same_ids(phrase: str, separator: str) -> None:
    printed = phrase.replace("-", separator).replace(" ", separator)
    assert NAMES.ids(printed) == NAMES.ids(phrase)
