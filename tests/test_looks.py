"""What is wrong with a page is found: or the pages of the program would be judged by nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import Browser, Page
from tests.looks import faint_texts, overflow, scrollers, unreachable

Show = Callable[[str], Page]
GOOD = (
    "<p>well</p><div id=d tabindex=0 style='overflow-x:auto;width:9rem'><p style='width:40rem'>far</p></div>"
)


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Show:
    def show(body: str) -> Page:
        file = tmp_path / "page.html"
        file.write_text(f"<!doctype html><meta name=viewport content='width=device-width'>{body}", "utf-8")
        return browser.open(file.as_uri(), 360)

    return show


def test_a_good_page_has_nothing_wrong(shown: Show) -> None:
    page = shown(GOOD)
    assert (overflow(page, 360), faint_texts(page), page.complaints, len(page.asked)) == (0, [], [], 1)
    assert (scrollers(page), unreachable(page)) == (1, [])


def test_what_is_too_wide_or_too_faint_is_found(shown: Show) -> None:
    page = shown("<p style='width:500px;color:#999'>pale</p><svg><rect/><text y=9>dark</text></svg>")
    assert overflow(page, 360) > 100
    assert faint_texts(page) == ["2.85 pale", "1.00 dark"]


def test_a_part_that_keys_do_not_come_to_is_found(shown: Show) -> None:
    page = shown(GOOD.replace("tabindex=0", "tabindex=-1"))
    assert unreachable(page) == ["far"]


def test_requests_and_errors_are_noted(shown: Show) -> None:
    page = shown("<img src='http://127.0.0.1:9/a.png'><script>console.error('one'); undefined.two</script>")
    assert page.asked[1:] == ["http://127.0.0.1:9/a.png"]
    assert "one" in page.complaints, "in whatever order a busy machine brings them"
    assert any("Uncaught" in said for said in page.complaints)
    assert any("ERR_" in said for said in page.complaints)
