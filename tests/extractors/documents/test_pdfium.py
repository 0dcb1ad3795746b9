"""Characters and ruling lines as pdfium gives them, upright whatever the page's rotation and crop box."""

from collections.abc import Callable, Iterable

import pypdfium2 as pdfium
import pytest

from extractors.documents.characters import Character, Characters, Rule, is_bold
from extractors.documents.pdfium import characters

Read = Callable[[bytes], tuple[Characters, list[Rule]]]
HandMade = Callable[..., bytes]

TURNS = {
    0: "1 0 0 1 72 692 Tm",
    90: "0 1 -1 0 100 72 Tm",
    180: "-1 0 0 -1 540 100 Tm",
    270: "0 -1 1 0 512 720 Tm",
}
"""For each rotation of a page, where text must be put to read upright from (72, 100) on."""


def printed(found: Iterable[Character]) -> list[Character]:
    return [character for character in found if not character.generated and character.text.strip()]


@pytest.mark.parametrize("rotation", TURNS)
def test_positions_are_upright_whatever_the_rotation(
    rotation: int, hand_made: HandMade, read_characters: Read
) -> None:
    data = hand_made([f"BT /F1 12 Tf {TURNS[rotation]} (Upright) Tj ET"], page=f"/Rotate {rotation}")
    found = printed(read_characters(data)[0])
    assert "".join(character.text for character in found) == "Upright"
    assert found[0].x0 == pytest.approx(72, abs=0.5)
    assert all(character.baseline == pytest.approx(100, abs=0.1) for character in found)
    assert all(character.angle == pytest.approx(0, abs=0.01) for character in found)
    assert [c.x0 for c in found] == sorted(c.x0 for c in found)


def test_positions_count_from_the_crop_box(hand_made: HandMade, read_characters: Read) -> None:
    data = hand_made(["BT /F1 12 Tf 72 692 Td (Cropped) Tj ET"], page="/CropBox [50 50 562 742]")
    first = printed(read_characters(data)[0])[0]
    assert (first.x0, first.baseline) == pytest.approx((22, 50), abs=0.5)


def test_the_size_is_the_size_on_the_page(hand_made: HandMade, read_characters: Read) -> None:
    data = hand_made(["BT /F1 1 Tf 9 0 0 9 72 700 Tm (Scaled) Tj ET"])
    assert {round(c.size, 2) for c in printed(read_characters(data)[0])} == {9.0}


def test_turned_text_tells_its_angle(hand_made: HandMade, read_characters: Read) -> None:
    data = hand_made(["BT /F1 12 Tf 0 1 -1 0 30 200 Tm (Sideways) Tj ET"])
    assert all(c.angle == pytest.approx(1.5708, abs=0.01) for c in printed(read_characters(data)[0]))


def test_bold_type_is_told_by_its_name(typeset: Callable[[str], bytes], read_characters: Read) -> None:
    found = printed(read_characters(typeset("plain *strong*"))[0])
    assert "".join(c.text for c in found if is_bold(c.font)) == "strong"


def test_no_more_characters_than_the_limit(hand_made: HandMade) -> None:
    pdf = pdfium.PdfDocument(hand_made(["BT /F1 12 Tf 72 700 Td (abcdefghij) Tj ET"]))
    page = pdf[0]
    found = characters(page, 4).text
    page.close()
    pdf.close()
    assert found == "abcd"


def test_lines_and_thin_boxes_are_rules_and_shapes_are_not(
    hand_made: HandMade, read_characters: Read
) -> None:
    paths = "72 600 m 300 600 l S 72 500 200 0.5 re f 72 300 200 100 re S 72 650 m 80 650 l S"
    rules = read_characters(hand_made([f"0.4 w {paths}"]))[1]
    assert [(round(r.x0), round(r.x1), round(r.y)) for r in rules] == [(72, 300, 192), (72, 272, 292)]


