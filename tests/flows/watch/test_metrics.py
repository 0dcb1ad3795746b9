"""Figures in the text format of Prometheus, escaped, and in a file that is replaced whole."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from db.prisma import Fate, flow
from extractors.facts.errors import StoreError
from flows.watch.metrics import Gauge, gauges, render, replace_file
from tests.flows.watch.test_report import REPORT

LINE = re.compile(
    r"# (HELP [a-z_]+ .+|TYPE [a-z_]+ gauge)"
    r'|[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"\})? -?[0-9.e+-]+'
)


def test_every_line_is_one_of_the_format() -> None:
    whole = flow({("identified", Fate("screened", "Nothing.")): 2, ("identified", Fate("released")): 5})
    text = render(gauges(replace(REPORT, whole=whole), {"silence": 1}, 3))
    assert text.endswith("\n")
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []
    for expected in (
        'burden_run_papers{step="identified"} 1200',
        'burden_papers{step="screened"} 7',
        'burden_papers{step="with facts"} 5',
        'burden_run_outcome{outcome="partial"} 1',
        "burden_run_duration_seconds 2460",
        'burden_run_field_facts{field="run.count"} 150',
        'burden_alarms_open{kind="silence"} 1',
        "burden_failures_open 3",
        "burden_run_end_timestamp_seconds 1772424660",
    ):
        assert expected in text.splitlines()


def test_labels_and_meanings_are_escaped() -> None:
    text = render(iter([Gauge("a", 'a\\b\n"c"', (({"x": 'a\\b\n"c"'}, 0.5),))]))
    assert text == '# HELP a a\\\\b\\n"c"\n# TYPE a gauge\na{x="a\\\\b\\n\\"c\\""} 0.5\n'


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "burden.prom"
    replace_file(file, "first\n")
    replace_file(file, "second\n")
    assert [path.read_text() for path in file.parent.iterdir()] == ["second\n"]
    with pytest.raises(StoreError, match="cannot be written"):
        replace_file(file.parent, "a folder\n")
    assert list(tmp_path.iterdir()) == [file.parent]
