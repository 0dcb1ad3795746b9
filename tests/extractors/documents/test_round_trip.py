"""Pages round-tripped from their sources: tables cell for cell, in every style that papers use, and text word for word.

What is demanded is what a person reads on the page. A family of tables or a page that does not come back yet is marked
so, strictly, so that the mark goes when it does. Each page in `goldens` is a source and, by the same name, its
paragraphs, one a line: kind and region, label, text; those in the flow of the text first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2 as pdfium
import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.documents.model import Document
from extractors.documents.pdf import read_pdf
from tests.extractors.documents.table_contents import Content, make
from tests.extractors.documents.table_families import FAMILIES
from tests.extractors.documents.table_styles import Sample, Style, differences, document_source, fits

Read = Callable[[str], Document]
ReadFamily = Callable[[str], Document]
Missed = Callable[[str], dict[str, list[str]]]
GOLDENS = Path(__file__).parent / "goldens"

MISSED: dict[str, tuple[int, str]] = {
    "wide, none, caption above": (1, "tables over both columns go on into the prose of both"),
    "labels numbers, no rules": (1, "a head above rows whose labels are numbers"),
    "head wrapped, no rules": (1, "headers of two lines without lines of the table"),
    "head corner, no rules": (1, "a head with an empty corner beside its caption"),
    "labels wrapped, no rules": (5, "labels of two lines without lines of the table"),
    "labels multirow, no rules": (1, "labels between rows without lines of the table"),
    "values empty, no rules": (2, "empty cells without lines of the table"),
    "set left, no rules": (1, "the first columns of tables wider than their caption"),
    "gaps of 4 pt, no rules": (2, "rows that stand as close as prose"),
}
"""Families that do not come back yet: how many of their tables, and where it fails."""


def cases(names: Iterable[str]) -> list[ParameterSet]:
    """Families as parameters, marked where they are known not to come back."""

    def marks(name: str) -> list[pytest.MarkDecorator]:
        return [pytest.mark.xfail(strict=True, reason=MISSED[name][1])] if name in MISSED else []

    return [pytest.param(name, id=name, marks=marks(name)) for name in names]


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(["", *(f"{label}: {line}" for label, lines in found.items() for line in lines)])


@pytest.fixture
def family(read: Read) -> ReadFamily:
    """A family's tables, typeset and read."""
    return lambda name: read(document_source(FAMILIES[name].tables(name)))


@pytest.fixture
def missed(family: ReadFamily) -> Missed:
    """What of a family came back otherwise than it was written, by table."""
    return lambda name: differences(FAMILIES[name].tables(name), family(name))


@pytest.mark.parametrize("name", cases(FAMILIES))
def test_tables_come_back_cell_for_cell(name: str, missed: Missed) -> None:
    found = missed(name)
    assert not found, told(found)


@pytest.mark.parametrize("name", MISSED)
def test_no_more_tables_are_missed_than_are_known(name: str, missed: Missed) -> None:
    found = missed(name)
    assert len(found) <= MISSED[name][0], told(found)


@pytest.mark.parametrize(
    ("name", "degrees"), [("turned", 90), ("turned clockwise", 270), ("booktabs, caption above", 0)]
)
def test_turned_tables_say_how_they_stand(name: str, degrees: int, family: ReadFamily) -> None:
    assert {table.turned for table in family(name).tables} == {degrees}


def test_pages_that_are_shown_turned_come_back_as_they_are_shown(typeset: Callable[[str], bytes]) -> None:
    tables = FAMILIES["turned"].tables("turned")
    pdf = pdfium.PdfDocument(typeset(document_source(tables)))
    for page in list(pdf)[1::3]:  # a table's page stands between two of text
        page.set_rotation(90)
        page.close()
    shown = BytesIO()
    pdf.save(shown)
    pdf.close()
    document = read_pdf(shown.getvalue())
    assert not differences(tables, document)
    assert {table.turned for table in document.tables} == {0}


def test_parts_of_a_broken_table_say_where_they_stand(family: ReadFamily) -> None:
    for table in family("over two pages").tables:
        assert [box.page for box in table.continued] == [table.page + 1]


STYLES = st.builds(
    Style,
    rules=st.sampled_from(("booktabs", "full", "vertical")),
    side=st.sampled_from(("above", "below")),
    captions=st.sampled_from(("Table 1: ", "Table 1. ", "*Table 1:* ", "*Table 1.* ")),
    layout=st.sampled_from(("one", "two", "right", "pair")),
    align=st.sampled_from(("center", "right", "left")),
    gap=st.floats(7, 40),
    size=st.sampled_from((7, 8, 9, 10)),
    pad=st.floats(1.6, 4),
    font=st.sampled_from(("New Computer Modern", "Libertinus Serif")),
)
CONTENTS = st.builds(
    Content,
    head=st.sampled_from(("one", "corner", "wrapped", "bold", "arrows", "numbers")),
    labels=st.sampled_from(("plain", "long", "numbers")),
    values=st.sampled_from(
        ("numbers", "deviations", "percents", "missing", "powers", "marks", "gains", "mixed")
    ),
    rows=st.integers(3, 12),
    columns=st.integers(3, 7),
    best=st.booleans(),
)


def ends_in_hyphens(table: Sample) -> bool:
    """Whether a row ends in two cells of a hyphen: pdfium takes them for one that breaks a word, and gives one."""
    return any([cell and cell.text for cell in row[-2:]] == ["-", "-"] for row in table.rows)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(style=STYLES, contents=st.lists(CONTENTS, min_size=2, max_size=2), seed=st.integers(0, 2**32))
def test_styles_and_contents_cross(style: Style, contents: list[Content], seed: int, read: Read) -> None:
    made = [(make(content, Random(seed)), style) for content in contents]
    tables = [table for table in made if fits(*table) and not ends_in_hyphens(table[0])]
    if tables:
        found = differences(tables, read(document_source(tables)))
        assert not found, told(found)


APART = ("caption", "footnote")
"""What stands apart from the flow of the text, in any order."""
MANGLED = {
    "conference": "paragraphs part where a column ends with a sentence",
    "ligatures_and_signs": "a number broken between its thousands at the end of a line is two",
}
"""Pages whose text does not come back yet, and where it fails."""


def pages() -> list[ParameterSet]:
    """Pages as parameters, marked where they are known not to come back."""

    def marks(name: str) -> list[pytest.MarkDecorator]:
        return [pytest.mark.xfail(strict=True, reason=MANGLED[name])] if name in MANGLED else []

    names = sorted(path.stem for path in GOLDENS.iterdir())
    return [pytest.param(name, id=name, marks=marks(name)) for name in sorted(set(names))]


@pytest.mark.parametrize("name", pages())
def test_text_comes_back_word_for_word(name: str, read: Read) -> None:
    document = read((GOLDENS / f"{name}.typ").read_text("utf-8"))
    flow: list[str] = []
    apart: list[str] = []
    for paragraph in document.paragraphs:
        head = ", ".join(part for part in (paragraph.kind, paragraph.region, paragraph.label) if part)
        (apart if paragraph.kind in APART else flow).append(f"{head}: {paragraph.text}")
    expected = (GOLDENS / f"{name}.txt").read_text("utf-8").splitlines()
    assert flow == [line for line in expected if not line.startswith(APART)]
    assert sorted(apart) == sorted(line for line in expected if line.startswith(APART))
