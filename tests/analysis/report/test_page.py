"""The page is one harmless file that a browser shows without asking anybody anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from analysis.report.charts import charts
from analysis.report.contents import Contents
from analysis.report.files import report_files
from analysis.report.page import page as page_of
from tests.browser import Browser, Page, Scheme
from tests.looks import colliding_texts, faint_texts, overflow, unreachable

ANSWERED = """(async () => {
  for (const figure of document.querySelectorAll('figure[data-chart]')) {
    figure.scrollIntoView();
    for (let at = 0; at < 200 && !figure.querySelector('.answered'); at++) await new Promise(done => setTimeout(done, 50));
  }
  return [...document.querySelectorAll('figure[data-chart]')].filter(figure => !figure.querySelector('.answered')).length;
})()"""


def shown(folder: Path, browser: Browser, width: int = 1280, scheme: Scheme = "light") -> Page:
    return browser.open((folder / "report.html").as_uri(), width, scheme=scheme)


def test_it_loads_nothing_and_what_strangers_wrote_is_text(folder: Path) -> None:
    page = (folder / "report.html").read_bytes()
    tree = html.fromstring(page)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not tree.xpath(
        "//link | //img | //iframe | //object | //*[@src] | //*[@onclick or @onload or @onerror or @style]"
    )
    assert len(tree.xpath("//script")) == 3, "the charts, the bundle and ours"
    assert not tree.xpath("//b[text()='for']")
    assert "\u202e" not in page.decode()
    assert "\x00" not in page.decode()


def test_links_lead_to_papers_and_files_and_nowhere_else(folder: Path) -> None:
    tree = html.fromstring((folder / "report.html").read_bytes())
    links = set(tree.xpath("//a/@href"))
    away = {link for link in links if "://" in link or ":" in link.split("/")[0]}
    by_id = {link for link in away if link.startswith("https://arxiv.org/abs/2401.000")}
    assert len(by_id) > 1, "papers without a link of their own lead to arXiv by their ids"
    assert away - by_id == {"https://arxiv.org/pdf/2401.00001v2#page=5", "https://example.org/paper?a=1&b=2"}
    here = {link for link in links - away if link.startswith("#")}
    assert all(tree.get_element_by_id(link[1:]) is not None for link in here)
    assert links - away - here == {file.name for file in folder.iterdir()} - {"report.html"}


def test_the_convention_comes_first_and_a_point_leads_to_page_and_quote(folder: Path) -> None:
    tree = html.fromstring((folder / "report.html").read_bytes())
    assert tree.xpath("(//dl)[1]//dt")[0].text == "Convention"
    (places,) = tree.xpath("//dl[@class='places']")
    said = places.text_content()
    assert "page 5" in said
    assert "We train <b>for</b> two days" in said
    assert "172800.0 (printed 2 days)" in said
    assert "decided by a person" in said
    assert "seen by nobody, right with probability 0.97" in said


def test_it_says_all_that_was_found(folder: Path) -> None:
    said = html.fromstring((folder / "report.html").read_bytes()).text_content()
    for words in (
        "Findings", "ten times the compute goes with an error", "No fit: 5 points, of at least 8", "the training time is not reported",
        "Benchmarks without a point", "no paper reports a result", "How sure the slopes are", "Who reports",
        "How much hangs on the convention", "What the next step would take", "far outside the data", "Since the release before",
        "imagenet-1k: the slope went from", "Limits", "How it was computed",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_browser_shows_it_and_its_charts_without_a_complaint(
    folder: Path, browser: Browser, width: int, scheme: Scheme
) -> None:
    page = shown(folder, browser, width, scheme)
    assert page.run(ANSWERED) == 0, "every chart answers"
    assert colliding_texts(page) == []
    page.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert overflow(page, width) == 0
    assert faint_texts(page) == []
    assert (page.complaints, page.asked) == ([], [(folder / "report.html").as_uri()])
    page.close()


def test_without_scripts_the_drawings_stay(folder: Path, browser: Browser) -> None:
    page = browser.open("about:blank", 1280)
    page.ask("Emulation.setScriptExecutionDisabled", {"value": True})
    page.ask("Page.navigate", {"url": (folder / "report.html").as_uri()})
    for _ in range(600):
        if page.run("document.readyState === 'complete' && location.protocol === 'file:'"):
            break
    assert page.run("document.querySelectorAll('figure .broad > svg').length") > 4
    assert page.run("document.querySelectorAll('.answered').length") == 0
    assert colliding_texts(page) == []
    page.close()


def test_keys_go_from_point_to_point_and_say_what_it_is(folder: Path, browser: Browser) -> None:
    page = shown(folder, browser)
    assert page.run(ANSWERED) == 0
    page.run("document.querySelector('.chart').focus()")
    page.press("ArrowRight")
    page.run("scrollBy(0, 40)")
    page.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    said = page.run("document.querySelector('.tip:not([hidden])')?.textContent")
    assert all(word in said for word in ("paper", "model", "year", "compute", "FLOP", "error", "%"))
    page.press("ArrowRight")
    assert page.run("document.querySelector('.tip').textContent") != said
    assert page.run("document.querySelectorAll('.tip b, .tip img, .tip script').length") == 0
    page.close()


def test_what_is_too_wide_is_scrolled_by_keys(folder: Path, browser: Browser) -> None:
    page = shown(folder, browser, 360)
    assert unreachable(page) == []
    page.close()


def test_a_release_without_a_paper_says_so(empty: Contents, browser: Browser, tmp_path: Path) -> None:
    files = report_files(empty)
    (tmp_path / "report.html").write_bytes(files["report.html"])
    assert not [name for name in files if name.endswith((".svg", ".png"))]
    page = shown(tmp_path, browser, 360)
    assert "No paper gives a point" in page.run("document.body.textContent")
    assert (overflow(page, 360), page.complaints) == (0, [])
    page.close()


def test_a_thousand_points_are_shown_on_a_telephone(
    thousand: Contents, browser: Browser, tmp_path: Path
) -> None:
    made = charts(thousand)
    (tmp_path / "report.html").write_text("".join(page_of(thousand, made, ())), "utf-8")
    page = shown(tmp_path, browser, 360)
    assert page.run(ANSWERED) == 0
    page.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.run("document.querySelectorAll('.points tbody tr').length") == 1_000
    assert (overflow(page, 360), page.complaints, colliding_texts(page)) == (0, [], [])
    page.close()
