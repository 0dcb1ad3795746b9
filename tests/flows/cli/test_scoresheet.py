"""The sheet of a paper's scores: rows as they stand on the page, and lines that a terminal has room for."""

import pytest

from flows.cli.scoresheet import render_scores

Json = dict[str, object]
ROW = "Alder-18 | 11.7M | 24.10 | 7.40"


def _entry(metric: str, printed: str, left: float, **other: object) -> Json:
    entry: Json = {
        "benchmark": "imagenet-1k",
        "metric": metric,
        "split": "val",
        "setting": "unspecified",
        "printed": printed,
        "model": "Alder-18",
        "best_own": False,
        "table": "Table 3",
        "page": 6,
        "quote": ROW,
        "box": [left, 100.0, left + 20, 110.0],
        "status": "accepted",
    }
    return {**entry, **other}


def _sheet(*entries: Json, width: int | None = None) -> list[str]:
    found: Json = {"file": "alder.pdf", "title": "Alder: Networks for Wet Ground", "results": list(entries)}
    return render_scores(found, width).splitlines()


def test_scores_of_one_row_of_the_page_stand_in_one_line_in_the_order_of_their_columns() -> None:
    sheet = _sheet(_entry("top5_error", "7.40", 90.0), _entry("top1_error", "24.10", 50.0))
    assert sheet[2:] == [
        "",
        "  p. 6, Table 3: imagenet-1k, val",
        "    top1_error  top5_error  model     on the page",
        f"    24.10       7.40        Alder-18  {ROW}",
    ]


def test_several_scores_of_one_metric_in_a_row_stand_beside_each_other_each_with_its_marks() -> None:
    sheet = _sheet(
        _entry("error", "5.20 ± 0.1", 50.0, status="queued"),
        _entry("error", "4.80 ± 0.1", 90.0, best_own=True),
    )
    assert sheet[-1].split("  ")[2] == "5.20 ± 0.1?, 4.80 ± 0.1*"


def test_each_page_table_benchmark_split_and_setting_has_a_heading_of_its_own() -> None:
    sheet = _sheet(
        _entry("top1_error", "24.1", 50.0, page=9, setting="multi-crop"),
        _entry("top1_error", "24.9", 50.0),
        _entry("bleu", "28.1", 50.0, benchmark="wmt14-en-de", split=None),
    )
    assert [line.strip() for line in sheet if line.startswith("  p.")] == [
        "p. 6, Table 3: imagenet-1k, val",
        "p. 6, Table 3: wmt14-en-de",
        "p. 9, Table 3: imagenet-1k, val, multi-crop",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_no_line_of_a_row_is_wider_than_the_terminal_and_scores_are_whole(width: int) -> None:
    long = "An Alder with many words in its name " * 4
    sheet = _sheet(_entry("top1_error", "24.10", 50.0, model=long, quote=f"{long}| 24.10"), width=width)
    assert max(map(len, sheet[3:])) <= width
    assert "24.10" in sheet[-1]


def test_words_of_a_sentence_are_cut_around_the_score() -> None:
    words = f"{'first words ' * 9}we reach a top-1 error of 24.1 on the validation set{' last words' * 9}"
    sheet = _sheet(_entry("top1_error", "24.1", 50.0, table="text", quote=words), width=80)
    assert "top-1 error of 24.1" in sheet[-1]
    assert len(sheet[-1]) <= 80


def test_control_characters_of_a_paper_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in "".join(_sheet(_entry("top1_error", "24.1", 50.0, model="Al\x1b[2Jder")))


def test_a_paper_without_scores_says_so() -> None:
    assert _sheet()[-1].endswith("no scores of its own on the tracked benchmarks")


def test_a_score_without_a_place_or_a_model_has_a_line_too() -> None:
    assert "no name" in _sheet(_entry("top1_error", "24.1", 0.0, box=None, model=None))[-1]


def test_what_has_no_box_on_a_page_names_its_table_alone() -> None:
    sheet = _sheet(_entry("top1_error", "24.1", 0.0, box=None, table="S3.T2"))
    assert sheet[3] == "  S3.T2: imagenet-1k, val"
