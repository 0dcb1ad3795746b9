import json
import re
from pathlib import Path

import pytest

from analysis.conventions import Options
from analysis.report.charts import by_year, charts, figure, specifications
from analysis.report.contents import Contents
from analysis.tabulated import release_of_tables
from analysis.whole import analyze
from extractors.facts.measures import AUTHORS_CONVERSION
from tests.browser import Browser
from tests.looks import colliding_texts


def test_points_stand_once_for_both_sizes_and_nothing_ends_the_script(contents: Contents) -> None:
    made = {name: chart for name, chart in charts(contents).items() if name == "imagenet-1k"}
    text = specifications(made)
    assert "<" not in text
    found = json.loads(text)["imagenet-1k"]
    assert len(found["points"]) == 27
    assert set(found) == {"points", "wide", "narrow"}
    assert "paper" not in json.dumps(found["wide"]["datasets"])


def test_drawings_on_one_page_keep_their_ids_apart(contents: Contents) -> None:
    made = charts(contents)
    page = "".join(figure(chart, "label", "caption") for chart in made.values())
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_a_paper_counts_once_a_year_and_a_converted_burden_is_not_reported(contents: Contents) -> None:
    rows = list(by_year(contents))
    assert sum(int(str(row["papers"])) for row in rows) == 36
    assert sum(int(str(row["reporting"])) for row in rows) == 32


@pytest.mark.corpus
def test_in_the_figures_of_the_authors_tables_no_text_stands_on_another(
    shared: Path, browser: Browser, tmp_path: Path
) -> None:
    options = Options(conversion=AUTHORS_CONVERSION)
    tables = release_of_tables(shared / "reference" / "thompson2022")
    made = charts(Contents(analyze([tables], options, 20), options))
    assert {
        "imagenet-1k",
        "coco-detection",
        "slopes",
        "coverage",
        "conversion",
        "sensitivity",
        "projections",
    } <= set(made)
    drawn = "".join(picture.svg for chart in made.values() for picture in chart.pictures)
    (tmp_path / "drawings.html").write_text(f'<meta charset="utf-8">{drawn}', "utf-8")
    page = browser.open((tmp_path / "drawings.html").as_uri())
    assert colliding_texts(page) == []
    page.close()
