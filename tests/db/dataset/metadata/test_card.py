"""The card is one harmless file that a browser shows without asking anybody anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html


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
    assert all((release / link).is_file() for link in tree.xpath("//a/@href") if link not in away)


def test_it_says_what_is_in_the_release(release: Path) -> None:
    said = html.fromstring((release / "index.html").read_bytes()).text_content()
    for words in (
        "burden dataset 0.1.0",
        "2papers",
        "CC BY 4.0",
        "Known limits",
        "Checks before publication",
        "@misc{",
    ):
        assert words in said


@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_it_without_a_complaint(release: Path, width: int, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI") and not os.environ.get("BURDEN_WITHOUT_BROWSER"):
            pytest.fail("no Chromium: install it, or say with BURDEN_WITHOUT_BROWSER=1 that pages go untried")
        pytest.skip("no Chromium: install it to try the page")
    picture = tmp_path / "card.png"
    done = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={width},2000", f"--screenshot={picture}", (release / "index.html").as_uri(),
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "CONSOLE" not in done.stderr
    assert picture.stat().st_size > 20_000
