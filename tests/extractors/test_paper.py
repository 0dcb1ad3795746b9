"""A paper's reading from both its media: the sample papers as PDFs, and as the pages that LaTeXML would make of them."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from extractors.facts.errors import ChallengePageError, NotADocumentError
from extractors.facts.records import Reading
from extractors.paper import read_paper

CALL = re.compile(r"^#(?P<name>[a-z-]+)(?=[(\[])", re.M)
NAMES = {
    "dot": "⋅",
    "slash": "/",
    "times": "×",
    "tau": "τ",
    "in": "∈",
    "RR": "ℝ",
    "sigma": "σ",
    "theta": "θ",
    "mu": "μ",
}
SIGNS = {"--": "–", "...": "…", "~": "\u00a0", "-": "−"}


def balanced(text: str, start: int) -> int:
    """Where the brackets that open at `start` are closed again; raw text in between is skipped."""
    depth, at = 0, start
    while True:
        if text.startswith("```", at):
            at = text.index("```", at + 3) + 3
            continue
        depth += (text[at] in "([") - (text[at] in ")]")
        at += 1
        if depth == 0:
            return at


def formula(source: str) -> str:
    """Presentation MathML of the little mathematics that the sample papers use."""
    parts: list[str] = []
    marked = ""
    for token in re.findall(r"\([^()]*\)(?<=\))|\d[\d.,]*\d|\d|[A-Za-z.]+|\S", source):
        if token in "^_":
            marked = token
            continue
        made = f"<mrow>{formula(token[1:-1])}</mrow>" if marked and token[0] == "(" else atom(token)
        if marked:
            base, name = parts.pop(), "msup" if marked == "^" else "msub"
            made, marked = f"<{name}>{base}{made}</{name}>", ""
        parts.append(made)
    return "".join(parts)


def atom(token: str) -> str:
    if token[0] == "(" and len(token) > 1:
        return f"<mo>(</mo>{formula(token[1:-1])}<mo>)</mo>"
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    kind = "mi" if token.isalpha() and token not in ("dot", "slash", "times", "in") else "mo"
    return f"<{kind}>{html.escape(NAMES.get(token, SIGNS.get(token, token)))}</{kind}>"


def inline(text: str, notes: count[int]) -> str:
    """Markup of running text as LaTeXML writes it."""
    text = html.escape(text, quote=False)
    text = re.sub(
        r"\$\s?([^$]*?)\s?\$",
        lambda found: f"<math><semantics>{formula(html.unescape(found[1]))}</semantics></math>",
        text,
    )
    text = re.sub(r"#c\(([^)]*)\)", r"<cite class='ltx_cite'>[\1]</cite>", text)
    text = re.sub(
        r"#(super|sub)\[([^\]]*)\]", lambda f: f"<{f[1][:3]} class='ltx_{f[1][:3]}'>{f[2]}</{f[1][:3]}>", text
    )
    text = re.sub(r"#text\([^)]*\)\[([^\]]*)\]|#h\([^)]*\)", r" \1", text)
    text = re.sub(r"#footnote\[((?:[^\[\]]|\[[^\]]*\])*)\]", lambda found: note(found[1], next(notes)), text)
    text = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<span class='ltx_text ltx_font_bold'>\1</span>", text)
    text = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<em class='ltx_emph'>\1</em>", text)
    text = re.sub(r"--|\.\.\.|~", lambda found: SIGNS[found[0]], text)
    return re.sub(r"\\(?=[^\w\s])", "", text)


def note(text: str, number: int) -> str:
    mark = f"<sup class='ltx_note_mark'>{number}</sup>"
    content = f"<span class='ltx_note_outer'><span class='ltx_note_content'>{mark}{text}</span></span>"
    return f"<span id='footnote{number}' class='ltx_note ltx_role_footnote'>{mark}{content}</span>"


def tabular(source: str, notes: count[int]) -> str:
    """Rows of the sample papers' tables: a header in front of the first line over all columns."""
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    head = lines.index("---")
    rows = [
        "<tr class='ltx_tr'>"
        + "".join(cell(part.strip(), at < head, notes) for part in re.split(r"(?<!\\)&", line))
        + "</tr>"
        for at, line in enumerate(lines)
        if not line.startswith("---")
    ]
    first = sum(not line.startswith("---") for line in lines[:head])
    made = f"<thead class='ltx_thead'>{''.join(rows[:first])}</thead><tbody>{''.join(rows[first:])}</tbody>"
    return f"<table class='ltx_tabular'>{made}</table>"


