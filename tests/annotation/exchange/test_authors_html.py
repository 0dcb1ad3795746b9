"""The page is one harmless file: strangers' texts stay texts, and only its own script may run."""

import base64
import hashlib
from pathlib import Path

from lxml import html
from sqlalchemy import Engine

from annotation.exchange.authors import AuthorPage, author_page
from annotation.exchange.authors_html import write_page
from db.engine import snapshot
from extractors.facts.ids import PaperId
from tests.browser import Browser


def page(engine: Engine, paper: str = "2401.00002") -> AuthorPage:
    with snapshot(engine) as opened:
        return author_page(opened, PaperId(paper))


def test_nothing_of_strangers_is_more_than_text(evil: Engine) -> None:
    tree = html.fromstring(write_page(page(evil), "<b>you</b>@example.org"))
    (script,) = tree.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert not tree.xpath("//i | //*[@onclick or @onload or @onerror] | //img | //link | //iframe")
    assert tree.xpath("//a/@href") == ["https://arxiv.org/abs/2401.00002"]
    quotes = [quote.text_content() for quote in tree.xpath("//blockquote")]
    assert any("<script>alert(1)</script>" in quote for quote in quotes)
    assert len(write_page(page(evil))) < 30_000


def test_each_value_can_be_answered(evil: Engine) -> None:
    shown = page(evil)
    tree = html.fromstring(write_page(shown))
    assert tree.xpath("//fieldset/@data-code") == [value.code for value in shown.values]
    for value in shown.values:
        assert tree.xpath(f"//input[@name='answer-{value.code}']/@value") == ["right", "wrong"]
        assert len(tree.xpath(f"//input[@name='value-{value.code}' or @name='comment-{value.code}']")) == 2


def test_the_printed_value_is_marked_where_it_stands_and_nowhere_else(engine: Engine) -> None:
    tree = html.fromstring(write_page(page(engine, "2401.00001")))
    assert [mark.text for mark in tree.xpath("//mark")] == ["V100s", "eight"]


def test_a_browser_saves_what_was_ticked(engine: Engine, tmp_path: Path, browser: Browser) -> None:
    shown = page(engine, "2401.00001")
    first, *_ = shown.values
    file = tmp_path / "page.html"
    file.write_text(write_page(shown), "utf-8")
    opened = browser.open(file.as_uri())
    opened.run(
        f"field('{first.code}','value').value='A100';field('{first.code}','value').dispatchEvent(new Event('input'))"
    )
    said = {"code": first.code, "answer": "wrong", "value": "A100", "comment": ""}
    assert opened.run("answers()") == [said]
    assert "1 of 3 answered" in opened.run("document.body.textContent")
    assert (opened.complaints, opened.asked) == ([], [file.as_uri()])
