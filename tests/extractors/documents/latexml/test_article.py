"""Articles as LaTeXML writes them: sections, notes, captions and references where the rules expect them."""

import pytest
from bs4 import BeautifulSoup

from extractors.documents.latexml.article import Article, Sizes, read_article
from extractors.documents.latexml.tables import Bounds


def article(body: str, sizes: Sizes | None = None) -> Article:
    page = BeautifulSoup(f"<html><body><article class='ltx_document'>{body}</article></body></html>", "lxml")
    assert page.article is not None
    return read_article(page.article, sizes or Sizes())


def para(text: str, id_: str = "S1.p1") -> str:
    return f"<div id='{id_}' class='ltx_para'><p class='ltx_p'>{text}</p></div>"


def section(title: str, content: str, kind: str = "section", id_: str = "S1") -> str:
    heading = (
        f"<h2 class='ltx_title ltx_title_{kind}'><span class='ltx_tag'>1 </span>{title}</h2>" if title else ""
    )
    return f"<section id='{id_}' class='ltx_{kind}'>{heading}{content}</section>"


def said(read: Article) -> list[tuple[str, str, str]]:
    return [(paragraph.kind, paragraph.region, paragraph.text) for paragraph in read.paragraphs]


TABULAR = (
    "<table class='ltx_tabular'><tr class='ltx_tr'><th class='ltx_td ltx_th ltx_th_column'>Model</th>"
    "<th class='ltx_td ltx_th ltx_th_column'>{0}</th></tr>"
    "<tr class='ltx_tr'><td class='ltx_td'>A</td><td class='ltx_td'>4.2</td></tr></table>"
)


def caption(label: str, text: str) -> str:
    tag = f"<span class='ltx_tag ltx_tag_table'>{label}</span>"
    return f"<figcaption class='ltx_caption'>{tag}{text}</figcaption>"


def float_(content: str, id_: str = "S1.T1", kind: str = "table") -> str:
    return f"<figure id='{id_}' class='ltx_{kind}'>{content}</figure>"


def test_an_article_has_its_parts_in_their_regions() -> None:
    read = article(
        "<h1 class='ltx_title ltx_title_document'>A Paper of Ours</h1>"
        "<div class='ltx_authors'><span class='ltx_creator'><span class='ltx_personname'>A. Writer</span></span></div>"
        "<div class='ltx_abstract'><h6 class='ltx_title ltx_title_abstract'>Abstract</h6><p class='ltx_p'>We try.</p></div>"
        + section("Intro", para("It works."))
        + section("Acknowledgments", para("Thanks."), id_="Sx1")
        + "<section class='ltx_bibliography'><h2 class='ltx_title ltx_title_bibliography'>References</h2>"
        "<ul class='ltx_biblist'><li id='bib.bib1' class='ltx_bibitem'><span class='ltx_tag ltx_tag_bibitem'>[1]</span>"
        "<span class='ltx_bibblock'>B. Other.</span><span class='ltx_bibblock'>A title.</span></li></ul></section>"
        + section("More", para("Details.", "A1.p1"), "appendix", "A1")
    )
    assert read.title == "A Paper of Ours"
    assert said(read) == [
        ("title", "front", "A Paper of Ours"),
        ("text", "front", "A. Writer"),
        ("heading", "abstract", "Abstract"),
        ("text", "abstract", "We try."),
        ("heading", "body", "1 Intro"),
        ("text", "body", "It works."),
        ("heading", "acknowledgements", "1 Acknowledgments"),
        ("text", "acknowledgements", "Thanks."),
        ("heading", "references", "References"),
        ("list", "references", "[1] B. Other. A title."),
        ("heading", "appendix", "1 More"),
        ("text", "appendix", "Details."),
    ]
    assert [p.section for p in read.paragraphs][3::2] == [
        "Abstract",
        "1 Intro",
        "1 Acknowledgments",
        "References",
        "1 More",
    ]
    assert read.problems == ()


def test_paragraphs_know_their_element() -> None:
    read = article(section("Intro", para("It works.", "S1.p2")))
    assert [paragraph.words[0].anchor for paragraph in read.paragraphs] == ["S1", "S1.p2"]
    assert read.paragraphs[1].evidence("0" * 64, "rule", 0, 2).anchor == "S1.p2"


