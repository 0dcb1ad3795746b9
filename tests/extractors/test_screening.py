"""Screening lets deep learning through, passes over the rest, and says why."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import OntologyError
from extractors.screening import parse_domains, screen


def test_a_benchmark_in_the_abstract_makes_a_paper_relevant_and_is_named_in_the_reason() -> None:
    found = screen("Wide blocks", "Our detector reaches 41.0 AP on MS COCO.", ["cs.CV"])
    assert found.decision == "relevant"
    assert found.domains == ("object-detection",)
    assert found.reason == "Speaks of object detection, and names MS COCO."


def test_a_title_alone_is_enough() -> None:
    found = screen("A Small Transformer for Named Entity Recognition", "", [])
    assert found.domains == ("named-entity-recognition",)


def test_the_domain_named_most_often_comes_first() -> None:
    abstract = "Machine translation improves BLEU; machine translation also helps question answering."
    assert screen("", abstract, ["cs.CL"]).domains[0] == "machine-translation"


def test_deep_learning_outside_the_domains_is_read_all_the_same() -> None:
    found = screen("Weight noise", "We regularise recurrent networks.", ["cs.LG"])
    assert (found.decision, found.domains) == ("relevant", ())


def test_a_paper_on_something_else_is_passed_over_with_a_reason() -> None:
    found = screen("On the length of proofs", "We bound the length of proofs in arithmetic.", ["cs.LO"])
    assert found.decision == "irrelevant"
    assert found.reason.endswith(".")
    assert "cs.LO" in found.reason


def test_a_category_of_deep_learning_alone_does_not_make_a_paper_relevant() -> None:
    assert screen("A survey of chess rules", "Rules of chess differ.", ["cs.AI"]).decision == "irrelevant"


def test_deep_learning_listed_elsewhere_is_kept_where_a_domain_is_named() -> None:
    abstract = "Convolutional networks for image classification of galaxies."
    assert screen("", abstract, ["astro-ph.GA"]).decision == "relevant"


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_any_listing_gets_a_decision_and_a_reason(title: str, abstract: str, categories: list[str]) -> None:
    found = screen(title, abstract, categories)
    assert found.decision in ("relevant", "irrelevant")
    assert found.reason


@pytest.mark.parametrize("text", ["[[domain", "categories = []", "colour = 1"])
def test_screening_words_that_break_their_rules_are_refused(text: str) -> None:
    with pytest.raises(OntologyError):
        parse_domains(text)


@pytest.mark.corpus
def test_no_relevant_paper_of_the_corpus_is_passed_over(shared: Path) -> None:
    lines = (shared / "corpus" / "manifest.jsonl").read_text("utf-8").splitlines()
    papers = [paper for paper in map(json.loads, lines) if paper["expected_relevant"]]
    missed = [paper["file"] for paper in papers if not _relevant(shared, paper["file"], paper["title"])]
    assert missed == []


def _relevant(shared: Path, file: str, title: str) -> bool:
    with pypdfium2.PdfDocument(shared / "corpus" / "pdf" / file) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    abstract = text[text.lower().find("abstract") + 1 :][:1500]
    return screen(title, abstract, []).decision == "relevant"