def cell(printed: str, header: bool, notes: count[int]) -> str:
    spanning = re.match(r"<(\d+)>(.*)$", printed)
    across, content = (spanning[1], spanning[2]) if spanning else ("1", printed)
    kind = "th class='ltx_td ltx_th ltx_th_column'" if header else "td class='ltx_td'"
    return f"<{kind} colspan='{across}'>{inline(content, notes)}</{kind[:2]}>"


class Page:
    """A sample paper's source as a page; what it draws is left out."""

    def __init__(self, source: str) -> None:
        self.blocks: list[str] = []
        self.notes, self.tables, self.figures, self.paras = count(1), count(1), count(1), count(1)
        self.appendix = False
        body = source.split("\n", 2)[2]
        while found := CALL.search(body):
            end = balanced(body, found.end())
            if found["name"] in ("c", "super", "sub", "h", "text", "footnote"):
                end = body.index("\n", end)
                end = end if body.startswith("\n", end) else len(body)
                line = body.rfind("\n", 0, found.start()) + 1
                self.text(body[:line])
                self.text(body[line:end])
            else:
                self.text(body[: found.start()])
                self.call(found["name"], body[found.end() : end])
            body = body[end:]
        self.text(body)

    def call(self, name: str, given: str) -> None:
        caption = inline(given[2 : balanced(given, 1) - 1], self.notes) if given.startswith("([") else ""
        if name == "tab":
            number = next(self.tables)
            content = tabular(given.split("```")[1], self.notes)
            self.float_("table", f"S1.T{number}", f"Table {number}: ", caption, content)
        elif name in ("plot", "chain"):
            number = next(self.figures)
            self.float_(
                "figure", f"S1.F{number}", f"Figure {number}: ", caption, "<img class='ltx_graphics'>"
            )
        elif name == "unnumbered":
            title = f"<h2 class='ltx_title ltx_title_section'>{given[1:-1]}</h2>"
            self.blocks.append(f"</section><section class='ltx_section'>{title}")
        else:
            works = re.findall(r"^\s*\[(.*)\],?\s*$", given, re.M)
            items = "".join(f"<li class='ltx_bibitem'>{inline(work, self.notes)}</li>" for work in works)
            self.blocks.append(
                f"<section class='ltx_bibliography'><h2 class='ltx_title'>References</h2>{items}</section>"
            )

    def float_(self, kind: str, id_: str, label: str, caption: str, content: str) -> None:
        tag = f"<span class='ltx_tag'>{label}</span>"
        told = f"<figcaption class='ltx_caption'>{tag}{caption}</figcaption>"
        self.blocks.append(f"<figure id='{id_}' class='ltx_{kind}'>{told}{content}</figure>")

    def text(self, source: str) -> None:
        for block in re.split(r"\n\s*\n|\n(?=[=-] )|(?<=\n)(?==)", source):
            self.block(block.strip())

    def block(self, block: str) -> None:
        if block == "#show: appendix":
            self.appendix = True
        elif heading := re.match(r"(=+) (.*)", block):
            level = "section" if len(heading[1]) == 1 else "subsection"
            kind = "appendix" if self.appendix else level
            title = f"<h2 class='ltx_title ltx_title_{level}'>{inline(heading[2], self.notes)}</h2>"
            self.blocks.append(f"</section><section class='ltx_{kind}'>{title}")
            self.block(block[heading.end() :].strip())
        elif block.startswith("- "):
            self.blocks.append(
                f"<ul class='ltx_itemize'><li class='ltx_item'>{inline(block[2:], self.notes)}</li></ul>"
            )
        elif block:
            text = inline(block, self.notes)
            self.blocks.append(
                f"<div id='S1.p{next(self.paras)}' class='ltx_para'><p class='ltx_p'>{text}</p></div>"
            )


