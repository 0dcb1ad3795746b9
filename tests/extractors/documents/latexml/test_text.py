"""Elements as words: parted where print parts them, with what a reader does not see left out."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.latexml.text import Inline, Piece, Style, note_pieces, words_of
from extractors.documents.model import NOWHERE, Word, compose


def read(html: str, inline: Inline | None = None) -> tuple[Word, ...]:
    paragraph = BeautifulSoup(
        f"<html><body><p id='S1.p1' class='ltx_para'>{html}</p></body></html>", "lxml"
    ).p
    assert paragraph is not None
    return words_of((inline or Inline()).pieces(paragraph, Style()))


def text(html: str) -> str:
    return compose(read(html))[0]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("two\n  words", "two words"),
        ("8&nbsp;GPUs &amp; more", "8 GPUs & more"),
        ("10&thinsp;000 steps", "10000 steps"),
        ("8&thinsp;GB for 3.5&thinsp;days, 5&thinsp;%", "8 GB for 3.5 days, 5%"),
        ("e.g.&thinsp;this", "e.g. this"),
        ("micro\u00adpro\u200bcessor", "microprocessor"),
        ("e\ufb03cient \ufb02ow", "efficient flow"),
        ("ex<em>peri</em>ment", "experiment"),
        ("one<br>two", "one two"),
        ("<span class='ltx_p'>one</span><span class='ltx_p'>two</span>", "one two"),
        ("10<sup>18</sup> FLOPs", "10^18 FLOPs"),
        ("10<math><msup><mi></mi><mn>18</mn></msup></math>", "10^18"),
        ("the 4<sup>th</sup> one", "the 4th one"),
        ("8<math><mo>×</mo></math>V100", "8×V100"),
        ("seen<script>no</script><style>no</style><span style='display: none'>no</span>", "seen"),
        ("seen<!-- no --><span hidden>no</span><span class='ltx_ERROR'>\\no</span>", "seen"),
        ("<span style='visibility:hidden'>no</span>seen", "seen"),
        ("see <cite class='ltx_cite'>[<a class='ltx_ref'>2</a>]</cite>.", "see [2]."),
    ],
)
def test_text_reads_as_printed(html: str, expected: str) -> None:
    assert text(html) == expected


def test_words_stand_nowhere_but_in_their_part() -> None:
    words = read("a <span id='S1.p1.1'>b</span> <span id='S1.E2' class='ltx_equation'>c</span>")
    assert {word.box for word in words} == {NOWHERE}
    assert [word.anchor for word in words] == ["S1.p1", "S1.p1", "S1.E2"]


def test_bold_type_is_known_and_undone() -> None:
    words = read("a <b>b</b> <span class='ltx_font_bold'>c <span class='ltx_font_medium'>d</span></span>")
    assert [word.bold for word in words] == [False, True, True, False]


NOTE = (
    "<span id='footnote1' class='ltx_note ltx_role_footnote'><sup class='ltx_note_mark'>1</sup>"
    "<span class='ltx_note_outer'><span class='ltx_note_content'><sup class='ltx_note_mark'>1</sup>"
    "<span class='ltx_tag ltx_tag_note'>1</span>With 32 GB each.</span></span></span>"
)


def test_a_note_leaves_its_mark_and_waits() -> None:
    inline = Inline()
    words = read(f"on 8 GPUs{NOTE} for days", inline)
    assert [(word.text, word.script) for word in words[2:4]] == [("GPUs", "normal"), ("1", "note")]
    note = words_of(note_pieces(inline.notes.popleft(), inline))
    assert compose(note)[0] == "¹ With 32 GB each."
    assert note[0].script == "note" and note[0].anchor == "footnote1"


def test_the_mark_of_a_note_becomes_no_part_of_a_number() -> None:
    assert text(f"reaches 82.3{NOTE} here") == "reaches 82.3¹ here"


def test_words_beyond_a_length_are_not_made() -> None:
    endless = (Piece("word ", Style()) for _ in iter(int, 1))
    assert 200 < len(words_of(endless, characters=1_000)) < 300


SCRIPTS = st.sampled_from(["normal", "super", "sub"])


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from("ab12 \u00a0\n\u2009\u00ad"), max_size=6), SCRIPTS), max_size=12
    )
)
def test_words_hold_all_characters_but_blanks(parts: list[tuple[str, str]]) -> None:
    words = words_of([Piece(part, Style(script=script)) for part, script in parts])  # type: ignore[arg-type]
    kept = "".join("".join(part.split()) for part, _ in parts).replace("\u00ad", "")
    assert "".join(word.text for word in words) == kept
    assert all(word.text for word in words)
