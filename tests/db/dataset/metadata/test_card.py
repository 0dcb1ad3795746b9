"""The card is one harmless file that a browser shows without asking anybody anything."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from lxml import html

from tests.browser import Browser, Scheme
from tests.looks import faint_texts, overflow, scrollers, unreachable


def test_the_page_loads_and_runs_nothing_and_strangers_texts_stay_texts(release: Path) -> None:
    page = (release / "index.html").read_text("utf-8")
    tree = html.fromstring(page.encode())
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert not tree.xpath(
        "//script | //link | //img | //iframe | //*[@style or @onclick or @onload] | //b[text()='or']"
    )
    away = [link for link in tree.xpath("//a/@href") if "://" in link]
    assert away == ["https://creativecommons.org/licenses/by/4.0/"]
    here = [link for link in tree.xpath("//a/@href") if link not in away]
    assert all((release / link).is_file() for link in here if not link.startswith("#"))
    assert all(tree.get_element_by_id(link[1:]).tag == "h2" for link in here if link.startswith("#"))


def test_it_leads_to_every_file(release: Path) -> None:
    links = set(html.fromstring((release / "index.html").read_bytes()).xpath("//a/@href"))
    files = {file.relative_to(release).as_posix() for file in release.rglob("*") if file.is_file()}
    assert files - links == {"index.html"}


def test_it_says_what_is_in_the_release(release: Path) -> None:
    said = html.fromstring((release / "index.html").read_bytes()).text_content()
    for words in (
        "burden dataset 0.1.0",
        "2 papers",
        "CC BY 4.0",
        "Known limits",
        "Checks before publication",
        "@misc{",
        "Papers of2026",
        "checks had to hold, or nothing would have been published; all of them do.",
    ):
        assert words in said


def test_columns_that_are_empty_throughout_are_named_in_a_sentence(release: Path) -> None:
    tree = html.fromstring((release / "index.html").read_bytes())
    (runs,) = tree.xpath("//div[starts-with(@aria-label, 'training runs')]")
    assert "energy_kwh" not in runs.text_content()
    said = next(part.text_content() for part in runs.itersiblings("p"))
    assert said.startswith("No row has anything yet in ") and "energy_kwh" in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_browser_shows_it_without_a_complaint(
    release: Path, browser: Browser, width: int, scheme: Scheme
) -> None:
    address = (release / "index.html").as_uri()
    page = browser.open(address, width, scheme=scheme)
    assert (page.complaints, page.asked) == ([], [address])
    assert overflow(page, width) == 0
    assert faint_texts(page) == []


def test_tables_too_wide_for_a_phone_are_scrolled_by_keys(wide: Path, browser: Browser) -> None:
    page = browser.open((wide / "index.html").as_uri(), 360)
    assert overflow(page, 360) == 0
    assert scrollers(page) >= 3
    assert unreachable(page) == []
    shades = "getComputedStyle(document.querySelector('.wide')).backgroundAttachment"
    assert page.run(shades) == "local, scroll"  # one stays at the edge, and the end of the table covers it


@pytest.mark.parametrize("height", [277, 270])
def test_on_paper_nothing_is_cut_off(wide: Path, browser: Browser, height: int) -> None:
    """A4 and US Letter within margins of a centimetre, at 96 pixels an inch."""
    width = {277: 718, 270: 739}[height]
    page = browser.open((wide / "index.html").as_uri(), width, medium="print")
    assert overflow(page, width) == 0
    assert scrollers(page) == 0
    assert faint_texts(page) == []


def test_in_print_no_table_leaves_its_head_behind_and_nothing_stays_folded(
    wide: Path, browser: Browser
) -> None:
    page = browser.open((wide / "index.html").as_uri())
    for height in (11.0, 10.5, 10.0, 9.5):
        with pypdfium2.PdfDocument(page.printed(height)) as document:
            texts = [sheet.get_textpage().get_text_range().split("\r\n") for sheet in document]
        assert not [lines[-1] for lines in texts if re.search(r"papers?$|rows?$|undated$", lines[-1])]
        words = " ".join(word for lines in texts for word in lines)
        assert "7 released all" in words and "No two rows of a table have the same key" in words
        assert {"training_runs", "accelerators"} <= set(words.split())
