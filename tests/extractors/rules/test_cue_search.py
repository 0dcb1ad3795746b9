"""Where the words of a cue stand: in order, outside its exceptions, and only where they are words."""

from __future__ import annotations

from collections.abc import Callable

from extractors.documents.model import Paragraph
from extractors.language import Label, Sentence, sentences_of
from extractors.rules.cue_search import Cue

MakeParagraph = Callable[..., Paragraph]


def test_words_are_found_in_the_order_of_their_places() -> None:
    cue = Cue(["search took|takes", "train*", "epoch|epochs"])
    text = "Training for 3 epochs, the search took long."
    assert [text[start:end] for start, end in cue.places(Label(text))] == [
        "Training",
        "epochs",
        "search took",
    ]


def test_words_within_an_exception_do_not_count() -> None:
    cue = Cue(["thank*"], [], ["thanks to"])
    assert cue.places(Label("We thank the centre.")) and not cue.places(Label("Thanks to a trick it fits."))


def test_words_elsewhere_count_beside_an_exception() -> None:
    cue = Cue(["thank*"], [], ["thanks to"])
    assert cue.places(Label("Thanks to a trick, for which we thank Ada, it fits.")) == ((32, 37),)


def test_what_must_come_first_does_not_count_behind_words() -> None:
    cue = Cue([], ["following"])
    assert cue.places(Label("(Following Ada)")) and not cue.places(Label("In the following"))


def test_no_tokens_are_made_of_a_sentence_without_its_letters(paragraph: MakeParagraph) -> None:
    (sentence,) = sentences_of(paragraph("Nothing is said here."))
    assert not Cue(["train*", "fine-tun* on"]).places(sentence)
    assert "tokens" not in vars(sentence)


def test_a_sentence_that_goes_on_and_on_ends_no_gap(paragraph: MakeParagraph) -> None:
    sentence = Sentence(paragraph("they " * 300 + "used it"), 0, 1507)
    assert len(Cue(["they ... used"]).places(sentence)) == 15
