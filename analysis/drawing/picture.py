"""A chart as files: the same specification gives the same bytes of SVG and PNG."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import vl_convert

from analysis.drawing.look import SizeName

PPI: Final = 300
"""Pixels of the PNG for each inch, which the file says too; the renderer takes 72 of the layout for one, where it has 96."""
_INCH: Final = 72.0 / 96.0
_CLIP: Final = re.compile(r'(?<=id="clip)\d+(?=")|(?<=url\(#clip)\d+(?=\))')


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure of one size."""

    size: SizeName
    spec: Mapping[str, Any]
    """Of Vega-Lite, with its data."""
    svg: str

    def png(self) -> bytes:
        """The same in pixels."""
        found: bytes = vl_convert.svg_to_png(self.svg, scale=_INCH, ppi=PPI)
        return found


def render(spec: Mapping[str, Any], size: SizeName) -> Picture:
    """The drawing of a specification."""
    text = json.dumps(spec, sort_keys=True, allow_nan=False)
    return Picture(size, spec, _renumbered(vl_convert.vegalite_to_svg(text)))


def _renumbered(svg: str) -> str:
    """The picture with its clips counted from one, because the renderer counts through all it has drawn."""
    numbers = {clip: str(at) for at, clip in enumerate(dict.fromkeys(_CLIP.findall(svg)), start=1)}
    return _CLIP.sub(lambda found: numbers[found[0]], svg)