def test_a_formula_on_its_own_line_belongs_to_its_paragraph() -> None:
    formula = (
        "<table id='S1.E1' class='ltx_equation ltx_eqn_table'><tr class='ltx_eqn_row'><td class='ltx_eqn_cell'>"
        "<math><mi>y</mi><mo>=</mo><mi>x</mi></math></td>"
        "<td class='ltx_eqn_cell ltx_eqn_eqno'><span class='ltx_tag ltx_tag_equation'>(1)</span></td></tr></table>"
    )
    lines = f"<p class='ltx_p'>We use</p>{formula}<div>{formula}</div><p class='ltx_p'>for all.</p>"
    read = article(section("", f"<div id='S1.p1' class='ltx_para'>{lines}</div>"))
    assert said(read) == [("text", "body", "We use y = x y = x for all.")]
    assert [word.anchor for word in read.paragraphs[0].words][1:3] == ["S1.p1", "S1.E1"]


def test_a_title_that_runs_in_begins_its_paragraph() -> None:
    inner = "<section class='ltx_paragraph'><h4 class='ltx_title ltx_runin'>Hardware.</h4>{}</section>"
    read = article(section("Setup", inner.format(para("We own one card."))))
    assert said(read)[1] == ("text", "body", "Hardware. We own one card.")
    assert read.paragraphs[1].section == "1 Setup"


def test_items_of_a_list_are_paragraphs_without_bullets() -> None:
    item = "<li id='S1.I1.i1' class='ltx_item'><span class='ltx_tag ltx_tag_item'>{}</span>{}</li>"
    items = item.format("•", para("One.", "S1.I1.i1.p1")) + item.format("(b)", para("Two.", "S1.I1.i2.p1"))
    read = article(
        section(
            "",
            f"<div class='ltx_para'><p class='ltx_p'>See:</p><ul class='ltx_itemize'>{items}</ul><p>Done.</p></div>",
        )
    )
    assert said(read) == [
        ("text", "body", "See:"),
        ("list", "body", "One."),
        ("list", "body", "(b) Two."),
        ("text", "body", "Done."),
    ]


NOTE = (
    "<span class='ltx_note'><sup class='ltx_note_mark'>2</sup><span class='ltx_note_outer'>"
    "<span class='ltx_note_content'><sup class='ltx_note_mark'>2</sup>Rented.</span></span></span>"
)


def test_a_term_begins_what_is_said_of_it() -> None:
    term = "<dt class='ltx_item'><span class='ltx_tag ltx_tag_item'><b class='ltx_font_bold'>Net A</b></span></dt>"
    read = article(
        f"<dl class='ltx_description'>{term}<dd class='ltx_item'>{para('Has 8 layers.')}</dd></dl>"
    )
    assert said(read) == [("list", "body", "Net A Has 8 layers.")]


def test_the_mark_of_a_note_is_no_part_of_the_title() -> None:
    note = "<span class='ltx_note ltx_role_thanks'><sup class='ltx_note_mark'>†</sup></span>"
    read = article(f"<h1 class='ltx_title ltx_title_document'>A Paper{note}</h1>" + para("It works."))
    assert (read.title, read.paragraphs[0].text) == ("A Paper", "A Paper†")


def test_what_is_noted_of_the_publication_is_no_part_of_the_title() -> None:
    notes = "".join(
        f"<span class='ltx_pubnote'><span class='ltx_note_name'>{name}: </span>{text}</span>"
        for name, text in (("Thanks", "Done at a place."), ("DOI", "10.1/2"))
    )
    content = f"<span class='ltx_pubnotes'><span class='ltx_pubnotes_content'>{notes}</span></span>"
    read = article(f"<h1 class='ltx_title ltx_title_document'>A Paper{content}</h1>" + para("It works."))
    assert read.title == "A Paper"
    assert said(read)[:2] == [("title", "front", "A Paper"), ("footnote", "front", "Done at a place. 10.1/2")]


def test_notes_follow_the_paragraph_they_are_marked_in() -> None:
    read = article(section("", para(f"On 8 cards{NOTE} for days.") + para("Next.")))
    assert [text for _, _, text in said(read)] == ["On 8 cards² for days.", "² Rented.", "Next."]
    assert read.paragraphs[0].words[3].script == "note"
    assert read.paragraphs[1].kind == "footnote"


def test_a_note_beside_paragraphs_leaves_no_mark_alone() -> None:
    assert said(article(NOTE + section("", para("Text."))))[0] == ("footnote", "front", "² Rented.")


def test_a_note_of_which_only_the_mark_is_known_is_no_paragraph() -> None:
    kind = "<span class='ltx_note_type'>footnotemark: </span><span class='ltx_tag ltx_tag_note'>2</span>"
    read = article(section("", para(f"Again{NOTE.replace('Rented.', kind)} rented.")))
    assert [text for _, _, text in said(read)] == ["Again² rented."]


