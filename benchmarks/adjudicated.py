"""Labels of the corpus with what was found right on its pages that they leave out: `adjudicated.toml` says what and why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from extractors.facts.fields import FIELDS
from extractors.facts.values import Quantity
from extractors.labels import Labels

_FILE = Path(__file__).with_suffix(".toml")


def adjudicated(labels: Mapping[str, Labels]) -> dict[str, Labels]:
    """The same labels, with the values that were found on the pages beside those that were labelled."""
    found = dict(labels)
    for paper in tomllib.loads(_FILE.read_text(encoding="utf-8"))["paper"]:
        known = found[paper["file"]]
        values = dict(known.values)
        for path in paper.keys() & FIELDS.keys():
            unit = FIELDS[path].units[0]
            values[path] = (*values.get(path, ()), *(Quantity.exact(number, unit) for number in paper[path]))
        found[known.file] = replace(known, values=values)
    return found
