"""The notation of cues: what a phrase matches, what is no phrase, and that whatever it gives finds its own words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import OntologyError
from extractors.language import tokens_of
from extractors.rules.cues import cues
from extractors.rules.notation import KINDS, Term, parse, patterns_of
from extractors.rules.patterns import Patterns

FILLERS = ("blue", "7", "Zebra")
SEEN = {"[word]": "lemon", "[name]": "Quince", "[number]": "12.5"}
WORDS = st.sampled_from(
    (
        "run",
        "runs",
        "ran",
        "tun*",
        "fine-tun*",
        "self-play",
        "*cost*",
        ",",
        "/",
        "of",
        "fp16",
        "[word]",
        "[name]",
        "[number]",
    )
)
TERMS = st.lists(WORDS, min_size=1, max_size=3, unique=True).map("|".join)


def found(phrase: str, text: str) -> list[str]:
    tokens = tokens_of(text)
    patterns = Patterns({"phrase": list(patterns_of(parse(phrase, "test")))})
    return [tokens[start:end].text for start, end in patterns.find(tokens)["phrase"]]


@st.composite
def printed(draw: st.DrawFn, term: Term) -> str:
    """One way to print what a place of a phrase stands for."""
    if term.is_gap:
        most = int(term.words[0].removeprefix("...") or 6)
        return " ".join(draw(st.lists(st.sampled_from(FILLERS), max_size=most)))
    if term.optional and draw(st.booleans()):
        return ""
    word = draw(st.sampled_from(term.words))
    if word in KINDS:
        return SEEN[word]
    if len(word) > 1:
        word = word.replace("-", draw(st.sampled_from(("-", " ", "", "\u2013"))))
    word = word.replace("*", draw(st.sampled_from(("", "s", "able"))))
    return draw(st.sampled_from((word, word.upper(), word.capitalize())))


@st.composite
def phrases(draw: st.DrawFn) -> str:
    """A phrase of the notation that says enough."""
    first, last = draw(TERMS), draw(st.sampled_from(("work", "net-work*", "done|made")))
    between = draw(st.lists(st.one_of(TERMS, TERMS.map("{}?".format)), max_size=2))
    gap = draw(st.sampled_from(((), ("...",), ("...3",))))
    return " ".join((first, *between, *gap, last))


PACKAGED = st.sampled_from(
    [
        phrase
        for entry in cues().entries.values()
        for phrase in (*entry.phrases, *entry.openings, *entry.exceptions)
    ]
)


@given(st.data())
def test_whatever_the_notation_gives_finds_its_own_words(data: st.DataObject) -> None:
    phrase = data.draw(phrases() | PACKAGED)
    text = " ".join(filter(None, (data.draw(printed(term)) for term in parse(phrase, "test"))))
    assert text in found(phrase, f"yes {text} no")


@given(st.text(st.sampled_from("ab*|?-.[]wordnamenumber ,%A"), max_size=12))
def test_any_text_is_a_phrase_or_an_error_that_says_so(text: str) -> None:
    try:
        told: object = list(patterns_of(parse(text, "test")))
    except OntologyError as error:
        told = str(error)
    assert told


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("train*", "Trainers train; training strains.", ["Trainers", "train", "training"]),
        ("*train*", "A pretrained net.", ["pretrained"]),
        ("run|ran", "It ran, they run, who runs?", ["ran", "run"]),
        ("fine-tune", "We fine-tune, fine tune and finetune.", ["fine-tune", "fine tune", "finetune"]),
        ("run - time", "run-time, run time, runtime", ["run-time"]),
        ("our? work", "We like work.", ["work"]),
        ("previous [name]", "The previous BERT and the previous one.", ["previous BERT"]),
        ("[number] ms", "It took 12 ms, not ten ms.", ["12 ms"]),
        ("they ... use|used", "They then all used what we use.", ["They then all used"]),
        ("they ... used", "They ran, and we used it.", []),
        ("they ...2 used", "They have always also used it.", []),
    ],
)
def test_a_phrase_matches_what_it_is_written_for(phrase: str, text: str, words: list[str]) -> None:
    assert found(phrase, text) == words


@pytest.mark.parametrize(
    "phrase",
    ["", "...", "... run", "run ...", "run ... ... on", "run ... on?", "the?", "[word]", "the? [number]"],
)
def test_a_phrase_that_could_be_anything_is_refused(phrase: str) -> None:
    with pytest.raises(OntologyError, match=re.escape("says too little")):
        parse(phrase, "test")


@pytest.mark.parametrize("phrase", ["Train", "a|", "(a b)", "8x", "tr*n", "[verb]", "run??", "a--b", "e.g."])
def test_what_is_not_in_the_notation_is_refused(phrase: str) -> None:
    with pytest.raises(OntologyError, match="no word of the notation"):
        parse(phrase, "test")
