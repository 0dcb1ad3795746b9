"""The page is one harmless file: strangers' texts stay texts, and only its own script may run."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import Engine

from annotation.exchange.authors import AuthorPage, author_page
from annotation.exchange.authors_html import write_page
from db.engine import snapshot
from extractors.facts.ids import PaperId


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


def test_a_browser_saves_what_was_ticked(engine: Engine, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI") and not os.environ.get("BURDEN_WITHOUT_BROWSER"):
            pytest.fail("no Chromium: install it, or say with BURDEN_WITHOUT_BROWSER=1 that pages go untried")
        pytest.skip("no Chromium: install it to try the page")
    shown = page(engine, "2401.00001")
    first, *_ = shown.values
    # the same page with an answer filled in as a person would, and what it would save written into its title
    drive = (
        f"field('{first.code}','value').value='A100';field('{first.code}','value').dispatchEvent(new Event('input'));"
        "document.title=JSON.stringify(answers());"
    )
    driven = write_page(shown).replace("tell();\n</script>", f"tell();\n{drive}</script>")
    driven = re.sub(r"script-src 'sha256-[^']+'", "script-src 'unsafe-inline'", driven)
    file = tmp_path / "page.html"
    file.write_text(driven, "utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    done = subprocess.run(
        [*command, "--dump-dom", file.as_uri()], capture_output=True, text=True, check=True, timeout=120
    )
    title = html.fromstring(done.stdout).findtext(".//title")
    assert title == f'[{{"code":"{first.code}","answer":"wrong","value":"A100","comment":""}}]'
    assert "1 of 3 answered" in done.stdout
