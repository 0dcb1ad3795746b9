"""Screening lets deep learning through, leaves out the rest, and says by which points."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.facts.errors import OntologyError
from extractors.screening import (
    LITTLE,
    NOTHING,
    WANTED,
    Metadata,
    Screening,
    packaged_rules,
    parse_rules,
    screen,
)

TEXT = files("extractors").joinpath("ontology", "screening.toml").read_text("utf-8")
ELSEWHERE = "Is listed only where deep learning is rare."
SMALL = """
relevant = 3
uncertain = 2
listed.home = { points = 1, reason = "is at home", categories = ["cs.LG"] }
listed.elsewhere = { points = -3, reason = "is elsewhere" }
words.net = { points = 1.5, reason = "names nets", phrases = ["net", "nets", "layer"], most = 2 }
benchmarks = { points = 4, reason = "names a benchmark" }
silent = { points = 2, reason = "is silent" }
domain.faces = { name = "faces", points = 3, phrases = ["face"] }
"""


def screened(title: str, abstract: str, *categories: str) -> Screening:
    return screen(Metadata(title, abstract, categories), packaged_rules())


def test_a_benchmark_in_the_abstract_makes_a_paper_relevant_and_is_named_in_the_reason() -> None:
    found = screened("Wide blocks", "Our detector reaches 41.0 AP on MS COCO.", "cs.CV")
    assert found.decision == "relevant"
    assert found.domains == ("object-detection",)
    assert found.reason.startswith("Names a tracked benchmark (MS COCO), ")


def test_a_title_alone_is_enough() -> None:
    found = screened("A Small Transformer for Named Entity Recognition", "")
    assert (found.decision, found.domains) == ("relevant", ("named-entity-recognition",))


def test_the_domain_named_most_often_comes_first() -> None:
    abstract = "Machine translation improves BLEU; machine translation also helps question answering."
    assert screened("", abstract, "cs.CL").domains[0] == "machine-translation"


def test_deep_learning_outside_the_domains_is_read_all_the_same() -> None:
    found = screened("Weight noise", "We regularise recurrent networks.", "cs.LG")
    assert (found.decision, found.domains) == ("relevant", ())


@pytest.mark.parametrize(
    ("abstract", "categories", "reason"),
    [
        ("We bound the length of proofs in arithmetic.", ("cs.LO",), ELSEWHERE),
        ("Neural networks fit galaxies.", ("astro-ph.GA",), ELSEWHERE),
        ("Rules of chess differ.", ("cs.AI",), NOTHING),
        ("Rules of chess differ.", (), NOTHING),
        ("The throughput of a channel is bounded.", ("cs.IT",), LITTLE),
    ],
)
def test_a_paper_on_something_else_is_left_out_for_one_of_a_few_reasons(
    abstract: str, categories: tuple[str, ...], reason: str
) -> None:
    found = screened("A title", abstract, *categories)
    assert (found.decision, found.reason) == ("irrelevant", reason)


def test_deep_learning_listed_elsewhere_is_kept_where_a_domain_is_named() -> None:
    abstract = "Convolutional networks for image classification of galaxies."
    assert screened("", abstract, "astro-ph.GA").decision in WANTED


def test_a_paper_that_only_speaks_of_training_is_uncertain_and_wanted_all_the_same() -> None:
    found = screened("A title", "Training on GPUs is faster.", "cs.DC")
    assert found.decision == "uncertain"
    assert found.decision in WANTED


def test_without_an_abstract_nobody_can_say_that_a_paper_is_not_wanted() -> None:
    assert screened("Wide blocks", " \n", "cs.CV").decision in WANTED
    assert screened("Wide blocks", "", "math.AG").decision == "irrelevant"


def test_a_score_is_the_sum_of_its_reasons_and_each_says_what_was_found() -> None:
    found = screen(Metadata("Nets", "A net, a NET, and a face.", ("cs.LG", "cs.CV")), parse_rules(SMALL))
    assert found.score == 7
    assert [(one.rule, one.points, one.found) for one in found.reasons] == [
        ("words.net", 3, ("Nets", "net")),
        ("domain.faces", 3, ("face",)),
        ("listed.home", 1, ("cs.LG",)),
    ]
    assert found.reason == "Names nets (Nets, net), speaks of faces (face), is at home (cs.LG)."


texts = st.text() | st.sampled_from(["ImageNet", "neural", "GPU trained", "face detection", ""])


@settings(max_examples=30)
@given(texts, texts, st.lists(st.sampled_from(["cs.LG", "cs.DC", "math.AG", "x"]), max_size=3))
def test_any_listing_gets_a_score_with_reasons_and_always_the_same(
    title: str, abstract: str, categories: list[str]
) -> None:
    found = screened(title, abstract, *categories)
    by = packaged_rules().file
    assert found.score == sum(one.points for one in found.reasons)
    assert (found.decision == "irrelevant") == (found.score < by.uncertain)
    assert (found.decision == "relevant") == (found.score >= by.relevant)
    assert found.reason.endswith(".")
    assert found == screened(title, abstract, *categories)


@settings(max_examples=30)
@given(texts, st.sampled_from(["ImageNet", "neural networks", "face detection"]))
def test_more_words_of_deep_learning_never_take_points_away(abstract: str, more: str) -> None:
    assert (
        screened("", f"x {abstract}. {more}", "cs.CV").score >= screened("", f"x {abstract}.", "cs.CV").score
    )


# Rules


def test_rules_are_named_by_what_decides_and_not_by_comments() -> None:
    same, other = parse_rules(f"# a comment\n\n{SMALL}"), parse_rules(SMALL.replace("1.5", "1.25"))
    assert same.sha256 == parse_rules(SMALL).sha256 != other.sha256
    assert json.loads(same.body)["rules"]["words"]["net"]["points"] == 1.5


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("relevant = 3", "relevant = [", "not TOML"),
        ("relevant = 3", "relevant = 3\ncolour = 1", "colour"),
        ("uncertain = 2", "uncertain = 4", "must not be above"),
        ('["cs.LG"]', '["cs.LG", "cs.LG"]', "cs.LG is in two groups"),
        (', categories = ["cs.LG"]', "", "only one group"),
        ('phrases = ["face"]', "phrases = []", "domain.faces.phrases"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_with_the_place(
    before: str, after: str, where: str
) -> None:
    with pytest.raises(OntologyError, match=where):
        parse_rules(SMALL.replace(before, after), "my.toml")


def test_no_phrase_stands_twice_in_a_group() -> None:
    found = tomllib.loads(TEXT)
    groups = [*found["words"].values(), *found["domain"].values()]
    for group in groups:
        assert len(set(group["phrases"])) == len(group["phrases"])


# What it lets through (docs/screening.md has the figures)


@pytest.mark.corpus
def test_no_relevant_paper_of_the_corpus_is_left_out(shared: Path) -> None:
    lines = (shared / "corpus" / "manifest.jsonl").read_text("utf-8").splitlines()
    papers = [paper for paper in map(json.loads, lines) if paper["expected_relevant"]]
    missed = [paper["file"] for paper in papers if not _wanted(shared, paper)]
    assert missed == []


def _wanted(shared: Path, paper: dict[str, str]) -> bool:
    with pypdfium2.PdfDocument(shared / "corpus" / "pdf" / paper["file"]) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    abstract = text[text.lower().find("abstract") + 1 :][:1500]
    return screened(paper["title"], abstract, paper["primary_category"]).decision in WANTED