def test_of_a_drawing_only_boxes_of_text_are_read() -> None:
    box = "<span class='ltx_inline-block ltx_minipage'><span class='ltx_p'>A box of text.</span></span>"
    label = "<foreignobject><math><mn>5</mn></math></foreignobject><text>0.1</text>"
    drawing = f"<svg class='ltx_picture'><g>{label}<foreignobject>{box}</foreignobject></g></svg>"
    read = article(
        section(
            "", f"<div class='ltx_para'>{drawing}</div>" + para(f"Before {drawing.replace(box, '')}after.")
        )
    )
    assert [text for _, _, text in said(read)] == ["A box of text.", "Before after."]


def test_a_table_has_its_caption_and_label() -> None:
    read = article(section("", float_(caption("Table 1: ", "Costs.") + TABULAR.format("Hours"))))
    table = read.tables[0]
    assert (table.label, table.header_rows, table.header(1)) == ("Table 1", 1, ("Hours",))
    assert table.caption == read.paragraphs[0]
    assert [p.label for p in read.paragraphs] == ["Table 1"]
    cell = table.rows[1][1]
    assert cell is not None
    found = table.evidence("0" * 64, "rule", cell)
    assert (found.anchor, found.box, found.quote) == ("S1.T1", None, "A | 4.2")


@pytest.mark.parametrize("first", [True, False])
def test_of_several_captions_a_table_has_the_one_next_to_it(first: bool) -> None:
    tables = [TABULAR.format("Hours"), TABULAR.format("Days")]
    captions = [caption("Table 1: ", "a"), caption("Table 2: ", "b")]
    pairs = [c + t if first else t + c for c, t in zip(captions, tables, strict=True)]
    read = article(float_("".join(f"<div class='ltx_flex_cell'>{pair}</div>" for pair in pairs)))
    assert [(table.label, table.header(1)) for table in read.tables] == [
        ("Table 1", ("Hours",)),
        ("Table 2", ("Days",)),
    ]


def test_captions_over_panels_side_by_side_belong_to_them_in_order() -> None:
    captions = caption("Table 1: ", "One.") + caption("Table 2: ", "Two.")
    panels = f"<div class='ltx_flex_cell'>{TABULAR.format('FLOPs')}</div><div>{TABULAR.format('Hours')}</div>"
    read = article(section("Costs", float_(captions + panels + caption("Table 2: ", "Two."))))
    assert [(table.label, table.header(1)) for table in read.tables] == [
        ("Table 1", ("FLOPs",)),
        ("Table 2", ("Hours",)),
    ]
    assert [p.text for p in read.paragraphs if p.kind == "caption"] == ["Table 1: One.", "Table 2: Two."]


@pytest.mark.parametrize("first", [True, False])
def test_a_caption_beside_its_table_belongs_to_it(first: bool) -> None:
    def panel(label: str, header: str) -> str:
        parts = [f"<span class='ltx_table'>{caption(label, 'Costs.')}</span>", TABULAR.format(header)]
        return f"<div class='ltx_minipage'>{''.join(parts if first else parts[::-1])}</div>"

    plot = f"<div class='ltx_minipage'><img src='x.png'>{caption('Figure 4: ', 'A plot.')}</div>"
    read = article(section("Costs", float_(plot + panel("Table 2: ", "Hours") + panel("Table 3: ", "FLOPs"))))
    assert [(table.label, table.header(1)) for table in read.tables] == [
        ("Table 2", ("Hours",)),
        ("Table 3", ("FLOPs",)),
    ]
    assert [p.label for p in read.paragraphs if p.kind == "caption"] == ["Figure 4", "Table 2", "Table 3"]


def test_a_caption_alone_takes_no_table_of_another_float() -> None:
    other = float_(caption("Table 2: ", "Hours.") + TABULAR.format("Hours"), "S1.T2")
    read = article(section("Costs", float_(caption("Table 1: ", "Lost.")) + other))
    assert [(table.label, table.header(1)) for table in read.tables] == [("Table 2", ("Hours",))]


def test_a_caption_that_is_repeated_below_its_panels_is_read_once() -> None:
    twice = caption("Figure 1: ", "A picture.") + "<img src='x.png'>" + caption("Figure 1: ", "A picture.")
    read = article(section("Costs", float_(twice, kind="figure")))
    assert [p.text for p in read.paragraphs if p.kind == "caption"] == ["Figure 1: A picture."]


def test_parts_of_a_table_share_its_label() -> None:
    parts = [
        float_(caption("(a) ", name) + TABULAR.format(name), f"S1.T1.st{at}")
        for at, name in enumerate(("x", "y"))
    ]
    read = article(float_(caption("Table 1: ", "Both.") + "".join(parts)))
    assert [table.label for table in read.tables] == ["Table 1", "Table 1"]
    assert [table.caption.text for table in read.tables if table.caption] == [
        "Table 1: Both. (a) x",
        "Table 1: Both. (a) y",
    ]
    assert [paragraph.text for paragraph in read.paragraphs] == ["Table 1: Both.", "(a) x", "(a) y"]


