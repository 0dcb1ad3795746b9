import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from analysis.report.markup import Column, link, page_address, paper_link, said, table, text


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "file:///etc/passwd", "https://", "https://a:b@example.org", "https://example.org/a b",
     "https://example.org/\u202e", "https://[", "JAVASCRIPT:alert(1)", " https://example.org", ""],
)  # fmt: skip
def test_an_address_that_no_page_may_lead_to_is_no_link(address: str) -> None:
    assert link(address, "words") == "words"


def test_a_paper_is_shown_by_its_id_or_by_its_host() -> None:
    assert paper_link("2401.00001", "https://arxiv.org/abs/2401.00001").endswith("<bdi>2401.00001</bdi></a>")
    assert "<bdi>aclweb.org</bdi>" in paper_link(
        "https://www.aclweb.org/anthology/D15-1166/", "https://www.aclweb.org/x"
    )


@pytest.mark.parametrize(
    ("paper", "version", "found"),
    [
        ("https://arxiv.org/abs/2401.00001", 2, "https://arxiv.org/pdf/2401.00001v2#page=5"),
        ("https://arxiv.org/abs/cs/0112017", None, "https://arxiv.org/pdf/cs/0112017#page=5"),
        ("https://arxiv.org/abs/../../evil?x=#", 1, ""),
        ("https://example.org/abs/2401.00001", 1, ""),
        ("", 1, ""),
    ],
)
def test_pages_are_those_of_the_version_that_was_read(paper: str, version: int | None, found: str) -> None:
    assert page_address(paper, version, 5) == found


@given(st.text())
def test_any_text_stays_text(words: str) -> None:
    tree = html.fromstring(f"<div title='{text(words)}'>{said(words)}</div>")
    assert [child.tag for child in tree.iter()] == (["div", "bdi"] if words else ["div"])
    assert len(tree.text_content()) <= 601


def test_cells_of_a_table_name_their_columns_for_a_telephone() -> None:
    tree = html.fragment_fromstring("".join(table("A & B", [Column("x"), Column("y", True)], [["1", "2"]])))
    assert tree.get("aria-label") == "A & B"
    assert [cell.get("data-name") for cell in tree.xpath(".//tbody//th | .//tbody//td")] == ["x", "y"]


def test_what_stands_below_a_row_is_as_wide_as_the_table() -> None:
    tree = html.fragment_fromstring(
        "".join(table("A", [Column("x"), Column("y")], [["1", "2", "<i>more</i>"], ["3", "4", ""]]))
    )
    assert [row.get("class") for row in tree.xpath(".//tbody/tr")] == [None, "more", None]
    assert tree.xpath(".//tr[@class='more']/td/@colspan") == ["2"]
