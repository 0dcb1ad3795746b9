import json
import re

from analysis.report.charts import by_year, charts, figure, specifications
from analysis.report.contents import Contents


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
