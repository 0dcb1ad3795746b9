"""Characters to words: blanks, gaps, scripts, hyphens, letters beyond the basic plane."""

import math
from collections.abc import Callable

import pytest

from extractors.documents.characters import Character, Characters
from extractors.documents.model import Word, compose
from extractors.documents.words import Segment, upright
from extractors.documents.words import segments as segments_of

ReadSegments = Callable[[bytes], list[Segment]]
Typeset = Callable[[str], bytes]


def spelt(text: str, x: float = 72.0, baseline: float = 100.0, size: float = 10.0) -> list[Character]:
    """Characters of half an em each, side by side."""
    width = 0.5 * size
    return [
        Character(c, x + width * i, x + width * (i + 1), baseline, size, "Serif", 0.0)
        for i, c in enumerate(text)
    ]


def segments(rows: list[Character], page: int) -> list[Segment]:
    return segments_of(Characters.of(rows), page)


def words_of(found: list[Segment]) -> list[Word]:
    return [word for segment in found for word in segment.words]


def text_of(found: list[Segment]) -> str:
    return compose(words_of(found))[0]


def test_powers_of_ten_are_superscripts(typeset: Typeset, read_segments: ReadSegments) -> None:
    found = read_segments(typeset("It takes $3.3 dot 10^18$ operations, at a rate of $10^(-4)$ or so."))
    assert next(word.text for word in words_of(found) if word.script == "super") == "18"
    assert "10^18 operations" in text_of(found)
    assert "10^\u22124 or so" in text_of(found)


def test_a_footnote_mark_is_a_word_of_its_own(typeset: Typeset, read_segments: ReadSegments) -> None:
    words = words_of(read_segments(typeset("We train on 8 GPUs#super[3] for two days.")))
    at = [word.text for word in words].index("GPUs")
    assert (words[at].script, words[at + 1].text, words[at + 1].script) == ("normal", "3", "super")
    assert words[at + 1].glued and not words[at + 2].glued


def test_a_footnote_mark_is_no_power(typeset: Typeset, read_segments: ReadSegments) -> None:
    assert "^" not in text_of(read_segments(typeset("Two words#super[3] and the 2#super[nd] order.")))


def test_an_index_is_a_subscript(typeset: Typeset, read_segments: ReadSegments) -> None:
    words = words_of(read_segments(typeset("A model BERT#sub[LARGE] of ours.")))
    assert [(word.text, word.glued) for word in words if word.script == "sub"] == [("LARGE", True)]


@pytest.mark.parametrize("width", range(120, 260, 20))
def test_tight_justified_lines_keep_their_blanks(
    width: int, typeset: Typeset, read_segments: ReadSegments
) -> None:
    sentence = "We train all of our models for 90 epochs on 8 cards with a batch of 256 images and no decay."
    source = f"#set text(hyphenate: false, spacing: 70%)\n#block(width: {width}pt)[{sentence}]"
    assert text_of(read_segments(typeset(source))) == sentence


@pytest.mark.parametrize("width", range(70, 150, 10))
def test_hyphenation_is_mended(width: int, typeset: Typeset, read_segments: ReadSegments) -> None:
    sentence = "Representations of considerable dimensionality necessitate regularisation throughout experimentation."
    found = read_segments(typeset(f"#set text(hyphenate: true)\n#block(width: {width}pt)[{sentence}]"))
    assert any(segment.text.endswith("-") for segment in found)
    assert text_of(found) == sentence


def test_mathematical_letters_come_whole(typeset: Typeset, read_segments: ReadSegments) -> None:
    words = words_of(read_segments(typeset("The loss $L = bold(w)$ holds.")))
    assert "\U0001d498" in [word.text for word in words]
    assert not any("\ud800" <= character <= "\udfff" for word in words for character in word.text)


def test_two_surrogates_are_one_letter() -> None:
    pair = [*spelt("\ud835", 72), *spelt("\udc00", 72)]
    assert [word.text for word in words_of(segments(pair, 1))] == ["\U0001d400"]


def test_half_a_pair_is_no_error() -> None:
    assert [word.text for word in words_of(segments(spelt("a\ud835b"), 1))] == ["a\ufffdb"]


def test_a_gap_parts_words_even_without_a_blank() -> None:
    found = segments([*spelt("two", 72), *spelt("words", 90)], 1)
    assert len(found) == 1
    assert text_of(found) == "two words"


def test_a_wide_gap_parts_segments() -> None:
    found = segments([*spelt("left", 72), *spelt("right", 120)], 1)
    assert [segment.text for segment in found] == ["left", "right"]


def test_another_baseline_is_another_segment() -> None:
    found = segments([*spelt("above"), *spelt("below", baseline=112)], 1)
    assert [(segment.text, segment.baseline) for segment in found] == [("above", 100), ("below", 112)]


def test_words_of_a_line_share_its_number() -> None:
    found = segments([*spelt("one line"), *spelt("next", baseline=112)], 1)
    assert [word.line for word in words_of(found)] == [0, 0, 1]


