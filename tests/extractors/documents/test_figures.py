"""Words in pictures are told from the paper's sentences, which stay text wherever they stand."""

from collections.abc import Callable

from extractors.documents.figures import body_fonts, is_prose, with_figures
from extractors.documents.model import Document, Word
from extractors.documents.structure import Block
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

Read = Callable[[str], Document]
LINE = "words of a sentence that fill a line of the page"
FONTS = frozenset({"Text"})


def segment(
    text: str, baseline: float, *, x: float = 72, size: float = 10, font: str = "Text", page: int = 2
) -> Segment:
    words, at = [], x
    for part in text.split():
        end = at + 0.5 * size * len(part)
        words.append(Word(part, Box(page, at, baseline - 7, end, baseline + 2), size, font))
        at = end + 0.25 * size
    return Segment(tuple(words), baseline, size)


def block(*segments: Segment) -> Block:
    return Block(segments, "text", 792)


def caption(baseline: float, label: str = "Figure 1") -> Block:
    return Block((segment(f"{label}: What we see.", baseline, page=2),), "caption", 792, label)


PROSE = block(*(segment(LINE, 100 + 12 * index) for index in range(5)))


def kinds(*blocks: Block, captions: tuple[Block, ...] = ()) -> list[str]:
    return [found.kind for found in with_figures(blocks, captions, 10, FONTS)]


def test_labels_above_a_figure_s_caption_are_the_figure_s() -> None:
    label = block(segment("Encoder", 220, size=10, font="Sans"))
    assert kinds(PROSE, label, captions=(caption(300),)) == ["text", "figure"]


def test_labels_above_the_prose_are_none_of_a_figure_below() -> None:
    label = block(segment("Equation", 60))
    assert kinds(label, PROSE, captions=(caption(300),)) == ["text", "text"]


def test_a_sentence_in_a_figure_s_place_stays() -> None:
    assert kinds(PROSE, block(segment(LINE, 220)), captions=(caption(300),)) == ["text", "text"]


def test_above_a_table_s_caption_nothing_is_a_figure() -> None:
    label = block(segment("Short line", 220))
    assert kinds(PROSE, label, captions=(caption(300, "Table 1"),)) == ["text", "text"]


def test_small_labels_beside_a_figure_are_its() -> None:
    beside = block(segment("0.5 1.0", 500, x=400, size=6, font="Sans"))
    assert kinds(PROSE, beside, captions=(caption(300),)) == ["text", "figure"]


def test_many_small_labels_are_a_picture_without_caption() -> None:
    labels = [block(segment("Input", 200 + 20 * index, size=6, font="Sans")) for index in range(8)]
    assert set(kinds(*labels)) == {"figure"}
    assert set(kinds(*labels[:3])) == {"text"}


def test_a_title_above_a_first_page_s_figure_stays() -> None:
    head = block(segment("A Title", 60, size=16, page=1))
    text = block(*(segment(LINE, 400 + 12 * index, page=1) for index in range(5)))
    below = Block((segment("Figure 1: What we see.", 390, page=1),), "caption", 792, "Figure 1")
    assert kinds(head, text, captions=(below,)) == ["text", "text"]


def test_prose_is_of_two_full_lines_at_least() -> None:
    assert is_prose(PROSE, 10)
    assert not is_prose(block(segment(LINE, 100)), 10)
    assert not is_prose(block(segment("Input", 100), segment("Output", 112)), 10)


def test_fonts_of_the_text_are_those_of_its_lines() -> None:
    page = RawPage(1, 612, 792, (*PROSE.segments, segment("Axis", 300, font="Sans")), ())
    assert body_fonts([page], 10) == {"Text"}


def test_a_paragraph_reads_on_past_a_figure(read: Read) -> None:
    source = """#set page(height: 400pt)
    #set par(spacing: 0.65em)
    #lorem(150) and so
    #place(top, float: true, figure(rect(width: 100pt, height: 60pt)[Encoder], caption: [A box with a word.]))
    it goes on. #lorem(150)"""
    document = read(source)
    assert [p.text for p in document.paragraphs if p.kind == "figure"] == ["Encoder"]
    assert len([p for p in document.paragraphs if p.kind == "text"]) == 1
    assert "Encoder" not in " ".join(p.text for p in document.statements())
