from dataclasses import replace

from lxml import html

from analysis.load import Evidence
from analysis.points import Point
from analysis.report.evidence import evidence

POINT = Point(
    benchmark="glue", paper_id="2401.00001", error=0.2, burden=1e20, link="https://arxiv.org/abs/2401.00001"
)
CELL = Evidence(
    "2401.00001/run/x#count", "2401.00001/run/x", "count", "2401.00001", 1, "8", None, None, "eight", 3, "on eight <GPUs>", "r", 0.9, "automatic",
)  # fmt: skip


def test_a_cell_leads_to_the_page_that_it_was_read_from() -> None:
    tree = html.fromstring(evidence(POINT, [CELL]))
    assert tree.xpath("//a/@href") == ["https://arxiv.org/pdf/2401.00001v1#page=3"]
    assert tree.xpath("//q")[0].text_content() == "on eight <GPUs>"
    assert tree.xpath("//summary")[0].text == "Evidence: 1 place"


def test_a_value_that_a_person_typed_without_a_place_has_no_link() -> None:
    typed = replace(CELL, page=None, quote=None, status="reviewed")
    tree = html.fromstring(evidence(POINT, [typed, CELL]))
    assert len(tree.xpath("//a")) == 1
    assert "decided by a person" in tree.text_content()


def test_no_cells_are_nothing() -> None:
    assert evidence(POINT, []) == ""