def test_rules_turn_with_the_page(hand_made: HandMade, read_characters: Read) -> None:
    rules = read_characters(hand_made(["0.2 w 100 72 m 100 300 l S"], page="/Rotate 90"))[1]
    assert [(round(r.x0), round(r.x1), round(r.y)) for r in rules] == [(72, 300, 100)]


def test_raised_text_has_a_baseline_of_its_own(hand_made: HandMade, read_characters: Read) -> None:
    data = hand_made(["BT /F1 12 Tf 72 700 Td (up) Tj 5 Ts (on) Tj 0 Ts (down) Tj ET"])
    found = printed(read_characters(data)[0])
    assert [round(c.baseline) for c in found] == [92, 92, 87, 87, 92, 92, 92, 92]


def test_each_character_of_slanting_text_has_its_own_baseline(
    hand_made: HandMade, read_characters: Read
) -> None:
    data = hand_made(["BT /F1 12 Tf 0.996 0.087 -0.087 0.996 72 600 Tm (Slanting) Tj ET"])
    baselines = [c.baseline for c in printed(read_characters(data)[0])]
    assert baselines == sorted(baselines, reverse=True)
    assert baselines[0] == pytest.approx(192, abs=0.1)
    assert baselines[0] - baselines[-1] == pytest.approx(3.3, abs=0.5)


def test_objects_of_one_page_keep_their_own_type(hand_made: HandMade, read_characters: Read) -> None:
    data = hand_made(["BT /F1 12 Tf 72 700 Td (large) Tj /F1 8 Tf (small) Tj 0 1 -1 0 300 300 Tm (up) Tj ET"])
    found = printed(read_characters(data)[0])
    assert {(c.text, round(c.size), round(c.angle, 1)) for c in found} == {
        *((letter, 12, 0.0) for letter in "large"),
        *((letter, 8, 0.0) for letter in "small"),
        *((letter, 8, 1.6) for letter in "up"),
    }


def test_blanks_that_pdfium_infers_are_generated(hand_made: HandMade, read_characters: Read) -> None:
    data = hand_made(["BT /F1 12 Tf 72 700 Td [(two) -900 (words) -300 ( apart)] TJ 0 -14 Td (below) Tj ET"])
    found = read_characters(data)[0]
    assert found.text.split() == ["two", "words", "apart", "below"]
    assert all(c.text.isspace() and c.x1 == 0 for c in found if c.generated)


def test_thin_pictures_are_lines_too(hand_made: HandMade, read_characters: Read) -> None:
    picture = "q 200 0 0 0.6 72 500 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    thick = "q 200 0 0 60 72 300 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    rules = read_characters(hand_made([f"{picture} {thick}"]))[1]
    assert [(round(r.x0), round(r.x1), round(r.y)) for r in rules] == [(72, 272, 292)]


def test_an_empty_page_has_no_characters(hand_made: HandMade, read_characters: Read) -> None:
    found = read_characters(hand_made([""]))[0]
    assert (len(found), list(found), found.text) == (0, [], "")


def test_lines_count_on_a_page_whose_content_is_one_form_and_not_in_a_figure(
    hand_made: HandMade, read_characters: Read
) -> None:
    drawn = (
        "BT /F1 12 Tf 100 100 Td (Cell) Tj ET 100 90 m 500 90 l S 100 110 m 500 110 l S 100 130 m 500 130 l S"
    )
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
    resources = "/Resources << /Font << /F1 3 0 R >> /XObject << /Fm 10 0 R >> >>"
    stamp = "BT /F1 12 Tf 72 692 Td (Stamp) Tj ET"
    scaled = f"{stamp} q 0.5 0 0 0.5 20 400 cm /Fm Do Q"
    lines = read_characters(hand_made([scaled], page=resources, further=[form]))[1]
    assert [(rule.x0, rule.x1) for rule in lines] == [pytest.approx((70, 270), abs=1)] * 3
    assert sorted(rule.y for rule in lines) == pytest.approx([327, 337, 347], abs=0.6)
    text = scaled + stamp * 4
    assert read_characters(hand_made([text], page=resources, further=[form]))[1] == []
