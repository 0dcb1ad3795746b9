"""The page of differences is one file, loads nothing, and takes strangers' words as words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import html

from db.dataset.diff import page as pages
from db.dataset.diff.compare import Differences
from db.dataset.diff.folders import Folder
from db.dataset.release import build_release
from db.events import Rejected
from extractors.facts.ids import CellKey
from tests.browser import Browser, Scheme
from tests.looks import faint_texts, overflow

if TYPE_CHECKING:
    from pathlib import Path

    from tests.db.dataset.conftest import Begin, World

PAPER = "2403.00042"
EVIL = "</td><script>alert(1)</script><img src=http://x onerror=y>"


@pytest.fixture
def text(begin: Begin, tmp_path: Path) -> str:
    begin(_released)
    with Differences(Folder.at(tmp_path / "0.1.0"), Folder.at(tmp_path / "0.2.0")) as found:
        return "".join(pages.page(found))


def _released(world: World, folder: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, folder)
    world.say(CellKey.parse(f"{PAPER}/run/sparsenet.training#count"), Rejected(), reason=EVIL)
    world.read("2403.00044")
    build_release(world.engine, folder)


def test_it_shows_sums_papers_cells_and_reasons(text: str) -> None:
    tree = html.document_fromstring(text)
    words = " ".join(tree.text_content().split())
    assert "Release 0.1.0 to 0.2.0" in words
    assert "Cells: 16 added, 0 changed, 1 removed; 15 say the same." in words
    assert [heading.text_content() for heading in tree.iter("h2")] == [PAPER, "2403.00044"]
    assert "removed run/sparsenet.training#count" in words
    assert EVIL in words


def test_it_loads_and_runs_nothing(text: str) -> None:
    tree = html.document_fromstring(text)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "thead", "tbody",
        "tr", "th", "td", "span", "small", "br",
    }  # fmt: skip
    assert "default-src 'none'" in text
    assert not re.search(r"\s(?:src|href|on\w+)=", re.sub(r"&[a-z]+;[^<]*", "", text))


def test_of_very_many_cells_the_first_are_shown(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SHOWN", 5)
    world.read(PAPER)
    first = build_release(world.engine, tmp_path).folder
    world.read("2403.00044")
    second = build_release(world.engine, tmp_path).folder
    with Differences(Folder.at(first), Folder.at(second)) as found:
        said = "".join(pages.page(found))
    assert said.count('class="added"') == 5
    assert "11 cells more are not shown here" in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_browser_shows_it_without_a_complaint(
    text: str, tmp_path: Path, browser: Browser, width: int, scheme: Scheme
) -> None:
    file = tmp_path / "diff.html"
    file.write_text(text, "utf-8")
    page = browser.open(file.as_uri(), width, scheme=scheme)
    assert (page.complaints, page.asked) == ([], [file.as_uri()])
    assert overflow(page, width) == 0
    assert faint_texts(page) == []


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("8.0", "devices", "8 devices"),
        ("345600.0", "s", "345,600 s"),
        ("0.25", "percent", "0.25 percent"),
        ("1e+21", "FLOP", "1e+21 FLOP"),
        ("training", "", "training"),
        ("not reported", "", "not reported"),
    ],
)
def test_numbers_are_as_people_read_them(value: str, unit: str, said: str) -> None:
    assert pages.readable(value, unit) == said