def test_a_word_knows_where_it_stands() -> None:
    word = words_of(segments(spelt("word"), 7))[0]
    assert word.box.page == 7
    assert (word.box.x0, word.box.x1) == (72, 92)
    assert word.box.top < 100 < word.box.bottom
    assert word.size == 10


def test_a_hyphen_at_the_end_of_a_line_is_written_as_one() -> None:
    assert words_of(segments(spelt("regu\x02"), 1))[0].text == "regu-"


def test_text_that_is_turned_stands_apart() -> None:
    turned = Character("x", 0, 5, 50, 10, "Serif", 1.57)
    blank = Character("\n", 0, 0, 0, 0, "", 0, generated=True)
    straight, aside = upright(Characters.of([*spelt("a"), turned, blank]))
    assert (list(straight), list(aside)) == ([*spelt("a"), blank], [turned])


def test_no_characters_make_no_segments() -> None:
    assert segments([], 1) == []


@pytest.mark.parametrize("size", [0.0, math.nan])
def test_type_of_no_size_makes_words_all_the_same(size: float) -> None:
    assert [word.text for word in words_of(segments(spelt("none", size=size), 1))]


def test_capitals_and_small_capitals_are_one_word() -> None:
    word = [*spelt("I", 72), *spelt("MAGE", 77, size=7.5), *spelt("N", 92), *spelt("ET", 97, size=7.5)]
    assert [(w.text, w.script, w.size) for w in words_of(segments(word, 1))] == [("IMAGENET", "normal", 10)]


def test_a_capital_index_is_no_small_capital() -> None:
    word = [*spelt("BERT", 72), *spelt("BASE", 92, baseline=102, size=7)]
    assert [(w.text, w.script) for w in words_of(segments(word, 1))] == [("BERT", "normal"), ("BASE", "sub")]


def test_letters_set_apart_are_one_word() -> None:
    spaced = [c for at, letter in enumerate("ABSTRACT") for c in spelt(letter, 72 + 9 * at)]
    assert [w.text for w in words_of(segments(spaced, 1))] == ["ABSTRACT"]


def test_words_of_letters_set_apart_stay_apart() -> None:
    spaced = [c for at, letter in enumerate("RELATED") for c in spelt(letter, 72 + 8 * at)]
    further = [c for at, letter in enumerate("WORKS") for c in spelt(letter, 138 + 8 * at)]
    assert [w.text for w in words_of(segments([*spaced, *further], 1))] == ["RELATED", "WORKS"]


@pytest.mark.parametrize("text", ["A", "AB", "ABCD"])
def test_a_few_capitals_apart_are_words_of_their_own(text: str) -> None:
    spaced = [c for at, letter in enumerate(text) for c in spelt(letter, 72 + 9 * at)]
    assert [w.text for w in words_of(segments(spaced, 1))] == list(text)


def test_a_word_printed_twice_comes_once() -> None:
    found = segments([*spelt("bold", 72), *spelt("bold", 72.2), *spelt("next", 110)], 1)
    assert [w.text for w in words_of(found)] == ["bold", "next"]


def test_text_made_bold_by_printing_it_twice_comes_once(
    hand_made: Callable[..., bytes], read_segments: ReadSegments
) -> None:
    lines = "".join(f"BT /F1 12 Tf {x} 700 Td (Results of training) Tj ET " for x in (72, 72.25))
    assert text_of(read_segments(hand_made([lines]))) == "Results of training"


def test_glyphs_made_bold_one_by_one_come_once(
    hand_made: Callable[..., bytes], read_segments: ReadSegments
) -> None:
    glyphs = "".join(
        f"BT /F1 12 Tf {x + shift} 700 Td ({letter}) Tj ET "
        for letter, x in (("m", 72), ("o", 82), ("m", 88.7))
        for shift in (0, 0.25)
    )
    assert text_of(read_segments(hand_made([glyphs]))) == "mom"


def test_ligatures_are_spelt_out(typeset: Typeset, read_segments: ReadSegments) -> None:
    assert (
        text_of(read_segments(typeset("An efficient flow of findings."))) == "An efficient flow of findings."
    )


def test_powers_with_bases_and_factors(typeset: Typeset, read_segments: ReadSegments) -> None:
    assert "2.3 \u22c5 10^19" in text_of(read_segments(typeset("It is $2.3 dot 10^19$ FLOPs.")))


@pytest.mark.parametrize("blank", ["\u2009", "\u202f"])
def test_a_number_with_thin_blanks_is_one_word(
    blank: str, typeset: Typeset, read_segments: ReadSegments
) -> None:
    found = read_segments(typeset(f"We use 1{blank}281{blank}167 images of 1{blank}000 classes."))
    assert text_of(found) == "We use 1281167 images of 1000 classes."


@pytest.mark.parametrize("text", ["8\u2009GPUs", "in 2017\u200912 runs", "8\u20091000", "a\u2009100"])
def test_other_thin_blanks_part_words(text: str) -> None:
    assert [w.text for w in words_of(segments(spelt(text), 1))] == text.split()
