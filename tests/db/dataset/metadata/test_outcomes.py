"""What did not hold comes first, with who let it through and why; what held is folded away."""

from __future__ import annotations

from lxml import html

from db.dataset.checks import Check
from db.dataset.metadata.outcomes import outcomes

KEYS = Check("keys", "No two rows have the same key.", True, True, 0, 0, "")
SLIPS = Check("slips", "No unit slipped.", True, False, 2, 0, "<b>a</b>, b", True, "both are right")
LINKS = Check("links", "No link dangles.", False, False, 1234, 0, "c")


def shown(*checks: Check) -> html.HtmlElement:
    return html.fromstring(f"<main>{''.join(outcomes(checks))}</main>")


def test_what_was_let_through_and_what_was_found_is_open_and_the_rest_folded() -> None:
    page = shown(KEYS, SLIPS, LINKS)
    said = page.text_content()
    assert "2 checks had to hold" in said
    assert "1 of them did not, and somebody took responsibility" in said
    assert "Of 1 more, which are for people to read, 1 found something." in said
    (folded,) = page.xpath(".//details")
    assert [name.text_content() for name in page.xpath(".//tbody//th")] == ["slips", "links", "keys"]
    assert [name.text_content() for name in folded.xpath(".//tbody//th")] == ["keys"]
    assert "Let through: both are right" in said and "<b>a</b>, b" in said and "1,234" in said


def test_where_all_hold_it_is_said_and_nothing_is_open() -> None:
    page = shown(KEYS)
    assert "all of them do" in page.text_content() and "none found anything" in page.text_content()
    assert not page.xpath("./div")
