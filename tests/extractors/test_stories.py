"""Small papers from their first word to their linked facts: what the parts of extraction make of them together.

A story is a text file. Above the line of equals signs stands a paper of a few paragraphs and tables: `[footnote]` or
`[acknowledgements: Thanks]` in front of a paragraph gives its kind or its region and section, a line with ` | ` is a row of a
table, dashes close its header, and the paragraph before it that begins with `Table` is its caption. Below the line stands
what is read: each entity with its fields, their values, what is printed, and where; runs called `aside` are what was set aside as
somebody else's or of another use. After a change that is meant,
`pytest tests/extractors/test_stories.py --write-goldens` writes the lower part anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import get_args

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, ParagraphKind, Table
from extractors.facts.records import Proposal
from extractors.facts.values import Name, Quantity
from extractors.paper import paper_id, proposed

STORIES = Path(__file__).with_name("stories")
BORDER = "=" * 20
MARK = re.compile(r"\[(?P<place>\w+)(?:: (?P<section>[^\]]+))?\] ")
KINDS = get_args(ParagraphKind)

MakeParagraph = Callable[..., Paragraph]
MakeTable = Callable[..., Table]
MakeDocument = Callable[..., Document]


@pytest.fixture(params=sorted(STORIES.glob("*.txt")), ids=lambda path: path.stem)
def story(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def paper_of(paragraph: MakeParagraph, table: MakeTable, document: MakeDocument) -> Callable[[str], Document]:
    """The paper that the upper part of a story describes."""

    def read(text: str) -> Document:
        paragraphs, tables, caption = list[Paragraph](), list[Table](), ""
        for block in text.strip().split("\n\n"):
            if " | " in block:
                tables.append(_table(block, caption, table))
            elif block.startswith("Table "):
                caption = block
            else:
                paragraphs.append(_paragraph(block, paragraph))
        return document(*paragraphs, tables=tables)

    return read


def _paragraph(block: str, paragraph: MakeParagraph) -> Paragraph:
    mark = MARK.match(block)
    text = block[mark.end() :] if mark else block
    place, section = (mark["place"], mark["section"] or "") if mark else ("body", "")
    if place in KINDS:
        return paragraph(text, section, kind=place)
    return paragraph(text, section, region=place)


def _table(block: str, caption: str, table: MakeTable) -> Table:
    lines = block.splitlines()
    header = next((index for index, line in enumerate(lines) if set(line) == {"-"}), 0)
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if set(line) != {"-"}]
    return replace(table(rows, caption, header), label=caption.partition(":")[0])


def told(proposals: Sequence[Proposal]) -> Iterator[str]:
    """What is read, entity by entity, in the order in which it is proposed."""
    for entity, cells in groupby(proposals, key=lambda proposal: proposal.cell.entity):
        yield f"{entity.kind} {entity.slug}"
        for proposal in cells:
            yield f"    {proposal.cell.field} = {_shown(proposal)}  ({_place(proposal)})"


def _place(proposal: Proposal) -> str:
    return proposal.evidence.anchor or "abstract"


def _shown(proposal: Proposal) -> str:
    value = proposal.value
    if isinstance(value, Quantity):
        spread = "" if value.low == value.high else f" ({value.low:g} to {value.high:g})"
        return f"{value.value:.10g}{spread} {value.unit}  |{value.printed}|"
    return f"{value.id}  |{value.printed}|" if isinstance(value, Name) else "not reported"


def test_a_story_is_read_as_its_file_says(
    story: Path, paper_of: Callable[[str], Document], request: pytest.FixtureRequest
) -> None:
    upper = story.read_text("utf-8").partition(BORDER)[0].rstrip()
    paper = paper_of(upper)
    proposals = proposed(paper_id(paper), context_of(paper))
    now = "\n".join((upper, "", BORDER, *(told(proposals) if proposals else ("nothing",)), ""))
    if request.config.getoption("--write-goldens"):
        story.write_text(now, "utf-8")
    assert story.read_text("utf-8") == now