@cache
def as_page(folder: Path, name: str) -> bytes:
    """The page that LaTeXML would make of a sample paper."""
    entry = next(
        one for one in json.loads((folder / "catalogue.json").read_text("utf-8")) if one["id"] == name
    )
    content = "".join(Page((folder / "src" / f"{name}.typ").read_text("utf-8")).blocks)
    front = (
        f"<div id='watermark-tr'>arXiv:{name}v1 [{entry['primary_category']}] 11 Mar 2024</div><article class='ltx_document'>"
        f"<h1 class='ltx_title ltx_title_document'>{html.escape(entry['title'])}</h1><div class='ltx_abstract'>"
        f"<h6 class='ltx_title ltx_title_abstract'>Abstract</h6><p class='ltx_p'>{html.escape(entry['abstract'])}</p></div>"
    )
    return f"<!DOCTYPE html><html><body>{front}<section>{content}</section></article></body></html>".encode()


PAPERS = ("2403.99101", "2403.99106", "2403.99107", "2403.99110", "2403.99112", "2403.99114")


@pytest.fixture(scope="module")
def papers(repository: Path) -> Path:
    return repository / "flows" / "demo" / "papers"


def pdf_of(papers: Path, name: str) -> bytes:
    return (papers / f"{name}v1.pdf").read_bytes()


def facts(reading: Reading) -> set[tuple[str, str, str]]:
    """What a reading says, without where."""
    return {
        (str(p.cell.entity), p.cell.field, repr(getattr(p.value, "value", getattr(p.value, "id", None))))
        for p in reading.proposals
    }


@pytest.mark.parametrize("name", PAPERS)
def test_a_page_says_what_its_pdf_says(name: str, papers: Path) -> None:
    page, pdf = facts(read_paper(as_page(papers, name))), facts(read_paper(pdf_of(papers, name)))
    assert len(page & pdf) >= 0.95 * max(len(page), len(pdf))


@pytest.mark.parametrize("name", PAPERS)
def test_with_the_pdf_beside_it_a_page_has_its_evidence_there(name: str, papers: Path) -> None:
    data = pdf_of(papers, name)
    alone, beside, pdf = (
        read_paper(as_page(papers, name)),
        read_paper(as_page(papers, name), companion=data),
        read_paper(data),
    )
    assert {p.evidence.box for p in alone.proposals} == {None}
    assert facts(alone) == facts(beside)
    assert [p.evidence.sha256 for p in beside.proposals] == [pdf.sha256] * len(beside.proposals)
    assert [p.evidence.anchor for p in beside.proposals] == [p.evidence.anchor for p in alone.proposals]
    assert (beside.sha256, beside.pages) == (alone.sha256, pdf.pages)
    places = {(p.cell, repr(p.value)): p.evidence.page for p in pdf.proposals}
    pages = [
        (p.evidence.page, places.get((p.cell, repr(p.value)), p.evidence.page)) for p in beside.proposals
    ]
    assert sum(found == known for found, known in pages) >= 0.98 * len(pages)


def test_a_paper_is_named_by_its_stamp_in_either_medium(papers: Path) -> None:
    name = PAPERS[0]
    assert str(read_paper(as_page(papers, name)).paper) == str(read_paper(pdf_of(papers, name)).paper) == name


def test_an_unreadable_pdf_beside_a_page_is_a_problem_and_no_more(papers: Path) -> None:
    page = as_page(papers, PAPERS[0])
    reading = read_paper(page, companion=b"%PDF-1.5 broken")
    assert reading.proposals == read_paper(page).proposals
    assert [problem.code for problem in reading.problems] == ["companion"]


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(NotADocumentError):
        read_paper(b"plain text")
    with pytest.raises(ChallengePageError):
        read_paper(b"<html><body>Please solve the captcha</body></html>")