def test_tables_side_by_side_in_a_table_are_two() -> None:
    cells = "".join(f"<td class='ltx_td'>{TABULAR.format(name)}</td>" for name in ("x", "y"))
    read = article(float_(f"<table class='ltx_tabular'><tr class='ltx_tr'>{cells}</tr></table>"))
    assert [table.header(1) for table in read.tables] == [("x",), ("y",)]


def test_a_paragraph_goes_on_behind_a_float_that_breaks_it() -> None:
    note = "<span class='ltx_note'><sup class='ltx_note_mark'>1</sup><span class='ltx_note_content'>Note.</span></span>"
    table = float_(caption("Table 1: ", "Costs.") + TABULAR.format("FLOPs"))
    read = article(section("Costs", para(f"We train{note} on") + table + para("8 GPUs.") + para("We stop.")))
    assert [text for kind, _, text in said(read) if kind == "text"] == ["We train¹ on", "8 GPUs.", "We stop."]
    read = article(section("Costs", para(f"We train{note} on") + table + table + para("eight GPUs.")))
    assert [text for kind, _, text in said(read) if kind == "text"] == ["We train¹ on eight GPUs."]
    read = article(section("Costs", para("We train.") + table + para("eight GPUs.")))
    assert [text for kind, _, text in said(read) if kind == "text"] == ["We train.", "eight GPUs."]


def test_a_float_among_the_references_is_none_of_them() -> None:
    read = article(
        section("References", float_(caption("Table 1: ", "Costs.") + TABULAR.format("x")), "bibliography")
    )
    assert [(p.region, p.section) for p in read.paragraphs if p.kind == "caption"] == [("body", "")]


def test_a_column_of_lines_is_text() -> None:
    lines = "".join(f"<tr class='ltx_tr'><td class='ltx_td'>{text}</td></tr>" for text in ("one", "two"))
    read = article(para(f"<span>see</span> <table class='ltx_tabular'>{lines}</table>"))
    assert said(read) == [("text", "body", "see one two")]


def test_a_note_in_a_column_of_lines_is_told_once() -> None:
    lines = "".join(
        f"<tr class='ltx_tr'><td class='ltx_td'>{text}</td></tr>" for text in ("one", f"two{NOTE}")
    )
    read = article(para(f"<table class='ltx_tabular'>{lines}</table>"))
    assert [text for _, _, text in said(read)] == ["one two²", "² Rented."]


def test_what_the_conversion_left_out_is_told_and_still_says_where_thanks_begin() -> None:
    error = "<span class='ltx_ERROR undefined'>{acknowledgments}</span>"
    read = article(section("End", para("Last.") + error + para("We thank you.")))
    assert [region for _, region, _ in said(read)] == ["body", "body", "acknowledgements"]
    assert read.problems == ("the conversion to HTML left out '{acknowledgments}'",)


def test_what_is_left_out_several_times_is_told_once() -> None:
    error = "<span class='ltx_ERROR undefined'>\\foo</span>"
    formula = "<math><mn>3</mn><merror class='ltx_ERROR undefined'><mtext>\\foo</mtext></merror></math>"
    gap = "<cite><span class='ltx_ref ltx_missing_citation'>?</span></cite>"
    read = article(para(f"{error}x {formula} {gap}"))
    assert said(read) == [("text", "body", "x 3 ?")]
    assert read.problems == (
        "the conversion to HTML left out '\\\\foo', 2 times",
        "the conversion to HTML left out 'a reference'",
    )


def test_sections_behind_the_references_are_an_appendix() -> None:
    read = article(section("References", para("[1] x"), "bibliography") + section("Proofs", para("Long.")))
    assert said(read)[-1] == ("text", "appendix", "Long.")


def test_what_is_too_long_is_cut_and_told() -> None:
    sizes = Sizes(paragraph=40, table=Bounds(rows=1), cells=3)
    read = article(para("word " * 50) + float_(TABULAR.format("x"), "S1.T7"), sizes)
    assert len(read.paragraphs[0].text) <= 40
    assert read.problems == ("paragraph 1: only the first 40 characters were read",)
    sizes = Sizes(cells=3)
    assert article(float_(TABULAR.format("x"), "S1.T7"), sizes).problems == (
        "the table at S1.T7: all cells beyond the limit were left out",
    )


def test_a_single_word_beyond_the_limit_is_cut() -> None:
    assert article(para("x" * 99), Sizes(paragraph=40)).paragraphs[0].text == "x" * 40
