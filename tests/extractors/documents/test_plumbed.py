"""The second reader: the same page gives it the same text, places and lines as the first."""

import math
from collections.abc import Callable

import pytest

from extractors.documents import plumbed
from extractors.documents.characters import Character, Characters, Rule
from extractors.documents.model import Word, compose
from extractors.documents.words import segments, upright
from extractors.facts.errors import DamagedDocumentError

Read = Callable[[bytes], tuple[Characters, list[Rule]]]
Typeset = Callable[[str], bytes]
HandMade = Callable[..., bytes]

PAGE = """
= 1 Training
Our training on 8 GPUs#super[3] for 90 epochs takes $10^18$ operations and about two and a half days of time.
#figure(
  booktabs(3, ([Model], [Top-1], [Time]), [Small], [76.3], [12 h], [Large], [*79.1*], [31 h]),
  caption: [What we get, and what it takes.],
)
#lorem(120)
"""


def character(text: str) -> Character:
    return Character(text, 0, 5, 100, 10, "Serif", 0)


def words_of(characters: Characters) -> list[Word]:
    return [word for segment in segments(upright(characters)[0], 1) for word in segment.words]


def test_both_readers_read_the_same_text(typeset: Typeset, read_characters: Read) -> None:
    first, second = read_characters(typeset(PAGE))[0], plumbed.read_page(typeset(PAGE), 1, 60_000)[0]
    assert compose(words_of(first))[0] == compose(words_of(second))[0]


def test_both_readers_see_words_in_the_same_place(typeset: Typeset, read_characters: Read) -> None:
    first = words_of(read_characters(typeset(PAGE))[0])
    second = words_of(plumbed.read_page(typeset(PAGE), 1, 60_000)[0])
    for one, other in zip(first, second, strict=True):
        assert (one.text, one.script, one.bold) == (other.text, other.script, other.bold)
        assert (other.box.x0, other.box.bottom) == pytest.approx((one.box.x0, one.box.bottom), abs=1)
        assert other.size == pytest.approx(one.size, rel=0.05)


def test_both_readers_see_the_same_lines(typeset: Typeset, read_characters: Read) -> None:
    first, second = read_characters(typeset(PAGE))[1], plumbed.read_page(typeset(PAGE), 1, 60_000)[1]
    assert len(first) == len(second) == 3
    for one, other in zip(first, second, strict=True):
        assert (other.x0, other.x1, other.y) == pytest.approx((one.x0, one.x1, one.y), abs=1.5)


@pytest.mark.parametrize("entries", ["", "/CropBox [50 60 562 740]", "/CropBox [-20 60 500 900]"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_both_readers_turn_and_crop_pages_alike(
    rotation: int, entries: str, hand_made: HandMade, read_characters: Read
) -> None:
    lines = "0.4 w 100 500 m 300 500 l S 120 300 m 120 400 l S"
    turns = ["1 0 0 1 100 600", "0 1 -1 0 200 300", "-1 0 0 -1 400 450", "0 -1 1 0 420 500"]
    texts = "".join(f"BT /F1 12 Tf {turn} Tm (Turn {number}) Tj ET " for number, turn in enumerate(turns))
    data = hand_made([texts + lines], page=f"/Rotate {rotation} {entries}")
    first, (second, rules, _) = read_characters(data), plumbed.read_page(data, 1, 1000)
    kept = [c for c in first[0] if c.text.strip()]
    for one, other in zip(kept, [c for c in second if c.text.strip()], strict=True):
        assert other.text == one.text
        assert math.cos(other.angle - one.angle) == pytest.approx(1, abs=0.01)
        assert (other.x0, other.x1, other.baseline) == pytest.approx((one.x0, one.x1, one.baseline), abs=0.5)
        assert other.size == pytest.approx(one.size, abs=0.5)
    for rule, same in zip(first[1], rules, strict=True):
        assert (same.x0, same.x1, same.y) == pytest.approx((rule.x0, rule.x1, rule.y), abs=0.5)


def test_a_box_that_does_not_begin_at_the_corner_moves_nothing(
    hand_made: HandMade, read_characters: Read
) -> None:
    data = hand_made(["BT /F1 12 Tf 172 700 Td (Shifted) Tj ET"]).replace(
        b"[0 0 612 792]", b"[90 80 702 872]"
    )
    first, second = read_characters(data)[0], plumbed.read_page(data, 1, 100)[0]
    assert (second.x0[0], second.baseline[0]) == pytest.approx((82, 172), abs=0.5)
    assert (first.x0[0], first.baseline[0]) == pytest.approx((82, 172), abs=0.5)


def test_no_more_characters_than_the_limit(hand_made: HandMade) -> None:
    found, *_ = plumbed.read_page(hand_made(["BT /F1 12 Tf 72 700 Td (abcdefgh) Tj ET"]), 1, 3)
    assert found.text == "abc"


def test_lines_end_where_the_text_jumps_back(hand_made: HandMade) -> None:
    data = hand_made(["BT /F1 12 Tf 72 700 Td (above) Tj 0 -14 Td (below) Tj ET"])
    found, *_ = plumbed.read_page(data, 1, 100)
    assert found.text == "above\nbelow"
    assert [character.text for character in found if character.generated] == ["\n"]


def test_a_glyph_without_meaning_is_a_replacement_mark(hand_made: HandMade) -> None:
    stream = "begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 begincidrange <20> <7E> 32 endcidrange endcmap"
    written = f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"
    data = hand_made(["BT /F1 12 Tf 72 700 Td (text) Tj ET"], font="/ToUnicode 10 0 R", further=[written])
    found, *_ = plumbed.read_page(data, 1, 100)
    assert found.text == "\ufffd" * 4
    assert plumbed.unreadable_share(found) == 1


@pytest.mark.parametrize(("data", "number"), [(b"%PDF-1.4 nothing else", 1), (b"", 1)])
def test_what_it_cannot_read_is_damaged(data: bytes, number: int) -> None:
    with pytest.raises(DamagedDocumentError, match="neither reader"):
        plumbed.read_page(data, number, 100)


def test_a_page_that_does_not_exist_is_damaged(hand_made: HandMade) -> None:
    with pytest.raises(DamagedDocumentError):
        plumbed.read_page(hand_made([""]), 2, 100)


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        (["a", "b", "c", "d"], 0),
        (["a", "\ufffd", "\ue012", "\ue013"], 0.75),
        (["a", " ", "\n", "\x07"], 0.5),
        (["a", "\x02"], 0),
        ([" "], 0),
        ([], 0),
    ],
)
def test_the_share_of_characters_without_meaning(texts: list[str], share: float) -> None:
    assert plumbed.unreadable_share(Characters.of(character(text) for text in texts)) == share
