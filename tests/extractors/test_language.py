from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.model import Paragraph
from extractors.language import Sentence, sentences_of, split_sentences, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("8×V100", ["8", "×", "V100"]),
        ("8xA100", ["8", "x", "A100"]),
        ("8x80GB", ["8", "x", "80", "GB"]),
        ("4x40G", ["4", "x", "40G"]),
        ("224x224", ["224x224"]),
        ("TPUv3-512", ["TPUv3", "-", "512"]),
        ("(340M)", ["(", "340M", ")"]),
        ("1.2·10^19", ["1.2·10^19"]),
        ("2.3e19", ["2.3e19"]),
        ("(twenty-four)", ["(", "twenty-four", ")"]),
        ("76.3±0.2", ["76.3", "±", "0.2"]),
        ("6.7B/13B", ["6.7B", "/", "13B"]),
        ("GPU-days", ["GPU", "-", "days"]),
        ("12h,", ["12", "h", ","]),
        ("A100-80GB", ["A100", "-", "80", "GB"]),
        ("10,000 steps.", ["10,000", "steps", "."]),
        ("~3.5 days.", ["~", "3.5", "days", "."]),
        ("V100s", ["V100", "s"]),
        ("3–4", ["3", "–", "4"]),
        ("GPUs³.", ["GPUs", "³", "."]),
        ("76.3²", ["76.3", "²"]),
        ("340M¹²", ["340M", "¹²"]),
        ("²Code", ["²", "Code"]),
    ],
)
def test_numbers_units_and_devices_are_tokens_of_their_own(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokens_of(text)] == tokens


@given(st.text(max_size=80))
def test_tokenizing_loses_no_character(text: str) -> None:
    assert "".join(token.text_with_ws for token in tokens_of(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "The curves in Fig. 3 flatten after a day.",
        "We follow Miller et al. (2018) for the schedule.",
        "Accuracy rises by 3.5 points on e.g. ImageNet.",
        "The result of J. Miller is reproduced.",
        "It takes approx. 15 hours on our cluster.",
        "The error is 5.1 vs. 4.9 percent.",
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(text: str) -> None:
    assert list(split_sentences(text)) == [(0, len(text))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("We use 8 GPUs [3].", "Training takes 3 days."),
        ("We use 64 chips (16 boards).⁷", "Each run takes a day."),
        ("Was it fast enough?", "It was."),
        ("Schedules follow Miller et al.", "We train for 90 epochs."),
        ("All runs use one Titan X.", "The batch has 32 images."),
    ],
)
def test_sentences_end_at_citations_and_footnote_marks(first: str, second: str) -> None:
    text = f"{first} {second}"
    assert [text[start:end] for start, end in split_sentences(text)] == [first, second]


@given(st.text(alphabet="ab .?!AB12()[]", max_size=120))
def test_sentences_do_not_overlap_and_skip_only_blanks(text: str) -> None:
    last = 0
    for start, end in split_sentences(text):
        assert last <= start < end
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()


def test_a_text_longer_than_a_parser_could_bear_has_tokens() -> None:
    assert len(tokens_of("word " * 250_000)) == 250_000


def test_a_sentence_knows_which_parts_of_words_it_has_in_any_case() -> None:
    paragraph = Paragraph("text", "body", "", (), "We wait. Trained on 8 GPUs.", ())
    sentence = Sentence(paragraph, 9, 27)
    assert (sentence.has("gpu"), sentence.has("tpu", "train"), sentence.has("wait")) == (True, True, False)


def test_tokens_of_a_sentence_count_from_its_own_beginning() -> None:
    paragraph = Paragraph("text", "body", "", (), "We wait. Trained on 8 GPUs.", ())
    (_, sentence) = sentences_of(paragraph)
    assert [(token.text, token.idx) for token in sentence.tokens][:2] == [("Trained", 0), ("on", 8)]
