from io import BytesIO

import pytest
from PIL import Image

from analysis.drawing.picture import render

SPEC = {
    "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]},
    "mark": {"type": "line", "clip": True},
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}


def test_the_same_chart_is_the_same_bytes_whatever_was_drawn_before() -> None:
    first = render(SPEC, "wide")
    render(SPEC | {"title": "another"}, "narrow")
    again = render(SPEC, "wide")
    assert (first.svg, first.png()) == (again.svg, again.png())
    assert 'id="clip1"' in first.svg


def test_a_chart_is_an_svg_and_a_png_of_300_dots_an_inch() -> None:
    drawn = render(SPEC, "wide")
    width = float(drawn.svg.split('width="', 1)[1].split('"')[0])
    with Image.open(BytesIO(drawn.png())) as image:
        assert image.width == pytest.approx(width * 300 / 96, abs=1.0)
        assert image.info["dpi"] == pytest.approx((300.0, 300.0), abs=0.1)
